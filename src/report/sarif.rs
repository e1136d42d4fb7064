//! A run as SARIF 2.1.0, which code hosts and editors show at the lines of a document: each problem is a result of the rule
//! that it breaks. A cell of a workbook has no line and is given as a logical location in its file.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::{Value, json};

use crate::problem::{Rule, escape_json};
use crate::report::{Finding, Location, Report};
use crate::text::fold_whitespace;

/// Encodes the report as a SARIF log of one run.
///
/// # Errors
/// Never, as long as its fields can be written as JSON.
pub fn encode(report: &Report) -> Result<Vec<u8>> {
    let rules: BTreeSet<Rule> = report.problems.iter().map(|problem| problem.rule).collect();
    let rules: Vec<Rule> = rules.into_iter().collect();
    let results: Vec<Value> =
        report.problems.iter().map(|problem| describe_result(problem, &rules)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bluebook",
                "version": report.version,
                "semanticVersion": report.version,
                "rules": rules.iter().copied().map(describe_rule).collect::<Vec<_>>(),
            }},
            "invocations": [describe_invocation(report)],
            "artifacts": report.inputs.iter().map(describe_artifact).collect::<Vec<_>>(),
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let json = serde_json::to_string_pretty(&log)?;
    Ok((escape_json(&json) + "\n").into_owned().into_bytes())
}

fn describe_rule(rule: Rule) -> Value {
    let help = fold_whitespace(rule.help());
    json!({
        "id": rule,
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": help },
        "help": { "text": help },
        "defaultConfiguration": { "level": rule.severity() },
    })
}

fn describe_invocation(report: &Report) -> Value {
    let notification = |error: &String| json!({ "level": "error", "message": { "text": error } });
    json!({
        "executionSuccessful": report.exit <= 1,
        "exitCode": report.exit,
        "startTimeUtc": report.started,
        "endTimeUtc": report.ended,
        "toolExecutionNotifications": report.error.iter().map(notification).collect::<Vec<_>>(),
    })
}

fn describe_artifact(input: &crate::report::Input) -> Value {
    let mut artifact = json!({ "location": { "uri": to_uri(&input.path) }, "length": input.bytes });
    if let Some(sha256) = &input.sha256 {
        artifact["hashes"] = json!({ "sha-256": sha256 });
    }
    artifact
}

fn describe_result(problem: &Finding, rules: &[Rule]) -> Value {
    let mut result = json!({
        "ruleId": problem.rule,
        "ruleIndex": rules.binary_search(&problem.rule).unwrap_or_default(),
        "level": problem.severity.name(),
        "message": { "text": problem.full_message() },
        "locations": problem.places.iter().take(1).map(describe_location).collect::<Vec<_>>(),
    });
    if problem.places.len() > 1 {
        result["relatedLocations"] = problem.places.iter().skip(1).map(describe_location).collect();
    }
    result
}

fn describe_location(location: &Location) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": to_uri(&location.file) } });
    if let (Some(line), Some(column), Some(end)) = (location.line, location.column, location.end_column) {
        physical["region"] = json!({ "startLine": line, "startColumn": column, "endColumn": end });
    }
    let mut described = json!({ "physicalLocation": physical });
    if let Some(cell) = &location.cell {
        described["logicalLocations"] = json!([{ "fullyQualifiedName": cell, "kind": "cell" }]);
    }
    if !location.label.is_empty() {
        described["message"] = json!({ "text": location.label });
    }
    described
}

/// Converts a path to a URI reference.
fn to_uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let escaped: String = path
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    if path.starts_with('/') { format!("file://{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        for (path, expected) in [
            ("input/annex.txt", "input/annex.txt"),
            ("a b%c#d?.txt", "a%20b%25c%23d%3F.txt"),
            ("表.txt", "%E8%A1%A8.txt"),
            ("C:x.txt", "C%3Ax.txt"),
            ("/srv/annex.txt", "file:///srv/annex.txt"),
        ] {
            assert_eq!(to_uri(path), expected);
        }
    }
}
