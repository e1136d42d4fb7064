//! Differences for people: lines of text, or tables in Markdown.

use comfy_table::Table;
use comfy_table::presets::NOTHING;

use crate::cli::diff::told::{self, CodeFigure, Completed, Differences, Moved, Residual};
use crate::history::change::{Change, DecimalFigure};
use crate::report::github::escape_cell;
use crate::text::format_count;

/// A part of what is told: rows under headings.
struct Section {
    title: &'static str,
    header: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

/// What is told, in lines.
pub fn text(differences: &Differences) -> String {
    let sections = sections(differences);
    let sections = sections.iter().map(|section| format!("{}\n{}", section.title, align(&section.rows)));
    let sections: String = sections.collect();
    format!("{}\n{sections}{}\n", headline(differences), ending(differences))
}

/// Lines in columns.
fn align(rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.add_rows(rows);
    table.lines().map(|line| format!(" {}\n", line.trim_end())).collect()
}

/// Changes in lines, as they stand in what is told.
pub fn list_changes<'c>(changes: impl Iterator<Item = &'c Change>) -> String {
    align(&changes.map(change).collect::<Vec<_>>())
}

/// What is told, in tables.
pub fn markdown(differences: &Differences) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let sections = sections(differences);
    let sections = sections.iter().map(|section| {
        let header: Vec<String> = section.header.iter().map(|name| (*name).to_owned()).collect();
        let rule = vec!["---".to_owned(); header.len()];
        let rows =
            section.rows.iter().map(|row| row.iter().map(|cell| escape_cell(cell)).collect::<Vec<_>>());
        let rows: String = rows.map(|row| line(&row)).collect();
        format!("### {}\n\n{}{}{rows}\n", section.title, line(&header), line(&rule))
    });
    let sections: String = sections.collect();
    format!("## {}\n\n{sections}{}\n", escape_cell(&headline(differences)), ending(differences))
}

fn headline(differences: &Differences) -> String {
    format!("{}: {} -> {}", differences.dataset, differences.old, differences.new)
}

fn ending(differences: &Differences) -> String {
    let unchanged = format!("unchanged: {}", format_count(differences.unchanged, "figure"));
    match differences.tables_left_out {
        0 => unchanged,
        tables => format!("{unchanged}; not printed anew: {}", format_count(tables, "table")),
    }
}

/// The parts in which there is anything, in the order in which they are told.
fn sections(differences: &Differences) -> Vec<Section> {
    let changes = |title, changes: &[Change]| {
        let rows = changes.iter().map(change).collect();
        Section { title, header: &["figure", "was", "is", "difference", "source"], rows }
    };
    let (title, header) = ("folded and listed", &["table", "folded", "listed", "residual"]);
    let moves = Section { title, header, rows: differences.moved.iter().map(moved).collect() };
    let (title, header) = ("completed", &["table", "completes", "total"]);
    let whole = Section { title, header, rows: differences.completed.iter().map(completed).collect() };
    let (title, header) = ("new tables", &["table", "figures", "total"]);
    let new = Section { title, header, rows: differences.new_tables.iter().map(new_table).collect() };
    let told = [
        changes("revised", &differences.revised),
        changes("withdrawn", &differences.withdrawn),
        changes("supplied", &differences.supplied),
        changes("status", &differences.status),
        moves,
        whole,
        new,
    ];
    told.into_iter().filter(|section| !section.rows.is_empty()).collect()
}

fn change(change: &Change) -> Vec<String> {
    let place = change.source_position.as_deref().map(|place| format!(":{place}")).unwrap_or_default();
    let [was, is, difference] = change.words();
    vec![change.key.clone(), was, is, difference, format!("{}{place}", change.source)]
}

fn moved(moved: &Moved) -> Vec<String> {
    let codes = |word: &str, codes: &[CodeFigure]| {
        let codes = codes.iter().map(|of| format!("{} {}", of.code, value(of.value))).collect::<Vec<_>>();
        if codes.is_empty() { String::new() } else { format!("{word} {}", codes.join(", ")) }
    };
    let residuals = moved.residuals.iter().map(residual).collect::<Vec<_>>().join("; ");
    vec![moved.table.clone(), codes("folded", &moved.folded), codes("listed", &moved.listed), residuals]
}

/// A residual as the sum that it is.
fn residual(residual: &Residual) -> String {
    let Residual { code, old, new, folded, listed, revised } = residual;
    let Some(revised) = revised else { return format!("{code} {} -> {}", value(*old), value(*new)) };
    let terms = |sign: &str, codes: &[CodeFigure]| -> String {
        codes.iter().map(|of| format!(" {sign} {}", value(of.value))).collect()
    };
    let more = match revised.value {
        0 => String::new(),
        _ => format!(", revised by {}", revised.signed()),
    };
    format!("{code} {} = {}{}{}{more}", value(*new), value(*old), terms("+", folded), terms("-", listed))
}

fn value(figure: Option<DecimalFigure>) -> String {
    figure.map_or_else(|| "missing".to_owned(), |figure| figure.to_string())
}

fn completed(completed: &Completed) -> Vec<String> {
    let Completed { table, part, old_total, total } = completed;
    let totals = old_total.zip(*total).map(|(old, new)| format!("total {old} -> {new}"));
    vec![table.clone(), format!("completes {part}"), totals.unwrap_or_default()]
}

fn new_table(table: &told::Table) -> Vec<String> {
    let total = table.total.map(|total| format!("total {total}")).unwrap_or_default();
    vec![table.key.clone(), format_count(table.figures, "figure"), total]
}
