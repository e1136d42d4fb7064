//! What the parts of an .xlsx ask for, counted before a reader takes memory for it; and what that reader does not tell:
//! hidden rows and columns, merged areas, formulas without a result. Every part is looked at in the same way, so that it
//! makes no difference as what it is read later.

use std::borrow::Cow;

use crate::document::workbook::Area;
use crate::input::limits::{Bound, Limits};
use crate::input::workbook::markup::{Tag, Tags, attribute, number};
use crate::input::workbook::{Unreadable, reference};
use crate::position::Place;

/// What was found in a part.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// How many cells hold something.
    pub(super) cells: u64,
    /// How many shared texts there are.
    texts: u64,
    /// How many things there are that a reader keeps beside cells and texts.
    entries: u64,
    /// The areas of merged cells.
    pub(super) merged: Vec<Area>,
    /// The rows that are hidden.
    pub(super) hidden_rows: Vec<u32>,
    /// The columns that are hidden, from one to another.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// The formulas without a result: row, column, and what a person sees who looks at the formula.
    pub(super) formulas: Vec<(u32, u32, String)>,
}

/// How many looks, relations and names a workbook may have: spreadsheet programs have room for 65 490 looks.
const MOST_ENTRIES: u64 = 200_000;

/// Spreadsheet programs take formats of 255 characters, each of which may be written as six.
const LONGEST: usize = 2048;

/// How many columns can be told apart: one beyond names a column that no sheet has.
const MOST_COLUMNS: usize = 16_384;

/// The kind of a cell whose text stands in it.
const INLINE: &[u8] = b"inlineStr";

/// Looks at a part. `name` is what messages call it; `passed` hears up to where it was looked at, and what was found until
/// then.
pub(super) fn scan(
    xml: &[u8],
    name: &str,
    limits: &Limits,
    mut passed: impl FnMut(usize, &Found) -> Result<(), Unreadable>,
) -> Result<Found, Unreadable> {
    let mut scan = Scan { xml, name, limits, found: Found::default(), row: 0, column: 0, cell: None };
    let mut tags = Tags::of(xml);
    while let Some(tag) = tags.next()? {
        match tag {
            Tag::Start { name, attributes, ends } => {
                scan.start(name, attributes, ends, tags.at())?;
                if ends {
                    scan.end(name, tags.at())?;
                }
            }
            Tag::End(name) => scan.end(name, tags.at())?,
        }
        passed(tags.at(), &scan.found)?;
    }
    Ok(scan.found)
}

struct Scan<'x> {
    xml: &'x [u8],
    name: &'x str,
    limits: &'x Limits,
    found: Found,
    row: u32,
    column: u32,
    cell: Option<CellSeen<'x>>,
}

/// A cell whose end was not seen yet.
#[derive(Default)]
struct CellSeen<'x> {
    /// What its value is, as its attribute `t` says.
    kind: &'x [u8],
    /// The characters of its value.
    value: Option<&'x [u8]>,
    /// Whether its text stands in the cell itself.
    has_text: bool,
    formula: Option<(usize, usize)>,
}

impl CellSeen<'_> {
    fn has_value(&self) -> bool {
        self.value.is_some() || self.has_text
    }

    /// Whether there is anything in it but a formula. A value with nothing in it, `<v></v>` or `<v/>`, is none, as some
    /// programs write a formula that they don't compute; only a text may be empty.
    fn holds(&self) -> bool {
        self.has_text || self.value.is_some_and(|value| self.kind == b"str" || !value.is_empty())
    }
}

impl<'x> Scan<'x> {
    fn start(&mut self, name: &[u8], attributes: &'x [u8], ends: bool, at: usize) -> Result<(), Unreadable> {
        match name {
            b"c" => self.cell(attributes),
            b"is" => self.text(),
            b"v" => self.value(at, ends),
            b"f" => self.formula(at),
            b"row" => self.row(attributes),
            b"col" => self.columns(attributes),
            b"mergeCell" => self.merge(attributes),
            b"dimension" => self.area(attributes).map(drop),
            b"sst" => self.announced(attributes),
            b"si" => {
                self.found.texts += 1;
                self.count(self.found.texts, "shared texts", Bound::Texts)
            }
            b"name" | b"numFmt" if attributes.len() > LONGEST => self.too_long(),
            b"xf" | b"font" | b"fill" | b"border" | b"numFmt" | b"Relationship" | b"definedName" => {
                self.entry()
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, name: &[u8], at: usize) -> Result<(), Unreadable> {
        match name {
            b"c" => return self.cell_ends(),
            b"f" => self.formula_ends(at),
            b"row" => self.column = 0,
            _ => {}
        }
        Ok(())
    }

    /// A reader keeps a copy of a format and of a font's name for each look that has them.
    fn too_long(&self) -> Result<(), Unreadable> {
        Err(Unreadable::hostile(format!(
            "{} has a format or a font with a name of over {LONGEST} bytes",
            self.name
        )))
    }

    fn cell(&mut self, attributes: &'x [u8]) -> Result<(), Unreadable> {
        if let Some(text) = attribute(attributes, b"r") {
            (self.row, self.column) = reference::cell(text).ok_or_else(|| self.beyond(text))?;
        } else {
            self.row = self.row.max(1);
            self.column += 1;
        }
        let kind = attribute(attributes, b"t").unwrap_or_default();
        self.cell = Some(CellSeen { kind, ..CellSeen::default() });
        Ok(())
    }

    /// A text that stands in the cell. Beside it, a cell of that kind may have a value, which means nothing.
    fn text(&mut self) -> Result<(), Unreadable> {
        let Some(cell) = &mut self.cell else { return Ok(()) };
        if cell.has_text || cell.value.is_some() && cell.kind != INLINE {
            return Err(self.unclear("has two values"));
        }
        cell.has_text = true;
        Ok(())
    }

    /// A value. The reader takes its characters up to the first markup for all of it, and what is no place of a shared text
    /// for the first place.
    fn value(&mut self, at: usize, ends: bool) -> Result<(), Unreadable> {
        let rest = self.xml.get(at..).filter(|_| !ends).unwrap_or_default();
        let Some(cell) = &mut self.cell else { return Ok(()) };
        if cell.has_value() {
            return Err(self.unclear("has two values"));
        }
        let (value, next) = rest.split_at(memchr::memchr(b'<', rest).unwrap_or(rest.len()));
        let is_whole = ends || next.starts_with(b"</");
        let is_plain = match cell.kind {
            b"str" | b"d" | INLINE => true,
            b"s" => value.iter().all(u8::is_ascii_digit),
            _ => !value.contains(&b'&'),
        };
        cell.value = Some(value);
        if is_whole && is_plain { Ok(()) } else { Err(self.unclear("has a value that is split by markup")) }
    }

    fn formula(&mut self, at: usize) -> Result<(), Unreadable> {
        let Some(cell) = &mut self.cell else { return Ok(()) };
        if cell.has_value() {
            return Err(self.unclear("has a formula behind its value"));
        }
        cell.formula = Some((at, at));
        Ok(())
    }

    fn formula_ends(&mut self, at: usize) {
        if let Some((start, end)) = self.cell.as_mut().and_then(|cell| cell.formula.as_mut()) {
            let text = self.xml.get(*start..at).unwrap_or_default();
            *end = *start + text.iter().rposition(|byte| *byte == b'<').unwrap_or(0);
        }
    }

    fn cell_ends(&mut self) -> Result<(), Unreadable> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        if cell.kind == INLINE && !cell.has_text && cell.holds() {
            return Err(self.unclear("has a value where its text should be"));
        }
        self.found.cells += u64::from(cell.holds() || cell.formula.is_some());
        if let Some((start, end)) = cell.formula.filter(|_| !cell.holds()) {
            let text = String::from_utf8_lossy(self.xml.get(start..end).unwrap_or_default());
            let plain = quick_xml::escape::unescape(&text).unwrap_or(Cow::Borrowed(&text));
            self.found.formulas.push((self.row, self.column, format!("={plain}")));
        }
        self.count(self.found.cells, "cells", Bound::Cells)
    }

    fn row(&mut self, attributes: &[u8]) -> Result<(), Unreadable> {
        self.row = match attribute(attributes, b"r") {
            Some(text) => reference::row(text).ok_or_else(|| self.beyond(text))?,
            None => self.row + 1,
        };
        if is_true(attribute(attributes, b"hidden")) {
            self.found.hidden_rows.push(self.row);
        }
        Ok(())
    }

    fn columns(&mut self, attributes: &[u8]) -> Result<(), Unreadable> {
        if is_true(attribute(attributes, b"hidden")) {
            let of = |name| {
                attribute(attributes, name)
                    .and_then(number)
                    .map(|column| column.min(MOST_COLUMNS as u64) as u32)
            };
            self.found.hidden_columns.extend(of(b"min").zip(of(b"max")));
        }
        if self.found.hidden_columns.len() > MOST_COLUMNS {
            return Err(Unreadable::hostile(format!("{} names more columns than a sheet has", self.name)));
        }
        Ok(())
    }

    fn merge(&mut self, attributes: &[u8]) -> Result<(), Unreadable> {
        let area = self.area(attributes)?;
        self.found.merged.extend(area);
        self.count(self.found.merged.len() as u64, "merged areas", Bound::Merges)
    }

    fn area(&self, attributes: &[u8]) -> Result<Option<Area>, Unreadable> {
        let Some(text) = attribute(attributes, b"ref") else { return Ok(None) };
        reference::area(text).map(Some).ok_or_else(|| self.beyond(text))
    }

    /// What a list of shared texts says that it holds: a reader takes room for as much.
    fn announced(&self, attributes: &[u8]) -> Result<(), Unreadable> {
        const SHORTEST: usize = "<si/>".len();
        let Some(announced) = attribute(attributes, b"uniqueCount") else { return Ok(()) };
        if number(announced).is_some_and(|texts| texts <= (self.xml.len() / SHORTEST) as u64) {
            return Ok(());
        }
        let announced = String::from_utf8_lossy(announced);
        Err(Unreadable::hostile(format!("{} announces {announced} texts, and has room for fewer", self.name)))
    }

    fn entry(&mut self) -> Result<(), Unreadable> {
        self.found.entries += 1;
        if self.found.entries > MOST_ENTRIES {
            return Err(Unreadable::hostile(format!(
                "{} has more than {MOST_ENTRIES} looks or names",
                self.name
            )));
        }
        Ok(())
    }

    fn count(&self, counted: u64, what: &str, bound: Bound) -> Result<(), Unreadable> {
        if counted > self.limits.of(bound) {
            Err(Unreadable::beyond(what, self.limits.limit(bound)))
        } else {
            Ok(())
        }
    }

    /// A cell of which the reader would give another value than it has.
    fn unclear(&self, what: &str) -> Unreadable {
        let place = Place { sheet: Some(self.name.to_owned()), row: self.row, column: self.column };
        Unreadable::hostile(format!("the cell {place} {what}"))
    }

    fn beyond(&self, reference: &[u8]) -> Unreadable {
        let reference: String = String::from_utf8_lossy(reference).chars().take(40).collect();
        Unreadable::hostile(format!(
            "{} names `{reference}`, which is no place of a sheet (A1 to XFD1048576)",
            self.name
        ))
    }
}

fn is_true(value: Option<&[u8]>) -> bool {
    matches!(value, Some(b"1" | b"true"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SHEET: &str = "<worksheet><dimension ref=\"A1:C9\"/><cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min=\"4\" max=\"4\"/></cols>\
        <sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\" s=\"1\"/><c><f>A1&lt;2</f></c></row>\
        <row hidden=\"true\"><c t=\"inlineStr\"><is><t>x</t></is></c><c r=\"C2\"><f>A1+1</f><v>2</v></c></row>\
        <row r=\"9\" hidden=\"0\"><c r=\"B9\"><f t=\"shared\" si=\"0\"/></c></row></sheetData>\
        <mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>";

    #[test]
    fn what_a_reader_does_not_tell_is_found() {
        let found = scan(SHEET.as_bytes(), "sheet", &Limits::default(), |_, _| Ok(())).unwrap();
        assert_eq!(found.cells, 5);
        assert_eq!(found.merged, [Area { top: 1, left: 1, bottom: 1, right: 2 }]);
        assert_eq!((found.hidden_rows, found.hidden_columns), (vec![2], vec![(2, 3)]));
        assert_eq!(found.formulas, [(1, 3, "=A1<2".into()), (9, 2, "=".into())]);
    }

    #[test]
    fn what_is_beyond_a_limit_is_refused() {
        for (limit, says) in [("cells=4", "more than 4 cells"), ("merges=1", ""), ("texts=1", "")] {
            let limits = Limits::default().with(limit.parse().unwrap());
            let found = scan(SHEET.as_bytes(), "sheet", &limits, |_, _| Ok(()));
            assert_eq!(found.is_err(), !says.is_empty(), "{limit}");
            assert!(found.err().is_none_or(|fault| fault.found.contains(says)), "{limit}");
        }
    }

    #[test]
    fn looks_are_counted() {
        let many = "<xf/>".repeat(MOST_ENTRIES as usize + 1);
        let fault = scan(many.as_bytes(), "styles", &Limits::default(), |_, _| Ok(())).unwrap_err();
        assert!(fault.found.contains("styles has more than 200000 looks"), "{}", fault.found);
    }
}
