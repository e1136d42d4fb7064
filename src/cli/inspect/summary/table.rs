//! A table in a few lines: where it stands, which of the definition's it is, what its labels name, and what it gave.

use std::collections::BTreeSet;

use crate::cli::inspect::found::{Found, PrintedTable};
use crate::cli::inspect::sheets;
use crate::cli::inspect::summary::layout;
use crate::cli::inspect::summary::left_out;
use crate::cli::inspect::summary::names::{Names, describe_periods};
use crate::cli::inspect::summary::tally::Tally;
use crate::cli::inspect::width::{LINE, cut, list, pad};
use crate::dataset::{Definition, OneOf, TableDefinition};
use crate::grammar::number::format_number;
use crate::grammar::status_flag::FlagMeaning;
use crate::problem::Problem;
use crate::summary::{Counts, Summary};
use crate::text::format_count;

/// How many symbols, flags and marks are named.
const MOST_SYMBOLS: usize = 6;

/// How wide the words before the lines are.
const WORDS: usize = 10;

/// Lines under a heading, each behind a word that says what it tells.
pub(super) struct Block {
    heading: String,
    lines: Vec<(&'static str, String)>,
}

impl Block {
    pub(super) fn new(heading: String) -> Block {
        Block { heading, lines: Vec::new() }
    }

    /// Adds lines; the word stands before the first only.
    pub(super) fn add(&mut self, word: &'static str, lines: impl IntoIterator<Item = String>) {
        let words = std::iter::once(word).chain(std::iter::repeat(""));
        self.lines.extend(words.zip(lines));
    }

    /// As it is printed; nothing where nothing stands under its heading.
    pub(super) fn text(&self) -> String {
        let lines = self.lines.iter().map(|(word, line)| cut_line(&format!("  {} ", pad(word, WORDS)), line));
        format!("\n{}\n{}", cut(&self.heading, LINE), lines.collect::<String>())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

fn cut_line(before: &str, line: &str) -> String {
    format!("{before}{}\n", cut(line, LINE.saturating_sub(before.len())))
}

/// What is told of a table.
pub(super) fn describe(
    found: &Found<'_>,
    of: PrintedTable<'_>,
    tally: &Tally,
    checked: Option<&Summary>,
) -> Block {
    let mut block = Block::new(heading(found, of));
    block.add("title", title(found, of));
    match Names::new(found, of, tally) {
        Some(names) => {
            block.add("fixed", fixed(found, of, &names));
            block.add("header", names.header());
            block.add("stub", names.stub());
        }
        None if found.definition.is_none() => add_layout(&mut block, found, of, tally),
        None => {}
    }
    if of.table_index.is_some() || found.definition.is_none() {
        block.add("figures", [describe_figures(tally)]);
        block.add("symbols", symbols(tally));
        block.add("flags", flags(tally));
        block.add("totals", checked.map(|checked| totals(&counts(found, of, checked), found)));
        block.add("indicators", joined(&left_out::indicators(found, of)));
        block.add("unknown", left_out::unknown_columns(found, of));
    }
    block.add("left out", left_out::describe(found, of));
    block.add("notes", notes(of));
    block.add("problems", problems(found, of));
    block
}

/// `table 1: TTPS, lines 8 to 17`
fn heading(found: &Found<'_>, of: PrintedTable<'_>) -> String {
    let names: Vec<String> = found.sharing(of).iter().map(|table| table.name.clone()).collect();
    let name = match found.definition {
        Some(_) if left_out::is_whole(found, of) => ": left out".into(),
        Some(_) if names.is_empty() => ": no table of the definition".into(),
        Some(_) => format!(": {}", list(&names, MOST_SYMBOLS)),
        None => String::new(),
    };
    let place = sheets::place(found.grid(of), of.table);
    let place = place.map(|place| format!(", {place}")).unwrap_or_default();
    format!("table {}{name}{place}", of.index + 1)
}

fn title(found: &Found<'_>, of: PrintedTable<'_>) -> Option<String> {
    let lines = of.table.title.start + of.skip..of.table.title.end;
    let rows = found.grid(of).rows.get(lines).unwrap_or_default();
    let title = rows.iter().map(|row| row.text()).collect::<Vec<_>>().join(" / ");
    (!title.is_empty()).then_some(title)
}

/// What holds for all of it: where several tables of the definition share it, for the rows that each of them takes.
fn fixed(found: &Found<'_>, of: PrintedTable<'_>, names: &Names<'_>) -> Vec<String> {
    let sharing = found.sharing(of);
    if sharing.len() < 2 {
        return joined(&names.fixed(names.own)).into_iter().collect();
    }
    let own = sharing.iter().map(|own| (own, [names.fixed(own), rows(own)].concat()));
    own.filter_map(|(own, told)| Some(format!("{}: {}", own.name, joined(&told)?))).collect()
}

/// The rows that a table of the definition takes: `Coverage "Citizens"`.
fn rows(of: &TableDefinition) -> Vec<String> {
    let printed = |one: &OneOf| one.printed().iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>();
    let rules = of.rows.iter();
    rules
        .map(|(heading, one)| format!("{} {}", heading.get_ref(), list(&printed(one), MOST_SYMBOLS)))
        .collect()
}

/// What layout alone tells of headings and labels.
fn add_layout(block: &mut Block, found: &Found<'_>, of: PrintedTable<'_>, tally: &Tally) {
    let (labels, periods) = (layout::labels(found, of), describe_periods(&tally.periods));
    let periods = periods.into_iter().collect();
    let (header, stub) = if of.table.across.is_some() { (labels, periods) } else { (periods, labels) };
    block.add("header", header);
    block.add("stub", stub);
}

fn describe_figures(tally: &Tally) -> String {
    match tally.figures {
        0 => "none".into(),
        count => count.to_string(),
    }
}

/// What stands in place of figures: `3 "-" (nil)`.
fn symbols(tally: &Tally) -> Option<String> {
    let symbols: Vec<String> = tally
        .symbols
        .iter()
        .map(|((text, meaning), count)| {
            format!("{count} \"{}\" ({})", cut(text, 20), meaning.map_or("unknown".into(), describe_meaning))
        })
        .collect();
    joined(&symbols)
}

/// What is said of figures by what stands beside them.
fn flags(tally: &Tally) -> Option<String> {
    let flags: Vec<String> = tally
        .flags
        .iter()
        .map(|(meaning, count)| format!("{count} {} ({})", meaning.code(), meaning.name()))
        .collect();
    joined(&flags)
}

fn describe_meaning(meaning: FlagMeaning) -> String {
    match meaning {
        FlagMeaning::Nil => "nil".into(),
        FlagMeaning::Status(_) => format!("{}, {}", meaning.code(), meaning.name()),
    }
}

fn joined(parts: &[String]) -> Option<String> {
    (!parts.is_empty()).then(|| list(parts, MOST_SYMBOLS))
}

/// What was checked of all tables that a printed one is.
fn counts(found: &Found<'_>, of: PrintedTable<'_>, checked: &Summary) -> Counts {
    let mut counts = Counts::default();
    for table in found.sharing(of) {
        checked.tables_by_name.get(&table.name).into_iter().for_each(|of| counts.add(of));
    }
    counts
}

/// `24 of 24 add up, within 0.1; 3 nil symbols proven to be zero; 12 printed changes checked`
fn totals(counts: &Counts, found: &Found<'_>) -> String {
    let decimals = found.definition.map_or(0, Definition::decimals);
    let within = Some(counts.within).filter(|within| *within != 0);
    let within = within.map(|of| format!(", within {}", format_number(of, decimals))).unwrap_or_default();
    let sums = match counts.checks {
        0 => "none to check".into(),
        checks => format!("{} of {checks} add up{within}", counts.passed),
    };
    let nil =
        (counts.nil > 0).then(|| format!("{} proven to be zero", format_count(counts.nil, "nil symbol")));
    let claims =
        (counts.claims > 0).then(|| format!("{} checked", format_count(counts.claims, "printed change")));
    std::iter::once(sums).chain(nil).chain(claims).collect::<Vec<_>>().join("; ")
}

/// How many notes it has, and the marks that they begin with.
fn notes(of: PrintedTable<'_>) -> Option<String> {
    let marks: Vec<String> = of.table.notes.iter().filter_map(|note| note.mark.clone()).collect();
    let noun = if marks.len() == 1 { "mark" } else { "marks" };
    let marks = joined(&marks).map(|marks| format!(" ({noun} {marks})")).unwrap_or_default();
    (!of.table.notes.is_empty()).then(|| format!("{}{marks}", of.table.notes.len()))
}

/// How many problems stand in it.
fn problems(found: &Found<'_>, of: PrintedTable<'_>) -> Option<String> {
    let grid = found.grid(of);
    let rows = of.table.title.clone().chain(of.table.own_header()).chain(of.table.body.iter().copied());
    let rows: BTreeSet<u32> = rows.filter_map(|at| Some(grid.rows.get(at)?.number)).collect();
    let is_here = |problem: &&Problem| {
        let place = problem.spans.first().and_then(|span| span.place.as_ref());
        place.is_some_and(|place| place.sheet == grid.sheet && rows.contains(&place.row))
    };
    let count = found.extracted.problems.iter().filter(is_here).count();
    (count > 0).then(|| format!("{count}, listed below"))
}
