//! Every exit code that jobs rely on can be had; 130 and 143 in `signals.rs`.

use std::fs;
use std::process::Command;

use crate::support::{Case, annex, ended};

#[test]
fn each_end_has_its_code() {
    let broken = annex().replace("47 021", "47 020");
    let cases: [(i32, Case, &[&str]); 7] = [
        (0, Case::with(&annex()), &["run"]),
        (1, Case::with(&broken), &["run"]),
        (2, Case::with(&annex()), &["run", "--wait", "-1"]),
        (65, Case::new().file("input/a.txt", b"\xff\xfe\x00"), &["run"]),
        (66, Case::new(), &["run"]),
        (74, Case::with(&annex()).file("output", "a file"), &["run"]),
        (78, Case::with(&annex()).file("own.toml", "name = 1"), &["run", "--dataset", "own.toml"]),
    ];
    for (code, case, arguments) in cases {
        let ended = case.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.err);
    }
    let case = Case::with(&annex());
    fs::create_dir(case.path("output")).unwrap();
    let held = fs::File::open(case.path("output")).unwrap();
    held.try_lock().unwrap();
    assert_eq!(case.run(&["run"]).code, 75);
}

/// Whichever thread the system refuses to start: a run says so, publishes nothing, and can be tried again.
#[test]
fn a_refused_thread_is_no_fault_of_the_program() {
    let trace = ["-qq", "-f", "-o", "/dev/null"];
    if !Command::new("strace").args(trace).arg("true").status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: strace is not here, or may not trace");
        return;
    }
    let mut refused = 0;
    for number in 1..12 {
        let case = Case::with(&annex());
        let mut command = Command::new("strace");
        let fault = format!("inject=clone,clone3:error=EAGAIN:when={number}");
        command.args(trace).args(["-e", "trace=clone,clone3", "-e", &fault]);
        command.args([env!("CARGO_BIN_EXE_bluebook"), "run"]).current_dir(case.path("."));
        let ended = ended(&command.output().unwrap());
        if ended.code != 0 {
            assert!([74, 75].contains(&ended.code), "thread {number}: {} {}", ended.code, ended.err);
            assert!(ended.err.starts_with("error: "), "{}", ended.err);
            let left = fs::read_dir(case.path("output"));
            assert!(!left.is_ok_and(|mut left| left.next().is_some()), "thread {number}: something is left");
            refused += 1;
        }
    }
    assert!(refused > 3, "{refused} threads were refused");
}

#[test]
fn a_script_that_cannot_be_printed_is_no_fault_of_the_program() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = ended(&Case::new().command(&["completions", "bash"]).stdout(full).output().unwrap());
    assert_eq!((ended.code, ended.err.as_str()), (74, "error: No space left on device (os error 28)\n"));
}
