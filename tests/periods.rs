//! Periods as offices print them, through the whole program: financial years, points in time, headers in several rows.

use std::collections::BTreeMap;

use crate::support::{Case, Ended, dimensions, real, says};

/// A small definition with further keys, of the definition and of its measure.
fn definition(keys: &str, measure: &str) -> String {
    format!(
        "name = \"d\"\ntitle = \"T\"\npublisher = \"P\"\noptional_tables = true\n{keys}\n[measure]\nname = \"m\"\nunit = \"u\"\n{measure}\n{}",
        dimensions("A = \"Title\"")
    )
}

fn run(keys: &str, measure: &str, table: &str) -> (Case, Ended) {
    let case =
        Case::new().file("d.toml", definition(keys, measure)).file("d.txt", format!("Title\n\n{table}"));
    let ended = case.run(&["run", "d.txt", "--dataset", "d.toml"]);
    (case, ended)
}

type Row = BTreeMap<String, String>;

/// What is published of Canada, period by period.
fn canada(keys: &str, measure: &str, table: &str) -> Vec<Row> {
    let (case, ended) = run(keys, measure, table);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{table}");
    let mut rows = case.rows("observations");
    rows.retain(|row| row["region"] == "CAN");
    rows
}

fn told<'r>(rows: &'r [Row], columns: &[&str]) -> Vec<Vec<&'r str>> {
    rows.iter().map(|row| columns.iter().map(|column| row[*column].as_str()).collect()).collect()
}

const WHEN: [&str; 5] = ["period", "period_label", "period_end", "period_months", "is_partial"];
const CHANGE: [&str; 4] = ["period", "previous_period", "change_absolute", "monthly_average"];

#[test]
fn financial_years_are_compared_with_financial_years() {
    let table = "Region\t2011-12\t2012-13\t2013-14\t2013-14 (Apr - Sep)\nCanada\t12\t24\t36\t6\nTotal\t12\t24\t36\t6\n";
    let (_, ended) = run("financial_year = \"April\"", "", table);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the heading `2013-14 (Apr - Sep)` is no period", "d.txt:3:32"]);
    let table = table.replace("2013-14 (Apr - Sep)", "2013 (p)");
    let rows = canada("financial_year = \"April\"", "", &table);
    assert_eq!(
        told(&rows, &WHEN),
        [
            ["2011-04-01/P12M", "2011-12", "2012-03-31", "12", "false"],
            ["2012-04-01/P12M", "2012-13", "2013-03-31", "12", "false"],
            ["2013", "2013 (p)", "2013-12-31", "12", "false"],
            ["2013-04-01/P12M", "2013-14", "2014-03-31", "12", "false"],
        ]
    );
    assert_eq!(
        told(&rows, &CHANGE),
        [
            ["2011-04-01/P12M", "", "", "1.0"],
            ["2012-04-01/P12M", "2011-04-01/P12M", "12", "2.0"],
            ["2013", "", "", "0.5"],
            ["2013-04-01/P12M", "2012-04-01/P12M", "12", "3.0"],
        ]
    );
}

#[test]
fn what_could_be_two_periods_is_refused_until_the_definition_says() {
    let table = "Region\t2011-12\t2012-13\nCanada\t1\t2\nTotal\t1\t2\n";
    let (_, ended) = run("", "", table);
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &[
            "the heading `2012-13` could be the financial year that begins in 2012 or the 24 months from 2012-01-01",
            "d.txt:3:16",
            "`financial_year = \"April\"`",
        ],
    );
    let named = "financial_year = \"July\"\n[periods]\n\"2011-12\" = \"2011-12\"";
    let (_, ended) = run(named, "", &table.replace("2012-13", "2011"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let (_, ended) = run("", "", "Region\t2022\tup to 15 March 2023\nCanada\t1\t2\nTotal\t1\t2\n");
    says(&ended.err, &["`up to 15 March 2023` ends on 2023-03-15, within a month", "d.txt:3:13"]);
}

#[test]
fn points_in_time_have_no_average_and_are_compared_with_the_same_date() {
    let table =
        "Region\tAs at end of 2022\tEnd-June 2023\t31.12.2023\nCanada\t12\t18\t24\nTotal\t12\t18\t24\n";
    let rows = canada("", "", table);
    assert_eq!(
        told(&rows, &WHEN),
        [
            ["2022-12-31", "As at end of 2022", "2022-12-31", "0", "false"],
            ["2023-06-30", "End-June 2023", "2023-06-30", "0", "false"],
            ["2023-12-31", "31.12.2023", "2023-12-31", "0", "false"],
        ]
    );
    let changes =
        [["2022-12-31", "", "", ""], ["2023-06-30", "", "", ""], ["2023-12-31", "2022-12-31", "12", ""]];
    assert_eq!(told(&rows, &CHANGE), changes);
}

#[test]
fn a_definition_says_that_its_figures_are_stocks() {
    let table = "Region\t2022\t2023\nCanada\t12\t24\nTotal\t12\t24\n";
    let rows = canada("", "stock = \"end\"", table);
    assert_eq!(told(&rows, &CHANGE), [["2022-12-31", "", "", ""], ["2023-12-31", "2022-12-31", "12", ""]]);
}

#[test]
fn the_last_day_of_february_is_compared_with_the_last_day_of_february() {
    let table = "Region\t2023-02-28\t2024-02-29\t2025-02-28\nCanada\t1\t2\t4\nTotal\t1\t2\t4\n";
    let rows = canada("", "", table);
    let compared = [["2023-02-28", ""], ["2024-02-29", "2023-02-28"], ["2025-02-28", "2024-02-29"]];
    assert_eq!(told(&rows, &["period", "previous_period"]), compared);
}

#[test]
fn a_header_may_take_several_rows_in_any_layout() {
    let tables = [
        "\t2023\t\t2024\t\nRegion\tQ1\tQ2\tQ1\tQ2\nCanada\t1\t2\t3\t4\nTotal\t1\t2\t3\t4\n",
        "|        | 2023 |    | 2024 |    |\n|--------|----|----|----|----|\n| Region | Q1 | Q2 | Q1 | Q2 |\n| Canada | 1 | 2 | 3 | 4 |\n| Total | 1 | 2 | 3 | 4 |\n",
        "            2023        2024\nRegion      Q1    Q2    Q1    Q2\nCanada       1     2     3     4\nTotal        1     2     3     4\n",
        ",2023,,2024,\nRegion,Q1,Q2,Q1,Q2\nCanada,1,2,3,4\nTotal,1,2,3,4\n",
    ];
    for table in tables {
        let rows = canada("regular_period = \"quarter\"", "", table);
        assert_eq!(
            told(&rows, &["period", "period_label", "value", "previous_period"]),
            [
                ["2023-Q1", "2023 Q1", "1", ""],
                ["2023-Q2", "2023 Q2", "2", ""],
                ["2024-Q1", "2024 Q1", "3", "2023-Q1"],
                ["2024-Q2", "2024 Q2", "4", "2023-Q2"],
            ],
            "{table}"
        );
    }
}

#[test]
fn a_part_of_a_year_may_stand_below_it() {
    let rows = canada("", "", "Region\t2022\t2023\n\t\t(Jan - Sep)\nCanada\t1\t2\nTotal\t1\t2\n");
    assert_eq!(
        told(&rows, &WHEN),
        [
            ["2022", "2022", "2022-12-31", "12", "false"],
            ["2023-01-01/P9M", "2023 (Jan - Sep)", "2023-09-30", "9", "true"],
        ]
    );
}

#[test]
fn quarters_are_read_in_chinese() {
    let table = "地區\t2024年第四季\t2025年第四季（臨時數字）\t２０２５年上半年\t2026年（截至2月底）\nCanada\t1\t2\t3\t4\nTotal\t1\t2\t3\t4\n";
    let rows = canada("", "", table);
    assert_eq!(
        told(&rows, &["period", "period_label", "previous_period"]),
        [
            ["2024-Q4", "2024年第四季", ""],
            ["2025-Q4", "2025年第四季（臨時數字）", "2024-Q4"],
            ["2025-S1", "２０２５年上半年", ""],
            ["2026-01-01/P2M", "2026年（截至2月底）", ""],
        ]
    );
}

#[test]
fn hostile_headings_are_refused() {
    for heading in [
        "2023 ".repeat(200_000),
        "😀".into(),
        "2023\u{1b}[31m".into(),
        "(".repeat(100_000),
        "年".repeat(100_000),
    ] {
        let (_, ended) =
            run("", "", &format!("Region\t2022\t2024\t{heading}\nCanada\t1\t2\t3\nTotal\t1\t2\t3\n"));
        assert_eq!(ended.code, 1);
        assert!(
            ended.err.contains("is no period") && !ended.err.contains('\u{1b}'),
            "{}",
            &ended.err[..200.min(ended.err.len())]
        );
    }
}

#[test]
fn a_definition_s_words_of_time_are_checked() {
    let cases = [
        ("financial_year = \"Aprl\"", "did you mean `April`?", "d.toml:5:18"),
        ("financial_year_named_by = \"ende\"", "did you mean `end`?", "d.toml:5:27"),
        ("date_order = \"day-frist\"", "did you mean `day-first`?", "d.toml:5:14"),
        ("[periods]\n\"Latest\" = \"Q1 2024\"", "write `2024-Q1`", "d.toml:6:12"),
        ("[periods]\n\"Latest\" = \"2024-13\"", "write it as published data do", "d.toml:6:12"),
    ];
    for (keys, help, place) in cases {
        let (_, ended) = run(keys, "", "");
        assert_eq!(ended.code, 78, "{}", ended.err);
        says(&ended.err, &[help, place]);
    }
}

#[test]
fn real_headers_in_several_rows_are_read() {
    let Some(path) = real("text/claims-by-sex-grid.txt") else { return };
    let case = Case::new().file("claims.txt", std::fs::read(path).unwrap());
    let shown = case.run(&["inspect", "--cells", "claims.txt"]).out;
    says(
        &shown,
        &["2014 → 2014", "2017 → 2017", "2023 (Jan - Sep) → 2023-01-01/P9M", "445 → 445  in 2023-01-01/P9M"],
    );
}

#[test]
fn a_mark_beside_a_period_is_the_status_of_its_figures() {
    let table = "Region\t2023\t2024 r\t2025 (p)\t2026 (e)\nCanada\t1\t2\t3\t1\nTotal\t1\t2\t3\t1\n";
    let rows = canada("", "", table);
    let expected = [["2023", "A"], ["2024", "A"], ["2025", "P"], ["2026", "E"]];
    assert_eq!(told(&rows, &["period", "status"]), expected);
}

#[test]
fn years_of_another_calendar_are_read_by_the_one_that_the_definition_names() {
    let table = "地區\t99年\t民國100年\t2012年\n日本\t1\t2\t3\n美國\t4\t5\t6\n總計\t5\t7\t9\n";
    let (_, ended) = run("", "", table);
    assert_eq!(ended.code, 1);
    let help = "help: say in the definition by which calendar years count: `calendar = \"minguo\"`";
    says(&ended.err, &["the heading `99年` is the year 2010 by the calendar `minguo`", "d.txt:3:4", help]);
    let (case, ended) = run("calendar = \"minguo\"", "", table);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let rows: Vec<Row> = case.rows("observations").into_iter().filter(|row| row["region"] == "JPN").collect();
    let expected =
        [["2010", "99年", "1"], ["2011", "民國100年", "2"], ["2012", "2012年", "3"]].map(Vec::from);
    assert_eq!(told(&rows, &["period", "period_label", "value"]), expected);
    let (_, ended) = run("calendar = \"julian\"", "", table);
    assert_eq!(ended.code, 78);
    says(&ended.err, &["d.toml:5", "minguo"]);
}

#[test]
fn parts_of_years_of_another_calendar_head_columns_and_rows() {
    let rows = canada(
        "calendar = \"minguo\"\nregular_period = \"quarter\"",
        "",
        "地區\t112年第1季\t112年第2季\t113年上半年\t113年\n加拿大\t1\t2\t3\t4\n總計\t1\t2\t3\t4\n",
    );
    let periods: Vec<&str> = rows.iter().map(|row| row["period"].as_str()).collect();
    assert_eq!(periods, ["2023-Q1", "2023-Q2", "2024", "2024-S1"]);
    let rows = canada("calendar = \"thai\"", "", "Region\tพ.ศ. 2565\tพ.ศ. 2566\nCanada\t1\t2\nTotal\t1\t2\n");
    let periods: Vec<&str> = rows.iter().map(|row| row["period"].as_str()).collect();
    assert_eq!(periods, ["2022", "2023"]);
    let rows =
        canada("calendar = \"minguo\"", "", "年\t加拿大\t日本\t總計\n111年\t1\t2\t3\n112年\t4\t5\t9\n");
    let periods: Vec<&str> = rows.iter().map(|row| row["period"].as_str()).collect();
    assert_eq!(periods, ["2022", "2023"]);
}

#[test]
fn a_workbook_of_minguo_years_is_read() {
    let Some(path) = real("workbooks/layouts/minguo-years.xlsx") else { return };
    let definition = definition("calendar = \"minguo\"", "").replace("\"Title\"", "\"Stock\"");
    let case = Case::new().file("d.toml", definition);
    let ended = case.run(&["run", path.to_str().unwrap(), "--dataset", "d.toml"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    // Read off the workbook by openpyxl; 99 + 1911 = 2010.
    let expected = [("JPN", ["1", "2", "3"]), ("USA", ["4", "5", "6"]), ("_T", ["5", "7", "9"])];
    for (region, values) in expected {
        let rows = case.rows("observations").into_iter().filter(|row| row["region"] == region);
        let found: Vec<[String; 2]> = rows.map(|row| [row["period"].clone(), row["value"].clone()]).collect();
        let years = ["2010", "2011", "2012"].map(str::to_owned);
        let expected: Vec<[String; 2]> =
            years.into_iter().zip(values).map(|(year, value)| [year, value.to_owned()]).collect();
        assert_eq!(found, expected, "{region}");
    }
}
