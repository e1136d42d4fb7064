//! Lists of formats: `--format`, which files are published and what follows from that; and what documents are read.

use std::fs;
use std::io::Cursor;

use bluebook::input::INPUT_FORMATS;
use bluebook::input::format::ReadOptions;
use bluebook::input::limits::{LegacyReader, Limits};

use crate::support::{Case, annex, root, says};

const TABLES: [&str; 6] = ["bounds", "checks", "codes", "notes", "observations", "regions"];
const FOLDER: &str = "output/hk-talent-admissions";

/// The names of the published files, those of tables with these extensions.
fn expected(extensions: &[&str]) -> Vec<String> {
    let files = extensions.iter().flat_map(|extension| TABLES.map(|table| format!("{table}.{extension}")));
    let mut names: Vec<String> = files.chain(["datapackage.json".to_owned()]).collect();
    names.sort();
    names
}

fn names(case: &Case) -> Vec<String> {
    case.bytes().into_keys().collect()
}

/// The files that the data package lists, in order.
fn listed(case: &Case) -> Vec<String> {
    let package: serde_json::Value = serde_json::from_slice(&case.bytes()["datapackage.json"]).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let mut listed: Vec<String> =
        resources.iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect();
    listed.sort();
    listed
}

#[test]
fn the_chosen_formats_are_published_and_described() {
    let all = Case::with(&annex());
    assert_eq!(all.run(&["run"]).code, 0);
    assert_eq!(names(&all), expected(&["csv", "parquet"]));
    for (format, extensions) in
        [("csv", &["csv"][..]), ("parquet", &["parquet"]), ("parquet,csv,csv", &["csv", "parquet"])]
    {
        let case = Case::with(&annex());
        let ended = case.run(&["run", "--format", format]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        assert_eq!(names(&case), expected(extensions));
        let mut listed = listed(&case);
        listed.push("datapackage.json".into());
        listed.sort();
        assert_eq!(listed, expected(extensions));
        let (published, of_all) = (case.bytes(), all.bytes());
        let tables = published.iter().filter(|(name, _)| *name != "datapackage.json");
        assert!(tables.into_iter().all(|(name, bytes)| *bytes == of_all[name]), "{format}");
    }
    let case = Case::with(&annex());
    assert_eq!(case.run_with(&["run"], &[("BLUEBOOK_FORMAT", "csv")]).code, 0);
    assert_eq!(names(&case), expected(&["csv"]));
}

#[test]
fn an_unknown_format_is_refused_with_those_there_are() {
    let case = Case::with(&annex());
    for arguments in [&["run", "--format", "xml"], &["run", "--format", ""], &["run", "--format", "csv,"]] {
        let ended = case.run(arguments);
        assert_eq!(ended.code, 2);
        says(&ended.err, &["--format", "csv", "parquet"]);
    }
    assert!(!case.path("output").exists());
}

#[test]
fn files_of_a_format_that_is_no_longer_chosen_leave_the_set() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    let before = case.bytes();
    for (format, extensions) in
        [("csv", &["csv"][..]), ("parquet", &["parquet"]), ("csv,parquet", &["csv", "parquet"])]
    {
        let ended = case.run(&["run", "--format", format]);
        assert!(ended.code == 0 && ended.out.contains("published 228 observations"), "{}", ended.err);
        assert_eq!(names(&case), expected(extensions));
        let again = case.run(&["run", "--format", format]);
        assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (0, "", ""));
    }
    assert!(case.bytes() == before);
}

#[test]
fn a_file_of_another_format_in_the_set_is_removed() {
    let stray = format!("{FOLDER}/notes.parquet");
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--format", "csv"]).code, 0);
    let case = case.file(&stray, "stray");
    assert_eq!(case.run(&["run", "--format", "csv"]).code, 0);
    assert_eq!(names(&case), expected(&["csv"]));
}

#[test]
fn verify_follows_the_formats_of_the_published_set() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--format", "csv"]).code, 0);
    for arguments in [&["verify"][..], &["verify", "--published"]] {
        let ended = case.run(arguments);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        says(&ended.out, &["hk-talent-admissions: 7 files are as"]);
    }
    fs::write(case.path(&format!("{FOLDER}/notes.parquet")), "stray").unwrap();
    let ended = case.run(&["verify"]);
    assert_eq!(ended.code, 3);
    says(&ended.err, &[&format!("{FOLDER}/notes.parquet: it is no file of the set\n")]);
    // Without a data package nothing says what is published: all formats are expected.
    fs::remove_file(case.path(&format!("{FOLDER}/datapackage.json"))).unwrap();
    let ended = case.run(&["verify"]);
    assert_eq!(ended.code, 3);
    says(&ended.err, &[&format!("{FOLDER}/observations.parquet: it is missing\n")]);
}

#[test]
fn a_frozen_run_keeps_the_published_formats() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--lock"]).code, 0);
    let before = case.bytes();
    let ended = case.run(&["run", "--frozen", "--format", "parquet"]);
    assert_eq!(ended.code, 3);
    for table in TABLES {
        says(&ended.err, &[&format!("  {FOLDER}/{table}.csv would be removed\n")]);
    }
    assert!(case.bytes() == before);
}

/// A document of each input format; whether it can be read.
fn samples() -> Vec<(&'static str, Vec<u8>, bool)> {
    let kept = |name: &str| fs::read(root().join("tests/data/workbooks").join(name)).unwrap();
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    let mut xlsx = rust_xlsxwriter::Workbook::new();
    xlsx.add_worksheet().write(0, 0, "Region").unwrap().write(0, 1, 2023).unwrap();
    vec![
        ("workbook, xlsx", xlsx.save_to_buffer().unwrap(), true),
        ("workbook, xlsb", kept("annex.xlsb"), true),
        ("workbook, xls", kept("annex.xls"), true),
        ("workbook, ods", kept("annex.ods"), true),
        ("encrypted workbook", [b"\xD0\xCF\x11\xE0".as_slice(), &encrypted].concat(), false),
        ("zip archive", archive.finish().unwrap().into_inner(), false),
        (
            "HTML",
            b"<!DOCTYPE html><title>t</title><table><tr><td>Canada<td>1</table></html>\n".to_vec(),
            true,
        ),
        ("Markdown", b"# Title\n\n|Region|2023|\n|---|---|\n|Canada|1|\n".to_vec(), true),
        ("text", annex().into_bytes(), true),
    ]
}

/// Limits under which this process reads all formats.
fn read_here(mut limits: Limits) -> Limits {
    limits.legacy_reader = LegacyReader::Here;
    limits
}

#[test]
fn each_input_format_knows_its_own_documents_and_says_what_is_wrong_with_others() {
    let samples = samples();
    let listed: Vec<&str> = INPUT_FORMATS.iter().map(|format| format.name()).collect();
    assert_eq!(listed, samples.iter().map(|(name, ..)| *name).collect::<Vec<_>>());
    let limits = read_here(Limits::default());
    let options = ReadOptions { limits: &limits, encoding: None };
    for (format, (name, bytes, is_readable)) in INPUT_FORMATS.iter().zip(&samples) {
        let knowing = INPUT_FORMATS.iter().find(|format| format.sniff(bytes)).unwrap();
        assert_eq!(knowing.name(), *name);
        match format.read(bytes, &options) {
            Ok(read) => assert!(*is_readable && read.description.starts_with(name), "{name}"),
            Err(fault) => {
                assert!(!is_readable && !fault.found.is_empty() && !fault.help.is_empty(), "{name}");
            }
        }
        // Half a document is read as a text, or refused with words; never a crash.
        for end in [0, 5, bytes.len() / 2] {
            let cut = format.read(&bytes[..end], &options);
            let is_said = cut.as_ref().err().is_none_or(|fault| !fault.found.is_empty());
            let is_text = ["Markdown", "text"].contains(name);
            assert!(is_said && (cut.is_err() || is_text), "{name}, {end} bytes");
        }
    }
}

#[test]
fn each_input_format_of_cells_keeps_within_limits() {
    let limits = read_here(Limits::default().with("cells=1".parse().unwrap()));
    let options = ReadOptions { limits: &limits, encoding: None };
    for (format, (name, bytes, _)) in INPUT_FORMATS.iter().zip(&samples()).take(4) {
        let fault = format.read(bytes, &options).unwrap_err();
        says(&fault.found, &["more than 1 cells"]);
        says(&fault.help, &["--limit cells="]);
        assert!(fault.place.is_none(), "{name}");
    }
}
