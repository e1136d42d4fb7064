//! Bad input: each fault has its exit code and a message that names its place, and leaves what was published as it was.

use std::fs;

use crate::support::{Case, annex, says};

/// A document with one fault is refused; the set published before stays as it was.
fn refused(document: impl AsRef<[u8]>, code: i32, words: &[&str]) {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    let before = case.bytes();
    let case = case.file("input/annex.txt", document);
    let ended = case.run(&["run"]);
    assert_eq!(ended.code, code, "{words:?}: {}", ended.err);
    says(&ended.err, words);
    assert_eq!(ended.out, "");
    assert_eq!(case.bytes(), before, "{words:?}");
}

/// The annex with one place changed.
fn changed(from: &str, to: &str) -> String {
    assert!(annex().contains(from), "{from:?}");
    annex().replacen(from, to, 1)
}

#[test]
fn a_total_that_is_one_off_is_shown_as_a_compiler_shows_it() {
    let case = Case::with(&changed("47 021", "47 020"));
    let ended = case.run(&["run"]);
    let expected = "\
error: the total doesn't add up
  --> input/annex.txt:17:7
   17 | Total\t49 737\t41 057\t31 508\t4 640
      |      \t^^^^^^ printed 49 737, but its 6 rows make 49 736 (1 too few)
repair: any of these would make it true, the likeliest first
  line 17: 49 737 → 49 736  one digit (the ones), in the total; nearer to 41 057 in 2024
  line 11: 47 020 → 47 021  one digit (the ones); farther from 39 010 in 2024
  line 16: 1 070 → 1 071    one digit (the ones); farther from 924 in 2024
  line 13: 536 → 537        one digit (the ones); farther from 331 in 2024
  line 14: 370 → 371        one digit (the ones); farther from 256 in 2024
  … and 2 more: `bluebook check -v`
help: one of these is right if a single figure is wrong; where two are or more, none may be: compare with the original

1 problem; nothing was published, what was published before stands
";
    assert_eq!((ended.code, ended.err.as_str()), (1, expected));
}

#[test]
fn what_cannot_be_understood_is_located() {
    refused(
        changed("\t549\t", "\t12a4\t"),
        1,
        &["`12a4` is no figure", "annex.txt:12:8", "`a` is not part of a number"],
    );
    refused(changed("\t549\t", "\t"), 1, &["1 cell too few", "annex.txt:12:"]);
    refused(changed("\t549\t", "\t549\t549\t"), 1, &["1 cell too many", "annex.txt:12:"]);
    refused(changed("\t549\t", "\t\t"), 1, &["a figure is missing", "the cell is empty", "annex.txt:12:8"]);
    refused(changed("\t549\t", "\t-549\t"), 1, &["cannot be below zero", "annex.txt:12:8"]);
    refused(
        changed("\t549\t", "\t9 223 372 036 854 775 808\t"),
        1,
        &["too large for 64 bits", "annex.txt:12:8"],
    );
    refused(
        changed("\t549\t", "\t9 223 372 036 854 775 807\t"),
        1,
        &["too large for 64 bits to add up", "annex.txt:12:8"],
    );
    refused(changed("\t2024\t", "\t2O24\t"), 1, &["`2O24` is no period", "annex.txt:10:13"]);
    refused(
        changed("\t2024\t", "\t2023\t"),
        1,
        &["the period 2023 stands in the header twice", "annex.txt:10:13", "annex.txt:10:8"],
    );
    refused(
        changed("Singapore\t191", "Canada\t191"),
        1,
        &["CAN appears twice in table TTPS", "annex.txt:15:1", "annex.txt:12:1"],
    );
    refused(
        changed("Singapore\t191", "Sinapore\t191"),
        1,
        &["the region `Sinapore` is unknown", "annex.txt:15:1", "did you mean `Singapore`?"],
    );
    refused(
        changed("Singapore\t191", "Atlantis\t191"),
        1,
        &["the region `Atlantis` is unknown", "[dimension.labels]"],
    );
    refused(
        changed("Top Talent Pass Scheme", "Top Talents Pass Scheme"),
        1,
        &["is titled `Top Talents Pass Scheme`", "annex.txt:8:1", "did you mean `Top Talent Pass Scheme`?"],
    );
    refused(
        changed("Japan\t", "Chinese Mainland\t"),
        1,
        &["GEP excludes CHN", "annex.txt:25:1", "hk-talent-admissions.toml:"],
    );
    refused(
        changed("Quality Migrant Admission Scheme", "Technology Talent Admission Scheme"),
        1,
        &["table TechTAS appears twice in the document", "annex.txt:75:1"],
    );
}

#[test]
fn totals_must_be_printed() {
    refused(
        changed("Total\t49 737\t41 057\t31 508\t4 640\n", ""),
        1,
        &["table TTPS has no total of `region`", "annex.txt:16:1"],
    );
    let without = changed("Total\t130\t118\t161\t20\n", "");
    refused(
        without,
        1,
        &["table TechTAS has no total of `region`", "nothing proves that `-` stands for zero"],
    );
}

#[test]
fn a_known_table_is_never_lost_in_silence() {
    let flat = |from: &str, to: &str| changed(from, to);
    let header = "2023\t2024\t2025\t2026 (as at end-February)\n19 757\t25 344\t26 714\t4 011";
    refused(
        flat(header, &header.replace('\t', "; ")),
        1,
        &["the table of ASMTP was not understood", "annex.txt:39:1"],
    );
    refused(flat(header, "2023\n19 757"), 1, &["the table of ASMTP was not understood"]);
    refused(annex() + "\n\nTotal\t5\t5\t+1\t+2%\n", 1, &["figures stand under no header"]);
    refused(
        changed("Note: Approved applications", "Note: Approved\nJapan\t5\t5\t5\t5\napplications"),
        1,
        &["figures stand under no header"],
    );
    let empty = changed("\n19 757\t25 344\t26 714\t4 011", "");
    refused(empty.clone(), 1, &["error: the table of ASMTP holds no figures"]);
    let ended = Case::in_parts(&empty).run(&["run"]);
    assert!(
        ended.code == 0 && ended.err.contains("warning: the table of ASMTP holds no figures"),
        "{}",
        ended.err
    );
}

#[test]
fn all_problems_come_at_once() {
    let case = Case::with(
        &changed("47 021", "47 020").replace("Singapore\t191", "Atlantis\t191").replace("\t549\t", "\t5x9\t"),
    );
    let ended = case.run(&["run"]);
    assert_eq!(
        ended.err.matches("error: ").count(),
        2,
        "the total of a table with an unknown cell proves nothing: {}",
        ended.err
    );
    assert!(ended.err.contains("2 problems"));
}

#[test]
fn what_holds_no_table_is_refused() {
    refused("", 1, &["no table was found", "annex.txt"]);
    refused("Only words.\n", 1, &["no table was found"]);
    refused(
        "Something else\n\nRegion\t2023\t2024\nCanada\t1\t2\nTotal\t1\t2\n",
        1,
        &["belong to no built-in dataset", "annex.txt:1:1", "--dataset"],
    );
    refused(annex() + "\n\nCanada\t1\t2\n", 1, &["figures stand under no header"]);
    refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 65, &["annex.txt", "cannot be read"]);
    refused([annex().as_bytes(), b"\xff\xfe"].concat(), 65, &["0xFF", "--encoding"]);
    let bad = refused_bytes();
    refused(bad, 65, &["annex.txt:12:"]);
}

fn refused_bytes() -> Vec<u8> {
    let annex = annex();
    let at = annex.find("\t549").unwrap();
    [&annex.as_bytes()[..at], b"\xE9", &annex.as_bytes()[at..]].concat()
}

#[test]
fn a_large_file_without_a_table_is_refused_soon() {
    let line = "Words that go on, with a comma; and 2023, and no table at all.\n";
    refused(line.repeat(20_000_000 / line.len()), 1, &["no table was found"]);
    let words = ["the text has more than 2 000 000 cells, which is the limit", "--limit cells=4000000"];
    refused(line.repeat(80_000_000 / line.len()), 65, &words);
}

#[test]
fn no_document_takes_more_than_its_length() {
    let annex = annex();
    let header = "Region\t2023\t2024\n";
    let hostile = [
        format!("T\n\n{header}{}", "word\n".repeat(300_000)),
        format!("T\n\n{header}Canada\t1\t2\n{}Total\t1\t2\n", "word\n".repeat(300_000)),
        format!("T\n\n{header}{}Total\t1\t2\n", "\n".repeat(600_000)),
        format!("T\n\nRegion,2023,2024\n\"{}", "word,\n".repeat(300_000)),
        format!("T\n\n{header}{}", "Atlantis\t1\t2\n".repeat(3_000)),
        header.repeat(30_000),
        // Pages without a total, and pages of a flattened table.
        format!("T\n\n{}", format!("{header}Canada\t1\t2\n").repeat(20_000)),
        format!("T\n\n{}", "Region 2023 2024\nCanada 1 2\n".repeat(5_000)),
        format!("T\n\n{}", "|Region|2023|\n|---|---|\n|**Canada|*1*|\n".repeat(20_000)),
        format!("|a|b|\n|---|---|\n|{}|1|\n", "*a_&amp;<b>`".repeat(20_000)),
        format!("T\n\nRegion{}\n", "\t2010-11".repeat(100_000)),
        format!("T\n\n\t2023{0}\nRegion{1}\n", "\t".repeat(100_000), "\tQ1".repeat(100_000)),
        format!("T\n\n{}\n{}\n", "    2023".repeat(50_000), "  Q1".repeat(100_000)),
        "\u{feff}".repeat(1_000_000),
    ];
    let long = Case::with(&format!("{annex}\n\n{}", "x\t1\t".repeat(500_000))).run(&["check"]);
    assert!(long.code == 1 && long.err.len() < 1000, "{}", &long.err[..long.err.len().min(500)]);
    for document in hostile {
        let ended = Case::with(&document).run(&["check"]);
        assert_eq!(ended.code, 1, "{}", &ended.err[..ended.err.len().min(500)]);
    }
}

/// What stands many times would be multiplied by itself, and what is wrong throughout described throughout.
#[test]
fn no_repetition_takes_more_memory_than_its_length() {
    let title = "Top Talent Pass Scheme\n\nRegion";
    let years: String = (0..16_000).map(|at| format!("\t{}", 1800 + at % 400)).collect();
    let figures = "\t1".repeat(16_000);
    for document in [
        format!("{title}{}\nCanada{figures}\n", "\t2023\t2024".repeat(8_000)),
        format!("{title}{years}\nCanada{figures}\n"),
        format!("{title}\t2023\t2024\n{}", "Canada\t1\t2\n".repeat(40_000)),
        format!("{title}\t2023\t2024\n{}", "Nowhere\tx\ty\n".repeat(40_000)),
        format!("{title}{}\n", "\tNo period".repeat(16_000)),
    ] {
        let ended = Case::with(&document).within_512_mb(&["check"]);
        assert_eq!(ended.code, 1, "{}", &ended.err[..ended.err.len().min(500)]);
        assert!(ended.err.len() < 200_000, "{} bytes are said", ended.err.len());
    }
}

#[test]
fn no_input_is_no_success() {
    let case = Case::new();
    let ended = case.run(&["run"]);
    assert_eq!((ended.code, ended.err.as_str()), (66, "error: input does not exist\n"));
    fs::create_dir(case.path("input")).unwrap();
    let ended = case.run(&["run"]);
    assert_eq!(ended.code, 66);
    assert!(ended.err.contains("input holds no documents"));
    assert!(!case.path("output").exists());
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let case = Case::with(&annex()).file("taken", "a file");
    let ended = case.run(&["run", "--output", "taken"]);
    assert_eq!(ended.code, 74);
    assert!(ended.err.contains("taken"), "{}", ended.err);
    let ended = case.run(&["run", "--output", "taken/below"]);
    assert_eq!(ended.code, 74);
    assert!(ended.err.contains("taken/below"), "{}", ended.err);
    assert_eq!(fs::read_to_string(case.path("taken")).unwrap(), "a file");
}

#[test]
fn what_is_no_file_is_refused() {
    let case = Case::with(&annex());
    assert!(std::process::Command::new("mkfifo").arg(case.path("input/pipe")).status().unwrap().success());
    for arguments in [&["run"][..], &["inspect", "input/pipe"], &["check", "/dev/zero"]] {
        let ended = case.run(arguments);
        assert!(
            ended.code == 74 && ended.err.contains("neither a file nor a folder"),
            "{arguments:?}: {}",
            ended.err
        );
    }
}

#[test]
fn nothing_is_published_where_that_cannot_be_said() {
    let case = Case::with(&annex());
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bluebook"));
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = command
        .current_dir(case.path("."))
        .arg("run")
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .status();
    assert_eq!(status.unwrap().code(), Some(74));
    assert!(!case.path("output/hk-talent-admissions").exists());
}

#[test]
fn a_file_that_is_not_ours_is_never_taken_away() {
    let case = Case::with(&annex()).file("output/hk-talent-admissions/mine.txt", "mine");
    let ended = case.run(&["run"]);
    assert!(ended.code == 74 && ended.err.contains("mine.txt was not written by bluebook"), "{}", ended.err);
    assert_eq!(fs::read_to_string(case.path("output/hk-talent-admissions/mine.txt")).unwrap(), "mine");
    let file = Case::with(&annex()).file("output/hk-talent-admissions", "mine");
    assert_eq!(file.run(&["run"]).code, 74);
    assert_eq!(fs::read_to_string(file.path("output/hk-talent-admissions")).unwrap(), "mine");
}

#[test]
fn two_documents_of_one_release_must_agree() {
    let other = annex().replace('\t', "  \t").replace("47 021", "47021");
    let agreeing = Case::with(&annex()).file("input/other.txt", other);
    assert_eq!(agreeing.run(&["run"]).code, 0);
    assert_eq!(agreeing.rows("observations").len(), 228);
    assert_eq!((agreeing.rows("checks").len(), agreeing.rows("notes").len()), (24, 11));
    assert!(agreeing.rows("observations").iter().all(|row| row["source"] == "annex.txt"));

    let other = annex().replace("\t549\t", "\t550\t").replace("49 737", "49 738");
    let differing = Case::with(&annex()).file("input/other.txt", other);
    let ended = differing.run(&["run"]);
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &[
            "two documents of one release differ on TTPS/CAN/2023",
            "input/annex.txt:12:8",
            "input/other.txt:12:8",
        ],
    );
    assert_eq!(ended.err.matches("error: ").count(), 2, "the figure, and the total: {}", ended.err);

    let fewer = annex()
        .replace("Singapore\t191\t143\t118\t20\n", "")
        .replace("Others\t1 070\t924\t911\t146", "Others\t1 261\t1 067\t1 029\t166");
    let ended = Case::with(&annex()).file("input/other.txt", fewer).run(&["run"]);
    assert!(
        ended.code == 1
            && ended.err.contains("differ on TTPS/SGP/2023")
            && ended.err.contains("has the table without it"),
        "{}",
        ended.err
    );
}

#[test]
fn two_releases_stand_side_by_side() {
    let case = Case::new().file("input/2026-03-15-annex.txt", annex()).file(
        "input/2026-04-15-annex.txt",
        annex().replace("\t549\t", "\t550\t").replace("49 737", "49 738"),
    );
    assert_eq!(case.run(&["run"]).code, 0);
    let rows = case.rows("observations");
    let of = |release: &str| {
        rows.iter()
            .find(|row| row["release_date"] == release && row["scheme"] == "TTPS" && row["region"] == "CAN")
            .unwrap()["value"]
            .clone()
    };
    assert_eq!((rows.len(), of("2026-03-15"), of("2026-04-15")), (456, "549".into(), "550".into()));
}
