//! The list of rules: each is complete, is raised somewhere, and is described wherever users look it up.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bluebook::problem::{Rule, Severity};
use serde_json::json;

use crate::support::{Case, annex, root};

#[test]
fn ids_are_distinct_kebab_case_and_read_back() {
    let ids: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(ids.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        let is_kebab = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(rule.id().split('-').all(is_kebab), "{rule:?}");
        assert_eq!(rule.id().parse(), Ok(*rule));
        assert_eq!(json!(rule), rule.id(), "the reports name it likewise");
    }
}

#[test]
fn a_summary_is_one_line_and_no_sentence() {
    let summaries: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.summary()).collect();
    assert_eq!(summaries.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        let summary = rule.summary();
        assert!((10..=72).contains(&summary.len()) && summary.lines().count() == 1, "{rule:?}: {summary}");
        assert!(summary.starts_with(char::is_uppercase) && !summary.ends_with('.'), "{rule:?}: {summary}");
    }
}

/// What a sentence begins with that says what to do.
const REMEDIES: [&str; 17] = [
    "Add ", "Check ", "Compare ", "Confirm ", "Correct ", "Declare ", "Follow ", "Give ", "Keep ", "Name ",
    "Remove ", "Restore ", "Say ", "Select ", "Set ", "Use ", "Write ",
];

#[test]
fn help_is_a_paragraph_of_sentences_that_says_what_to_do() {
    for rule in Rule::ALL {
        let help = rule.help();
        assert!(help.ends_with('.') && !help.contains("\n\n"), "{rule:?}: {help}");
        assert!(help.lines().all(|line| line.len() <= 90 && line == line.trim()), "{rule:?}: {help}");
        let help = help.replace('\n', " ");
        let says = |remedy: &str| help.contains(&format!(". {remedy}"));
        assert!(REMEDIES.into_iter().any(says), "{rule:?}: {help}");
    }
}

/// The sources of the program but for the list itself.
fn sources(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, texts);
        } else if !path.ends_with("problem/rule.rs") {
            texts.push(fs::read_to_string(path).unwrap_or_default());
        }
    }
}

#[test]
fn each_rule_is_raised_somewhere() {
    let mut texts = Vec::new();
    sources(&root().join("src"), &mut texts);
    let names: BTreeSet<&str> = texts
        .iter()
        .flat_map(|text| text.split("Rule::").skip(1))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default())
        .collect();
    let unused: Vec<&Rule> =
        Rule::ALL.iter().filter(|rule| !names.contains(format!("{rule:?}").as_str())).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_exit_code_follows_from_what_a_rule_is_about() {
    let codes = [
        (Rule::Unreadable, 65),
        (Rule::NoFigure, 1),
        (Rule::Total, 1),
        (Rule::Ignore, 78),
        (Rule::LockFile, 78),
    ];
    for (rule, code) in codes {
        assert_eq!((rule.severity(), rule.exit().code()), (Severity::Error, code), "{rule:?}");
    }
}

#[test]
fn the_manual_describes_all_rules_in_order() {
    let manual = Case::with(&annex()).run(&["man"]).out;
    let manual = manual.split_once(".SH RULES\n").unwrap().1;
    let mut heads =
        manual.lines().filter(|line| line.ends_with("(error)\\fR") || line.ends_with("(warning)\\fR"));
    for rule in Rule::ALL {
        let plain = |text: &str| {
            text.replace("\\*(Aq", "'").replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
        };
        let head = plain(heads.next().unwrap());
        assert_eq!(head.trim(), format!("{} ({})", rule.id(), rule.severity().name()));
        assert!(plain(manual).contains(&format!("{}.\n{}", rule.summary(), rule.help())), "{rule:?}");
    }
    assert_eq!(heads.next(), None);
}

#[test]
fn a_sarif_log_describes_the_rules_that_are_broken() {
    let case = Case::with(&annex().replacen("\t549\t", "\t594\t", 1));
    assert_eq!(case.run(&["check", "--sarif", "log.sarif"]).code, 1);
    let log: serde_json::Value = serde_json::from_slice(&fs::read(case.path("log.sarif")).unwrap()).unwrap();
    let help = Rule::Total.help().replace('\n', " ");
    let expected = json!([{
        "id": "total",
        "shortDescription": { "text": "A total is not the sum of its rows" },
        "fullDescription": { "text": help },
        "help": { "text": help },
        "defaultConfiguration": { "level": "error" },
    }]);
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"], expected);
}
