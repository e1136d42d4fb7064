//! Many releases, through the whole program: what was known on a day, what stood, what two releases say differently.
//!
//! The history is made up on the annex's Top Talent Pass Scheme; each of its figures and all that is expected was worked out by
//! hand. Canada's 2024 is revised from 391 to 393 in silence; Australia is listed from the third release on; in the fourth,
//! Singapore gives way to France; half a year is completed by its year.

use std::fs;

use crate::support::{Case, Ended, says};

const DEFINITION: &str = "\
name = \"made-up\"
title = \"A made-up history\"
publisher = \"nobody\"
[measure]
name = \"approvals\"
unit = \"persons\"
[[dimension]]
name = \"scheme\"
meaning = \"scheme\"
codes = { TTPS = \"Top Talent Pass Scheme\" }
[[dimension]]
name = \"region\"
meaning = \"region\"
codes = \"regions\"
[[table]]
long = { scheme = \"Scheme\", region = \"Region\", period = \"Period\", value = \"Approvals\" }
";

/// The name of the definition in the folder of a case.
const DATASET: &str = "made-up.toml";

/// What each release prints: a period, and the figure of each region.
type Printed = &'static [(&'static str, &'static str)];

const RELEASES: [(&str, Printed); 4] = [
    (
        "2025-06-30",
        &[
            ("2024", "China 39010, United States 331, Canada 391, Singapore 143, Others 1180, Total 41055"),
            ("2025-S1", "China 14000, United States 150, Canada 170, Singapore 60, Others 540, Total 14920"),
        ],
    ),
    (
        "2025-12-31",
        &[
            ("2024", "China 39010, United States 331, Canada 393, Singapore 143, Others 1180, Total 41057"),
            ("2025", "China 29638, United States 304, Canada 346, Singapore 118, Others 1102, Total 31508"),
        ],
    ),
    (
        "2026-02-28",
        &[
            (
                "2024",
                "China 39010, United States 331, Canada 393, Australia 256, Singapore 143, Others 924, Total 41057",
            ),
            (
                "2025",
                "China 29638, United States 304, Canada 346, Australia 191, Singapore 118, Others 911, Total 31508",
            ),
            (
                "2026-01-01/P2M",
                "China 4340, United States 50, Canada 61, Australia 23, Singapore 20, Others 146, Total 4640",
            ),
        ],
    ),
    (
        "2026-06-30",
        &[
            (
                "2025",
                "China 29638, United States 304, Canada 346, Australia 191, France 110, Others 919, Total 31508",
            ),
            (
                "2026-S1",
                "China 15000, United States 160, Canada 180, Australia 90, France 50, Others 450, Total 15930",
            ),
        ],
    ),
];

/// A document of the made-up dataset.
fn document(printed: Printed) -> String {
    let lines = printed.iter().flat_map(|(period, figures)| {
        figures.split(", ").map(move |figure| {
            let (region, value) = figure.rsplit_once(' ').unwrap();
            format!("Top Talent Pass Scheme\t{region}\t{period}\t{value}\n")
        })
    });
    format!("Scheme\tRegion\tPeriod\tApprovals\n{}", lines.collect::<String>())
}

/// The first releases of the history; `name` names the document of each.
fn releases(count: usize, name: impl Fn(&str) -> String) -> Case {
    let case = Case::new().file(DATASET, DEFINITION);
    let documents = RELEASES.iter().take(count);
    documents
        .fold(case, |case, (date, printed)| case.file(&format!("input/{}", name(date)), document(printed)))
}

/// All releases.
fn history() -> Case {
    releases(4, |date| format!("{date}.txt"))
}

/// Runs a command on the made-up dataset.
fn run(case: &Case, arguments: &[&str]) -> Ended {
    case.run(&[arguments, &["--dataset", DATASET]].concat())
}

/// What a command prints.
fn printed(case: &Case, arguments: &[&str]) -> String {
    let ended = run(case, arguments);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{arguments:?}");
    ended.out
}

#[test]
fn a_run_as_of_a_day_gives_what_a_run_on_the_documents_up_to_it_gives() {
    for undated in [false, true] {
        let name = |date: &str| if undated { format!("of-{date}.txt") } else { format!("{date}.txt") };
        let all = releases(4, name);
        let before = run(&all, &["run", "-q"]);
        assert_eq!(before.code, 0, "{}", before.err);
        let published = all.bytes();
        for (count, (day, _)) in (1..).zip(RELEASES) {
            let up_to = releases(count, name);
            assert_eq!(run(&up_to, &["run", "-q"]).code, 0);
            assert_eq!(run(&all, &["run", "-q", "--as-of", day, "--output", day]).code, 0);
            let as_of = fs::read_dir(all.path(day).join("made-up")).unwrap().map(|entry| entry.unwrap());
            let mut count = 0;
            for file in as_of {
                let own = fs::read(file.path()).unwrap();
                let name = file.file_name().into_string().unwrap();
                assert!(Some(&own) == up_to.bytes().get(&name), "{name} as of {day}");
                count += 1;
            }
            assert_eq!(count, up_to.bytes().len(), "{day}");
            assert_eq!(run(&all, &["verify", "-q", "--as-of", day, "--output", day]).code, 0);
        }
        assert!(all.bytes() == published, "an older state does not touch the published one");
    }
}

#[test]
fn as_of_a_day_without_a_place_or_beside_a_lock_is_wrong_usage() {
    let case = history();
    let wrong: [&[&str]; 7] = [
        &["run", "--as-of", "2025-12-31"],
        &["verify", "--as-of", "2025-12-31"],
        &["run", "--as-of", "2025-12-31", "-o", "old", "--lock"],
        &["run", "--as-of", "2025-12-31", "-o", "old", "--frozen"],
        &["check", "--as-of", "2025-12-31", "--frozen"],
        &["check", "--as-of", "2025-13-31"],
        &["explain", "CAN", "--as-of", "today"],
    ];
    for arguments in wrong {
        let ended = run(&case, arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}: {}", ended.err);
    }
    says(&run(&case, wrong[0]).err, &["needs `--output DIR`"]);
    let variables = [("BLUEBOOK_AS_OF", "2025-12-31"), ("BLUEBOOK_OUTPUT", "output")];
    assert_eq!(
        case.run_with(&["run", "--dataset", DATASET], &variables).code,
        2,
        "a variable names no place"
    );
    assert!(!case.path("output").exists() && !case.path("old").exists());
    let ended = run(&case, &["check", "--as-of", "2025-06-29"]);
    assert_eq!(ended.code, 66, "{}", ended.err);
    says(&ended.err, &["no document is of a release up to 2025-06-29; the first release is 2025-06-30"]);
}

#[test]
fn what_only_later_releases_need_is_not_unused_before() {
    let case = history();
    let used_later = format!(
        "{DEFINITION}\n[[correction]]\nkey = \"TTPS/FRA/2025\"\nexpected = \"110\"\nvalue = 110\nreason = \"a test\"\n"
    )
    .replace("codes = \"regions\"", "codes = \"regions\"\nlabels = { \"La France\" = \"FRA\" }");
    let last = document(RELEASES[3].1).replace("France", "La France");
    let case = case.file(DATASET, used_later).file("input/2026-06-30.txt", last);
    for day in ["2025-06-30", "2026-02-28", "2026-06-30"] {
        assert_eq!(printed(&case, &["check", "--as-of", day, "-q"]), "", "{day}");
    }
    fs::remove_file(case.path("input/2026-06-30.txt")).unwrap();
    let ended = run(&case, &["check"]);
    says(&ended.err, &["`La France` is never used", "TTPS/FRA/2025 no longer matches"]);
}

#[test]
fn explain_tells_what_was_known_on_a_day() {
    let told = printed(&history(), &["explain", "TTPS/CAN/2024", "--as-of", "2025-06-30"]);
    says(&told, &["printed `391`, read as 391"]);
    assert_eq!(told.matches("(release ").count(), 1);
}
