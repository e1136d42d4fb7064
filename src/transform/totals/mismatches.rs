//! Totals that do not add up, each with what single change would mend it. What is found in a picture of the table is told
//! in the words of its document.

use std::ops::Range;

use super::super::diagnosis::{self, Cell, Picture, Slip};
use super::super::keys::Key;
use super::super::periods::Periods;
use super::{Facts, Sum};
use crate::dataset::Correction;
use crate::extract::number::{Convention, shown};
use crate::extract::observations::count;
use crate::problem::{Change, Problem, Repair, quoted};
use crate::transform::regions::Regions;
use crate::transform::{Context, Spot};

/// How many tables of a batch are searched for what would mend them: one that is wrong throughout is not searched for hours.
const SEARCHED: usize = 100;

/// What the sums were made from.
#[derive(Clone, Copy)]
pub struct Table<'t> {
    pub facts: &'t Facts,
    pub regions: &'t Regions,
    pub periods: &'t Periods,
    pub context: Context<'t>,
}

/// Reports totals that do not add up. Those that one change explains are one problem.
pub fn report(sums: &[Sum], from: Table<'_>, problems: &mut Vec<Problem>) {
    let context = from.context;
    let fails =
        |sum: &Sum| !context.damaged.contains(&sum.table) && sum.is_check(context) && !sum.passed(context);
    if !sums.iter().any(fails) {
        return;
    }
    let (mut start, mut first, mut searched) = (0, 0, 0);
    for keys in from.facts.keys.chunk_by(Key::same_table) {
        let rows = start..start + keys.len();
        let last = from.facts.columns[rows.clone()].iter().max().copied().unwrap_or(first);
        let columns = first..last + 1;
        let (whole, lacking): (Vec<&Sum>, Vec<&Sum>) =
            sums[columns.clone()].iter().filter(|sum| fails(sum)).partition(|sum| sum.proves());
        searched += usize::from(!whole.is_empty());
        if searched <= SEARCHED && !whole.is_empty() {
            let diagnosed = Diagnosed::of(sums, from, rows.clone(), columns);
            problems.extend(diagnosed.problems());
        } else {
            problems.extend(whole.iter().map(|sum| problem(&[sum], context).help(SEE_MANUAL)));
        }
        problems.extend(lacking.iter().map(|sum| problem(&[sum], context).help(SEE_MANUAL)));
        (start, first) = (rows.end, last + 1);
    }
}

const SEE_MANUAL: &str = "a correction can be declared in the definition; see `bluebook man`";
const NO_REPAIR: &str = "no single misprint or lost row explains it; see `bluebook man` for corrections";

/// The problem of sums that one change explains.
fn problem(sums: &[&Sum], context: Context<'_>) -> Problem {
    let message = match sums {
        [_] => "the total doesn't add up".into(),
        [first, ..] => format!("{} totals of {} don't add up", sums.len(), context.category(first.table.1)),
        [] => String::new(),
    };
    let mut marks = sums.iter().map(|sum| context.mark(sum.spot, difference(sum, context)));
    let problem =
        Problem::data("total", message, marks.next().unwrap_or_else(|| context.mark(Spot::default(), "")));
    marks.fold(problem, Problem::also)
}

/// `printed 49 737, but its 6 rows make 49 736 (1 too few)`
fn difference(sum: &Sum, context: Context<'_>) -> String {
    let decimals = context.definition.measure.decimals;
    let kind = if sum.difference() > 0 { "few" } else { "many" };
    let made = if sum.cells == 1 {
        "its only row makes".into()
    } else {
        format!("its {} make", count(sum.cells as usize, "row"))
    };
    format!(
        "printed {}, but {made} {} ({} too {kind})",
        context.printed(sum.spot),
        shown(sum.computed(), decimals),
        shown(sum.difference().abs(), decimals)
    )
}

/// The picture of a table, and where its cells and sums stand among the facts.
struct Diagnosed<'t> {
    from: Table<'t>,
    picture: Picture<'t>,
    /// For each cell, its row of the facts.
    facts: Vec<usize>,
    sums: Vec<&'t Sum>,
    style: Style<'t>,
}

impl<'t> Diagnosed<'t> {
    fn of(sums: &'t [Sum], from: Table<'t>, rows: Range<usize>, columns: Range<usize>) -> Diagnosed<'t> {
        let facts = from.facts;
        let place = |at: usize| (facts.spots[at].grid, facts.spots[at].row, facts.columns[at]);
        let counts = |at: &usize| facts.values[*at].is_some() || facts.is_nil[*at];
        let mut rows: Vec<usize> = rows.filter(counts).collect();
        rows.sort_by_key(|at| place(*at));
        let cells = cells(&rows, columns.start, from);
        let mut picture = Picture { cells, ..Picture::default() };
        picture.decimals = from.context.definition.measure.decimals;
        picture.negative = from.context.definition.measure.negative;
        let months = from.periods.months();
        let period = |sum: &Sum| months.get(sum.period as usize).copied().unwrap_or_default() as u32;
        picture.months = sums[columns.clone()].iter().map(period).collect();
        let checks = columns.clone().filter(|column| sums[*column].proves());
        let summed: Vec<(usize, diagnosis::Sum)> =
            checks.filter_map(|column| Some((column, picture_sum(&rows, column, from)?))).collect();
        let sums = summed.iter().map(|(column, _)| &sums[*column]).collect();
        picture.sums = summed.into_iter().map(|(_, sum)| sum).collect();
        let style = Style::of(&picture, from.context);
        Diagnosed { from, picture, facts: rows, sums, style }
    }

    fn problems(&self) -> Vec<Problem> {
        diagnosis::diagnosed(&self.picture)
            .iter()
            .map(|found| {
                let sums: Vec<&Sum> = found.sums.iter().map(|sum| self.sums[*sum]).collect();
                let problem = problem(&sums, self.from.context);
                let repairs: Vec<Repair> = found.repairs.iter().map(|repair| self.repair(repair)).collect();
                if repairs.is_empty() { problem.help(NO_REPAIR) } else { problem.repairs(repairs) }
            })
            .collect()
    }

    fn repair(&self, repair: &diagnosis::Repair) -> Repair {
        let history = repair.history.map(|(other, nearer)| self.history(repair, other, nearer));
        let words = std::iter::once(self.slip(repair)).chain(history).collect::<Vec<_>>().join("; ");
        // A row that is taken out would be left with zeros.
        let says = !matches!(repair.slip, Slip::Extra(..)) && !repair.changes.is_empty();
        let correction = says.then(|| self.corrections(repair)).flatten();
        Repair {
            changes: repair.changes.iter().map(|change| self.change(*change)).collect(),
            words,
            correction,
        }
    }

    fn change(&self, (cell, meant): (usize, i64)) -> Change {
        let spot = self.spot(cell);
        let grid = &self.from.context.documents[spot.document as usize].grids[spot.grid as usize];
        let printed = self.picture.cells[cell].printed;
        Change {
            place: grid.place(spot.row, spot.column),
            printed: printed.into(),
            meant: self.style.printed(meant, printed),
        }
    }

    fn spot(&self, cell: usize) -> Spot {
        self.from.facts.spots[self.facts[cell]]
    }

    /// What went wrong.
    fn slip(&self, repair: &diagnosis::Repair) -> String {
        match &repair.slip {
            Slip::Misprint(misprint) => {
                let words = misprint.words(self.picture.decimals);
                let of_total =
                    |(cell, _): &(usize, i64)| self.picture.sums.iter().any(|sum| sum.total == *cell);
                if repair.changes.iter().any(of_total) { format!("{words} of the total") } else { words }
            }
            Slip::Columns => "two columns of the row swapped".into(),
            Slip::Shifted => "the row's figures stand one column off".into(),
            Slip::Beside => "the total is that of the column beside".into(),
            Slip::LeftOut(row) => format!("the total is the sum of all rows but `{}`", self.name(*row)),
            Slip::Extra(row, Some(twin)) => {
                format!(
                    "`{}` is counted twice, also as `{}`; if so, mend the document",
                    self.name(*row),
                    self.name(*twin)
                )
            }
            Slip::Extra(row, None) => format!(
                "all holds without `{}`; if it is no row of its own, mend the document",
                self.name(*row)
            ),
            Slip::Missing(figures) => {
                let figures: Vec<String> =
                    figures.iter().map(|figure| self.style.printed(*figure, "")).collect();
                format!(
                    "a row is missing with {}; if the original has it, mend the document",
                    figures.join(" · ")
                )
            }
        }
    }

    /// The first cell of a row.
    fn name(&self, row: usize) -> &str {
        let cell = self.picture.cells.partition_point(|cell| cell.row < row);
        let first = self.from.context.row(self.spot(cell)).and_then(|row| row.cells.first());
        first.map_or("", |cell| cell.text.as_ref())
    }

    /// `nearer to 549 in 2023`
    fn history(&self, repair: &diagnosis::Repair, other: usize, nearer: bool) -> String {
        let months = |cell: usize| self.picture.months[self.picture.cells[cell].column];
        let changed = repair.changes.first().map_or(other, |(cell, _)| *cell);
        let by_month = if months(changed) == months(other) { "" } else { "by the month " };
        let word = if nearer { "nearer to" } else { "no nearer to" };
        format!("{by_month}{word} {} in {}", self.picture.cells[other].printed, self.period(other))
    }

    fn key(&self, cell: usize) -> Key {
        self.from.facts.keys[self.facts[cell]]
    }

    fn period(&self, cell: usize) -> &str {
        self.from.periods.code(self.key(cell).period() as usize)
    }

    /// What to paste; none where a figure is corrected already, or its region is unknown.
    fn corrections(&self, repair: &diagnosis::Repair) -> Option<String> {
        let correction = |change: &(usize, i64)| self.correction(*change, &self.slip(repair));
        repair.changes.iter().map(correction).collect::<Option<Vec<_>>>().map(|all| all.join("\n"))
    }

    fn correction(&self, (cell, meant): (usize, i64), slip: &str) -> Option<String> {
        let (context, key) = (self.from.context, self.key(cell));
        let (category, period) = (context.category(key.table().1), self.period(cell));
        let region = self.from.regions.code(key.region()? as usize);
        let release = context.releases[self.spot(cell).document as usize].map(|release| release.to_string());
        let corrects = |known: &Correction| {
            let of = (known.category.get_ref(), known.region.get_ref(), known.period.get_ref());
            (of.0.as_str(), of.1.as_str(), of.2.as_str()) == (category, region, period)
                && known.release.as_ref().is_none_or(|of| Some(of.get_ref()) == release.as_ref())
        };
        if context.definition.corrections.iter().any(corrects) {
            return None;
        }
        let release = release.map(|release| format!("release = \"{release}\"\n")).unwrap_or_default();
        let value = shown(meant, self.picture.decimals).replace(' ', "");
        Some(format!(
            "[[correction]]\ncategory = {}\nregion = \"{region}\"\nperiod = \"{period}\"\n{release}expected = {}\nvalue = {value}\nreason = {}\n",
            quoted(category),
            quoted(self.picture.cells[cell].printed),
            quoted(&format!("{slip}, by the table's totals")),
        ))
    }
}

/// The cells of a table's rows of the facts.
fn cells<'t>(rows: &[usize], first_column: usize, from: Table<'t>) -> Vec<Cell<'t>> {
    let facts = from.facts;
    let (mut cells, mut row): (Vec<Cell<'_>>, usize) = (Vec::with_capacity(rows.len()), 0);
    for (place, at) in rows.iter().enumerate() {
        let line = |at: usize| (facts.spots[at].grid, facts.spots[at].row);
        row += usize::from(place > 0 && line(rows[place - 1]) != line(*at));
        cells.push(Cell {
            row,
            column: facts.columns[*at] - first_column,
            printed: from.context.printed(facts.spots[*at]),
            value: facts.values[*at].unwrap_or_default(),
            is_nil: facts.is_nil[*at],
        });
    }
    cells
}

/// The sum of a column, by the places of its cells among the rows.
fn picture_sum(rows: &[usize], column: usize, from: Table<'_>) -> Option<diagnosis::Sum> {
    let of_column = |wanted: &[bool]| -> Vec<usize> {
        let cells = rows.iter().enumerate();
        cells
            .filter(|(_, at)| from.facts.columns[**at] == column && wanted[**at])
            .map(|(cell, _)| cell)
            .collect()
    };
    let total = of_column(&from.facts.is_total).pop()?;
    let tolerance = i64::from(from.context.definition.tolerance);
    Some(diagnosis::Sum { parts: of_column(&from.facts.is_part), total, tolerance })
}

/// How a table prints its figures.
struct Style<'t> {
    convention: Convention,
    decimals: u32,
    /// What parts its thousands, where anything does.
    thousands: Option<char>,
    nil: Option<&'t str>,
}

impl<'t> Style<'t> {
    fn of(picture: &Picture<'t>, context: Context<'_>) -> Style<'t> {
        let (figures, decimals) = (&context.definition.figures, picture.decimals);
        let texts = picture.cells.iter().map(|cell| cell.printed);
        let fitting = || Convention::of_table(texts.clone(), decimals, figures.negative);
        let convention = figures.convention().unwrap_or_else(|| fitting().unwrap_or(Convention::POINT));
        let nil = picture.cells.iter().find(|cell| cell.is_nil).map(|cell| cell.printed);
        let thousands = texts.clone().find_map(|text| convention.separator(text));
        Style { convention, decimals, thousands, nil }
    }

    /// A figure as a cell prints it, else as the table does.
    fn printed(&self, figure: i64, like: &str) -> String {
        const GROUPED_FROM: usize = 4;
        if let Some(nil) = self.nil.filter(|_| figure == 0) {
            return nil.into();
        }
        let digits = like.bytes().filter(u8::is_ascii_digit).count();
        let is_plain =
            digits >= GROUPED_FROM + self.decimals as usize && self.convention.separator(like).is_none();
        let own = self.convention.separator(like).or(self.thousands);
        self.convention.print(figure, self.decimals, own.filter(|_| !is_plain))
    }
}
