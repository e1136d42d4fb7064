//! The worker: whatever happens to it, the program goes on; and what it gives as frames is what a run publishes.

use std::io::Cursor;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{Array, BinaryArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;

use crate::support::{Case, annex, root, rows, says};

/// A worker that is no reader: `sh` runs what is in the file `worker`.
fn with_worker(script: &str, limits: &[&str]) -> String {
    let xls = std::fs::read(root().join("tests/data/workbooks/annex.xls")).unwrap();
    let case = Case::new().file("input/annex.xls", xls).file("worker", script);
    let limits = limits.iter().flat_map(|limit| ["--limit", limit]);
    let arguments: Vec<&str> = ["run", "--worker", "/bin/sh"].into_iter().chain(limits).collect();
    let ended = case.run(&arguments);
    assert_eq!(ended.code, 65, "{}", ended.err);
    assert!(!case.path("output/hk-talent-admissions").exists());
    says(&ended.err, &["--> input/annex.xls", "help: "]);
    ended.err
}

#[test]
fn a_worker_that_hangs_is_ended() {
    let begun = Instant::now();
    let said = with_worker("exec sleep 60", &["seconds=1"]);
    says(&said, &["could not be read within 1 s", "--limit seconds=2"]);
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_worker_that_prints_without_end_is_ended() {
    let said = with_worker("exec yes", &["inflated=1"]);
    says(&said, &["more than 1 megabytes once it is read", "--limit inflated=2"]);
}

#[test]
fn a_worker_that_fails_is_told() {
    let cases = [
        ("kill -9 $$", "the reader of .xls failed on it: signal: 9"),
        ("echo capacity overflow >&2; exit 65", "the reader of .xls failed on it: capacity overflow"),
        ("echo 'memory allocation of 9 bytes failed' >&2; kill -6 $$", "could not be read within 400 MB"),
        ("exit 0", "the frame sheets is missing"),
        ("echo nonsense", "a stream of Arrow was expected"),
    ];
    for (script, words) in cases {
        says(&with_worker(script, &[]), &[words]);
    }
}

#[test]
fn a_worker_that_is_not_there_is_told() {
    let xls = std::fs::read(root().join("tests/data/workbooks/annex.xls")).unwrap();
    let ended = Case::new().file("annex.xls", xls).run(&["inspect", "annex.xls", "--worker", "nothing"]);
    assert_eq!(ended.code, 65);
    says(&ended.err, &["nothing cannot be run"]);
}

/// A workbook with so many megabytes behind it.
fn large(megabytes: usize) -> Vec<u8> {
    let xls = std::fs::read(root().join("tests/data/workbooks/annex.xls")).unwrap();
    [xls, vec![0; megabytes << 20]].concat()
}

#[test]
fn a_worker_without_room_is_told() {
    let case = Case::new().file("large.xls", large(60));
    let ended = case.run(&["inspect", "large.xls", "--limit", "memory=4"]);
    assert_eq!(ended.code, 65);
    says(&ended.err, &["could not be read within 4 MB", "--limit memory=8"]);
}

/// The frames of each document, by their names.
fn frames_of(documents: &[(&str, &[u8])], settings: &[(&str, &str)]) -> Vec<Vec<String>> {
    let mut frames = vec![Vec::new(); documents.len()];
    for (document, frame, _) in served(&stream(documents, settings)) {
        frames[document.parse::<usize>().unwrap()].push(frame);
    }
    frames
}

const CELLS: [&str; 4] = ["sheets", "cells", "texts", "merges"];

/// Limits hold for each document: one that is beyond them ends with a problem, and the others are read.
#[test]
fn a_document_beyond_the_limits_ends_nothing_but_itself() {
    let xls = std::fs::read(root().join("tests/data/workbooks/annex.xls")).unwrap();
    let large = large(200);
    let documents = [
        ("a.xls", xls.as_slice()),
        ("large.xls", &large),
        ("b.xls", &xls),
        ("cut.xls", &xls[..2000]),
        ("c.xls", &xls),
    ];
    let frames = frames_of(&documents, &[("limits", "memory=100")]);
    let expected = [CELLS.to_vec(), vec!["problems"], CELLS.to_vec(), vec!["problems"], CELLS.to_vec()];
    assert_eq!(frames, expected);
    assert_eq!(frames_of(&documents[1..2], &[("limits", "memory=1200")]), [CELLS.to_vec()]);
    let frames = served(&stream(&documents[1..2], &[("limits", "memory=100"), ("frames", "observations")]));
    let messages = frames[0].2.column_by_name("message").unwrap();
    let messages = messages.as_any().downcast_ref::<StringArray>().unwrap();
    assert_eq!(frames[0].1, "problems");
    assert!(messages.value(0).contains("could not be read within 100 MB"), "{messages:?}");
}

/// A stream of documents that takes longer than the limit of one goes on.
#[test]
fn the_time_of_a_stream_is_not_that_of_a_document() {
    let text = annex();
    let documents: Vec<(&str, &[u8])> = (0..150).map(|_| ("2026-02-28-annex.txt", text.as_bytes())).collect();
    let frames = frames_of(&documents, &[("limits", "seconds=1"), ("frames", "observations")]);
    assert!(frames.iter().all(|frames| frames.len() == 4), "{frames:?}");
}

/// Whatever the program is called, it is its own worker.
#[test]
fn a_program_of_another_name_reads_legacy_formats() {
    let xls = std::fs::read(root().join("tests/data/workbooks/annex.xls")).unwrap();
    let case = Case::new().file("annex.xls", xls);
    std::fs::copy(env!("CARGO_BIN_EXE_bluebook"), case.path("bb")).unwrap();
    let ended =
        Command::new(case.path("bb")).args(["inspect", "annex.xls"]).current_dir(case.path("")).output();
    let ended = crate::support::ended(&ended.unwrap());
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}

/// Where the system allows no further thread, a run says so, and can be tried again.
#[test]
#[cfg(target_os = "linux")]
fn a_refused_thread_is_told() {
    let case = Case::with(&annex());
    // Each thread needs room for its stack, which the limit of addresses does not leave.
    let command = "ulimit -v 700000; exec \"$0\" run --threads 64";
    let ended = Command::new("sh")
        .args(["-c", command, env!("CARGO_BIN_EXE_bluebook")])
        .env("RUST_MIN_STACK", "67108864")
        .current_dir(case.path(""))
        .output();
    let ended = crate::support::ended(&ended.unwrap());
    assert_eq!(ended.code, 75, "{}", ended.err);
    says(&ended.err, &["error: the system refuses another thread", "try again"]);
}

/// A stream of documents with settings, as an engine would make it.
pub fn stream(documents: &[(&str, &[u8])], settings: &[(&str, &str)]) -> Vec<u8> {
    let fields =
        vec![Field::new("name", DataType::Utf8, false), Field::new("content", DataType::Binary, false)];
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let schema =
        Arc::new(Schema::new_with_metadata(fields, settings.collect::<std::collections::HashMap<_, _>>()));
    let names = StringArray::from_iter_values(documents.iter().map(|(name, _)| *name));
    let contents = BinaryArray::from_iter_values(documents.iter().map(|(_, content)| *content));
    let rows = RecordBatch::try_new(schema.clone(), vec![Arc::new(names), Arc::new(contents)]).unwrap();
    let mut stream = StreamWriter::try_new(Vec::new(), &schema).unwrap();
    stream.write(&rows).unwrap();
    stream.finish().unwrap();
    stream.into_inner().unwrap()
}

/// The frames that a worker gave: of which document, which frame, its rows.
fn served(input: &[u8]) -> Vec<(String, String, RecordBatch)> {
    let output = Case::new().pipe_bytes(&["worker"], input);
    let mut from = Cursor::new(output.as_slice());
    let mut frames = Vec::new();
    while (from.position() as usize) < output.len() {
        let mut stream = StreamReader::try_new(&mut from, None).unwrap();
        let metadata = stream.schema().metadata().clone();
        let rows: Vec<RecordBatch> = stream.by_ref().map(Result::unwrap).collect();
        frames.extend(
            rows.into_iter().map(|rows| (metadata["document"].clone(), metadata["frame"].clone(), rows)),
        );
    }
    frames
}

#[test]
fn a_worker_gives_the_observations_of_documents() {
    let text = annex();
    let documents = [("2026-02-28-annex.txt", text.as_bytes()), ("nothing.txt", b"nothing".as_slice())];
    let frames =
        served(&stream(&documents, &[("frames", "observations"), ("dataset", "hk-talent-admissions")]));
    let named = |document: &str, name: &str| -> Vec<&RecordBatch> {
        frames
            .iter()
            .filter(|(of, frame, _)| of == document && frame == name)
            .map(|(.., rows)| rows)
            .collect()
    };
    let expected = rows(&root().join("tests/data/annex-expected.csv"));
    let values: Vec<Option<i64>> = expected.iter().map(|row| row["value"].parse().ok()).collect();
    let given: Vec<Option<i64>> = named("0", "observations")
        .iter()
        .flat_map(|rows| {
            let values = rows.column_by_name("value").unwrap();
            values.as_any().downcast_ref::<Int64Array>().unwrap().iter().collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(given, values);
    assert_eq!(named("0", "problems")[0].num_rows(), 0);
    assert!(named("1", "observations").is_empty());
    let problems = named("1", "problems")[0].column_by_name("rule").unwrap();
    assert!(!problems.is_empty());
}

#[test]
fn a_worker_gives_the_cells_of_a_workbook() {
    let xls = std::fs::read(root().join("tests/data/workbooks/annex.xls")).unwrap();
    let frames = served(&stream(&[("annex.xls", &xls), ("cut.xls", &xls[..2000])], &[]));
    let of = |document: &str| -> Vec<&str> {
        frames.iter().filter(|(of, ..)| of == document).map(|(_, frame, _)| frame.as_str()).collect()
    };
    assert_eq!(of("0"), ["sheets", "cells", "texts", "merges"]);
    assert_eq!(of("1"), ["problems"]);
}
