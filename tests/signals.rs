//! A run that is stopped ends with the code that says so, wherever it is, and leaves nothing behind.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Case, Ended, annex, ended, root};

/// Longer than anything here takes on any machine.
const FOR_EVER: Duration = Duration::from_secs(120);

/// Waits until something is so.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let tries = FOR_EVER.as_millis() / 10;
    assert!(
        (0..tries).any(|_| is_so() || {
            thread::sleep(Duration::from_millis(10));
            false
        }),
        "{what}"
    );
}

/// Starts the program, and waits until it listens to signals.
fn start(command: &mut Command) -> Child {
    let child = command.stdin(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    until("it listens", || {
        let status = fs::read_to_string(&status).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & 1 << (15 - 1) != 0
    });
    child
}

fn stop(child: Child, signal: Signal) -> Ended {
    kill_process(Pid::from_child(&child), signal).unwrap();
    let (sender, receiver) = channel();
    thread::spawn(move || sender.send(child.wait_with_output().unwrap()));
    ended(&receiver.recv_timeout(FOR_EVER).expect("it ends"))
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn a_run_that_waits_for_another_is_stopped() {
    let case = Case::with(&annex());
    fs::create_dir(case.path("output")).unwrap();
    let held = fs::File::open(case.path("output")).unwrap();
    held.try_lock().unwrap();
    for (signal, name, code) in [(Signal::INT, "SIGINT", 130), (Signal::TERM, "SIGTERM", 143)] {
        let mut command = case.command(&["run", "--wait", "600"]);
        let stopped = stop(start(command.stdout(Stdio::piped()).stderr(Stdio::piped())), signal);
        let words = format!(
            "error: stopped by {name}; what is published is whole, and what was in preparation is gone\n"
        );
        assert_eq!((stopped.code, stopped.out.as_str(), stopped.err), (code, "", words));
        assert!(is_empty(&case.path("output")));
    }
}

/// A run of many documents has begun its files when it comes to one that a worker takes its time over.
#[test]
fn what_is_in_preparation_is_swept() {
    let table = "Top Talent Pass Scheme\n\nRegion\t2023\nCanada\t1\nTotal\t1\n";
    let xls = fs::read(root().join("tests/data/workbooks/annex.xls")).unwrap();
    let case = (0..128)
        .fold(Case::new(), |case, day| {
            case.file(&format!("input/20{:02}-01-{:02}.txt", day / 28, day % 28 + 1), table)
        })
        .file("input/2026-01-01.xls", xls)
        .file("worker", "exec sleep 600");
    let mut command = case.command(&["run", "--worker", "/bin/sh"]);
    let running = start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    let prepared = case.path("output/.bluebook-new.hk-talent-admissions/observations.csv");
    until("files are begun", || prepared.exists());
    assert_eq!(stop(running, Signal::TERM).code, 143);
    assert!(is_empty(&case.path("output")));
}

/// The first thing it says waits for a reader that never comes.
#[test]
fn a_run_that_nobody_listens_to_is_stopped() {
    let (reader, mut writer) = io::pipe().unwrap();
    let flags = rustix::fs::fcntl_getfl(&writer).unwrap();
    rustix::fs::fcntl_setfl(&writer, flags | rustix::fs::OFlags::NONBLOCK).unwrap();
    while writer.write(&[0; 4096]).is_ok() {}
    rustix::fs::fcntl_setfl(&writer, flags).unwrap();
    let case = Case::with(&annex().replace("47 021", "47 020"));
    let running = start(case.command(&["run"]).stdout(Stdio::null()).stderr(writer));
    thread::sleep(Duration::from_millis(500));
    assert_eq!(stop(running, Signal::TERM).code, 143);
    assert!(is_empty(&case.path("output")));
    drop(reader);
}

/// What a worker reads from stays open here, so that nothing but its caller's end can end it.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_ends_with_its_caller() {
    let script = "exec 3<&0; \"$0\" worker --with-caller <&3 3<&- & wait";
    let mut caller = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_bluebook")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = caller.stdin.take().unwrap();
    let mut output = caller.stdout.take().unwrap();
    input
        .write_all(&crate::workers::stream(
            &[("annex.txt", annex().as_bytes())],
            &[("frames", "observations")],
        ))
        .unwrap();
    assert!(output.read(&mut [0; 16]).unwrap() > 0);
    caller.kill().unwrap();
    caller.wait().unwrap();
    let (sender, receiver) = channel();
    thread::spawn(move || sender.send(output.read_to_end(&mut Vec::new()).unwrap()));
    receiver.recv_timeout(FOR_EVER).expect("the worker ends");
}
