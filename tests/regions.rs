//! Regions: labels of real tables, the names that must resolve, `bluebook regions`, and what a definition says of them.

use std::collections::{BTreeMap, BTreeSet};

use bluebook::regions::{self, RegionKind, Resolver, ResolverOptions};

use crate::support::{Case, annex, root, says};

/// The fields of the lines of a file of test data.
fn data(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("tests/data").join(name)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("# "));
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn code(label: &str) -> String {
    regions::resolve(label).map_or("-".into(), |known| known.region.code.to_owned())
}

#[test]
fn labels_of_real_tables_have_their_right_answers() {
    let labels = data("region-labels.tsv");
    let wrong: Vec<String> = labels
        .iter()
        .filter(|line| code(&line[0]) != line[1])
        .map(|line| format!("{} is {}, not {}", line[0], line[1], code(&line[0])))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let economy = |line: &&Vec<String>| {
        regions::find_by_code(&line[1]).is_some_and(|known| known.kind == RegionKind::Economy)
    };
    let countries = labels.iter().filter(economy).count();
    assert!(labels.len() >= 400 && labels.len() - countries >= 100, "{countries} of {}", labels.len());
    let distinct: BTreeSet<&String> = labels.iter().map(|line| &line[0]).collect();
    assert_eq!(distinct.len(), labels.len());
}

/// ISO's short and full names, CLDR's in English and Chinese, and those of M49; but a name that M49 gives to a region,
/// too, has two readings.
#[test]
fn all_names_of_the_standards_resolve() {
    let renamed: BTreeMap<&str, &str> = BTreeMap::from([
        ("AIDJ", "DJI"),
        ("BUMM", "MMR"),
        ("BYAA", "BLR"),
        ("DYBJ", "BEN"),
        ("FQHH", "ATF"),
        ("HVBF", "BFA"),
        ("NHVU", "VUT"),
        ("RHZW", "ZWE"),
        ("TPTL", "TLS"),
        ("ZRCD", "COD"),
    ]);
    let unsure = ["Micronesia", "密克罗尼西亚", "密克羅尼西亞"];
    for line in data("region-names.tsv") {
        let (expected, name) = (line[0].as_str(), line[2].as_str());
        let expected = if unsure.contains(&name) { "-" } else { renamed.get(expected).unwrap_or(&expected) };
        assert_eq!(code(name), expected, "{name} of {}", line[1]);
    }
}

#[test]
fn each_form_of_a_name_resolves_as_the_name() {
    let names: BTreeSet<String> = data("region-names.tsv")
        .into_iter()
        .filter(|line| line[1] == "UN M49")
        .map(|line| line[2].clone())
        .collect();
    for name in &names {
        for form in [
            name.to_uppercase(),
            name.to_lowercase(),
            format!("  {name}\u{a0}"),
            format!("The {name}"),
            format!("{name}, The"),
            name.replace(' ', "  "),
            name.replace('\'', "’"),
            format!("{name} (1)"),
            format!("{name}*"),
            format!("{name} [note 2]"),
        ] {
            assert_eq!(code(&form), code(name), "{form}");
        }
    }
}

#[test]
fn a_label_asks_for_no_memory() {
    let usage = ResolverOptions::default();
    let mut resolver = Resolver::new(&usage);
    let labels =
        ["Canada", "The United Kingdom", "Côte d’Ivoire", "中國內地", "Others", "Benin, Republic of"];
    for label in labels {
        resolver.resolve(label);
        let asked = allocation_counter::measure(|| assert!(resolver.resolve(label).is_some()));
        assert_eq!(asked.count_total, 0, "{label}");
    }
}

#[test]
fn the_command_prints_csv() {
    let labels = ["Korea, Republic of", "Other Asia", "Atlantis", "Canada (1)", "=1+1"];
    let ended = Case::new().run(&[&["regions", "--format", "csv"][..], &labels].concat());
    let expected = "label,region,alpha2,m49,region_name,region_kind,rule\n\
                    \"Korea, Republic of\",KOR,KR,410,South Korea,economy,name\n\
                    Other Asia,_O142,,,Other Asia,residual,aggregate\n\
                    Atlantis,,,,,,\n\
                    Canada (1),CAN,CA,124,Canada,economy,name (without footnote marker)\n\
                    '=1+1,,,,,,\n";
    assert_eq!(
        (ended.code, ended.out.as_str(), ended.err.as_str()),
        (1, expected, "2 of 5 labels unknown\n")
    );
}

#[test]
fn the_command_prints_an_object_a_line() {
    let ended = Case::new().pipe(&["regions", "--format", "json"], "Japan\r\nUSSR\n\"\n其他");
    let expected = concat!(
        r#"{"label":"Japan","region":"JPN","alpha2":"JP","m49":"392","region_name":"Japan","region_kind":"economy","rule":"name"}"#,
        "\n",
        r#"{"label":"USSR","region":"SUHH","alpha2":null,"m49":"810","region_name":"USSR","region_kind":"economy","rule":"former state"}"#,
        "\n",
        r#"{"label":"\"","region":null,"alpha2":null,"m49":null,"region_name":null,"region_kind":null,"rule":null}"#,
        "\n",
        r#"{"label":"其他","region":"_O","alpha2":null,"m49":null,"region_name":"Others","region_kind":"residual","rule":"aggregate"}"#,
        "\n",
    );
    assert_eq!((ended.code, ended.out.as_str()), (1, expected));
}

#[test]
fn the_command_shows_a_table_and_says_why_a_label_is_unknown() {
    let ended = Case::new().run(&["regions", "Japan", "Korea", "Sinapore", "\u{1b}[31m"]);
    assert_eq!(ended.code, 1);
    says(
        &ended.out,
        &[
            "│ Japan        JPN      JP       392   Japan         economy       name ",
            "\\u{1b}[31m",
            "unknown: it can be South Korea (KOR) or North Korea (PRK)",
            "unknown: did you mean `Singapore`?",
        ],
    );
    assert!(!ended.out.contains('\u{1b}'), "a label cannot drive the terminal");
    let ended = Case::new().run(&["regions", "Japan"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}

#[test]
fn the_command_lists_all_regions() {
    let ended = Case::new().run(&["regions", "--list", "--format", "csv"]);
    assert_eq!((ended.code, ended.out.lines().count()), (0, regions::all_regions().count() + 1));
    says(
        &ended.out,
        &["\nHong Kong,HKG,HK,344,Hong Kong,economy,name\n", "\nAsia,X142,,142,Asia,group,aggregate\n"],
    );
    assert_eq!(Case::new().run(&["regions", "--list", "Japan"]).code, 2);
}

#[test]
fn the_command_withstands_odd_input() {
    let case = Case::new();
    let long = "a".repeat(1 << 20);
    let ended = case.pipe(&["regions", "--format", "csv"], format!("{long}\n\nCan\u{202e}ada\n🇨🇦\n"));
    assert_eq!((ended.code, ended.out.lines().count()), (1, 5));
    let ended = case.pipe(&["regions"], b"Japan\nCura\xe7ao\n");
    assert_eq!(ended.code, 65);
    says(&ended.err, &["line 2 of standard input"]);
    let ended = case.pipe(&["regions", "--format", "csv"], "");
    assert_eq!((ended.code, ended.out.lines().count()), (0, 1));
}

#[test]
fn the_command_follows_a_definition_and_takes_nationalities_where_asked() {
    let case = Case::new().file("own.toml", built_in("[dimension.labels]\n\"Korea\" = \"KOR\"\n"));
    let ended = case.run(&["regions", "--dataset", "own.toml", "--format", "csv", "Korea*"]);
    says(&ended.out, &["Korea*,KOR,KR,410,South Korea,economy,definition (without footnote marker)"]);
    assert_eq!(case.run(&["regions", "Filipino"]).code, 1);
    let ended = case.run(&["regions", "--nationalities", "--format", "csv", "Filipino"]);
    says(&ended.out, &["Filipino,PHL,PH,608,Philippines,economy,nationality"]);
}

/// The built-in definition with other names of regions.
fn built_in(names: &str) -> String {
    std::fs::read_to_string(root().join("src/dataset/built_in/hk-talent-admissions.toml")).unwrap()
        + "\n"
        + names
}

fn run(document: &str, names: &str) -> (Case, crate::support::Ended) {
    let case =
        Case::with(document).file("own.toml", "optional_tables = true\n".to_owned() + &built_in(names));
    let ended = case.run(&["run", "--dataset", "own.toml"]);
    (case, ended)
}

#[test]
fn rows_can_be_nationalities() {
    let document = annex().replace("Canada\t549", "Canadian\t549");
    let (_, ended) = run(&document, "");
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the region `Canadian` is unknown", "it is a nationality (Canada)"]);
    let regions = "codes = \"regions\"\n";
    let definition = built_in("").replace(regions, &format!("{regions}nationalities = true\n"));
    let case = Case::with(&document).file("own.toml", definition);
    let ended = case.run(&["run", "--dataset", "own.toml"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let rows = case.rows("observations");
    assert!(rows.iter().any(|row| row["region_label"] == "Canadian" && row["region"] == "CAN"));
}

#[test]
fn a_definition_can_have_groups_of_its_own() {
    let document = annex().replace("Canada\t549", "Canada and Greenland\t549");
    let labels = "[dimension.labels]\n\"Canada and Greenland\" = \"XNORTH\"\n";
    let definition =
        built_in(labels).replace("[dimension.names]\n", "[dimension.names]\nXNORTH = \"The far north\"\n");
    let case = Case::with(&document).file("own.toml", definition);
    let ended = case.run(&["run", "--dataset", "own.toml"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let rows = case.rows("regions");
    let group = rows.iter().find(|row| row["region"] == "XNORTH").unwrap();
    assert_eq!((group["region_name"].as_str(), group["region_kind"].as_str()), ("The far north", "group"));
    let (_, ended) = run(&document, labels);
    assert_eq!(ended.code, 78);
    says(&ended.err, &["unknown region code `XNORTH`", "[dimension.names]"]);
}

#[test]
fn a_label_that_is_never_used_is_a_warning() {
    let (case, ended) = run(&annex(), "[dimension.labels]\n\"Korea\" = \"KOR\"\n\"Canada\" = \"CAN\"\n");
    assert_eq!(ended.code, 0);
    says(&ended.err, &["warning: the label `Korea` is never used", "own.toml:", "no document prints it"]);
    assert!(!ended.err.contains("`Canada`") && case.published().exists());
    let (_, ended) = run(&annex(), "[dimension.labels]\n\"Korea\" = \"KOR\"\n\"KOREA\" = \"PRK\"\n");
    assert_eq!(ended.code, 78);
    says(&ended.err, &["has a meaning already"]);
}

#[test]
fn letters_that_only_look_right_are_told() {
    let (_, ended) = run(&annex().replace("Canada\t549", "C\u{430}nada\t549"), "");
    assert_eq!(ended.code, 1);
    says(&ended.err, &["(U+0430, Cyrillic) looks like the Latin `a`"]);
}

#[test]
fn what_a_group_holds_is_not_added_up_twice() {
    let table = |rows: &str| format!("Top Talent Pass Scheme\n\nRegion\t2023\t2024\n{rows}");
    let rows = "Asia\t10\t12\n  Japan\t4\t5\n  Other Asia\t6\t7\nEurope\t3\t4\n  France\t3\t4\nOthers\t1\t1\nTotal\t14\t17\n";
    let (case, ended) = run(&table(rows), "");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let checks = case.rows("checks");
    let checks: Vec<[&str; 5]> = checks
        .iter()
        .map(|row| ["check", "period", "region", "computed", "cells"].map(|column| row[column].as_str()))
        .collect();
    let expected = [
        ["subtotal", "2023", "X142", "10", "2"],
        ["subtotal", "2023", "X150", "3", "1"],
        ["subtotal", "2024", "X142", "12", "2"],
        ["subtotal", "2024", "X150", "4", "1"],
        ["total", "2023", "_T", "14", "3"],
        ["total", "2024", "_T", "17", "3"],
    ];
    assert_eq!(checks, expected);
    let found = case.rows("observations");
    let kinds: BTreeMap<&str, &str> =
        found.iter().map(|row| (row["region"].as_str(), row["region_kind"].as_str())).collect();
    let expected = [
        ("FRA", "economy"),
        ("JPN", "economy"),
        ("X142", "group"),
        ("X150", "group"),
        ("_O", "residual"),
        ("_O142", "residual"),
        ("_T", "total"),
    ];
    assert_eq!(kinds, BTreeMap::from(expected));
    // Without its group, a member is a row like any other.
    let (_, ended) = run(&table("Japan\t4\t5\nEurope\t3\t4\nTotal\t7\t9\n"), "");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let (_, ended) = run(&table("China\t4\t5\nChinese Mainland\t3\t4\nTotal\t7\t9\n"), "");
    assert_eq!(ended.code, 1);
    says(&ended.err, &["CHN appears twice in table TTPS"]);
}
