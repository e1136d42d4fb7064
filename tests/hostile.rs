//! Workbooks that are damaged, or made to harm: each ends with a message that says why, and nothing is published.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use bluebook::layout::guide::Guide;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::{Case, Ended, real, root, says};

const MAIN: &str =
    r#"<workbook xmlns:r="r"><sheets><sheet name="TTPS" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="rId1" Type="t/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const OF_MAIN: &str = r#"<Relationships><Relationship Id="rId1" Type="t/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const SHEET: &str = "xl/worksheets/sheet1.xml";
const TEXTS: &str = "xl/sharedStrings.xml";

/// An .xlsx with these parts beside those that every workbook has; a part of the same name takes its place.
fn xlsx(parts: &[(&str, &str)]) -> Vec<u8> {
    let usual =
        [("_rels/.rels", RELATIONS), ("xl/workbook.xml", MAIN), ("xl/_rels/workbook.xml.rels", OF_MAIN)];
    let own = |name: &str| parts.iter().any(|(other, _)| *other == name);
    let usual = usual.into_iter().filter(|(name, _)| !own(name));
    archive(&usual.chain(parts.iter().copied()).collect::<Vec<_>>())
}

/// An archive of these parts.
fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, part) in parts {
        archive.start_file(*name, options).unwrap();
        archive.write_all(part.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A sheet of these rows, and what stands after them.
fn sheet(rows: &str, after: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData>{after}</worksheet>")
}

/// The sheet of a workbook with two figures.
fn small() -> String {
    sheet(r#"<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>"#, "")
}

/// Inspects a document in all ways and runs on it, with no more than 512 MB; tells how `inspect --cells` ended.
fn read(name: &str, bytes: &[u8], limits: &[&str]) -> Ended {
    let case = Case::new().file(&format!("input/{name}"), bytes);
    let limits = limits.iter().flat_map(|limit| ["--limit", limit]);
    let input = format!("input/{name}");
    let inspect = |flags: &[&'static str]| {
        case.within_512_mb(&[vec!["inspect", &input], flags.to_vec(), limits.clone().collect()].concat())
    };
    let inspected = inspect(&["--cells"]);
    for flags in [&[][..], &["--draw"]] {
        let shown = inspect(flags);
        assert_eq!(shown.code, inspected.code, "{flags:?} on {name}: {}", shown.err);
        assert!(shown.out.len() < 200_000, "{flags:?} on {name}: {} bytes", shown.out.len());
    }
    let ran = case.within_512_mb(&[vec!["run"], limits.collect()].concat());
    assert!(!case.path("output").join("hk-talent-admissions").exists(), "{name} was published");
    let expected = if inspected.code == 0 { 1 } else { inspected.code };
    assert_eq!(ran.code, expected, "run on {name}: {}", ran.err);
    inspected
}

/// Each of these is refused with words that say why.
fn refused(name: &str, bytes: &[u8], words: &[&str]) {
    let ended = read(name, bytes, &[]);
    assert_eq!((ended.code, ended.out.as_str()), (65, ""), "{name}: {}", ended.err);
    says(&ended.err, words);
    says(&ended.err, &[&format!("--> input/{name}"), "help: "]);
}

#[test]
fn two_corners_of_a_sheet_take_no_room() {
    let rows =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    let ended = read("corners.xlsx", &xlsx(&[(SHEET, &sheet(rows, ""))]), &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    says(&ended.out, &["TTPS!A1 ", "1048576"]);
}

#[test]
fn the_empty_cells_between_others_count() {
    let row = |row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c><c r="XFD{row}"><v>2</v></c></row>"#);
    let rows: String = (1..=200).map(row).collect();
    let words = [
        "more than 2 000 000 cells, with the empty ones between them, which is the limit",
        "--limit cells=4000000",
    ];
    refused("wide.xlsx", &xlsx(&[(SHEET, &sheet(&rows, ""))]), &words);
}

#[test]
fn announced_texts_are_held_against_the_room_for_them() {
    let texts = r#"<sst count="1" uniqueCount="4294967295"><si><t>a</t></si></sst>"#;
    refused("announced.xlsx", &xlsx(&[(SHEET, &small()), (TEXTS, texts)]), &["announces 4294967295 texts"]);
}

#[test]
fn places_that_no_sheet_has_are_named() {
    for place in ["ZZZZZZZZZ1", "XFE1", "A1048577", "A0"] {
        let rows = format!(r#"<row r="1"><c r="{place}"><v>1</v></c></row>"#);
        refused(
            "beyond.xlsx",
            &xlsx(&[(SHEET, &sheet(&rows, ""))]),
            &[&format!("names `{place}`"), "XFD1048576"],
        );
    }
    let rows = r#"<row r="4294967296"><c><v>1</v></c></row>"#;
    refused("row.xlsx", &xlsx(&[(SHEET, &sheet(rows, ""))]), &["names `4294967296`"]);
    let merged = sheet("", r#"<mergeCells><mergeCell ref="B2:A1"/></mergeCells>"#);
    refused("merge.xlsx", &xlsx(&[(SHEET, &merged)]), &["names `B2:A1`"]);
    let before = format!(r#"<worksheet><dimension ref="B9:A1"/>{}"#, small().replace("<worksheet>", ""));
    refused("dimension.xlsx", &xlsx(&[(SHEET, &before)]), &["names `B9:A1`"]);
}

#[test]
fn what_unfolds_without_end_is_not_unfolded() {
    let blown = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(8 << 20));
    let bytes = xlsx(&[(SHEET, &small()), (TEXTS, &blown)]);
    refused("blown.xlsx", &bytes, &["more than 200 times the packed bytes in its part xl/sharedStrings.xml"]);
    // As small as it says that it is, it can be read; but it is not.
    let size = (blown.len() as u32).to_le_bytes();
    refused("lying.xlsx", &replaced(&bytes, &size, &1000u32.to_le_bytes()), &["cannot be read"]);
}

#[test]
fn all_parts_together_are_bounded() {
    let blown = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(3 << 20));
    let bytes = xlsx(&[(SHEET, &small()), (TEXTS, &blown)]);
    let ended = read("large.xlsx", &bytes, &["inflated=2", "ratio=2000"]);
    assert_eq!(ended.code, 65);
    says(
        &ended.err,
        &["more than 2 megabytes once it is unfolded, which is the limit", "--limit inflated=4"],
    );
    assert_eq!(read("large.xlsx", &bytes, &["ratio=2000"]).code, 0);
}

/// The bytes with each of some replaced.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let places: Vec<usize> =
        (0..bytes.len() - old.len()).filter(|at| bytes[*at..].starts_with(old)).collect();
    assert!(!places.is_empty());
    for at in places {
        changed[at..at + new.len()].copy_from_slice(new);
    }
    changed
}

#[test]
fn parts_that_overlap_are_refused() {
    let bytes = xlsx(&[(SHEET, &small()), (TEXTS, "<sst/>")]);
    // In the directory at the end, the place of a part stands before its name, 4 bytes long.
    let name = bytes.windows(TEXTS.len()).rposition(|window| window == TEXTS.as_bytes()).unwrap();
    let mut overlapping = bytes.clone();
    overlapping[name - 4..name].copy_from_slice(&0u32.to_le_bytes());
    refused("overlap.xlsx", &overlapping, &["its parts overlap"]);
}

#[test]
fn names_of_parts_are_told_apart() {
    let twice = [(SHEET, small().as_str()), ("XL/Worksheets/Sheet1.xml", "<worksheet/>")]
        .map(|(name, part)| (name, part.to_owned()));
    let twice: Vec<(&str, &str)> = twice.iter().map(|(name, part)| (*name, part.as_str())).collect();
    refused("twice.xlsx", &xlsx(&twice), &["two of its parts have one name"]);
    let main = MAIN.replace("</sheets>", r#"<sheet name="Again" sheetId="2" r:id="rId1"/></sheets>"#);
    refused(
        "again.xlsx",
        &xlsx(&[(SHEET, &small()), ("xl/workbook.xml", &main)]),
        &["two of its sheets are one part"],
    );
}

#[test]
fn entities_are_refused() {
    let laughs = r#"<!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>"#;
    let outside = format!(r#"<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/hostname">]>{}"#, small());
    let words = ["declares a document type or entities (`<!DOCTYPE`)"];
    refused("laughs.xlsx", &xlsx(&[(SHEET, &small()), (TEXTS, laughs)]), &words);
    refused("outside.xlsx", &xlsx(&[(SHEET, &outside)]), &words);
    // A part in another encoding could say anything.
    let declared = r#"<?xml version="1.0" encoding="utf-7"?><worksheet/>"#;
    refused("other.xlsx", &xlsx(&[(SHEET, declared)]), &["not in UTF-8"]);
}

#[test]
fn merged_areas_are_counted() {
    let areas: String = (1..=50_000).fold(String::new(), |mut areas, row| {
        write!(areas, r#"<mergeCell ref="A{row}:B{row}"/>"#).unwrap();
        areas
    });
    let merged =
        sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#, &format!("<mergeCells>{areas}</mergeCells>"));
    let words = ["more than 20 000 merged areas, which is the limit", "--limit merges=40000"];
    refused("merged.xlsx", &xlsx(&[(SHEET, &merged)]), &words);
}

#[test]
fn cells_are_counted_and_empty_ones_are_not() {
    let rows: String = (1..=2000).fold(String::new(), |mut rows, row| {
        write!(rows, r#"<row r="{row}"><c r="A{row}" s="1"/><c r="B{row}" s="1"/></row>"#).unwrap();
        rows
    });
    let one = r#"<row r="2001"><c r="A2001"><v>1</v></c></row>"#;
    let bytes = xlsx(&[(SHEET, &sheet(&(rows.clone() + one), ""))]);
    assert_eq!(read("styled.xlsx", &bytes, &["cells=1"]).code, 0);
    let filled = rows.replace(r#"s="1"/>"#, "><v>1</v></c>");
    let ended = read("filled.xlsx", &xlsx(&[(SHEET, &sheet(&filled, ""))]), &["cells=3999"]);
    assert_eq!(ended.code, 65);
    says(&ended.err, &["more than 3 999 cells, which is the limit", "--limit cells=7998"]);
}

/// Markup that XML allows within a value parts it for the library that reads workbooks (19 of 19757), and not for us.
#[test]
fn a_value_that_markup_parts_is_read_whole() {
    let cases = [
        ("<v>19&#55;57</v>", ""),
        ("<v>19<![CDATA[757]]></v>", ""),
        ("<v>19<!-- 7 -->757</v>", ""),
        ("<v>19<?x 7?>757</v>", ""),
        ("<v><!-- 7 -->19757<!-- 7 --></v>", ""),
        ("<v>19<![CDATA[757]]></v>", r#" t="n""#),
        ("<v>19<![CDATA[757]]></v>", r#" t="str""#),
        ("<is><t>19<![CDATA[7]]>&#53;<!-- x -->7</t></is>", r#" t="inlineStr""#),
        ("<v><!-- x -->1&#49;</v>", r#" t="s""#),
    ];
    let texts = format!("<sst>{}<si><t>19<!-- x -->757</t></si></sst>", "<si><t>x</t></si>".repeat(11));
    for (value, kind) in cases {
        let rows = format!(r#"<row r="4"><c r="A4"{kind}>{value}</c></row>"#);
        let ended = read("split.xlsx", &xlsx(&[(SHEET, &sheet(&rows, "")), (TEXTS, &texts)]), &[]);
        assert_eq!(ended.code, 0, "{value}: {}", ended.err);
        assert!(ended.out.contains("19757"), "{value}: {}", ended.out);
    }
    for name in ["cdata", "charref", "comment", "pi"] {
        let Some(path) = real(&format!("workbooks/layouts/value-split-by-{name}.xlsx")) else { return };
        let ended = read("split.xlsx", &std::fs::read(path).unwrap(), &[]);
        assert_eq!(ended.code, 0, "{name}: {}", ended.err);
        assert!(ended.out.contains("19757"), "{name}: {}", ended.out);
    }
}

/// A cell of which the library that reads workbooks would give another value than the XML says.
#[test]
fn a_value_that_is_split_by_elements_is_refused() {
    let cases = [
        ("<v>19<b>7</b>57</v>", "", "has a value that is split by markup"),
        ("<v>1&amp;2</v>", "", "has a value that is split by markup"),
        ("<v> 12</v>", r#" t="s""#, "has a value that is split by markup"),
        ("<v>19</v><v>757</v>", "", "has two values"),
        ("<v>19757</v><is><t>19</t></is>", "", "has two values"),
        ("<is><t>19</t></is><v>19757</v>", r#" t="inlineStr""#, "has two values"),
        ("<v>19757</v><f>A1</f>", "", "has a formula behind its value"),
        ("<v>19757</v>", r#" t="inlineStr""#, "has a value where its text should be"),
        ("<v>19757</v>", r#" s="1 ""#, "has a style that is no number"),
    ];
    for (value, kind, says) in cases {
        let rows = format!(r#"<row r="4"><c r="A4"{kind}>{value}</c></row>"#);
        let words = [says, "the cell TTPS!A4"];
        refused("split.xlsx", &xlsx(&[(SHEET, &sheet(&rows, ""))]), &words);
    }
    if let Some(path) = real("workbooks/layouts/value-split-by-nested.xlsx") {
        let words = ["the cell TTPS!A4 has a value that is split by markup"];
        refused("split.xlsx", &std::fs::read(path).unwrap(), &words);
    }
}

#[test]
fn a_text_that_is_split_by_elements_is_refused() {
    let cell = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>19<t>7</t>57</t></is></c></row>"#;
    refused("inline.xlsx", &xlsx(&[(SHEET, &sheet(cell, ""))]), &["TTPS has a text with tags in it"]);
    let texts = r"<sst><si><t>19<b>7</b>57</t></si></sst>";
    let words = ["xl/sharedstrings.xml has a text with tags in it"];
    refused("shared.xlsx", &xlsx(&[(SHEET, &small()), (TEXTS, texts)]), &words);
    // What is no text of a cell may have tags: a tuple of metadata.
    let metadata = r#"<metadata><mdx n="0" f="v"><t c="1"><n x="1"/></t></mdx></metadata>"#;
    let ended = read("metadata.xlsx", &xlsx(&[(SHEET, &small()), ("xl/metadata.xml", metadata)]), &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let cell = r#"<table:table-cell office:value-type="string"><text:p>19<![CDATA[757]]></text:p></table:table-cell>"#;
    let table =
        format!(r#"<table:table table:name="T"><table:table-row>{cell}</table:table-row></table:table>"#);
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    );
    let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = "<manifest:manifest/>";
    let bytes =
        archive(&[("mimetype", mimetype), ("META-INF/manifest.xml", manifest), ("content.xml", &content)]);
    let ended = read("text.ods", &bytes, &[]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.contains("19757"), "{}", ended.out);
}

#[test]
fn every_value_of_a_sheet_is_read() {
    let more = r#"<sheetData><row r="9"><c r="A9"><v>3</v></c></row></sheetData>"#;
    let bytes = xlsx(&[(SHEET, &sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#, more))]);
    refused("twice.xlsx", &bytes, &["the sheet TTPS has 2 values, of which 1 can be read"]);
}

#[test]
fn what_only_looks_split_is_read() {
    let cases = [
        ("<v>19757</v>", "", "19757"),
        ("<!-- 1 --><v>19757</v><?x 2?>", "", "19757"),
        ("<f>1&amp;2</f><v>19&#55;57</v>", r#" t="str""#, "19757"),
        ("<v>1</v><is><t>19<![CDATA[7]]>&#53;<!-- 1 -->7</t></is>", r#" t="inlineStr""#, "19757"),
    ];
    for (value, kind, expected) in cases {
        let rows = format!(r#"<row r="4"><c r="A4"{kind}>{value}</c></row>"#);
        let ended = read("whole.xlsx", &xlsx(&[(SHEET, &sheet(&rows, ""))]), &[]);
        assert_eq!(ended.code, 0, "{value}: {}", ended.err);
        says(&ended.out, &["TTPS!A4", expected]);
    }
}

#[test]
fn a_place_has_one_cell() {
    let rows = r#"<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>"#;
    refused("place.xlsx", &xlsx(&[(SHEET, &sheet(rows, ""))]), &["two cells have the place TTPS!B1"]);
}

#[test]
fn what_is_cut_off_or_locked_is_told() {
    let bytes = xlsx(&[(SHEET, &small())]);
    refused("cut.xlsx", &bytes[..bytes.len() / 2], &["the workbook is damaged"]);
    refused("part.xlsx", &xlsx(&[(SHEET, &small()[..60])]), &["the workbook is damaged"]);
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let locked = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 504], &name].concat();
    refused("locked.xlsx", &locked, &["the workbook is encrypted", "save it without one"]);
    // The globals of an .xls begin with BOF, perhaps WriteProtect, and FilePass.
    let bof = [&b"\x09\x08\x10\x00\x00\x06\x05\x00"[..], &[0; 12]].concat();
    for before in [&b""[..], b"\x86\x00\x00\x00"] {
        let obfuscated = [b"\xD0\xCF\x11\xE0", &[0; 508][..], &bof, before, b"\x2F\x00\x06\x00"].concat();
        refused("locked.xls", &obfuscated, &["the workbook is encrypted"]);
    }
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let mimetype = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    for content in ["content.xml", "encrypted-package"] {
        let bytes = archive(&[mimetype, ("META-INF/manifest.xml", manifest), (content, "\u{1}\u{2}<")]);
        refused("locked.ods", &bytes, &["the workbook is encrypted"]);
    }
}

#[test]
fn the_content_tells_what_a_file_is() {
    let text = read("text.xlsx", b"Region,2023\nCanada,1\n", &[]);
    says(&text.out, &["text, UTF-8"]);
    let workbook = read("workbook.txt", &xlsx(&[(SHEET, &small())]), &[]);
    says(&workbook.out, &["workbook, xlsx"]);
}

#[test]
fn all_files_of_others_end_in_time() {
    let Some(folder) = real("workbooks") else { return };
    for folder in [folder.clone(), folder.join("hostile")] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                for flag in ["--cells", "--draw", "--format=text"] {
                    let ended = Case::new().within_512_mb(&["inspect", flag, path.to_str().unwrap()]);
                    assert!(
                        [0, 1, 65].contains(&ended.code),
                        "{} {flag}: {}: {}",
                        path.display(),
                        ended.code,
                        ended.err
                    );
                    assert!(ended.code == 0 || ended.err.contains("error: "), "{}", path.display());
                }
            }
        }
    }
}

/// The workbooks that random changes begin with.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let bold = rust_xlsxwriter::Format::new().set_indent(1).set_num_format("#,##0");
    sheet.write(0, 0, "Top Talent Pass Scheme").unwrap();
    sheet.merge_range(1, 1, 1, 2, "2024", &bold).unwrap();
    for row in 2..9 {
        sheet.write(row, 0, format!("Region {row}")).unwrap();
        sheet.write_with_format(row, 1, row * 37, &bold).unwrap();
        sheet.write_formula(row, 2, format!("=B{}*2", row + 1).as_str()).unwrap();
    }
    sheet.set_row_hidden(5).unwrap();
    let xlsx = book.save_to_buffer().unwrap();
    let kept = |name: &str| std::fs::read(root().join("tests/data/workbooks").join(name)).unwrap();
    vec![
        ("xlsm", repacked(&xlsx, |_| {})),
        ("xlsx", xlsx),
        ("xls", kept("annex.xls")),
        ("ods", kept("annex.ods")),
        ("xlsb", kept("annex.xlsb")),
    ]
}

/// An archive whose parts were changed, and are sound parts of an archive nevertheless.
fn repacked(bytes: &[u8], mut change: impl FnMut(&mut Vec<u8>)) -> Vec<u8> {
    let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for at in 0..packed.len() {
        let mut part = Vec::new();
        let mut entry = packed.by_index(at).unwrap();
        std::io::Read::read_to_end(&mut entry, &mut part).unwrap();
        change(&mut part);
        archive.start_file(entry.name().unwrap(), options).unwrap();
        archive.write_all(&part).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Numbers that look random, and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    /// Changes some bytes: to any, to digits and signs of XML, or by taking a run of them away.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len().max(1));
            let Some(byte) = bytes.get_mut(at) else { return };
            match self.below(4) {
                0 => *byte = self.below(256) as u8,
                1 => *byte = b"0123456789<>/\"=&;:ZA- "[self.below(22)],
                2 => *byte ^= 1 << self.below(8),
                _ => drop(bytes.drain(at..(at + self.below(40)).min(bytes.len()))),
            }
        }
    }
}

/// Reads workbooks with random changes in this process, but for what a worker reads: a panic fails the test.
fn survives(times: usize) {
    let mut limits = bluebook::input::limits::Limits::default();
    limits.legacy_reader =
        bluebook::input::limits::LegacyReader::Program(env!("CARGO_BIN_EXE_bluebook").into());
    for (format, bytes) in samples() {
        let mut read = 0;
        for time in 0..times {
            let mut random = Random(time as u64);
            let mut changed = bytes.clone();
            if format != "xls" && time % 2 == 0 {
                let chosen = random.below(10);
                let mut parts = 0;
                changed = repacked(&bytes, |bytes| {
                    if parts % 10 == chosen {
                        random.change(bytes);
                    }
                    parts += 1;
                });
            } else {
                random.change(&mut changed);
            }
            if let Ok(content) = bluebook::input::read_within(&limits, "changed", &changed, None) {
                let document = bluebook::input::document(&content);
                read += 1;
                assert_eq!(
                    bluebook::extract::find_layouts(&document, &Guide::default()).len(),
                    document.grids.len()
                );
            }
        }
        println!("{format}: {read} of {times} changed workbooks were read");
        assert!(read > 0 && read < times, "{format}: {read} of {times}");
    }
}

#[test]
fn random_changes_do_no_harm() {
    survives(40);
}

#[test]
#[ignore = "takes minutes"]
fn many_random_changes_do_no_harm() {
    survives(2000);
}
