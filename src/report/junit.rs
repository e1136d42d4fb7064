//! A run as JUnit's XML, which every CI shows: a suite for each dataset, with a case for the totals of each category, and a
//! suite for each document, with a case for each rule that it breaks. What broke the run itself is an error.

use std::collections::BTreeMap;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::problem::Severity;
use crate::report::{Checks, Dataset, Finding, Report};

/// A suite of cases.
struct Suite<'r> {
    name: &'r str,
    cases: Vec<Case>,
}

/// One case, and how it ended.
struct Case {
    name: String,
    end: End,
}

enum End {
    Passed,
    /// What broke, in one line, and all there is to tell.
    Failed(String, String),
    Error(String),
    /// It passed, but something is worth knowing.
    Noted(String),
}

/// The report as a JUnit file.
///
/// # Errors
/// Never: it is written to memory.
pub fn of(report: &Report) -> io::Result<Vec<u8>> {
    let suites = suites(report);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let cases: Vec<&Case> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let head = writer.create_element("testsuites").with_attribute(("name", "bluebook"));
    let head = counted(head, &cases, Some(report.seconds));
    head.write_inner_content(|writer| {
        suites.iter().try_for_each(|suite| write_suite(suite, report, writer))
    })?;
    let mut xml = writer.into_inner();
    xml.push(b'\n');
    Ok(xml)
}

type Element<'w> = quick_xml::writer::ElementWriter<'w, Vec<u8>>;

/// An element with how many cases it has, and how many of them ended badly.
fn counted<'w>(element: Element<'w>, cases: &[&Case], seconds: Option<f64>) -> Element<'w> {
    let number = |which: fn(&End) -> bool| cases.iter().filter(|case| which(&case.end)).count().to_string();
    let element = element
        .with_attribute(("tests", cases.len().to_string().as_str()))
        .with_attribute(("failures", number(|end| matches!(end, End::Failed(..))).as_str()))
        .with_attribute(("errors", number(|end| matches!(end, End::Error(_))).as_str()));
    match seconds {
        Some(seconds) => element.with_attribute(("time", format!("{seconds:.3}").as_str())),
        None => element,
    }
}

fn write_suite(suite: &Suite<'_>, report: &Report, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    let name = printable(suite.name);
    let element = writer.create_element("testsuite").with_attribute(("name", name.as_str()));
    let element = counted(element, &suite.cases.iter().collect::<Vec<_>>(), None)
        .with_attribute(("timestamp", report.started.as_str()));
    element.write_inner_content(|writer| {
        suite.cases.iter().try_for_each(|case| write_case(case, &name, writer))
    })?;
    Ok(())
}

fn write_case(case: &Case, suite: &str, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    let name = printable(&case.name);
    let element = writer
        .create_element("testcase")
        .with_attribute(("classname", suite))
        .with_attribute(("name", name.as_str()));
    let (kind, message, text) = match &case.end {
        End::Passed => return element.write_empty().map(drop),
        End::Failed(message, text) => ("failure", message, text),
        End::Error(message) => ("error", message, message),
        End::Noted(text) => ("system-out", &String::new(), text),
    };
    element.write_inner_content(|writer| {
        let inner = writer.create_element(kind);
        let message = printable(message);
        let inner =
            if message.is_empty() { inner } else { inner.with_attribute(("message", message.as_str())) };
        inner.write_text_content(BytesText::new(&printable(text))).map(drop)
    })?;
    Ok(())
}

fn suites(report: &Report) -> Vec<Suite<'_>> {
    let broken = report.error.iter().map(|error| Suite {
        name: "bluebook",
        cases: vec![Case { name: report.command.into(), end: End::Error(error.clone()) }],
    });
    broken.chain(report.datasets.iter().map(of_dataset)).chain(of_files(report)).collect()
}

fn of_dataset(dataset: &Dataset) -> Suite<'_> {
    let case = |checks: &Checks| {
        let end = match checks.failed {
            0 => End::Passed,
            failed => {
                let message = format!("{failed} of {} totals do not add up", checks.totals);
                End::Failed(message.clone(), message)
            }
        };
        Case { name: format!("totals of {}", checks.table), end }
    };
    let checked = dataset.checks.iter().filter(|checks| checks.totals > 0);
    Suite { name: &dataset.name, cases: checked.map(case).collect() }
}

/// A suite for each document, and for each other file that has a problem.
fn of_files(report: &Report) -> Vec<Suite<'_>> {
    let mut by_file: BTreeMap<&str, BTreeMap<&str, Vec<&Finding>>> =
        report.inputs.iter().map(|input| (input.path.as_str(), BTreeMap::new())).collect();
    for problem in &report.problems {
        let file = problem.places.first().map_or("bluebook", |spot| spot.file.as_str());
        by_file.entry(file).or_default().entry(problem.rule.id()).or_default().push(problem);
    }
    let suite = |(name, rules): (_, BTreeMap<&str, Vec<&Finding>>)| {
        let sound = || vec![Case { name: "no problem".into(), end: End::Passed }];
        let cases: Vec<Case> = rules.iter().map(|(rule, problems)| of_rule(rule, problems)).collect();
        Suite { name, cases: if cases.is_empty() { sound() } else { cases } }
    };
    by_file.into_iter().map(suite).collect()
}

fn of_rule(rule: &str, problems: &[&Finding]) -> Case {
    let text: String = problems.iter().map(|problem| problem.text.as_str()).collect::<Vec<_>>().join("\n");
    let grave: Vec<&&Finding> = problems.iter().filter(|of| of.severity == Severity::Error).collect();
    let end = match grave.as_slice() {
        [] => End::Noted(text),
        [only] => End::Failed(only.words(), text),
        [first, ..] => End::Failed(format!("{} times: {}", grave.len(), first.message), text),
    };
    Case { name: rule.into(), end }
}

/// The text without what XML 1.0 cannot hold.
fn printable(text: &str) -> String {
    let held = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if held(c) { c } else { '\u{fffd}' }).collect()
}
