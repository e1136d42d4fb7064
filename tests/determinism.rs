//! Same input, same bytes: whatever the clock, the threads, the time zone, the locale, the order or the place.

use std::fs;
use std::os::unix::fs::MetadataExt;

use crate::support::{Case, annex};

#[test]
fn the_same_input_gives_the_same_bytes() {
    let later = annex().replace("\t549\t", "\t550\t").replace("49 737", "49 738");
    let archive = || {
        (0..300).fold(Case::new(), |case, day| {
            case.file(
                &format!("input/{:04}-01-01-annex.txt", 2100 + day),
                if day % 2 == 0 { annex() } else { later.clone() },
            )
        })
    };
    let plain = archive();
    assert_eq!(plain.run(&["run", "--html"]).code, 0);
    let expected = plain.bytes();
    assert_eq!(expected.len(), 18);
    let surroundings: [&[(&str, &str)]; 4] = [
        &[("BLUEBOOK_THREADS", "1"), ("POLARS_MAX_THREADS", "1")],
        &[("BLUEBOOK_THREADS", "7"), ("POLARS_MAX_THREADS", "3")],
        &[("TZ", "Asia/Hong_Kong"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")],
        &[("HOME", "/nonexistent")],
    ];
    for variables in surroundings {
        let case = archive();
        assert_eq!(case.run_with(&["run", "--html", "input"], variables).code, 0);
        assert_eq!(case.bytes(), expected, "{variables:?}");
    }
}

#[test]
fn the_order_of_inputs_does_not_matter() {
    let case = |order: [&str; 2]| {
        let case = Case::new().file("a/2027-03-31-x.txt", annex()).file("b/2026-03-31-x.txt", annex());
        assert_eq!(case.run(&["run", order[0], order[1]]).code, 0);
        case.bytes()
    };
    assert_eq!(case(["a", "b"]), case(["b", "a"]));
}

#[test]
fn an_unchanged_result_is_not_written_again() {
    let case = Case::with(&annex());
    let first = case.run(&["run"]);
    assert_eq!(
        first.out,
        "hk-talent-admissions: published 228 observations in output/hk-talent-admissions (1 document, 7 tables, 224 printed figures, 19 nil marks proven, 24 of 24 totals reconciled, 5 notes)\n"
    );
    let identity = |case: &Case| {
        let about = fs::metadata(case.published()).unwrap();
        (about.ino(), about.mtime(), about.mtime_nsec())
    };
    let before = identity(&case);
    let second = case.run(&["run"]);
    assert_eq!((second.code, second.out.as_str(), second.err.as_str()), (0, "", ""));
    assert_eq!(identity(&case), before);
    fs::write(case.published().join("checks.csv"), "tampered with").unwrap();
    assert!(case.run(&["run"]).out.starts_with("hk-talent-admissions: published"));
    assert_ne!(identity(&case), before);
}

#[test]
fn a_second_run_is_kept_out_while_one_holds_the_output() {
    let case = Case::with(&annex());
    fs::create_dir(case.path("output")).unwrap();
    let held = fs::File::open(case.path("output")).unwrap();
    held.try_lock().unwrap();
    let ended = case.run(&["run"]);
    assert!(ended.code == 75 && ended.err.contains("another run holds output"), "{}", ended.err);
    drop(held);
    assert_eq!(case.run(&["run"]).code, 0);
}

#[test]
fn what_a_killed_run_left_is_swept() {
    let case = Case::with(&annex()).file("output/.bluebook-x/observations.csv", "half");
    assert_eq!(case.run(&["run"]).code, 0);
    assert!(!case.path("output/.bluebook-x").exists());
}
