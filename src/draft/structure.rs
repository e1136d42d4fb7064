//! What a draft says of tables before any label is known: how they are told apart, and what their label columns name.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::strip_number;
use crate::draft::printed_table::{FigureStyle, PrintedColumn, PrintedTable};
use crate::draft::region_labels::are_mostly_regions;
use crate::grammar::indicator::{Indicator, normalize_heading};
use crate::regions::resolve_aggregate;

/// How tables are told apart and read.
#[derive(Clone, Debug)]
pub struct Structure {
    /// What tells each table from the others; none where there is one.
    pub names: Vec<TableName>,
    /// Of each table, what its label columns name, from left to right.
    pub columns: Vec<Vec<ColumnRole>>,
    /// The dimensions, as far as they are known before labels are read.
    pub dimensions: Vec<FoundDimension>,
    /// Of each table whose layout is said, the dimension of each thing that its header names; none where that is a measure.
    pub header: Vec<Vec<Option<usize>>>,
    /// Of each table, the dimension that headings between its rows name.
    pub sections: Vec<Option<usize>>,
    /// The measures that headers name.
    pub measures: Vec<DraftMeasure>,
}

/// A dimension before its labels are read.
#[derive(Clone, Debug, Default)]
pub struct FoundDimension {
    /// What stands above its labels.
    pub heading: Option<String>,
    /// Its labels, as far as headers and headings between rows print them.
    pub labels: Vec<String>,
}

/// A measure that headers name.
#[derive(Clone, Debug)]
pub struct DraftMeasure {
    /// What is printed for it.
    pub label: String,
    /// How its figures look.
    pub style: FigureStyle,
}

/// What tells a table from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    /// The end of its title, or what stands for it.
    pub label: String,
    /// Its sheet, where that tells it.
    pub sheet: Option<String>,
}

/// What a label column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnRole {
    /// Its labels are codes of a dimension, by its place.
    Dimension(usize),
    /// It holds numbers, or repeats what another column says.
    Ignored,
}

/// The most lines of a title that tell tables apart.
const MOST_LINES: usize = 4;

/// Finds how tables are told apart and read.
#[must_use]
pub fn find_structure(tables: &[PrintedTable]) -> Structure {
    let names = if tables.len() > 1 { name_tables(tables) } else { Vec::new() };
    let mut found = FoundDimensions::default();
    let columns = tables.iter().map(|table| found.find_roles(table)).collect();
    let header = tables.iter().map(|table| found.find_header(table)).collect();
    let sections = tables.iter().map(|table| found.find_sections(table)).collect();
    let dimensions = found.headings.into_iter().zip(found.printed);
    let dimensions = dimensions.map(|(heading, labels)| FoundDimension { heading, labels }).collect();
    Structure { names, columns, dimensions, header, sections, measures: find_measures(tables) }
}

/// The measures that the headers of tables name, each once.
fn find_measures(tables: &[PrintedTable]) -> Vec<DraftMeasure> {
    let frames = tables.iter().filter_map(|table| table.frame.as_ref());
    let words = frames.flat_map(|frame| &frame.words).filter(|words| words.is_measure);
    let mut measures: Vec<DraftMeasure> = Vec::new();
    for (label, style) in words.flat_map(|words| words.labels.iter().zip(&words.styles)) {
        match measures.iter_mut().find(|known| normalize_heading(&known.label) == normalize_heading(label)) {
            Some(known) => known.style = known.style.with(*style),
            None => measures.push(DraftMeasure { label: label.clone(), style: *style }),
        }
    }
    measures
}

/// The shortest ends of titles that tell all tables apart; else their sheets; else the titles as they are.
fn name_tables(tables: &[PrintedTable]) -> Vec<TableName> {
    if tables.iter().any(|table| table.frame.is_some()) {
        return name_by_sheets(tables);
    }
    let by_title = |lines| -> Vec<TableName> {
        let name = |table| TableName { label: end_of_title(table, lines), sheet: None };
        tables.iter().map(name).collect()
    };
    let by_sheet = |table: &PrintedTable| {
        let sheet = table.sheet.clone()?;
        Some(TableName { label: sheet.clone(), sheet: Some(sheet) })
    };
    let titles: Vec<_> = (1..=MOST_LINES).map(by_title).filter(|names| are_distinct(names)).collect();
    let telling = titles.iter().find(|names| names.iter().all(|name| is_telling(&name.label))).cloned();
    let sheets: Option<Vec<TableName>> = tables.iter().map(by_sheet).collect();
    let sheets = sheets.filter(|names| are_distinct(names));
    telling.or(sheets).or_else(|| titles.first().cloned()).unwrap_or_else(|| by_title(1))
}

/// The sheet of each table, with the number of the table where a sheet has several.
fn name_by_sheets(tables: &[PrintedTable]) -> Vec<TableName> {
    let sheet = |table: &PrintedTable| table.sheet.clone().unwrap_or_default();
    let name = |(at, table): (usize, &PrintedTable)| {
        let number = tables[..at].iter().filter(|before| before.sheet == table.sheet).count() + 1;
        let is_alone = tables.iter().filter(|other| other.sheet == table.sheet).count() == 1;
        let label = if is_alone { sheet(table) } else { format!("{} {number}", sheet(table)) };
        TableName { label, sheet: table.sheet.clone() }
    };
    tables.iter().enumerate().map(name).collect()
}

fn end_of_title(table: &PrintedTable, lines: usize) -> String {
    let title = table.title[table.title.len().saturating_sub(lines)..].join(" ");
    strip_number(&title).to_owned()
}

/// Whether a line is a title by itself: some say only the unit, or what the columns hold.
fn is_telling(label: &str) -> bool {
    let is_capital = label.chars().next().is_some_and(|first| !first.is_lowercase());
    is_capital && Indicator::parse(label).is_none()
}

fn are_distinct(names: &[TableName]) -> bool {
    let distinct: BTreeSet<String> = names.iter().map(|name| name.label.to_lowercase()).collect();
    distinct.len() == names.len() && !distinct.contains("")
}

/// The dimensions that label columns name, as far as tables were looked at.
#[derive(Default)]
struct FoundDimensions<'t> {
    headings: Vec<Option<String>>,
    labels: Vec<BTreeSet<&'t str>>,
    /// The labels of each that headers and headings between rows print.
    printed: Vec<Vec<String>>,
}

impl<'t> FoundDimensions<'t> {
    /// What each label column of a table is for.
    fn find_roles(&mut self, table: &'t PrintedTable) -> Vec<ColumnRole> {
        let mut roles: Vec<ColumnRole> = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            let repeats = || (0..table.columns.len()).any(|by| by != at && says_more(table, by, at));
            let role = if !table.is_list() && (is_numbers(column) || repeats()) {
                ColumnRole::Ignored
            } else {
                ColumnRole::Dimension(self.find_dimension(column, &roles))
            };
            roles.push(role);
        }
        let first = roles.iter().find_map(|role| match role {
            ColumnRole::Dimension(at) => Some(*at),
            ColumnRole::Ignored => None,
        });
        if let (Some(at), Some(frame)) = (first, &table.frame) {
            self.printed[at].extend(frame.repeated.iter().cloned());
        }
        roles
    }

    /// The dimension of each thing that a header names.
    fn find_header(&mut self, table: &'t PrintedTable) -> Vec<Option<usize>> {
        let words = table.frame.iter().flat_map(|frame| &frame.words);
        let mut taken = Vec::new();
        words
            .map(|words| {
                let at = (!words.is_measure)
                    .then(|| self.find_printed(guess_name(&words.labels), &words.labels, &taken));
                taken.extend(at.map(ColumnRole::Dimension));
                at
            })
            .collect()
    }

    /// The dimension that headings between rows name.
    fn find_sections(&mut self, table: &'t PrintedTable) -> Option<usize> {
        let labels = &table.frame.as_ref()?.section_labels;
        (!labels.is_empty()).then(|| self.find_printed(Some("section"), labels, &[]))
    }

    /// The dimension of labels that are printed beside no column of labels.
    fn find_printed(&mut self, name: Option<&str>, labels: &'t [String], taken: &[ColumnRole]) -> usize {
        let at = self.find_labelled(labels.iter().map(String::as_str).collect(), taken);
        if self.headings[at].is_none() {
            self.headings[at] = name.map(str::to_owned);
        }
        for label in labels {
            if !self.printed[at].contains(label) {
                self.printed[at].push(label.clone());
            }
        }
        at
    }

    /// The dimension that has labels of a column, and is not that of another column of the table; else a new one.
    fn find_dimension(&mut self, column: &'t PrintedColumn, taken: &[ColumnRole]) -> usize {
        let own = column.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        let at = self.find_labelled(own, taken);
        if self.headings[at].is_none() {
            self.headings[at].clone_from(&column.heading);
        }
        at
    }

    fn find_labelled(&mut self, own: BTreeSet<&'t str>, taken: &[ColumnRole]) -> usize {
        let are_regions = are_mostly_regions(own.iter().copied());
        let shares = |known: &BTreeSet<&str>| {
            let mut common = known.intersection(&own).filter(|label| !is_common(label));
            common.next().is_some() || are_regions && are_mostly_regions(known.iter().copied())
        };
        let known = (0..self.labels.len())
            .find(|at| shares(&self.labels[*at]) && !taken.contains(&ColumnRole::Dimension(*at)));
        let at = known.unwrap_or_else(|| {
            self.headings.push(None);
            self.labels.push(BTreeSet::new());
            self.printed.push(Vec::new());
            self.labels.len() - 1
        });
        self.labels[at].extend(own);
        at
    }
}

/// The name of a dimension by its labels, where these tell it.
fn guess_name(labels: &[String]) -> Option<&'static str> {
    let is_sex = |label: &String| {
        let text = label.to_lowercase();
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| ["male", "males", "female", "females", "men", "women"].contains(&word))
    };
    (labels.iter().filter(|label| is_sex(label)).count() > 1).then_some("sex")
}

/// Whether lists of other things have this label, too: a total, or what is not listed.
fn is_common(label: &str) -> bool {
    resolve_aggregate(label).is_some_and(|region| region.code.starts_with('_'))
}

/// Whether most cells of a column are numbers: codes, or an index.
fn is_numbers(column: &PrintedColumn) -> bool {
    let filled = column.cells.iter().filter(|cell| !cell.is_empty());
    let numbers = filled.clone().filter(|cell| cell.chars().all(|c| c.is_ascii_digit() || c == '.')).count();
    numbers * 2 > filled.count()
}

/// Whether one column tells all that another does: each of its labels stands beside one of the other's, which are fewer.
fn says_more(table: &PrintedTable, by: usize, at: usize) -> bool {
    let (finer, coarser) = (&table.columns[by], &table.columns[at]);
    if is_numbers(finer) {
        return false;
    }
    let mut beside: BTreeMap<&str, &str> = BTreeMap::new();
    for (label, other) in finer.cells.iter().zip(&coarser.cells) {
        if beside.insert(label, other).is_some_and(|before| before != other) {
            return false;
        }
    }
    let distinct: BTreeSet<&&str> = beside.values().collect();
    // Of two that say the same the first is the label.
    distinct.len() < beside.len() || by < at
}
