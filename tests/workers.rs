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
    let names: Vec<String> = (0..150).map(|number| format!("2026-02-28-{number}.txt")).collect();
    let documents: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), text.as_bytes())).collect();
    let given = Given::of(&documents, &[("limits", "seconds=1")]);
    assert_eq!((given.count("observations"), given.rules().len()), (228, 0), "they agree, and count once");
}

/// What a worker gave of all documents together.
struct Given(Vec<(String, String, RecordBatch)>);

impl Given {
    fn of(documents: &[(&str, &[u8])], settings: &[(&str, &str)]) -> Given {
        Given(served(&stream(documents, &[settings, &[("frames", "observations")]].concat())))
    }

    fn frames<'g>(&'g self, name: &str) -> impl Iterator<Item = &'g RecordBatch> {
        self.0.iter().filter(move |(_, frame, _)| frame == name).map(|(.., rows)| rows)
    }

    fn count(&self, name: &str) -> usize {
        self.frames(name).map(RecordBatch::num_rows).sum()
    }

    fn texts(&self, name: &str, column: &str) -> Vec<String> {
        let texts = self.frames(name).flat_map(|rows| {
            let texts = arrow::compute::cast(rows.column_by_name(column).unwrap(), &DataType::Utf8).unwrap();
            let texts = texts.as_any().downcast_ref::<StringArray>().unwrap();
            texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect::<Vec<_>>()
        });
        texts.collect()
    }

    /// The documents and the rules of errors.
    fn rules(&self) -> Vec<(String, String)> {
        let severities = self.texts("problems", "severity").into_iter();
        let named = self.texts("problems", "document").into_iter().zip(self.texts("problems", "rule"));
        named.zip(severities).filter(|(_, severity)| severity == "error").map(|(named, _)| named).collect()
    }
}

/// Documents of one release are compared, and agree once, or are a problem and nowhere rows; other releases are given.
#[test]
fn documents_of_a_release_are_read_together() {
    let text = annex();
    let other = text.replacen("\t549\t", "\t550\t", 1).replacen("\t49 737\t", "\t49 738\t", 1);
    let agreed = [("2026-02-28-a.txt", text.as_bytes()), ("2026-02-28-b.txt", text.as_bytes())];
    let given = Given::of(&agreed, &[]);
    assert_eq!((given.count("observations"), given.count("checks"), given.rules().len()), (228, 24, 0));
    let differing = [agreed[0], ("2026-02-28-b.txt", other.as_bytes()), ("2026-03-31.txt", text.as_bytes())];
    let given = Given::of(&differing, &[]);
    let rules = given.rules();
    assert!(rules.iter().all(|(_, rule)| rule == "documents-differ") && rules.len() == 2, "{rules:?}");
    let releases = given.texts("observations", "release_date");
    assert!(releases.len() == 228 && releases.iter().all(|release| release == "2026-03-31"), "{releases:?}");
}

/// Two releases have a history, and its frames are those that a run publishes, as plain text where that is asked for.
#[test]
fn the_frames_are_what_a_run_publishes() {
    let text = annex();
    let other = text.replacen("\t549\t", "\t550\t", 1).replacen("\t49 737\t", "\t49 738\t", 1);
    let documents = [("2026-02-28.txt", text.as_bytes()), ("2026-03-31.txt", other.as_bytes())];
    let case =
        documents.iter().fold(Case::new(), |case, (name, text)| case.file(&format!("input/{name}"), text));
    assert_eq!(case.run(&["run", "-q"]).code, 0);
    let given = Given::of(&documents, &[("text", "plain")]);
    assert!(given.0.iter().all(|(.., rows)| {
        rows.schema().fields().iter().all(|field| !matches!(field.data_type(), DataType::Dictionary(..)))
    }));
    for table in ["observations", "checks", "notes", "bounds", "regions", "codes", "history", "releases"] {
        let published = case.rows(table);
        assert_eq!(given.count(table), published.len(), "{table}");
        for column in published[0].keys() {
            let expected: Vec<&str> = published.iter().map(|row| row[column].as_str()).collect();
            let numeric = |text: &str| text.parse::<f64>().ok();
            let same = |(one, other): (&String, &&str)| one == *other || numeric(one) == numeric(other);
            assert!(given.texts(table, column).iter().zip(&expected).all(same), "{table}.{column}");
        }
    }
}

/// A document that takes longer than it may is left out with its release, and the others are read.
#[test]
fn a_document_without_end_ends_nothing_but_itself() {
    let definition = "name = \"made-up\"\ntitle = \"made up\"\npublisher = \"nobody\"\n\
        [measure]\nname = \"approvals\"\nunit = \"persons\"\n\
        [[dimension]]\nname = \"region\"\nmeaning = \"region\"\ncodes = \"regions\"\n\
        [[table]]\nlong = { region = \"Region\", period = \"Period\", value = \"Approvals\" }\n";
    let good = "Region\tPeriod\tApprovals\nCanada\t2024\t5\nTotal\t2024\t5\n";
    // Without optimisation it takes a minute.
    let slow = "Region\tPeriod\tApprovals\n".to_owned() + &"Canada\t2024\t5\n".repeat(600_000);
    let documents = [
        ("2026-02-28.txt", good.as_bytes()),
        ("2026-03-15-slow.txt", slow.as_bytes()),
        ("2026-03-15-good.txt", good.as_bytes()),
        ("2026-03-31.txt", good.as_bytes()),
    ];
    let given = Given::of(&documents, &[("limits", "seconds=3"), ("definition", definition)]);
    assert_eq!(given.count("observations"), 4);
    assert_eq!(given.rules(), [("2026-03-15-slow.txt".to_owned(), "unreadable".to_owned())]);
}

/// Names and contents may come in any of Arrow's layouts.
#[test]
fn any_layout_of_text_and_bytes_is_taken() {
    let text = annex();
    let documents = [("2026-02-28-annex.txt", text.as_bytes())];
    let plain = stream(&documents, &[("frames", "observations")]);
    let mut reader = StreamReader::try_new(plain.as_slice(), None).unwrap();
    let (schema, rows) = (reader.schema(), reader.next().unwrap().unwrap());
    let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    for (name, content) in [
        (DataType::LargeUtf8, DataType::LargeBinary),
        (DataType::Utf8View, DataType::BinaryView),
        (coded, DataType::Binary),
    ] {
        let fields =
            vec![Field::new("name", name.clone(), false), Field::new("content", content.clone(), false)];
        let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
        let columns = rows.columns().iter().zip([name, content]);
        let columns = columns.map(|(column, kind)| arrow::compute::cast(column, &kind).unwrap()).collect();
        let mut stream = StreamWriter::try_new(Vec::new(), &schema).unwrap();
        stream.write(&RecordBatch::try_new(schema.clone(), columns).unwrap()).unwrap();
        stream.finish().unwrap();
        assert_eq!(Given(served(&stream.into_inner().unwrap())).count("observations"), 228, "{schema:?}");
    }
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
    let given = Given::of(&documents, &[("dataset", "hk-talent-admissions")]);
    let expected = rows(&root().join("tests/data/annex-expected.csv"));
    let values: Vec<Option<i64>> = expected.iter().map(|row| row["value"].parse().ok()).collect();
    let of_rows = |rows: &RecordBatch| {
        let values = rows.column_by_name("value").unwrap();
        values.as_any().downcast_ref::<Int64Array>().unwrap().iter().collect::<Vec<_>>()
    };
    assert_eq!(given.frames("observations").flat_map(of_rows).collect::<Vec<_>>(), values);
    assert!(given.rules().iter().all(|(document, _)| document == "nothing.txt") && !given.rules().is_empty());
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

#[test]
fn settings_that_nothing_can_be_read_with_are_refused() {
    let text = annex();
    let documents = [("2026-02-28.txt", text.as_bytes())];
    for (settings, words) in [
        ([("frames", "observations"), ("dataset", "nothing")], "no built-in dataset is named nothing"),
        ([("frames", "observations"), ("definition", "name = 5")], "the definition cannot be used"),
        ([("frames", "observations"), ("limits", "cels=5")], "cels=5: "),
        ([("frames", "figures"), ("limits", "cells=5")], "no frames have the name figures"),
    ] {
        let ended = Case::new().pipe(&["worker"], stream(&documents, &settings));
        assert_eq!(ended.code, 78, "{}", ended.err);
        says(&ended.err, &[words]);
    }
}
