//! Legends: what a document itself says that its marks stand for (`** Less than 0.1 percent`, `x: suppressed`). They win
//! over a definition, which knows the publisher but not this document.
//!
//! A legend counts only where its words tell one status. In prose, letters need `=` or `:` behind them, or a cell of
//! their own: `a total is not available` is no legend of `a`.

use crate::document::{Document, Row};
use crate::grammar::footnote::{self, NoteCertainty, NoteOpening};
use crate::grammar::number;
use crate::grammar::status_flag::{self, FlagMeaning, NIL_SYMBOLS};
use crate::layout::tables::Layout;

/// What a document says of a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legend {
    /// The mark.
    pub mark: String,
    /// What is said of it.
    pub text: String,
    /// What that tells; none where the words tell no status, or more than one.
    pub meaning: Option<FlagMeaning>,
    /// The grid and the number of the row where it stands.
    pub place: (usize, u32),
}

/// The legends of a document: of its notes and of lines that are no part of a table.
#[must_use]
pub fn legends(document: &Document<'_>, layouts: &[Layout]) -> Vec<Legend> {
    let mut legends = Vec::new();
    for (grid, layout) in layouts.iter().enumerate() {
        let rows = &document.grids[grid].rows;
        for note in layout.tables.iter().flat_map(|table| &table.notes) {
            let place = (grid, rows[note.rows.start].number);
            legends.extend(note.mark.as_ref().map(|mark| legend(mark, &note.text, place)));
            legends.extend(clauses(&note.text, place));
        }
        for row in layout.prose.iter().map(|&at| &rows[at]) {
            legends.extend(find_in_row(row, grid));
        }
    }
    legends
}

fn legend(mark: &str, text: &str, place: (usize, u32)) -> Legend {
    Legend { mark: mark.into(), text: text.into(), meaning: status_flag::parse_legend(text), place }
}

/// The legends of a line: of each of its cells, or of two cells that stand side by side.
fn find_in_row(row: &Row<'_>, grid: usize) -> Vec<Legend> {
    let place = (grid, row.number);
    let pairs = row.cells.windows(2).filter(|pair| pair[0].text.len() <= 16 && !is_figure(&pair[0].text));
    let pairs = pairs.map(|pair| legend(&pair[0].text, &pair[1].text, place));
    let mut legends: Vec<Legend> = pairs.filter(|legend| legend.meaning.is_some()).collect();
    legends.extend(row.cells.iter().flat_map(|cell| clauses(&cell.text, place)));
    legends
}

/// The legends of a text, parted by semicolons: `- nil; .. not available`.
fn clauses(text: &str, place: (usize, u32)) -> Vec<Legend> {
    text.split([';', '；'])
        .filter_map(footnote::parse_opening)
        .filter_map(|opening| read_opening(&opening, place))
        .collect()
}

/// What a clause tells of a mark, where it is surely said of one.
fn read_opening(opening: &NoteOpening<'_>, place: (usize, u32)) -> Option<Legend> {
    let mark = opening.marker.as_deref()?;
    let letters = mark.chars().any(char::is_alphanumeric) && !mark.starts_with(['[', '<']);
    // A dash may begin the item of a list.
    let dash = NIL_SYMBOLS.contains(&mark) && opening.text.split_whitespace().nth(4).is_some();
    let sure = opening.is_definition || opening.certainty == NoteCertainty::Certain || !letters && !dash;
    let found = || legend(mark, opening.text, place);
    (sure && !is_figure(mark)).then(found).filter(|found| found.meaning.is_some())
}

fn is_figure(text: &str) -> bool {
    number::parse(text, 9).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::text;
    use crate::layout::tables;
    use crate::layout::vocabulary::Vocabulary;

    fn told_in(words: &str) -> Vec<(String, Option<&'static str>)> {
        let text = format!("T\n\nRegion\t2023\t2024\nCanada\t1p\t**\nTotal\tx\t..\n\n{words}\n");
        let content = crate::input::read("a.txt", text.as_bytes(), None).unwrap();
        let document = Document { content: &content, grids: vec![text::parse_grid(&text)] };
        let layouts: Vec<Layout> =
            document.grids.iter().map(|grid| tables::tables(grid, &Vocabulary::default())).collect();
        legends(&document, &layouts)
            .into_iter()
            .map(|legend| (legend.mark, legend.meaning.map(FlagMeaning::code)))
            .collect()
    }

    #[test]
    fn what_a_document_says_of_its_marks_is_read() {
        let cases: [(&str, &[(&str, Option<&str>)]); 14] = [
            ("** Less than 0.1 percent", &[("**", Some("N"))]),
            ("**Less than 0.1 percent", &[("**", Some("N"))]),
            (".. not available", &[("..", Some("O"))]),
            ("x: suppressed", &[("x", Some("Q"))]),
            ("[c] = confidential", &[("[c]", Some("Q"))]),
            ("Note: “-” denotes nil; x = not applicable", &[("-", Some("nil")), ("x", Some("M"))]),
            ("N.A.\tNot available", &[("N.A.", Some("O"))]),
            ("- Nil", &[("-", Some("nil"))]),
            ("p Provisional figures", &[("p", Some("P"))]),
            ("x: as the office likes it", &[("x", None)]),
            ("A total is not available.", &[]),
            ("- not available for any of the years before", &[]),
            ("Not available: the figures of 2022", &[]),
            ("2023: not available", &[]),
        ];
        for (words, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(mark, code)| ((*mark).to_owned(), *code)).collect();
            let mut found = told_in(words);
            found.dedup();
            assert_eq!(found, expected, "{words}");
        }
    }
}
