//! Labels that name no code: all of a document and dimension are one problem, with a block to paste into the definition.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::{Code, Dimension};
use crate::grammar::spreadsheet;
use crate::normalize::codes::CodeTable;
use crate::normalize::labels::LabelRow;
use crate::normalize::{BatchContext, CellRef, NormalizedBatch};
use crate::problem::{Problem, Rule, did_you_mean, find_alike, quote_toml};
use crate::regions;

/// How many unknown labels get suggestions: a document that is wrong throughout is not searched for hours.
const SUGGESTIONS: usize = 100;

/// How many labels are named, or shown in their place.
const SHOWN: usize = 5;

/// An unknown label, and where it is printed first.
type UnknownLabel<'b> = (&'b str, CellRef);

/// Reports unknown labels where they are printed.
pub(super) fn report_unknown(
    rows: &[LabelRow],
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut unknown: BTreeMap<(u32, usize), Vec<UnknownLabel<'_>>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (row, at) in rows.iter().flat_map(|row| row.unknown_dimensions().map(move |at| (row, at))) {
        match row.labels[at] {
            None => problems.push(no_label(row, &batch.codes[at], context)),
            Some(label) if seen.insert((row.table.0, at, label)) => {
                let text = batch.labels[label as usize].text.as_str();
                unknown.entry((row.table.0, at)).or_default().push((text, row.cell));
            }
            Some(_) => {}
        }
    }
    for ((_, at), labels) in unknown {
        report_labels(&labels, batch.codes[at].dimension, context, problems);
    }
}

/// A label with an explanation of its own is a problem of its own.
fn report_labels(
    labels: &[UnknownLabel<'_>],
    dimension: &Dimension,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut others = Vec::new();
    for (label, cell) in labels {
        match explain(label, dimension) {
            Some((why, help)) => {
                let problem = unknown_label(label, *cell, &why, dimension, context);
                problems.push(problem.help(help.unwrap_or_else(|| describe_remedy(dimension))));
            }
            None => others.push((*label, *cell)),
        }
    }
    match others.as_slice() {
        [] => {}
        [(label, cell)] => {
            let problem = unknown_label(label, *cell, &nothing_known(dimension), dimension, context);
            let names = names(dimension);
            let hint = did_you_mean(label, names.iter().map(|(name, _)| *name));
            problems.push(problem.help(hint.unwrap_or_else(|| describe_remedy(dimension))));
        }
        several => problems.push(unknown_labels(several, dimension, context)),
    }
}

/// Why a label is not understood, where more is known of it, and what to do.
fn explain(label: &str, dimension: &Dimension) -> Option<(String, Option<String>)> {
    let error = spreadsheet::explain_missing_value(label);
    let error = error.map(|(reason, help)| (reason.to_owned(), Some(help.to_owned())));
    let own = || Some(label).filter(|_| dimension.is_regions()).and_then(regions::explain_unknown);
    error.or_else(|| Some((own()?, None)))
}

fn unknown_label(
    label: &str,
    cell: CellRef,
    why: &str,
    dimension: &Dimension,
    context: BatchContext<'_>,
) -> Problem {
    let message = format!("the {} `{}` is unknown", dimension.name(), shorten(label));
    Problem::new(Rule::UnknownLabel, message, context.span(cell, why))
}

fn unknown_labels(labels: &[UnknownLabel<'_>], dimension: &Dimension, context: BatchContext<'_>) -> Problem {
    let named: Vec<String> =
        labels.iter().take(SHOWN).map(|(label, _)| format!("`{}`", shorten(label))).collect();
    let more = if labels.len() > SHOWN { " …" } else { "" };
    let count = labels.len();
    let message = format!("{count} labels of {} are unknown: {}{more}", dimension.name(), named.join(", "));
    let mut spans = labels.iter().take(SHOWN).map(|(_, cell)| context.span(*cell, ""));
    let first = spans.next().map(|span| crate::problem::Span { label: nothing_known(dimension), ..span });
    let first = first.unwrap_or_else(|| context.span(labels[0].1, ""));
    let problem = Problem::new(Rule::UnknownLabel, message, first);
    spans.fold(problem, Problem::with_span).help(describe_block(labels, dimension))
}

/// What to write into the definition for several labels, to be completed.
fn describe_block(labels: &[UnknownLabel<'_>], dimension: &Dimension) -> String {
    let names = names(dimension);
    let entry = |(label, _): &UnknownLabel<'_>| {
        let alike = find_alike(label, names.iter().map(|(name, _)| *name)).into_iter().next();
        let code = alike.and_then(|alike| names.iter().find(|(name, _)| *name == alike));
        match code {
            Some((name, code)) if dimension.is_regions() => {
                format!("    {} = \"{code}\" # {name}?\n", quote_toml(label))
            }
            Some((_, code)) => format!("    # {} may be a label of {code}\n", quote_toml(label)),
            None if dimension.is_regions() => format!("    {} = \"\"\n", quote_toml(label)),
            None => format!("    {} = {}\n", derive_code(label), quote_toml(label)),
        }
    };
    let entries: String = labels.iter().take(SUGGESTIONS).map(entry).collect();
    let table = if dimension.is_regions() { "labels" } else { "codes" };
    let name = dimension.name();
    let what = if dimension.is_regions() {
        "complete with codes that `bluebook regions --list` has"
    } else {
        "or add them to the `labels` of codes"
    };
    format!(
        "under the `[[dimension]]` {name} of the definition, {what}:\n    [dimension.{table}]\n{}",
        entries.trim_end()
    )
}

/// A code made of a label: its letters and digits in capitals.
fn derive_code(label: &str) -> String {
    let capital = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let code: String = label.chars().map(capital).collect();
    let parts: Vec<&str> = code.split('_').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "CODE".into() } else { parts.join("_") }
}

/// What labels of a dimension can say, with the code for it.
fn names(dimension: &Dimension) -> Vec<(&str, &str)> {
    if !dimension.is_regions() {
        let own = dimension.own_codes().iter();
        return own
            .flat_map(|code| Code::printed(code).map(|name| (name, code.code.get_ref().as_str())))
            .collect();
    }
    let own = dimension.names.iter().map(|(code, name)| (name.as_str(), code.get_ref().as_str()));
    own.chain(regions::all_regions().map(|region| (region.name, region.code))).collect()
}

fn nothing_known(dimension: &Dimension) -> String {
    if dimension.is_regions() {
        "no country, territory, group, residual or total has this name".into()
    } else {
        format!("no code of `{}` has this name or label", dimension.name())
    }
}

fn describe_remedy(dimension: &Dimension) -> String {
    if dimension.is_regions() {
        "name it in the definition, under `[dimension.labels]`, with a code that `bluebook regions --list` has".into()
    } else {
        "add it to the `labels` of a code under `[dimension.codes]` in the definition".into()
    }
}

/// A row without a label that is no total, in a table whose code the definition does not give.
fn no_label(row: &LabelRow, codes: &CodeTable<'_>, context: BatchContext<'_>) -> Problem {
    let name = codes.dimension.name();
    let span = context.span(row.cell, format!("no {name} is printed before it"));
    let table = context.table_name(row.table.1);
    let help = format!(
        "mend the document; where all of table {table} is of one {name}, name it: `only = {{ {name} = \"…\" }}` under its `[[table]]`"
    );
    Problem::new(Rule::NoLabel, format!("the row has no {name}"), span).help(help)
}

/// As much of a label as a message needs.
fn shorten(label: &str) -> String {
    const ENOUGH: usize = 80;
    match label.char_indices().nth(ENOUGH) {
        Some((end, _)) => format!("{}…", &label[..end]),
        None => label.to_owned(),
    }
}
