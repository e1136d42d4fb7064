//! A page as a sheet: elements in the order of the page, each where a browser shows it.

use ego_tree::iter::Edge;
use scraper::{Html as Tree, Node};

use crate::document::workbook::{Area, CellValue, Sheet, SheetCell, Workbook};
use crate::grammar::footnote;
use crate::input::format::Fault;
use crate::input::limits::{Bound, Limits};
use crate::input::workbook::{group_digits, raise};
use crate::text::fold_whitespace;

/// What the sheet of a page is called.
const SHEET: &str = "page";

/// Elements whose text nobody is shown.
const UNSEEN: [&str; 6] = ["script", "style", "template", "noscript", "head", "select"];

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 31] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
];

/// Elements that a blank line stands behind.
const PARAGRAPHS: [&str; 10] = ["blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre"];

/// The most columns of a table: as many as a sheet has.
const WIDEST: u32 = 16_384;

/// The most columns and rows that a cell spans, as HTML has it.
const MOST_COLUMNS: u32 = 1000;
const MOST_ROWS: u32 = 65_534;

/// Reads a page.
///
/// # Errors
/// Where it has more cells than the limits allow.
pub fn read_page(tree: &Tree, limits: &Limits) -> Result<Workbook, Fault> {
    let mut page = Page { limit: limits.get(Bound::Cells), row: 1, ..Page::default() };
    let mut unseen = 0;
    for edge in tree.tree.root().traverse() {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        let is_open = matches!(edge, Edge::Open(_));
        match node.value() {
            Node::Text(text) if is_open && unseen == 0 => page.text.push_str(text),
            Node::Element(element) if UNSEEN.contains(&element.name()) => {
                unseen = if is_open { unseen + 1 } else { unseen - 1 };
            }
            Node::Element(element) if unseen == 0 => {
                let span = |name| element.attr(name).and_then(|text| text.trim().parse().ok()).unwrap_or(1);
                let spans = (span("colspan"), span("rowspan"));
                let has_table = || node.descendants().skip(1).any(|inner| is_element(inner.value(), "table"));
                if is_open {
                    page.open(element.name(), spans, has_table);
                } else {
                    page.close(element.name());
                }
                page.check_limit()?;
            }
            _ => {}
        }
    }
    page.end_line();
    let sheet = Sheet { name: SHEET.into(), cells: page.cells, merged: page.merged, ..Sheet::default() };
    Ok(Workbook { sheets: vec![sheet], texts: page.texts, ..Workbook::default() })
}

fn is_element(node: &Node, name: &str) -> bool {
    node.as_element().is_some_and(|element| element.name() == name)
}

/// A page, as far as it was read.
#[derive(Default)]
struct Page {
    limit: u64,
    cells: Vec<SheetCell>,
    merged: Vec<Area>,
    texts: Vec<String>,
    /// The row that is written to.
    row: u32,
    /// The text of what is open.
    text: String,
    /// Where superscripts begin in it.
    raised: Vec<usize>,
    /// The tables that are open, the innermost last; none for one that only lays out others.
    tables: Vec<Option<Grid>>,
}

/// A table that is open.
#[derive(Default)]
struct Grid {
    /// The column of the next cell.
    column: u32,
    /// For each column, up to which row a cell from above goes down.
    taken: Vec<u32>,
    /// How many columns and rows the cell that is open spans.
    open: Option<(u32, u32)>,
}

impl Page {
    fn open(&mut self, name: &str, (columns, rows): (u32, u32), has_table: impl Fn() -> bool) {
        match name {
            "table" => {
                self.end_line();
                self.tables.push((!has_table()).then(|| Grid { column: 1, ..Grid::default() }));
            }
            "tr" => {
                if let Some(Some(grid)) = self.tables.last_mut() {
                    grid.column = 1;
                    self.text.clear();
                }
            }
            "td" | "th" => match self.tables.last_mut() {
                Some(Some(grid)) => {
                    grid.open = Some((columns.clamp(1, MOST_COLUMNS), rows.clamp(1, MOST_ROWS)));
                    self.text.clear();
                }
                _ => self.end_line(),
            },
            "sup" => self.raised.push(self.text.len()),
            name if BLOCKS.contains(&name) => self.break_line(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "table" => {
                self.end_line();
                self.tables.pop();
                self.row += 1;
            }
            "tr" if matches!(self.tables.last(), Some(Some(_))) => self.row += 1,
            "td" | "th" => self.end_cell(),
            "sup" => self.end_superscript(),
            name if PARAGRAPHS.contains(&name) && !self.is_in_cell() => self.end_paragraph(),
            name if BLOCKS.contains(&name) => self.break_line(),
            _ => {}
        }
    }

    /// A line ends: in a cell a blank stands for it, elsewhere a row.
    fn break_line(&mut self) {
        if self.is_in_cell() {
            self.text.push(' ');
        } else {
            self.end_line();
        }
    }

    fn is_in_cell(&self) -> bool {
        matches!(self.tables.last(), Some(Some(Grid { open: Some(_), .. })))
    }

    /// A paragraph is a line with a blank row behind it.
    fn end_paragraph(&mut self) {
        let before = self.row;
        self.end_line();
        self.row += u32::from(self.row > before);
    }

    /// A line outside of tables is a row of one cell.
    fn end_line(&mut self) {
        let text = std::mem::take(&mut self.text);
        let text = fold_whitespace(text.trim());
        if !text.is_empty() {
            self.add(1, text.into_owned());
            self.row += 1;
        }
    }

    fn end_cell(&mut self) {
        let Some(Some(grid)) = self.tables.last_mut() else { return self.end_line() };
        let Some((columns, rows)) = grid.open.take() else { return };
        let row = self.row;
        while grid.taken.get(grid.column as usize - 1).is_some_and(|until| *until >= row) {
            grid.column += 1;
        }
        let (left, right, bottom) = (grid.column, grid.column + columns - 1, row + rows - 1);
        grid.column = right + 1;
        if grid.taken.len() < right as usize {
            grid.taken.resize(right as usize, 0);
        }
        grid.taken[left as usize - 1..right as usize].fill(bottom);
        let text = std::mem::take(&mut self.text);
        let text = fold_whitespace(text.trim()).into_owned();
        if !text.is_empty() {
            if columns > 1 || rows > 1 {
                self.merged.push(Area { top: row, left, bottom, right });
            }
            self.add(left, text);
        }
    }

    /// What is set high is a mark, as `²` is in any other text.
    fn end_superscript(&mut self) {
        if let Some(at) =
            self.raised.pop().filter(|at| self.text.is_char_boundary(*at) && *at <= self.text.len())
        {
            let raised = footnote::raise(&self.text[at..]);
            self.text.truncate(at);
            self.text.push_str(&raised);
        }
    }

    fn add(&mut self, column: u32, text: String) {
        let value = CellValue::Text(self.texts.len() as u32);
        self.texts.push(text);
        self.cells.push(SheetCell { row: self.row, column, style: 0, value });
    }

    fn check_limit(&self) -> Result<(), Fault> {
        if self.tables.iter().flatten().any(|grid| grid.column > WIDEST) {
            let found = format!("a table of the page has more than {} columns", group_digits(WIDEST.into()));
            let help = "save the tables that are meant alone".into();
            return Err(Fault { place: None, found, help });
        }
        let cells = self.cells.len() as u64;
        if cells <= self.limit {
            return Ok(());
        }
        let found = format!("the page has more than {} cells, which is the limit", group_digits(self.limit));
        Err(Fault { place: None, found, help: raise(Bound::Cells, self.limit) })
    }
}
