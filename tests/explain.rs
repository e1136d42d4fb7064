//! `bluebook explain`: where a figure stands, and how what is computed from it was computed.

use crate::support::{Case, annex, root, says};

/// The lines but for notes, whose sentences are long.
fn explained(case: &Case, key: &str) -> String {
    let ended = case.run(&["explain", key]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{key}");
    ended.out.lines().filter(|line| !line.starts_with("  note ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_figure_is_shown_where_it_stands_with_all_that_follows() {
    let expected = "\
TTPS/CAN/2024: Top Talent Pass Scheme, Canada, 2024 (release 2026-02-28)
  --> input/annex.txt:12:12
   12 | Canada\t549\t393\t346\t61
      |       \t   \t^^^ printed `393`, read as 393
  value            393 (published, status A)
  check            passed: the total 41057 (at 17:14) and the sum 41057 of 6 figures differ by 0, at most 0 allowed
  share            0.009572058357892686 = 393 / 41057 (at 17:14)
  monthly_average  32.75 = 393 / 12 months
  change_absolute  -156 = 393 - 549 (at 12:8) of 2023
  change_relative  -0.28415300546448086 = -156 / 549
  share_change     -0.0014660018387416106 = 0.009572058357892686 - 0.011038060196634296
  contribution     -0.003136497979371494 = -156 / 49737 (at 17:7), the total of 2023
  region_rank      2 among the economies of the column, 1 the largest
";
    assert_eq!(explained(&Case::with(&annex()), "TTPS/CAN/2024"), expected);
}

#[test]
fn nil_derived_and_part_year_figures_say_what_they_are() {
    let case = Case::with(&annex());
    let nil = explained(&case, "TechTAS/ITA/2024");
    says(&nil, &["`-` is nil, and so 0", "0 (nil, status A)", "none: 0 cannot be divided by 0"]);
    let total = explained(&case, "ASMTP/_T/2024");
    says(
        &total,
        &["25344, the sum of 25344 (at 42:8) (status A)", "share            1.0 = 25344 / 25344 (derived)"],
    );
    assert!(!total.contains("-->"), "what is derived is printed nowhere");
    let part = explained(&case, "GEP/JPN/2026-01-01/P2M");
    says(&part, &["previous_period  none: no release so far has a figure", "496 / 2 months"]);
    let ended = case.run(&["explain", "QMAS/CAN/2023"]);
    says(&ended.out, &["  note             ", "(at 85:1)"]);
}

#[test]
fn a_key_may_name_a_whole_scheme_or_region() {
    let case = Case::with(&annex());
    let titles = |key: &str| {
        let out = explained(&case, key);
        out.lines().filter(|line| line.contains("(release ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(titles("TTPS").len(), 7 * 4);
    assert_eq!(titles("TTPS/CAN").len(), 4);
    assert_eq!(titles("NLD").len(), 4, "only one table has it");
    let schemes: Vec<String> =
        titles("CAN/2024").iter().map(|title| title.split('/').next().unwrap().to_owned()).collect();
    assert_eq!(schemes, ["ASSG", "IANG", "QMAS", "TTPS", "TechTAS"]);
    assert_eq!(titles("*/CAN/2024").len(), 5);
    assert_eq!(titles("TTPS/*/2024").len(), 7);
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let case = Case::with(&annex());
    for (key, hint) in
        [("TTPS/CNA/2024", "TTPS/CAN/2024"), ("TTSP", "TTPS"), ("TTPS/CAN/2042", "TTPS/CAN/2024")]
    {
        let ended = case.run(&["explain", key]);
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{key}");
        says(&ended.err, &[&format!("nothing is published under `{key}`"), hint]);
    }
    let broken = Case::with(&annex().replace("47 021", "47 020"));
    let ended = broken.run(&["explain", "TTPS/CAN/2024"]);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the total doesn't add up"]);
}

#[test]
fn releases_are_told_apart_and_corrections_told() {
    let definition = std::fs::read_to_string(root().join("src/dataset/built_in/hk-talent-admissions.toml"))
        .unwrap()
        + "\n[[correction]]\nkey = \"TTPS/CAN/2024\"\nrelease = \"2026-03-31\"\nexpected = \"392\"\nvalue = 393\nreason = \"the office says so\"\n";
    let case = Case::new()
        .file("own.toml", definition)
        .file("input/2026-02-28.txt", annex())
        .file("input/2026-03-31.txt", annex().replace("549\t393", "549\t392"));
    let ended = case.run(&["explain", "TTPS/CAN/2024", "--dataset", "own.toml"]);
    assert_eq!((ended.code, ended.out.matches("(release ").count()), (0, 2), "{}", ended.err);
    let ended = case.run(&["explain", "TTPS/CAN/2024", "--dataset", "own.toml", "--release", "2026-03-31"]);
    assert_eq!(ended.out.matches("(release ").count(), 1);
    says(
        &ended.out,
        &[
            "input/2026-03-31.txt:12:12",
            "printed `392`, read as 393",
            "correction       `392` is misprinted: the office says so",
        ],
    );
}
