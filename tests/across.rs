//! Tables with regions across and periods down are the same tables.

use crate::support::{Case, Ended, placeless, real, says};

const DEFINITION: &str = r#"
name = "helpers"
title = "Foreign domestic helpers by nationality"
publisher = "Immigration Department"
[measure]
name = "helpers"
unit = "persons"
stock = "end"
[[dimension]]
name = "class"
meaning = "kind of worker"
printed = "table"
codes = { FDH = "Foreign domestic helpers by nationality" }
[[dimension]]
name = "region"
meaning = "nationality"
codes = "regions"
[dimension.names]
XOWN = "The Far North"
"#;

fn run(document: &str, more: &str) -> (Case, Ended) {
    let case = Case::new().file("own.toml", format!("{DEFINITION}{more}")).file("doc.txt", document);
    let ended = case.run(&["run", "doc.txt", "--dataset", "own.toml"]);
    (case, ended)
}

/// Rows of cells, parted by tabs.
fn tabbed(rows: &[Vec<&str>]) -> String {
    rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n")
}

fn document(table: &str) -> String {
    format!("Foreign domestic helpers by nationality\n\n{table}\n")
}

fn transposed<'c>(rows: &[Vec<&'c str>]) -> Vec<Vec<&'c str>> {
    (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at]).collect()).collect()
}

#[test]
fn helpers_by_nationality_come_back_whole() {
    let table = "As at end of\tPhilippines\tIndonesia\tIndia\tThailand\tSri Lanka\tOthers\tTotal\n\
                 2019\t219 073\t170 828\t4 771\t2 218\t1 277\t1 153\t399 320\n\
                 2020\t207 402\t157 802\t4 406\t2 024\t1 177\t1 073\t373 884\n\
                 2021\t191 783\t140 057\t3 836\t1 775\t1 019\t981\t339 451\n";
    // Where one blank takes the place of each tab, the same stands in the same places.
    for table in [table.to_owned(), table.replace('\t', " ")] {
        helpers_are_whole(&document(&table));
    }
    if let Some(path) = real("text/helpers-by-nationality-flattened.txt") {
        assert_eq!(std::fs::read_to_string(path).unwrap().trim(), document(&table.replace('\t', " ")).trim());
    }
}

fn helpers_are_whole(document: &str) {
    let (case, ended) = run(document, "");
    assert_eq!((ended.code, ended.err.contains("error")), (0, false), "{}", ended.err);
    let rows = case.rows("observations");
    let found: Vec<(&str, &str, &str)> = rows
        .iter()
        .map(|row| (row["region"].as_str(), row["period"].as_str(), row["value"].as_str()))
        .collect();
    let expected = [
        ("IDN", "2019-12-31", "170828"),
        ("IDN", "2020-12-31", "157802"),
        ("IDN", "2021-12-31", "140057"),
        ("IND", "2019-12-31", "4771"),
        ("IND", "2020-12-31", "4406"),
        ("IND", "2021-12-31", "3836"),
        ("LKA", "2019-12-31", "1277"),
        ("LKA", "2020-12-31", "1177"),
        ("LKA", "2021-12-31", "1019"),
        ("PHL", "2019-12-31", "219073"),
        ("PHL", "2020-12-31", "207402"),
        ("PHL", "2021-12-31", "191783"),
        ("THA", "2019-12-31", "2218"),
        ("THA", "2020-12-31", "2024"),
        ("THA", "2021-12-31", "1775"),
        ("_O", "2019-12-31", "1153"),
        ("_O", "2020-12-31", "1073"),
        ("_O", "2021-12-31", "981"),
        ("_T", "2019-12-31", "399320"),
        ("_T", "2020-12-31", "373884"),
        ("_T", "2021-12-31", "339451"),
    ];
    assert_eq!(found, expected);
    let thailand = &rows[12];
    assert_eq!(
        (
            thailand["region_label"].as_str(),
            thailand["period_label"].as_str(),
            thailand["source_position"].as_str()
        ),
        ("Thailand", "As at end of 2019", "4:28")
    );
    let checks = case.rows("checks");
    assert!(
        checks.len() == 3 && checks.iter().all(|check| check["passed"] == "true" && check["cells"] == "6")
    );
}

#[test]
fn a_table_gives_the_same_observations_whichever_way_it_runs() {
    let rows = [
        vec!["Nationality", "2019", "2020", "2021"],
        vec!["Canada", "1 234", "-", "17"],
        vec!["Japan (1)", "5", "6", "7"],
        vec!["The Far North", "10", "20", "30"],
        vec!["Others", "1", "1", "1"],
        vec!["Total", "1 250", "27", "55"],
    ];
    let label = "[dimension.labels]\n\"The Far North\" = \"XOWN\"\n";
    let ways = [rows.to_vec(), transposed(&rows)];
    let [down, across] = ways.map(|rows| {
        let (case, ended) = run(&(document(&tabbed(&rows)) + "\n(1) And its islands.\n"), label);
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert_eq!(case.rows("notes").len(), 1);
        placeless(case.rows("observations"))
    });
    assert_eq!(down.len(), 15);
    assert_eq!(down, across);
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    let cases: [(&str, &[&str]); 6] = [
        ("Year\tNowhere\tTotal\n2019\t1\t1\n2020\t2\t2", &["the region `Nowhere` is unknown", "doc.txt:3:6"]),
        ("Year\tCanada\tCanada\tTotal\n2019\t1\t1\t2", &["CAN appears twice in table FDH", "doc.txt:3:13"]),
        (
            "Year\tCanada\tTotal\n2019\t1\t1\n2019\t2\t2",
            &["the period 2019-12-31 stands in the header twice", "doc.txt:5:1"],
        ),
        ("Year\tCanada\tTotal\n2019\t1\t1\nBoth\t2\t2", &["the heading `Both` is no period", "doc.txt:5:1"]),
        ("Year\tCanada\tTotal\n2019\t1\t1\n2020\t2", &["the row has 1 cell too few", "doc.txt:5:6"]),
        (
            "Year\tCanada\tTotal\n2019\t1\t2\n2020\t2\t2",
            &["the total doesn't add up", "doc.txt:4:8", "printed 2"],
        ),
    ];
    for (table, words) in cases {
        let (_, ended) = run(&document(table), "");
        assert_eq!(ended.code, 1, "{table}");
        says(&ended.err, words);
    }
}

#[test]
fn inspect_shows_regions_in_the_header_and_periods_down() {
    let case = Case::new().file("doc.txt", document("Year\tCanada\tNowhere\n2019\t1\t2"));
    let shown = case.run(&["inspect", "--cells", "doc.txt"]).out;
    says(
        &shown,
        &[
            "3:6  label    Canada → CAN",
            "3:13  label    Nowhere → ?",
            "4:1  period   2019 → 2019",
            "4:8  figure   2 → 2  in 2019",
        ],
    );
}
