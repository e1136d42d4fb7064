//! The output folder: held by one run, changed in one step, and nothing outside of it touched, whatever stands where.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::{Case, annex, ended};

const DATASET: &str = "output/hk-talent-admissions";

/// Inode and times of all that stands at or below a folder.
fn marks(folder: &Path) -> BTreeMap<String, (u64, i64, i64, i64, i64)> {
    let about = fs::symlink_metadata(folder).unwrap();
    let mark = (about.ino(), about.mtime(), about.mtime_nsec(), about.ctime(), about.ctime_nsec());
    let mut marks = BTreeMap::from([(folder.to_string_lossy().into_owned(), mark)]);
    if about.is_dir() {
        for entry in fs::read_dir(folder).unwrap() {
            marks.extend(self::marks(&entry.unwrap().path()));
        }
    }
    marks
}

/// A run that is refused, with these words, and leaves all as it was.
fn refused(case: &Case, words: &str) {
    let before = marks(&case.path("."));
    let ended = case.run(&["run"]);
    assert_eq!((ended.code, ended.out.as_str(), ended.err), (74, "", format!("error: {words}\n")));
    assert_eq!(marks(&case.path(".")), before);
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_run_that_changes_nothing_touches_nothing() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    let before = marks(&case.path("output"));
    let ended = case.run(&["run"]);
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, "", ""));
    assert_eq!(marks(&case.path("output")), before);
}

#[test]
fn a_published_file_that_was_changed_is_written_anew() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    let published = case.bytes();
    let file = case.path(DATASET).join("observations.csv");
    let content = &published["observations.csv"];
    let middle = content.len() / 2;
    let other = [&content[..middle], b"~", &content[middle + 1..]].concat();
    for changed in [&other, &content[..middle], b"", &[content, &b"x"[..]].concat()] {
        fs::write(&file, changed).unwrap();
        let ended = case.run(&["run"]);
        assert!(ended.code == 0 && ended.out.contains("published 228 observations"), "{}", ended.err);
        assert!(case.bytes() == published);
    }
    fs::remove_file(&file).unwrap();
    assert_eq!(case.run(&["run"]).code, 0);
    assert!(case.bytes() == published);
}

#[test]
fn without_flushing_the_same_is_published() {
    let (safe, quick) = (Case::with(&annex()), Case::with(&annex()));
    assert_eq!((safe.run(&["run"]).code, quick.run(&["run", "--no-sync"]).code), (0, 0));
    assert!(safe.bytes() == quick.bytes());
}

#[test]
fn a_link_to_the_output_folder_is_followed() {
    let case = Case::with(&annex());
    fs::create_dir(case.path("real")).unwrap();
    symlink("real", case.path("output")).unwrap();
    let ended = case.run(&["run"]);
    assert!(ended.code == 0 && ended.out.contains("in output/hk-talent-admissions"), "{}", ended.err);
    assert_eq!(fs::read_link(case.path("output")).unwrap(), Path::new("real"));
    let inside: Vec<_> = fs::read_dir(case.path("real")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(inside, ["hk-talent-admissions"]);
}

#[test]
fn a_link_in_place_of_a_datasets_folder_is_refused() {
    let case = Case::with(&annex()).file("elsewhere/mine.txt", "mine").file("output/other.txt", "other");
    symlink(case.path("elsewhere"), case.path(DATASET)).unwrap();
    let words =
        "is a symbolic link, and a folder is to stand there; move it away, or publish elsewhere by --output";
    refused(&case, &format!("{DATASET} {words}"));
}

#[test]
fn what_is_no_folder_is_refused() {
    let case = Case::with(&annex());
    symlink("nowhere", case.path("output")).unwrap();
    refused(&case, "output is a symbolic link that leads nowhere, and no folder; name another by --output");
    refused(
        &Case::with(&annex()).file("output", "mine"),
        "output is a file, and no folder; name another by --output",
    );
    let case = Case::with(&annex());
    pipe(&case.path("output"));
    refused(&case, "output is neither a file nor a folder, and no folder; name another by --output");
    let case = Case::with(&annex()).file("output/other.txt", "other");
    pipe(&case.path(DATASET));
    let words = "and a folder is to stand there; move it away, or publish elsewhere by --output";
    refused(&case, &format!("{DATASET} is neither a file nor a folder, {words}"));
}

#[test]
fn what_is_not_ours_is_kept() {
    let lost = "was not written by bluebook and would be lost; move it away";
    let folder = Case::with(&annex()).file(&format!("{DATASET}/notes.csv/mine.txt"), "mine");
    refused(&folder, &format!("{DATASET}/notes.csv {lost}"));
    let linked = Case::with(&annex()).file(&format!("{DATASET}/checks.csv"), "");
    symlink("/dev/zero", linked.path(DATASET).join("notes.csv")).unwrap();
    refused(&linked, &format!("{DATASET}/notes.csv {lost}"));

    let beside = Case::with(&annex()).file("output/mine.txt", "mine").file("output/.bluebook-notes", "mine");
    fs::create_dir(beside.path("real")).unwrap();
    symlink(beside.path("real"), beside.path("output/.bluebook-link")).unwrap();
    assert_eq!(beside.run(&["run"]).code, 0);
    for kept in ["mine.txt", ".bluebook-notes", ".bluebook-link"] {
        assert!(beside.path("output").join(kept).symlink_metadata().is_ok(), "{kept}");
    }
}

#[test]
fn a_set_that_was_put_aside_and_not_replaced_is_put_back() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    let published = case.bytes();
    fs::rename(case.path(DATASET), case.path("output/.bluebook-old.hk-talent-admissions")).unwrap();
    let case = case
        .file("output/.bluebook-new.hk-talent-admissions/notes.csv", "half")
        .file("input/annex.txt", annex().replace("47 021", "47 020"));
    assert_eq!(case.run(&["run"]).code, 1);
    assert!(case.bytes() == published);
    let case = case.file("output/.bluebook-old.hk-talent-admissions/notes.csv", "old");
    assert_eq!(case.run(&["run"]).code, 1);
    assert!(case.bytes() == published);
}

/// As root no mode keeps anyone out; `scripts/faults.py` mounts a folder to be read only.
#[test]
fn a_folder_that_may_not_be_written_keeps_its_set() {
    if rustix::process::geteuid().is_root() {
        eprintln!("skipped: root may write anywhere");
        return;
    }
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    fs::set_permissions(case.path("output"), fs::Permissions::from_mode(0o555)).unwrap();
    let same = case.run(&["run"]);
    assert_eq!((same.code, same.out.as_str(), same.err.as_str()), (0, "", ""));
    let published = case.bytes();
    let ended = case.run(&["run", "--release-date", "2026-03-31"]);
    assert!(
        ended.code == 74 && ended.err.contains("output/.bluebook-new.hk-talent-admissions"),
        "{}",
        ended.err
    );
    assert!(case.bytes() == published);
    fs::set_permissions(case.path("output"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn paths_need_not_be_unicode() {
    let case = Case::new();
    let name = OsStr::from_bytes(b"caf\xe9");
    let (input, output) = (case.path("x").with_file_name(name), case.path("y").join(name));
    fs::create_dir(&input).unwrap();
    fs::write(input.join(name), annex()).unwrap();
    let run = || ended(&case.command(&["run"]).arg(&input).arg("--output").arg(&output).output().unwrap());
    let first = run();
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    assert!(output.join("hk-talent-admissions/observations.parquet").exists());
    let second = run();
    assert_eq!((second.code, second.out.as_str(), second.err.as_str()), (0, "", ""));
}

#[test]
fn a_run_waits_as_long_as_it_is_told() {
    let case = Case::with(&annex());
    fs::create_dir(case.path("output")).unwrap();
    let held = fs::File::open(case.path("output")).unwrap();
    held.try_lock().unwrap();
    let busy = case.run(&["run", "--wait", "1"]);
    let words = "error: another run holds output; try again when it has ended\n";
    assert_eq!((busy.code, busy.err.as_str()), (75, words));
    let waiting = case.command(&["run"]).env("BLUEBOOK_WAIT", "600").spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    drop(held);
    assert!(waiting.wait_with_output().unwrap().status.success());
    assert!(case.path(DATASET).exists());
    assert_eq!(case.run(&["run", "--wait", "soon"]).code, 2);
}

/// A lock on a folder that stands there no longer keeps nobody out.
#[test]
fn the_folder_that_is_locked_is_the_one_that_stands_there() {
    let case = Case::with(&annex());
    fs::create_dir(case.path("output")).unwrap();
    let held = fs::File::open(case.path("output")).unwrap();
    held.try_lock().unwrap();
    let waiting = case.command(&["run", "--wait", "600"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    fs::rename(case.path("output"), case.path("moved")).unwrap();
    drop(held);
    assert!(waiting.wait_with_output().unwrap().status.success());
    assert!(case.path(DATASET).exists());
    assert_eq!(fs::read_dir(case.path("moved")).unwrap().count(), 0);
}
