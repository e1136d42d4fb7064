//! Regions to codes: each printed label is looked up, each table without labels gets the region its definition gives
//! it. An unknown label, a region that comes twice, or one that a category excludes is a problem; a label of the
//! definition's own that is never printed is a warning.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use polars::prelude::*;

use super::{Context, Dimension, Ledger, index, mapped};
use crate::dataset::Definition;
use crate::extract::observations::Raw;
use crate::problem::{Kind, Problem, did_you_mean};
use crate::regions::{self, Region, Resolved, Resolver, Rule, TOTAL};

/// The regions of a batch, in the order of their codes.
#[derive(Clone, Debug)]
pub struct Regions {
    known: Vec<Region>,
    overridden: BTreeSet<usize>,
    of_label: Vec<Option<u32>>,
    of_category: Vec<Option<u32>>,
}

impl Regions {
    /// The regions that the labels of a batch name, those that its definition gives, and the total.
    pub fn of(raw: &Raw, context: Context<'_>) -> Regions {
        let mut resolver = Resolver::new(context.definition.usage());
        let known: Vec<Option<Resolved>> = raw.labels.iter().map(|label| resolver.resolve(label)).collect();
        let labels: Vec<Option<Region>> = known.iter().map(|known| Some(known.as_ref()?.region)).collect();
        let given = |category: &crate::dataset::Category| {
            category.region.as_ref().and_then(|code| context.definition.region(code.get_ref()))
        };
        let categories: Vec<Option<Region>> = context.definition.ranked().into_iter().map(given).collect();
        let all = labels.iter().chain(&categories).flatten().copied().chain(regions::by_code(TOTAL));
        let by_code: BTreeMap<&str, Region> = all.map(|region| (region.code, region)).collect();
        let regions: Vec<Region> = by_code.into_values().collect();
        let index = |region: &Option<Region>| region.and_then(|region| position(&regions, region.code));
        Regions {
            of_label: labels.iter().map(index).collect(),
            of_category: categories.iter().map(index).collect(),
            known: regions,
            overridden: known.iter().flatten().filter_map(overriding).collect(),
        }
    }

    /// Adds `region`, null where it is unknown.
    pub fn indexed(
        &self,
        mut facts: DataFrame,
        labels: &[String],
        context: Context<'_>,
        problems: &mut Vec<Problem>,
    ) -> Result<DataFrame> {
        let printed = mapped(&facts, "label", "region", &self.of_label)?;
        let given = mapped(&facts, "category", "given", &self.of_category)?;
        facts.with_column(printed)?;
        facts.with_column(given)?;
        let either = when(col("label").is_null()).then(col("given")).otherwise(col("region")).alias("region");
        let facts = facts.lazy().with_column(either).drop(by_name(["given"], true, false)).collect()?;
        let rows = rows_of_tables(&facts)?;
        unknown(&rows, labels, context, problems)?;
        self.twice(&rows, context, problems)?;
        self.excluded(&facts, context, problems)?;
        Ok(facts)
    }

    /// The labels of the definition's own that are printed, by their place in it.
    pub fn overridden(&self) -> impl Iterator<Item = usize> {
        self.overridden.iter().copied()
    }

    /// The index of a code.
    pub fn index(&self, code: &str) -> Option<u32> {
        position(&self.known, code)
    }

    /// The code of a region.
    pub fn code(&self, at: usize) -> &'static str {
        self.known[at].code
    }

    /// All codes.
    fn codes(&self) -> Vec<&'static str> {
        self.known.iter().map(|region| region.code).collect()
    }

    /// The codes of the regions that a frame has.
    pub fn used(&self, frame: &DataFrame) -> Result<BTreeSet<&'static str>> {
        let mut used = vec![false; self.known.len()];
        for at in frame.column("region")?.u32()?.iter().flatten() {
            used[at as usize] = true;
        }
        Ok(self.codes().into_iter().zip(used).filter(|(_, used)| *used).map(|(code, _)| code).collect())
    }

    /// The indices of regions of a kind.
    pub fn of_kind(&self, kind: regions::Kind) -> Vec<u32> {
        (0..).zip(&self.known).filter(|(_, region)| region.kind == kind).map(|(at, _)| at).collect()
    }

    /// What follows from a region.
    pub fn dimensions(&self, definition: &Definition) -> Vec<Dimension> {
        vec![
            Dimension::text("region", "region", self.codes()),
            Dimension::text(
                "region_name",
                "region",
                self.known.iter().map(|region| definition.region_name(region)),
            ),
            Dimension::text("region_kind", "region", self.known.iter().map(|region| region.kind.name())),
        ]
    }

    /// Two rows of a table that stand for the same region: the table cannot be added up.
    fn twice(&self, rows: &DataFrame, context: Context<'_>, problems: &mut Vec<Problem>) -> Result<()> {
        let mut seen: BTreeMap<(usize, usize, u32), usize> = BTreeMap::new();
        let regions = rows.column("region")?.u32()?;
        for at in 0..rows.height() {
            let Some(region) = regions.get(at) else { continue };
            if let Some(first) =
                seen.insert((index(rows, "document", at)?, index(rows, "category", at)?, region), at)
            {
                let message = format!(
                    "the region {} stands in the table of {} twice",
                    self.code(region as usize),
                    context.category(rows, at)?
                );
                let problem = Problem::data("region-twice", message, context.mark_label(rows, at, "again")?);
                problems.push(problem.also(context.mark_label(rows, first, "first")?));
            }
        }
        Ok(())
    }

    /// A figure for a region that the definition says the category excludes.
    fn excluded(&self, facts: &DataFrame, context: Context<'_>, problems: &mut Vec<Problem>) -> Result<()> {
        for category in &context.definition.categories {
            for region in &category.excludes {
                let Some(code) = self.index(region.get_ref()) else { continue };
                let here = col("category")
                    .eq(lit(category.rank))
                    .and(col("region").eq(lit(code)))
                    .and(col("is_nil").not());
                let rows = rows_of_tables(&facts.clone().lazy().filter(here).collect()?)?;
                for at in 0..rows.height() {
                    let message = format!(
                        "the definition says that {} excludes {}, but the table has figures for it",
                        category.code.get_ref(),
                        region.get_ref()
                    );
                    let problem =
                        Problem::data("excluded-region", message, context.mark_label(&rows, at, "")?);
                    problems.push(problem.also(context.definition.mark(region, "excluded here")));
                }
            }
        }
        Ok(())
    }
}

fn overriding(known: &Resolved) -> Option<usize> {
    match known.rule {
        Rule::Definition(at) => Some(at),
        _ => None,
    }
}

/// The labels of the definition's own that no document of a whole run prints.
#[must_use]
pub fn unused(definition: &Definition, ledger: &Ledger) -> Vec<Problem> {
    let labels = definition.regions.labels.iter().enumerate();
    let unused = labels.filter(|(at, _)| !ledger.labels.contains(at));
    let warning = |(_, (label, code))| {
        let mark = definition.mark(code, "no document prints it");
        let problem = Problem::data("label-unused", format!("the label `{label}` is never used"), mark);
        problem.of_kind(Kind::Warning).help("take it out, or write it as it is printed")
    };
    unused.map(warning).collect()
}

fn position(regions: &[Region], code: &str) -> Option<u32> {
    regions.iter().position(|region| region.code == code).map(|at| at as u32)
}

/// The first figure of each row of each table, in document order.
fn rows_of_tables(facts: &DataFrame) -> Result<DataFrame> {
    let number = |name| -> Result<UInt32Chunked> { Ok(facts.column(name)?.u32()?.clone()) };
    let (documents, grids, rows) = (number("document")?, number("grid")?, number("row")?);
    let place = |at: usize| (documents.get(at), grids.get(at), rows.get(at));
    let first: BooleanChunked = (0..facts.height()).map(|at| at == 0 || place(at) != place(at - 1)).collect();
    Ok(facts.filter(&first)?)
}

/// How many unknown labels of a batch get suggestions: a document that is wrong throughout is not searched for hours.
const SUGGESTIONS: usize = 100;

/// An unknown label is reported where it is printed.
fn unknown(
    rows: &DataFrame,
    labels: &[String],
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let unknown = rows.filter(&rows.column("region")?.is_null())?;
    let mut known: BTreeSet<&str> = context.definition.regions.names.values().map(String::as_str).collect();
    known.extend(regions::all().map(|region| region.name));
    for at in 0..unknown.height() {
        let label = &labels[index(&unknown, "label", at)?];
        let doubt = regions::doubt(label);
        let hint = did_you_mean(label, known.iter().copied().filter(|_| at < SUGGESTIONS && doubt.is_none()));
        let said =
            doubt.unwrap_or_else(|| "no country, territory, group, residual or total has this name".into());
        let mark = context.mark_label(&unknown, at, said)?;
        let problem =
            Problem::data("unknown-region", format!("the region `{}` is unknown", shortened(label)), mark);
        problems.push(problem.help(hint.unwrap_or_else(|| NAME_IT.into())));
    }
    Ok(())
}

const NAME_IT: &str =
    "name it in the definition, under `[regions.labels]`, with a code that `bluebook regions --list` has";

/// As much of a label as a message needs.
fn shortened(label: &str) -> String {
    const ENOUGH: usize = 80;
    match label.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}…", &label[..end]),
        None => label.to_owned(),
    }
}
