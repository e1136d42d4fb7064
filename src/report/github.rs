//! A run as GitHub Actions shows it: annotations at the lines of documents, a page that sums a job up, and outputs that
//! later steps read.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::report::{Dataset, Finding, Report, Severity, Spot};
use crate::text::format_count;

/// How many annotations of a kind GitHub takes from one step.
const MOST_OF_A_KIND: usize = 10;
/// How many problems a page lists.
const MOST_LISTED: usize = 100;
/// How large a page may be, in bytes.
const LARGEST_PAGE: usize = 1 << 20;

/// The annotations, a line each: at most ten of a kind, the last of which sums up the rest.
#[must_use]
pub fn annotations(report: &Report, workspace: Option<&Path>) -> String {
    let mut lines = String::new();
    if let Some(error) = &report.error {
        let _ = writeln!(lines, "::error title=bluebook::{}", data(error));
    }
    for severity in [Severity::Error, Severity::Warning] {
        let all: Vec<&Finding> = report.problems.iter().filter(|of| of.severity == severity).collect();
        let room = MOST_OF_A_KIND - usize::from(severity == Severity::Error && report.error.is_some());
        let shown = if all.len() > room { room - 1 } else { all.len() };
        all.iter().take(shown).for_each(|problem| lines += &annotation(problem, workspace));
        if let more @ 1.. = all.len() - shown {
            let more = format_count(more, severity.name());
            let _ = writeln!(lines, "::{} title=bluebook::and {more} more, in the log", severity.name());
        }
    }
    lines
}

fn annotation(problem: &Finding, workspace: Option<&Path>) -> String {
    let spot = problem.places.first();
    let place = spot.map(|spot| properties(spot, workspace)).unwrap_or_default();
    let cell = spot.and_then(|spot| spot.cell.as_deref()).map(|cell| format!("{cell}: ")).unwrap_or_default();
    let (kind, title) = (problem.severity.name(), property(problem.rule));
    format!("::{kind} {place}title={title}::{}\n", data(&(cell + &problem.words())))
}

/// `file=…,line=…,col=…,endColumn=…,`; the last column is the last character that is meant.
fn properties(spot: &Spot, workspace: Option<&Path>) -> String {
    let file = property(&within(&spot.file, workspace));
    match (spot.line, spot.column, spot.end_column) {
        (Some(line), Some(column), Some(end)) => {
            format!("file={file},line={line},col={column},endColumn={},", end - 1)
        }
        _ => format!("file={file},"),
    }
}

/// The path as the repository knows it.
fn within(file: &str, workspace: Option<&Path>) -> String {
    let inside = |workspace: &Path| -> Option<String> {
        let (file, workspace) = (fs::canonicalize(file).ok()?, fs::canonicalize(workspace).ok()?);
        Some(file.strip_prefix(workspace).ok()?.to_string_lossy().into_owned())
    };
    workspace.and_then(inside).unwrap_or_else(|| file.into())
}

/// A text as the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The outputs of the step, a line each. None of the values can hold a line break.
#[must_use]
pub fn outputs(report: &Report) -> String {
    let release = report.release().unwrap_or_default();
    format!("changed={}\nrelease={release}\nproblems={}\n", report.changed, report.errors())
}

/// The page that sums the job up, in Markdown, within the room that there is.
#[must_use]
pub fn page(report: &Report, taken: usize) -> String {
    let mut page = format!("## bluebook {}: {}\n\n", report.command, report.headline());
    if let Some(error) = &report.error {
        let _ = writeln!(page, "{}\n", cell(error));
    }
    page += &table_of_datasets(&report.datasets);
    page += &table_of_problems(&report.problems);
    cut(page, LARGEST_PAGE.saturating_sub(taken))
}

fn table_of_datasets(datasets: &[Dataset]) -> String {
    if datasets.is_empty() {
        return String::new();
    }
    let mut table = String::from(
        "| dataset | release | documents | tables | figures | totals that add up | observations |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for of in datasets {
        let sum = |which: fn(&crate::report::Checks) -> usize| of.checks.iter().map(which).sum::<usize>();
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} of {} | {} |",
            cell(&of.name),
            of.releases.last().map_or("", String::as_str),
            of.documents,
            of.tables,
            sum(|checks| checks.figures),
            sum(|checks| checks.passed),
            sum(|checks| checks.totals),
            of.observations,
        );
    }
    table + "\n"
}

fn table_of_problems(problems: &[Finding]) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let mut table = String::from("| | place | problem |\n| --- | --- | --- |\n");
    for problem in problems.iter().take(MOST_LISTED) {
        let place = problem.places.first().map(Spot::named).unwrap_or_default();
        let (kind, words) = (problem.severity.name(), problem.words());
        let _ = writeln!(table, "| {kind} | {} | {} |", cell(&place), cell(&words));
    }
    if let more @ 1.. = problems.len().saturating_sub(MOST_LISTED) {
        let _ = writeln!(table, "\nand {more} more, in the log");
    }
    table + "\n"
}

/// A text in a cell of a table: nothing in it is markup.
fn cell(text: &str) -> String {
    let escaped = |c: char| match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '#' | '$' | '!' => format!("\\{c}"),
        c if c.is_control() => " ".into(),
        c => c.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// What ends a page that was cut.
const END: &str = "\nthe rest is in the log\n";

/// The page, cut after a line where it is too large.
fn cut(page: String, room: usize) -> String {
    if page.len() <= room {
        return page;
    }
    let room = room.saturating_sub(END.len());
    match page.bytes().take(room).rposition(|byte| byte == b'\n') {
        Some(end) => format!("{}{END}", page.get(..=end).unwrap_or_default()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_cannot_hold_is_escaped() {
        assert_eq!(data("50%:\r\na,b"), "50%25:%0D%0Aa,b");
        assert_eq!(property("50%:\r\na,b"), "50%25%3A%0D%0Aa%2Cb");
    }

    #[test]
    fn nothing_in_a_cell_is_markup() {
        assert_eq!(cell("a|b\n<b>`*_[x](y)&amp;\\"), "a\\|b &lt;b>\\`\\*\\_\\[x\\](y)&amp;amp;\\\\");
    }

    #[test]
    fn a_page_is_cut_after_a_line_within_its_room() {
        let page: String = (0..20).map(|at| format!("line {at}\n")).collect();
        assert_eq!(cut(page.clone(), 10_000), page);
        assert_eq!(cut(page.clone(), 39), "line 0\nline 1\n\nthe rest is in the log\n");
        assert_eq!(cut(page, 10), "");
    }
}
