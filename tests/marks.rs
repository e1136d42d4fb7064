//! Figures, marks and footnotes through the whole program: small definitions, small documents, what is published.

use bluebook::document::Cell;
use std::collections::BTreeMap;

use crate::support::{Case, Ended, dimensions, says};

/// A definition of one table, `T`, with further keys in front and behind.
fn definition(keys: &str, tables: &str) -> String {
    format!(
        "name = \"d\"\ntitle = \"D\"\npublisher = \"P\"\noptional_tables = true\n{keys}\n{}{tables}",
        dimensions("T = \"T\", U = \"U\"")
    )
}

const COUNTS: &str = "[measure]\nname = \"cases\"\nunit = \"cases\"\n";

fn run(definition: &str, document: &str) -> (Case, Ended) {
    let case = Case::new().file("d.toml", definition).file("a.txt", document);
    let ended = case.run(&["run", "a.txt", "--dataset", "d.toml"]);
    (case, ended)
}

type Row = BTreeMap<String, String>;

/// What is published of a region in 2024: `value`, `value_label`, `status`, `basis`.
fn of(rows: &[Row], region: &str) -> [String; 4] {
    let row =
        rows.iter().find(|row| row["region"] == region && row["period"] == "2024" && row["class"] == "T");
    ["value", "value_label", "status", "basis"].map(|column| row.unwrap()[column].clone())
}

/// Runs what must succeed in silence.
fn published(definition: &str, document: &str) -> Vec<Row> {
    let (case, ended) = run(definition, document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{document}");
    case.rows("observations")
}

/// A table of one column.
fn table(figures: &[(&str, &str)]) -> String {
    let rows: Vec<String> = figures.iter().map(|(label, figure)| format!("{label}\t{figure}\t1\n")).collect();
    format!("T\n\nRegion\t2024\t2025\n{}", rows.concat())
}

#[test]
fn a_table_is_read_by_the_convention_that_fits_it() {
    let optional = |keys: &str| definition(&format!("totals = \"optional\"\n{COUNTS}{keys}"), "");
    let value = |keys: &str, figures: &[(&str, &str)]| {
        of(&published(&optional(keys), &table(figures)), "CAN")[0].clone()
    };
    assert_eq!(value("", &[("Canada", "1.234"), ("Japan", "8 490")]), "1234");
    assert_eq!(value("", &[("Canada", "1,234"), ("Japan", "8 490"), ("India", "9708")]), "1234");
    assert_eq!(value("decimals = 1\n", &[("Canada", "1.234,5")]), "1234.5");
    assert_eq!(value("decimals = 1\n", &[("Canada", "1,234.5")]), "1234.5");
    assert_eq!(value("decimals = 3\n", &[("Canada", "1.234"), ("Japan", "0.5")]), "1.234");
    assert_eq!(value("decimals = 3\n[figures]\ndecimal = \",\"\n", &[("Canada", "1.234")]), "1234.0");
    assert_eq!(value("decimals = 3\n[figures]\ndecimal = \".\"\n", &[("Canada", "1.234")]), "1.234");
    assert_eq!(
        value("negative = true\n[figures]\nnegative = \"brackets\"\n", &[("Canada", "(1 234)")]),
        "-1234"
    );
    assert_eq!(
        value("negative = true\n[figures]\nnegative = \"trailing-minus\"\n", &[("Canada", "1 234-")]),
        "-1234"
    );
}

#[test]
fn a_figure_with_two_readings_is_a_problem() {
    let keys = format!("totals = \"optional\"\n{COUNTS}decimals = 3\n");
    let (_, ended) =
        run(&definition(&keys, ""), &table(&[("Japan", "7"), ("Canada", "1.234"), ("India", "2.345")]));
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &[
            "`1.234` has two readings",
            "1.234 where a point",
            "1 234.000 where a comma",
            "a.txt:5:8",
            "`decimal = \".\"`",
            "`[figures]`",
        ],
    );
    assert_eq!(ended.err.matches("error: ").count(), 1, "once for a table: {}", ended.err);
    let (_, ended) = run(&definition(COUNTS, ""), &table(&[("Canada", "1.5")]));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["`1.5` is no figure", "`.` is not part of a number"]);
    let (_, ended) = run(&definition(COUNTS, ""), &table(&[("Canada", "(5)")]));
    says(&ended.err, &["`(` is not part of a number", "`negative = \"brackets\"`"]);
    for unit in ["45%", "$5", "5 kg"] {
        let (_, ended) = run(&definition(COUNTS, ""), &table(&[("Canada", unit)]));
        assert!(ended.code == 1 && ended.err.contains("is not part of a number"), "{}", ended.err);
    }
}

#[test]
fn marks_tell_a_status_by_the_definition() {
    let figures = [
        ("Canada", "x"),
        ("Japan", ".."),
        ("India", "12p"),
        ("France", "1 234 r"),
        ("Italy", "45 (e)"),
        ("Kenya", "*"),
        ("Peru", "Not applicable"),
        ("Brazil", "7"),
        ("Others", "5 p"),
    ];
    let own = "[symbols]\nx = \"Q\"\n\"..\" = \"O\"\n\"*\" = { status = \"Q\", meaning = \"fewer than 5\" }\n[flags]\np = \"P\"\nr = \"A\"\n\"e\" = \"E\"\n";
    let rows = published(&definition("totals = \"optional\"\n", &format!("{COUNTS}{own}")), &table(&figures));
    let expected = [
        ("CAN", ["", "x", "Q", "published"]),
        ("JPN", ["", "..", "O", "published"]),
        ("IND", ["12", "12p", "P", "published"]),
        ("FRA", ["1234", "1 234 r", "A", "published"]),
        ("ITA", ["45", "45 (e)", "E", "published"]),
        ("KEN", ["", "*", "Q", "published"]),
        ("PER", ["", "Not applicable", "M", "published"]),
        ("BRA", ["7", "7", "A", "published"]),
        ("_O", ["5", "5 p", "P", "published"]),
    ];
    for (region, expected) in expected {
        assert_eq!(of(&rows, region), expected, "{region}");
    }
    assert!(
        !rows.iter().any(|row| row["basis"] == "derived" && row["period"] == "2024"),
        "no total is made of unknown figures"
    );
    assert!(rows.iter().any(|row| row["basis"] == "derived" && row["period"] == "2025"));
}

#[test]
fn styles_tell_marks_as_their_publishers_do() {
    let cases = [
        ("gss", "[c]", "Q"),
        ("gss", "[x]", "O"),
        ("gss", "[z]", "M"),
        ("gss", "[low]", "N"),
        ("gss", "12 [p]", "P"),
        ("eurostat", ":", "O"),
        ("eurostat", "12 e", "E"),
        ("dhs", "D", "Q"),
        ("dhs", "X", "M"),
        ("statcan", "...", "M"),
        ("statcan", "0s", "N"),
        ("statcan", "12E", "U"),
        ("statsnz", "S", "Q"),
        ("hk", "N.A.", "O"),
        ("unhcr", "*", "Q"),
        ("destatis", "x", "M"),
    ];
    for (style, figure, status) in cases {
        let definition = definition(&format!("totals = \"optional\"\nsymbols = \"{style}\"\n{COUNTS}"), "");
        let rows = published(&definition, &table(&[("Canada", figure), ("Japan", "1")]));
        assert_eq!(of(&rows, "CAN")[1..3], [figure, status], "{style}");
    }
    let both = definition(
        &format!("totals = \"optional\"\n{COUNTS}"),
        "[symbols]\nstyle = \"statcan\"\nx = \"M\"\n",
    );
    let rows = published(&both, &table(&[("Canada", "x"), ("Japan", "..")]));
    assert_eq!((of(&rows, "CAN")[2].as_str(), of(&rows, "JPN")[2].as_str()), ("M", "O"));
}

#[test]
fn a_legend_of_the_document_wins() {
    let keys = format!("totals = \"optional\"\n{COUNTS}");
    let with = |marks: &str, legend: &str, figure: &str| {
        let document = table(&[("Canada", figure), ("Japan", "1")]) + "\n" + legend + "\n";
        of(&published(&definition(&keys, marks), &document), "CAN")[2].clone()
    };
    assert_eq!(with("", "** Less than 0.1 percent", "**"), "N");
    assert_eq!(with("", "**Less than 0.1 percent", "**"), "N");
    assert_eq!(with("[symbols]\nx = \"M\"\n", "x: suppressed", "x"), "Q");
    assert_eq!(with("", "Note: .. not available; x not applicable", ".."), "O");
    assert_eq!(with("", "N.A.\tNot available", "N.A."), "O");
    assert_eq!(with("", "* Provisional figures.", "12*"), "P");
    assert_eq!(with("", "[e] = estimated", "12 [e]"), "E");
    assert_eq!(
        with("[symbols]\nx = \"M\"\n", "x: as the office sees fit", "x"),
        "M",
        "words that tell nothing settle nothing"
    );
}

#[test]
fn an_unknown_mark_is_a_problem_that_names_the_remedy() {
    let keys = format!("totals = \"optional\"\n{COUNTS}");
    for mark in ["x", "..", "…", "n.a.", "N/A", "*", "[c]", "D", "S", "--", "~", "<5"] {
        let (_, ended) = run(&definition(&keys, ""), &table(&[("Canada", mark), ("Japan", "1")]));
        assert_eq!(ended.code, 1, "{mark}");
        let named = format!("`{mark}` is no figure");
        says(&ended.err, &[&named, "nothing tells what this mark stands for", "a.txt:4:8", "`[symbols]`"]);
    }
    let (_, ended) = run(
        &definition(&keys, ""),
        &(table(&[("Canada", "x"), ("Japan", "1")]) + "\nx: as the office sees fit\n"),
    );
    says(&ended.err, &["its legend, `as the office sees fit`, tells no status", "\"statcan\" (suppressed"]);
    let (_, ended) = run(
        &definition(&format!("symbols = \"gss\"\n{keys}"), ""),
        &table(&[("Canada", "[p]"), ("Japan", "1")]),
    );
    says(&ended.err, &["this mark says `provisional` of a figure, and there is none"]);
    let (_, ended) = run(&definition(&keys, ""), &table(&[("Canada", "12p"), ("Japan", "1")]));
    says(&ended.err, &["`p` is not part of a number"]);
}

#[test]
fn a_column_with_missing_figures_proves_nothing() {
    let with = |keys: &str, figures: &[(&str, &str)]| {
        run(&definition(&format!("{keys}symbols = \"statcan\"\n{COUNTS}"), ""), &table(figures))
    };
    let check = |case: &Case| case.rows("checks").iter().filter(|row| row["period"] == "2024").count();
    let one = [("Canada", "x"), ("Japan", "7"), ("Total", "12")];
    let (case, ended) = with("tolerance = 1\n", &one);
    assert_eq!((ended.code, check(&case)), (0, 0), "{}", ended.err);
    assert_eq!(of(&case.rows("observations"), "_T")[0], "12");
    let (case, ended) = with("tolerance = 1\n", &[("Canada", "x"), ("Japan", "12"), ("Total", "12")]);
    assert_eq!((ended.code, check(&case)), (0, 1), "{}", ended.err);
    let (_, ended) = with("tolerance = 1\n", &[("Canada", "x"), ("Japan", "17"), ("Total", "12")]);
    assert!(ended.code == 1 && ended.err.contains("the total doesn't add up"), "{}", ended.err);
    let (case, ended) =
        with("tolerance = 2\n", &[("Canada", "x"), ("Japan", "-"), ("India", "12"), ("Total", "12")]);
    says(&ended.err, &["warning: nothing proves that `-` stands for zero", "published as missing, status O"]);
    assert_eq!(
        (ended.code, of(&case.rows("observations"), "JPN")),
        (0, ["", "-", "O", "published"].map(Into::into))
    );
    let (case, ended) = with("tolerance = 1\n", &[("Canada", "5"), ("Japan", "7"), ("Total", "x")]);
    assert_eq!((ended.code, check(&case)), (0, 0), "{}", ended.err);
    let rows = case.rows("observations");
    assert_eq!(of(&rows, "_T"), ["", "x", "Q", "published"]);
    let canada = rows.iter().find(|row| row["region"] == "CAN" && row["period"] == "2024").unwrap();
    assert_eq!(canada["share"], "");
}

/// The notes as mark, kind, places and text.
fn notes(case: &Case) -> Vec<[String; 4]> {
    let rows = case.rows("notes");
    rows.iter().map(|row| ["mark", "class", "marked_at", "text"].map(|column| row[column].clone())).collect()
}

#[test]
fn footnotes_come_off_and_are_tied_to_their_notes() {
    let document = "T\n\nRegion\t2024²\t2025 (1)\nCanada*\t1\t2\nJapan¹\t12 (1)\t2\nIndia1\t7\t1*\nOthers [note 2]\t1\t2\nTotal†\t21\t7\n\n(1) One.\n2. Two.\n* Star.\n† Dagger.\n\nU\n\nRegion\t2024\t2025\nCanada†\t1\t2\nTotal\t1\t2\n";
    let (case, ended) = run(&definition(COUNTS, ""), document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = [
        ["1", "T", "3:14 5:1 5:8 6:1", "One."],
        ["2", "T", "3:8 7:1", "Two."],
        ["*", "T", "4:1 6:10", "Star."],
        ["†", "T", "8:1", "Dagger."],
        ["†", "U", "18:1", "Dagger."],
    ];
    assert_eq!(notes(&case), expected.map(|row| row.map(str::to_owned)));
    let rows = case.rows("observations");
    let labels = |region: &str| {
        let row = rows.iter().find(|row| row["region"] == region && row["period"] == "2024").unwrap();
        ["region_label", "period_label", "value", "value_label"].map(|column| row[column].clone())
    };
    assert_eq!(labels("JPN"), ["Japan¹", "2024²", "12", "12 (1)"]);
    assert_eq!(labels("IND"), ["India1", "2024²", "7", "7"]);
}

#[test]
fn a_digit_glued_to_a_label_needs_its_note_and_a_mark_wants_one() {
    let glued = table(&[("Canada1", "1"), ("Total", "1")]);
    let (_, ended) = run(&definition(COUNTS, ""), &glued);
    assert!(ended.code == 1 && ended.err.contains("the region `Canada1` is unknown"), "{}", ended.err);
    let glued = table(&[("Canada1", "1"), ("Total", "1")]) + "\nNote 1: So.\n";
    let (case, ended) = run(&definition(COUNTS, ""), &glued);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(of(&case.rows("observations"), "CAN")[0], "1");
    for label in ["Canada*", "Canada (1)", "Canada¹"] {
        let (case, ended) = run(&definition(COUNTS, ""), &table(&[(label, "1"), ("Total", "1")]));
        assert_eq!(ended.code, 0, "{}", ended.err);
        says(&ended.err, &["warning: no note explains the mark", label, "a.txt:4:1"]);
        assert_eq!(case.rows("observations")[1]["region_label"], label);
    }
    for figure in ["12*", "12 (1)", "12¹", "121"] {
        let (_, ended) = run(&definition(COUNTS, ""), &table(&[("Canada", figure), ("Total", "12")]));
        assert_eq!(ended.code, 1, "a figure's mark needs its note: {figure}");
    }
}

#[test]
fn a_mark_of_a_heading_or_a_label_holds_for_its_figures() {
    let document =
        "T\n\nRegion\t2023\t2024p\nCanada\t1\t2\nJapan (r)\t12\t3 e\nTotal\t13\t5\n\np: provisional\n";
    let (case, ended) = run(&definition(COUNTS, "[flags]\ne = \"E\"\nr = \"A\"\n"), document);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let rows = case.rows("observations");
    assert_eq!((of(&rows, "CAN")[2].as_str(), of(&rows, "JPN")[2].as_str()), ("P", "E"));
    assert!(rows.iter().filter(|row| row["period"] == "2023").all(|row| row["status"] == "A"));
    assert_eq!(notes(&case)[0][..3], ["p", "T", "3:13"].map(str::to_owned));
}

#[test]
fn what_a_definition_says_of_figures_and_marks_is_checked() {
    let cases = [
        ("symbols = \"gs\"\n", "", "d.toml:5:11", "did you mean `gss`?"),
        ("", "[symbols]\nx = \"Z\"\n", "d.toml:19:5", "`Z` is no observation status of SDMX"),
        ("", "[symbols]\nx = \"suppressed\"\n", "d.toml:19:5", "write `Q`"),
        ("", "[symbols]\n\"1 500\" = \"Q\"\n", "d.toml:19:1", "`1 500` cannot be a mark"),
        ("", "[symbols]\nstyle = \"statscan\"\n", "d.toml:19:9", "did you mean `statcan` or"),
        ("", "[symbols]\nx = 5\n", "d.toml:19:5", "expected a status"),
        ("", "[figures]\ndecimal = \";\"\n", "d.toml:19:11", "unknown variant"),
        ("", "[figures]\nthousands = [\" \"]\n", "d.toml:19:13", "needs the decimal mark beside it"),
        ("", "[figures]\ndecimal = \",\"\nthousands = [\" \", \",\"]\n", "d.toml:20:13", "cannot part both"),
        ("", "[figures]\ndecimal = \",\"\nthousands = [\"_\"]\n", "d.toml:20:13", "`_` parts no thousands"),
        ("", "[figures]\nnegative = \"bracket\"\n", "d.toml:19:12", "did you mean `brackets`?"),
    ];
    for (keys, tables, place, words) in cases {
        let (_, ended) = run(&definition(keys, &format!("{COUNTS}{tables}")), "T\n");
        assert_eq!(ended.code, 78, "{tables}: {}", ended.err);
        says(&ended.err, &[place, words]);
    }
}

#[test]
fn odd_cells_are_refused_without_harm() {
    let long = "9".repeat(1_000_000);
    let marks = "(1)".repeat(300_000);
    let stars = format!("12{}", "*".repeat(1_000_000));
    for cell in [
        long.as_str(),
        &marks,
        &stars,
        &"¹,".repeat(300_000),
        "\u{1b}[31m12",
        "\u{202e}12",
        "🦀",
        "12🦀",
        "\u{200b}",
        "12\u{7f}",
    ] {
        let (_, ended) =
            run(&definition(COUNTS, ""), &table(&[("Canada", cell), ("Japan", "1"), ("Total", "1")]));
        assert_eq!(ended.code, 1, "{}", &ended.err[..ended.err.len().min(300)]);
        assert!(
            ended.err.len() < 2_000 && !ended.err.contains(['\u{1b}', '\u{202e}']),
            "{}",
            ended.err.len()
        );
    }
    for label in [&marks, &"Canada*".repeat(100_000)] {
        let (_, ended) = run(&definition(COUNTS, ""), &table(&[(label, "1"), ("Total", "1")]));
        assert_eq!(ended.code, 1);
    }
}

#[test]
fn figures_are_read_without_allocating() {
    use bluebook::extract::figure::{Known, Reading};
    use bluebook::grammar::number::{NegativeStyle, NumberConvention};
    let known = Known::default();
    let reading = Reading {
        definition: None,
        roles: &[],
        measure: 0,
        convention: NumberConvention::POINT,
        known: &known,
    };
    let cells = ["47 021", "1,331", "9708", "-5", "8\u{a0}490"];
    let counted = allocation_counter::measure(|| {
        assert!(cells.iter().all(|cell| reading.read(&Cell::printed(1, *cell)).is_ok()));
        assert_eq!(
            NumberConvention::detect(cells.into_iter(), 0, NegativeStyle::Minus),
            Ok(NumberConvention::POINT)
        );
    });
    assert_eq!(counted.count_total, 0);
}

/// A random text of what marks, labels and figures are made of.
fn random(state: &mut u64) -> String {
    const PARTS: [&str; 40] = [
        "1",
        "23",
        "456",
        "0",
        ".",
        ",",
        " ",
        "\u{a0}",
        "'",
        "-",
        "−",
        "(",
        ")",
        "[",
        "]",
        "*",
        "†",
        "¹",
        "²",
        "①",
        "note",
        "Note ",
        "註",
        "p",
        "r",
        "x",
        "a",
        "Canada",
        "%",
        "$",
        "…",
        "..",
        ":",
        "=",
        "less than ",
        "not available",
        "\u{202e}",
        "🦀",
        "İ",
        "１",
    ];
    let mut next = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize
    };
    (0..next() % 9).map(|_| PARTS[next() % PARTS.len()]).collect()
}

/// Takes random texts through every grammar of cells.
fn survives(texts: u32) {
    use bluebook::extract::figure::{Known, Reading};
    use bluebook::grammar::number::{NegativeStyle, NumberConvention};
    use bluebook::grammar::period::heading;
    use bluebook::grammar::{footnote, status_flag};
    let known = Known { noted: ["1", "a", "*"].map(str::to_owned).into(), ..Known::default() };
    let mut state = 1;
    for _ in 0..texts {
        let text = random(&mut state);
        for convention in [NumberConvention::POINT, NumberConvention::COMMA] {
            for negative in [NegativeStyle::Minus, NegativeStyle::Brackets, NegativeStyle::TrailingMinus] {
                let reading = Reading {
                    definition: None,
                    roles: &[],
                    measure: 0,
                    convention: NumberConvention { negative, ..convention },
                    known: &known,
                };
                let _ = (reading.read(&Cell::printed(1, text.as_str())), reading.convention.parse(&text, 3));
            }
        }
        let marked = footnote::split_markers(&text, |_| true);
        assert!(text.starts_with(marked.text));
        let _ = (
            footnote::split_heading_markers(&text),
            footnote::parse_opening(&text),
            status_flag::parse_legend(&text),
            status_flag::is_symbol(&text),
            heading::parse(&text),
        );
        let _ = NumberConvention::detect([text.as_str(), "1.234"].into_iter(), 3, NegativeStyle::Minus);
    }
}

#[test]
fn no_text_makes_a_grammar_panic() {
    survives(10_000);
}

#[test]
#[ignore = "a million texts take a minute without optimisation"]
fn no_text_of_a_million_makes_a_grammar_panic() {
    survives(1_000_000);
}
