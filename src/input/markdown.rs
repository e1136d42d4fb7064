//! Markdown documents, as extractors of PDF write them: tables of pipes below headings. A document is Markdown where a row
//! of pipes has a delimiter row below it (`|---|:--:|`).
//!
//! Lines are read as those of a text are, so that each cell keeps its place in the file. What is of Markdown alone is how a row
//! of pipes falls into cells, and what stands for characters within one. Cells beyond those of the header, which browsers do
//! not show, are kept: a figure could be among them.

mod inline;
mod table;

use std::borrow::Cow;

use crate::document::{Body, Grid, Row};
use crate::input::format::{Fault, InputFormat, ReadBody, ReadOptions};
use crate::input::text::{check_cells, decode, fold_blank_rows, is_ruling, number_lines, parse_line};
use inline::render_inline;
use table::{begins_table, has_table, is_row, parse_header, parse_row};

/// The format.
pub struct Markdown;

impl InputFormat for Markdown {
    fn name(&self) -> &'static str {
        "Markdown"
    }

    fn sniff(&self, bytes: &[u8]) -> bool {
        has_table(bytes)
    }

    fn read(&self, bytes: &[u8], options: &ReadOptions<'_>) -> Result<ReadBody, Fault> {
        let (text, encoding) = decode(bytes, options.encoding)?;
        check_cells(&text, options.limits)?;
        Ok(ReadBody { description: format!("Markdown, {encoding}"), body: Body::Markdown(text) })
    }
}

/// Splits a Markdown document into rows of cells.
#[must_use]
pub fn parse_grid(text: &str) -> Grid<'_> {
    let lines: Vec<(u32, &str)> = number_lines(text).collect();
    let mut rows = Vec::new();
    let (mut at, mut is_verbatim) = (0, false);
    while let Some(&(number, line)) = lines.get(at) {
        at += 1;
        if is_fence(line) {
            is_verbatim = !is_verbatim;
        } else if is_verbatim {
            rows.extend((!is_ruling(line)).then(|| parse_line(number, line)));
        } else if begins_table(&lines[at - 1..]) {
            at = parse_table(&lines, at - 1, &mut rows);
        } else if !is_ruling(line) {
            rows.push(parse_prose(number, line));
        }
    }
    Grid { rows: fold_blank_rows(rows), ..Grid::default() }
}

/// Reads the table that begins at a line, and returns the index of the line after it.
fn parse_table<'t>(lines: &[(u32, &'t str)], at: usize, rows: &mut Vec<Row<'t>>) -> usize {
    let (number, line) = lines[at];
    rows.push(parse_header(number, line));
    let mut next = at + 2;
    while let Some(&(number, line)) = lines.get(next).filter(|(_, line)| is_row(line)) {
        if begins_table(&lines[next..]) {
            break;
        }
        rows.extend(parse_row(number, line));
        next += 1;
    }
    next
}

/// Whether a line begins or ends text that is shown as it stands.
fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// A line outside of tables.
fn parse_prose(number: u32, line: &str) -> Row<'_> {
    let mut row = parse_line(number, line);
    if let Some(first) = row.cells.first_mut() {
        first.text = strip_block_mark(std::mem::take(&mut first.text));
    }
    render_cells(row)
}

/// A line without the mark that makes it a heading, a quotation or an item of a list.
fn strip_block_mark(text: Cow<'_, str>) -> Cow<'_, str> {
    let Cow::Borrowed(line) = text else { return text };
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() && (heading.is_empty() || heading.starts_with(' ')) {
        return Cow::Borrowed(heading.trim());
    }
    let rest = line.strip_prefix("> ").or_else(|| line.strip_prefix("- "));
    // What stands behind a dash may be a figure.
    let is_words = |rest: &&str| rest.contains(char::is_alphabetic);
    Cow::Borrowed(rest.filter(is_words).map_or(line, str::trim_start))
}

/// A row whose cells say what Markdown shows.
fn render_cells(mut row: Row<'_>) -> Row<'_> {
    for cell in &mut row.cells {
        cell.text = render_inline(std::mem::take(&mut cell.text));
    }
    while row.cells.last().is_some_and(|cell| cell.text.is_empty()) {
        row.cells.pop();
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<(u32, String)>)> {
        let cells =
            |row: Row<'_>| row.cells.iter().map(|cell| (cell.column, cell.text.to_string())).collect();
        parse_grid(text).rows.into_iter().map(|row| (row.number, cells(row))).collect()
    }

    fn row(number: u32, cells: &[(u32, &str)]) -> (u32, Vec<(u32, String)>) {
        (number, cells.iter().map(|(column, text)| (*column, (*text).into())).collect())
    }

    #[test]
    fn a_table_falls_into_rows_that_keep_their_places() {
        let text = "## **Jobs \\(all\\)**\n\n|**Sex**|2026 (as<br>at end)|\n|---|:-:|\n|Men \\| boys|`1 234`|\n|Women|&nbsp;5|\n\n- Note: it is so.\n";
        let expected = [
            row(1, &[(1, "Jobs (all)")]),
            row(2, &[]),
            row(3, &[(2, "Sex"), (10, "2026 (as at end)")]),
            row(5, &[(2, "Men | boys"), (14, "1 234")]),
            row(6, &[(2, "Women"), (8, "5")]),
            row(7, &[]),
            row(8, &[(1, "Note: it is so.")]),
        ];
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn nothing_of_a_table_is_left_out() {
        // More cells than headings, nil marks alone, a row without pipes around it, another table right below.
        let text = "a|2023\n-|-\n1|2|3\n|-|-|\nx|4\n|b|2024|\n|---|---|\n|Col1|5|\n|---|---|\n```\nc  6\n```\nd  7\n";
        let expected = [
            row(1, &[(1, "a"), (3, "2023")]),
            row(3, &[(1, "1"), (3, "2"), (5, "3")]),
            row(4, &[(2, "-"), (4, "-")]),
            row(5, &[(1, "x"), (3, "4")]),
            row(6, &[(2, "b"), (4, "2024")]),
            row(8, &[(2, ""), (7, "5")]),
            row(11, &[(1, "c"), (4, "6")]),
            row(13, &[(1, "d"), (4, "7")]),
        ];
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn names_that_extractors_give_to_empty_headings_are_none() {
        let text = "|Col1|Col2|2023|\n|---|---|---|\n|Col2|1|2|\n";
        let expected =
            [row(1, &[(2, ""), (7, ""), (12, "2023")]), row(3, &[(2, "Col2"), (7, "1"), (9, "2")])];
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn a_document_is_markdown_by_a_table() {
        for text in ["|a|b|\n|---|---|\n", "x\n\na | b\r\n:- | -:\r\n", "\u{feff}|a|\n|-|\n|b|"] {
            assert!(Markdown.sniff(text.as_bytes()), "{text:?}");
        }
        for text in [
            "",
            "|",
            "|---|",
            "a\n---\n",
            "|a|b|\n+---+---+\n",
            "|a|b|\n|---|\n",
            "a\\|b\n---|---",
            "|a|\n\n|-|",
        ] {
            assert!(!Markdown.sniff(text.as_bytes()), "{text:?}");
        }
    }
}
