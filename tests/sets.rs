//! Sets side by side, and sets loaded into folders: what counts is whole, and what was there before stands.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use bluebook::load::Fingerprint;
use serde_json::Value;

use crate::support::{Case, annex, says};

const DATASET: &str = "output/hk-talent-admissions";

/// The annex with another figure of Canada's, for which the total is right.
fn other() -> String {
    annex().replace("\t549\t", "\t550\t").replace("\t49 737\t", "\t49 738\t")
}

fn sha256(path: &Path) -> String {
    Fingerprint::from_reader(File::open(path).unwrap()).unwrap().sha256
}

fn pointer(case: &Case) -> Value {
    serde_json::from_slice(&fs::read(case.path(DATASET).join("latest.json")).unwrap()).unwrap()
}

/// The folder that the pointer points to, of which each file is what the pointer says.
fn pointed(case: &Case) -> PathBuf {
    let pointer = pointer(case);
    let set = pointer["set"].as_str().unwrap();
    for file in pointer["files"].as_array().unwrap() {
        let path = case.path(DATASET).join(file["path"].as_str().unwrap());
        assert_eq!(sha256(&path), file["sha256"]);
        assert_eq!(fs::metadata(&path).unwrap().len(), file["bytes"].as_u64().unwrap());
    }
    let folder = case.path(DATASET).join("sets").join(set);
    assert_eq!(sha256(&folder.join("datapackage.json")), set);
    folder
}

fn sets(case: &Case) -> usize {
    fs::read_dir(case.path(DATASET).join("sets")).unwrap().count()
}

#[test]
fn sets_stand_side_by_side_and_one_of_them_counts() {
    let case = Case::with(&annex()).file("other/annex.txt", other());
    says(&case.run(&["run", "--layout", "sets"]).out, &["published 228 observations in output/"]);
    let first = pointed(&case);
    let again = case.run(&["run", "--layout", "sets"]);
    assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (0, "", ""));
    assert_eq!(case.run(&["run", "other", "--layout", "sets"]).code, 0);
    assert_ne!(pointed(&case), first);
    assert_eq!((sets(&case), pointer(&case)["serial"].as_u64()), (2, Some(2)));
    // Back to the first is a run as any other.
    assert_eq!(case.run(&["run", "--layout", "sets"]).code, 0);
    assert_eq!((pointed(&case), sets(&case), pointer(&case)["serial"].as_u64()), (first, 2, Some(3)));
    assert_eq!(case.run(&["verify"]).code, 0);
    assert_eq!(case.run(&["verify", "--published"]).code, 0);
}

#[test]
fn a_set_is_the_same_in_both_layouts() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--layout", "sets"]).code, 0);
    assert_eq!(case.run(&["run", "--output", "plain"]).code, 0);
    let set = pointed(&case);
    for entry in fs::read_dir(case.path("plain/hk-talent-admissions")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(sha256(&path), sha256(&set.join(path.file_name().unwrap())));
    }
}

#[test]
fn one_layout_is_not_published_over_the_other() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--layout", "sets"]).code, 0);
    let ended = case.run(&["run"]);
    assert_eq!(ended.code, 74);
    says(&ended.err, &["was published with `--layout sets`; publish it so again"]);
    pointed(&case);
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    let ended = case.run(&["run", "--layout", "sets"]);
    assert_eq!(ended.code, 74);
    says(&ended.err, &["was not published with `--layout sets`; move it away"]);
    assert_eq!(case.run(&["verify"]).code, 0);
}

#[test]
fn a_problem_leaves_the_set_that_counts() {
    let case = Case::with(&annex()).file("broken/annex.txt", annex().replace("47 021", "47 020"));
    assert_eq!(case.run(&["run", "--layout", "sets"]).code, 0);
    let before = pointed(&case);
    assert_eq!(case.run(&["run", "broken", "--layout", "sets"]).code, 1);
    assert_eq!((pointed(&case), sets(&case)), (before, 1));
}

#[test]
fn a_lock_holds_for_sets_too() {
    let case = Case::with(&annex()).file("other/annex.txt", other());
    assert_eq!(case.run(&["run", "--layout", "sets", "--lock"]).code, 0);
    assert_eq!(case.run(&["run", "--layout", "sets", "--frozen"]).code, 0);
    let ended = case.run(&["run", "other", "--layout", "sets", "--frozen"]);
    assert_eq!(ended.code, 3);
    says(&ended.err, &["latest.json would change: set "]);
    assert_eq!(sets(&case), 1);
}

#[test]
fn what_counts_no_longer_is_pruned() {
    let case = Case::with(&annex()).file("other/annex.txt", other());
    for input in ["input", "other", "input"] {
        assert_eq!(case.run(&["run", input, "--layout", "sets"]).code, 0);
    }
    fs::create_dir(case.path(DATASET).join("sets/0000")).unwrap();
    fs::write(case.path(DATASET).join("sets/0000/observations.csv"), "being put").unwrap();
    assert_eq!(case.run(&["prune", "--keep", "2"]).out, "");
    let ended = case.run(&["prune", "--keep", "1"]);
    assert_eq!((ended.code, ended.out.lines().count()), (0, 1), "{}", ended.err);
    pointed(&case);
    assert_eq!(pointer(&case)["before"].as_array().unwrap().len(), 0);
    assert_eq!(sets(&case), 2, "a set that never counted stays for a day");
    assert_eq!(case.run(&["prune", "--keep", "0"]).code, 2);
}

#[test]
fn a_set_is_loaded_into_a_folder_of_either_layout() {
    let case = Case::with(&annex()).file("other/annex.txt", other());
    assert_eq!(case.run(&["run", "--layout", "sets"]).code, 0);
    for layout in ["plain", "sets"] {
        let load = |more: &[&str]| case.run(&[&["load", layout, "--layout", layout], more].concat());
        let tried = load(&["--dry-run"]);
        says(&tried.out, &["hk-talent-admissions: would load set ", "  observations.csv\n"]);
        assert!(!case.path(layout).exists(), "{layout}: to try it leaves nothing");
        says(&load(&[]).out, &["hk-talent-admissions: loaded set "]);
        assert_eq!((load(&[]).out.as_str(), load(&["--mend"]).code), ("", 0));
        assert_eq!(case.run(&["verify", "--output", layout]).code, 0);
        assert_eq!(load(&["--frozen"]).code, 0);
    }
    assert_eq!(case.run(&["run", "other", "--layout", "sets"]).code, 0);
    let ended = case.run(&["load", "plain", "--frozen"]);
    assert_eq!(ended.code, 3);
    says(
        &ended.err,
        &["error: another set is loaded in plain; these would be written\n  observations.csv\n"],
    );
    assert_eq!(case.run(&["load", "plain"]).code, 0);
    assert_eq!(case.run(&["verify", "other", "--output", "plain"]).code, 0);
    // A drifted copy is mended.
    fs::write(case.path("plain/hk-talent-admissions/notes.csv"), "x").unwrap();
    says(&case.run(&["load", "plain", "--mend"]).out, &["  notes.csv\n"]);
    assert_eq!(case.run(&["verify", "other", "--output", "plain"]).code, 0);
}

#[test]
fn only_what_is_as_it_was_published_is_loaded() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["load", "copy"]).code, 66);
    assert_eq!(case.run(&["run"]).code, 0);
    fs::write(case.path(DATASET).join("notes.csv"), "x").unwrap();
    let ended = case.run(&["load", "copy"]);
    assert_eq!(ended.code, 3);
    says(&ended.err, &["notes.csv: its SHA-256 is not the one in datapackage.json", "nothing was loaded"]);
    assert!(!case.path("copy").exists());
}

#[test]
fn addresses_that_cannot_be_used_are_refused_without_their_secrets() {
    let case = Case::with(&annex());
    for (output, words) in [
        ("s3://me:hidden-word@bucket/x", "credentials belong in the environment"),
        ("gs://bucket/x?token=hidden-word", "credentials belong in the environment"),
        ("ftp://bucket/x", "an address is s3://bucket/prefix"),
        ("s3://", "cannot be used"),
    ] {
        let ended = case.run(&["run", "--output", output, "--report", "report.json"]);
        assert_eq!(ended.code, 78, "{}", ended.err);
        let told = ended.out + &ended.err + &fs::read_to_string(case.path("report.json")).unwrap();
        says(&told, &[words]);
        assert!(!told.contains("hidden-word"), "{told}");
    }
    assert_eq!(case.run(&["run"]).code, 0);
    for target in ["mysql://me:hidden-word@host/db", "postgres://me:hidden-word@host:bad/db"] {
        let ended = case.run(&["load", target]);
        assert!(ended.code == 78 && !ended.err.contains("hidden-word"), "{} {}", ended.code, ended.err);
    }
}

/// Whoever opens the folder of a set reads that set to the end, while others are published.
#[test]
fn a_reader_that_holds_the_folder_never_sees_a_mix() {
    let case = Case::with(&annex()).file("other/annex.txt", other());
    assert_eq!(case.run(&["run"]).code, 0);
    let over = AtomicBool::new(false);
    let read = || {
        let mut reads = 0;
        while !over.load(Ordering::Relaxed) {
            let held = File::open(case.path(DATASET)).unwrap();
            let set = PathBuf::from(format!("/proc/self/fd/{}", held.as_raw_fd()));
            let package = fs::read_to_string(set.join("datapackage.json")).unwrap();
            thread::yield_now();
            assert!(package.contains(&sha256(&set.join("observations.csv"))), "a mix of two sets");
            reads += 1;
        }
        reads
    };
    thread::scope(|scope| {
        let reader = scope.spawn(read);
        for turn in 0..20 {
            assert_eq!(case.run(&["run", ["other", "input"][turn % 2]]).code, 0);
        }
        over.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 100);
    });
    let left: Vec<_> = fs::read_dir(case.path("output")).unwrap().collect();
    assert_eq!(left.len(), 2, "the published set and the one before it");
}
