//! A run as JUnit XML, which every CI shows: a suite for each dataset, with a case for the totals of each table, and a
//! suite for each document, with a case for each rule that it breaks. An error that ended the run is an error of its own.

use std::collections::BTreeMap;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::problem::Severity;
use crate::report::{CheckCounts, DatasetReport, Finding, Report};

/// A suite of cases.
struct TestSuite<'r> {
    name: &'r str,
    cases: Vec<TestCase>,
}

/// A case and its result.
struct TestCase {
    name: String,
    result: CaseResult,
}

enum CaseResult {
    Passed,
    /// The failure in one line, and in full.
    Failed(String, String),
    Error(String),
    /// Passed with warnings.
    Warned(String),
}

/// Encodes the report as a JUnit file.
///
/// # Errors
/// None: it is written to memory.
pub fn encode(report: &Report) -> io::Result<Vec<u8>> {
    let suites = build_suites(report);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let cases: Vec<&TestCase> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let head = writer.create_element("testsuites").with_attribute(("name", "bluebook"));
    let head = add_counts(head, &cases, Some(report.seconds));
    head.write_inner_content(|writer| {
        suites.iter().try_for_each(|suite| write_suite(suite, report, writer))
    })?;
    let mut xml = writer.into_inner();
    xml.push(b'\n');
    Ok(xml)
}

type Element<'w> = quick_xml::writer::ElementWriter<'w, Vec<u8>>;

/// Adds the numbers of cases, failures and errors to an element.
fn add_counts<'w>(element: Element<'w>, cases: &[&TestCase], seconds: Option<f64>) -> Element<'w> {
    let number =
        |which: fn(&CaseResult) -> bool| cases.iter().filter(|case| which(&case.result)).count().to_string();
    let element = element
        .with_attribute(("tests", cases.len().to_string().as_str()))
        .with_attribute(("failures", number(|result| matches!(result, CaseResult::Failed(..))).as_str()))
        .with_attribute(("errors", number(|result| matches!(result, CaseResult::Error(_))).as_str()));
    match seconds {
        Some(seconds) => element.with_attribute(("time", format!("{seconds:.3}").as_str())),
        None => element,
    }
}

fn write_suite(suite: &TestSuite<'_>, report: &Report, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    let name = replace_unprintable(suite.name);
    let element = writer.create_element("testsuite").with_attribute(("name", name.as_str()));
    let element = add_counts(element, &suite.cases.iter().collect::<Vec<_>>(), None)
        .with_attribute(("timestamp", report.started.as_str()));
    element.write_inner_content(|writer| {
        suite.cases.iter().try_for_each(|case| write_case(case, &name, writer))
    })?;
    Ok(())
}

fn write_case(case: &TestCase, suite: &str, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    let name = replace_unprintable(&case.name);
    let element = writer
        .create_element("testcase")
        .with_attribute(("classname", suite))
        .with_attribute(("name", name.as_str()));
    let (kind, message, text) = match &case.result {
        CaseResult::Passed => return element.write_empty().map(drop),
        CaseResult::Failed(message, text) => ("failure", message, text),
        CaseResult::Error(message) => ("error", message, message),
        CaseResult::Warned(text) => ("system-out", &String::new(), text),
    };
    element.write_inner_content(|writer| {
        let inner = writer.create_element(kind);
        let message = replace_unprintable(message);
        let inner =
            if message.is_empty() { inner } else { inner.with_attribute(("message", message.as_str())) };
        inner.write_text_content(BytesText::new(&replace_unprintable(text))).map(drop)
    })?;
    Ok(())
}

fn build_suites(report: &Report) -> Vec<TestSuite<'_>> {
    let broken = report.error.iter().map(|error| TestSuite {
        name: "bluebook",
        cases: vec![TestCase { name: report.command.into(), result: CaseResult::Error(error.clone()) }],
    });
    broken
        .chain(report.datasets.iter().map(build_dataset_suite))
        .chain(build_document_suites(report))
        .collect()
}

fn build_dataset_suite(dataset: &DatasetReport) -> TestSuite<'_> {
    let case = |checks: &CheckCounts| {
        let result = match checks.failed {
            0 => CaseResult::Passed,
            failed => {
                let message = format!("{failed} of {} totals do not add up", checks.totals);
                CaseResult::Failed(message.clone(), message)
            }
        };
        TestCase { name: format!("totals of {}", checks.table), result }
    };
    let checked = dataset.checks.iter().filter(|checks| checks.totals > 0);
    TestSuite { name: &dataset.name, cases: checked.map(case).collect() }
}

/// A suite for each document, and for each other file that has a problem.
fn build_document_suites(report: &Report) -> Vec<TestSuite<'_>> {
    let mut by_file: BTreeMap<&str, BTreeMap<&str, Vec<&Finding>>> =
        report.inputs.iter().map(|input| (input.path.as_str(), BTreeMap::new())).collect();
    for problem in &report.problems {
        let file = problem.places.first().map_or("bluebook", |spot| spot.file.as_str());
        by_file.entry(file).or_default().entry(problem.rule.id()).or_default().push(problem);
    }
    let suite = |(name, rules): (_, BTreeMap<&str, Vec<&Finding>>)| {
        let sound = || vec![TestCase { name: "no problem".into(), result: CaseResult::Passed }];
        let cases: Vec<TestCase> =
            rules.iter().map(|(rule, problems)| build_rule_case(rule, problems)).collect();
        TestSuite { name, cases: if cases.is_empty() { sound() } else { cases } }
    };
    by_file.into_iter().map(suite).collect()
}

fn build_rule_case(rule: &str, problems: &[&Finding]) -> TestCase {
    let text: String = problems.iter().map(|problem| problem.text.as_str()).collect::<Vec<_>>().join("\n");
    let grave: Vec<&&Finding> = problems.iter().filter(|of| of.severity == Severity::Error).collect();
    let result = match grave.as_slice() {
        [] => CaseResult::Warned(text),
        [only] => CaseResult::Failed(only.full_message(), text),
        [first, ..] => CaseResult::Failed(format!("{} times: {}", grave.len(), first.message), text),
    };
    TestCase { name: rule.into(), result }
}

/// Replaces characters that XML 1.0 does not allow.
fn replace_unprintable(text: &str) -> String {
    let held = |c: char| matches!(c, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if held(c) { c } else { '\u{fffd}' }).collect()
}
