//! Changes, percentages and totals over periods that are printed beside figures: recognised, held against the figures, and
//! never taken for figures. Expected figures are those of the documents; bounds of growths were computed with fractions.

use std::collections::BTreeMap;

use crate::support::{Case, Ended, dimensions, real, says};

type Row = BTreeMap<String, String>;

/// A definition of one table, with groups of its own: the label and the code of each.
fn definition(title: &str, labels: &[(&str, &str)], more: &str) -> String {
    let names: String = labels.iter().map(|(label, code)| format!("{code} = \"{label}\"\n")).collect();
    let labels: String = labels.iter().map(|(label, code)| format!("\"{label}\" = \"{code}\"\n")).collect();
    format!(
        "name = \"own\"\ntitle = \"T\"\npublisher = \"P\"\n{more}\n[measure]\nname = \"figures\"\nunit = \"persons\"\n\
         {}[dimension.names]\n{names}[dimension.labels]\n{labels}",
        dimensions(&format!("A = \"{title}\""))
    )
}

fn run(document: &str, definition: &str) -> (Case, Ended) {
    let case = Case::new().file("own.toml", definition).file("doc.txt", document);
    let ended = case.run(&["run", "doc.txt", "--dataset", "own.toml"]);
    (case, ended)
}

fn of_source(name: &str, definition: &str) -> Option<(Case, Ended)> {
    let text = std::fs::read_to_string(real(&format!("text/{name}"))?).unwrap();
    Some(run(&text, definition))
}

/// The values of a column of rows of one kind, by region and period.
fn by_key<'r>(rows: &'r [Row], check: Option<&str>, column: &str) -> Vec<(&'r str, &'r str, &'r str)> {
    let wanted = rows.iter().filter(|row| check.is_none_or(|check| row["check"] == check));
    let mut found: Vec<_> =
        wanted.map(|row| (row["region"].as_str(), row["period"].as_str(), row[column].as_str())).collect();
    found.sort_unstable();
    found
}

/// Fields of a row, by name.
fn fields<'r, const N: usize>(row: &'r Row, names: [&str; N]) -> [&'r str; N] {
    names.map(|name| row[name].as_str())
}

const VISAS: [(&str, &str); 7] = [
    ("Worker", "XALL"),
    ("Skilled Worker", "XSKILLED"),
    ("Health and Care Worker", "XCARE"),
    ("Other worker visas", "XWORKERS"),
    ("Temporary Worker", "XTEMPORARY"),
    ("Investor, business development and talent", "XTALENT"),
    ("Other work visas and exemptions1", "XREST"),
];

#[test]
fn work_visas_come_back_whole_and_their_changes_are_checked() {
    let definition = definition("Work visas granted, by type", &VISAS, "");
    let Some((case, ended)) = of_source("work-visas-indented.txt", &definition) else { return };
    assert_eq!(ended.code, 0, "{}", ended.err);
    let (before, after) = ("2021-07-01/P12M", "2022-07-01/P12M");
    let observations = case.rows("observations");
    let expected = [
        ("XALL", before, "119180"),
        ("XALL", after, "212551"),
        ("XCARE", before, "47194"),
        ("XCARE", after, "121290"),
        ("XREST", before, "28534"),
        ("XREST", after, "28356"),
        ("XSKILLED", before, "51811"),
        ("XSKILLED", after, "69421"),
        ("XTALENT", before, "3219"),
        ("XTALENT", after, "5028"),
        ("XTEMPORARY", before, "70240"),
        ("XTEMPORARY", after, "75166"),
        ("XWORKERS", before, "20175"),
        ("XWORKERS", after, "21840"),
        ("_T", before, "221173"),
        ("_T", after, "321101"),
    ];
    assert_eq!(by_key(&observations, None, "value"), expected);
    let whole = observations.iter().find(|row| row["region"] == "XALL").unwrap();
    assert_eq!(whole["region_label"], "Worker (of which:)");
    let checks = case.rows("checks");
    let changes = [
        ("XALL", after, "93371"),
        ("XCARE", after, "74096"),
        ("XREST", after, "-178"),
        ("XSKILLED", after, "17610"),
        ("XTALENT", after, "1809"),
        ("XTEMPORARY", after, "4926"),
        ("XWORKERS", after, "1665"),
        ("_T", after, "99928"),
    ];
    let percentages = [
        ("XALL", after, "78"),
        ("XCARE", after, "157"),
        ("XREST", after, "-1"),
        ("XSKILLED", after, "34"),
        ("XTALENT", after, "56"),
        ("XTEMPORARY", after, "7"),
        ("XWORKERS", after, "8"),
        ("_T", after, "45"),
    ];
    // Rows that are set in make the one above them; the total is that of the others.
    let sums = [("XALL", before, "119180"), ("XALL", after, "212551")];
    assert_eq!(by_key(&checks, Some("subtotal"), "computed"), sums);
    let totals = [("_T", before, "221173"), ("_T", after, "321101")];
    assert_eq!(by_key(&checks, Some("total"), "computed"), totals);
    for column in ["published", "computed"] {
        assert_eq!(by_key(&checks, Some("change"), column), changes);
        assert_eq!(by_key(&checks, Some("relative change"), column), percentages);
    }
    let change = checks.iter().find(|row| row["check"] == "change" && row["region"] == "XALL").unwrap();
    assert_eq!(
        fields(change, ["unit", "tolerance", "passed", "cells", "source_position"]),
        ["persons", "0", "true", "2", "4:36"]
    );
    let percentage = checks.iter().find(|row| row["check"] == "relative change").unwrap();
    assert_eq!(percentage["unit"], "percent");
}

const VISITORS: [(&str, &str); 4] = [
    ("South & Southeast Asia", "XSSEA"),
    ("Europe, Africa & The Middle East", "XEAME"),
    ("North Asia", "XNASIA"),
    ("Australia, New Zealand & South Pacific", "XANZSP"),
];

#[test]
fn visitors_come_back_whole_and_the_growth_of_the_total_is_that_of_its_rows() {
    let definition =
        definition("Visitor arrivals by country or territory", &VISITORS, "regular_period = \"month\"");
    let Some((case, ended)) = of_source("visitors-fixed-width.txt", &definition) else { return };
    assert_eq!((ended.code, ended.err.contains("warning")), (0, false), "{}", ended.err);
    let (month, months) = ("2012-08", "2012-01-01/P8M");
    let observations = case.rows("observations");
    let expected = [
        ("CHN", months, "22575101"),
        ("CHN", month, "3727949"),
        ("MAC", months, "566914"),
        ("MAC", month, "96066"),
        ("TWN", months, "1392289"),
        ("TWN", month, "195587"),
        ("X019", months, "1169649"),
        ("X019", month, "127099"),
        ("XANZSP", months, "478037"),
        ("XANZSP", month, "50510"),
        ("XEAME", months, "1429715"),
        ("XEAME", month, "165063"),
        ("XNASIA", months, "1621616"),
        ("XNASIA", month, "241040"),
        ("XSSEA", months, "2358062"),
        ("XSSEA", month, "295529"),
        ("_T", months, "31591383"),
        ("_T", month, "4898843"),
    ];
    assert_eq!(by_key(&observations, None, "value"), expected);
    let wrapped =
        observations.iter().find(|row| row["region"] == "XANZSP" && row["period"] == month).unwrap();
    assert_eq!(
        fields(wrapped, ["region_label", "period_label", "source_position"]),
        ["Australia, New Zealand & South Pacific", "August 2012", "14:30"]
    );
    // The rows bound the growth of the total by 20.445 and 20.546, and by 15.921 and 16.027 percent.
    let checks = case.rows("checks");
    let growths: Vec<[&str; 8]> = checks
        .iter()
        .filter(|row| row["check"] == "growth")
        .map(|row| {
            fields(
                row,
                [
                    "region",
                    "period",
                    "unit",
                    "published",
                    "computed",
                    "tolerance",
                    "cells",
                    "source_position",
                ],
            )
        })
        .collect();
    assert_eq!(
        growths,
        [
            ["_T", months, "0.1 percent", "160", "160", "0", "9", "16:59"],
            ["_T", month, "0.1 percent", "205", "205", "0", "9", "16:39"]
        ]
    );
    assert_eq!(checks.len(), 4);
}

#[test]
fn claims_by_sex_come_back_whole() {
    let definition = definition("Claims by sex", &[("Male", "XMALE"), ("Female", "XFEMALE")], "");
    let Some((case, ended)) = of_source("claims-by-sex-grid.txt", &definition) else { return };
    assert_eq!(ended.code, 0, "{}", ended.err);
    let figures = |region: &str| -> Vec<i64> {
        let rows = case.rows("observations");
        rows.iter().filter(|row| row["region"] == region).map(|row| row["value"].parse().unwrap()).collect()
    };
    assert_eq!(figures("XMALE"), [3106, 3461, 2564, 1025, 641, 788, 722, 923, 271, 445]);
    assert_eq!(figures("XFEMALE"), [1528, 1592, 1274, 818, 575, 425, 501, 1605, 986, 704]);
    assert_eq!(figures("_T"), [4634, 5053, 3838, 1843, 1216, 1213, 1223, 2528, 1257, 1149]);
    let periods: Vec<String> = case
        .rows("observations")
        .iter()
        .filter(|row| row["region"] == "_T")
        .map(|row| row["period"].clone())
        .collect();
    assert_eq!(
        periods,
        ["2014", "2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023-01-01/P9M"]
    );
}

/// A document of one table.
fn table(rows: &str) -> String {
    format!("Visas\n\n{rows}\n")
}

fn plain() -> String {
    definition("Visas", &[], "")
}

#[test]
fn each_kind_is_checked_and_named() {
    let document = table(
        "Region\t2022\t2023\tTotal\tChange\t% change\t% of total\n\
         Canada\t1 000\t1 125\t2 125\t+125\t12.5%\t56.3\n\
         Japan\t800\t-\t800\t(800)\t−100.0\t0.0\n\
         Others\t875\t875\t1,750\t-\t<0.1\t43.8\n\
         Total\t2 675\t2 000\t4 675\t−675\t-25.2\t100",
    );
    let (case, ended) = run(&document, &plain());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let checks = case.rows("checks");
    let found: Vec<[&str; 7]> = checks
        .iter()
        .map(|row| fields(row, ["check", "period", "region", "published", "computed", "unit", "cells"]))
        .collect();
    let expected = [
        ["change", "2023", "CAN", "125", "125", "persons", "2"],
        ["change", "2023", "JPN", "-800", "-800", "persons", "2"],
        ["change", "2023", "_T", "-675", "-675", "persons", "2"],
        ["periods", "2023", "CAN", "2125", "2125", "persons", "2"],
        ["periods", "2023", "JPN", "800", "800", "persons", "2"],
        ["periods", "2023", "_O", "1750", "1750", "persons", "2"],
        ["periods", "2023", "_T", "4675", "4675", "persons", "2"],
        ["relative change", "2023", "CAN", "125", "125", "0.1 percent", "2"],
        ["relative change", "2023", "JPN", "-1000", "-1000", "0.1 percent", "2"],
        ["relative change", "2023", "_O", "0", "0", "0.1 percent", "2"],
        ["relative change", "2023", "_T", "-252", "-252", "0.1 percent", "2"],
        // 56.25 and 43.75 lie half-way.
        ["share", "2023", "CAN", "563", "563", "0.1 percent", "2"],
        ["share", "2023", "JPN", "0", "0", "0.1 percent", "2"],
        ["share", "2023", "_O", "438", "438", "0.1 percent", "2"],
        ["share", "2023", "_T", "100", "100", "percent", "2"],
        ["total", "2022", "_T", "2675", "2675", "persons", "3"],
        ["total", "2023", "_T", "2000", "2000", "persons", "3"],
    ];
    assert_eq!(found, expected);
    assert_eq!(case.rows("observations").len(), 8, "nothing else is taken for a figure");
}

#[test]
fn half_way_may_be_rounded_to_either_side() {
    for (share, code) in
        [("56.2", 0), ("56.3", 0), ("56.1", 1), ("56.4", 1), ("56", 0), ("56.25", 0), ("56.24", 1)]
    {
        let document = table(&format!(
            "Region\t2023\tShare\nCanada\t1 125\t{share}\nOthers\t875\t43.8\nTotal\t2 000\t100"
        ));
        assert_eq!(run(&document, &plain()).1.code, code, "{share}");
    }
}

#[test]
fn a_claim_that_does_not_follow_is_told_where_it_is_printed() {
    let cases: [(&str, &[&str]); 6] = [
        (
            "Region\t2022\t2023\t% change\nCanada\t70,240\t75,166\t+28%\nTotal\t70,240\t75,166\t+7%",
            &[
                "doc.txt:4:22",
                "the relative change doesn't follow from the figures",
                "printed +28%, but 70 240 → 75 166 is +7.01 %",
            ],
        ),
        (
            "Region\t2022\t2023\tChange\nCanada\t5\t7\t+3\nTotal\t5\t7\t+2",
            &["doc.txt:4:12", "the change doesn't follow", "printed +3, but 5 → 7 is 2"],
        ),
        (
            "Region\t2023\tShare\nCanada\t1\t34.0\nOthers\t2\t66.7\nTotal\t3\t100",
            &["doc.txt:4:10", "the share doesn't follow", "printed 34.0 %, but 1 of 3 is +33.333 %"],
        ),
        (
            "Region\t2022\t2023\tTotal\nCanada\t5\t7\t13\nTotal\t5\t7\t12",
            &[
                "doc.txt:4:12",
                "the total of the periods doesn't follow",
                "printed 13, but its 2 periods make 12",
            ],
        ),
        (
            "Region\t2023\tYr/Yr % growth\nCanada\t110\t+10.0\nOthers\t220\t+10.0\nTotal\t330\t+10.2",
            &[
                "doc.txt:6:11",
                "the growth doesn't follow",
                "printed +10.2 %, but the growth of its 2 rows makes between +9.950 % and +10.050 %",
            ],
        ),
        (
            "Region\t2022\t2023\t% change\nCanada\t1 000\t1 001\t<0.1\nTotal\t1 000\t1 001\t0.1",
            &["doc.txt:4:20", "printed <0.1 %, but 1 000 → 1 001 is +0.100 %"],
        ),
    ];
    for (rows, words) in cases {
        let (_, ended) = run(&table(rows), &plain());
        assert_eq!(ended.code, 1, "{rows}");
        says(&ended.err, words);
        says(&ended.err, &["a correction of a figure can be declared"]);
    }
}

#[test]
fn what_nothing_can_check_is_said_and_not_counted() {
    let cases = [
        (
            "Region\t2023\tYr/Yr % growth\nCanada\t110\t+10.0\nOthers\t220\t..\nTotal\t330\t+10.2",
            "2 printed figures of a growth",
            1,
        ),
        (
            "Region\t2022\t2023\t% change\nCanada\t0\t5\t+5.0\nOthers\t1\t2\t100\nTotal\t1\t7\t600",
            "1 printed figure of a relative change",
            4,
        ),
        ("Region\t2023\tChange\nCanada\t5\t+1\nTotal\t5\t+1", "2 printed figures of a change", 1),
    ];
    for (rows, words, checks) in cases {
        let (case, ended) = run(&table(rows), &(plain() + "[symbols]\n\"..\" = \"O\"\n"));
        assert_eq!(ended.code, 0, "{}", ended.err);
        says(&ended.err, &["warning: nothing checks", words]);
        assert_eq!(case.rows("checks").len(), checks, "{rows}");
    }
}

#[test]
fn a_definition_names_what_columns_hold() {
    let rows = "Region\t2022\t2023\tvs last year\tRank\nCanada\t5\t10\t100\t1\nTotal\t5\t10\t100\t";
    let (_, ended) = run(&table(rows), &plain());
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["the heading `vs last year` is no period", "the heading `Rank` is no period", "under `[headings]`"],
    );
    let columns = "[headings]\n\"Vs Last Year\" = \"relative change\"\nRank = \"ignored\"\n";
    let (case, ended) = run(&table(&(rows.to_owned() + "-")), &(plain() + columns));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(
        by_key(&case.rows("checks"), Some("relative change"), "published"),
        [("CAN", "2023", "100"), ("_T", "2023", "100")]
    );
    for (columns, words) in [
        ("[headings]\nRank = \"rank\"\n", "unknown variant `rank`"),
        (
            "[headings]\n\"% last\" = \"share\"\n\"percent last\" = \"change\"\n",
            "does not tell a column apart",
        ),
    ] {
        let (_, ended) = run(&table(rows), &(plain() + columns));
        assert_eq!(ended.code, 78, "{}", ended.err);
        says(&ended.err, &[words, "own.toml:"]);
    }
}

#[test]
fn a_correction_is_what_claims_are_held_against() {
    let rows = "Region\t2022\t2023\tChange\nCanada\t5\t8\t+2\nTotal\t5\t7\t+2";
    let correction =
        "[[correction]]\nkey = \"A/CAN/2023\"\nexpected = \"8\"\nvalue = 7\nreason = \"an erratum\"\n";
    assert_eq!(run(&table(rows), &plain()).1.code, 1);
    let (case, ended) = run(&table(rows), &(plain() + correction));
    assert_eq!((ended.code, case.rows("checks").len()), (0, 4), "{}", ended.err);
}

#[test]
fn percentages_stand_in_their_own_unit_where_figures_have_decimals() {
    let rows =
        "Region\t2022\t2023\tChange\t% change\nCanada\t5.0\t7.5\t+2.5\t+50.0\nTotal\t5.0\t7.5\t+2.5\t50";
    let decimals = plain().replace("unit = \"persons\"", "unit = \"persons\"\ndecimals = 1");
    let (case, ended) = run(&table(rows), &decimals);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let checks = case.rows("checks");
    let found: Vec<[&str; 4]> =
        checks.iter().map(|row| fields(row, ["check", "region", "published", "unit"])).collect();
    let expected = [
        ["change", "CAN", "2.5", "persons"],
        ["change", "_T", "2.5", "persons"],
        ["relative change", "CAN", "500.0", "0.1 percent"],
        ["relative change", "_T", "50.0", "percent"],
        ["total", "_T", "5.0", "persons"],
        ["total", "_T", "7.5", "persons"],
    ];
    assert_eq!(found, expected);
}

#[test]
fn inspect_shows_what_columns_hold() {
    let rows = "Region\t2022\t2023\tChange\t% change\tRank\n  Canada\t5\t10\t+5\t<0.1\t1";
    let shown = Case::new().file("doc.txt", table(rows)).run(&["inspect", "--cells", "doc.txt"]).out;
    says(
        &shown,
        &[
            "column   Change → change of 2022, 2023",
            "column   % change → relative change of 2022, 2023",
            "period   Rank → ?",
            "claim    +5 → 5, change of 2022, 2023",
            "claim    <0.1 → less than 0.1, relative change of 2022, 2023",
        ],
    );
}

#[test]
fn headings_of_two_levels_are_read_in_every_way_they_are_parted() {
    let tabs = "\tAugust 2012\t\tJan-Aug 2012\n\
                Region\tNo. of Arrivals\tYr/Yr % growth\tNo. of Arrivals\tYr/Yr % growth\n\
                Canada\t110\t+10.0\t220\t+10.0\nTotal\t110\t+10.0\t220\t+10.0";
    let pipes: String = tabs.lines().map(|line| format!("| {} |\n", line.replace('\t', " | "))).collect();
    let one_row = "Region\tNo. of Arrivals August 2012\tYr/Yr % growth August 2012\tJan-Aug 2012 Number\tJan-Aug 2012: Yr/Yr % growth\n\
                   Canada\t110\t+10.0\t220\t+10.0\nTotal\t110\t+10.0\t220\t+10.0";
    let found = [tabs, &pipes, one_row].map(|rows| {
        let (case, ended) = run(&table(rows), &definition("Visas", &[], "regular_period = \"month\""));
        assert_eq!(ended.code, 0, "{rows}\n{}", ended.err);
        let observations = case.rows("observations");
        let checks = case.rows("checks");
        assert_eq!(
            by_key(&observations, None, "value"),
            [
                ("CAN", "2012-01-01/P8M", "220"),
                ("CAN", "2012-08", "110"),
                ("_T", "2012-01-01/P8M", "220"),
                ("_T", "2012-08", "110")
            ]
        );
        assert_eq!(by_key(&checks, Some("growth"), "computed").len(), 2);
        observations.iter().map(|row| row["period_label"].clone()).collect::<Vec<_>>()
    });
    assert_eq!(found[0], ["Jan-Aug 2012", "August 2012", "Jan-Aug 2012", "August 2012"]);
    assert_eq!(found[0], found[1]);
}
