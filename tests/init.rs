//! `init`: what is drafted from a document reads it, and says what it could not tell.

use std::collections::BTreeMap;
use std::fs;

use crate::layouts::layouts;
use crate::support::{Case, annex, real, says};

/// What a table says, whatever it is called: the region, the period and the figure.
fn figures(
    rows: Vec<BTreeMap<String, String>>,
    is_meant: impl Fn(&BTreeMap<String, String>) -> bool,
) -> Vec<[String; 3]> {
    let rows = rows.into_iter().filter(is_meant);
    let mut figures: Vec<_> =
        rows.map(|row| [row["region"].clone(), row["period"].clone(), row["value"].clone()]).collect();
    figures.sort();
    figures
}

#[test]
fn a_draft_of_each_layout_of_the_annex_gives_its_figures() {
    let plain = Case::with(&annex());
    assert_eq!(plain.run(&["run"]).code, 0);
    // That a table without labels is of the Mainland no document says: a draft takes it for totals.
    let is_printed = |row: &BTreeMap<String, String>| row["scheme"] != "ASMTP" || row["region"] == "_T";
    let expected = figures(plain.rows("observations"), is_printed);
    assert_eq!(expected.len(), 224);
    for (name, bytes) in layouts() {
        let case = Case::new().file("input/annex.txt", bytes);
        let drafted = case.run(&["init", "input/annex.txt", "--output", "draft.toml"]);
        assert_eq!(drafted.code, 0, "{name}: {}", drafted.err);
        says(&drafted.err, &["finds no problem by this draft"]);
        let ended = case.run(&["run", "--dataset", "draft.toml"]);
        assert_eq!(ended.code, 0, "{name}: {}", ended.err);
        says(&ended.out, &["19 nil marks proven, 24 of 24 totals reconciled"]);
        assert_eq!(figures(case.rows("observations"), |_| true), expected, "{name}");
    }
}

#[test]
fn a_draft_has_the_meaning_of_the_built_in_definition() {
    let case = Case::with(&annex());
    let draft = case.run(&["init", "input", "--name", "annex"]).out;
    says(
        &draft,
        &[
            "name = \"annex\"\n",
            "\"-\" = \"nil\"",
            "GEP = \"General Employment Policy\"\n",
            "ASMTP = \"Admission Scheme for Mainland Talents and Professionals\"\n",
            "ASSG = \"Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents\"\n",
            "QMAS = \"Quality Migrant Admission Scheme\"\n",
            "codes = \"regions\"\n",
        ],
    );
}

#[test]
fn sums_tell_totals_and_groups() {
    let table = "Persons employed\n\nGrade\t2023\t2024\nAll grades\t10\t21\nSenior\t7\t12\nHead\t3\t5\nDeputy\t4\t7\nJunior\t3\t9\n";
    let case = Case::new().file("jobs.txt", table);
    let draft = case.run(&["init", "jobs.txt"]).out;
    says(
        &draft,
        &[
            "name = \"grade\"\n",
            "_T = \"All grades\"\n",
            "HEAD = { name = \"Head\", parent = \"SENIOR\" }\n",
            "JUNIOR = \"Junior\"\n",
        ],
    );
    fs::write(case.path("jobs.toml"), draft).unwrap();
    says(&case.run(&["check", "jobs.txt", "--dataset", "jobs.toml"]).out, &["4 of 4 totals reconciled"]);
}

#[test]
fn several_label_columns_are_several_dimensions() {
    let table = "Employed persons\n\nSex,Age,2023,2024\nTotal,All,30,33\nTotal,15 to 24,10,12\nTotal,25 and over,20,21\n\
                 Men,All,16,17\nMen,15 to 24,6,7\nMen,25 and over,10,10\nWomen,All,14,16\nWomen,15 to 24,4,5\nWomen,25 and over,10,11\n";
    let case = Case::new().file("jobs.csv", table);
    let drafted = case.run(&["init", "jobs.csv", "--output", "jobs.toml"]);
    says(&drafted.err, &["finds no problem"]);
    let draft = fs::read_to_string(case.path("jobs.toml")).unwrap();
    says(&draft, &["name = \"sex\"\n", "name = \"age\"\n", "stub = [\"sex\", \"age\"]\n"]);
    says(
        &case.run(&["check", "jobs.csv", "--dataset", "jobs.toml"]).out,
        &["18 printed figures, 12 of 12 totals reconciled"],
    );
}

#[test]
fn what_cannot_be_drafted_is_said() {
    let case = Case::new().file("prose.txt", "No figures here.\n").file("annex.txt", annex());
    let ended = case.run(&["init", "prose.txt"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    says(&ended.err, &["no table is found"]);
    assert_eq!(case.run(&["init", "missing.txt"]).code, 66);
    assert_eq!(case.run(&["init"]).code, 2);
    assert_eq!(case.run(&["init", "annex.txt", "--name", "No Name"]).code, 2);
    fs::write(case.path("mine.toml"), "mine").unwrap();
    let ended = case.run(&["init", "annex.txt", "--output", "mine.toml"]);
    assert_eq!(ended.code, 74);
    assert_eq!(fs::read_to_string(case.path("mine.toml")).unwrap(), "mine");
}

/// Real documents that a draft alone publishes: what is printed, and how many totals prove it.
#[test]
fn drafts_of_real_documents() {
    for (file, told) in [
        ("text/claims-by-sex-grid.txt", "30 printed figures, 10 of 10 totals reconciled"),
        ("text/visitors-fixed-width.txt", "18 printed figures, 2 of 2 totals reconciled"),
        ("text/work-visas-indented.txt", "16 printed figures, 4 of 4 totals reconciled"),
        (
            "workbooks/undesa-immigration-flows-canada.xlsx",
            "7655 printed figures, 34 of 34 totals reconciled",
        ),
    ] {
        let Some(path) = real(file) else { return };
        let path = path.display().to_string();
        let case = Case::new();
        assert_eq!(case.run(&["init", &path, "--output", "draft.toml"]).code, 0);
        let ended = case.run(&["check", &path, "--dataset", "draft.toml"]);
        assert_eq!(ended.code, 0, "{file}: {}", ended.err);
        says(&ended.out, &[told]);
    }
}

const EDITED: &str = "# ours\nname = \"own\"\ntitle   =   \"t\"\npublisher = \"p\"\n\n[measure]\nname = \"m\"\nunit = \"u\"\n\n\
    [[dimension]]\nname = \"class\" # of goods\nmeaning = \"k\"\n\n[dimension.codes]\nTEA = \"Tea\"   # not coffee\n_T = \"Total\"\n\n\
    [[dimension]]\nname = \"region\"\nmeaning = \"r\"\ncodes = \"regions\"\n\n\
    [[table]]\nstub = [\"region\", \"class\"]\n";

#[test]
fn an_update_adds_labels_and_touches_nothing_else() {
    let newer = "Country\tKind\t2023\t2024\nCanada\tTea\t1\t2\nCanada\tTotal\t4\t6\nCanada\tGreen tea\t3\t4\nAtlantis\tTea\t5\t6\n";
    let case = Case::new().file("own.toml", EDITED).file("a.txt", newer);
    let ended = case.run(&["init", "--update", "own.toml", "a.txt"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    says(
        &ended.err,
        &[
            "added to class: GREEN_TEA = \"Green tea\"",
            "added to region: XATLANTIS",
            "2 labels added to own.toml",
        ],
    );
    let text = std::fs::read_to_string(case.path("own.toml")).unwrap();
    let added = "_T = \"Total\"\nGREEN_TEA = \"Green tea\"\n";
    assert!(text.contains(added), "{text}");
    // All that stood there stands there, in its order.
    let mut lines = text.lines();
    for line in EDITED.lines() {
        assert!(lines.any(|found| found == line), "{line:?} is gone or moved:\n{text}");
    }
    let again = case.run(&["init", "--update", "own.toml", "a.txt"]);
    assert_eq!(std::fs::read_to_string(case.path("own.toml")).unwrap(), text);
    says(&again.err, &["0 labels added"]);
    let none = case.run(&["init", "--update", "none.toml", "a.txt"]);
    assert_eq!(none.code, 78, "{}", none.err);
}

/// What databases of offices export, made up: a list, months by number, a measure beside each year, flags behind figures.
#[test]
fn exports_of_databases_are_drafted_whole() {
    let cases: [(&str, &[&str], &str); 4] = [
        (
            "DATAFLOW,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nD1,F,Canada,2020,10,\nD1,M,Canada,2020,11,p\nD1,F,Japan,2020,12,\nD1,M,Japan,2020,13,e\nD1,M,Japan,2021,14,\n",
            &[
                "long = { period = \"TIME_PERIOD\", sex = \"sex\", geo = \"geo\", value = \"OBS_VALUE\", flag = \"OBS_FLAG\", ignored = [\"DATAFLOW\"] }",
                "\"p\" = \"P\" # Does it say that here?",
            ],
            "5 printed figures",
        ),
        (
            "Year;Month;Arrivals;Departures\n2020;11;10;20\n2020;12;30;40\n2021;1;50;60\n",
            &["stub = [\"period\", \"period\"]", "name = \"Arrivals\""],
            "6 printed figures",
        ),
        (
            "region,sex,Population 2021,Population 2022\nNorth,men,10,11\nNorth,women,20,21\nSouth,men,30,31\nSouth,women,40,41\n",
            &["name = \"Population\"", "header = [\"period\"]"],
            "8 printed figures",
        ),
        (
            "geo\t2020 \t2021 \nAT\t10 b\t11 \nBE\t20 \t21 bp\nBG\t30 p\t31 \n",
            &["\"bp\" = \"B\" # Several at once: which of them is to be published?"],
            "6 printed figures",
        ),
    ];
    for (text, words, told) in cases {
        let case = Case::new().file("a.csv", text);
        let drafted = case.run(&["init", "a.csv", "--name", "a", "--output", "a.toml"]);
        says(&drafted.err, &["finds no problem by this draft"]);
        says(&fs::read_to_string(case.path("a.toml")).unwrap(), words);
        says(&case.run(&["check", "a.csv", "--dataset", "a.toml"]).out, &[told]);
    }
}
