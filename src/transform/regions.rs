//! Regions to codes: each printed label is looked up, each table without labels gets the region its definition gives
//! it. An unknown label, a region that comes twice, or one that a category excludes is a problem; a label of the
//! definition's own that is never printed is a warning.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Definition;
use crate::extract::observations::{Label, Raw};
use crate::grammar::spreadsheet;
use crate::problem::{Kind, Problem, did_you_mean};
use crate::regions::{self, MatchRule, Region, ResolvedRegion, Resolver, TOTAL};
use crate::transform::{Context, Dimension, Ledger, Spot, TableOf, ids, replaced, unnamed};

/// The regions of a batch, in the order of their codes.
#[derive(Clone, Debug)]
pub struct Regions {
    known: Vec<Region>,
    /// What the definition's groups hold.
    members: BTreeSet<(u32, u32)>,
    overridden: BTreeSet<usize>,
    of_label: Vec<Option<u32>>,
    of_category: Vec<Option<u32>>,
}

impl Regions {
    /// The regions that the labels of a batch name, those that its definition gives, and the total.
    pub fn of_batch(raw: &Raw, context: Context<'_>) -> Regions {
        let mut resolver = Resolver::new(context.definition.usage());
        let known: Vec<Option<ResolvedRegion>> = raw
            .labels
            .iter()
            .map(|label| resolver.resolve(&label.text).filter(ResolvedRegion::is_whole))
            .collect();
        let labels: Vec<Option<Region>> = known.iter().map(|known| Some(known.as_ref()?.region)).collect();
        let given = |category: &crate::dataset::Category| {
            category.region.as_ref().and_then(|code| context.definition.region(code.get_ref()))
        };
        let categories: Vec<Option<Region>> = context.definition.ranked().into_iter().map(given).collect();
        let all = labels.iter().chain(&categories).flatten().copied().chain(regions::find_by_code(TOTAL));
        let by_code: BTreeMap<&str, Region> = all.map(|region| (region.code, region)).collect();
        let regions: Vec<Region> = by_code.into_values().collect();
        let index = |region: &Option<Region>| region.and_then(|region| position(&regions, region.code));
        Regions {
            of_label: labels.iter().map(index).collect(),
            of_category: categories.iter().map(index).collect(),
            members: members(&regions, context.definition),
            known: regions,
            overridden: known.iter().flatten().filter_map(overriding).collect(),
        }
    }

    /// Adds `region`, null where it is unknown.
    pub fn indexed(
        &self,
        facts: &DataFrame,
        labels: &[Label],
        context: Context<'_>,
        problems: &mut Vec<Problem>,
    ) -> Result<DataFrame> {
        let labelled = facts.column("label")?.u32()?.iter().zip(ids(facts, "category")?);
        let mut regions: Vec<Option<u32>> =
            labelled.map(|(label, category)| self.of(label, *category)).collect();
        if regions.contains(&None) {
            unnamed::totals(facts, labels, &mut regions, self, context, problems)?;
        }
        let rows = Rows::of(facts, &regions)?;
        unknown(&rows, labels, facts, context, problems)?;
        self.twice(&rows, context, problems);
        self.excluded(&rows, facts, context, problems)?;
        let facts = facts.drop_many(["label_row", "label_column"]);
        replaced(facts, [("region", regions.into_iter().collect())])
    }

    /// The region of a label, or where a table prints none, of its category.
    pub fn of(&self, label: Option<u32>, category: u32) -> Option<u32> {
        let (known, at) = label.map_or((&self.of_category, category), |label| (&self.of_label, label));
        known.get(at as usize).copied().flatten()
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

    /// Whether one of them is a group that holds another.
    pub fn holds(&self, group: u32, region: u32) -> bool {
        self.members.contains(&(group, region))
            || regions::group_contains(self.known[group as usize].code, self.known[region as usize].code)
    }

    /// For each region, whether it is of a kind.
    pub fn are(&self, kind: regions::RegionKind) -> Vec<bool> {
        self.known.iter().map(|region| region.kind == kind).collect()
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
    fn twice(&self, rows: &Rows, context: Context<'_>, problems: &mut Vec<Problem>) {
        for table in rows.0.chunk_by(|a, b| a.table == b.table) {
            let mut seen: BTreeMap<u32, Spot> = BTreeMap::new();
            for row in table {
                let Some(region) = row.region else { continue };
                let Some(first) = seen.insert(region, row.spot) else { continue };
                let message = format!(
                    "the region {} stands in the table of {} twice",
                    self.code(region as usize),
                    context.category(row.table.1)
                );
                let problem = Problem::data("region-twice", message, context.mark(row.spot, "again"));
                problems.push(problem.also(context.mark(first, "first")));
            }
        }
    }

    /// A figure for a region that the definition says the category excludes.
    fn excluded(
        &self,
        rows: &Rows,
        facts: &DataFrame,
        context: Context<'_>,
        problems: &mut Vec<Problem>,
    ) -> Result<()> {
        let values = facts.column("value")?.i64()?;
        for category in &context.definition.categories {
            for region in &category.excludes {
                let Some(index) = self.index(region.get_ref()) else { continue };
                let figures = |row: &&Row| row.rows.clone().any(|at| values.get(at).is_some());
                let here =
                    rows.0.iter().filter(|row| row.table.1 == category.rank && row.region == Some(index));
                for row in here.filter(figures) {
                    let message = format!(
                        "the definition says that {} excludes {}, but the table has figures for it",
                        category.code.get_ref(),
                        region.get_ref()
                    );
                    let problem = Problem::data("excluded-region", message, context.mark(row.spot, ""));
                    problems.push(problem.also(context.definition.mark(region, "excluded here")));
                }
            }
        }
        Ok(())
    }
}

/// Which regions hold which, as a definition that names members has it.
fn members(known: &[Region], definition: &Definition) -> BTreeSet<(u32, u32)> {
    if definition.regions.members.is_empty() {
        return BTreeSet::new();
    }
    let all = || (0..).zip(known);
    let groups = all().filter(|(_, region)| region.kind == regions::RegionKind::Group);
    let pairs = groups.flat_map(|group| all().map(move |region| (group, region)));
    let held = pairs.filter(|((_, group), (_, region))| definition.holds(group.code, region.code));
    held.map(|((group, _), (region, _))| (group, region)).collect()
}

fn overriding(known: &ResolvedRegion) -> Option<usize> {
    match known.rule {
        MatchRule::Definition(at) => Some(at),
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

/// The rows of the tables, as printed, in document order; where regions run across, the columns.
pub struct Rows(pub Vec<Row>);

/// A row of a table.
pub struct Row {
    /// The table.
    pub table: TableOf,
    /// Its region; none where that is not known.
    pub region: Option<u32>,
    /// Its label.
    pub spot: Spot,
    /// Its figures, as rows of the frame.
    pub rows: Range<usize>,
}

impl Rows {
    /// The rows of a frame, given the region of each of its figures.
    pub fn of(facts: &DataFrame, regions: &[Option<u32>]) -> Result<Rows> {
        let (documents, categories) = (ids(facts, "document")?, ids(facts, "category")?);
        let (grids, numbers, columns) =
            (ids(facts, "grid")?, ids(facts, "label_row")?, ids(facts, "label_column")?);
        let same = |a: usize, b: usize| {
            (numbers[a], columns[a], grids[a], documents[a])
                == (numbers[b], columns[b], grids[b], documents[b])
        };
        let starts: Vec<usize> =
            (0..facts.height()).filter(|&at| at == 0 || !same(at - 1, at)).chain([facts.height()]).collect();
        let row = |ends: &[usize]| {
            let at = ends[0];
            let (document, grid, row, column) = (documents[at], grids[at], numbers[at], columns[at]);
            Row {
                table: (document, categories[at]),
                region: regions[at],
                spot: Spot { document, grid, row, column },
                rows: at..ends[1],
            }
        };
        Ok(Rows(starts.windows(2).map(row).collect()))
    }
}

/// How many unknown labels of a batch get suggestions: a document that is wrong throughout is not searched for hours.
const SUGGESTIONS: usize = 100;

/// An unknown label is reported where it is printed.
fn unknown(
    rows: &Rows,
    labels: &[Label],
    facts: &DataFrame,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let unknown: Vec<&Row> = rows.0.iter().filter(|row| row.region.is_none()).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let mut known: BTreeSet<&str> = context.definition.regions.names.values().map(String::as_str).collect();
    known.extend(regions::all_regions().map(|region| region.name));
    let printed = facts.column("label")?.u32()?;
    for (number, row) in unknown.into_iter().enumerate() {
        let Some(label) = printed.get(row.rows.start).map(|label| &labels[label as usize].text) else {
            problems.push(no_region(row, context));
            continue;
        };
        let nothing = spreadsheet::explain_missing_value(label);
        let doubt = nothing.map(|(reason, _)| reason.to_owned()).or_else(|| regions::explain_unknown(label));
        let suggested = known.iter().copied().filter(|_| number < SUGGESTIONS && doubt.is_none());
        let hint = did_you_mean(label, suggested);
        let said =
            doubt.unwrap_or_else(|| "no country, territory, group, residual or total has this name".into());
        let mark = context.mark(row.spot, said);
        let message = format!("the region `{}` is unknown", shortened(label));
        let problem = Problem::data("unknown-region", message, mark);
        let help = nothing.map(|(_, help)| help.to_owned()).or(hint);
        problems.push(problem.help(help.unwrap_or_else(|| NAME_IT.into())));
    }
    Ok(())
}

/// A row without a label, in a table whose region the definition does not give.
fn no_region(row: &Row, context: Context<'_>) -> Problem {
    let mark = context.mark(row.spot, "no region is printed before it");
    let category = context.category(row.table.1);
    let help = format!("name the region of {category} in the definition: `region = \"…\"`");
    Problem::data("no-region", "the row has no region", mark).help(help)
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
