//! Laws that hold for any bytes. A target or a test calls one of them; it panics where the law is broken.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use bluebook::dataset::{self, Definition};
use bluebook::grammar::period::{Period, heading};
use bluebook::grammar::{footnote, number, status_flag};
use bluebook::input::limits::{LegacyReader, Limits};
use bluebook::input::workbook::WorkbookFormat;
use bluebook::pipeline;
use bluebook::problem::exit::Exit;
use bluebook::problem::worst_exit;
use bluebook::regions;
use bluebook::run::RunConfig;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A law.
pub type Law = fn(&[u8]);

/// All of them, by name.
pub const LAWS: [(&str, Law); 5] = [
    ("text", text),
    ("workbook", workbook),
    ("definition", definition),
    ("period", period),
    ("figure", figure),
];

/// A text becomes rows or problems, for a dataset that knows some titles, and for one that knows a short one.
pub fn text(bytes: &[u8]) {
    for config in [&*BUILT_IN, &*OWN] {
        goes_through("2026-01-31-a.txt", bytes, config);
    }
}

/// A workbook becomes rows or problems. Bytes that are no archive are its parts: a name of one letter, and what stands up to
/// the next byte 0.
pub fn workbook(bytes: &[u8]) {
    let archive = if bytes.starts_with(b"PK") { bytes.to_vec() } else { packed(bytes) };
    // What can only be read whole is read by a worker, which bounds it.
    if WorkbookFormat::detect(&archive) == Some(WorkbookFormat::Xlsx) {
        goes_through("2026-01-31-a.xlsx", &archive, &OWN);
    }
}

/// A text is a definition or has problems that say where; what is one can be used.
pub fn definition(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Definition::parse(text, "own.toml") {
        Ok(own) => {
            goes_through("2026-02-28-annex.txt", ANNEX.as_bytes(), &config(own));
        }
        Err(problems) => {
            assert!(problems.iter().all(|problem| !problem.spans.is_empty()), "a problem without a place");
        }
    }
}

/// What is read of a heading is a period or none; the code of a period is read as that period, and as no other.
pub fn period(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let reading = heading::parse(text);
    let (_, _) = (heading::is_time_fragment(text), heading::mentions_time(text));
    for settled in
        OWN.definitions[0].calendar.resolve(&[(text, reading.as_ref())]).into_iter().flatten().flatten()
    {
        assert_eq!(settled.to_string().parse(), Ok(settled), "{text:?}");
        assert!(settled.end() >= settled.start || settled.is_point(), "{text:?}");
    }
    if let Ok(period) = text.parse::<Period>() {
        assert_eq!(period.to_string(), text);
        let _ = (period.end(), period.year_before());
    }
}

/// A figure that is read can be shown and read again; a label has one normal form, and stands for a region that is known.
pub fn figure(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for decimals in [0, 1, 6] {
        if let Ok(value) = number::parse(text, decimals) {
            assert_eq!(
                number::parse(&number::format_number(value, decimals), decimals).ok(),
                Some(value),
                "{text:?}"
            );
        }
    }
    let _ = (status_flag::is_symbol(text), status_flag::parse_phrase(text), status_flag::parse_legend(text));
    let _ = (
        footnote::split_heading_markers(text),
        footnote::find_last_marker(text),
        footnote::parse_opening(text),
    );
    assert!(text.contains(footnote::split_markers(text, |_| true).text), "{text:?}");
    let key = regions::normalize(text);
    assert_eq!(regions::normalize(&key), key, "{text:?}");
    if let Some(resolved) = regions::resolve(text) {
        assert_eq!(
            regions::find_by_code(resolved.region.code).map(|region| region.code),
            Some(resolved.region.code)
        );
    }
    let _ = regions::explain_unknown(text);
}

/// A document becomes rows, or problems and no rows; nothing in it is a mistake of bluebook.
fn goes_through(name: &str, bytes: &[u8], config: &RunConfig) {
    let (batches, problems) =
        pipeline::process_document(name, bytes, config).expect("only a mistake in bluebook fails");
    if worst_exit(&problems) == Exit::Done {
        assert!(
            batches.iter().any(|batch| batch.rows("observations").is_some()),
            "neither rows nor a problem"
        );
    } else {
        assert!(batches.is_empty(), "rows beside a problem");
    }
}

const ANNEX: &str = include_str!("../../input/hk-talent-admissions-2026-02.txt");

static BUILT_IN: LazyLock<RunConfig> = LazyLock::new(|| {
    let definitions = dataset::built_in().expect("the built-in definitions are sound");
    RunConfig { definitions, is_chosen: false, ..config(own()) }
});

static OWN: LazyLock<RunConfig> = LazyLock::new(|| config(own()));

/// A definition with a bit of everything, whose titles a fuzzer finds soon.
fn own() -> Definition {
    let text = include_str!("own.toml");
    Definition::parse(text, "own.toml").expect("the definition is sound")
}

fn config(definition: Definition) -> RunConfig {
    let mut limits = Limits::default().with("cells=100000".parse().expect("this is a limit"));
    limits.legacy_reader = LegacyReader::Here;
    RunConfig {
        sources: Vec::new(),
        definitions: vec![definition],
        is_chosen: true,
        encoding: None,
        limits,
        threads: 1,
        keeps_layouts: true,
        shows_unsound: false,
    }
}

/// The parts of a workbook that a fuzzer writes, by the letter before each, and what those are that it does not write.
const PARTS: [(u8, &str, &str); 7] = [
    (b'C', "[Content_Types].xml", "<Types/>"),
    (b'R', "_rels/.rels", include_str!("parts/rels.xml")),
    (b'W', "xl/workbook.xml", include_str!("parts/workbook.xml")),
    (b'r', "xl/_rels/workbook.xml.rels", include_str!("parts/workbook.rels.xml")),
    (b's', "xl/sharedStrings.xml", "<sst/>"),
    (b'l', "xl/styles.xml", "<styleSheet/>"),
    (b'1', "xl/worksheets/sheet1.xml", "<worksheet/>"),
];

/// An archive of parts.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (letter, name, otherwise) in PARTS {
        let own = bytes.split(|byte| *byte == 0).find_map(|part| part.strip_prefix(&[letter]));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file(name, options).expect("an archive in memory");
        archive.write_all(own.unwrap_or(otherwise.as_bytes())).expect("an archive in memory");
    }
    archive.finish().expect("an archive in memory").into_inner()
}
