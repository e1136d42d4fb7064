//! Tables whose layout a definition says, through the whole program: what each place of a sheet names, what is held against
//! it, and where it does not fit. All expected figures were worked out by hand.

use rust_xlsxwriter::{Format, Workbook};

use crate::support::{Case, Ended, fill_sheet, says, workbook};

const HEAD: &str = "name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\ntotals = \"optional\"\n";
const PERSONS: &str = "[measure]\nname = \"persons\"\nunit = \"persons\"\n";
const REGION: &str = "[[dimension]]\nname = \"region\"\nmeaning = \"country\"\ncodes = \"regions\"\n";
const SEX: &str = "[[dimension]]\nname = \"sex\"\nmeaning = \"sex\"\n[dimension.codes]\n_T = \"Both sexes\"\nM = \"Males\"\nF = \"Females\"\n";
const AREA: &str = "[[dimension]]\nname = \"area\"\nmeaning = \"area\"\n[dimension.codes]\nN1 = { name = \"North\", labels = [\"Up\"] }\nS1 = \"South\"\nS2 = \"South\"\n";

fn define(parts: &[&str]) -> String {
    format!("{HEAD}{}", parts.concat())
}

fn run(definition: &str, document: impl AsRef<[u8]>) -> (Case, Ended) {
    let case = Case::new().file("own.toml", definition).file("a.xlsx", document);
    let arguments = ["run", "a.xlsx", "--dataset", "own.toml", "--release-date", "2026-01-01"];
    let ended = case.run(&arguments);
    (case, ended)
}

/// What is published, as `codes period value place`.
fn publish(definition: &str, document: impl AsRef<[u8]>, codes: &[&str]) -> Vec<String> {
    let (case, ended) = run(definition, document);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let printed = case.rows("observations").into_iter().filter(|row| !row["source_position"].is_empty());
    let line = |row: std::collections::BTreeMap<String, String>| {
        let words = codes.iter().copied().chain(["period", "value", "source_position"]);
        words.map(|column| row[column].clone()).collect::<Vec<_>>().join(" ")
    };
    printed.map(line).collect()
}

fn refuse(definition: &str, document: impl AsRef<[u8]>, words: &[&str]) {
    let (_, ended) = run(definition, document);
    assert_eq!(ended.code, 1, "{}", ended.out);
    says(&ended.err, words);
}

const MONTHS: &str = "Admissions\n\nCitizenship\t2015\t\t\t\t2015 Total\n\tQ1\t\t\t\t\n\tJan\tFeb\tMar\tQ1 Total\t\nCanada\t1\t2\t3\t6\t30\nJapan\t4\t5\t6\t15\t70\n";

/// The months with the cells merged as a spreadsheet shows them.
fn months(text: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = fill_sheet(&mut book, "T", text);
    let bold = Format::new();
    sheet.merge_range(2, 1, 2, 4, "2015", &bold).unwrap();
    sheet.merge_range(2, 5, 4, 5, "2015 Total", &bold).unwrap();
    sheet.merge_range(3, 1, 3, 4, "Q1", &bold).unwrap();
    book.save_to_buffer().unwrap()
}

fn by_month() -> String {
    let table =
        "[[table]]\nsheet = \"T\"\nheader = [\"period\", \"period\", \"period\"]\nstub = [\"region\"]\n";
    define(&[PERSONS, REGION, table])
}

#[test]
fn header_rows_name_a_period_together() {
    let found = publish(&by_month(), months(MONTHS), &["region"]);
    let expected = [
        "CAN 2015 30 T!F6",
        "CAN 2015-01 1 T!B6",
        "CAN 2015-02 2 T!C6",
        "CAN 2015-03 3 T!D6",
        "CAN 2015-Q1 6 T!E6",
        "JPN 2015 70 T!F7",
        "JPN 2015-01 4 T!B7",
        "JPN 2015-02 5 T!C7",
        "JPN 2015-03 6 T!D7",
        "JPN 2015-Q1 15 T!E7",
    ];
    let mut sorted = found;
    sorted.sort();
    assert_eq!(sorted, expected);
}

#[test]
fn a_month_outside_of_its_quarter_is_a_problem() {
    let text = MONTHS.replace("Mar", "May");
    refuse(&by_month(), months(&text), &["`2015 Q1 May` is no period", "T!D6"]);
}

const BLOCKS: &str = "Index\tArea\tCode\tBoth sexes\t\tMales\t\n\t\t\t2019\t2020\t2019\t2020\n1\tNorth\tN1\t10\t11\t4\t5\n2\tSouth\tS1\t20\t21\t9\t8\n3\tSouth\tS2\t1\t2\t1\t1\n";

#[test]
fn blocks_side_by_side_and_codes_beside_labels() {
    let table = "[[table]]\nsheet = \"T*\"\nheader = [\"sex\", \"period\"]\nstub = { area = \"Area\", \"area:code\" = \"Code\", ignored = \"Index\" }\n";
    let definition = define(&[PERSONS, AREA, SEX, table]).replace("additive", "");
    let definition = definition.replace("unit = \"persons\"\n", "unit = \"persons\"\nadditive = false\n");
    let found = publish(&definition, workbook(&[("T 1", BLOCKS)]), &["area", "sex"]);
    let expected = [
        "N1 M 2019 4 T 1!F3",
        "N1 M 2020 5 T 1!G3",
        "N1 _T 2019 10 T 1!D3",
        "N1 _T 2020 11 T 1!E3",
        "S1 M 2019 9 T 1!F4",
        "S1 M 2020 8 T 1!G4",
        "S1 _T 2019 20 T 1!D4",
        "S1 _T 2020 21 T 1!E4",
        "S2 M 2019 1 T 1!F5",
        "S2 M 2020 1 T 1!G5",
        "S2 _T 2019 1 T 1!D5",
        "S2 _T 2020 2 T 1!E5",
    ];
    assert_eq!(found, expected);
    refuse(
        &definition,
        workbook(&[("T 1", &BLOCKS.replace("S2", "S3"))]),
        &["the area `S3` is unknown", "T 1!C5"],
    );
    let renamed = BLOCKS.replace("Males", "Persons").replace("Both sexes", "All");
    refuse(
        &definition,
        workbook(&[("T 1", &renamed)]),
        &["is not laid out as the definition says", "T 1!D1"],
    );
}

#[test]
fn headings_between_rows_are_periods_or_codes() {
    let text = "People in 2020\n\nArea\tPersons\nMales\nNorth\t4\nSouth\t9\nFemales\nNorth\t6\nSouth\t11\n";
    let table = "[[table]]\nsheet = \"T\"\nheader = [\"ignored\"]\nstub = [\"area\"]\nsections = \"sex\"\ntitle_names = \"period\"\n";
    let area = AREA.replace("S2 = \"South\"\n", "");
    let definition = define(&[PERSONS, &area, SEX, table]);
    let found = publish(&definition, workbook(&[("T", text)]), &["area", "sex"]);
    let expected = ["N1 F 2020 6 T!B8", "N1 M 2020 4 T!B5", "S1 F 2020 11 T!B9", "S1 M 2020 9 T!B6"];
    assert_eq!(found, expected);
    let odd = text.replace("Females", "Nobody");
    refuse(&definition, workbook(&[("T", &odd)]), &["the sex `Nobody` is unknown"]);
    let periods = text
        .replace("Males", "2019")
        .replace("Females", "July 2020 to June 2021")
        .replace("People in 2020", "People");
    let table = table.replace("sections = \"sex\"\ntitle_names = \"period\"\n", "sections = \"period\"\n");
    let definition = define(&[PERSONS, &area, &table]);
    let found = publish(&definition, workbook(&[("T", &periods)]), &["area"]);
    let expected =
        ["N1 2019 4 T!B5", "N1 2020-07-01/P12M 6 T!B8", "S1 2019 9 T!B6", "S1 2020-07-01/P12M 11 T!B9"];
    assert_eq!(found, expected);
}

#[test]
fn a_list_is_read_by_its_headings() {
    let text = "Note\tMonth\tSex\tCitizenship\tCount\n\tJan 2020\tMales\tCanada\t4\n\tJan 2020\tFemales\tCanada\t6\nx\tFeb 2020\tMales\tJapan\t7\n";
    let table = "[[table]]\nsheet = \"T\"\nlong = { period = \"Month\", region = \"Citizenship\", sex = \"Sex\", ignored = \"Note\", value = \"Count\" }\n";
    let definition = define(&[PERSONS, REGION, SEX, table])
        .replace("unit = \"persons\"\n", "unit = \"persons\"\nadditive = false\n");
    let found = publish(&definition, workbook(&[("T", text)]), &["region", "sex"]);
    assert_eq!(found, ["CAN F 2020-01 6 T!E3", "CAN M 2020-01 4 T!E2", "JPN M 2020-02 7 T!E4"]);
    refuse(
        &definition,
        workbook(&[("T", &text.replace("Month", "When"))]),
        &["is not laid out as the definition says"],
    );
}

const PAIRS: &str = "[[measure]]\ncode = \"N\"\nname = \"number\"\nunit = \"crimes\"\nadditive = false\nlabels = \"no.\"\n[[measure]]\ncode = \"RATE\"\nname = \"Rate\"\nunit = \"per 100,000\"\ndecimals = 1\nadditive = false\n";
const CRIMES: &str = "Area\tYear\tno.\tRate\nNorth\t2015\t200\t10.0\n\t2016\t210\t10.4\n\tPercent change\t5.0\t4.0\nUp\t2017\t220\t9.9\n";

#[test]
fn rows_that_follow_from_those_above_are_checked() {
    let table = "[[table]]\nsheet = \"T\"\nheader = [\"measure\"]\nstub = [\"area\", \"period\"]\n";
    let area = AREA.replace("S2 = \"South\"\n", "");
    let definition = define(&[PAIRS, &area, table]);
    let found = publish(&definition, workbook(&[("T", CRIMES)]), &["area", "measure"]);
    let expected = [
        "N1 N 2015 200.0 T!C2",
        "N1 N 2016 210.0 T!C3",
        "N1 N 2017 220.0 T!C5",
        "N1 RATE 2015 10.0 T!D2",
        "N1 RATE 2016 10.4 T!D3",
        "N1 RATE 2017 9.9 T!D5",
    ];
    assert_eq!(found, expected);
    // 210 of 200 is 5.0 % more, and 10.4 of 10.0, as rounded, between 3.0 and 5.1 %.
    refuse(
        &definition,
        workbook(&[("T", &CRIMES.replace("5.0\t4.0", "6.0\t4.0"))]),
        &["printed 6 %", "T!C4"],
    );
    refuse(
        &definition,
        workbook(&[("T", &CRIMES.replace("5.0\t4.0", "5.0\t6.0"))]),
        &["printed 6 %", "T!D4"],
    );
}

#[test]
fn ranges_part_a_sheet_and_nothing_beside_them_is_lost() {
    let text = "Area\t2019\t2020\t\t2019\t2020\nNorth\t1\t2\t\t3\t4\nSouth\t5\t6\t\t7\t8\n";
    let table = |sex: &str, range: &str| {
        format!(
            "[[table]]\nsheet = \"T\"\nrange = {range}\nfixed = {{ sex = \"{sex}\" }}\nheader = [\"period\"]\nstub = [\"area\"]\n"
        )
    };
    let area = AREA.replace("S2 = \"South\"\n", "");
    let (males, females) = (table("M", "\"A1:C\""), table("F", "[\"A1:A\", \"E1:F\"]"));
    let definition = define(&[PERSONS, &area, SEX, &males, &females]);
    let found = publish(&definition, workbook(&[("T", text)]), &["area", "sex"]);
    let expected = [
        "N1 F 2019 3 T!E2",
        "N1 F 2020 4 T!F2",
        "N1 M 2019 1 T!B2",
        "N1 M 2020 2 T!C2",
        "S1 F 2019 7 T!E3",
        "S1 F 2020 8 T!F3",
        "S1 M 2019 5 T!B3",
        "S1 M 2020 6 T!C3",
    ];
    assert_eq!(found, expected);
    let half = define(&[PERSONS, &area, SEX, &males]);
    refuse(
        &half,
        workbook(&[("T", text)]),
        &["numbers stand beside the ranges of the tables", "T!E2", "4 cells"],
    );
}

#[test]
fn flags_stand_beside_figures_and_empty_cells_are_missing_ones() {
    let text = "Area\t2019\t\t2020\t\nNorth\t1\te\t2\t\nSouth\t\t\t4\te\n";
    let table = "[[table]]\nsheet = \"T\"\nheader = [\"period\"]\nstub = [\"area\"]\n";
    let area = AREA.replace("S2 = \"South\"\n", "");
    let strict = define(&["[flags]\ne = \"E\"\n", PERSONS, &area, table]);
    refuse(&strict, workbook(&[("T", text)]), &["a figure is missing", "T!B3", "under `[symbols]`"]);
    let definition = define(&["[flags]\ne = \"E\"\n[symbols]\n\"\" = \"O\"\n", PERSONS, &area, table]);
    let found = publish(&definition, workbook(&[("T", text)]), &["area", "status"]);
    assert_eq!(found, ["N1 E 2019 1 T!B2", "N1 A 2020 2 T!D2", "S1 O 2019  T!B3", "S1 E 2020 4 T!D3"]);
}

#[test]
fn a_row_printed_twice_is_one_only_where_its_figures_are_the_same() {
    let text = "Area\t2019\nNorth\t1\nSouth\t2\nUp\t1\n";
    let table = "[[table]]\nsheet = \"T\"\nheader = [\"period\"]\nstub = [\"area\"]\n";
    let area = AREA.replace("S2 = \"South\"\n", "");
    let definition = define(&[PERSONS, &area, table]);
    let found = publish(&definition, workbook(&[("T", text)]), &["area"]);
    assert_eq!(found, ["N1 2019 1 T!B2", "S1 2019 2 T!B3"]);
    refuse(&definition, workbook(&[("T", &text.replace("Up\t1", "Up\t3"))]), &["N1 appears twice", "T!A4"]);
}

#[test]
fn nothing_names_the_period_until_the_definition_does() {
    let text = "Area\tPersons\nNorth\t1\nSouth\t2\n";
    let area = AREA.replace("S2 = \"South\"\n", "");
    let table = "[[table]]\nsheet = \"T\"\nheader = [\"ignored\"]\nstub = [\"area\"]\n";
    let open = define(&[PERSONS, &area, table]);
    // A row of words that is not read can be anywhere: the range says where the header is.
    let placed = open.replace("header =", "range = \"A1:B\"\nheader =");
    refuse(&placed, workbook(&[("T", text)]), &["nothing names the period", "fixed = { period"]);
    let fixed = placed.replace("header =", "fixed = { period = \"2017\" }\nheader =");
    let found = publish(&fixed, workbook(&[("T", text)]), &["area"]);
    assert_eq!(found, ["N1 2017 1 T!B2", "S1 2017 2 T!B3"]);
}

#[test]
fn words_that_say_a_layout_are_checked_where_they_stand() {
    let table = "[[table]]\nsheet = \"T\"\nrange = \"5A\"\nheader = [\"perod\"]\nsections = \"sox\"\ntitle_names = \"x\"\n";
    let definition = define(&[PERSONS, SEX, table]);
    let (_, ended) = run(&definition, workbook(&[("T", "a")]));
    assert_eq!(ended.code, 78);
    says(
        &ended.err,
        &[
            "`5A` is no range of cells",
            "did you mean `period`?",
            "known here: sex",
            "`x` is no dimension",
            "own.toml:",
        ],
    );
    let list = define(&[PERSONS, SEX, "[[table]]\nlong = { sex = \"Sex\" }\n"]);
    let (_, ended) = run(&list, workbook(&[("T", "a")]));
    says(&ended.err, &["does not say which column holds the figures", "value = \"Count\""]);
}

/// As a database exports it: what is not read stands between what is, and behind the figures.
const EXPORT: &str = "DATAFLOW\tgeo\tTIME_PERIOD\tOBS_VALUE\tOBS_FLAG\tDECIMALS\nD1\tCanada\t2020\t4\tp\t0\nD1\tCanada\t2021\t\t\t0\nD1\tJapan\t2020\t7\t\t0\n";

#[test]
fn columns_of_a_list_may_stand_behind_its_figures() {
    let list = "[[table]]\nsheet = \"T\"\nlong = { period = \"TIME_PERIOD\", region = \"geo\", value = \"OBS_VALUE\", flag = \"OBS_FLAG\", ignored = [\"DATAFLOW\", \"DECIMALS\"] }\n";
    let marks = "[symbols]\n\"\" = \"O\"\n[flags]\np = \"P\"\n";
    let definition = define(&[PERSONS, marks, REGION, list])
        .replace("unit = \"persons\"\n", "unit = \"persons\"\nadditive = false\n");
    let found = publish(&definition, workbook(&[("T", EXPORT)]), &["region", "status"]);
    assert_eq!(found, ["CAN P 2020 4 T!D2", "CAN O 2021  T!D3", "JPN A 2020 7 T!D4"]);
    // A column of numbers that the definition does not name could hold figures.
    let silent =
        definition.replace(", \"DATAFLOW\"", "").replace("[\"DATAFLOW\", \"DECIMALS\"]", "\"DATAFLOW\"");
    let (_, ended) = run(&silent, workbook(&[("T", EXPORT)]));
    assert_eq!(ended.code, 1, "{}", ended.out);
}

#[test]
fn numbers_below_a_word_for_parts_of_a_year_name_them() {
    let table = "[[table]]\nsheet = \"T\"\nheader = [\"region\"]\nstub = [\"period\", \"period\"]\n";
    let definition = define(&[PERSONS, REGION, table]);
    let text = "Year\tMonth\tCanada\tJapan\n2020\t11\t1\t2\n\t12\t3\t4\n2021\t1\t5\t6\n";
    let found = publish(&definition, workbook(&[("T", text)]), &["region"]);
    let expected = [
        "CAN 2020-11 1 T!C2",
        "CAN 2020-12 3 T!C3",
        "CAN 2021-01 5 T!C4",
        "JPN 2020-11 2 T!D2",
        "JPN 2020-12 4 T!D3",
        "JPN 2021-01 6 T!D4",
    ];
    assert_eq!(found, expected);
    let quarters = text
        .replace("Month", "Trimestre")
        .replace("11", "III")
        .replace("12", "IV")
        .replace("\t1\t5", "\tI\t5");
    let found = publish(&definition, workbook(&[("T", &quarters)]), &["region"]);
    assert_eq!(found[..3], ["CAN 2020-Q3 1 T!C2", "CAN 2020-Q4 3 T!C3", "CAN 2021-Q1 5 T!C4"]);
    let one = table.replace("[\"period\", \"period\"]", "[\"period\"]");
    let text = "Month\tCanada\tJapan\n202012\t1\t2\n202101\t3\t4\n";
    let found = publish(&define(&[PERSONS, REGION, &one]), workbook(&[("T", text)]), &["region"]);
    assert_eq!(found[..2], ["CAN 2020-12 1 T!B2", "CAN 2021-01 3 T!B3"]);
    refuse(&definition, workbook(&[("T", &quarters.replace("\tIV\t", "\tV\t"))]), &["is no period"]);
}

#[test]
fn the_only_measure_may_stand_beside_the_period() {
    let table = "[[table]]\nsheet = \"T\"\nheader = [\"period\"]\nstub = [\"region\"]\n";
    let definition = define(&[PERSONS, REGION, table]);
    let text = "Country\tPersons 2020\tPersons 2021\nCanada\t1\t2\nJapan\t3\t4\n";
    let found = publish(&definition, workbook(&[("T", text)]), &["region"]);
    assert_eq!(found, ["CAN 2020 1 T!B2", "CAN 2021 2 T!C2", "JPN 2020 3 T!B3", "JPN 2021 4 T!C3"]);
    refuse(
        &definition,
        workbook(&[("T", &text.replace("Persons 2021", "Households 2021"))]),
        &["`Households 2021` does not fit"],
    );
}
