//! A run as OpenLineage events (<https://openlineage.io/spec/2-0-2/OpenLineage.json>), a line of JSON each: START, and COMPLETE or
//! FAIL. Inputs are the documents, with what was checked in their dataset; outputs are the published tables.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::report::{CheckCounts, DatasetReport, Input, OutputFile, Report};

/// Where the standard's schemas stand.
const SPEC: &str = "https://openlineage.io/spec";

/// Who makes the events.
const PRODUCER: &str = concat!("urn:bluebook:", env!("CARGO_PKG_VERSION"));

/// What ties the events of a run together, and to what called it.
#[derive(Clone, Debug)]
pub struct Lineage {
    run: Uuid,
    namespace: String,
    /// The run that called this one: namespace, job and run, parted by `/`.
    parent: Option<String>,
}

impl Lineage {
    /// Of a run that begins now. `OPENLINEAGE_NAMESPACE` names the namespace of the job, `OPENLINEAGE_PARENT_ID` who called it, as
    /// for other programs of the standard.
    #[must_use]
    pub fn begin() -> Lineage {
        let named = |variable| std::env::var(variable).ok().filter(|value| !value.is_empty());
        let namespace = named("OPENLINEAGE_NAMESPACE").unwrap_or_else(|| "bluebook".into());
        Lineage { run: Uuid::now_v7(), namespace, parent: named("OPENLINEAGE_PARENT_ID") }
    }

    /// The event that a run began.
    ///
    /// # Errors
    /// Never, as long as its fields can be written as JSON.
    pub fn start(&self, report: &Report) -> Result<Vec<u8>> {
        let inputs: Vec<Value> = report.inputs.iter().map(|input| describe_input(input, &[])).collect();
        to_line(&self.event("START", &report.started, &inputs, &[], report))
    }

    /// Both events of a run that has ended.
    ///
    /// # Errors
    /// As [`Lineage::start`].
    pub fn end(&self, report: &Report) -> Result<Vec<u8>> {
        let kind = if report.exit == 0 { "COMPLETE" } else { "FAIL" };
        let inputs: Vec<Value> =
            report.inputs.iter().map(|input| describe_input(input, &report.datasets)).collect();
        let outputs: Vec<Value> = report.datasets.iter().flat_map(describe_outputs).collect();
        let end = to_line(&self.event(kind, &report.ended, &inputs, &outputs, report))?;
        Ok([self.start(report)?, end].concat())
    }

    fn event(&self, kind: &str, time: &str, inputs: &[Value], outputs: &[Value], report: &Report) -> Value {
        json!({
            "eventType": kind,
            "eventTime": time,
            "producer": PRODUCER,
            "schemaURL": format!("{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"),
            "run": { "runId": self.run.to_string(), "facets": self.describe_run(kind, report) },
            "job": {
                "namespace": self.namespace,
                "name": format!("bluebook.{}", report.command),
                "facets": { "jobType": facet("2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet", json!({
                    "processingType": "BATCH", "integration": "BLUEBOOK", "jobType": "COMMAND",
                })) },
            },
            "inputs": inputs,
            "outputs": outputs,
        })
    }

    fn describe_run(&self, kind: &str, report: &Report) -> Value {
        let mut facets = json!({
            "processing_engine": facet(
                "1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet",
                json!({ "version": report.version, "name": "bluebook" }),
            ),
        });
        if let Some([namespace, job, run]) = self.parent.as_deref().and_then(split_parent) {
            let parent = json!({ "run": { "runId": run }, "job": { "namespace": namespace, "name": job } });
            facets["parent"] = facet("1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet", parent);
        }
        if kind == "FAIL" {
            let error = json!({ "message": report.to_text(), "programmingLanguage": "none" });
            facets["errorMessage"] =
                facet("1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet", error);
        }
        facets
    }
}

/// The parts of a parent's name; a job's name may have `/` in it.
fn split_parent(parent: &str) -> Option<[&str; 3]> {
    let (namespace, rest) = parent.split_once('/')?;
    let (job, run) = rest.rsplit_once('/')?;
    Some([namespace, job, run])
}

fn facet(schema: &str, mut members: Value) -> Value {
    members["_producer"] = PRODUCER.into();
    members["_schemaURL"] = format!("{SPEC}/facets/{schema}").into();
    members
}

/// A document, with what was checked in the dataset that it belongs to.
fn describe_input(input: &Input, datasets: &[DatasetReport]) -> Value {
    let dataset = datasets.iter().find(|dataset| Some(&dataset.name) == input.dataset.as_ref());
    let mut described = json!({ "namespace": "file", "name": absolute(&input.path), "facets": {} });
    if let Some(sha256) = &input.sha256 {
        let version = json!({ "datasetVersion": format!("sha256:{sha256}") });
        described["facets"]["version"] =
            facet("1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet", version);
    }
    if let Some(dataset) = dataset {
        let assertions: Vec<Value> = dataset.checks.iter().flat_map(describe_checks).collect();
        described["inputFacets"] = json!({ "dataQualityAssertions": facet(
            "1-1-0/DataQualityAssertionsDatasetFacet.json#/$defs/DataQualityAssertionsDatasetFacet",
            json!({ "assertions": assertions }),
        ) });
    }
    described
}

/// An assertion for each kind of check of a table: how many were made, and how many passed.
fn describe_checks(checks: &CheckCounts) -> impl Iterator<Item = Value> {
    let kinds = [
        ("printed totals", checks.totals, checks.passed),
        ("nil marks", checks.nil, checks.nil),
        ("printed changes and shares", checks.claims, checks.claims),
    ];
    let describe = |(kind, made, passed): (&str, usize, usize)| {
        json!({
            "assertion": kind,
            "name": format!("{kind} of {}", checks.table),
            "success": passed == made,
            "severity": "error",
            "expected": made.to_string(),
            "actual": passed.to_string(),
        })
    };
    kinds.into_iter().filter(|(_, made, _)| *made > 0).map(describe)
}

/// The published tables of a dataset, each once: by its Parquet file where there is one.
fn describe_outputs(dataset: &DatasetReport) -> Vec<Value> {
    let file = |table: &str| {
        let is_of = |output: &&OutputFile| {
            Path::new(&output.path).file_stem().is_some_and(|stem| stem == table) && output.rows.is_some()
        };
        let files = || dataset.outputs.iter().filter(is_of);
        files().find(|output| output.path.ends_with(".parquet")).or_else(|| files().next())
    };
    let describe = |(table, fields): (&String, &Value)| Some(describe_output(file(table)?, fields));
    dataset.fields.iter().filter_map(describe).collect()
}

fn describe_output(output: &OutputFile, fields: &Value) -> Value {
    let (namespace, name) = place(&output.path);
    json!({
        "namespace": namespace,
        "name": name,
        "facets": {
            "schema": facet("1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet", json!({ "fields": fields })),
            "version": facet(
                "1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet",
                json!({ "datasetVersion": format!("sha256:{}", output.sha256) }),
            ),
        },
        "outputFacets": { "outputStatistics": facet(
            "1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet",
            json!({ "rowCount": output.rows, "size": output.bytes, "fileCount": 1 }),
        ) },
    })
}

/// The namespace and the name of a file, as the standard names them: a bucket and the path in it, else the path.
fn place(path: &str) -> (String, String) {
    let address = path.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('/')?)));
    match address {
        Some((scheme, (bucket, key))) => (format!("{scheme}://{bucket}"), key.into()),
        None => ("file".into(), absolute(path)),
    }
}

fn absolute(path: &str) -> String {
    std::path::absolute(path).map_or_else(|_| path.into(), |path| path.to_string_lossy().into_owned())
}

fn to_line(event: &Value) -> Result<Vec<u8>> {
    Ok((serde_json::to_string(event)? + "\n").into_bytes())
}
