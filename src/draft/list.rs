//! Lists: a row for each figure, as databases export them. A column of figures, one of periods, and columns that tell rows
//! apart; all others repeat what these say.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::document::{Cell, Grid, Row};
use crate::draft::framed::{DraftFrame, find_title, is_code, is_time};
use crate::draft::printed_table::{PrintedColumn, PrintedTable};
use crate::grammar::period::part_of_year::name_part;
use crate::layout::figures::is_figure;
use crate::layout::header::read;
use crate::text::fold_whitespace;

/// What the columns of a list hold, by their headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftList {
    /// The figures.
    pub value: String,
    /// The periods.
    pub period: String,
    /// The status of the figures; none where no column tells it.
    pub flag: Option<String>,
    /// What is not read.
    pub ignored: Vec<String>,
}

/// Headings of the column of figures, as databases of offices call it.
const VALUES: [&str; 14] = [
    "value",
    "values",
    "obs value",
    "observation",
    "observation value",
    "data value",
    "count",
    "figure",
    "number",
    "valor",
    "valeur",
    "wert",
    "betrag",
    "v4 0",
];

/// Words in headings of columns that say something of the figure beside them.
const REMARKS: [&str; 8] = ["flag", "flags", "status", "symbol", "note", "notes", "footnote", "footnotes"];

/// Fewer rows are no list.
const FEWEST_ROWS: usize = 4;

/// Fewer columns are no list: a figure, its period and what it is of.
const FEWEST_COLUMNS: usize = 3;

/// The list of a sheet, where it is one.
pub fn find_list(grid: &Grid<'_>) -> Option<PrintedTable> {
    let header = (0..grid.rows.len()).find(|at| is_list_header(grid, *at))?;
    let columns = ListColumns::read(grid, header)?;
    let value = columns.find_value()?;
    let period = columns.find_period()?;
    let flag = columns.find_flag();
    let dimensions = columns.find_dimensions(&[Some(value), Some(period), flag])?;
    let is_named =
        |at: &usize| dimensions.contains(at) || [Some(value), Some(period), flag].contains(&Some(*at));
    let heading = |at: usize| columns.headings[at].clone();
    let ignored = (0..columns.headings.len()).filter(|at| !is_named(at)).map(heading).collect();
    let mut table = PrintedTable::default();
    table.title = find_title(&grid.rows[..header]);
    table.sheet.clone_from(&grid.sheet);
    table.columns = dimensions.iter().map(|at| columns.printed(*at)).collect();
    columns.rows.iter().filter_map(|row| row.cells.get(value)).for_each(|cell| table.add_figure(cell));
    table.frame = Some(DraftFrame {
        range: format!("A{}:", grid.rows[header].number),
        names_period: true,
        flags: flag.map(|at| columns.distinct(at)).unwrap_or_default(),
        has_blanks: columns.cells(value).any(str::is_empty),
        list: Some(DraftList {
            value: heading(value),
            period: heading(period),
            flag: flag.map(heading),
            ignored,
        }),
        ..DraftFrame::default()
    });
    Some(table)
}

/// Whether a row heads a list: words alone, each once, over a row of figures.
fn is_list_header(grid: &Grid<'_>, at: usize) -> bool {
    let row = &grid.rows[at];
    let texts: BTreeSet<String> = row.cells.iter().map(|cell| normalize(&cell.text)).collect();
    let is_words = |cell: &Cell<'_>| cell.text.contains(char::is_alphabetic) && !is_figure(cell);
    let heads = |below: &Row<'_>| below.cells.iter().any(|cell| !cell.text.is_empty() && is_figure(cell));
    row.cells.len() >= FEWEST_COLUMNS
        && row.cells.iter().all(is_words)
        && texts.len() == row.cells.len()
        && grid.rows.get(at + 1).is_some_and(heads)
}

/// A heading in lower case, words separated by blanks.
fn normalize(heading: &str) -> String {
    let lower = heading.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The columns of a list.
struct ListColumns<'g, 'c> {
    headings: Vec<String>,
    rows: Vec<&'g Row<'c>>,
}

impl<'g, 'c> ListColumns<'g, 'c> {
    /// The rows below a header up to the first that prints less than half of the columns that the first row does.
    fn read(grid: &'g Grid<'c>, header: usize) -> Option<ListColumns<'g, 'c>> {
        let headings: Vec<String> =
            grid.rows[header].cells.iter().map(|cell| fold_whitespace(&cell.text).into_owned()).collect();
        let filled = |row: &Row<'_>| row.cells.iter().filter(|cell| !cell.text.is_empty()).count();
        let first = grid.rows.get(header + 1).map_or(0, &filled);
        let is_row = |row: &&Row<'_>| filled(row) * 2 > first && row.cells.len() <= headings.len();
        let rows: Vec<&Row<'_>> = grid.rows[header + 1..].iter().take_while(is_row).collect();
        (rows.len() >= FEWEST_ROWS).then_some(ListColumns { headings, rows })
    }

    fn cells(&self, at: usize) -> impl Iterator<Item = &'g str> + '_ {
        self.rows.iter().map(move |row| cell_text(row, at))
    }

    /// What a column prints, each once.
    fn distinct(&self, at: usize) -> Vec<String> {
        let texts: BTreeSet<&str> = self.cells(at).filter(|text| !text.is_empty()).collect();
        texts.into_iter().map(str::to_owned).collect()
    }

    fn printed(&self, at: usize) -> PrintedColumn {
        let cells = self.cells(at).map(|text| fold_whitespace(text).into_owned()).collect();
        PrintedColumn { heading: Some(self.headings[at].clone()), cells }
    }

    /// The column of figures: the only one that is called so.
    fn find_value(&self) -> Option<usize> {
        let is_value = |at: &usize| VALUES.contains(&normalize(&self.headings[*at]).as_str());
        let mut values = (0..self.headings.len()).filter(is_value);
        values.next().filter(|_| values.next().is_none())
    }

    /// The column of periods: of several the one that tells most of them.
    fn find_period(&self) -> Option<usize> {
        let is_period = |heading: &str, text: &str| {
            let named = name_part(heading, text);
            read(named.as_deref().unwrap_or(text)).is_some() && (named.is_some() || is_time(text))
        };
        let are_periods = |at: &usize| {
            let heading = &self.headings[*at];
            self.cells(*at).all(|text| is_period(heading, text)) && !is_remark(heading)
        };
        let columns = (0..self.headings.len()).filter(are_periods).rev();
        let told = columns.map(|at| (self.cells(at).collect::<BTreeSet<_>>().len(), at));
        told.filter(|(count, _)| *count > 1).max_by_key(|(count, _)| *count).map(|(_, at)| at)
    }

    /// The column of flags: that with the shortest, where several say the same in words.
    fn find_flag(&self) -> Option<usize> {
        const LONGEST: usize = 4;
        let is_flag = |at: &usize| {
            let printed = self.distinct(*at);
            is_remark(&self.headings[*at])
                && !printed.is_empty()
                && printed.iter().all(|text| text.chars().count() <= LONGEST)
        };
        (0..self.headings.len()).find(is_flag)
    }

    /// The columns that tell rows of a period apart; none where they do not, or where some print nothing.
    fn find_dimensions(&self, others: &[Option<usize>]) -> Option<Vec<usize>> {
        let tells = |at: &usize| {
            !others.contains(&Some(*at)) && !is_remark(&self.headings[*at]) && self.distinct(*at).len() > 1
        };
        let mut dimensions: Vec<usize> = (0..self.headings.len()).filter(tells).collect();
        // Codes stand beside the words that they mean: the words are read. Of words those further to the left are.
        let mut dispensable = dimensions.clone();
        dispensable.sort_by_key(|at| (!self.is_coded(*at), std::cmp::Reverse(*at)));
        for at in dispensable {
            let rest: Vec<usize> = dimensions.iter().copied().filter(|other| *other != at).collect();
            if !rest.is_empty() && self.follows(at, &rest) {
                dimensions = rest;
            }
        }
        let period = others[1]?;
        let key = |row: &&'g Row<'c>| -> Vec<&'g str> {
            dimensions.iter().chain([&period]).map(|column| cell_text(row, *column)).collect()
        };
        let mut seen = HashSet::new();
        let is_key = self.rows.iter().map(key).all(|key| !key.contains(&"") && seen.insert(key));
        (is_key && !dimensions.is_empty()).then_some(dimensions)
    }

    /// Whether most cells of a column are codes or numbers.
    fn is_coded(&self, at: usize) -> bool {
        let is_coded = |text: &&str| is_code(text) || !text.contains(char::is_lowercase);
        self.cells(at).filter(is_coded).count() * 2 > self.rows.len()
    }

    /// Whether a column follows from others: what these print stands beside one of its cells only.
    fn follows(&self, at: usize, from: &[usize]) -> bool {
        let mut beside: BTreeMap<Vec<&str>, &str> = BTreeMap::new();
        self.rows.iter().all(|row| {
            let key = from.iter().map(|column| cell_text(row, *column)).collect();
            let own = cell_text(row, at);
            *beside.entry(key).or_insert(own) == own
        })
    }
}

fn cell_text<'g>(row: &'g Row<'_>, at: usize) -> &'g str {
    row.cells.get(at).map_or("", |cell| cell.text.trim())
}

fn is_remark(heading: &str) -> bool {
    normalize(heading).split(' ').any(|word| REMARKS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::text::parse_framed_grid;

    #[test]
    fn the_columns_of_a_list_are_told_by_what_they_say() {
        let text = "DATAFLOW,geo,Country,sex,VECTOR,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n\
                    D1,AT,Austria,Women,v1,2020,10,\nD1,AT,Austria,Men,v2,2020,11,p\n\
                    D1,BE,Belgium,Women,v3,2020,12,\nD1,BE,Belgium,Men,v4,2020,,b\n\
                    D1,BE,Belgium,Men,v4,2021,9,\n";
        let table = find_list(&parse_framed_grid(text)).unwrap();
        let frame = table.frame.unwrap();
        let list = DraftList {
            value: "OBS_VALUE".into(),
            period: "TIME_PERIOD".into(),
            flag: Some("OBS_FLAG".into()),
            ignored: ["DATAFLOW", "geo", "VECTOR"].map(str::to_owned).to_vec(),
        };
        assert_eq!(frame.list, Some(list));
        assert_eq!((frame.flags, frame.has_blanks), (vec!["b".to_owned(), "p".to_owned()], true));
        let headings: Vec<_> = table.columns.iter().filter_map(|column| column.heading.as_deref()).collect();
        assert_eq!(headings, ["Country", "sex"]);
    }

    #[test]
    fn what_tells_rows_apart_no_more_is_no_list() {
        let cases = [
            // The same twice.
            "geo,year,value\nAT,2020,1\nAT,2020,2\nBE,2020,3\nBE,2021,4\n",
            // No period.
            "geo,sex,value\nAT,m,1\nAT,f,2\nBE,m,3\nBE,f,4\n",
            // A total whose label is not printed.
            "geo,year,value\nAT,2020,1\nBE,2020,2\n,2020,3\nBE,2021,4\n",
            // Two columns of figures.
            "geo,year,value,count\nAT,2020,1,1\nBE,2020,2,1\nAT,2021,1,1\nBE,2021,2,1\n",
        ];
        for text in cases {
            assert!(find_list(&parse_framed_grid(text)).is_none(), "{text}");
        }
    }
}
