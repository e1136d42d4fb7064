//! From tables to rows. The documents of a batch go through at once; the tables of a large one go one after another, so
//! that it takes little more room than what was read of it.

use std::collections::BTreeSet;
use std::mem::take;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use polars::prelude::{DataFrame, df};

use crate::columns;
use crate::dataset::Definition;
use crate::document::Document;
use crate::extract::observations::{Behind, Collector, Extracted, NoteOf, Titles};
use crate::layout::tables::{Layout, Table};
use crate::load::Batch;
use crate::pipeline::{Assigned, Given, Part, Portion};
use crate::problem::exit::Exit;
use crate::problem::{Problem, worst_exit};
use crate::regions::TOTAL;
use crate::summary::{SourceOf, Summary};
use crate::transform::{Context, Ledger, TableOf, Transformed, are_summed, transform};

/// Figures beyond which a document's tables go one after another: far fewer would cost time, far more room.
const MANY: usize = 1 << 15;

/// Takes documents of one dataset from tables to rows.
pub(super) fn process(
    assigned: Vec<Assigned<'_>>,
    (dataset, definition): (usize, &Definition),
    give: &impl Fn(Given),
) -> Result<()> {
    let (mut documents, mut tables, mut releases) = (Vec::new(), Vec::new(), Vec::new());
    for document in assigned {
        documents.push(document.document);
        tables.push((document.layouts, document.titles));
        releases.push(document.release);
    }
    let none = BTreeSet::new();
    let context = Context { definition, documents: &documents, releases: &releases, damaged: &none };
    let mut flow =
        Flow { dataset, context, give, extracted: Vec::new(), faults: Vec::new(), repeated: none.clone() };
    let figures: usize = tables.iter().map(|(layouts, _)| figures(layouts)).sum();
    let mut collector = Collector::with_room(figures.min(MANY));
    for ((document, (layouts, titles)), index) in documents.iter().zip(&tables).zip(0..) {
        let (goes_apart, mut failed) = (flow.goes_apart(index, layouts, titles)?, Ok(()));
        let mut behind = |collector: &mut Collector<'_>, so_far: &Extracted| {
            if collector.len() >= MANY && failed.is_ok() {
                failed = flow.part(take(collector), Some(so_far));
            }
        };
        let behind = goes_apart.then_some::<Behind<'_, '_>>(&mut behind);
        let read = collector.read_apart(document, index, layouts, titles, definition, behind);
        failed?;
        flow.extracted.push(read);
    }
    flow.part(collector, None)?;
    flow.end()
}

/// How many figures tables have at most.
fn figures(layouts: &[Layout]) -> usize {
    layouts.iter().flat_map(|layout| &layout.tables).map(Table::figures_at_most).sum()
}

/// Documents on their way from figures to rows.
struct Flow<'b, G> {
    dataset: usize,
    context: Context<'b>,
    give: &'b G,
    /// What the documents that were read gave beside their figures.
    extracted: Vec<Extracted>,
    /// What is wrong with their figures.
    faults: Vec<Problem>,
    /// Their tables that repeat what an earlier document of the release has.
    repeated: BTreeSet<TableOf>,
}

impl<G: Fn(Given)> Flow<'_, G> {
    /// Whether the tables of a document go one after another: it is large, no other document reports the same release,
    /// and none of its tables is the sum of others.
    fn goes_apart(&self, index: u32, layouts: &[Layout], titles: &Titles) -> Result<bool> {
        if figures(layouts) <= MANY || !self.context.releases.is_sorted_by(|a, b| a < b) {
            return Ok(false);
        }
        let document = &self.context.documents[index as usize];
        let Some(totals) = only_totals(document, layouts, self.context.definition) else { return Ok(false) };
        let mut collector = Collector::default();
        collector.read(document, index, &totals, titles, self.context.definition);
        Ok(!are_summed(collector.finish()?, self.context)?)
    }

    /// Takes figures to rows; `reading` is what the document that is being read gave so far.
    fn part(&mut self, collector: Collector<'_>, reading: Option<&Extracted>) -> Result<()> {
        let extracted = || self.extracted.iter().chain(reading);
        let damaged: BTreeSet<TableOf> = extracted()
            .zip(0..)
            .flat_map(|(of, index)| of.damaged.iter().map(move |rank| (index, *rank)))
            .collect();
        let mut ledger = Ledger::default();
        let context = Context { damaged: &damaged, ..self.context };
        let (transformed, faults) = transform(collector.finish()?, context, &mut ledger)?;
        let exit = extracted().map(|of| worst_exit(&of.problems)).max().unwrap_or(Exit::Done);
        self.faults.extend(faults);
        self.repeated.extend(&transformed.repeated);
        self.tell(Summary::of_figures(&transformed, context.definition)?, ledger);
        if exit.max(worst_exit(&self.faults)) == Exit::Done {
            self.rows(&transformed, context)?;
        }
        Ok(())
    }

    /// Gives what is told once for all documents.
    fn end(mut self) -> Result<()> {
        let mut ledger = Ledger::default();
        ledger.ignored.extend(self.extracted.iter().flat_map(|of| &of.ignored));
        self.tell(Summary::of_documents(&self.extracted, sources(&self.context)), ledger);
        let mut problems: Vec<Problem> =
            self.extracted.iter_mut().flat_map(|of| take(&mut of.problems)).collect();
        problems.append(&mut self.faults);
        let sound = worst_exit(&problems) == Exit::Done;
        (self.give)(Given::Problems(problems));
        if sound {
            self.rows_of("notes", |batch, table| {
                batch.add_frame(self.notes()?, table, self.context.definition)
            })?;
        }
        Ok(())
    }

    fn tell(&self, summary: Summary, ledger: Ledger) {
        (self.give)(Given::Part(Box::new(Part { dataset: self.dataset, summary, ledger })));
    }

    /// Gives the rows of figures and their checks; those of observations in portions.
    fn rows(&self, transformed: &Transformed, context: Context<'_>) -> Result<()> {
        self.rows_of("checks", |batch, table| batch.add(&transformed.checks.0, table, context.definition))?;
        for portion in transformed.observations.portions(context) {
            let portion = portion?;
            self.rows_of("observations", |batch, table| batch.add(&portion, table, context.definition))?;
        }
        Ok(())
    }

    /// Gives rows of a table.
    fn rows_of(&self, name: &str, add: impl FnOnce(&mut Batch, &columns::Table) -> Result<()>) -> Result<()> {
        let tables = columns::tables(self.context.definition);
        let table = tables.iter().find(|table| table.name == name).context("a table is declared")?;
        let mut batch = Batch::default();
        add(&mut batch, table)?;
        (self.give)(Given::Rows(Portion { dataset: self.dataset, batch }));
        Ok(())
    }

    /// The notes of documents, without those of tables that an earlier document of the release has, too.
    fn notes(&self) -> Result<DataFrame> {
        let Context { documents, releases, .. } = self.context;
        let all = self.extracted.iter().enumerate();
        let all = all.flat_map(|(index, extracted)| extracted.notes.iter().map(move |note| (index, note)));
        let mut notes: Vec<(usize, &NoteOf)> =
            all.filter(|(index, note)| !self.repeated.contains(&(*index as u32, note.rank))).collect();
        notes.sort_by_key(|(index, note)| (releases[*index], note.note, note.rank, *index));
        let field =
            |value: fn(&NoteOf) -> &str| notes.iter().map(|(_, note)| value(note)).collect::<Vec<_>>();
        Ok(df!(
            "release_date" => notes.iter().map(|(index, _)| releases[*index]).collect::<Vec<_>>(),
            "note" => notes.iter().map(|(_, note)| note.note).collect::<Vec<_>>(),
            "category" => field(|note| &note.category),
            "printed_with" => field(|note| &note.printed_with),
            "text" => field(|note| &note.text),
            "source" => notes.iter().map(|(index, _)| documents[*index].content.name.as_str()).collect::<Vec<_>>(),
            "source_position" => field(|note| &note.position),
            "mark" => notes.iter().map(|(_, note)| note.mark.as_deref()).collect::<Vec<_>>(),
            "marked_at" => notes.iter().map(|(_, note)| note.marked_at.as_deref()).collect::<Vec<_>>(),
        )?)
    }
}

fn sources(context: &Context<'_>) -> Vec<SourceOf> {
    let source = |(document, release): (&Document<'_>, &Option<NaiveDate>)| {
        let read = document.content;
        SourceOf {
            path: read.path.clone(),
            name: read.name.clone(),
            sha256: read.sha256.clone(),
            format: read.format.clone(),
            bytes: read.bytes,
            release: *release,
        }
    };
    context.documents.iter().zip(context.releases).map(source).collect()
}

/// Layouts whose tables have the row of their total only; none where one has no such row, or its regions run across.
fn only_totals(document: &Document<'_>, layouts: &[Layout], definition: &Definition) -> Option<Vec<Layout>> {
    let mut layouts = layouts.to_vec();
    for (grid, layout) in document.grids.iter().zip(&mut layouts) {
        for table in &mut layout.tables {
            let is_total = |at: &usize| {
                let label = table.parts(&grid.rows[*at]).0;
                let region = label.and_then(|label| definition.resolve(&label.text));
                region.is_some_and(|resolved| resolved.region.code == TOTAL)
            };
            let totals: Vec<usize> = table.body.iter().copied().filter(is_total).collect();
            if totals.len() != 1 || table.across.is_some() {
                return None;
            }
            table.body = totals;
        }
    }
    Some(layouts)
}
