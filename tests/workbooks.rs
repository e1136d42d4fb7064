//! The annex as a workbook, laid out as offices lay out theirs: each layout gives the observations of the text but for the
//! place, and each place leads to the cell that holds the value.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::support::{Case, annex, placeless, root};

/// A table of the annex: its title, its header and its rows, as printed.
struct Printed {
    title: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The line of its first row.
    line: usize,
}

/// The seven tables, read off the annex by tabs alone.
fn tables() -> Vec<Printed> {
    let annex = annex();
    let lines: Vec<&str> = annex.lines().collect();
    let blocks: Vec<&[&str]> = lines.split(|line| line.is_empty()).collect();
    let begins = |at: usize| blocks[..at].iter().map(|block| block.len() + 1).sum::<usize>();
    let table = |at: usize| {
        let rows: Vec<Vec<String>> =
            blocks[at].iter().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
        let (header, rows) = rows.split_first().filter(|(header, _)| header.len() > 1)?;
        let title = blocks[at - 1].join(" ");
        Some(Printed { title, header: header.clone(), rows: rows.to_vec(), line: begins(at) + 2 })
    };
    (1..blocks.len()).filter_map(table).collect()
}

impl Printed {
    /// Whether a label stands before each row's figures.
    fn is_labelled(&self) -> bool {
        self.header[0] == "Region"
    }

    /// Where the annex prints a cell.
    fn place(&self, row: usize, column: usize) -> String {
        let before: usize = self.rows[row][..column].iter().map(|cell| cell.chars().count() + 1).sum();
        format!("{}:{}", self.line + row, before + 1)
    }
}

/// Where each figure was written, by its place in the annex.
type Places = BTreeMap<String, String>;

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
    /// Empty rows between tables.
    apart: u32,
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
    /// How the years are printed.
    years: Years,
    /// Only the first table of a sheet has a header; below it, titles are heads of sections.
    sectioned: bool,
}

/// How the header prints the years.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Years {
    /// As the annex does.
    Printed,
    /// As dates that show their year.
    Dates,
    /// What stands behind a year in a row of its own, the other headings merged down over both.
    TwoRows,
    /// Below what is counted, in a cell merged over all of them.
    Captioned,
}

const PLAIN: Layout = Layout {
    sheets: false,
    by_name: false,
    beside: false,
    offset: (0, 0),
    spaced: false,
    gaps: (1, 0),
    apart: 1,
    numbers: true,
    merged: false,
    across: false,
    backwards: false,
    covered: false,
    years: Years::Printed,
    sectioned: false,
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
            let paper = Paper { sheet: book.worksheets_mut().last_mut().unwrap(), places: &mut places };
            let headed = new || !self.sectioned;
            let (end, right) = self.table(paper, &tables[at], headed, (row, column));
            lowest = lowest.max(end);
            if self.beside && nth % 2 == 0 {
                column = right + 2;
            } else {
                (row, column) = (lowest + 1 + self.apart, self.offset.1);
            }
        }
        if self.covered {
            cover(book.add_worksheet().set_name("Notes").unwrap());
        }
        (book.save_to_buffer().unwrap(), places)
    }

    /// Prints a table; returns its last row and column.
    fn table(&self, mut paper: Paper<'_>, of: &Printed, headed: bool, (top, left): (u32, u16)) -> (u32, u16) {
        // In sections, all figures stand below the first header.
        let shift = usize::from(self.sectioned && !of.is_labelled());
        let cells = self.cells(of, shift);
        let columns = Columns { left, step: if self.spaced { 2 } else { 1 } };
        let right = columns.at(cells[0].len() - 1);
        let mut row = top;
        if !self.by_name {
            paper.merged((row, left, row, if self.merged { right } else { left }), &of.title);
            row += 1 + self.gaps.0;
        }
        for (y, line) in cells.iter().enumerate() {
            match y {
                0 if !headed => {}
                0 => row += self.header(&mut paper, line, row, columns) + self.gaps.1,
                _ => {
                    for (x, cell) in line.iter().enumerate() {
                        self.write(&mut paper, (row, columns.at(x)), cell);
                    }
                    row += 1;
                }
            }
        }
        (row - 1, right)
    }

    /// Prints a header; returns how many rows it takes.
    fn header(&self, paper: &mut Paper<'_>, line: &[Cell], row: u32, columns: Columns) -> u32 {
        if self.across || matches!(self.years, Years::Printed | Years::Dates) {
            for (x, cell) in line.iter().enumerate() {
                self.write(paper, (row, columns.at(x)), cell);
            }
            return 1;
        }
        let labels = usize::from(line[0].text == "Region");
        if self.years == Years::Captioned {
            let (first, last) = (columns.at(labels), columns.at(line.len() - 1));
            paper.merged((row, first, row, last), "Number of applications approved");
        }
        for (x, cell) in line.iter().enumerate() {
            let column = columns.at(x);
            match cell.text.split_once(" (") {
                _ if self.years == Years::Captioned && x >= labels => {
                    paper.text((row + 1, column), &cell.text);
                }
                Some((year, behind)) => {
                    paper.text((row, column), year);
                    paper.text((row + 1, column), &format!("({behind}"));
                }
                None => paper.merged((row, column, row + 1, column), &cell.text),
            }
        }
        2
    }

    /// The cells of a table as they are laid out, so many columns to the right.
    fn cells(&self, of: &Printed, shift: usize) -> Vec<Vec<Cell>> {
        let labels = usize::from(of.is_labelled());
        let head = of.header.iter().enumerate();
        let head = head.map(|(x, text)| Cell { text: text.clone(), is_year: x >= labels, place: None });
        let empty = || (0..shift).map(|_| Cell { text: String::new(), is_year: false, place: None });
        let line = |(r, row): (usize, &Vec<String>)| {
            let cell = |(c, text): (usize, &String)| {
                let place = (c >= labels).then(|| of.place(r, c));
                Cell { text: text.clone(), is_year: false, place }
            };
            empty().chain(row.iter().enumerate().map(cell)).collect()
        };
        let head: Vec<Cell> = empty().chain(head).collect();
        let down: Vec<Vec<Cell>> =
            std::iter::once(head).chain(of.rows.iter().enumerate().map(line)).collect();
        if !self.across || !of.is_labelled() {
            return down;
        }
        (0..down[0].len()).map(|x| down.iter().map(|row| row[x].clone()).collect()).collect()
    }

    fn write(&self, paper: &mut Paper<'_>, at: (u32, u16), cell: &Cell) {
        let Cell { text, place, is_year } = cell;
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let number = if text == "-" { Some(0.0) } else { digits.parse::<f64>().ok() };
        match number {
            Some(number) if place.is_some() && self.numbers => {
                paper.number(at, number, "#,##0;-#,##0;\"-\"");
            }
            Some(year) if *is_year && self.years == Years::Dates => {
                let date = rust_xlsxwriter::ExcelDateTime::from_ymd(year as u16, 1, 1).unwrap();
                paper.number(at, date.to_excel(), "yyyy");
            }
            _ => paper.text(at, text),
        }
        if let Some(place) = place {
            let cell = rust_xlsxwriter::utility::row_col_to_cell(at.0, at.1);
            paper.places.insert(place.clone(), format!("{}!{cell}", paper.sheet.name()));
        }
    }
}

/// A cell as it is laid out.
#[derive(Clone)]
struct Cell {
    text: String,
    is_year: bool,
    /// Where the annex prints it, if it is a figure.
    place: Option<String>,
}

/// Which columns of a sheet a table has.
#[derive(Clone, Copy)]
struct Columns {
    left: u16,
    step: u16,
}

impl Columns {
    fn at(self, x: usize) -> u16 {
        self.left + x as u16 * self.step
    }
}

/// A sheet, and where its figures were written.
struct Paper<'p> {
    sheet: &'p mut Worksheet,
    places: &'p mut Places,
}

impl Paper<'_> {
    fn text(&mut self, (row, column): (u32, u16), text: &str) {
        if !text.is_empty() {
            self.sheet.write_string(row, column, text).unwrap();
        }
    }

    fn number(&mut self, (row, column): (u32, u16), number: f64, format: &str) {
        let format = Format::new().set_num_format(format);
        self.sheet.write_number_with_format(row, column, number, &format).unwrap();
    }

    /// Prints a text over an area, which may be a single cell.
    fn merged(&mut self, (top, left, bottom, right): (u32, u16, u32, u16), text: &str) {
        if (top, left) == (bottom, right) {
            self.text((top, left), text);
        } else {
            self.sheet.merge_range(top, left, bottom, right, text, &Format::new()).unwrap();
        }
    }
}

const CODES: [&str; 7] = ["TTPS", "GEP", "ASMTP", "IANG", "TechTAS", "QMAS", "ASSG"];

fn cover(sheet: &mut Worksheet) {
    sheet.write(1, 1, "Applications approved under the admission schemes").unwrap();
    sheet.write(3, 1, "Figures are published twice a year.").unwrap();
}

/// Runs the program on a layout, and holds what is published against what the text gives.
fn hold(layout: &Layout) {
    let (book, places) = layout.print();
    hold_file("annex.xlsx", book, &places, &format!("{layout:?}"));
}

/// Holds what is published of a workbook against what the text gives, and each place against where the figure was written.
fn hold_file(name: &str, book: Vec<u8>, places: &Places, shown: &str) {
    let case = Case::new().file(&format!("input/{name}"), book);
    let ended = case.run(&["run"]);
    assert_eq!(ended.code, 0, "{shown}\n{}", ended.err);
    let (rows, expected) = (case.rows("observations"), expected());
    for (row, of_text) in rows.iter().zip(&expected) {
        let place = &of_text["source_position"];
        let own = if place.is_empty() { place } else { &places[place] };
        assert_eq!(&row["source_position"], own, "{shown}: {place}");
    }
    assert_eq!(sameness(rows), sameness(expected), "{shown}");
}

/// The observations of the text.
fn expected() -> Vec<BTreeMap<String, String>> {
    static EXPECTED: OnceLock<Vec<BTreeMap<String, String>>> = OnceLock::new();
    let of_text = || {
        let case = Case::with(&annex());
        assert_eq!(case.run(&["run"]).code, 0);
        case.rows("observations")
    };
    EXPECTED.get_or_init(of_text).clone()
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
fn every_format_gives_the_observations_of_the_text() {
    let (_, places) = Layout { apart: 2, ..PLAIN }.print();
    for name in ["annex.xls", "annex.ods", "annex.xlsb"] {
        let book = fs::read(root().join("tests/data/workbooks").join(name)).unwrap();
        hold_file(name, book, &places, name);
    }
}

#[test]
fn every_layout_gives_the_observations_of_the_text() {
    let layouts = [
        PLAIN,
        Layout { numbers: false, ..PLAIN },
        Layout { sheets: true, ..PLAIN },
        Layout { beside: true, ..PLAIN },
        Layout { offset: (3, 2), gaps: (0, 1), ..PLAIN },
        Layout { spaced: true, ..PLAIN },
        Layout { merged: true, sheets: true, gaps: (0, 0), ..PLAIN },
        Layout { merged: true, beside: true, offset: (2, 1), ..PLAIN },
        Layout { across: true, sheets: true, ..PLAIN },
        Layout { backwards: true, covered: true, ..PLAIN },
        Layout { sheets: true, covered: true, offset: (4, 3), spaced: true, numbers: false, ..PLAIN },
        Layout { sheets: true, by_name: true, ..PLAIN },
        Layout { years: Years::Dates, ..PLAIN },
        Layout { years: Years::Dates, across: true, offset: (1, 1), ..PLAIN },
        Layout { years: Years::TwoRows, ..PLAIN },
        Layout { years: Years::TwoRows, beside: true, merged: true, ..PLAIN },
        Layout { years: Years::Captioned, sheets: true, ..PLAIN },
        Layout { years: Years::Captioned, spaced: true, merged: true, ..PLAIN },
        Layout { sectioned: true, ..PLAIN },
        Layout { sectioned: true, merged: true, gaps: (0, 0), years: Years::TwoRows, ..PLAIN },
    ];
    for layout in &layouts {
        hold(layout);
    }
}

fn layouts() -> impl Strategy<Value = Layout> {
    let truths = any::<[bool; 10]>();
    let years = prop::sample::select(vec![Years::Printed, Years::Dates, Years::TwoRows, Years::Captioned]);
    (truths, years, 0u32..5, 0u16..5, (0u32..3, 0u32..2, 1u32..4)).prop_map(
        |(truths, years, down, right, (above, below, apart))| {
            let [sheets, by_name, beside, spaced, numbers, merged, across, backwards, covered, sectioned] =
                truths;
            // Below one header, all tables have its columns.
            let sectioned = sectioned && !sheets;
            let beside = beside && !sheets && !sectioned;
            Layout {
                sheets,
                by_name: by_name && sheets,
                beside,
                spaced: spaced && !beside,
                across: across && !beside && !sectioned,
                offset: (down, right),
                gaps: (above, below),
                apart,
                numbers,
                merged,
                backwards,
                covered,
                years,
                sectioned,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

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
fn a_figure_of_a_sheet_is_shown_where_it_stands() {
    let book = std::fs::read(root().join("tests/data/workbooks/annex.xlsb")).unwrap();
    let case = Case::new().file("input/annex.xlsb", book);
    let ended = case.run(&["explain", "TTPS/CAN/2024"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let shown = "  --> input/annex.xlsb:Tables!C5\n    5 | Canada | 549 | 393 | 346 | 61\n      |                ^^^ printed `393`, read as 393\n";
    assert!(ended.out.contains(shown), "{}", ended.out);
}
