//! A draft as TOML: what is sure as keys, what is not as comments that ask.

mod layout;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::draft::code_list::{DraftCode, assign_codes};
use crate::draft::dimension::{DraftCodes, DraftDimension, TOPIC};
use crate::draft::framed::FixedPeriod;
use crate::draft::printed_table::{FigureStyle, PrintedTable};
use crate::draft::structure::ColumnRole;
use crate::draft::sums::FoundSums;
use crate::draft::{Choices, Drafted};
use crate::grammar::status_flag::NIL_SYMBOLS;
use crate::problem::quote_toml;
use crate::regions::normalize;
use layout::{layout_words, write_flags, write_ignored, write_left};

/// Writes a definition.
#[must_use]
pub fn write_definition(drafted: &Drafted<'_>, dimensions: &[DraftDimension], choices: Choices) -> String {
    let mut text = String::new();
    write_head(drafted, choices, &mut text);
    write_measure(drafted, choices, &mut text);
    if drafted.tables.iter().any(|table| table.frame.is_some() && table.style().is_rounded) {
        line(
            &mut text,
            "\n[figures]\nrounded = true # The workbook stores more decimals than it shows: round them?",
        );
    }
    write_symbols(drafted, choices, &mut text);
    write_flags(drafted, &mut text);
    for dimension in dimensions {
        write_dimension(dimension, &mut text);
    }
    write_tables(drafted, dimensions, choices, &mut text);
    text
}

/// Adds a line.
fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}

fn write_head(drafted: &Drafted<'_>, choices: Choices, text: &mut String) {
    line(text, "# Drafted by `bluebook init`. What a line with a question asks is for you to say.\n");
    line(text, &format!("name = {}", quote_toml(drafted.name)));
    let title = drafted.tables.iter().find_map(|table| table.title.first().cloned());
    let title = title.unwrap_or_else(|| drafted.name.to_owned());
    line(text, &format!("title = {} # What is the dataset, in one line?", quote_toml(&title)));
    line(text, "publisher = \"?\" # Who publishes it?");
    if let Some(length) = regular_period(drafted) {
        line(text, &format!("regular_period = \"{length}\""));
    }
    if choices.is_skeleton {
        line(
            text,
            "financial_year = \"July\"\nfinancial_year_named_by = \"end\"\ndate_order = \"day-first\"",
        );
    }
    if !choices.has_totals {
        line(text, "totals = \"optional\" # Not all tables print totals that add up: is that right?");
    }
}

/// The length that most periods have, where it is not the year.
fn regular_period(drafted: &Drafted<'_>) -> Option<&'static str> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for months in drafted.tables.iter().flat_map(|table| &table.months) {
        *counts.entry(*months).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(months, count)| (*count, *months))?.0;
    match most {
        1 => Some("month"),
        3 => Some("quarter"),
        6 => Some("half-year"),
        _ => None,
    }
}

fn write_measure(drafted: &Drafted<'_>, choices: Choices, text: &mut String) {
    let styles = || drafted.tables.iter().map(PrintedTable::style);
    let style = styles().reduce(FigureStyle::with).unwrap_or_default();
    let measures = &drafted.structure.measures;
    if has_measures(drafted) {
        let labels: Vec<String> = measures.iter().map(|measure| measure.label.clone()).collect();
        let codes = assign_codes(&labels, &FoundSums::none(labels.len()));
        for (measure, code) in measures.iter().zip(codes) {
            line(text, &format!("\n[[measure]]\ncode = {}", quote_toml(code.code.trim_start_matches('_'))));
            line(text, &format!("name = {}", quote_toml(&measure.label)));
            line(text, "unit = \"units\" # In which unit?");
            write_style(measure.style, text);
            if !choices.is_additive || measure.style.decimals > 0 {
                line(text, "additive = false # Do its figures add up?");
            }
        }
        if has_unnamed(drafted) {
            line(
                text,
                &format!(
                    "\n[[measure]]\ncode = \"{FIGURES}\"\nname = \"figures\" # What do the others count?"
                ),
            );
            line(text, "unit = \"units\" # In which unit?");
            write_style(style, text);
            if !choices.is_additive {
                line(text, "additive = false # Do they add up?");
            }
        }
        return;
    }
    line(text, "\n[measure]");
    let name = measures.first().map_or("figures", |measure| measure.label.as_str());
    line(text, &format!("name = {} # What do the figures count?", quote_toml(name)));
    line(text, "unit = \"units\" # In which unit?");
    write_style(style, text);
    if !choices.is_additive {
        line(
            text,
            "additive = false # They do not add up to the totals: are they rates, indices or averages?",
        );
    }
}

/// The code of the measure of figures whose heading names none.
const FIGURES: &str = "FIGURES";

/// Whether some figures are of a measure that no heading names.
fn has_unnamed(drafted: &Drafted<'_>) -> bool {
    drafted.tables.iter().any(|table| !names_measure(table))
}

/// Whether there are several measures.
fn has_measures(drafted: &Drafted<'_>) -> bool {
    let named = drafted.structure.measures.len();
    named + usize::from(named > 0 && has_unnamed(drafted)) > 1
}

/// Whether the header of a table names a measure above each column of figures.
fn names_measure(table: &PrintedTable) -> bool {
    let words = table.frame.iter().flat_map(|frame| &frame.words).filter(|words| words.is_measure);
    words.into_iter().any(|words| !words.has_blank)
}

fn write_style(style: FigureStyle, text: &mut String) {
    if style.decimals > 0 {
        line(text, &format!("decimals = {}", style.decimals));
    }
    if style.is_negative {
        line(text, "negative = true");
    }
}

fn write_symbols(drafted: &Drafted<'_>, choices: Choices, text: &mut String) {
    let mut symbols: Vec<&String> = drafted.tables.iter().flat_map(|table| &table.symbols).collect();
    symbols.sort();
    symbols.dedup();
    let has_blanks =
        drafted.tables.iter().any(|table| table.frame.as_ref().is_some_and(|frame| frame.has_blanks));
    if symbols.is_empty() && !has_blanks {
        return;
    }
    line(text, "\n[symbols] # in place of a figure");
    if has_blanks {
        line(text, "\"\" = { status = \"O\", meaning = \"empty cell\" } # Are figures missing there?");
    }
    for symbol in symbols {
        let meaning = symbol_meaning(symbol, choices);
        line(text, &format!("{} = {meaning}", quote_toml(symbol)));
    }
}

fn symbol_meaning(symbol: &str, choices: Choices) -> &'static str {
    if choices.has_nil && NIL_SYMBOLS.contains(&symbol) {
        "\"nil\" # nothing, as far as totals prove it"
    } else {
        "{ status = \"O\", meaning = \"not available\" } # What does it stand for?"
    }
}

fn write_dimension(dimension: &DraftDimension, text: &mut String) {
    line(text, "\n[[dimension]]");
    line(text, &format!("name = \"{}\"", dimension.name));
    line(text, &format!("meaning = {}", quote_toml(&dimension.meaning)));
    if !dimension.partitions.is_empty() {
        let parts =
            |codes: &Vec<String>| codes.iter().map(|code| quote_toml(code)).collect::<Vec<_>>().join(", ");
        let partitions: Vec<String> =
            dimension.partitions.iter().map(|codes| format!("[{}]", parts(codes))).collect();
        line(text, &format!("partitions = [{}] # each makes the total", partitions.join(", ")));
    }
    match &dimension.codes {
        DraftCodes::Tables(codes) => {
            line(text, "printed = \"table\" # its codes tell tables apart");
            write_codes(&codes.iter().collect::<Vec<_>>(), text);
        }
        DraftCodes::Labels(codes) => {
            // Labels that differ in case or punctuation only are one.
            let mut seen = BTreeSet::new();
            let distinct = codes.iter().filter(|code| seen.insert(normalize(&code.label)));
            write_codes(&distinct.collect::<Vec<_>>(), text);
        }
        DraftCodes::Regions(unknown) => {
            line(text, "codes = \"regions\"");
            write_region_words(unknown, text);
        }
    }
}

/// What the built-in regions do not know: groups with names of their own and what they hold, and what labels mean.
fn write_region_words(unknown: &[DraftCode], text: &mut String) {
    let groups = || unknown.iter().filter(|code| code.code.starts_with('X'));
    if groups().next().is_some() {
        line(text, "\n[dimension.names] # groups of its own");
        for code in groups() {
            pair(text, &code.code, &code.label);
        }
    }
    if groups().any(|code| !code.members.is_empty()) {
        line(text, "\n[dimension.members] # by their sums");
        for code in groups().filter(|code| !code.members.is_empty()) {
            let members: Vec<String> = code.members.iter().map(|member| quote_toml(member)).collect();
            line(text, &format!("{} = [{}]", code.code, members.join(", ")));
        }
    }
    if !unknown.is_empty() {
        line(text, "\n[dimension.labels] # Which regions are these?");
        for code in unknown {
            pair(text, &quote_toml(&code.label), &code.code);
        }
    }
}

fn write_codes(codes: &[&DraftCode], text: &mut String) {
    line(text, "\n[dimension.codes]");
    for code in codes {
        let name = quote_toml(&code.label);
        match &code.parent {
            None => pair(text, &code.code, &code.label),
            Some(parent) => {
                line(text, &format!("{} = {{ name = {name}, parent = \"{parent}\" }}", code.code));
            }
        }
    }
}

fn pair(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {}", quote_toml(value));
}

/// Tables that are told by their titles, and have one label column with a label in each row, need no words.
fn write_tables(drafted: &Drafted<'_>, dimensions: &[DraftDimension], choices: Choices, text: &mut String) {
    let codes = match dimensions.first() {
        Some(DraftDimension { codes: DraftCodes::Tables(codes), .. }) => codes.as_slice(),
        _ => &[],
    };
    for (at, table) in drafted.tables.iter().enumerate() {
        let mut words = Vec::new();
        let named = drafted.structure.names.get(at).and_then(|name| name.sheet.as_ref());
        if let Some(sheet) = named.or(table.frame.as_ref().and(table.sheet.as_ref())) {
            words.push(format!("sheet = {}", quote_toml(sheet)));
        }
        if let Some(frame) = &table.frame {
            words.extend(layout_words(frame, at, drafted, dimensions, choices));
        } else if table.columns.is_empty() {
            words.push("# Its rows have no labels: are its figures totals? Else say their codes.".into());
        } else {
            words.extend(label_columns(&drafted.structure.columns[at], dimensions));
        }
        if words.is_empty() {
            continue;
        }
        let fixed =
            fixed_codes(dimensions, table, codes.get(at), (has_measures(drafted), choices.is_skeleton));
        line(text, "\n[[table]]");
        if !fixed.is_empty() {
            line(text, &format!("fixed = {{ {fixed} }}"));
        }
        for words in words {
            line(text, &words);
        }
    }
    write_ignored(drafted, text);
    write_left(drafted, text);
}

/// What holds for all of a table: its own code, and where its rows have no labels the total of the other dimensions.
fn fixed_codes(
    dimensions: &[DraftDimension],
    table: &PrintedTable,
    code: Option<&DraftCode>,
    (has_measures, is_skeleton): (bool, bool),
) -> String {
    let own = code.map(|code| format!("{TOPIC} = \"{}\"", code.code));
    let is_bare = table.columns.is_empty() && table.frame.is_none();
    let others = dimensions.iter().skip(usize::from(code.is_some())).filter(|_| is_bare);
    let others = others.map(|dimension| format!("{} = \"_T\"", dimension.name));
    let period = table.frame.as_ref().and_then(|frame| match &frame.period {
        Some(FixedPeriod::Printed(period)) => Some(format!("period = \"{period}\"")),
        None if is_skeleton && !frame.names_period => Some("period = \"2000\"".to_owned()),
        _ => None,
    });
    let measure = (has_measures && !names_measure(table)).then(|| format!("measure = \"{FIGURES}\""));
    own.into_iter().chain(others).chain(period).chain(measure).collect::<Vec<_>>().join(", ")
}

/// What the label columns of a table name, where it is not the one dimension that there is.
fn label_columns(columns: &[ColumnRole], dimensions: &[DraftDimension]) -> Option<String> {
    let dimensions: Vec<&DraftDimension> =
        dimensions.iter().filter(|dimension| dimension.name != TOPIC).collect();
    let name = |role: &ColumnRole| match role {
        ColumnRole::Ignored => "\"ignored\"".to_owned(),
        ColumnRole::Dimension(at) => quote_toml(&dimensions[*at].name),
    };
    let names: Vec<String> = columns.iter().map(name).collect();
    (columns.len() > 1 || dimensions.len() > 1).then(|| format!("stub = [{}]", names.join(", ")))
}
