//! Dimensions and measures through the whole program: tables by sex, age, industry and country, in header levels, label
//! columns and sheets. All expected figures were worked out by hand.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, Workbook};

use crate::support::{Case, Ended, fill_sheet, real, says, workbook};

type Row = BTreeMap<String, String>;

const ARRIVALS: &str = "[measure]\nname = \"arrivals\"\nunit = \"persons\"\n";
const REGION: &str = "[[dimension]]\nname = \"region\"\nmeaning = \"country\"\ncodes = \"regions\"\n";
const SEX: &str = "[[dimension]]\nname = \"sex\"\nmeaning = \"sex\"\n[dimension.codes]\n\
    M = { name = \"Men\", labels = [\"Males\"] }\nF = { name = \"Women\", labels = [\"Females\"] }\n\
    _T = { name = \"Total\", labels = [\"Both sexes\"] }\n";
const AGE: &str = "[[dimension]]\nname = \"age\"\nmeaning = \"age group\"\n[dimension.codes]\n\
    _T = \"All ages\"\nY0T14 = \"Under 15\"\nY15 = \"15 and over\"\n";
const INDUSTRY: &str = "[[dimension]]\nname = \"industry\"\nmeaning = \"industry\"\n[dimension.codes]\n\
    A = \"Farming\"\nC = \"Manufacturing\"\nC10 = { name = \"Food\", parent = \"C\" }\n\
    C24 = { name = \"Metals\", parent = \"C\" }\nS = \"Services\"\n_T = \"All industries\"\n";

/// A definition of parts, behind keys for all of it.
fn define(keys: &str, parts: &[&str]) -> String {
    format!("name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\n{keys}\n{}", parts.join("\n"))
}

fn run(definition: &str, name: &str, document: impl AsRef<[u8]>) -> (Case, Ended) {
    let case = Case::new().file("own.toml", definition).file(name, document);
    let ended = case.run(&["run", name, "--dataset", "own.toml"]);
    (case, ended)
}

/// Runs a definition on a document in which nothing is wrong.
fn publish(definition: &str, name: &str, document: impl AsRef<[u8]>) -> Case {
    let (case, ended) = run(definition, name, document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    case
}

/// Runs a definition on a text in which something is.
fn refuse(definition: &str, document: &str, words: &[&str]) -> String {
    let (_, ended) = run(definition, "a.txt", document);
    assert_eq!(ended.code, 1, "{}", ended.out);
    says(&ended.err, words);
    ended.err
}

/// The columns of rows, each row a line.
fn lines(rows: &[Row], columns: &[&str]) -> Vec<String> {
    let line = |row: &Row| columns.iter().map(|column| row[*column].as_str()).collect::<Vec<_>>().join(" ");
    rows.iter().map(line).collect()
}

const POPULATION: &str = "Population by sex and age, 2021

\tBoth sexes\t\t\tMales\t\t\tFemales\t\t
Country\tAll ages\tUnder 15\t15 and over\tAll ages\tUnder 15\t15 and over\tAll ages\tUnder 15\t15 and over
Canada\t3304\t606\t2698\t1601\t313\t1288\t1703\t293\t1410
Japan\t12511\t1607\t10904\t6007\t824\t5183\t6504\t783\t5721
Total\t15815\t2213\t13602\t7608\t1137\t6471\t8207\t1076\t7131
";

fn population() -> String {
    let measure = "[measure]\nname = \"population\"\nunit = \"persons\"\n";
    let table = "[[table]]\nname = \"POP\"\ntitle = \"Population by sex and age, 2021\"\n\
        fixed = { period = \"2021\" }\nheader = [\"sex\", \"age\"]\nstub = [\"region\"]\n";
    define("", &[measure, REGION, SEX, AGE, table])
}

/// What is published of it: the codes, the period, the figure, and the place in the text.
const POPULATED: [&str; 27] = [
    "CAN F Y0T14 2021 293 5:41",
    "CAN F Y15 2021 1410 5:45",
    "CAN F _T 2021 1703 5:36",
    "CAN M Y0T14 2021 313 5:27",
    "CAN M Y15 2021 1288 5:31",
    "CAN M _T 2021 1601 5:22",
    "CAN _T Y0T14 2021 606 5:13",
    "CAN _T Y15 2021 2698 5:17",
    "CAN _T _T 2021 3304 5:8",
    "JPN F Y0T14 2021 783 6:43",
    "JPN F Y15 2021 5721 6:47",
    "JPN F _T 2021 6504 6:38",
    "JPN M Y0T14 2021 824 6:29",
    "JPN M Y15 2021 5183 6:33",
    "JPN M _T 2021 6007 6:24",
    "JPN _T Y0T14 2021 1607 6:13",
    "JPN _T Y15 2021 10904 6:18",
    "JPN _T _T 2021 12511 6:7",
    "_T F Y0T14 2021 1076 7:44",
    "_T F Y15 2021 7131 7:49",
    "_T F _T 2021 8207 7:39",
    "_T M Y0T14 2021 1137 7:29",
    "_T M Y15 2021 6471 7:34",
    "_T M _T 2021 7608 7:24",
    "_T _T Y0T14 2021 2213 7:13",
    "_T _T Y15 2021 13602 7:18",
    "_T _T _T 2021 15815 7:7",
];

#[test]
fn sex_and_age_stand_in_two_header_levels_over_countries() {
    let case = publish(&population(), "a.txt", POPULATION);
    let observations = case.rows("observations");
    let key = ["region", "sex", "age", "period", "value"];
    assert_eq!(
        lines(&observations, &[&key[..], &["source_position"]].concat()),
        POPULATED.map(str::to_owned)
    );
    // The period is fixed for the table, and tells the release.
    assert_eq!(lines(&observations[..1], &["release_date", "period_label"]), ["2021-12-31 2021"]);
    assert_eq!(
        lines(&observations[..1], &["region_label", "sex_label", "age_label"]),
        ["Canada Females Under 15"]
    );
    assert_eq!(lines(&observations[..1], &["region_kind", "sex_kind", "age_kind"]), ["economy leaf leaf"]);
    // Sums along three dimensions: nine each.
    let checks = case.rows("checks");
    let columns = ["region", "sex", "age", "check", "along", "published", "computed", "cells", "passed"];
    let checked = lines(&checks, &columns);
    assert_eq!(checked.len(), 27);
    for expected in [
        "_T F Y0T14 total region 1076 1076 2 true",
        "CAN _T Y0T14 total sex 606 606 2 true",
        "_T _T Y15 total sex 13602 13602 2 true",
        "JPN F _T total age 6504 6504 2 true",
        "_T _T _T total age 15815 15815 2 true",
    ] {
        assert!(checked.iter().any(|line| line == expected), "{expected} is not in {checked:#?}");
    }
    // The same as a workbook, whose years and codes are no figures.
    let case = publish(&population(), "a.xlsx", workbook(&[("Data", POPULATION)]));
    let expected = POPULATED.map(|line| line.rsplit_once(' ').unwrap().0.to_owned());
    let observations = case.rows("observations");
    assert_eq!(lines(&observations, &key), expected);
    assert_eq!(lines(&observations[..1], &["source_position"]), ["Data!I5"]);
    assert_eq!(case.rows("checks").len(), 27);
}

#[test]
fn a_misprint_that_breaks_sums_along_several_dimensions_is_one_problem() {
    // A figure is in three sums: of its country's sexes, of its ages, of the countries.
    let misprinted = POPULATION.replace("\t824\t", "\t842\t");
    let told = refuse(
        &population(),
        &misprinted,
        &[
            "3 totals of POP don't add up",
            "printed 1137, but its 2 codes of `region` make 1 155 (18 too many)",
            "printed 1607, but its 2 codes of `sex` make 1 625 (18 too many)",
            "printed 6007, but its 2 codes of `age` make 6 025 (18 too many)",
            "line 6: 842 → 824  two digits swapped; 3 sums then add up",
            "key = \"JPN/M/Y0T14/2021\"",
            "expected = \"842\"\nvalue = 824",
            "1 problem;",
        ],
    );
    assert!(!told.contains("nearer"), "there is no other period to compare with:\n{told}");
    // With the block that is told, all holds.
    let block = told.split_once("[[correction]]").unwrap().1.split("\n\n").next().unwrap();
    let case = publish(&format!("{}\n[[correction]]{block}\n", population()), "a.txt", misprinted);
    let key = ["region", "sex", "age", "period", "value", "source_position"];
    assert_eq!(lines(&case.rows("observations"), &key), POPULATED.map(str::to_owned));
    // Where nothing is printed for all ages, a figure is in two sums.
    let columns = |line: &str| {
        let kept = line.split('\t').enumerate().filter(|(at, _)| ![1, 4, 7].contains(at));
        kept.map(|(_, cell)| cell).collect::<Vec<_>>().join("\t")
    };
    let without: Vec<String> = POPULATION.lines().skip(4).map(columns).collect();
    let head = "Population by sex and age, 2021\n\n\tBoth sexes\t\tMales\t\tFemales\t\n\
        Country\tUnder 15\t15 and over\tUnder 15\t15 and over\tUnder 15\t15 and over\n";
    let document = format!("{head}{}\n", without.join("\n"));
    let optional = population().replace("[measure]", "totals = \"optional\"\n[measure]");
    assert_eq!(publish(&optional, "a.txt", &document).rows("checks").len(), 6 + 6);
    refuse(
        &optional,
        &document.replace("\t824\t", "\t842\t"),
        &["2 totals of POP don't add up", "842 → 824", "2 sums then add up", "1 problem;"],
    );
}

const EMPLOYMENT: &str = "Employment by industry

Industry\t2019\t2020
Farming\t120\t110
Manufacturing\t300\t330
  Food\t100\t120
  Metals\t200\t210
Services\t580\t640
All industries\t1000\t1080
";

#[test]
fn industries_need_no_region() {
    let measure = "[measure]\nname = \"employment\"\nunit = \"thousand persons\"\n";
    let case = publish(&define("", &[measure, INDUSTRY]), "a.txt", EMPLOYMENT);
    assert!(!case.published().join("regions.csv").exists());
    let observations = std::fs::read_to_string(case.published().join("observations.csv")).unwrap();
    // Each ratio as its fraction: 110/1080, -10/120, 110/1080 - 120/1000, -10/1000 and so on.
    let expected = [
        "dataset,release_date,industry,industry_name,industry_label,industry_kind,period,period_label,period_start,period_end,period_months,is_partial,value,value_label,status,basis,share,monthly_average,previous_period,previous_release,comparison,change_absolute,change_relative,share_change,contribution,industry_rank,source,source_position".to_owned(),
        line("A,Farming,Farming,leaf", 2019, "120,120", [0.12, 10.0], None, "3", "4:9"),
        line("A,Farming,Farming,leaf", 2020, "110,110", [110.0 / 1080.0, 110.0 / 12.0], Some((-10, -10.0 / 120.0, 110.0 / 1080.0 - 0.12, -0.01)), "4", "4:13"),
        line("C,Manufacturing,Manufacturing,group", 2019, "300,300", [0.3, 25.0], None, "", "5:15"),
        line("C,Manufacturing,Manufacturing,group", 2020, "330,330", [330.0 / 1080.0, 27.5], Some((30, 0.1, 330.0 / 1080.0 - 0.3, 0.03)), "", "5:19"),
        line("C10,Food,Food,leaf", 2019, "100,100", [0.1, 100.0 / 12.0], None, "4", "6:8"),
        line("C10,Food,Food,leaf", 2020, "120,120", [120.0 / 1080.0, 10.0], Some((20, 0.2, 120.0 / 1080.0 - 0.1, 0.02)), "3", "6:12"),
        line("C24,Metals,Metals,leaf", 2019, "200,200", [0.2, 200.0 / 12.0], None, "2", "7:10"),
        line("C24,Metals,Metals,leaf", 2020, "210,210", [210.0 / 1080.0, 17.5], Some((10, 0.05, 210.0 / 1080.0 - 0.2, 0.01)), "2", "7:14"),
        line("S,Services,Services,leaf", 2019, "580,580", [0.58, 580.0 / 12.0], None, "1", "8:10"),
        line("S,Services,Services,leaf", 2020, "640,640", [640.0 / 1080.0, 640.0 / 12.0], Some((60, 60.0 / 580.0, 640.0 / 1080.0 - 0.58, 0.06)), "1", "8:14"),
        line("_T,All industries,All industries,total", 2019, "1000,1000", [1.0, 1000.0 / 12.0], None, "", "9:16"),
        line("_T,All industries,All industries,total", 2020, "1080,1080", [1.0, 90.0], Some((80, 0.08, 0.0, 0.08)), "", "9:21"),
    ];
    for (found, expected) in observations.lines().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(observations.lines().count(), expected.len());
    let checks = std::fs::read_to_string(case.published().join("checks.csv")).unwrap();
    assert_eq!(
        checks,
        "dataset,release_date,table,industry,check,along,period,published,computed,difference,tolerance,passed,cells,unit,source,source_position
own,2020-12-31,own,C,subtotal,industry,2019,300,300,0,0,true,2,thousand persons,a.txt,5:15
own,2020-12-31,own,C,subtotal,industry,2020,330,330,0,0,true,2,thousand persons,a.txt,5:19
own,2020-12-31,own,_T,total,industry,2019,1000,1000,0,0,true,3,thousand persons,a.txt,9:16
own,2020-12-31,own,_T,total,industry,2020,1080,1080,0,0,true,3,thousand persons,a.txt,9:21
"
    );
}

/// A published line: the industry, its figure, share and monthly average, what is compared with the year before, its rank
/// and place.
fn line(
    industry: &str,
    year: i32,
    figure: &str,
    [share, average]: [f64; 2],
    change: Option<(i64, f64, f64, f64)>,
    rank: &str,
    place: &str,
) -> String {
    let change = change.map_or(",,no_period,,,,".into(), |(absolute, relative, share, contribution)| {
        format!("{},2020-12-31,like,{absolute},{relative:?},{share:?},{contribution:?}", year - 1)
    });
    format!(
        "own,2020-12-31,{industry},{year},{year},{year}-01-01,{year}-12-31,12,false,{figure},A,published,\
         {share:?},{average:?},{change},{rank},a.txt,{place}"
    )
}

const TWO_MEASURES: &str = "[[measure]]\ncode = \"NUMBER\"\nname = \"employed persons\"\nunit = \"thousand persons\"\n\
    labels = [\"Number\"]\n[[measure]]\ncode = \"PERCENT\"\nname = \"share of employment\"\nunit = \"percent\"\n\
    labels = [\"%\"]\ndecimals = 1\nadditive = false\n";

const PAIRS: &str = "Employment by industry

\t2019\t\t2020\t
Industry\tNumber\t%\tNumber\t%
Farming\t120\t12.0\t110\t10.2
Manufacturing\t300\t30.0\t330\t30.6
Services\t580\t58.0\t640\t59.3
All industries\t1000\t100.0\t1080\t100.0
";

#[test]
fn two_measures_stand_under_each_year_and_only_numbers_add_up() {
    let definition = define("", &[TWO_MEASURES, INDUSTRY]);
    let columns = [
        "industry",
        "measure",
        "unit",
        "period",
        "value",
        "share",
        "monthly_average",
        "change_absolute",
        "contribution",
        "industry_rank",
    ];
    let expected = [
        "A NUMBER thousand persons 2019 120.0 0.12 10.0   2",
        "A NUMBER thousand persons 2020 110.0 0.10185185185185185 9.166666666666666 -10.0 -0.01 2",
        "A PERCENT percent 2019 12.0     2",
        "A PERCENT percent 2020 10.2   -1.8  2",
        "C NUMBER thousand persons 2019 300.0 0.3 25.0   ",
        "C NUMBER thousand persons 2020 330.0 0.3055555555555556 27.5 30.0 0.03 ",
        "C PERCENT percent 2019 30.0     ",
        "C PERCENT percent 2020 30.6   0.6  ",
        "S NUMBER thousand persons 2019 580.0 0.58 48.333333333333336   1",
        "S NUMBER thousand persons 2020 640.0 0.5925925925925926 53.333333333333336 60.0 0.06 1",
        "S PERCENT percent 2019 58.0     1",
        "S PERCENT percent 2020 59.3   1.3  1",
        "_T NUMBER thousand persons 2019 1000.0 1.0 83.33333333333333   ",
        "_T NUMBER thousand persons 2020 1080.0 1.0 90.0 80.0 0.08 ",
        "_T PERCENT percent 2019 100.0     ",
        "_T PERCENT percent 2020 100.0   0.0  ",
    ];
    let checked = ["_T total industry NUMBER 2019 1000.0 3", "_T total industry NUMBER 2020 1080.0 3"];
    for (name, document) in [("a.txt", PAIRS.as_bytes().to_vec()), ("a.xlsx", workbook(&[("Data", PAIRS)]))] {
        let case = publish(&definition, name, document);
        assert_eq!(lines(&case.rows("observations"), &columns), expected, "{name}");
        let columns = ["industry", "check", "along", "measure", "period", "computed", "cells"];
        assert_eq!(lines(&case.rows("checks"), &columns), checked, "{name}");
    }
    // A number with decimals is none of its measure.
    refuse(&definition, &PAIRS.replace("\t110\t", "\t110.4\t"), &["`110.4` is no figure"]);
    // A heading has to say which measure its figures are, unless the table does.
    let headless = "Employment\n\nIndustry\t2019\t2020\nFarming\t120\t110\nAll industries\t120\t110\n";
    refuse(&definition, headless, &["does not say which measure", "employed persons or share of employment"]);
    let table = "[[table]]\ntitle = \"Employment\"\nfixed = { measure = \"NUMBER\" }\n";
    let case = publish(&format!("{definition}{table}"), "a.txt", headless);
    assert_eq!(lines(&case.rows("observations"), &["measure", "value"])[..1], ["NUMBER 120.0"]);
    // A correction is for one of them.
    let correction = |key: &str| {
        format!(
            "{definition}[[correction]]\nkey = \"{key}\"\nexpected = \"100.0\"\nvalue = 99.9\nreason = \"r\"\n"
        )
    };
    let case = publish(&correction("_T/PERCENT/2020"), "a.txt", PAIRS);
    let observations = case.rows("observations");
    assert_eq!(lines(&observations[15..], &["measure", "period", "value"]), ["PERCENT 2020 99.9"]);
    let (_, ended) = run(&correction("_T/2020"), "a.txt", PAIRS);
    assert_eq!(ended.code, 78);
    says(&ended.err, &["the correction names no measure", "own.toml:", "NUMBER, PERCENT"]);
}

#[test]
fn a_rate_has_no_share_and_no_total_is_expected_or_derived() {
    let rate =
        "[measure]\nname = \"unemployment rate\"\nunit = \"percent\"\ndecimals = 1\nadditive = false\n";
    let definition = define("", &[rate, SEX]);
    let rows = "Unemployment rate\n\nSex\t2019\t2020\nMen\t5.0\t6.1\nWomen\t4.0\t5.3\n";
    let columns =
        ["sex", "period", "value", "share", "monthly_average", "change_absolute", "contribution", "sex_rank"];
    let leaves = ["F 2019 4.0     2", "F 2020 5.3   1.3  2", "M 2019 5.0     1", "M 2020 6.1   1.1  1"];
    let case = publish(&definition, "a.txt", rows);
    assert_eq!(lines(&case.rows("observations"), &columns), leaves);
    // A total that is printed is no sum.
    let case = publish(&definition, "a.txt", format!("{rows}Total\t4.6\t5.8\n"));
    let with_total = [&leaves[..], &["_T 2019 4.6     ", "_T 2020 5.8   1.2  "]].concat();
    assert_eq!(lines(&case.rows("observations"), &columns), with_total);
    assert!(case.rows("checks").is_empty());
}

const BY_SEX: &str = "Arrivals

Country\tSex\t2019\t2020
Canada\tMen\t41\t52
Canada\tWomen\t61\t73
Canada\tTotal\t102\t125
Japan\tMen\t163\t101
Japan\tWomen\t144\t182
Japan\tTotal\t307\t283
Total\tMen\t204\t153
Total\tWomen\t205\t255
Total\tTotal\t409\t408
";

const LISTED: [&str; 18] = [
    "CAN F 2019 61 5:14",
    "CAN F 2020 73 5:17",
    "CAN M 2019 41 4:12",
    "CAN M 2020 52 4:15",
    "CAN _T 2019 102 6:14",
    "CAN _T 2020 125 6:18",
    "JPN F 2019 144 8:13",
    "JPN F 2020 182 8:17",
    "JPN M 2019 163 7:11",
    "JPN M 2020 101 7:15",
    "JPN _T 2019 307 9:13",
    "JPN _T 2020 283 9:17",
    "_T F 2019 205 11:13",
    "_T F 2020 255 11:17",
    "_T M 2019 204 10:11",
    "_T M 2020 153 10:15",
    "_T _T 2019 409 12:13",
    "_T _T 2020 408 12:17",
];

#[test]
fn two_label_columns_name_two_dimensions() {
    let definition = define("stub = [\"region\", \"sex\"]", &[ARRIVALS, REGION, SEX]);
    let columns = ["region", "sex", "period", "value", "source_position"];
    let case = publish(&definition, "a.txt", BY_SEX);
    assert_eq!(lines(&case.rows("observations"), &columns), LISTED.map(str::to_owned));
    let checks = case.rows("checks");
    let along =
        |name: &str| checks.iter().filter(|row| row["along"] == name && row["passed"] == "true").count();
    assert_eq!((along("region"), along("sex"), checks.len()), (6, 6, 12));
    // By the headings, in whichever order; with a column between that is none of them.
    let by_heading = define(
        "stub = { sex = [\"Sex\"], region = [\"Country\"], ignored = [\"Code\"] }",
        &[ARRIVALS, REGION, SEX],
    );
    let numbered = BY_SEX.replace("\tSex", "\tCode\tSex");
    let numbered = ["Men", "Women", "Total"]
        .iter()
        .fold(numbered, |text, label| text.replace(&format!("\t{label}\t"), &format!("\t7\t{label}\t")));
    let case = publish(&by_heading, "a.txt", numbered);
    let expected = LISTED.map(|line| line.rsplit_once(' ').unwrap().0.to_owned());
    assert_eq!(lines(&case.rows("observations"), &columns[..4]), expected);
}

#[test]
fn a_label_printed_once_holds_for_the_rows_below() {
    let definition = define("stub = [\"region\", \"sex\"]", &[ARRIVALS, REGION, SEX]);
    let once = ["Canada", "Japan", "Total"].iter().fold(BY_SEX.to_owned(), |text, country| {
        ["Women", "Total"]
            .iter()
            .fold(text, |text, sex| text.replace(&format!("\n{country}\t{sex}\t"), &format!("\n\t{sex}\t")))
    });
    assert_eq!(once.matches("\n\t").count(), 6);
    let expected = LISTED.map(|line| line.rsplit_once(' ').unwrap().0.to_owned());
    for (name, document) in
        [("a.txt", once.clone().into_bytes()), ("a.xlsx", workbook(&[("Arrivals", &once)]))]
    {
        let case = publish(&definition, name, document);
        let observations = case.rows("observations");
        assert_eq!(lines(&observations, &["region", "sex", "period", "value"]), expected, "{name}");
        assert_eq!(lines(&observations[..1], &["region_label", "sex_label"]), ["Canada Women"], "{name}");
    }
}

#[test]
fn a_column_whose_labels_name_two_dimensions_is_the_total_of_the_other() {
    let definition = define("stub = [[\"sex\", \"age\"]]", &[ARRIVALS, SEX, AGE]);
    let document =
        "Arrivals\n\nVariables\t2019\nTotal\t409\nMen\t204\nWomen\t205\nUnder 15\t108\n15 and over\t301\n";
    let case = publish(&definition, "a.txt", document);
    let expected = ["F _T 205", "M _T 204", "_T Y0T14 108", "_T Y15 301", "_T _T 409"];
    assert_eq!(lines(&case.rows("observations"), &["sex", "age", "value"]), expected);
    let checks = ["_T _T sex 409 2", "_T _T age 409 2"];
    assert_eq!(lines(&case.rows("checks"), &["sex", "age", "along", "computed", "cells"]), checks);
    refuse(
        &definition,
        &document.replace("Under 15", "Under 16"),
        &["the sex `Under 16` is unknown", "a.txt:7:1"],
    );
}

/// The rows of one sex.
fn sheet_of(rows: [(&str, u32, u32); 3]) -> String {
    let lines = rows.map(|(label, one, other)| format!("{label}\t{one}\t{other}\n"));
    format!("Arrivals\n\nCountry\t2019\t2020\n{}", lines.concat())
}

#[test]
fn sheets_fix_a_dimension() {
    let tables = "[[table]]\nsheet = \"Males\"\nfixed = { sex = \"M\" }\n\
        [[table]]\nsheet = [\"Females\", \"Women\"]\nfixed = { sex = \"F\" }\n\
        [[table]]\nsheet = \"Both\"\nfixed = { sex = \"_T\" }\nsum_of = [\"M\", \"F\"]\n";
    let definition = define("", &[ARRIVALS, REGION, SEX, tables]);
    let males = sheet_of([("Canada", 41, 52), ("Japan", 163, 101), ("Total", 204, 153)]);
    let females = sheet_of([("Canada", 61, 73), ("Japan", 144, 182), ("Total", 205, 255)]);
    let both = sheet_of([("Canada", 102, 125), ("Japan", 307, 283), ("Total", 409, 408)]);
    let book = workbook(&[("Both", &both), ("Males", &males), ("Women", &females)]);
    let case = publish(&definition, "a.xlsx", book);
    let observations = case.rows("observations");
    let expected = LISTED.map(|line| line.rsplit_once(' ').unwrap().0.to_owned());
    assert_eq!(lines(&observations, &["region", "sex", "period", "value"]), expected);
    assert_eq!(lines(&observations[..1], &["sex_name", "sex_label", "source_position"]), ["Women  Women!B4"]);
    let columns = ["table", "region", "sex", "check", "period", "computed", "cells"];
    let checks = lines(&case.rows("checks"), &columns);
    assert_eq!(checks.len(), 6 + 6, "{checks:#?}");
    for expected in ["F _T F total 2020 255 2", "_T CAN _T tables 2020 125 2", "_T _T _T tables 2019 409 2"] {
        assert!(checks.iter().any(|line| line == expected), "{expected} is not in {checks:#?}");
    }
    // What does not add up over sheets is told where it is printed.
    let wrong = both.replace("Japan\t307", "Japan\t308").replace("Total\t409", "Total\t410");
    let book = workbook(&[("Both", &wrong), ("Males", &males), ("Women", &females)]);
    let (_, ended) = run(&definition, "a.xlsx", book);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["a.xlsx:Both!B5", "printed 308, but its 2 tables make 307 (1 too few)", "Both!B6"]);
}

#[test]
fn the_same_figure_of_two_tables_is_one_observation() {
    let tables = "[[table]]\nname = \"BY_REGION\"\ntitle = \"Arrivals by country\"\nstub = [\"region\"]\n\
        [[table]]\nname = \"BY_SEX\"\ntitle = \"Arrivals by sex\"\nstub = [\"sex\"]\n";
    let definition = define("", &[ARRIVALS, REGION, SEX, tables]);
    let document = "Arrivals by country\n\nCountry\t2020\nCanada\t125\nJapan\t283\nTotal\t408\n\n\
        Arrivals by sex\n\nSex\t2020\nMen\t153\nWomen\t255\nTotal\t408\n";
    let case = publish(&definition, "a.txt", document);
    let expected = ["CAN _T 125 4:8", "JPN _T 283 5:7", "_T F 255 12:7", "_T M 153 11:5", "_T _T 408 6:7"];
    assert_eq!(lines(&case.rows("observations"), &["region", "sex", "value", "source_position"]), expected);
    let checks = ["BY_REGION region 408 6:7", "BY_SEX sex 408 13:7"];
    assert_eq!(lines(&case.rows("checks"), &["table", "along", "published", "source_position"]), checks);
    let differs = document.replace("Women\t255\nTotal\t408", "Women\t257\nTotal\t410");
    refuse(
        &definition,
        &differs,
        &["two tables of the document differ on _T/_T/2020", "a.txt:6:7", "a.txt:13:7", "1 problem;"],
    );
    // As two things that are counted they are two figures.
    let counted = "[[dimension]]\nname = \"counted\"\nmeaning = \"what is counted\"\nprinted = \"table\"\n\
        [dimension.codes]\nIN = \"Arrivals by country\"\nOUT = \"Arrivals by sex\"\n";
    let tables = tables
        .replace("[\"region\"]\n", "[\"region\"]\nfixed = { counted = \"IN\" }\n")
        .replace("[\"sex\"]\n", "[\"sex\"]\nfixed = { counted = \"OUT\" }\n");
    let case = publish(&define("", &[ARRIVALS, counted, REGION, SEX, &tables]), "a.txt", differs);
    let rows = case.rows("observations");
    let totals: Vec<Row> =
        rows.into_iter().filter(|row| row["region"] == "_T" && row["sex"] == "_T").collect();
    assert_eq!(lines(&totals, &["counted", "value"]), ["IN 408", "OUT 410"]);
}

#[test]
fn explain_takes_keys_in_order_and_by_name() {
    let definition = define("stub = [\"region\", \"sex\"]", &[ARRIVALS, REGION, SEX]);
    let case = Case::new().file("own.toml", definition).file("a.txt", BY_SEX);
    let titles = |key: &str| -> Vec<String> {
        let ended = case.run(&["explain", key, "a.txt", "--dataset", "own.toml"]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{key}");
        let keys = ended.out.lines().filter(|line| line.contains("(release "));
        keys.map(|line| line.split_once(':').unwrap().0.to_owned()).collect()
    };
    assert_eq!(titles("CAN/F/2019"), ["CAN/F/2019"]);
    assert_eq!(titles("sex=F period=2019"), ["CAN/F/2019", "JPN/F/2019", "_T/F/2019"]);
    assert_eq!(titles("F/2019"), titles("sex=F period=2019"));
    assert_eq!(titles("region=JPN sex=_T"), ["JPN/_T/2019", "JPN/_T/2020"]);
    assert_eq!(titles("*/M/2020"), ["CAN/M/2020", "JPN/M/2020", "_T/M/2020"]);
    let ended = case.run(&["explain", "region=CAN sex=F period=2020", "a.txt", "--dataset", "own.toml"]);
    // 73/255, 73 - 61, 12/61, 12/205.
    says(
        &ended.out,
        &[
            "CAN/F/2020: Canada, Women, 2020 (release 2020-12-31)",
            "printed `73`, read as 73",
            &format!("{:?} = 73 / 255 (at 11:17)", 73.0 / 255.0),
            "12 = 73 - 61 (at 5:14) of 2019",
            &format!("{:?} = 12 / 61", 12.0 / 61.0),
            &format!("{:?} = 12 / 205 (at 11:13), the total of 2019", 12.0 / 205.0),
            "the total 255 (at 11:17) and the sum 255 of 2 figures along region differ by 0",
            "the total 125 (at 6:18) and the sum 125 of 2 figures along sex differ by 0",
        ],
    );
    let ended = case.run(&["explain", "sexx=F", "a.txt", "--dataset", "own.toml"]);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["`sexx` is no dimension; did you mean `sex`?"]);
}

#[test]
fn columns_codes_and_keys_follow_the_definition() {
    let definition = define("stub = [\"region\", [\"sex\", \"measure\"]]", &[TWO_MEASURES, REGION, SEX]);
    let case = Case::new().file("own.toml", definition);
    let ended = case.run(&["columns", "--dataset", "own.toml"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let section = ended.out.split("## observations").nth(1).unwrap().split("\n## ").next().unwrap();
    let names: Vec<&str> = section
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.split(' ').nth(1).unwrap())
        .collect();
    let dimensions = [
        "region",
        "region_name",
        "region_label",
        "region_kind",
        "sex",
        "sex_name",
        "sex_label",
        "sex_kind",
        "measure",
        "unit",
        "period",
    ];
    assert_eq!(names[4..15], dimensions);
    assert!(names.contains(&"region_rank") && !names.contains(&"sex_rank"));
    says(section, &["Key: release_date, region, sex, measure, period."]);
    says(&ended.out, &["Key: release_date, table, check, along, measure, period, region, sex."]);

    let measure = "[measure]\nname = \"employment\"\nunit = \"thousand persons\"\n";
    let case = publish(&define("", &[measure, INDUSTRY]), "a.txt", EMPLOYMENT);
    let codes = std::fs::read_to_string(case.published().join("codes.csv")).unwrap();
    let expected = "dimension,code,name,kind,parent\nindustry,A,Farming,leaf,\nindustry,C,Manufacturing,group,\n\
        industry,C10,Food,leaf,C\nindustry,C24,Metals,leaf,C\nindustry,S,Services,leaf,\n\
        industry,_T,All industries,total,\n";
    assert_eq!(codes, expected);
    let package = std::fs::read_to_string(case.published().join("datapackage.json")).unwrap();
    let package: serde_json::Value = serde_json::from_str(&package).unwrap();
    let keys: BTreeMap<&str, &serde_json::Value> = package["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| (resource["name"].as_str().unwrap(), &resource["schema"]["primaryKey"]))
        .collect();
    assert_eq!(*keys["observations-csv"], serde_json::json!(["release_date", "industry", "period"]));
    let key = serde_json::json!(["release_date", "table", "check", "along", "period", "industry"]);
    assert_eq!(*keys["checks-csv"], key);
    assert_eq!(*keys["codes-csv"], serde_json::json!(["dimension", "code"]));
    assert!(!keys.contains_key("regions-csv"));
}

#[test]
fn words_of_the_first_language_name_their_successors() {
    let dimensions = [ARRIVALS, REGION].concat();
    let old = [
        ("", "[category]\ncolumn = \"kind\"\nmeaning = \"kind\"\n", "printed = \"table\""),
        ("", "[regions.labels]\nOthers = \"_O\"\n", "codes = \"regions\""),
        ("marks = \"eurostat\"", "", "[flags]"),
        ("", "[marks]\np = \"P\"\n", "[symbols]"),
        ("nil_marks = [\"-\"]", "", "`\"-\" = \"nil\"`"),
        ("", "[labels]\nregion = [\"Country\"]\n", "stub = { region = [\"Country\"]"),
        ("", "[columns]\n\"vs last year\" = \"relative change\"\n", "[headings]"),
        ("", "[[table]]\ncode = \"T\"\n", "fixed = { … }"),
        ("", "[[table]]\ntitles = [\"T\"]\n", "title = [\"…\", \"…\"]"),
        ("", "[[table]]\nregion = \"CAN\"\n", "only = { region = \"…\" }"),
        (
            "",
            "[[correction]]\ncategory = \"T\"\nregion = \"CAN\"\nperiod = \"2024\"\nexpected = \"1\"\nvalue = 2\nreason = \"r\"\n",
            "key = \"TTPS/CAN/2024\"",
        ),
        (
            "",
            "[[discrepancy]]\ncategory = \"T\"\nregion = \"CAN\"\ndifferences = { 2024 = 1 }\nreason = \"r\"\n",
            "key = \"TTPS/CAN\"",
        ),
        ("", "[[table]]\nexcludes = [\"CHN\"]\n", "excludes = { region = [\"CHN\"] }"),
    ];
    for (keys, part, new) in old {
        let (_, ended) = run(&define(keys, &[&dimensions, part]), "a.txt", "");
        assert_eq!(ended.code, 78, "{keys}{part}");
        says(&ended.err, &["own.toml:", new]);
    }
}

#[test]
fn rows_that_overlap_and_rates_are_not_added_up() {
    let (Some(overlapping), Some(rates)) =
        (real("workbooks/layouts/overlapping-groups.xlsx"), real("workbooks/layouts/rates.xlsx"))
    else {
        return;
    };
    let table = "[[table]]\nsheet = \"T\"\n";
    let run = |measure: &str, workbook: &std::path::Path| {
        let case = Case::new().file("own.toml", define("totals = \"optional\"", &[measure, REGION, table]));
        let workbook = workbook.to_str().unwrap();
        let ended = case.run(&["run", workbook, "--dataset", "own.toml", "--release-date", "2026-01-01"]);
        (case, ended)
    };
    // The world is 100, and not the 300 of all rows, nor the 200 of the others: whether or not figures add up.
    for measure in [ARRIVALS.to_owned(), format!("{ARRIVALS}additive = true\n")] {
        let (_, ended) = run(&measure, &overlapping);
        assert_eq!(ended.code, 1);
        says(
            &ended.err,
            &["no total of T can be derived: its rows may overlap", "T!A4", "T!A5", "1 problem;"],
        );
    }
    let percent = "[measure]\nname = \"growth\"\nunit = \"percent\"\ndecimals = 1\n";
    let (_, ended) = run(percent, &rates);
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["no total of T can be derived: its figures may be rates", "T!B4", "`additive = false`"],
    );
    let (case, ended) = run(&format!("{percent}additive = false\n"), &rates);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = ["DEU 2023 5.1 ", "DEU 2024 5.0 ", "FRA 2023 3.4 ", "FRA 2024 3.6 "];
    assert_eq!(lines(&case.rows("observations"), &["region", "period", "value", "share"]), expected);
    assert!(case.rows("checks").is_empty());
}

#[test]
fn a_percentage_is_what_its_sign_says_and_not_the_fraction_that_is_stored() {
    let rate = "[measure]\nname = \"rate\"\nunit = \"percent\"\ndecimals = 1\nadditive = false\n";
    let definition = define("", &[rate, SEX]);
    let expected = ["F 50.0 50.0%", "M 5.1 5.1%"];
    let columns = ["sex", "value", "value_label"];
    let case = publish(&definition, "a.txt", "Rates\n\nSex\t2019\nMen\t5.1%\nWomen\t50.0%\n");
    assert_eq!(lines(&case.rows("observations"), &columns), expected);
    let mut book = Workbook::new();
    fill_sheet(&mut book, "Data", "Rates\n\nSex\t2019\nMen\t\nWomen\t\n");
    let sheet = book.worksheet_from_name("Data").unwrap();
    let percent = Format::new().set_num_format("0.0%");
    sheet.write_number_with_format(3, 1, 0.051, &percent).unwrap();
    sheet.write_number_with_format(4, 1, 0.5, &percent).unwrap();
    let document = book.save_to_buffer().unwrap();
    let case = publish(&definition, "a.xlsx", &document);
    assert_eq!(lines(&case.rows("observations"), &columns), expected);
    // In another unit it is the fraction.
    let fraction = definition.replace("\"percent\"", "\"fraction\"").replace("decimals = 1", "decimals = 3");
    let case = publish(&fraction, "a.xlsx", &document);
    assert_eq!(lines(&case.rows("observations"), &columns), ["F 0.5 50.0%", "M 0.051 5.1%"]);
}
