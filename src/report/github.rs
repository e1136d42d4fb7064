//! A run for GitHub Actions: annotations at the lines of documents, a config summary, and outputs for later steps.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::history::change::Change;
use crate::problem::{Severity, escape};
use crate::report::{CheckCounts, DatasetReport, Finding, Location, NewestRelease, Report};
use crate::text::format_count;

/// How many annotations of one severity GitHub accepts from a step.
const MAX_ANNOTATIONS: usize = 10;
/// How many problems a summary lists.
const MAX_PROBLEMS: usize = 100;
/// How many revisions a summary lists.
const MAX_REVISIONS: usize = 100;
/// How large a summary may be, in bytes.
const MAX_SUMMARY: usize = 1 << 20;

/// Formats the annotations, a line each: at most ten of a severity, the last of which counts the rest.
#[must_use]
pub fn format_annotations(report: &Report, workspace: Option<&Path>) -> String {
    let mut lines = String::new();
    if let Some(error) = &report.error {
        let _ = writeln!(lines, "::error title=bluebook::{}", escape_data(error));
    }
    for severity in [Severity::Error, Severity::Warning] {
        let all: Vec<&Finding> =
            report.problems.iter().filter(|problem| problem.severity == severity).collect();
        let room = MAX_ANNOTATIONS - usize::from(severity == Severity::Error && report.error.is_some());
        let shown = if all.len() > room { room - 1 } else { all.len() };
        all.iter().take(shown).for_each(|problem| lines += &format_annotation(problem, workspace));
        if let more @ 1.. = all.len() - shown {
            let more = format_count(more, severity.name());
            let _ = writeln!(lines, "::{} title=bluebook::and {more} more, in the log", severity.name());
        }
    }
    lines
}

fn format_annotation(problem: &Finding, workspace: Option<&Path>) -> String {
    let location = problem.places.first();
    let place = location.map(|location| format_location(location, workspace)).unwrap_or_default();
    let cell = location
        .and_then(|location| location.cell.as_deref())
        .map(|cell| format!("{cell}: "))
        .unwrap_or_default();
    let (kind, title) = (problem.severity.name(), escape_property(problem.rule.id()));
    format!("::{kind} {place}title={title}::{}\n", escape_data(&(cell + &problem.full_message())))
}

/// `file=…,line=…,col=…,endColumn=…,`; GitHub counts the last column in.
fn format_location(location: &Location, workspace: Option<&Path>) -> String {
    let file = escape_property(&strip_workspace(&location.file, workspace));
    match (location.line, location.column, location.end_column) {
        (Some(line), Some(column), Some(end)) => {
            format!("file={file},line={line},col={column},endColumn={},", end - 1)
        }
        _ => format!("file={file},"),
    }
}

/// Makes a path relative to the workspace, if it is in it.
fn strip_workspace(file: &str, workspace: Option<&Path>) -> String {
    let inside = |workspace: &Path| -> Option<String> {
        let (file, workspace) = (fs::canonicalize(file).ok()?, fs::canonicalize(workspace).ok()?);
        Some(file.strip_prefix(workspace).ok()?.to_string_lossy().into_owned())
    };
    workspace.and_then(inside).unwrap_or_else(|| file.into())
}

/// Escapes a text for the message of a workflow command.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a text for a property of a workflow command.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Formats the outputs of the step, a line each. No value can contain a line break.
#[must_use]
pub fn format_outputs(report: &Report) -> String {
    let release = report.newest_release().unwrap_or_default();
    let (changed, problems, revised) = (report.changed, report.count_errors(), report.count_revised());
    let late = report.releases_changed().join(",");
    format!(
        "changed={changed}\nrelease={release}\nproblems={problems}\nrevised={revised}\nreleases_changed={late}\n"
    )
}

/// Formats the config summary in Markdown; `taken` bytes of the limit are used already.
#[must_use]
pub fn format_summary(report: &Report, taken: usize) -> String {
    let mut page = format!("## bluebook {}: {}\n\n", report.command, report.headline());
    if let Some(error) = &report.error {
        let _ = writeln!(page, "{}\n", escape_cell(error));
    }
    page += &format_datasets(&report.datasets);
    page += &format_revisions(&report.datasets);
    page += &format_problems(&report.problems);
    truncate(page, MAX_SUMMARY.saturating_sub(taken))
}

fn format_datasets(datasets: &[DatasetReport]) -> String {
    if datasets.is_empty() {
        return String::new();
    }
    let mut table = String::from(
        "| dataset | release | documents | tables | figures | totals that add up | observations |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for dataset in datasets {
        let sum = |which: fn(&CheckCounts) -> usize| dataset.checks.iter().map(which).sum::<usize>();
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} of {} | {} |",
            escape_cell(&dataset.name),
            dataset.releases.last().map_or("", String::as_str),
            dataset.documents,
            dataset.tables,
            sum(|checks| checks.figures),
            sum(|checks| checks.passed),
            sum(|checks| checks.totals),
            dataset.observations,
        );
    }
    table + "\n"
}

/// What the newest releases revised, the largest first.
fn format_revisions(datasets: &[DatasetReport]) -> String {
    let newest: Vec<&NewestRelease> =
        datasets.iter().filter_map(|dataset| dataset.newest_release.as_ref()).collect();
    let revisions: Vec<&Change> = newest.iter().flat_map(|of| &of.revisions).take(MAX_REVISIONS).collect();
    if revisions.is_empty() {
        return String::new();
    }
    let mut table = String::from("| revised | was | is | difference |\n| --- | ---: | ---: | ---: |\n");
    for change in &revisions {
        let [was, is, difference] = change.words().map(|word| escape_cell(&word));
        let _ = writeln!(table, "| {} | {was} | {is} | {difference} |", escape_cell(&change.key));
    }
    let all: i32 = newest.iter().map(|of| of.revised).sum();
    if let more @ 1.. = (all as usize).saturating_sub(revisions.len()) {
        let _ = writeln!(table, "\nand {more} more: `bluebook history --revised`");
    }
    table + "\n"
}

fn format_problems(problems: &[Finding]) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let mut table = String::from("| | place | problem |\n| --- | --- | --- |\n");
    for problem in problems.iter().take(MAX_PROBLEMS) {
        let place = problem.places.first().map(Location::to_string).unwrap_or_default();
        let (kind, words) = (problem.severity.name(), problem.full_message());
        let _ = writeln!(table, "| {kind} | {} | {} |", escape_cell(&place), escape_cell(&words));
    }
    if let more @ 1.. = problems.len().saturating_sub(MAX_PROBLEMS) {
        let _ = writeln!(table, "\nand {more} more, in the log");
    }
    table + "\n"
}

/// Escapes a text for a cell of a table, so that nothing in it is markup.
pub(crate) fn escape_cell(text: &str) -> String {
    let escaped = |c: char| match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '#' | '$' | '!' => format!("\\{c}"),
        c if c.is_control() => " ".into(),
        c => c.to_string(),
    };
    escape(text).chars().map(escaped).collect()
}

/// The end of a truncated summary.
const END: &str = "\nthe rest is in the log\n";

/// Cuts a summary that is too large after a line.
fn truncate(page: String, room: usize) -> String {
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
        assert_eq!(escape_data("50%:\r\na,b"), "50%25:%0D%0Aa,b");
        assert_eq!(escape_property("50%:\r\na,b"), "50%25%3A%0D%0Aa%2Cb");
    }

    #[test]
    fn nothing_in_a_cell_is_markup() {
        assert_eq!(escape_cell("a|b\n<b>`*_[x](y)&amp;\\"), "a\\|b &lt;b>\\`\\*\\_\\[x\\](y)&amp;amp;\\\\");
    }

    #[test]
    fn a_page_is_cut_after_a_line_within_its_room() {
        let page: String = (0..20).map(|at| format!("line {at}\n")).collect();
        assert_eq!(truncate(page.clone(), 10_000), page);
        assert_eq!(truncate(page.clone(), 39), "line 0\nline 1\n\nthe rest is in the log\n");
        assert_eq!(truncate(page, 10), "");
    }
}
