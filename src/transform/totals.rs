//! Totals: the table's own proof that it was read right. Each printed total is held against the sum of what it totals;
//! a nil mark is zero where that sum proves it; a total that is not printed is derived. A column with a mark that stands
//! for a missing figure proves nothing, unless its known figures make more than its total.

use std::collections::BTreeSet;

use anyhow::Result;
use polars::prelude::*;

use super::keys::{Key, keys};
use super::regions::Regions;
use super::{Context, Spot, TableOf, ids, replaced, spots};
use crate::dataset::{Nil, Totals};
use crate::extract::number::shown;
use crate::extract::observations::count;
use crate::problem::Problem;
use crate::regions::{Kind, TOTAL};

/// What `status` stands for: SDMX observation statuses. The first three are given here, the others by marks.
pub use crate::extract::mark::STATUSES;
const NORMAL: u32 = 0;
const INCLUDES_OTHERS: u32 = 1;
const CANNOT_EXIST: u32 = 2;

/// What `basis` stands for.
pub const BASES: [&str; 3] = ["published", "nil", "derived"];
const PUBLISHED: u32 = 0;
const FROM_NIL: u32 = 1;
const DERIVED: u32 = 2;

/// The largest sum of magnitudes in a column: half of what 64 bits hold is left for differences.
const MOST: u128 = i64::MAX as u128 / 2;

/// Returns the frame with its derived totals, zero for nil marks, and the columns `total`, `basis` and `status`; and
/// the checks.
pub fn reconciled(
    frame: &DataFrame,
    regions: &Regions,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<(DataFrame, DataFrame)> {
    let total = regions.index(TOTAL).unwrap_or_default();
    let mut facts = Facts::of(frame, regions, total)?;
    let mut sums = sums(&facts);
    bound(&mut sums, &mut facts, context, problems);
    mismatches(&sums, context, problems);
    missing(&sums, context, problems);
    unproven(&sums, &facts, context, problems);
    let frame = valued(frame, &facts, &sums, regions, context)?;
    Ok((with_derived(frame, &sums, total)?, checks(&sums, context)?))
}

/// What the sums are made from, row by row. The rows of a table follow one another.
struct Facts {
    keys: Vec<Key>,
    values: Vec<Option<i64>>,
    is_nil: Vec<bool>,
    /// The status that a mark tells.
    marks: Vec<Option<u32>>,
    is_total: Vec<bool>,
    /// Whether it is added up: what a group of the table holds is in that group's figure.
    is_part: Vec<bool>,
    is_labelled: Vec<bool>,
    headings: Vec<u32>,
    spots: Vec<Spot>,
    /// The column of its table, as an index into the sums.
    columns: Vec<usize>,
}

impl Facts {
    fn of(frame: &DataFrame, regions: &Regions, total: u32) -> Result<Facts> {
        let keys = keys(frame)?;
        Ok(Facts {
            values: frame.column("value")?.i64()?.iter().collect(),
            is_nil: frame.column("is_nil")?.bool()?.iter().map(|nil| nil == Some(true)).collect(),
            marks: frame.column("mark")?.u32()?.iter().collect(),
            is_total: keys.iter().map(|key| key.region() == Some(total)).collect(),
            is_part: parts(&keys, regions, total),
            is_labelled: frame.column("label")?.u32()?.iter().map(|label| label.is_some()).collect(),
            headings: ids(frame, "heading")?.to_vec(),
            spots: spots(frame)?,
            columns: columns(&keys),
            keys,
        })
    }
}

/// For each row, whether it is added up: the total is not, and neither is what a group holds that stands in the table.
fn parts(keys: &[Key], regions: &Regions, total: u32) -> Vec<bool> {
    let is_group = regions.are(Kind::Group);
    if !is_group.contains(&true) {
        return keys.iter().map(|key| key.region() != Some(total)).collect();
    }
    let mut parts = Vec::with_capacity(keys.len());
    for table in keys.chunk_by(Key::same_table) {
        let printed: BTreeSet<u32> = table.iter().filter_map(|key| key.region()).collect();
        let groups: Vec<u32> = printed.iter().copied().filter(|region| is_group[*region as usize]).collect();
        let held = |region: &u32| groups.iter().any(|group| regions.holds(*group, *region));
        let apart: BTreeSet<u32> = printed.iter().copied().filter(held).chain([total]).collect();
        parts.extend(table.iter().map(|key| key.region().is_none_or(|region| !apart.contains(&region))));
    }
    parts
}

/// For each row, the place of its column among all columns, which are in the order of document, table and period.
fn columns(keys: &[Key]) -> Vec<usize> {
    let (mut columns, mut before) = (Vec::with_capacity(keys.len()), 0);
    for table in keys.chunk_by(Key::same_table) {
        let mut periods: Vec<u32> = table.iter().map(|key| key.period()).collect();
        periods.sort_unstable();
        periods.dedup();
        columns.extend(
            table.iter().map(|key| before + periods.partition_point(|period| *period < key.period())),
        );
        before += periods.len();
    }
    columns
}

/// One column of a table: the sum of its figures, and the total printed with them.
#[derive(Clone, Debug, Default)]
struct Sum {
    table: TableOf,
    period: u32,
    heading: u32,
    /// How many figures were added up.
    cells: i32,
    computed: i128,
    /// The sum of what is added up, and the total, without their signs.
    magnitude: u128,
    /// None where no total is printed; a nil mark in its place is zero.
    published: Option<i64>,
    /// Whether a mark stands for a missing figure, and whether one stands for the total.
    lacks: bool,
    lacks_total: bool,
    is_labelled: bool,
    /// Where the total is printed, else the last figure.
    spot: Spot,
}

impl Sum {
    fn computed(&self) -> i64 {
        self.computed as i64
    }

    /// The total; none where it is missing, or figures that make it are.
    fn total(&self) -> Option<i64> {
        match self.published {
            Some(_) if self.lacks_total => None,
            None if self.lacks => None,
            published => published.or(Some(self.computed())),
        }
    }

    /// Whether the printed total tells anything of the figures: where some are missing, the others can be too many.
    fn is_check(&self, context: Context<'_>) -> bool {
        let too_many = || self.difference() < 0 && !context.definition.measure.negative;
        self.published.is_some() && !self.lacks_total && (!self.lacks || self.passed(context) || too_many())
    }

    /// Whether the printed total shows that nil marks are zero.
    fn proves(&self) -> bool {
        self.published.is_some() && !self.lacks
    }

    fn is_derived(&self) -> bool {
        self.published.is_none() && !self.lacks
    }

    fn difference(&self) -> i64 {
        self.published.unwrap_or_default() - self.computed()
    }

    fn passed(&self, context: Context<'_>) -> bool {
        self.difference().abs() <= i64::from(context.definition.tolerance)
    }

    fn add(&mut self, facts: &Facts, at: usize) {
        let value = facts.values[at].unwrap_or_default();
        (self.table, self.period, self.heading) =
            (facts.keys[at].table(), facts.keys[at].period(), facts.headings[at]);
        self.magnitude += u128::from(value.unsigned_abs());
        self.is_labelled |= facts.is_labelled[at];
        let is_missing = facts.values[at].is_none() && !facts.is_nil[at];
        self.lacks |= is_missing;
        self.lacks_total |= is_missing && facts.is_total[at];
        if facts.is_total[at] {
            (self.published, self.spot) = (Some(value), facts.spots[at]);
            return;
        }
        if facts.is_part[at] {
            self.computed += i128::from(value);
            self.cells += 1;
        }
        if self.published.is_none() {
            self.spot = facts.spots[at];
        }
    }
}

fn sums(facts: &Facts) -> Vec<Sum> {
    let mut sums = vec![Sum::default(); facts.columns.iter().max().map_or(0, |last| last + 1)];
    for (at, column) in facts.columns.iter().enumerate() {
        sums[*column].add(facts, at);
    }
    sums
}

/// Reports columns that 64 bits cannot add up, and takes their figures out.
fn bound(sums: &mut [Sum], facts: &mut Facts, context: Context<'_>, problems: &mut Vec<Problem>) {
    for (column, sum) in sums.iter_mut().enumerate().filter(|(_, sum)| sum.magnitude > MOST) {
        let rows: Vec<usize> = (0..facts.columns.len()).filter(|at| facts.columns[*at] == column).collect();
        let magnitude = |at: &&usize| facts.values[**at].map(i64::unsigned_abs);
        if let Some(largest) = rows.iter().max_by_key(magnitude) {
            let mark = context.mark(facts.spots[*largest], "the largest of them");
            let message = "the figures of the column are too large for 64 bits to add up";
            problems.push(Problem::data("too-large", message, mark));
        }
        for at in rows {
            facts.values[at] = None;
        }
        (sum.computed, sum.published) = (0, sum.published.and(Some(0)));
    }
}

/// The columns of tables whose cells were all understood.
fn sound<'s>(sums: &'s [Sum], context: Context<'_>) -> impl Iterator<Item = &'s Sum> {
    sums.iter().filter(move |sum| !context.damaged.contains(&sum.table))
}

/// Totals that do not add up.
fn mismatches(sums: &[Sum], context: Context<'_>, problems: &mut Vec<Problem>) {
    for sum in sound(sums, context).filter(|sum| sum.is_check(context) && !sum.passed(context)) {
        let decimals = context.definition.measure.decimals;
        let kind = if sum.difference() > 0 { "few" } else { "many" };
        let made = if sum.cells == 1 {
            "its only row makes".into()
        } else {
            format!("its {} make", count(sum.cells as usize, "row"))
        };
        let label = format!(
            "printed {}, but {made} {} ({} too {kind})",
            context.printed(sum.spot),
            shown(sum.computed(), decimals),
            shown(sum.difference().abs(), decimals)
        );
        let problem = Problem::data("total", "the total doesn't add up", context.mark(sum.spot, label));
        problems.push(problem.help("a correction can be declared in the definition; see `bluebook man`"));
    }
}

/// Tables of regions that print no total, once for each table.
fn missing(sums: &[Sum], context: Context<'_>, problems: &mut Vec<Problem>) {
    if context.definition.totals == Totals::Optional {
        return;
    }
    let mut without: Vec<&Sum> =
        sound(sums, context).filter(|sum| sum.published.is_none() && sum.is_labelled).collect();
    without.dedup_by_key(|sum| sum.table);
    for sum in without {
        let message = format!("the table of {} has no row for the total", context.category(sum.table.1));
        let mark = context.mark_label(sum.spot, "expected below this row");
        let help = "nothing proves the reading without it; where the publisher prints none, say `totals = \"optional\"` in the definition";
        problems.push(Problem::data("no-total", message, mark).help(help));
    }
}

/// Nil marks that no total proves to be zero.
fn unproven(sums: &[Sum], facts: &Facts, context: Context<'_>, problems: &mut Vec<Problem>) {
    if context.definition.nil == Nil::Zero {
        return;
    }
    let unproven = |at: &usize| facts.is_nil[*at] && !sums[facts.columns[*at]].proves();
    for at in (0..facts.columns.len()).filter(unproven) {
        let message = format!("nothing proves that `{}` stands for zero", context.printed(facts.spots[at]));
        let mark = context.mark(facts.spots[at], "the table prints no total that would");
        let help = "where the publisher says that it does, say `nil = \"zero\"` in the definition";
        problems.push(Problem::data("nil-unproven", message, mark).help(help));
    }
}

/// The published table of checks, with `document`, `grid`, `row` and `column`.
fn checks(sums: &[Sum], context: Context<'_>) -> Result<DataFrame> {
    let mut checked: Vec<&Sum> = sums.iter().filter(|sum| sum.is_check(context)).collect();
    checked.sort_by_key(|sum| (sum.table, sum.period));
    let ids = |id: fn(&Sum) -> u32| checked.iter().map(|sum| id(sum)).collect::<Vec<_>>();
    Ok(df!(
        "document" => ids(|sum| sum.table.0),
        "category" => ids(|sum| sum.table.1),
        "check" => ids(|_| 0),
        "period" => ids(|sum| sum.period),
        "heading" => ids(|sum| sum.heading),
        "published" => checked.iter().map(|sum| sum.published).collect::<Vec<_>>(),
        "computed" => checked.iter().map(|sum| sum.computed()).collect::<Vec<_>>(),
        "difference" => checked.iter().map(|sum| sum.difference()).collect::<Vec<_>>(),
        "tolerance" => vec![i64::from(context.definition.tolerance); checked.len()],
        "passed" => checked.iter().map(|sum| sum.passed(context)).collect::<Vec<_>>(),
        "cells" => checked.iter().map(|sum| sum.cells).collect::<Vec<_>>(),
        "grid" => ids(|sum| sum.spot.grid),
        "row" => ids(|sum| sum.spot.row),
        "column" => ids(|sum| sum.spot.column),
    )?)
}

/// Zero for nil marks, but nothing for a region that cannot occur; how each figure came about; and its column's total.
fn valued(
    frame: &DataFrame,
    facts: &Facts,
    sums: &[Sum],
    regions: &Regions,
    context: Context<'_>,
) -> Result<DataFrame> {
    let excluded = excluded(regions, context);
    let residual = regions.are(Kind::Residual);
    let rows = facts.keys.iter().zip(&facts.is_nil);
    let cannot: Vec<bool> =
        rows.map(|(key, nil)| *nil && excluded.contains(&(key.table().1, key.region()))).collect();
    let status = |at: usize| match (facts.marks[at], facts.keys[at].region()) {
        _ if cannot[at] => CANNOT_EXIST,
        (Some(mark), _) => mark,
        (None, Some(region)) if residual[region as usize] => INCLUDES_OTHERS,
        (None, _) => NORMAL,
    };
    let is_zero = |at: usize| facts.is_nil[at] && !cannot[at];
    let rows = 0..facts.keys.len();
    let status = rows.clone().map(status);
    let basis = rows.clone().map(|at| if is_zero(at) { FROM_NIL } else { PUBLISHED });
    let values = rows.map(|at| if is_zero(at) { Some(0) } else { facts.values[at] });
    let totals = facts.columns.iter().map(|column| sums[*column].total());
    replaced(
        frame.drop_many(["is_nil", "mark"]),
        [
            ("value", values.collect()),
            ("status", status.collect()),
            ("basis", basis.collect()),
            ("total", totals.collect()),
        ],
    )
}

/// Categories and the regions that cannot occur in them.
fn excluded(regions: &Regions, context: Context<'_>) -> BTreeSet<(u32, Option<u32>)> {
    let of = |region: &str, rank| regions.index(region).map(|region| (rank, Some(region)));
    let categories = context.definition.categories.iter();
    categories
        .flat_map(|category| {
            category.excludes.iter().filter_map(move |region| of(region.get_ref(), category.rank))
        })
        .collect()
}

/// The frame with a row for each total that is not printed.
fn with_derived(frame: DataFrame, sums: &[Sum], total: u32) -> Result<DataFrame> {
    let derived: Vec<&Sum> = sums.iter().filter(|sum| sum.is_derived()).collect();
    if derived.is_empty() {
        return Ok(frame);
    }
    let ids = |id: fn(&Sum) -> u32| derived.iter().map(|sum| id(sum)).collect::<Vec<_>>();
    let totals: Vec<Option<i64>> = derived.iter().map(|sum| sum.total()).collect();
    let nothing = vec![None::<u32>; derived.len()];
    let rows = df!(
        "document" => ids(|sum| sum.table.0),
        "category" => ids(|sum| sum.table.1),
        "period" => ids(|sum| sum.period),
        "heading" => ids(|sum| sum.heading),
        "region" => vec![total; derived.len()],
        "basis" => ids(|_| DERIVED),
        "status" => ids(|_| NORMAL),
        "value" => &totals,
        "total" => &totals,
        "label" => &nothing,
        "grid" => &nothing,
        "row" => &nothing,
        "column" => &nothing,
        "value_label" => vec![None::<&str>; derived.len()],
    )?;
    let mut frame = frame;
    frame.vstack_mut(&rows.select(frame.get_column_names_owned())?)?;
    frame.rechunk_mut();
    Ok(frame)
}
