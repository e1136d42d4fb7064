//! A document as lines of cells, which is printed as a text or a workbook, and the figures that it reports.

use std::collections::BTreeMap;

use rust_xlsxwriter::Workbook;

use super::Chance;
use crate::support::{annex, root, rows};

/// The figures of a document, by their key: `TTPS/CAN/2024`; none where nothing is known.
pub type Truth = BTreeMap<String, Option<i64>>;

/// A document.
#[derive(Clone, Debug)]
pub struct Page {
    pub lines: Vec<Line>,
    pub truth: Truth,
}

/// A line of cells.
#[derive(Clone, Debug)]
pub struct Line {
    pub cells: Vec<String>,
    pub role: Role,
    /// The number of its table.
    pub table: usize,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Blank,
    Title,
    /// A header with so many columns of labels.
    Header(usize),
    /// A row of figures behind so many labels.
    Row(usize),
    /// The same, and it is a total.
    Total(usize),
}

impl Page {
    pub fn text(&self) -> Vec<u8> {
        let lines: Vec<String> = self.lines.iter().map(|line| line.cells.join("\t")).collect();
        (lines.join("\n") + "\n").into_bytes()
    }

    pub fn workbook(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, line) in (0u32..).zip(&self.lines) {
            for (column, cell) in (0u16..).zip(&line.cells).filter(|(_, cell)| !cell.is_empty()) {
                match cell.replace(' ', "").parse::<f64>() {
                    Ok(number) if !matches!(line.role, Role::Header(_)) => {
                        sheet.write(row, column, number).unwrap()
                    }
                    _ => sheet.write(row, column, cell).unwrap(),
                };
            }
        }
        book.save_to_buffer().unwrap()
    }

    /// The indices of the lines that are wanted.
    pub fn find(&self, wanted: impl Fn(&Line) -> bool) -> Vec<usize> {
        (0..self.lines.len()).filter(|at| wanted(&self.lines[*at])).collect()
    }
}

impl Line {
    fn of(cells: Vec<String>, role: Role, table: usize) -> Line {
        Line { cells, role, table }
    }

    /// How many labels it begins with, where it holds figures.
    pub fn labels(&self) -> Option<usize> {
        match self.role {
            Role::Row(labels) | Role::Total(labels) => Some(labels),
            Role::Blank | Role::Title | Role::Header(_) => None,
        }
    }

    pub fn is_row(&self) -> bool {
        matches!(self.role, Role::Row(_))
    }
}

/// The annex without its notes. Its figures were computed by the oracle.
pub fn annex_page() -> Page {
    let text = annex();
    let blocks: Vec<&str> = text.split("\n\n").collect();
    let mut lines = Vec::new();
    for (table, pair) in blocks.windows(2).filter(|pair| pair[1].contains('\t')).enumerate() {
        lines.push(Line::of(vec![pair[0].lines().collect::<Vec<_>>().join(" ")], Role::Title, table));
        lines.push(Line::of(Vec::new(), Role::Blank, table));
        let labels = usize::from(pair[1].starts_with("Region"));
        for (at, line) in pair[1].lines().enumerate() {
            let role = match at {
                0 => Role::Header(labels),
                _ if line.starts_with("Total") => Role::Total(labels),
                _ => Role::Row(labels),
            };
            lines.push(Line::of(line.split('\t').map(str::to_owned).collect(), role, table));
        }
        lines.push(Line::of(Vec::new(), Role::Blank, table));
    }
    let expected = rows(&root().join("tests/data/annex-expected.csv"));
    let printed = expected.iter().filter(|row| row["basis"] != "derived");
    let key =
        |row: &BTreeMap<String, String>| format!("{}/{}/{}", row["scheme"], row["region"], row["period"]);
    Page { lines, truth: printed.map(|row| (key(row), row["value"].parse().ok())).collect() }
}

/// What the document of several dimensions is read by.
pub const DEFINITION: &str = r#"
name = "made"
title = "Made for tests"
publisher = "Nobody"
stub = ["sex", "region"]
[measure]
name = "arrivals"
unit = "persons"
[[dimension]]
name = "way"
meaning = "way"
printed = "table"
codes = { AIR = "By air", SEA = "By sea", LAND = "By land" }
[[dimension]]
name = "sex"
meaning = "sex"
codes = { M = "Men", F = "Women", _T = "Both sexes" }
[[dimension]]
name = "region"
meaning = "region"
codes = "regions"
"#;

/// A document of three ways of arrival by sex and region: all figures are drawn, and totals made of them.
pub fn made_page(seed: u64) -> Page {
    const WAYS: [(&str, &str); 3] = [("AIR", "By air"), ("SEA", "By sea"), ("LAND", "By land")];
    const SEXES: [(&str, &str); 3] = [("M", "Men"), ("F", "Women"), ("_T", "Both sexes")];
    const REGIONS: [(&str, &str); 5] =
        [("CAN", "Canada"), ("IND", "India"), ("JPN", "Japan"), ("_O", "Others"), ("_T", "Total")];
    const YEARS: [&str; 4] = ["2020", "2021", "2022", "2023"];
    let mut chance = Chance(seed);
    let (mut lines, mut truth) = (Vec::new(), Truth::new());
    for (table, (way, title)) in WAYS.iter().enumerate() {
        lines.push(Line::of(vec![(*title).into()], Role::Title, table));
        lines.push(Line::of(Vec::new(), Role::Blank, table));
        let headings = ["Sex", "Region"].iter().chain(&YEARS).map(ToString::to_string);
        lines.push(Line::of(headings.collect(), Role::Header(2), table));
        let mut figures = [[[0i64; 4]; 5]; 3];
        for sex in 0..2 {
            for region in 0..4 {
                let drawn: [i64; 4] = std::array::from_fn(|_| 1 + chance.below(4_000) as i64);
                for (sex, region) in [(sex, region), (sex, 4), (2, region), (2, 4)] {
                    for (sum, figure) in figures[sex][region].iter_mut().zip(drawn) {
                        *sum += figure;
                    }
                }
            }
        }
        for (sex, (sex_code, sex_label)) in SEXES.iter().enumerate() {
            for (region, (region_code, region_label)) in REGIONS.iter().enumerate() {
                let labels = [(*sex_label).to_owned(), (*region_label).to_owned()];
                let cells = labels.into_iter().chain(figures[sex][region].iter().map(i64::to_string));
                let role = if sex == 2 || region == 4 { Role::Total(2) } else { Role::Row(2) };
                lines.push(Line::of(cells.collect(), role, table));
                for (year, figure) in YEARS.iter().zip(figures[sex][region]) {
                    truth.insert(format!("{way}/{sex_code}/{region_code}/{year}"), Some(figure));
                }
            }
        }
        lines.push(Line::of(Vec::new(), Role::Blank, table));
    }
    Page { lines, truth }
}
