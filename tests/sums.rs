//! Sums that a table prints beside its total: of groups, of other tables; totals that no label names; figures that were
//! rounded; nil marks that nothing proves.

use proptest::prelude::*;

use crate::support::{Case, Ended, dimensions, says};

/// A definition of tables `T`, `U` and `ALL`, with further keys before and after its first table.
fn definition(keys: &str, rest: &str) -> String {
    format!(
        "name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\noptional_tables = true\n{keys}\n\
         [measure]\nname = \"counts\"\nunit = \"people\"\n\
         {}{rest}",
        dimensions("T = \"T\", U = \"U\", ALL = \"All\"")
    )
}

fn run(definition: &str, document: &str) -> (Case, Ended) {
    let case = Case::new().file("own.toml", definition).file("2026-01-01-a.txt", document);
    let ended = case.run(&["run", "2026-01-01-a.txt", "--dataset", "own.toml"]);
    (case, ended)
}

/// The checks as kind, check, period, region, published, computed, tolerance and number of cells.
fn checks(case: &Case) -> Vec<String> {
    let columns = ["class", "check", "period", "region", "published", "computed", "tolerance", "cells"];
    let line = |row: &std::collections::BTreeMap<String, String>| {
        columns.map(|column| row[column].as_str()).join(" ")
    };
    case.rows("checks").iter().map(line).collect()
}

/// A figure's value, status and basis.
fn figure(case: &Case, region: &str, period: &str) -> [String; 3] {
    let rows = case.rows("observations");
    let row = rows.iter().find(|row| row["region"] == region && row["period"] == period).unwrap();
    ["value", "status", "basis"].map(|column| row[column].clone())
}

#[test]
fn a_total_is_found_by_its_figures_where_no_label_names_it() {
    let table = |label: &str| {
        format!(
            "T\n\nRegion\t2023\t2024\nCanada\t1 204\t880\nJapan\t310\t47\nOthers\t9\t12\n{label}\t1 523\t939\n"
        )
    };
    let expected = ["T total 2023 _T 1523 1523 0 3", "T total 2024 _T 939 939 0 3"];
    let (case, ended) = run(&definition("", ""), &table(""));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(checks(&case), expected);
    let (case, ended) = run(&definition("", ""), &table("Altogether it makes"));
    assert_eq!((ended.code, checks(&case)), (0, expected.map(str::to_owned).to_vec()), "{}", ended.err);
    says(
        &ended.err,
        &[
            "warning: `Altogether it makes` is taken for the total: it is the sum of all other rows",
            "2026-01-01-a.txt:7:1",
            "`\"Altogether it makes\" = \"_T\"`",
        ],
    );
    // Cells parted by blanks do not tell that a label is missing.
    let wide =
        "T\n\nRegion   2023    2024\nCanada   1 204   880\nJapan    310     47\n         1 514   927\n";
    let (case, ended) = run(&definition("", ""), wide);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(figure(&case, "_T", "2024"), ["927", "A", "published"]);
}

#[test]
fn a_row_that_is_off_by_one_is_no_total() {
    let table = "T\n\nRegion\t2023\t2024\nCanada\t1 204\t880\nJapan\t310\t47\nTutti\t1 514\t928\n";
    let (_, ended) = run(&definition("", ""), table);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the region `Tutti` is unknown", "table T has no total of `region`"]);
    let (_, ended) = run(&definition("", ""), &table.replace("Tutti", ""));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the row has no region", "2026-01-01-a.txt:6:1"]);
}

#[test]
fn a_total_under_another_name_is_told() {
    let table = "T\n\nRegion\t2023\t2024\nCanada\t1 204\t880\nJapan\t310\t47\nOthers\t1 514\t927\n";
    let (_, ended) = run(&definition("", ""), table);
    assert_eq!(ended.code, 1);
    let told = [
        "this row is the sum of all others, and no total is printed",
        "2026-01-01-a.txt:6:1",
        "the code `_T`",
    ];
    says(&ended.err, &told);
    let (_, ended) = run(&definition("totals = \"optional\"", ""), table);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["error: this row is the sum of all others", "`additive = true`"]);
    // Where the definition says that the figures add up, its word counts.
    let additive = definition("totals = \"optional\"", "").replace("[measure]", "[measure]\nadditive = true");
    let (case, ended) = run(&additive, table);
    assert_eq!((ended.code, figure(&case, "_T", "2024")), (0, ["1854", "A", "derived"].map(str::to_owned)));
    says(&ended.err, &["warning: this row is the sum of all others"]);
    // By a label of the definition's own it is the total.
    let (case, ended) = run(&definition("", "[dimension.labels]\nOthers = \"_T\"\n"), table);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(checks(&case), ["T total 2023 _T 1514 1514 0 2", "T total 2024 _T 927 927 0 2"]);
}

#[test]
fn small_figures_agree_by_chance_and_prove_no_total() {
    let (_, ended) = run(&definition("", ""), "T\n\nRegion\t2023\nCanada\t1\nJapan\t2\nTutti\t3\n");
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the region `Tutti` is unknown"]);
}

#[test]
fn a_group_of_ones_own_holds_the_rows_that_make_it() {
    let names = "[dimension.names]\nXBOTH = \"Both\"\n[dimension.labels]\n\"Both of them\" = \"XBOTH\"\n";
    let rows =
        "Both of them\t1 514\t927\nCanada\t1 204\t880\nJapan\t310\t47\nIndia\t5\t6\nTotal\t1 519\t933\n";
    let expected = [
        "T subtotal 2023 XBOTH 1514 1514 0 2",
        "T subtotal 2024 XBOTH 927 927 0 2",
        "T total 2023 _T 1519 1519 0 2",
        "T total 2024 _T 933 933 0 2",
    ];
    let (case, ended) = run(&definition("", names), &format!("T\n\nRegion\t2023\t2024\n{rows}"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(checks(&case), expected);
    // The same below its parts.
    let rows =
        "Canada\t1 204\t880\nJapan\t310\t47\nBoth of them\t1 514\t927\nIndia\t5\t6\nTotal\t1 519\t933\n";
    let (case, ended) = run(&definition("", names), &format!("T\n\nRegion\t2023\t2024\n{rows}"));
    assert_eq!((ended.code, checks(&case)), (0, expected.map(str::to_owned).to_vec()), "{}", ended.err);
}

#[test]
fn a_subtotal_that_fails_in_one_column_is_a_problem() {
    let rows = "Asia\t300\t330\t370\nJapan\t100\t110\t120\nIndia\t200\t220\t240\nOthers\t1\t1\t1\nTotal\t301\t331\t371\n";
    let (_, ended) = run(&definition("", ""), &format!("T\n\nRegion\t2022\t2023\t2024\n{rows}"));
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["the subtotal doesn't add up", "printed 370, but its 2 rows make 360 (10 too few)", ":4:14"],
    );
    // Small figures agree by chance: the only country that is printed may be nearly all of its group.
    let rows = "Asia\t1\t2\t3\nJapan\t1\t2\t2\nOthers\t1\t1\t1\nTotal\t2\t3\t4\n";
    let (case, ended) = run(&definition("", ""), &format!("T\n\nRegion\t2022\t2023\t2024\n{rows}"));
    assert_eq!((ended.code, ended.err.as_str(), checks(&case).len()), (0, "", 3));
    // A group of which only some parts are printed is none.
    let (case, ended) = run(
        &definition("", ""),
        "T\n\nRegion\t2023\t2024\nAsia\t33\t37\nJapan\t10\t12\nOthers\t1\t1\nTotal\t34\t38\n",
    );
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(checks(&case), ["T total 2023 _T 34 34 0 2", "T total 2024 _T 38 38 0 2"]);
}

#[test]
fn a_table_that_is_the_sum_of_all_others_is_checked_figure_by_figure() {
    // A title, the figures of Canada and Japan in 2024; those of 2023 are `share` more.
    let table = |title: &str, share: u32, canada: u32, japan: u32| {
        let rows = [("Canada", canada), ("Japan", japan), ("Total", canada + japan)];
        let more = |name: &str| if name == "Total" { share * 2 } else { share };
        let lines = rows.map(|(name, figure)| format!("{name}\t{}\t{figure}\n", figure + more(name)));
        format!("{title}\n\nRegion\t2023\t2024\n{}\n", lines.concat())
    };
    let document = table("T", 1000, 5021, 340) + &table("U", 1000, 710, 22) + &table("All", 2000, 5731, 362);
    let (case, ended) = run(&definition("", ""), &document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = [
        "ALL tables 2023 CAN 7731 7731 0 2",
        "ALL tables 2023 JPN 2362 2362 0 2",
        "ALL tables 2023 _T 10093 10093 0 2",
        "ALL tables 2024 CAN 5731 5731 0 2",
        "ALL tables 2024 JPN 362 362 0 2",
        "ALL tables 2024 _T 6093 6093 0 2",
        "ALL total 2023 _T 10093 10093 0 2",
        "ALL total 2024 _T 6093 6093 0 2",
        "T total 2023 _T 7361 7361 0 2",
        "T total 2024 _T 5361 5361 0 2",
        "U total 2023 _T 2732 2732 0 2",
        "U total 2024 _T 732 732 0 2",
    ];
    assert_eq!(checks(&case), expected);
    // Two figures that are wrong by as much leave the totals right.
    let document = table("T", 1000, 5021, 340) + &table("U", 1000, 710, 22) + &table("All", 2000, 5730, 363);
    let (_, ended) = run(&definition("", ""), &document);
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["the sum over tables doesn't add up", "printed 5730, but its 2 tables make 5 731 (1 too many)"],
    );
    // What the definition declares must hold; what chance may have made is not checked.
    let document = table("T", 1000, 5021, 340) + &table("U", 1000, 710, 22) + &table("All", 2000, 5731, 363);
    let (case, ended) = run(&definition("", ""), &document);
    assert_eq!((ended.code, checks(&case).len()), (0, 6), "{}", ended.err);
    let declared = definition("", "[[table]]\nfixed = { class = \"ALL\" }\nsum_of = [\"T\", \"U\"]\n");
    let (_, ended) = run(&declared, &document);
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["the sum over tables doesn't add up", "printed 363, but its 2 tables make 362 (1 too few)"],
    );
    let (_, ended) =
        run(&definition("", "[[table]]\nfixed = { class = \"ALL\" }\nsum_of = [\"V\"]\n"), &document);
    assert_eq!(ended.code, 78);
    says(&ended.err, &["`V` is no other table of the definition", "own.toml:"]);
}

#[test]
fn figures_rounded_to_a_unit_may_be_off_by_what_rounding_makes() {
    let table = |total: &str| {
        format!(
            "T\n\nRegion\t2023\t2024\nCanada\t12000\t9000\nJapan\t8000\t3000\nIndia\t4000\t6000\nTotal\t24000\t{total}\n"
        )
    };
    let (case, ended) = run(&definition("", ""), &table("19000"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(checks(&case), ["T total 2023 _T 24000 24000 1000 3", "T total 2024 _T 19000 18000 1000 3"]);
    says(&ended.out, &["2 of 2 totals reconciled within 1 000"]);
    // Four rounded figures are 2000 off at most; and where one is not rounded, none is.
    let (_, ended) = run(&definition("", ""), &table("21000"));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["printed 21000, but its 3 rows make 18 000 (3 000 too few)"]);
    let (_, ended) = run(&definition("", ""), &table("18001"));
    assert_eq!(ended.code, 1);
    let (_, ended) = run(&definition("tolerance = 0", ""), &table("19000"));
    assert_eq!(ended.code, 1);
}

/// A definition whose measure is said by further keys.
fn measured(keys: &str, rest: &str) -> String {
    definition("", rest).replace("unit = \"people\"", &format!("unit = \"people\"\n{keys}"))
}

#[test]
fn sums_may_be_off_by_what_a_declared_rounding_makes() {
    let table = |canada: &str, total: &str| {
        format!("T\n\nRegion\t2023\nCanada\t{canada}\nJapan\t15\nTotal\t{total}\n")
    };
    // Two figures and their total, each rounded by up to 2.5: off by 7 at most, and by multiples of 5.
    let cases = [("10", "25", 0), ("10", "30", 0), ("10", "20", 0), ("10", "35", 1), ("10", "15", 1)];
    for (canada, total, expected) in cases {
        let (_, ended) = run(&measured("rounding = 5", ""), &table(canada, total));
        assert_eq!(ended.code, expected, "{canada} {total}: {}", ended.err);
    }
    let (case, _) = run(&measured("rounding = 5", ""), &table("10", "30"));
    assert_eq!(checks(&case), ["T total 2023 _T 30 25 7 2"]);
    // With a decimal the unit is half a person, and a tolerance takes precedence.
    let halves = "decimals = 1\nrounding = 5";
    let (case, ended) = run(&measured(halves, ""), &table("10.5", "26.0"));
    assert_eq!((ended.code, checks(&case)), (0, vec!["T total 2023 _T 26.0 25.5 0.7 2".to_owned()]));
    let (_, ended) = run(
        &measured("rounding = 5", "").replace("[measure]", "tolerance = 0\n[measure]"),
        &table("10", "30"),
    );
    assert_eq!(ended.code, 1);
    let (_, ended) = run(&measured("rounding = 0", ""), &table("10", "25"));
    assert_eq!(ended.code, 78);
    says(&ended.err, &["own.toml:9:12", "nonzero"]);
}

#[test]
fn a_figure_that_is_not_rounded_as_declared_is_a_problem_at_its_cell() {
    let table = "T\n\nRegion\t2023\nCanada\t12\nJapan\t15\nTotal\t25\n";
    let (_, ended) = run(&measured("rounding = 5", ""), table);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["rounding", "`12` is no multiple of 5", "counts are rounded to 5", "a.txt:4:8"]);
    let correction = "[[correction]]\nkey = \"T/CAN/2023\"\nexpected = \"12\"\nvalue = 10\nreason = \"r\"\n";
    let (_, ended) = run(&measured("rounding = 5", correction), table);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let halves = "decimals = 1\nrounding = 5";
    let (_, ended) = run(&measured(halves, ""), &table.replace("12", "10.2"));
    says(&ended.err, &["`10.2` is no multiple of 0.5"]);
}

#[test]
fn groups_and_sums_over_tables_are_rounded_as_declared() {
    let group =
        "Region\t2023\t2024\nAsia\t30\t45\n  Japan\t15\t25\n  India\t10\t20\nCanada\t5\t15\nTotal\t35\t60\n";
    let members = "[dimension.names]\nXPART = \"Asia\"\n[dimension.members]\nXPART = [\"JPN\", \"IND\"]\n[dimension.labels]\nAsia = \"XPART\"\n";
    let (case, ended) = run(&measured("rounding = 5", members), &format!("T\n\n{group}"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let sums = [
        "T subtotal 2023 XPART 30 25 7 2",
        "T total 2023 _T 35 35 7 2",
        "T subtotal 2024 XPART 45 45 7 2",
        "T total 2024 _T 60 60 7 2",
    ];
    assert_eq!(
        checks(&case).iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
        sums.into()
    );
    let parts = |name: &str, canada: &str, total: &str| {
        format!("{name}\n\nRegion\t2023\nCanada\t{canada}\nTotal\t{total}\n\n")
    };
    let whole = "[[table]]\nfixed = { class = \"ALL\" }\nsum_of = [\"T\", \"U\"]\n";
    let text = parts("T", "10", "10") + &parts("U", "15", "15") + &parts("All", "30", "30");
    let (case, ended) = run(&measured("rounding = 5", whole), &text);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(checks(&case).contains(&"ALL tables 2023 CAN 30 25 7 2".to_owned()), "{:?}", checks(&case));
}

#[test]
fn a_printed_change_of_rounded_figures_may_be_off_by_what_rounding_makes() {
    let table = |change: &str| {
        format!("T\n\nRegion\t2023\t2024\tChange\nCanada\t10\t25\t{change}\nTotal\t10\t25\t15\n")
    };
    // 25 - 10 = 15; both figures and the change were rounded by up to 2.5.
    for (change, expected) in [("15", 0), ("20", 0), ("10", 0), ("25", 1), ("5", 1)] {
        let (_, ended) = run(&measured("rounding = 5", ""), &table(change));
        assert_eq!(ended.code, expected, "{change}: {}", ended.err);
    }
}

#[test]
fn a_nil_mark_that_nothing_proves_is_missing() {
    let table = "T\n\nRegion\t2023\t2024\nCanada\t5\t-\nJapan\t-\t7\n";
    let (case, ended) = run(&definition("totals = \"optional\"", ""), table);
    assert_eq!(ended.code, 0, "{}", ended.err);
    says(
        &ended.err,
        &[
            "warning: nothing proves that `-` stands for zero",
            "2026-01-01-a.txt:4:10",
            "no total does, nor of 1 other symbol of the table: published as missing, status O",
            "`nil = \"zero\"`",
        ],
    );
    assert_eq!(figure(&case, "CAN", "2024"), ["", "O", "published"]);
    assert_eq!(figure(&case, "JPN", "2024"), ["7", "A", "published"]);
    // A total cannot be made of what is missing.
    assert!(case.rows("observations").iter().all(|row| row["region"] != "_T"));
    let (case, ended) = run(&definition("totals = \"optional\"\nnil = \"zero\"", ""), table);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(figure(&case, "CAN", "2024"), ["0", "A", "nil"]);
    assert_eq!(figure(&case, "_T", "2024"), ["7", "A", "derived"]);
}

#[test]
fn a_subtotal_proves_nil_marks_where_the_table_has_no_total() {
    let table = "T\n\nRegion\t2023\t2024\nAsia\t30\t22\nJapan\t10\t-\nIndia\t20\t22\n";
    let (case, ended) = run(&definition("totals = \"optional\"", ""), table);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(figure(&case, "JPN", "2024"), ["0", "A", "nil"]);
}

#[test]
fn explain_tells_every_check_that_a_figure_takes_part_in() {
    let rows = "Asia\t30\t33\nJapan\t10\t11\nIndia\t20\t22\nOthers\t1\t1\nTotal\t31\t34\n";
    let document = format!("T\n\nRegion\t2023\t2024\n{rows}");
    let case = Case::new().file("own.toml", definition("", "")).file("2026-01-01-a.txt", document);
    let checks = |key: &str| -> Vec<String> {
        let ended = case.run(&["explain", key, "2026-01-01-a.txt", "--dataset", "own.toml"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        ended
            .out
            .lines()
            .filter_map(|line| line.trim().strip_prefix("check"))
            .map(|line| line.trim().to_owned())
            .collect()
    };
    let subtotal =
        "passed: the subtotal of X142 33 (at 4:9) and the sum 33 of 2 figures differ by 0, at most 0 allowed";
    let total = "passed: the total 34 (at 8:10) and the sum 34 of 2 figures differ by 0, at most 0 allowed";
    assert_eq!(checks("T/JPN/2024"), [subtotal, total]);
    assert_eq!(checks("T/X142/2024"), [subtotal, total]);
    assert_eq!(checks("T/_O/2024"), [total]);
}

/// Two dimensions below one another, of which a table prints the second for some rows only.
const BY_AGE: &str = r#"
name = "own"
title = "t"
publisher = "p"
optional_tables = true
totals = "optional"
stub = ["region", "age"]
[measure]
name = "counts"
unit = "people"
[[dimension]]
name = "region"
meaning = "region"
codes = "regions"
[[dimension]]
name = "age"
meaning = "age"
codes = { _T = "All ages", Y = "Under 15", O = "15 and over" }
"#;

#[test]
fn a_total_is_derived_where_all_rows_have_what_it_is_of() {
    let document = |of_india: &str| {
        let japan = "Japan\tAll ages\t90\t100\nJapan\tUnder 15\t20\t30\nJapan\t15 and over\t70\t70\n";
        format!("T\n\nRegion\tAge\t2023\t2024\n{japan}India\tAll ages\t10\t10\n{of_india}")
    };
    let totals = |of_india: &str| -> Vec<String> {
        let (case, ended) = run(BY_AGE, &document(of_india));
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        let rows = case.rows("observations");
        let rows = rows.iter().filter(|row| row["region"] == "_T" && row["period"] == "2024");
        rows.map(|row| ["age", "value", "basis"].map(|column| row[column].as_str()).join(" ")).collect()
    };
    assert_eq!(totals(""), ["_T 110 derived"], "what only Japan prints is no total of both");
    assert_eq!(
        totals("India\tUnder 15\t4\t4\nIndia\t15 and over\t6\t6\n"),
        ["O 76 derived", "Y 34 derived", "_T 110 derived"]
    );
}

/// The parts of a group: their figures by row and column, and what else the group holds in each column, if anything.
type Group = (Vec<Vec<u32>>, Option<u32>);

const GROUPS: [(&str, &str, [&str; 3]); 2] =
    [("Asia", "X142", ["Japan", "India", "Nepal"]), ("Europe", "X150", ["France", "Italy", "Spain"])];

fn groups() -> impl Strategy<Value = (Vec<Group>, bool)> {
    let figure = prop_oneof![2 => Just(0), 5 => 1u32..30, 5 => 0u32..4_000_000];
    let rest = prop_oneof![Just(None), (1u32..500).prop_map(Some)];
    let groups = (1usize..=4).prop_flat_map(move |years| {
        let rows = prop::collection::vec(prop::collection::vec(figure.clone(), years), 1..=3);
        prop::collection::vec((rows, rest.clone()), 2)
    });
    (groups, any::<bool>())
}

/// A table of groups with their parts below or above them, and its total.
fn printed((groups, above): &(Vec<Group>, bool)) -> String {
    let years = groups[0].0[0].len();
    let mut rows: Vec<String> = Vec::new();
    let mut total = vec![0; years];
    let line = |label: &str, figures: &[u32]| {
        format!("{label}\t{}", figures.iter().map(ToString::to_string).collect::<Vec<_>>().join("\t"))
    };
    for ((parts, rest), (name, _, members)) in groups.iter().zip(GROUPS) {
        let whole: Vec<u32> = (0..years)
            .map(|year| parts.iter().map(|row| row[year]).sum::<u32>() + rest.unwrap_or(0))
            .collect();
        total.iter_mut().zip(&whole).for_each(|(total, figure)| *total += figure);
        let mut lines: Vec<String> = members.iter().zip(parts).map(|(name, row)| line(name, row)).collect();
        lines.insert(if *above { 0 } else { lines.len() }, line(name, &whole));
        rows.extend(lines);
    }
    let header: Vec<String> = (0..years).map(|year| (2019 + year).to_string()).collect();
    format!("T\n\nRegion\t{}\n{}\n{}\n", header.join("\t"), rows.join("\n"), line("Total", &total))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn groups_are_counted_once_and_checked_where_all_they_hold_is_printed(table in groups()) {
        let (case, ended) = run(&definition("", ""), &printed(&table));
        prop_assert_eq!(ended.code, 0, "{}", ended.err);
        let checks = case.rows("checks");
        prop_assert!(checks.iter().all(|check| check["passed"] == "true" && check["difference"] == "0"));
        let years = table.0[0].0[0].len();
        for ((parts, rest), (_, code, _)) in table.0.iter().zip(GROUPS) {
            let own: Vec<_> = checks.iter().filter(|check| check["region"] == code).collect();
            prop_assert_eq!(own.len(), if rest.is_none() { years } else { 0 });
            prop_assert!(own.iter().all(|check| check["cells"] == parts.len().to_string()));
        }
        let totals: Vec<_> = checks.iter().filter(|check| check["check"] == "total").collect();
        prop_assert_eq!(totals.len(), years);
        prop_assert!(totals.iter().all(|check| check["cells"] == "2"));
    }
}
