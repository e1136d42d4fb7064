//! Bounds across tables: how many of a region all of them have, as far as what they list and fold tells.

use std::collections::{BTreeMap, BTreeSet};

use arrow::util::display::array_value_to_string;
use bluebook::dataset::Definition;
use bluebook::input::limits::Limits;
use bluebook::pipeline::process_document;
use bluebook::problem::exit::Exit;
use bluebook::problem::worst_exit;
use bluebook::run::RunConfig;
use proptest::prelude::*;

use crate::support::{Case, annex, dimensions, says};

type Row = BTreeMap<String, String>;

/// A definition with tables A, B and C of regions, added up across them; `top` stands before its sections, `rest` behind.
fn definition(top: &str, rest: &str) -> String {
    let kinds = dimensions("A = \"Alpha\", B = \"Beta\", C = \"Gamma\"");
    format!(
        "name = \"d\"\ntitle = \"T\"\npublisher = \"P\"\nsum_across = [\"class\"]\noptional_tables = true\n{top}\n\
         [measure]\nname = \"m\"\nunit = \"u\"\n[symbols]\n\"-\" = \"nil\"\nx = \"Q\"\n{kinds}{rest}"
    )
}

/// The published bounds of a text by a definition.
fn bounds(definition: &str, document: &str) -> Vec<Row> {
    let definition = Definition::parse(definition, "d.toml").unwrap();
    let config = RunConfig {
        definitions: vec![definition],
        is_chosen: true,
        limits: Limits::default(),
        threads: 1,
        ..RunConfig::default()
    };
    let (batches, problems) = process_document("2025-06-30.txt", document.as_bytes(), &config).unwrap();
    let said: String = problems.iter().map(ToString::to_string).collect();
    assert!(worst_exit(&problems) == Exit::Done, "{said}\n{document}");
    let rows = batches[0].rows("bounds").unwrap();
    let schema = rows.schema();
    let row = |at: usize| {
        let columns = schema.fields().iter().zip(rows.columns());
        columns.map(|(field, of)| (field.name().clone(), array_value_to_string(of, at).unwrap())).collect()
    };
    (0..rows.num_rows()).map(row).collect()
}

/// What the bounds say of a code: lower, upper, and how many tables list, fold, exclude and lack it.
fn answer(rows: &[Row], code: &str) -> String {
    let row = rows.iter().find(|row| row["region"] == code).unwrap_or_else(|| panic!("{code} has no row"));
    ["lower", "upper", "listed", "folded", "closed", "missing"].map(|column| row[column].as_str()).join(" ")
}

/// The table of the specification, each figure added up by hand from the annex. The order of tables is TTPS, GEP, ASMTP, IANG,
/// `TechTAS`, QMAS, ASSG.
///
/// - CHN 2023: 47 021 + 19 757 + 24 650 + 114 + 12 775 = 104 317; GEP and ASSG exclude it: exact.
/// - USA 2023: 536 + 1 891 + 36 + 2 + 34 + 21 = 2 520; ASMTP is for the Mainland only: exact.
/// - CAN 2023: 549 + 44 + 0 (a nil mark) + 41 + 25 = 659; GEP's `Others` may hold it: + 8 490 = 9 149.
/// - IND 2025: 1 518 + 130 + 2 = 1 650; `Others` of TTPS, QMAS and ASSG: + 911 + 84 + 4 = 2 649.
/// - MAC is listed by IANG only, 54 in 2024; five residuals: + 924 + 10 384 + 10 + 97 + 12 = 11 481.
/// - The total of 2025: 31 508 + 31 278 + 26 714 + 27 630 + 161 + 7 101 + 68 = 124 460.
#[test]
fn the_annex_answers_what_no_table_of_it_says() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    let rows = case.rows("bounds");
    let expected = [
        ("CHN", "2023", "104317 104317 5 0 2"),
        ("CHN", "2024", "100344 100344 5 0 2"),
        ("CHN", "2025", "89738 89738 5 0 2"),
        ("CHN", "2026-01-01/P2M", "11521 11521 5 0 2"),
        ("USA", "2023", "2520 2520 6 0 1"),
        ("USA", "2024", "2501 2501 6 0 1"),
        ("USA", "2025", "2501 2501 6 0 1"),
        ("USA", "2026-01-01/P2M", "355 355 6 0 1"),
        ("CAN", "2023", "659 9149 5 1 1"),
        ("CAN", "2024", "491 10875 5 1 1"),
        ("CAN", "2025", "445 10153 5 1 1"),
        ("CAN", "2026-01-01/P2M", "73 1404 5 1 1"),
        ("IND", "2023", "1662 2833 3 3 1"),
        ("IND", "2024", "2354 3387 3 3 1"),
        ("IND", "2025", "1650 2649 3 3 1"),
        ("IND", "2026-01-01/P2M", "195 359 3 3 1"),
        ("MAC", "2024", "54 11481 1 5 1"),
        ("_T", "2023", "135049 135049 7 0 0"),
        ("_T", "2024", "138980 138980 7 0 0"),
        ("_T", "2025", "124460 124460 7 0 0"),
        ("_T", "2026-01-01/P2M", "16219 16219 7 0 0"),
    ];
    for (region, period, figures) in expected {
        let row = rows.iter().find(|row| row["region"] == region && row["period"] == period).unwrap();
        let found = ["lower", "upper", "listed", "folded", "closed"].map(|column| row[column].as_str());
        assert_eq!(found.join(" "), figures, "{region} {period}");
        assert_eq!(row["exact"], (row["lower"] == row["upper"]).to_string());
        assert_eq!((row["categories"].as_str(), row["missing"].as_str()), ("7", "0"));
    }
    let india = rows.iter().find(|row| row["region"] == "IND" && row["period"] == "2025").unwrap();
    let share = |column: &str| india[column].parse::<f64>().unwrap();
    assert_eq!((share("share_lower"), share("share_upper")), (1650.0 / 124_460.0, 2649.0 / 124_460.0));
    assert_eq!((india["region_name"].as_str(), india["period_end"].as_str()), ("India", "2025-12-31"));
    let listed: BTreeSet<String> = case
        .rows("observations")
        .into_iter()
        .filter(|row| row["region_kind"] == "economy")
        .map(|row| row["region"].clone())
        .collect();
    assert_eq!(rows.len(), (listed.len() + 1) * 4, "every economy that a table lists, and the total");
}

#[test]
fn regional_residuals_and_groups_hold_what_is_theirs() {
    let residual =
        "Alpha\n\nRegion\t2024\nJapan\t50\nOther Asian countries\t7\nCanada\t5\nOthers\t20\nTotal\t82\n\n";
    let group = "Beta\n\nRegion\t2024\nIndia\t9\nFrance\t1\nThailand\t2\nBrazil\t3\nTotal\t15\n\n";
    let rows = bounds(&definition("", ""), &format!("{residual}{group}"));
    // India and Thailand are in Asia: of Alpha's residuals only that of Asia may hold them.
    assert_eq!(answer(&rows, "IND"), "9 16 1 1 0 0");
    assert_eq!(answer(&rows, "FRA"), "1 21 1 1 0 0");
    // Beta prints all that it has: its rows make its total, and no residual is left.
    assert_eq!(answer(&rows, "JPN"), "50 50 1 0 1 0");
    assert_eq!(answer(&rows, "_T"), "97 97 2 0 0 0");

    let europe = "Alpha\n\nRegion\t2024\nEurope\t30\nCanada\t5\nOthers\t20\nTotal\t55\n\n";
    let rows = bounds(&definition("", ""), &format!("{europe}{group}"));
    assert_eq!(answer(&rows, "FRA"), "1 31 1 0 0 1", "it is in Europe, not in the others");
    assert_eq!(answer(&rows, "IND"), "9 29 1 1 0 0");
}

#[test]
fn a_definitions_own_groups_and_exclusions_close_tables() {
    let rest = "[dimension.names]\nXNORTH = \"The North\"\nXCLUB = \"The Club\"\n[dimension.members]\nXNORTH = [\"SWE\", \"NOR\"]\n\
        [dimension.labels]\n\"The North\" = \"XNORTH\"\n\"The Club\" = \"XCLUB\"\n\
        [[table]]\nfixed = { class = \"B\" }\nexcludes = { region = [\"XNORTH\"] }\n";
    let document = "Alpha\n\nRegion\t2024\nThe North\t30\nJapan\t5\nOthers\t20\nTotal\t55\n\n\
        Beta\n\nRegion\t2024\nCanada\t3\nOthers\t4\nTotal\t7\n\n\
        Gamma\n\nRegion\t2024\nSweden\t1\nThe Club\t40\nOthers\t2\nTotal\t43\n\n";
    let rows = bounds(&definition("", rest), document);
    // In Alpha it is in the North, Beta excludes the North.
    assert_eq!(answer(&rows, "SWE"), "1 31 1 0 1 1");
    // Nothing says who is in the Club: Canada may be.
    assert_eq!(answer(&rows, "CAN"), "3 63 1 2 0 0");
}

#[test]
fn a_missing_figure_is_bounded_by_the_total() {
    let alpha = "Alpha\n\nRegion\t2024\nJapan\tx\nCanada\t5\nOthers\t20\nTotal\t35\n\n";
    let beta = "Beta\n\nRegion\t2024\nJapan\t4\nCanada\t6\nOthers\tx\nTotal\t12\n\n";
    let rows = bounds(&definition("", ""), &format!("{alpha}{beta}"));
    assert_eq!(answer(&rows, "JPN"), "4 14 1 0 0 1", "35 less 5 and 20 is left of Alpha");
    assert_eq!(answer(&rows, "CAN"), "11 11 2 0 0 0");

    let gamma = "Gamma\n\nRegion\t2024\nFrance\t8\nJapan\t1\nTotal\tx\n\n";
    let rows = bounds(&definition("", ""), &format!("{beta}{gamma}"));
    assert_eq!(answer(&rows, "FRA"), "8 10 1 1 0 0", "Beta's residual is missing: 12 less 4 and 6 is left");
    assert_eq!(answer(&rows, "CAN"), "6  1 0 0 1", "nothing says what Gamma has beside its rows");
    let canada = rows.iter().find(|row| row["region"] == "CAN").unwrap();
    assert_eq!((canada["exact"].as_str(), canada["share_lower"].as_str()), ("false", ""));
    assert!(rows.iter().all(|row| row["region"] != "_T"), "a total is missing, and so is the row of all");
}

/// A derived total is the sum of what is listed: it says nothing of what is not.
#[test]
fn a_derived_total_bounds_nothing() {
    let alpha = "Alpha\n\nRegion\t2024\nJapan\t5\nCanada\t5\n\n";
    let beta = "Beta\n\nRegion\t2024\nFrance\t4\nCanada\t6\nTotal\t10\n\n";
    let rows = bounds(&definition("totals = \"optional\"", ""), &format!("{alpha}{beta}"));
    assert_eq!(answer(&rows, "FRA"), "4  1 0 0 1");
    assert_eq!(answer(&rows, "JPN"), "5 5 1 0 1 0");
    assert_eq!(answer(&rows, "_T"), "20 20 2 0 0 0");
}

/// A dimension that is not added up across is kept apart; a total across tables is not counted beside them.
#[test]
fn other_dimensions_are_kept_apart_and_totals_are_not_counted() {
    let own = "name = \"d\"\ntitle = \"T\"\npublisher = \"P\"\nshare_of = \"region\"\nsum_across = [\"class\"]\n\
        header = [\"sex\", \"period\"]\nstub = [\"region\"]\n[measure]\nname = \"m\"\nunit = \"u\"\ndecimals = 1\n\
        [[dimension]]\nname = \"class\"\nmeaning = \"k\"\nprinted = \"table\"\n\
        codes = { _T = \"All\", A = \"Alpha\", B = \"Beta\" }\n\
        [[dimension]]\nname = \"sex\"\nmeaning = \"s\"\ncodes = { _T = \"Both\", F = \"Women\", M = \"Men\" }\n\
        [[dimension]]\nname = \"region\"\nmeaning = \"r\"\ncodes = \"regions\"\n";
    let page = |title: &str, listed: &str, figures: [&str; 3]| {
        let [rows, others, total] = figures;
        let head = format!("{title}\n\n\tWomen\tMen\tBoth\nRegion\t2024\t2024\t2024");
        format!("{head}\n{listed}\t{rows}\nOthers\t{others}\nTotal\t{total}\n\n")
    };
    let document = [
        page("Alpha", "Japan", ["1.5\t2.0\t3.5", "1.0\t1.0\t2.0", "2.5\t3.0\t5.5"]),
        page("Beta", "Canada", ["0.5\t1.0\t1.5", "4.0\t3.0\t7.0", "4.5\t4.0\t8.5"]),
        page("All", "Japan", ["2.5\t3.0\t5.5", "4.5\t4.0\t8.5", "7.0\t7.0\t14.0"]),
    ];
    let rows = bounds(own, &document.concat());
    let japan: Vec<String> = rows
        .iter()
        .filter(|row| row["region"] == "JPN")
        .map(|row| format!("{} {} {} {}", row["sex"], row["lower"], row["upper"], row["categories"]))
        .collect();
    assert_eq!(japan, ["F 1.5 5.5 2", "M 2.0 5.0 2", "_T 3.5 10.5 2"]);
}

#[test]
fn what_cannot_be_added_up_is_refused_at_its_place() {
    let sound = definition("", "");
    let sum = "[[table]]\nfixed = { class = \"C\" }\nsum_of = [\"A\", \"B\"]\n";
    let cases = [
        (sound.replace("[\"class\"]", "[\"clss\"]"), "d.toml:4:15", "did you mean `class`?"),
        (
            sound.replace("[\"class\"]", "[\"class\", \"region\"]"),
            "d.toml:4:24",
            "is the dimension of shares",
        ),
        (sound.replace("[\"class\"]", "[\"class\", \"class\"]"), "d.toml:4:24", "is named twice"),
        (
            sound.replace("unit = \"u\"", "unit = \"u\"\nadditive = false"),
            "d.toml:4:15",
            "no measure has bounds",
        ),
        (
            sound.replace("unit = \"u\"", "unit = \"u\"\nnegative = true"),
            "d.toml:4:15",
            "no measure has bounds",
        ),
        (definition("", sum), "d.toml:23:19", "`C` would be counted with its part `A` across `class`"),
    ];
    for (text, place, words) in cases {
        let case =
            Case::new().file("d.toml", text).file("a.txt", "Alpha\n\nRegion\t2024\nJapan\t1\nTotal\t1\n");
        let ended = case.run(&["check", "a.txt", "--dataset", "d.toml"]);
        assert_eq!(ended.code, 78, "{}", ended.err);
        says(&ended.err, &[place, words]);
    }
    // What is no part of the whole is not counted, and may be the sum of what is.
    for whole in ["_T = \"Gamma\"", "C = \"Gamma\""] {
        let parts = if whole.starts_with('_') {
            "A = \"Alpha\", B = \"Beta\""
        } else {
            "A = { name = \"Alpha\", parent = \"C\" }, B = { name = \"Beta\", parent = \"C\" }"
        };
        let codes = format!("codes = {{ {parts}, {whole} }}");
        let text =
            definition("", sum).replace("codes = { A = \"Alpha\", B = \"Beta\", C = \"Gamma\" }", &codes);
        let text =
            text.replace("class = \"C\"", &format!("class = \"{}\"", &whole[..whole.find(' ').unwrap()]));
        assert!(Definition::parse(&text, "d.toml").is_ok(), "{text}");
    }
}

#[test]
fn without_the_key_there_is_no_such_table() {
    let text = definition("", "").replace("sum_across = [\"class\"]\n", "");
    let case = Case::new()
        .file("d.toml", text)
        .file("input/2025-06-30.txt", "Alpha\n\nRegion\t2024\nJapan\t1\nTotal\t1\n");
    assert_eq!(case.run(&["run", "--dataset", "d.toml"]).code, 0);
    assert!(!case.published().join("bounds.csv").exists());
    assert!(!case.run(&["columns", "--dataset", "d.toml"]).out.contains("bounds"));
}

const NAMES: [(&str, &str); 8] = [
    ("CAN", "Canada"),
    ("JPN", "Japan"),
    ("IND", "India"),
    ("FRA", "France"),
    ("ITA", "Italy"),
    ("BRA", "Brazil"),
    ("KEN", "Kenya"),
    ("PER", "Peru"),
];

/// A complete table: how many there are of each region, how many of the largest are listed, and which of these are suppressed.
type Complete = ([u32; 8], usize, u8);

/// Prints a table without a region that cannot occur in it: the largest rows, suppressed ones as `x`, all others as one, and the total.
fn print(title: &str, (figures, listed, suppressed): &Complete, excluded: Option<usize>) -> String {
    let mut order: Vec<usize> = (0..8).filter(|at| Some(*at) != excluded).collect();
    order.sort_by_key(|at| std::cmp::Reverse(figures[*at]));
    let (top, rest) = order.split_at((*listed).min(order.len()));
    let cell = |at: &usize| if suppressed >> at & 1 == 1 { "x".into() } else { figures[*at].to_string() };
    let rows: String = top.iter().map(|at| format!("{}\t{}\n", NAMES[*at].1, cell(at))).collect();
    let others: u32 = rest.iter().map(|at| figures[*at]).sum();
    let others = if rest.is_empty() { String::new() } else { format!("Others\t{others}\n") };
    format!("{title}\n\nRegion\t2024\n{rows}{others}Total\t{}\n\n", figures.iter().sum::<u32>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    /// Tables are made complete, then their smallest rows are folded and some of the others suppressed: what was true lies
    /// within the bounds, and is told exactly where nothing that was folded or suppressed can be of the region.
    #[test]
    fn what_is_true_lies_within_the_bounds(
        tables in prop::collection::vec((prop::array::uniform8(0u32..40), 1usize..=8, prop_oneof![3 => Just(0u8), 1 => any::<u8>()]), 3),
        excluded in 0usize..8,
    ) {
        let mut tables = tables;
        tables[1].0[excluded] = 0;
        for (figures, _, _) in &mut tables {
            figures[(excluded + 1) % 8] += 1;
        }
        let rest = format!("[[table]]\nfixed = {{ class = \"B\" }}\nexcludes = {{ region = \"{}\" }}\n", NAMES[excluded].0);
        let excludes = [None, Some(excluded), None];
        let titles = ["Alpha", "Beta", "Gamma"].into_iter().zip(excludes);
        let document: String =
            tables.iter().zip(titles).map(|(table, (title, excluded))| print(title, table, excluded)).collect();
        let rows = bounds(&definition("", &rest), &document);
        for row in rows.iter().filter(|row| row["region"] != "_T") {
            let at = NAMES.iter().position(|(code, _)| *code == row["region"]).unwrap();
            let truth: u32 = tables.iter().map(|(figures, _, _)| figures[at]).sum();
            let lower: u32 = row["lower"].parse().unwrap();
            let upper: u32 = row["upper"].parse().unwrap();
            prop_assert!(lower <= truth && truth <= upper, "{row:?}\n{document}");
            prop_assert_eq!(row["exact"] == "true", lower == upper);
            let counts = ["listed", "folded", "closed", "missing"].map(|column| row[column].parse::<u32>().unwrap());
            prop_assert_eq!(counts.iter().sum::<u32>(), 3);
            if counts[0] + counts[2] == 3 {
                prop_assert_eq!(&row["exact"], "true");
            }
        }
        let total: u32 = tables.iter().flat_map(|(figures, _, _)| figures).sum();
        let all = rows.iter().find(|row| row["region"] == "_T").unwrap();
        prop_assert_eq!((&all["lower"], &all["upper"]), (&total.to_string(), &total.to_string()));
    }
}
