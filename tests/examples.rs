//! The examples for schedulers do what they say, as far as that can be seen without a network.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Case, annex, root};

fn example(name: &str) -> String {
    fs::read_to_string(root().join("examples").join(name)).unwrap()
}

/// The folder of the program.
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_bluebook")).parent().unwrap()
}

#[test]
fn the_line_of_the_crontab_runs_with_what_cron_gives_it() {
    let crontab = example("cron/crontab");
    let case = Case::with(&annex());
    let here = |text: &str| {
        text.replace("/srv/figures", case.path("").to_str().unwrap())
            .replace("/usr/local/bin", program().to_str().unwrap())
    };
    let lines: Vec<&str> =
        crontab.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let (job, settings) = lines.split_last().unwrap();
    let command = job.splitn(6, char::is_whitespace).last().unwrap().trim();
    let run = || {
        let mut shell = Command::new("/bin/sh");
        shell.env_clear().env("HOME", case.path("")).env("LOGNAME", "figures").current_dir("/");
        for setting in settings {
            let (name, value) = setting.split_once('=').unwrap();
            shell.env(name, here(value));
        }
        let output = shell.args(["-c", &here(command)]).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, out, err) = run();
    assert_eq!((code, out.lines().count(), err.as_str()), (Some(0), 1, ""), "{out}");
    assert_eq!(case.bytes().len(), 13);
    assert_eq!(run(), (Some(0), String::new(), String::new()), "no mail where nothing changed");
}

#[test]
fn the_units_of_systemd_are_sound() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        eprintln!("skipped: systemd-analyze is not here");
        return;
    }
    let case = Case::new();
    let program = program().join("bluebook");
    let service =
        example("systemd/bluebook.service").replace("/usr/local/bin/bluebook", program.to_str().unwrap());
    let case =
        case.file("bluebook.service", service).file("bluebook.timer", example("systemd/bluebook.timer"));
    let mut verify = Command::new("systemd-analyze");
    verify.args(["verify", "--man=no"]).args([case.path("bluebook.service"), case.path("bluebook.timer")]);
    let output = verify.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn every_flag_of_the_examples_is_one_of_the_program() {
    let texts = files(&root().join("examples"))
        .into_iter()
        .chain(files(&root().join("docs/src")))
        .chain([root().join("Dockerfile"), root().join("README.md")]);
    let mut seen = 0;
    for path in texts {
        let text = fs::read_to_string(&path).unwrap().replace("\", \"", " ").replace('"', " ");
        for command in ["run", "check", "verify"] {
            let help = Case::new().run(&[command, "--help"]).out;
            for line in text.lines().filter_map(|line| line.split_once(&format!("bluebook {command} "))) {
                let words =
                    line.1.split(['`', ' ', '|', ')', '(', ';', ',']).filter(|word| word.starts_with("--"));
                for flag in words.map(|word| word.split('=').next().unwrap()) {
                    seen += 1;
                    assert!(help.contains(flag), "{}: {flag} is no flag of {command}", path.display());
                }
            }
        }
    }
    assert!(seen > 15, "{seen} flags");
}
