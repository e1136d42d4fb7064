//! Workbooks of three offices, read by definitions alone: every total and sub-total is reconciled, and figures are those of the
//! cells that a person reads them in. The figures here were taken from the sheets with openpyxl and xlrd.

use std::collections::BTreeMap;

use crate::support::{Case, real, root, says};

type Row = BTreeMap<String, String>;

/// What a worked example publishes, and how the run ended; none where the workbook is not here.
struct Published {
    observations: Vec<Row>,
    checks: Vec<Row>,
    said: String,
    warned: String,
}

fn publish(workbook: &str, name: &str) -> Option<Published> {
    let workbook = real(&format!("workbooks/{workbook}"))?;
    let definition = root().join(format!("tests/definitions/{name}.toml"));
    let case = Case::new();
    let ended = case.run(&["run", workbook.to_str().unwrap(), "--dataset", definition.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let (observations, checks) = (case.rows("observations"), case.rows("checks"));
    Some(Published { observations, checks, said: ended.out, warned: ended.err })
}

/// Whether a row has what a key says (`sex=F period=2019-02`), and is a total in all other dimensions.
fn is_named(row: &Row, key: &str) -> bool {
    let wanted: BTreeMap<&str, &str> = key.split(' ').map(|part| part.split_once('=').unwrap()).collect();
    let dimensions =
        ["visitors", "market", "sex", "age", "stay", "coverage", "direction", "region", "period"];
    dimensions.iter().all(|name| match row.get(*name) {
        None => !wanted.contains_key(name),
        Some(own) if *name == "period" => wanted.get(name).is_none_or(|wanted| own == wanted),
        Some(own) => own == wanted.get(name).unwrap_or(&"_T"),
    })
}

impl Published {
    fn figure(&self, key: &str) -> &Row {
        let mut found = self.observations.iter().filter(|row| is_named(row, key));
        let figure = found.next().unwrap_or_else(|| panic!("{key} is missing"));
        assert!(found.next().is_none(), "{key} is there twice");
        figure
    }

    /// Holds figures, each with its value, status and place, against what is published.
    fn has(&self, figures: &[(&str, &str, &str, &str)]) {
        for (key, value, status, place) in figures {
            let row = self.figure(key);
            let found = [&row["value"], &row["status"], &row["source_position"]];
            assert_eq!(found, [value, status, place], "{key:?}");
        }
    }

    /// How many checks of a kind there are for a key along a dimension, and how many of them failed.
    fn checks_of(&self, key: &str, check: &str, along: &str) -> (usize, usize) {
        let is_meant = |row: &&Row| row["check"] == check && row["along"] == along && is_named(row, key);
        let passed: Vec<bool> =
            self.checks.iter().filter(is_meant).map(|row| row["passed"] == "true").collect();
        (passed.len(), passed.iter().filter(|passed| !**passed).count())
    }

    /// The sum of all figures of a sheet.
    fn sum_of(&self, sheet: &str) -> i64 {
        let is_there = |row: &&Row| row["source_position"].starts_with(&format!("{sheet}!"));
        let figures = self.observations.iter().filter(is_there).map(|row| &row["value"]);
        figures.filter(|value| !value.is_empty()).map(|value| value.parse::<i64>().unwrap()).sum()
    }

    fn share(&self, key: &str) -> f64 {
        self.figure(key)["share"].parse().unwrap()
    }
}

#[test]
fn un_immigration_flows_have_columns_of_labels_and_rows_for_several_categories() {
    let Some(un) = publish("undesa-immigration-flows-canada.xlsx", "un-immigration-canada") else {
        return;
    };
    // 197 rows of 34 years; 28 and 1 rows of 33, whose totals are derived where nothing that makes them is missing.
    let printed = un.observations.iter().filter(|row| row["basis"] == "published").count();
    assert_eq!(printed, 197 * 34 + 29 * 33);
    assert_eq!(un.observations.len(), printed + 33 + 9);
    un.has(&[
        ("region=AFG period=1980", "16", "A", "Canada by Citizenship!J3"),
        ("region=AFG period=2013", "2004", "A", "Canada by Citizenship!AQ3"),
        ("region=CHN period=1980", "5123", "A", "Canada by Citizenship!J39"),
        ("region=IND period=2010", "34235", "A", "Canada by Citizenship!AN82"),
        ("region=PHL period=2010", "38617", "A", "Canada by Citizenship!AN139"),
        ("region=GBR period=1980", "22045", "A", "Canada by Citizenship!J186"),
        ("region=HTI period=2010", "4744", "A", "Canada by Citizenship!AN78"),
        ("region=CIV period=1999", "110", "A", "Canada by Citizenship!AC46"),
        ("region=CAN period=2012", "1", "A", "Canada by Citizenship!AP35"),
        ("region=_U period=1980", "44000", "W", "Canada by Citizenship!J198"),
        ("period=1980", "143137", "A", "Canada by Citizenship!J199"),
        ("period=2013", "259021", "A", "Canada by Citizenship!AQ199"),
        ("coverage=C region=X021 period=2012", "1", "A", "Regions by Citizenship!AK22"),
        ("coverage=C region=X021 period=1980", "", "O", "Regions by Citizenship!E22"),
        ("coverage=F region=X014 period=1980", "1471", "A", "Regions by Citizenship!E23"),
        ("coverage=F region=X002 period=1980", "3951", "A", "Regions by Citizenship!E28"),
        ("coverage=F region=X142 period=2012", "152218", "A", "Regions by Citizenship!AK34"),
        ("coverage=F region=X021 period=2000", "5433", "A", "Regions by Citizenship!Y44"),
        ("coverage=F region=X057 period=1980", "1", "A", "Regions by Citizenship!E47"),
        ("coverage=F region=X057 period=1981", "", "O", "Regions by Citizenship!F47"),
        ("coverage=F region=X009 period=1981", "1839", "A", "Regions by Citizenship!F49"),
        ("coverage=F region=X419 period=1999", "15088", "A", "Regions by Citizenship!X43"),
        ("coverage=F region=_U period=2012", "1681", "W", "Regions by Citizenship!AK50"),
        ("coverage=F period=1980", "143137", "A", ""),
        ("coverage=F period=2000", "227455", "A", ""),
    ]);
    assert_eq!(un.sum_of("Canada by Citizenship"), 13_848_424);
    assert_eq!(un.sum_of("Regions by Citizenship"), 12_584_168);
    assert_eq!(un.checks_of("coverage=_T", "total", "region"), (34, 0));
    // Citizens are missing in all but nine years.
    assert_eq!(un.checks_of("coverage=_T", "tables", "region"), (9, 0));
    for area in ["X002", "X142", "X150", "X419", "X009"] {
        let key = format!("coverage=F region={area}");
        assert_eq!(un.checks_of(&key, "subtotal", "region"), (33, 0), "{area}");
    }
    assert_eq!(un.checks.len(), 34 + 9 + 5 * 33);
    assert_eq!(un.figure("coverage=F region=X014 period=1980")["region_kind"], "group");
    assert_eq!(un.figure("region=AFG period=1980")["region_kind"], "economy");
    assert_eq!(un.share("coverage=F region=X002 period=1980"), 3951.0 / 143_137.0);
    assert_eq!(un.share("coverage=F region=X014 period=1980"), 1471.0 / 143_137.0);
    assert_eq!(un.share("region=CHN period=1980"), 5123.0 / 143_137.0);
    says(&un.warned, &["warning: nothing stands below the heading `2013`", "Regions by Citizenship!AL21"]);
}

#[test]
fn singstat_visitor_arrivals_have_markets_in_groups_and_tables_by_sex_age_and_stay() {
    let Some(sg) = publish("singstat-visitor-arrivals.xlsx", "sg-visitor-arrivals") else {
        return;
    };
    // 62 rows of 499 months; two sexes and nine ages of six months, whose total is that of the markets; and 15 lengths of
    // stay, whose total is another: of those who left after less than a year.
    assert_eq!(sg.observations.len(), 62 * 499 + (2 + 9) * 6 + 15 * 6);
    assert_eq!(sg.sum_of("T1"), 896_317_888);
    assert_eq!(sg.sum_of("T2"), 19_001_060);
    assert_eq!(sg.sum_of("T3"), 18_656_707);
    sg.has(&[
        ("visitors=ARRIVED period=1978-01", "167016", "A", "T1!B7"),
        ("visitors=ARRIVED period=2019-07", "1801365", "A", "T1!SF7"),
        ("visitors=ARRIVED market=X035 period=1978-01", "64500", "A", "T1!B8"),
        ("visitors=ARRIVED market=BRN period=1978-01", "", "O", "T1!B9"),
        ("visitors=ARRIVED market=XGREATERCHINA period=2019-07", "498539", "A", "T1!SF17"),
        ("visitors=ARRIVED market=CHN period=1978-02", "7", "A", "T1!C18"),
        ("visitors=ARRIVED market=CHN period=2019-07", "389219", "A", "T1!SF18"),
        ("visitors=ARRIVED market=_O034 period=1978-03", "266", "W", "T1!D31"),
        ("visitors=ARRIVED market=USA period=2003-05", "6422", "A", "T1!KT41"),
        ("visitors=ARRIVED market=IRL period=2019-06", "2107", "A", "T1!SE52"),
        ("visitors=ARRIVED market=X009 period=2005-01", "72369", "A", "T1!LN59"),
        ("visitors=ARRIVED market=ZAF period=2018-12", "6378", "A", "T1!RY66"),
        ("visitors=ARRIVED market=_O period=2019-07", "0", "W", "T1!SF68"),
        ("visitors=ARRIVED sex=M period=2019-02", "738730", "A", "T2!B8"),
        ("visitors=ARRIVED period=2019-03", "1564642", "A", "T1!SB7"),
        ("visitors=ARRIVED sex=F period=2019-07", "929375", "A", "T2!G9"),
        ("visitors=ARRIVED age=Y65 period=2019-05", "136961", "A", "T2!E17"),
        ("visitors=ARRIVED age=_U period=2019-02", "0", "W", "T2!B18"),
        ("visitors=LEFT period=2019-02", "1465807", "A", "T3!B7"),
        ("visitors=LEFT stay=D15 period=2019-02", "48319", "A", "T3!B18"),
        ("visitors=LEFT stay=D60 period=2019-05", "3688", "A", "T3!E21"),
    ]);
    // Most markets are told since 2017-01 only: 31 months; those of South Asia and Oceania always were.
    for (region, months, failed) in [
        ("X035", 31, 0),
        ("XGREATERCHINA", 31, 0),
        ("XNORTHASIA", 31, 0),
        ("X034", 499, 4),
        ("X145", 31, 0),
        ("X019", 31, 0),
        ("X150", 31, 0),
        ("X009", 499, 4),
        ("X002", 31, 0),
    ] {
        let key = format!("visitors=ARRIVED market={region}");
        assert_eq!(sg.checks_of(&key, "subtotal", "market"), (months, failed), "{region}");
    }
    assert_eq!(sg.checks_of("visitors=ARRIVED", "total", "market"), (31, 0));
    assert_eq!(sg.checks_of("visitors=ARRIVED", "total", "sex"), (6, 0));
    assert_eq!(sg.checks_of("visitors=ARRIVED", "total", "age"), (6, 0));
    assert_eq!(sg.checks_of("visitors=LEFT", "total", "stay"), (6, 0));
    assert_eq!(sg.checks_of("visitors=LEFT stay=D15", "subtotal", "stay"), (6, 0));
    assert_eq!(sg.checks.len(), 7 * 31 + 2 * 499 + 31 + 3 * 6 + 6);
    // Left out is the average stay.
    says(&sg.said, &["1262 of 1270 totals reconciled, 1 row left out"]);
    assert_eq!(sg.warned, "");
    assert_eq!(sg.figure("visitors=ARRIVED market=X035 period=1978-01")["market_kind"], "group");
    assert_eq!(sg.figure("visitors=ARRIVED market=CHN period=1978-02")["market_kind"], "economy");
    assert_eq!(sg.share("visitors=ARRIVED market=CHN period=2019-07"), 389_219.0 / 1_801_365.0);
    // Shares are of all markets: what is not told by market is all of it.
    assert_eq!(sg.share("visitors=ARRIVED sex=M period=2019-02"), 1.0);
    assert!(sg.observations.iter().all(|row| !row["sex"].starts_with('X') && !row["stay"].starts_with('X')));
}

#[test]
fn ons_visits_have_years_printed_once_and_rounded_sums() {
    let Some(uk) = publish("ons-overseas-travel.xls", "uk-overseas-travel") else {
        return;
    };
    // Seven areas of 42 months, in and out.
    assert_eq!(uk.observations.len(), 7 * 42 * 2);
    assert_eq!(uk.sum_of("Table 1"), 383_880);
    assert_eq!(uk.sum_of("Table 3"), 704_650);
    uk.has(&[
        ("direction=IN period=2012-01", "2246", "A", "Table 1!C7"),
        ("direction=IN region=X021 period=2012-01", "192", "A", "Table 1!G7"),
        ("direction=IN region=X150 period=2013-01", "1589", "A", "Table 1!I19"),
        ("direction=IN region=XEU period=2013-04", "2063", "A", "Table 1!K22"),
        ("direction=IN region=XOTHEREU period=2013-12", "256", "A", "Table 1!M30"),
        ("direction=IN region=XEU15 period=2014-01", "1320", "A", "Table 1!O31"),
        ("direction=IN period=2015-06", "3230", "E", "Table 1!C48"),
        ("direction=IN region=_O period=2015-06", "510", "E", "Table 1!Q48"),
        ("direction=OUT period=2012-01", "3260", "A", "Table 3!C7"),
        ("direction=OUT region=X021 period=2012-01", "214", "A", "Table 3!G7"),
        ("direction=OUT region=X150 period=2013-01", "2417", "A", "Table 3!I19"),
        ("direction=OUT region=XEU period=2013-04", "3344", "A", "Table 3!K22"),
        ("direction=OUT region=XOTHEREU period=2013-12", "233", "A", "Table 3!M30"),
        ("direction=OUT region=XEU15 period=2014-01", "2026", "A", "Table 3!O31"),
        ("direction=OUT period=2015-06", "6600", "E", "Table 3!C48"),
        ("direction=OUT region=_O period=2015-06", "720", "E", "Table 3!Q48"),
    ]);
    for (direction, failed) in [("IN", 1), ("OUT", 0)] {
        assert_eq!(
            uk.checks_of(&format!("direction={direction}"), "total", "region"),
            (42, 0),
            "{direction}"
        );
        assert_eq!(
            uk.checks_of(&format!("direction={direction} region=XEU"), "subtotal", "region"),
            (42, failed),
            "{direction}"
        );
    }
    assert_eq!(uk.checks.len(), 4 * 42);
    assert!(uk.checks.iter().all(|check| check["tolerance"] == "10"));
    let failed: Vec<&Row> = uk.checks.iter().filter(|check| check["passed"] == "false").collect();
    let told = |row: &Row| [row["period"].clone(), row["difference"].clone(), row["source_position"].clone()];
    assert_eq!(failed.into_iter().map(told).collect::<Vec<_>>(), [["2013-04", "-73", "Table 1!K22"]]);
    // Left out are the rows of figures of three sheets, 50, 50 and 48, and six below each of the other two.
    says(&uk.said, &["167 of 168 totals reconciled within 10, 160 rows left out"]);
    assert_eq!(uk.warned, "");
    assert_eq!(uk.figure("direction=IN region=X150 period=2013-01")["region_kind"], "group");
    assert_eq!(uk.share("direction=IN region=X021 period=2012-01"), 192.0 / 2246.0);
    assert_eq!(uk.share("direction=IN region=XEU15 period=2014-01"), 1320.0 / 2359.0);
}

/// The rows of the table in `tests/definitions/README.md`: definition, workbook and figures.
fn listed() -> Vec<(String, String, String)> {
    let text = std::fs::read_to_string(root().join("tests/definitions/README.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && line.contains(".xls"));
    let cells = rows.map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
    cells
        .map(|cells| (cells[1].trim_end_matches(" *").to_owned(), cells[2].clone(), cells[3].clone()))
        .collect()
}

#[test]
fn each_definition_publishes_its_workbook() {
    let listed = listed();
    let files = std::fs::read_dir(root().join("tests/definitions")).unwrap();
    let files =
        files.filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "toml"));
    assert_eq!(files.count(), listed.len(), "each definition has a row in the table");
    for (definition, workbook, figures) in listed.iter().filter(|(.., figures)| !figures.is_empty()) {
        let Some(found) = publish(workbook, definition) else { return };
        says(&found.said, &[&format!("{figures} printed figures")]);
    }
}
