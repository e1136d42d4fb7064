//! Workbooks of three offices, read by definitions alone: every total and sub-total is reconciled, and figures are those of the
//! cells that a person reads them in. The figures here were taken from the sheets with openpyxl and xlrd.

use std::collections::BTreeMap;

use crate::support::{Case, real, root, says};

type Row = BTreeMap<String, String>;

/// What a worked example publishes, and how the run ended; none where the workbook is not here.
struct Published {
    category: &'static str,
    observations: Vec<Row>,
    checks: Vec<Row>,
    said: String,
    warned: String,
}

fn published(workbook: &str, name: &str, category: &'static str) -> Option<Published> {
    let workbook = real(&format!("workbooks/{workbook}"))?;
    let definition = root().join(format!("tests/definitions/{name}.toml"));
    let case = Case::new();
    let ended = case.run(&["run", workbook.to_str().unwrap(), "--dataset", definition.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let (observations, checks) = (case.rows("observations"), case.rows("checks"));
    Some(Published { category, observations, checks, said: ended.out, warned: ended.err })
}

impl Published {
    fn figure(&self, [category, region, period]: [&str; 3]) -> &Row {
        let wanted =
            |row: &&Row| row[self.category] == category && row["region"] == region && row["period"] == period;
        self.observations
            .iter()
            .find(wanted)
            .unwrap_or_else(|| panic!("{category}/{region}/{period} is missing"))
    }

    /// Holds figures, each with its value, status and place, against what is published.
    fn has(&self, figures: &[([&str; 3], &str, &str, &str)]) {
        for (key, value, status, place) in figures {
            let row = self.figure(*key);
            let found = [&row["value"], &row["status"], &row["source_position"]];
            assert_eq!(found, [value, status, place], "{key:?}");
        }
    }

    /// How many checks of a kind there are for a region of a category, and how many of them failed.
    fn checks_of(&self, category: &str, check: &str, region: &str) -> (usize, usize) {
        let own = self
            .checks
            .iter()
            .filter(|row| row[self.category] == category && row["check"] == check && row["region"] == region);
        let passed: Vec<bool> = own.map(|row| row["passed"] == "true").collect();
        (passed.len(), passed.iter().filter(|passed| !**passed).count())
    }

    fn kind(&self, key: [&str; 3]) -> &str {
        &self.figure(key)["region_kind"]
    }

    fn share(&self, key: [&str; 3]) -> f64 {
        self.figure(key)["share"].parse().unwrap()
    }
}

#[test]
fn un_immigration_flows_have_columns_of_labels_and_rows_for_several_categories() {
    let Some(un) = published("undesa-immigration-flows-canada.xlsx", "un-immigration-canada", "population")
    else {
        return;
    };
    // 197 rows of 34 years; 28 and 1 rows of 33, whose totals are derived where nothing that makes them is missing.
    let printed = un.observations.iter().filter(|row| row["basis"] == "published").count();
    assert_eq!(printed, 197 * 34 + 29 * 33);
    assert_eq!(un.observations.len(), printed + 33 + 9);
    un.has(&[
        (["ALL", "AFG", "1980"], "16", "A", "Canada by Citizenship!J3"),
        (["ALL", "AFG", "2013"], "2004", "A", "Canada by Citizenship!AQ3"),
        (["ALL", "CHN", "1980"], "5123", "A", "Canada by Citizenship!J39"),
        (["ALL", "IND", "2010"], "34235", "A", "Canada by Citizenship!AN82"),
        (["ALL", "PHL", "2010"], "38617", "A", "Canada by Citizenship!AN139"),
        (["ALL", "GBR", "1980"], "22045", "A", "Canada by Citizenship!J186"),
        (["ALL", "HTI", "2010"], "4744", "A", "Canada by Citizenship!AN78"),
        (["ALL", "CIV", "1999"], "110", "A", "Canada by Citizenship!AC46"),
        (["ALL", "CAN", "2012"], "1", "A", "Canada by Citizenship!AP35"),
        (["ALL", "_U", "1980"], "44000", "W", "Canada by Citizenship!J198"),
        (["ALL", "_T", "1980"], "143137", "A", "Canada by Citizenship!J199"),
        (["ALL", "_T", "2013"], "259021", "A", "Canada by Citizenship!AQ199"),
        (["CITIZENS", "X021", "2012"], "1", "A", "Regions by Citizenship!AK22"),
        (["CITIZENS", "X021", "1980"], "", "O", "Regions by Citizenship!E22"),
        (["FOREIGNERS", "X014", "1980"], "1471", "A", "Regions by Citizenship!E23"),
        (["FOREIGNERS", "X002", "1980"], "3951", "A", "Regions by Citizenship!E28"),
        (["FOREIGNERS", "X142", "2012"], "152218", "A", "Regions by Citizenship!AK34"),
        (["FOREIGNERS", "X021", "2000"], "5433", "A", "Regions by Citizenship!Y44"),
        (["FOREIGNERS", "X057", "1980"], "1", "A", "Regions by Citizenship!E47"),
        (["FOREIGNERS", "X057", "1981"], "", "O", "Regions by Citizenship!F47"),
        (["FOREIGNERS", "X009", "1981"], "1839", "A", "Regions by Citizenship!F49"),
        (["FOREIGNERS", "X419", "1999"], "15088", "A", "Regions by Citizenship!X43"),
        (["FOREIGNERS", "_U", "2012"], "1681", "W", "Regions by Citizenship!AK50"),
        (["FOREIGNERS", "_T", "1980"], "143137", "A", ""),
        (["FOREIGNERS", "_T", "2000"], "227455", "A", ""),
    ]);
    assert_eq!(un.checks_of("ALL", "total", "_T"), (34, 0));
    // Citizens are missing in all but nine years.
    assert_eq!(un.checks_of("ALL", "categories", "_T"), (9, 0));
    for area in ["X002", "X142", "X150", "X419", "X009"] {
        assert_eq!(un.checks_of("FOREIGNERS", "subtotal", area), (33, 0), "{area}");
    }
    assert_eq!(un.checks.len(), 34 + 9 + 5 * 33);
    assert_eq!(un.kind(["FOREIGNERS", "X014", "1980"]), "group");
    assert_eq!(un.kind(["ALL", "AFG", "1980"]), "economy");
    assert_eq!(un.share(["FOREIGNERS", "X002", "1980"]), 3951.0 / 143_137.0);
    assert_eq!(un.share(["FOREIGNERS", "X014", "1980"]), 1471.0 / 143_137.0);
    assert_eq!(un.share(["ALL", "CHN", "1980"]), 5123.0 / 143_137.0);
    says(&un.warned, &["warning: nothing stands below the heading `2013`", "Regions by Citizenship!AL21"]);
}

#[test]
fn singstat_visitor_arrivals_have_markets_in_groups_and_tables_by_sex_age_and_stay() {
    let Some(sg) = published("singstat-visitor-arrivals.xlsx", "sg-visitor-arrivals", "breakdown") else {
        return;
    };
    // 62 rows of 499 months, and three tables of six months: 3, 10 and 15 rows.
    assert_eq!(sg.observations.len(), 62 * 499 + (3 + 10 + 15) * 6);
    sg.has(&[
        (["MARKET", "_T", "1978-01"], "167016", "A", "T1!B7"),
        (["MARKET", "_T", "2019-07"], "1801365", "A", "T1!SF7"),
        (["MARKET", "X035", "1978-01"], "64500", "A", "T1!B8"),
        (["MARKET", "BRN", "1978-01"], "", "O", "T1!B9"),
        (["MARKET", "XGREATERCHINA", "2019-07"], "498539", "A", "T1!SF17"),
        (["MARKET", "CHN", "1978-02"], "7", "A", "T1!C18"),
        (["MARKET", "CHN", "2019-07"], "389219", "A", "T1!SF18"),
        (["MARKET", "_O034", "1978-03"], "266", "W", "T1!D31"),
        (["MARKET", "USA", "2003-05"], "6422", "A", "T1!KT41"),
        (["MARKET", "IRL", "2019-06"], "2107", "A", "T1!SE52"),
        (["MARKET", "X009", "2005-01"], "72369", "A", "T1!LN59"),
        (["MARKET", "ZAF", "2018-12"], "6378", "A", "T1!RY66"),
        (["MARKET", "_O", "2019-07"], "0", "W", "T1!SF68"),
        (["SEX", "XMALES", "2019-02"], "738730", "A", "T2!B8"),
        (["SEX", "_T", "2019-03"], "1564642", "A", "T2!C7"),
        (["AGE", "_T", "2019-03"], "1564642", "A", "T2!C7"),
        (["AGE", "XY65", "2019-05"], "136961", "A", "T2!E17"),
        (["AGE", "_U", "2019-02"], "0", "W", "T2!B18"),
        (["STAY", "_T", "2019-02"], "1465807", "A", "T3!B7"),
        (["STAY", "XD15", "2019-02"], "48319", "A", "T3!B18"),
        (["STAY", "XD60", "2019-05"], "3688", "A", "T3!E21"),
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
        assert_eq!(sg.checks_of("MARKET", "subtotal", region), (months, failed), "{region}");
    }
    assert_eq!(sg.checks_of("MARKET", "total", "_T"), (31, 0));
    for category in ["SEX", "AGE", "STAY"] {
        assert_eq!(sg.checks_of(category, "total", "_T"), (6, 0), "{category}");
    }
    assert_eq!(sg.checks_of("STAY", "subtotal", "XD15"), (6, 0));
    assert_eq!(sg.checks.len(), 7 * 31 + 2 * 499 + 31 + 3 * 6 + 6);
    // Left out is the average stay.
    says(&sg.said, &["1262 of 1270 totals reconciled, 1 row left out"]);
    assert_eq!(sg.warned, "");
    assert_eq!(sg.kind(["MARKET", "X035", "1978-01"]), "group");
    assert_eq!(sg.kind(["MARKET", "CHN", "1978-02"]), "economy");
    assert_eq!(sg.share(["MARKET", "CHN", "2019-07"]), 389_219.0 / 1_801_365.0);
    assert_eq!(sg.share(["SEX", "XMALES", "2019-02"]), 738_730.0 / 1_499_046.0);
}

#[test]
fn ons_visits_have_years_printed_once_and_rounded_sums() {
    let Some(uk) = published("ons-overseas-travel.xls", "uk-overseas-travel", "direction") else { return };
    // Seven areas of 42 months, in and out.
    assert_eq!(uk.observations.len(), 7 * 42 * 2);
    uk.has(&[
        (["IN", "_T", "2012-01"], "2246", "A", "Table 1!C7"),
        (["IN", "X021", "2012-01"], "192", "A", "Table 1!G7"),
        (["IN", "X150", "2013-01"], "1589", "A", "Table 1!I19"),
        (["IN", "XEU", "2013-04"], "2063", "A", "Table 1!K22"),
        (["IN", "XOTHEREU", "2013-12"], "256", "A", "Table 1!M30"),
        (["IN", "XEU15", "2014-01"], "1320", "A", "Table 1!O31"),
        (["IN", "_T", "2015-06"], "3230", "E", "Table 1!C48"),
        (["IN", "_O", "2015-06"], "510", "E", "Table 1!Q48"),
        (["OUT", "_T", "2012-01"], "3260", "A", "Table 3!C7"),
        (["OUT", "X021", "2012-01"], "214", "A", "Table 3!G7"),
        (["OUT", "X150", "2013-01"], "2417", "A", "Table 3!I19"),
        (["OUT", "XEU", "2013-04"], "3344", "A", "Table 3!K22"),
        (["OUT", "XOTHEREU", "2013-12"], "233", "A", "Table 3!M30"),
        (["OUT", "XEU15", "2014-01"], "2026", "A", "Table 3!O31"),
        (["OUT", "_T", "2015-06"], "6600", "E", "Table 3!C48"),
        (["OUT", "_O", "2015-06"], "720", "E", "Table 3!Q48"),
    ]);
    for (direction, failed) in [("IN", 1), ("OUT", 0)] {
        assert_eq!(uk.checks_of(direction, "total", "_T"), (42, 0), "{direction}");
        assert_eq!(uk.checks_of(direction, "subtotal", "XEU"), (42, failed), "{direction}");
    }
    assert_eq!(uk.checks.len(), 4 * 42);
    assert!(uk.checks.iter().all(|check| check["tolerance"] == "10"));
    let failed: Vec<&Row> = uk.checks.iter().filter(|check| check["passed"] == "false").collect();
    let told = |row: &Row| [row["period"].clone(), row["difference"].clone(), row["source_position"].clone()];
    assert_eq!(failed.into_iter().map(told).collect::<Vec<_>>(), [["2013-04", "-73", "Table 1!K22"]]);
    // Left out are the rows of figures of three sheets, 50, 50 and 48, and six below each of the other two.
    says(&uk.said, &["167 of 168 totals reconciled within 10, 160 rows left out"]);
    assert_eq!(uk.warned, "");
    assert_eq!(uk.kind(["IN", "X150", "2013-01"]), "group");
    assert_eq!(uk.share(["IN", "X021", "2012-01"]), 192.0 / 2246.0);
    assert_eq!(uk.share(["IN", "XEU15", "2014-01"]), 1320.0 / 2359.0);
}
