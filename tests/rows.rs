//! Tables with several columns of labels; rows for several tables, and rows that are left out; groups with members of the
//! definition's own, and sums that are known not to add up.

use proptest::prelude::*;

use crate::support::{Case, Ended, dimensions, says};

const HEAD: &str =
    "name = \"d\"\ntitle = \"D\"\npublisher = \"P\"\n[measure]\nname = \"people\"\nunit = \"people\"\n";

/// The dimensions of one table, `First`; what is said of regions can follow.
fn one() -> String {
    dimensions("A = \"First\"")
}

/// Two tables that share a printed one, told apart by what its second column prints.
fn shared() -> String {
    dimensions("IN = \"Arrivals\", OUT = \"Departures\"") + SHARED
}

const SHARED: &str = r#"
[[table]]
fixed = { class = "IN" }
title = "Moves"
rows = { Direction = "Arrivals" }
stub = { region = ["Country", "Area"] }
[[table]]
fixed = { class = "OUT" }
title = "Moves"
rows = { Direction = ["Departures", "Exits"] }
stub = { region = ["Country", "Area"] }
"#;

const MOVES: &str = "Moves\n\nNo.\tDirection\tArea\tCountry\t2023\t2024\n1\tArrivals\tAsia\tJapan\t10\t12\n2\tArrivals\tAsia\tIndia\t20\t21\n3\tArrivals\tAsia Total\t\t30\t33\n4\tArrivals\tTotal\t\t30\t33\n5\tDepartures\tAsia\tJapan\t4\t5\n6\tExits\tTotal\t\t4\t5\n";

fn run(definition: &str, document: &str) -> (Case, Ended) {
    let case = Case::new().file("own.toml", [HEAD, definition].concat()).file("2026-01-01-a.txt", document);
    let ended = case.run(&["run", "2026-01-01-a.txt", "--dataset", "own.toml"]);
    (case, ended)
}

/// The figures as `kind region period value`, and the row they stand in.
fn figures(case: &Case) -> Vec<String> {
    let line = |row: &std::collections::BTreeMap<String, String>| {
        let (line, _) = row["source_position"].split_once(':').unwrap();
        format!("{} {} {} {} {line}", row["class"], row["region"], row["period"], row["value"])
    };
    case.rows("observations").iter().map(line).collect()
}

/// The checks as `kind check region period published computed passed`.
fn checks(case: &Case) -> Vec<String> {
    let columns = ["class", "check", "region", "period", "published", "computed", "passed"];
    let line = |row: &std::collections::BTreeMap<String, String>| {
        columns.map(|column| row[column].as_str()).join(" ")
    };
    case.rows("checks").iter().map(line).collect()
}

#[test]
fn a_column_that_is_filled_names_the_region_and_others_choose_the_rows() {
    let (case, ended) = run(&shared(), MOVES);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = [
        "IN IND 2023 20 5",
        "IN IND 2024 21 5",
        "IN JPN 2023 10 4",
        "IN JPN 2024 12 4",
        "IN X142 2023 30 6",
        "IN X142 2024 33 6",
        "IN _T 2023 30 7",
        "IN _T 2024 33 7",
        "OUT JPN 2023 4 8",
        "OUT JPN 2024 5 8",
        "OUT _T 2023 4 9",
        "OUT _T 2024 5 9",
    ];
    assert_eq!(figures(&case), expected);
    let sums = ["IN subtotal X142 2023 30 30 true", "IN subtotal X142 2024 33 33 true"];
    let totals = [
        "IN total _T 2023 30 30 true",
        "IN total _T 2024 33 33 true",
        "OUT total _T 2023 4 4 true",
        "OUT total _T 2024 5 5 true",
    ];
    assert_eq!(checks(&case), [&sums[..], &totals[..]].concat());
}

#[test]
fn numbers_before_the_first_period_are_never_dropped_in_silence() {
    // Where the letter O stands for a zero, a year would be lost with its figures.
    let document =
        "First\n\nRegion\t2O23\tSource\t2024\t2025\nJapan\t10\tcensus\t12\t13\nTotal\t10\tcensus\t12\t13\n";
    let (_, ended) = run(&one(), document);
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["a column before the first period holds numbers", "2026-01-01-a.txt:4:7", "`stub = { ignored = "],
    );
    let (case, ended) =
        run(&(one() + "[[table]]\nfixed = { class = \"A\" }\nstub = { ignored = [\"2O23\"] }\n"), document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(figures(&case).len(), 4);
}

#[test]
fn rows_that_no_table_takes_are_a_problem_unless_they_are_left_out() {
    let document = MOVES.to_owned() + "7\tTransits\tTotal\t\t9\t9\n8\tTransits\tAsia\tJapan\t9\t9\n";
    let (_, ended) = run(&shared(), &document);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["2 rows of the table belong to no table", "2026-01-01-a.txt:10:1", "`[[ignore]]`"]);
    let ignore =
        "[[ignore]]\ntitle = \"Moves\"\nrows = { Direction = \"transits\" }\nreason = \"they do not stay\"\n";
    let (case, ended) = run(&[&shared(), ignore].concat(), &document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(figures(&case).len(), 12);
    let (_, ended) = run(&[&shared(), ignore].concat(), MOVES);
    assert_eq!(ended.code, 0);
    says(&ended.err, &["warning: nothing is left out by this", "own.toml:"]);
}

#[test]
fn tables_and_stray_figures_are_left_out_by_name() {
    let first = "First\n\nRegion\t2023\t2024\nJapan\t1\t2\nTotal\t1\t2\n";
    let document =
        first.to_owned() + "\nSecond\n\nRegion\t2023\t2024\nJapan\t1\t2\nTotal\t1\t2\n\nMean\t1\t1\n";
    let (_, ended) = run(&one(), &document);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["no table of d is titled `Second`", "figures stand under no header"]);
    let ignore = "[[ignore]]\ntitle = \"second\"\nreason = \"another measure\"\n[[ignore]]\nlabels = [\"Mean\"]\nreason = \"follows\"\n";
    let (case, ended) = run(&(one() + ignore), &document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(figures(&case).len(), 4);
}

#[test]
fn what_is_wrong_with_rows_is_told_at_its_place() {
    let faults = [
        ("[[ignore]]\ntitle = \"Moves\"\nreason = \"r\"\n", "this is the table of IN"),
        ("[[ignore]]\ntitle = \"X\"\nreason = \" \"\n", "what is left out has no reason"),
        ("[[ignore]]\nreason = \"r\"\n", "nothing is named that is left out"),
        ("[[table]]\nname = \"ALL\"\ntitle = \"Moves\"\n", "the title `Moves` belongs to two tables"),
        ("[dimension.members]\nXNONE = [\"JPN\"]\n", "unknown region code `XNONE`"),
        (
            "[[discrepancy]]\nkey = \"X/_T\"\ndifferences = { 2023 = 1 }\nreason = \"r\"\n",
            "`X` is no code of `class`",
        ),
        (
            "[[discrepancy]]\nkey = \"IN/_T\"\ndifferences = { soon = 1 }\nreason = \"r\"\n",
            "`soon` is no period",
        ),
        (
            "[[discrepancy]]\nkey = \"IN/_T\"\ndifferences = { 2023 = 1 }\nreason = \"\"\n",
            "the discrepancy has no reason",
        ),
    ];
    for (more, told) in faults {
        let (_, ended) = run(&[&shared(), more].concat(), MOVES);
        assert_eq!(ended.code, 78, "{more}");
        says(&ended.err, &[told, "own.toml:"]);
    }
    let (_, ended) = run(&shared().replace("Direction = \"Arrivals\"", "Direktion = \"Arrivals\""), MOVES);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["no column of labels is headed `Direktion`", "2026-01-01-a.txt:3:1", "own.toml:"]);
}

#[test]
fn a_sum_that_is_known_not_to_add_up_is_published_as_it_is() {
    let document = "First\n\nRegion\t2023\t2024\nJapan\t10\t12\nIndia\t20\t21\nTotal\t30\t35\n";
    let (_, ended) = run(&one(), document);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the total doesn't add up"]);
    let known = |difference: i64| {
        format!(
            "{}[[discrepancy]]\nkey = \"A/_T\"\ndifferences = {{ 2024 = {difference} }}\nreason = \"so printed\"\n",
            one()
        )
    };
    let (case, ended) = run(&known(2), document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(checks(&case), ["A total _T 2023 30 30 true", "A total _T 2024 35 33 false"]);
    // One that is no longer there, or is another, is a problem.
    let (_, ended) = run(&known(3), document);
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["the total doesn't add up", "the discrepancy of A/_T/2024 no longer is one", "own.toml:"],
    );
    let (_, ended) = run(&known(2), &document.replace("\t35", "\t33"));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the discrepancy of A/_T/2024 no longer is one"]);
}

#[test]
fn a_group_holds_what_the_definition_says() {
    let own = "tolerance = 1\n";
    let members = "[dimension.names]\nXNORTH = \"North\"\n[dimension.members]\nXNORTH = [\"JPN\", \"CAN\"]\n[dimension.labels]\nNorth = \"XNORTH\"\n";
    let document = "First\n\nRegion\t2022\t2023\t2024\nJapan\t1010\t1212\t1313\nNorth\t3031\t3333\t3434\nIndia\t4040\t5050\t6060\nCanada\t2020\t2121\t2121\nTotal\t7071\t8383\t9494\n";
    let case = |members: &str| {
        let definition = [own, HEAD, &one(), members].concat();
        let case = Case::new().file("own.toml", definition).file("2026-01-01-a.txt", document);
        let ended = case.run(&["run", "2026-01-01-a.txt", "--dataset", "own.toml"]);
        (case, ended)
    };
    let (case_with, ended) = case(members);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = [
        "A subtotal XNORTH 2022 3031 3030 true",
        "A subtotal XNORTH 2023 3333 3333 true",
        "A subtotal XNORTH 2024 3434 3434 true",
        "A total _T 2022 7071 7071 true",
        "A total _T 2023 8383 8383 true",
        "A total _T 2024 9494 9494 true",
    ];
    assert_eq!(checks(&case_with), expected);
    // Without members, the group and what it holds are counted twice.
    let (_, ended) = case(&members.replace("[dimension.members]\nXNORTH = [\"JPN\", \"CAN\"]\n", ""));
    assert_eq!(ended.code, 1);
}

#[test]
fn figures_with_more_decimals_than_the_measure_are_rounded_where_the_definition_says_so() {
    let document =
        "First\n\nRegion\t2023\t2024\nJapan\t10.4999\t12.5\nIndia\t19.5001\t20.51\nTotal\t30\t34\n";
    let (_, ended) = run(&(one() + "[figures]\ndecimal = \".\"\n"), document);
    assert_eq!(ended.code, 1);
    let (case, ended) = run(&(one() + "[figures]\ndecimal = \".\"\nrounded = true\n"), document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let values: Vec<String> = case.rows("observations").iter().map(|row| row["value"].clone()).collect();
    assert_eq!(values, ["20", "21", "10", "13", "30", "34"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    /// However many columns of labels stand before the figures, and whichever names the regions, the figures are the same.
    #[test]
    fn columns_of_labels_change_no_figure(
        before in prop::collection::vec("[a-z]{3,6}", 0..4),
        behind in prop::collection::vec("[a-z]{3,6}", 0..3),
        values in prop::collection::vec(1u32..9999, 4),
    ) {
        let words = |words: &[String]| words.iter().map(|word| format!("q{word}\t")).collect::<String>();
        let (before_words, behind_words) = (words(&before), words(&behind));
        let named = |words: &[String], part: &str| (0..words.len()).map(|at| format!("{part}{at}\t")).collect::<String>();
        let line = |name: &str, figures: [u32; 2]| format!("{before_words}{name}\t{behind_words}{}\t{}\n", figures[0], figures[1]);
        let total = [values[0] + values[2], values[1] + values[3]];
        let header = format!("{}Country\t{}2023\t2024\n", named(&before, "Left"), named(&behind, "Right"));
        let rows = [line("Japan", [values[0], values[1]]), line("India", [values[2], values[3]]), line("Total", total)];
        let definition = one() + "[[table]]\nfixed = { class = \"A\" }\nstub = { region = [\"Country\"] }\n";
        let (case, ended) = run(&definition, &format!("First\n\n{header}{}", rows.concat()));
        prop_assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        let found: Vec<String> = case.rows("observations").iter().map(|row| format!("{} {} {}", row["region"], row["period"], row["value"])).collect();
        let expected = [
            format!("IND 2023 {}", values[2]), format!("IND 2024 {}", values[3]), format!("JPN 2023 {}", values[0]),
            format!("JPN 2024 {}", values[1]), format!("_T 2023 {}", total[0]), format!("_T 2024 {}", total[1]),
        ];
        prop_assert_eq!(found, expected);
    }
}
