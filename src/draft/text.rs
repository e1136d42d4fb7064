//! A draft as TOML: what is sure as keys, what is not as comments that ask.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::draft::code_list::DraftCode;
use crate::draft::dimension::{DraftCodes, DraftDimension, TOPIC};
use crate::draft::printed_table::PrintedTable;
use crate::draft::{Choices, DraftParts};
use crate::grammar::status_flag::NIL_SYMBOLS;
use crate::problem::quote_toml;

/// Writes a definition.
#[must_use]
pub fn write_definition(parts: &DraftParts<'_>) -> String {
    let mut text = String::new();
    write_head(parts, &mut text);
    write_measure(parts, &mut text);
    write_symbols(parts, &mut text);
    for dimension in parts.dimensions {
        write_dimension(dimension, &mut text);
    }
    write_tables(parts, &mut text);
    text
}

/// Adds a line.
fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}

fn write_head(parts: &DraftParts<'_>, text: &mut String) {
    line(text, "# Drafted by `bluebook init`. What a line with a question asks is for you to say.\n");
    line(text, &format!("name = {}", quote_toml(parts.name)));
    let title =
        parts.tables.iter().find_map(|table| table.title.clone()).unwrap_or_else(|| parts.name.to_owned());
    line(text, &format!("title = {} # What is the dataset, in one line?", quote_toml(&title)));
    line(text, "publisher = \"?\" # Who publishes it?");
    if let Some(length) = regular_period(parts) {
        line(text, &format!("regular_period = \"{length}\""));
    }
    if !parts.choices.has_totals {
        line(text, "totals = \"optional\" # Not all tables print totals that add up: is that right?");
    }
}

/// The length that most periods have, where it is not the year.
fn regular_period(parts: &DraftParts<'_>) -> Option<&'static str> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for months in parts.tables.iter().flat_map(|table| &table.months) {
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

fn write_measure(parts: &DraftParts<'_>, text: &mut String) {
    let styles = || parts.tables.iter().map(|table| table.style());
    line(text, "\n[measure]");
    line(text, "name = \"figures\" # What do the figures count?");
    line(text, "unit = \"units\" # In which unit?");
    let decimals = styles().map(|style| style.decimals).max().unwrap_or_default();
    if decimals > 0 {
        line(text, &format!("decimals = {decimals}"));
    }
    if styles().any(|style| style.is_negative) {
        line(text, "negative = true");
    }
    if !parts.choices.is_additive {
        line(
            text,
            "additive = false # They do not add up to the totals: are they rates, indices or averages?",
        );
    }
}

fn write_symbols(parts: &DraftParts<'_>, text: &mut String) {
    let mut symbols: Vec<&String> = parts.tables.iter().flat_map(|table| &table.symbols).collect();
    symbols.sort();
    symbols.dedup();
    if symbols.is_empty() {
        return;
    }
    line(text, "\n[symbols] # in place of a figure");
    for symbol in symbols {
        let meaning = symbol_meaning(symbol, parts.choices);
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
    match &dimension.codes {
        DraftCodes::Tables(codes) => {
            line(text, "printed = \"table\" # its codes tell tables apart");
            write_codes(codes, text);
        }
        DraftCodes::Labels(codes) => write_codes(codes, text),
        DraftCodes::Regions(unknown) => {
            line(text, "codes = \"regions\"");
            if !unknown.is_empty() {
                line(text, "\n[dimension.names] # groups of its own");
                unknown.iter().for_each(|code| pair(text, &code.code, &code.label));
                line(text, "\n[dimension.labels] # Which regions are these?");
                unknown.iter().for_each(|code| pair(text, &quote_toml(&code.label), &code.code));
            }
        }
    }
}

fn write_codes(codes: &[DraftCode], text: &mut String) {
    line(text, "\n[dimension.codes]");
    codes.iter().for_each(|code| pair(text, &code.code, &code.label));
}

fn pair(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {}", quote_toml(value));
}

/// Tables whose titles are those of the dimension that tells them apart need no words; others are named by their sheets.
fn write_tables(parts: &DraftParts<'_>, text: &mut String) {
    let Some(DraftDimension { codes: DraftCodes::Tables(codes), .. }) = parts.dimensions.first() else {
        return write_label_columns(parts, text);
    };
    for (table, code) in parts.tables.iter().zip(codes) {
        let by_sheet = table.sheet.as_ref().filter(|sheet| **sheet == code.label);
        let needs_words = by_sheet.is_some() || table.columns.is_empty();
        if !needs_words {
            continue;
        }
        line(text, "\n[[table]]");
        line(text, &format!("fixed = {{ {} }}", fixed_codes(parts, table, code)));
        if let Some(sheet) = by_sheet {
            line(text, &format!("sheet = {}", quote_toml(sheet)));
        }
        if table.columns.is_empty() {
            line(text, "# Its rows have no labels: are its figures totals? Else say their codes here.");
        }
    }
}

/// What holds for all of a table: its own code, and where its rows have no labels the total of the other dimensions.
fn fixed_codes(parts: &DraftParts<'_>, table: &PrintedTable, code: &DraftCode) -> String {
    let others = parts.dimensions.iter().skip(1).filter(|_| table.columns.is_empty());
    let others = others.map(|dimension| format!(", {} = \"_T\"", dimension.name));
    format!("{TOPIC} = \"{}\"{}", code.code, others.collect::<String>())
}

/// Several label columns are told from left to right.
fn write_label_columns(parts: &DraftParts<'_>, text: &mut String) {
    if parts.dimensions.len() > 1 {
        let names: Vec<String> =
            parts.dimensions.iter().map(|dimension| quote_toml(&dimension.name)).collect();
        line(text, "\n[[table]]");
        line(text, &format!("stub = [{}]", names.join(", ")));
    }
}
