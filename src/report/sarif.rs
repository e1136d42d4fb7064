//! A run as SARIF 2.1.0, which code hosts and editors show at the lines of a document: each problem a result of the rule
//! that was broken. A cell of a workbook has no line; it is told as a logical location in its file.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::{Value, json};

use crate::problem::Rule;
use crate::report::{Finding, Report, Spot};
use crate::text::folded;

/// The report as a SARIF log of one run.
///
/// # Errors
/// Never, as long as its fields can be written as JSON.
pub fn of(report: &Report) -> Result<Vec<u8>> {
    let rules: BTreeSet<Rule> = report.problems.iter().map(|problem| problem.rule).collect();
    let rules: Vec<Rule> = rules.into_iter().collect();
    let results: Vec<Value> = report.problems.iter().map(|problem| result(problem, &rules)).collect();
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
            "invocations": [invocation(report)],
            "artifacts": report.inputs.iter().map(artifact).collect::<Vec<_>>(),
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut bytes = serde_json::to_vec_pretty(&log)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn describe_rule(rule: Rule) -> Value {
    let help = folded(rule.help());
    json!({
        "id": rule,
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": help },
        "help": { "text": help },
        "defaultConfiguration": { "level": rule.severity() },
    })
}

fn invocation(report: &Report) -> Value {
    let notification = |error: &String| json!({ "level": "error", "message": { "text": error } });
    json!({
        "executionSuccessful": report.exit <= 1,
        "exitCode": report.exit,
        "startTimeUtc": report.started,
        "endTimeUtc": report.ended,
        "toolExecutionNotifications": report.error.iter().map(notification).collect::<Vec<_>>(),
    })
}

fn artifact(input: &crate::report::Input) -> Value {
    let mut artifact = json!({ "location": { "uri": uri(&input.path) }, "length": input.bytes });
    if let Some(sha256) = &input.sha256 {
        artifact["hashes"] = json!({ "sha-256": sha256 });
    }
    artifact
}

fn result(problem: &Finding, rules: &[Rule]) -> Value {
    let mut result = json!({
        "ruleId": problem.rule,
        "ruleIndex": rules.binary_search(&problem.rule).unwrap_or_default(),
        "level": problem.severity.name(),
        "message": { "text": problem.words() },
        "locations": problem.places.iter().take(1).map(location).collect::<Vec<_>>(),
    });
    if problem.places.len() > 1 {
        result["relatedLocations"] = problem.places.iter().skip(1).map(location).collect();
    }
    result
}

fn location(spot: &Spot) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&spot.file) } });
    if let (Some(line), Some(column), Some(end)) = (spot.line, spot.column, spot.end_column) {
        physical["region"] = json!({ "startLine": line, "startColumn": column, "endColumn": end });
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(cell) = &spot.cell {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": cell, "kind": "cell" }]);
    }
    if !spot.label.is_empty() {
        location["message"] = json!({ "text": spot.label });
    }
    location
}

/// A path as a reference: what is not plain is escaped.
fn uri(path: &str) -> String {
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
            assert_eq!(uri(path), expected);
        }
    }
}
