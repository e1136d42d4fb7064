//! What a run was made from is locked, and told in words where it differs; what is published is derived again and compared.

use std::fs;
use std::path::Path;

use rust_xlsxwriter::Workbook;

use crate::support::{Case, Ended, annex, real, root};

/// A case whose annex was locked, and is published.
fn locked(text: &str) -> Case {
    lock(Case::with(text))
}

/// The same, where documents may lack tables.
fn locked_in_parts(text: &str) -> Case {
    lock(Case::in_parts(text))
}

fn lock(case: Case) -> Case {
    let ended = case.run(&["run", "--lock"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    assert!(ended.out.ends_with("\nwrote bluebook.lock\n"), "{}", ended.out);
    case
}

const HEAD: &str = "error: the result would differ from what bluebook.lock has, or from what is published\n";
const END: &str = "nothing was published; where this is right, take it over: `bluebook run --lock`\n";

/// What `check --frozen` says of a case that was locked, and has these differences now.
fn differs(case: &Case, differences: &[&str]) {
    let ended = case.run(&["check", "--frozen"]);
    let lines: String = differences.iter().map(|difference| format!("  {difference}\n")).collect();
    assert_eq!((ended.code, ended.out.as_str(), ended.err), (3, "", format!("{HEAD}{lines}{END}")));
}

/// The locked annex with one place changed.
fn changed(from: &str, to: &str) -> Case {
    assert!(annex().contains(from), "{from:?}");
    locked(&annex()).file("input/annex.txt", annex().replacen(from, to, 1))
}

/// A row that leaves each total as it is.
const NEPAL: &str = "Pakistan\t57\t56\t55\t6\nNepal\t0\t0\t0\t0\n";
const PAKISTAN: &str = "Pakistan\t57\t56\t55\t6\n";

#[test]
fn each_kind_of_difference_is_told_in_words() {
    const GRADUATES: &str = "Immigration Arrangements for Non-local Graduates";
    let header = format!("{GRADUATES}\n\nRegion\t2023\t2024\t2025\t2026 (as at end- February)");
    let india = ["India\t197\t110\t130\t10\n", "Taiwan, China\t107\t99\t86\t7\n"];
    let cases = [
        (PAKISTAN, NEPAL, " has a new row: Nepal"),
        ("Pakistan\t57", "Nepal\t57", ": the row `Nepal` was `Pakistan`"),
        ("South Korea\t212", "Korea, Republic of\t212", ": the row `Korea, Republic of` was `South Korea`"),
        (&india.concat(), &[india[1], india[0]].concat(), " has its rows in another order"),
        (GRADUATES, &format!("{GRADUATES} (IANG)"), &format!(": the title was `{GRADUATES}`")),
        (
            &header,
            &header.replace("as at end- F", "up to end-F"),
            ": the heading `2026 (up to end-February)` was `2026 (as at end- February)`",
        ),
        ("France\t7\t8\t18\t3\n", "", " lost the row: France"),
    ];
    for (from, to, told) in cases {
        let mut text = annex().replacen(from, to, 1);
        if to.is_empty() {
            // What the row had goes to the residual, so that the totals stand.
            text = text.replacen("Others\t617\t572\t621\t56", "Others\t624\t580\t639\t59", 1);
        }
        let case = locked(&annex()).file("input/annex.txt", text);
        differs(&case, &[&format!("input/annex.txt: table 4 (IANG){told}")]);
    }
}

#[test]
fn a_changed_figure_changes_the_bytes_but_not_the_layout() {
    let text = annex().replace("\t549\t", "\t548\t").replace("47 021", "47 022");
    let case = locked(&annex()).file("input/annex.txt", text);
    let bytes = "input/annex.txt: its bytes changed, but the layout of its tables is the same";
    differs(&case, &[bytes]);
    let ended = case.run(&["run", "--frozen"]);
    assert_eq!(ended.code, 3);
    let told: Vec<&str> = ended.err.lines().collect();
    assert_eq!(told[..2], [HEAD.trim_end(), &format!("  {bytes}")]);
    let of = |file: &str, what: &str| {
        let line = format!("  output/hk-talent-admissions/{file} would change: {what}");
        assert!(told.contains(&line.as_str()), "{line}\n{}", ended.err);
    };
    of("observations.csv", "line 170, column value: published `549`, derived `548`");
    of("observations.parquet", "row 169, column value: published `549`, derived `548`");
}

#[test]
fn tables_notes_and_releases_come_and_go() {
    let (before, tech) = annex().split_once("Technology Talent Admission Scheme").map(owned).unwrap();
    let (_, after) = tech.split_once("Quality Migrant").map(owned).unwrap();
    let case = locked_in_parts(&annex()).file("input/annex.txt", format!("{before}Quality Migrant{after}"));
    differs(
        &case,
        &[
            "input/annex.txt: table 5 (QMAS) was table 6",
            "input/annex.txt: table 6 (ASSG) was table 7",
            "input/annex.txt: table 5 (TechTAS) is missing",
        ],
    );
    let case = changed("Note: Approved applications are", "Approved applications are");
    differs(&case, &["input/annex.txt: table 6 (QMAS) had 1 note, and has 0"]);
    let case = locked(&annex());
    let ended = case.run(&["check", "--frozen", "--release-date", "2026-03-05"]);
    let expected = "  input/annex.txt: it was of release 2026-02-28, and is of release 2026-03-05\n";
    assert_eq!((ended.code, ended.err), (3, format!("{HEAD}{expected}{END}")));
}

fn owned((one, other): (&str, &str)) -> (String, String) {
    (one.into(), other.into())
}

#[test]
fn documents_come_and_go() {
    let case =
        Case::new().file("input/2026-03-31-a.txt", annex()).file("input/2027-03-31-b.txt", annex() + "\n");
    assert_eq!(case.run(&["run", "--lock"]).code, 0);
    fs::rename(case.path("input/2026-03-31-a.txt"), case.path("input/2026-04-30-a.txt")).unwrap();
    differs(
        &case,
        &[
            "input/2026-04-30-a.txt: a new document",
            "2026-03-31-a.txt: the document is missing (release 2026-03-31)",
        ],
    );
}

#[test]
fn all_differences_are_told_but_for_those_beyond_fifty() {
    let case = locked(&annex());
    let case = (0..60).fold(case, |case, day| {
        case.file(&format!("input/{}-01-01-annex.txt", 2100 + day), annex() + &"\n".repeat(day + 1))
    });
    let ended = case.run(&["check", "--frozen"]);
    assert_eq!(ended.code, 3);
    assert_eq!(ended.err.lines().count(), 1 + 50 + 1 + 1);
    assert!(ended.err.contains("\n  and 10 more\n"), "{}", ended.err);
}

#[test]
fn a_definition_of_ones_own_is_locked_with_what_it_says() {
    let built_in = fs::read_to_string(root().join("src/dataset/built_in/hk-talent-admissions.toml")).unwrap();
    let case = Case::with(&annex()).file("own.toml", &built_in);
    let frozen = ["check", "--frozen", "--dataset", "own.toml"];
    assert_eq!(case.run(&["run", "--lock", "--dataset", "own.toml"]).code, 0);
    let case = case.file("own.toml", built_in.replace('\n', "\r\n"));
    assert_eq!(case.run(&frozen).code, 0, "a check-out may end lines another way");
    let renamed = built_in + "\n# A reason was added.\n";
    let case = case.file("own.toml", renamed);
    let ended = case.run(&frozen);
    let expected = "  hk-talent-admissions: the definition changed\n";
    assert_eq!((ended.code, ended.err), (3, format!("{HEAD}{expected}{END}")));
}

#[test]
fn the_code_and_the_name_of_a_label_are_locked() {
    let case = locked(&annex());
    let text = fs::read_to_string(case.path("bluebook.lock")).unwrap();
    let was = text.replacen(r#"["Pakistan", "PAK"]"#, r#"["Pakistan", "NPL"]"#, 1).replacen(
        r#""PAK" = "Pakistan""#,
        r#""PAK" = "Pakistan (old)""#,
        1,
    );
    differs(
        &case.file("bluebook.lock", was),
        &[
            "input/annex.txt: table 4 (IANG): the code of `Pakistan` was NPL, and is PAK",
            "hk-talent-admissions: the name of the region PAK was `Pakistan (old)`, and is `Pakistan`",
        ],
    );
}

#[test]
fn what_is_locked_stays_published_and_is_not_written_again() {
    for text in
        [Some(annex()), real("text/talent-admission-schemes-2026-02.txt").map(text_of)].into_iter().flatten()
    {
        let case = locked(&text);
        let (lock, bytes) = (fs::read(case.path("bluebook.lock")).unwrap(), case.bytes());
        let written = || fs::metadata(case.path("bluebook.lock")).unwrap().modified().unwrap();
        let before = written();
        for arguments in [&["run", "--frozen"][..], &["run", "--lock"], &["check", "--frozen", "--quiet"]] {
            let Ended { code, out, err } = case.run(arguments);
            assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""), "{arguments:?}");
        }
        assert_eq!(
            (written(), fs::read(case.path("bluebook.lock")).unwrap(), case.bytes()),
            (before, lock, bytes)
        );
        assert!(!case.path("bluebook.lock.new").exists());
    }
}

fn text_of(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_lock_is_the_same_whatever_the_threads_the_order_or_the_place() {
    let lock = |order: [&str; 2], threads: &str, path: &str| {
        let case = Case::new().file("a/2027-03-31-x.txt", annex()).file("b/2026-03-31-y.txt", annex());
        let case =
            (0..200).fold(case, |case, day| case.file(&format!("a/{}-01-01.txt", 2100 + day), annex()));
        let arguments = ["run", "--lock", order[0], order[1], "--threads", threads, "--lock-file", path];
        assert_eq!(case.run(&arguments).code, 0);
        fs::read(case.path(path)).unwrap()
    };
    let first = lock(["a", "b"], "1", "bluebook.lock");
    assert_eq!(lock(["b", "a"], "7", "other.lock"), first);
    let text = String::from_utf8(first).unwrap();
    assert!(!text.contains(std::env::temp_dir().to_str().unwrap()), "no path of the machine");
}

#[test]
fn a_check_out_may_end_lines_another_way() {
    let case = locked(&annex());
    let text = text_of(case.path("bluebook.lock")).replace('\n', "\r\n");
    assert_eq!(case.file("bluebook.lock", text).run(&["check", "--frozen"]).code, 0);
    // The document has other bytes then, and says so.
    let case = locked(&annex()).file("input/annex.txt", annex().replace('\n', "\r\n"));
    differs(&case, &["input/annex.txt: its bytes changed, but the layout of its tables is the same"]);
}

fn workbook(case: &Case, extra: bool) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "Top Talent Pass Scheme").unwrap();
    for (column, heading) in ["Region", "2023", "2024"].into_iter().enumerate() {
        sheet.write(2, column as u16, heading).unwrap();
    }
    let mut rows = vec![("Canada", [5, 6]), ("Japan", [1, 2]), ("Total", [6, 8])];
    if extra {
        rows.insert(2, ("Pakistan", [0, 0]));
    }
    for (at, (label, figures)) in rows.into_iter().enumerate() {
        sheet.write(3 + at as u32, 0, label).unwrap();
        sheet.write(3 + at as u32, 1, figures[0]).unwrap();
        sheet.write(3 + at as u32, 2, figures[1]).unwrap();
    }
    fs::create_dir_all(case.path("input")).unwrap();
    workbook.save(case.path("input/annex.xlsx")).unwrap();
}

#[test]
fn a_workbook_is_locked_as_a_text_is() {
    let case = Case::in_parts("");
    fs::remove_file(case.path("input/annex.txt")).unwrap();
    workbook(&case, false);
    assert_eq!(case.run(&["run", "--lock"]).code, 0);
    let lock = text_of(case.path("bluebook.lock"));
    let table = "[[dataset.document.table]]
number = 1
name = \"TTPS\"
title = \"Top Talent Pass Scheme\"
headings = [
  \"2023\",
  \"2024\",
]
rows = [
  [\"Canada\", \"CAN\"],
  [\"Japan\", \"JPN\"],
  [\"Total\", \"_T\"],
]
notes = 0
";
    assert!(lock.ends_with(table), "{lock}");
    workbook(&case, true);
    differs(&case, &["input/annex.xlsx: table 1 (TTPS) has a new row: Pakistan"]);
}

#[test]
fn a_lock_file_that_cannot_be_used_says_what_to_do() {
    let case = Case::with(&annex());
    for command in ["run", "check"] {
        let ended = case.run(&[command, "--frozen"]);
        let expected = "error: there is no lock file bluebook.lock; `bluebook run --lock` writes it, for version control\n";
        assert_eq!((ended.code, ended.err.as_str()), (78, expected));
    }
    let damaged = |text: &str| {
        let ended = Case::with(&annex()).file("bluebook.lock", text).run(&["run", "--frozen"]);
        assert_eq!((ended.code, ended.out.as_str()), (78, ""));
        ended.err
    };
    assert_eq!(
        damaged("# A comment.\nversion = 3\nfuture = true\n"),
        "error: the lock file has version 3, and 2 is known
  --> bluebook.lock:2:11
    2 | version = 3
      |           ^
help: use the bluebook that wrote it, or write it anew: `bluebook run --lock`

error: the lock file cannot be used
"
    );
    let conflict = "version = 2\n\n<<<<<<< HEAD\n";
    assert!(
        damaged(conflict).contains("error: the lock file is damaged: ")
            && damaged(conflict).contains("--> bluebook.lock:3:9\n"),
        "{}",
        damaged(conflict)
    );
    assert!(damaged("version = 2\n[[dataset]]\nname = 5\n").contains("--> bluebook.lock:3:8\n"));
    assert!(
        damaged("").contains("--> bluebook.lock:1:1\n") && damaged("").contains("missing field `version`")
    );
    let bytes = Case::with(&annex()).file("bluebook.lock", b"\xff").run(&["check", "--frozen"]);
    assert_eq!(
        (bytes.code, bytes.err.as_str()),
        (
            78,
            "error: the lock file bluebook.lock is damaged: it is not UTF-8; write it anew: `bluebook run --lock`\n"
        )
    );
    assert!(!case.path("output").exists());
}

#[test]
fn problems_of_the_data_come_before_differences() {
    let case = changed("Pakistan\t57", "Atlantis\t57");
    let (lock, bytes) = (fs::read(case.path("bluebook.lock")).unwrap(), case.bytes());
    let ended = case.run(&["run", "--frozen"]);
    assert!(
        ended.code == 1 && ended.err.contains("Atlantis") && !ended.err.contains("would differ"),
        "{}",
        ended.err
    );
    assert_eq!(case.run(&["run", "--lock"]).code, 1);
    assert_eq!((fs::read(case.path("bluebook.lock")).unwrap(), case.bytes()), (lock, bytes), "the old ones");
    assert_eq!(case.run(&["run", "--lock", "--frozen"]).code, 2);
}

#[test]
fn a_frozen_run_publishes_what_is_locked_where_nothing_is_published() {
    let case = locked(&annex());
    let before = case.bytes();
    fs::remove_dir_all(case.path("output")).unwrap();
    assert_eq!(case.run(&["run", "--frozen"]).code, 0);
    assert_eq!(case.bytes(), before);
}

#[test]
fn verify_finds_each_file_that_is_not_as_derived() {
    let case = locked(&annex());
    let ended = case.run(&["verify"]);
    assert_eq!(
        (ended.code, ended.out.as_str(), ended.err.as_str()),
        (0, "hk-talent-admissions: 13 files are as derived\n", "")
    );
    assert_eq!(case.run(&["verify", "--quiet"]).out, "");
    let folder = case.published();
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let csv = String::from_utf8(read("observations.csv")).unwrap();
    let parquet = read("checks.parquet");
    fs::write(folder.join("observations.csv"), csv.replacen(",549,", ",548,", 1)).unwrap();
    fs::write(folder.join("checks.parquet"), &parquet[..parquet.len() / 2]).unwrap();
    fs::remove_file(folder.join("notes.csv")).unwrap();
    fs::write(folder.join("mine.txt"), "").unwrap();
    let ended = case.run(&["verify"]);
    assert_eq!((ended.code, ended.out.as_str()), (3, ""));
    let lines: Vec<&str> = ended.err.lines().collect();
    let path = "  output/hk-talent-admissions";
    assert_eq!(lines[0], "error: what is published is not as derived");
    assert_eq!(lines[1], format!("{path}/notes.csv: it is missing"));
    let value = "line 170, column value: published `548`, derived `549`";
    assert_eq!(lines[2], format!("{path}/observations.csv: {value}"));
    let damaged = format!("{path}/checks.parquet: it cannot be read as Parquet: ");
    assert!(lines[3].starts_with(&damaged), "{}", lines[3]);
    assert_eq!(lines[4], format!("{path}/mine.txt: it is no file of the set"));
    let hash = "its SHA-256 is not the one in datapackage.json";
    assert_eq!(lines[5], format!("{path}/checks.parquet: {hash}"));
    assert_eq!(lines[6], format!("{path}/mine.txt: datapackage.json does not name it"));
    assert_eq!(lines[7], format!("{path}/observations.csv: {hash}"));
    assert_eq!(lines[8..], [format!("{path}/notes.csv: it is missing")]);
}

#[test]
fn verify_finds_the_end_of_a_file_that_lost_its_lines_and_the_rows_of_other_documents() {
    let case = locked(&annex());
    let csv = case.published().join("observations.csv");
    let text = text_of(&csv);
    let half: String = text.lines().take(100).map(|line| format!("{line}\n")).collect();
    fs::write(&csv, half).unwrap();
    let name = "output/hk-talent-admissions/observations.csv";
    let said = |case: &Case| case.run(&["verify"]).err;
    assert!(said(&case).contains(&format!("{name}: it ends before line 101, which was derived\n")));
    fs::write(&csv, text + "more\n").unwrap();
    assert!(said(&case).contains(&format!("{name}: line 230 and what follows was not derived\n")));
    let case = changed(PAKISTAN, NEPAL);
    let ended = case.run(&["verify"]);
    let rows = "regions.parquet: row 13, column region: published `PAK`, derived `NPL`\n";
    assert!(ended.code == 3 && ended.err.contains(rows), "{}", ended.err);
    assert!(!ended.err.contains("SHA-256"), "each file is as it was published: {}", ended.err);
}

#[test]
fn verify_writes_nothing_where_nothing_is_published() {
    let case = Case::with(&annex());
    let ended = case.run(&["verify"]);
    let expected = "error: what is published is not as derived\n  output/hk-talent-admissions: it is missing; nothing is published\n";
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (3, "", expected));
    assert!(!case.path("output").exists());
    assert_eq!(case.run(&["verify", "--published"]).code, 66);
}

#[test]
fn what_is_published_is_held_against_its_own_hashes_without_any_document() {
    let case = locked(&annex());
    fs::remove_dir_all(case.path("input")).unwrap();
    let verify = || case.run(&["verify", "--published"]);
    assert_eq!(
        (verify().code, verify().out.as_str()),
        (0, "hk-talent-admissions: 13 files are as datapackage.json says\n")
    );
    fs::write(case.published().join("notes.csv"), "").unwrap();
    let expected = "error: what is published is not as datapackage.json says
  output/hk-talent-admissions/notes.csv: its SHA-256 is not the one in datapackage.json
";
    assert_eq!((verify().code, verify().err.as_str()), (3, expected));
    fs::write(case.published().join("datapackage.json"), "{").unwrap();
    assert!(verify().err.contains("datapackage.json: it is damaged: "), "{}", verify().err);
}

#[test]
fn verify_has_the_problems_of_a_run() {
    let case = changed("\t549\t", "\t12a4\t");
    let ended = case.run(&["verify"]);
    assert!(ended.code == 1 && ended.err.contains("`12a4` is no figure"), "{}", ended.err);
    assert_eq!(Case::new().run(&["verify", "nothing"]).code, 66);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_and_a_link_stays_one() {
    let pipe = |path: &Path| {
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    let case = Case::with(&annex());
    pipe(&case.path("bluebook.lock"));
    let expected = "error: bluebook.lock is no file, and the lock file is to stand there; name another: `--lock-file FILE`\n";
    for arguments in [["run", "--lock"], ["run", "--frozen"], ["check", "--frozen"]] {
        let ended = case.run(&arguments);
        assert_eq!((ended.code, ended.err.as_str()), (74, expected), "{arguments:?}");
    }
    assert!(!case.path("output/hk-talent-admissions").exists(), "nothing was published");
    fs::remove_file(case.path("bluebook.lock")).unwrap();
    fs::create_dir(case.path("locks")).unwrap();
    fs::write(case.path("locks/ours"), "").unwrap();
    std::os::unix::fs::symlink("locks/ours", case.path("bluebook.lock")).unwrap();
    assert_eq!(case.run(&["run", "--lock"]).code, 0);
    assert!(fs::symlink_metadata(case.path("bluebook.lock")).unwrap().is_symlink());
    assert_eq!(case.run(&["check", "--frozen"]).code, 0);
    let nowhere = case.run(&["run", "--lock", "--lock-file", "nowhere/bluebook.lock"]);
    assert_eq!(nowhere.code, 74);
    assert!(nowhere.err.starts_with("error: cannot write nowhere/bluebook.lock.new: "), "{}", nowhere.err);
    for name in ["observations.csv", "datapackage.json"] {
        let path = case.published().join(name);
        fs::remove_file(&path).unwrap();
        pipe(&path);
        let told = format!("  output/hk-talent-admissions/{name}: it is no file\n");
        for arguments in [&["verify"][..], &["verify", "--published"]] {
            let ended = case.run(arguments);
            assert!(ended.code == 3 && ended.err.contains(&told), "{arguments:?} {}", ended.err);
        }
    }
}

#[test]
fn documents_of_one_name_are_told_apart_by_their_releases() {
    let later = annex().replace("2026 (as at end-", "2027 (as at end-").replace("\t2025\t", "\t2026\t");
    let case = Case::new().file("input/a/annex.txt", annex()).file("input/b/annex.txt", &later);
    assert_eq!(case.run(&["run", "--lock"]).code, 0);
    let case = case.file("input/b/annex.txt", later.replacen(PAKISTAN, NEPAL, 1));
    differs(&case, &["input/b/annex.txt: table 4 (IANG) has a new row: Nepal"]);
    fs::remove_file(case.path("input/a/annex.txt")).unwrap();
    differs(
        &case,
        &[
            "input/b/annex.txt: table 4 (IANG) has a new row: Nepal",
            "annex.txt: the document is missing (release 2026-02-28)",
        ],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_lock_that_cannot_be_told_is_not_written() {
    let case = locked(&annex());
    fs::remove_file(case.path("bluebook.lock")).unwrap();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bluebook"));
    let output = command.args(["run", "--lock"]).current_dir(case.path("")).stdout(full).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(74), "{said}");
    assert!(said.starts_with("error: cannot say what is written: "), "{said}");
    assert!(!case.path("bluebook.lock").exists() && !case.path("bluebook.lock.new").exists());
}
