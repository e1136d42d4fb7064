//! Tables whose columns were lost give the same observations, or a problem; never another figure.

use crate::support::{Case, annex, placeless, real, says};

/// A document as it is copied from a PDF: one blank between cells, lines wrapped.
fn flattened(text: &str, header_keeps_its_tabs: bool, width: usize) -> String {
    let lines = text.lines().map(|line| {
        let header = line.contains("\t2025\t");
        if header && header_keeps_its_tabs {
            line.to_owned()
        } else {
            wrapped(&line.replace('\t', " "), width)
        }
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// A line broken between words, so that none is longer than `width`.
fn wrapped(line: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.last_mut().unwrap();
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines.join("\n")
}

/// Both prints of the annex: the project's and the publisher's.
fn annexes() -> Vec<String> {
    let published = real("text/talent-admission-schemes-2026-02.txt");
    [annex()].into_iter().chain(published.map(|path| std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn a_flattened_annex_gives_the_same_observations() {
    let plain = Case::with(&annex());
    assert_eq!(plain.run(&["run"]).code, 0);
    let expected = placeless(plain.rows("observations"));
    assert_eq!(expected.len(), 228);
    for text in annexes() {
        for (tabs, width) in [60, 80, 100, 10_000].iter().flat_map(|&width| [(false, width), (true, width)]) {
            let case = Case::with(&flattened(&text, tabs, width));
            let ended = case.run(&["run"]);
            assert_eq!(ended.code, 0, "tabs {tabs}, width {width}: {}", ended.err);
            assert_eq!(placeless(case.rows("observations")), expected, "tabs {tabs}, width {width}");
        }
    }
}

#[test]
fn the_places_of_parted_figures_are_those_of_the_text() {
    let text = flattened(&annex(), false, 80);
    let lines: Vec<&str> = text.lines().collect();
    let case = Case::with(&text);
    assert_eq!(case.run(&["run"]).code, 0);
    let mut seen = 0;
    for row in case.rows("observations").iter().filter(|row| !row["source_position"].is_empty()) {
        let (line, column) = row["source_position"].split_once(':').unwrap();
        let (line, column): (usize, usize) = (line.parse().unwrap(), column.parse().unwrap());
        assert!(lines[line - 1][column - 1..].starts_with(&row["value_label"]), "{row:?}");
        seen += 1;
    }
    assert_eq!(seen, 224);
}

#[test]
fn figures_that_stand_on_two_lines_are_a_problem() {
    let ended = Case::with(&flattened(&annex(), false, 40)).run(&["check"]);
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["the figures of a row are on two lines", "annex.txt:17:18", "put the row on one line"],
    );
    assert!(!ended.err.contains("cells too few"), "{}", ended.err);
}

/// A document of one table.
fn table(rows: &str) -> String {
    format!("General Employment Policy\n\nRegion 2023 2024 2025\n{rows}\n")
}

/// The regions, periods and figures that the rows of a table are read as.
fn read(rows: &str) -> Vec<String> {
    let case = Case::in_parts(&table(rows));
    let ended = case.run(&["run"]);
    assert_eq!(ended.code, 0, "{rows}: {}", ended.err);
    let printed = case.rows("observations");
    let mut printed: Vec<String> = printed
        .iter()
        .map(|row| format!("{} {} {}", row["region"], row["period"], row["value_label"]))
        .collect();
    printed.sort();
    printed
}

/// What a table of two regions is read as.
fn expected(rows: [(&str, [&str; 3]); 3]) -> Vec<String> {
    let row = |(region, figures): (&str, [&str; 3])| {
        [0, 1, 2].map(|year| format!("{region} {} {}", 2023 + year, figures[year]))
    };
    let mut all: Vec<String> = rows.into_iter().flat_map(row).collect();
    all.sort();
    all
}

const JAPAN: &str = "Japan 219 173 170 828\nCanada 5 1 204 300\nTotal 219 178 1 374 1 128";

#[test]
fn the_total_tells_which_reading_is_right() {
    // 219 173 + 5 = 219 178, 170 + 1 204 = 1 374, 828 + 300 = 1 128.
    let figures = expected([
        ("JPN", ["219 173", "170", "828"]),
        ("CAN", ["5", "1 204", "300"]),
        ("_T", ["219 178", "1 374", "1 128"]),
    ]);
    assert_eq!(read(JAPAN), figures);
}

#[test]
fn where_no_reading_meets_the_total_none_is_taken() {
    let ended = Case::in_parts(&table(&JAPAN.replace("1 128", "1 129"))).run(&["check"]);
    let problems = "\
error: the columns of this row are lost, and it has 3 readings: `219 | 173 | 170 828`, `219 | 173 170 | 828`, `219 173 | 170 | 828`
  --> input/annex.txt:4:7
    4 | Japan 219 173 170 828
      |       ^^^^^^^^^^^^^^^
help: a total that only one of them meets would resolve it; or copy the table from the original, with tabs between its cells

error: the columns of this row are lost, and it has 2 readings: `5 | 1 | 204 300`, `5 | 1 204 | 300`
  --> input/annex.txt:5:8
    5 | Canada 5 1 204 300
      |        ^^^^^^^^^^^
help: a total that only one of them meets would resolve it; or copy the table from the original, with tabs between its cells

2 problems; nothing was published, what was published before stands
";
    assert_eq!((ended.code, ended.err.as_str()), (1, problems));
}

#[test]
fn labels_may_be_wrapped_and_cells_glued() {
    // 7 + 1 = 8, 134 + 1 = 135, 145 286 + 14 = 145 300.
    let glued = expected([
        ("PRK", ["7", "134", "145286"]),
        ("GBR", ["1", "1", "14"]),
        ("_T", ["8", "135", "145 300"]),
    ]);
    let rows = "The Democratic People's Republic of\nKorea 7134145286\nThe United\nKingdom\n1 1 14\nTotal 8 135 145 300";
    assert_eq!(read(rows), glued);
}

#[test]
fn a_row_that_lost_a_figure_is_a_problem() {
    let ended = Case::in_parts(&table(&JAPAN.replace("5 1 204 300", "1 204"))).run(&["check"]);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["it cannot be read as 3 cells", "annex.txt:5:8", "2 problems"]);
    assert!(!ended.err.contains("too few") && !ended.err.contains("add up"), "{}", ended.err);
}

/// What `inspect` finds in a real text: kind, place and text of each cell.
fn inspected(name: &str) -> Option<(Vec<String>, String)> {
    let path = real(&format!("text/{name}"))?;
    let ended = Case::new().run(&["inspect", "--format", "json", path.to_str().unwrap()]);
    let items = ended.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let told = |item: serde_json::Value| {
        let field = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", field("position"), field("kind"), field("text"))
    };
    Some((items.map(told).collect(), ended.err))
}

#[test]
fn permits_whose_rows_have_one_reading_are_read() {
    let Some((items, err)) = inspected("permits-flattened-ambiguous.txt") else { return };
    let expected = [
        "4:1 label Employment Visas for foreigners Note 1",
        "4:40 figure 26 344",
        "4:47 figure 22 815",
        "4:54 figure 22 280",
        "8:1 label Employment Visas under 'Admission Scheme for Mainland Talents and Professionals'",
        "8:1 figure 6 297",
        "8:7 figure 6 552",
        "8:13 figure 6 718",
        "12:1 label Employment Visas under 'Immigration Arrangements for Non-local Graduates' Note 2",
        "12:1 nil -",
        "12:3 figure 3 124",
        "12:9 figure 3 398",
        "13:34 figure 6 288",
        "14:24 figure 4 627",
        "15:28 figure 61 106",
        "16:22 unknown 351 184 340 578 268 608",
        "17:21 figure 1 047",
        "17:27 figure 893",
        "17:31 figure 802",
    ];
    for item in expected {
        assert!(items.contains(&item.to_owned()), "{item} is not in {items:#?}");
    }
    says(&err, &["it has 10 readings", "`351 184 | 340 | 578 268 608`", "txt:16:22", "1 problem;"]);
}

#[test]
fn an_empty_template_gives_nothing() {
    let Some((items, err)) = inspected("blank-template.txt") else { return };
    assert!(items.iter().skip(1).all(|item| item.contains(" prose ")), "{items:?}");
    assert_eq!(err, "");
}
