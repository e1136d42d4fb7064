//! The annex as a workbook, laid out as offices lay out theirs: each layout gives the observations of the text but for the
//! place, and each place leads to the cell that holds the value.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::support::{Case, annex, placeless, root};

/// A table of the annex: its title, its header and its rows, as printed.
struct Printed {
    title: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The seven tables, read off the annex by tabs alone.
fn tables() -> Vec<Printed> {
    let annex = annex();
    let blocks: Vec<Vec<&str>> = annex.split("\n\n").map(|block| block.lines().collect()).collect();
    let table = |(title, block): (&Vec<&str>, &Vec<&str>)| {
        let rows: Vec<Vec<String>> =
            block.iter().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
        let (header, rows) = rows.split_first()?;
        let title = title.join(" ");
        (header.len() > 1).then(|| Printed { title, header: header.clone(), rows: rows.to_vec() })
    };
    blocks.iter().zip(&blocks[1..]).filter_map(table).collect()
}

/// Where each figure was written: category by category in the annex's order, row by row.
type Places = BTreeMap<(usize, usize, usize), String>;

/// How the tables are laid out.
#[allow(clippy::struct_excessive_bools)] // each is a way of its own
#[derive(Clone, Debug)]
struct Layout {
    /// A sheet for each table, or all on one.
    sheets: bool,
    /// The sheet's name says which table it is, and nothing else does.
    by_name: bool,
    /// Two tables side by side.
    beside: bool,
    /// Empty rows above and empty columns to the left.
    offset: (u32, u16),
    /// Empty columns between those of a table.
    spaced: bool,
    /// Empty rows between title, header and body.
    gaps: (u32, u32),
    /// Figures as numbers, or as the text that is printed.
    numbers: bool,
    /// The title in a cell merged over the table.
    merged: bool,
    /// The regions across.
    across: bool,
    /// The order of the tables.
    backwards: bool,
    /// A sheet before the tables and one behind, of words.
    covered: bool,
}

const PLAIN: Layout = Layout {
    sheets: false,
    by_name: false,
    beside: false,
    offset: (0, 0),
    spaced: false,
    gaps: (1, 0),
    numbers: true,
    merged: false,
    across: false,
    backwards: false,
    covered: false,
};

impl Layout {
    /// The workbook, and where its figures stand.
    fn print(&self) -> (Vec<u8>, Places) {
        let mut book = Workbook::new();
        let (tables, mut places) = (tables(), Places::new());
        if self.covered {
            cover(book.add_worksheet().set_name("Cover").unwrap());
        }
        let mut order: Vec<usize> = (0..tables.len()).collect();
        if self.backwards {
            order.reverse();
        }
        let (mut row, mut column, mut lowest) = (self.offset.0, self.offset.1, 0);
        for (nth, &at) in order.iter().enumerate() {
            let new = nth == 0 || self.sheets;
            if new {
                (row, column) = self.offset;
                let name = if self.sheets { CODES[at].to_owned() } else { "Tables".into() };
                book.add_worksheet().set_name(name).unwrap();
            }
            let sheet = book.worksheets_mut().last_mut().unwrap();
            let (end, right) = self.table(sheet, &tables[at], (at, row, column), &mut places);
            lowest = lowest.max(end);
            if self.beside && nth % 2 == 0 {
                column = right + 2;
            } else {
                (row, column) = (lowest + 2, self.offset.1);
            }
        }
        if self.covered {
            cover(book.add_worksheet().set_name("Notes").unwrap());
        }
        (book.save_to_buffer().unwrap(), places)
    }

    /// Prints a table; returns its last row and column.
    fn table(
        &self,
        sheet: &mut Worksheet,
        of: &Printed,
        (at, top, left): (usize, u32, u16),
        places: &mut Places,
    ) -> (u32, u16) {
        let step = if self.spaced { 2 } else { 1 };
        let cells = self.cells(of);
        let width = cells[0].len() as u16;
        let right = left + (width - 1) * step;
        let mut row = top;
        if !self.by_name {
            if self.merged {
                sheet.merge_range(row, left, row, right, &of.title, &Format::new()).unwrap();
            } else {
                sheet.write(row, left, of.title.as_str()).unwrap();
            }
            row += 1 + self.gaps.0;
        }
        for (y, line) in cells.iter().enumerate() {
            for (x, (text, figure)) in line.iter().enumerate() {
                let column = left + x as u16 * step;
                self.write(sheet, (row, column), text, figure.is_some());
                if let Some((r, c)) = figure {
                    let name = rust_xlsxwriter::utility::row_col_to_cell(row, column);
                    places.insert((at, *r, *c), format!("{}!{name}", sheet.name()));
                }
            }
            row += if y == 0 { 1 + self.gaps.1 } else { 1 };
        }
        (row - 1, right)
    }

    /// The cells of a table as they are laid out, each figure with its row and column as printed.
    #[allow(clippy::type_complexity)] // a cell of the test's own paper
    fn cells(&self, of: &Printed) -> Vec<Vec<(String, Option<(usize, usize)>)>> {
        let labelled = of.header[0] == "Region";
        let head = of.header.iter().map(|text| (text.clone(), None)).collect();
        let line = |(r, row): (usize, &Vec<String>)| {
            let figure = |(c, text): (usize, &String)| (text.clone(), (c > 0 || !labelled).then_some((r, c)));
            row.iter().enumerate().map(figure).collect()
        };
        let down: Vec<Vec<_>> = std::iter::once(head).chain(of.rows.iter().enumerate().map(line)).collect();
        if !self.across || !labelled {
            return down;
        }
        (0..down[0].len()).map(|x| down.iter().map(|row: &Vec<_>| row[x].clone()).collect()).collect()
    }

    fn write(&self, sheet: &mut Worksheet, (row, column): (u32, u16), text: &str, is_figure: bool) {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let number = if text == "-" { Some(0.0) } else { digits.parse::<f64>().ok() };
        match number.filter(|_| is_figure && self.numbers) {
            Some(number) => {
                let format = Format::new().set_num_format("#,##0;-#,##0;\"-\"");
                sheet.write_number_with_format(row, column, number, &format).unwrap()
            }
            None => sheet.write_string(row, column, text).unwrap(),
        };
    }
}

const CODES: [&str; 7] = ["TTPS", "GEP", "ASMTP", "IANG", "TechTAS", "QMAS", "ASSG"];

fn cover(sheet: &mut Worksheet) {
    sheet.write(1, 1, "Applications approved under the admission schemes").unwrap();
    sheet.write(3, 1, "Figures are published twice a year.").unwrap();
}

/// Runs the program on a workbook, and holds what is published against what the text gives.
fn hold(layout: &Layout) {
    let (book, places) = layout.print();
    let case = Case::new().file("input/annex.xlsx", book);
    let ended = case.run(&["run"]);
    assert_eq!(ended.code, 0, "{layout:?}\n{}", ended.err);
    let rows = case.rows("observations");
    for row in rows.iter().filter(|row| row["basis"] != "derived") {
        let place = &row["source_position"];
        assert!(places.values().any(|own| own == place), "{layout:?}: {place} holds no figure");
    }
    let (found, expected) = (sameness(rows), sameness(expected()));
    assert_eq!(found, expected, "{layout:?}");
}

/// The observations of the text.
fn expected() -> Vec<BTreeMap<String, String>> {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    case.rows("observations")
}

/// What must not depend on the layout. A zero that is stored needs no proof.
fn sameness(rows: Vec<BTreeMap<String, String>>) -> Vec<BTreeMap<String, String>> {
    let published = |mut row: BTreeMap<String, String>| {
        if row["basis"] == "nil" {
            row.insert("basis".into(), "published".into());
        }
        row
    };
    placeless(rows).into_iter().map(published).collect()
}

#[test]
fn every_layout_gives_the_observations_of_the_text() {
    let layouts = [
        PLAIN,
        Layout { numbers: false, ..PLAIN },
        Layout { sheets: true, ..PLAIN },
        Layout { sheets: true, by_name: true, ..PLAIN },
        Layout { beside: true, ..PLAIN },
        Layout { offset: (3, 2), gaps: (0, 1), ..PLAIN },
        Layout { spaced: true, ..PLAIN },
        Layout { merged: true, sheets: true, gaps: (0, 0), ..PLAIN },
        Layout { merged: true, beside: true, offset: (2, 1), ..PLAIN },
        Layout { across: true, sheets: true, ..PLAIN },
        Layout { backwards: true, covered: true, ..PLAIN },
        Layout { sheets: true, covered: true, offset: (4, 3), spaced: true, numbers: false, ..PLAIN },
    ];
    for layout in &layouts {
        hold(layout);
    }
}

fn layouts() -> impl Strategy<Value = Layout> {
    let truths = any::<[bool; 8]>();
    (truths, 0u32..5, 0u16..5, 0u32..3, 0u32..2).prop_map(|(truths, down, right, above, below)| {
        let [sheets, beside, spaced, numbers, merged, across, backwards, covered] = truths;
        Layout {
            sheets,
            by_name: false,
            // Beside another, a table's title stands right above it.
            beside: beside && !sheets,
            spaced: spaced && !beside,
            across: across && !beside,
            offset: (down, right),
            gaps: (above, below),
            numbers,
            merged,
            backwards,
            covered,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_layouts_give_the_observations_of_the_text(layout in layouts()) {
        hold(&layout);
    }
}

/// `cargo test -- --ignored thousand_layouts`
#[test]
#[ignore = "it takes minutes"]
fn a_thousand_layouts_give_the_observations_of_the_text() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(1000));
    runner
        .run(&layouts(), |layout| {
            hold(&layout);
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_format_gives_the_observations_of_the_text() {
    for name in ["annex.xls", "annex.ods", "annex.xlsb"] {
        let book = std::fs::read(root().join("tests/data/workbooks").join(name)).unwrap();
        let case = Case::new().file(&format!("input/{name}"), book);
        let ended = case.run(&["run"]);
        assert_eq!(ended.code, 0, "{name}\n{}", ended.err);
        assert_eq!(placeless(case.rows("observations")), placeless(expected()), "{name}");
    }
}
