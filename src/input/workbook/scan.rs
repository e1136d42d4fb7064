//! A pass over a part of a workbook before calamine reads it: what it asks for is counted ([`PartLimits`]), a cell of which
//! calamine would give another value than the XML says is refused, and what calamine does not tell of a sheet is collected.
//! Both parse with quick-xml, so they see the same events. A part that declares types or entities is refused: no workbook
//! needs them, and they are how a few bytes unfold to gigabytes or reach for files.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::document::workbook::Area;
use crate::input::workbook::cell_scan::CellScan;
use crate::input::workbook::part_limits::{PartLimits, check_name};
use crate::input::workbook::sheet_details::SheetDetails;
use crate::input::workbook::xml::{attribute, check_encoding, resolve};
use crate::input::workbook::{Unreadable, reference};
use crate::position::Position;

/// How many columns can be told apart: one beyond names a column that no sheet has.
const MOST_COLUMNS: u32 = 16_384;

/// Scans a part. `name` is what messages call it: a sheet by its own name.
pub(super) fn scan(xml: &[u8], name: &str, limits: &mut PartLimits<'_>) -> Result<SheetDetails, Unreadable> {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut scan = Scan::new(name, xml.len(), limits);
    loop {
        match reader.read_event().map_err(|error| Unreadable::damaged(&error))? {
            Event::Start(tag) => scan.start(&tag)?,
            Event::End(tag) => scan.end(tag.local_name().as_ref())?,
            Event::Text(text) => scan.read_in_cell(|cell| cell.add_text(&text))?,
            Event::GeneralRef(entity) => {
                let character = resolve(&entity)?;
                scan.read_in_cell(|cell| cell.add_reference(&character))?;
            }
            Event::Decl(declaration) => check_encoding(&declaration)?,
            Event::DocType(_) => {
                return Err(Unreadable::hostile(
                    "it declares a document type or entities (`<!DOCTYPE`), which can unfold to any size",
                ));
            }
            Event::Eof => return Ok(scan.details),
            // A part has been written anew without the others.
            Event::Empty(_) | Event::CData(_) | Event::Comment(_) | Event::PI(_) => {}
        }
    }
}

struct Scan<'s, 'l> {
    name: &'s str,
    bytes: usize,
    limits: &'s mut PartLimits<'l>,
    details: SheetDetails,
    row: u32,
    column: u32,
    cell: CellScan,
    is_in_cell: bool,
    /// Whether it is within a shared text or one of a cell.
    is_in_string: bool,
    /// Whether it is within the characters of such a text.
    is_in_text: bool,
}

impl<'s, 'l> Scan<'s, 'l> {
    fn new(name: &'s str, bytes: usize, limits: &'s mut PartLimits<'l>) -> Scan<'s, 'l> {
        Scan {
            name,
            bytes,
            limits,
            details: SheetDetails::default(),
            row: 0,
            column: 0,
            cell: CellScan::default(),
            is_in_cell: false,
            is_in_string: false,
            is_in_text: false,
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        let name = tag.local_name();
        let name = name.as_ref();
        if self.is_in_text {
            return Err(Unreadable::hostile(format!("{} has a text with tags in it", self.name)));
        }
        self.read_in_cell(|cell| cell.start(name))?;
        match name {
            "c" => return self.start_cell(tag),
            "is" => self.is_in_string = true,
            "t" => self.is_in_text = self.is_in_string,
            "row" => return self.start_row(tag),
            "col" => return self.add_columns(tag),
            "mergeCell" => return self.add_merged(tag),
            "dimension" => return self.area(tag).map(drop),
            "sst" => return self.check_dimension(tag),
            "si" => {
                self.is_in_string = true;
                return self.limits.add_shared_text();
            }
            "name" => return check_name(tag.attributes_raw().len()),
            "numFmt" => {
                check_name(tag.attributes_raw().len())?;
                return self.limits.add_entry();
            }
            "xf" | "font" | "fill" | "border" | "Relationship" | "definedName" | "sheet" => {
                return self.limits.add_entry();
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Unreadable> {
        match name {
            "c" => return self.end_cell(),
            "t" => self.is_in_text = false,
            "is" | "si" => self.is_in_string = false,
            "row" => self.column = 0,
            _ => self.cell.end(name),
        }
        Ok(())
    }

    /// Goes on within a cell; outside of one, nothing is to be checked.
    fn read_in_cell(
        &mut self,
        step: impl FnOnce(&mut CellScan) -> Result<(), &'static str>,
    ) -> Result<(), Unreadable> {
        if !self.is_in_cell {
            return Ok(());
        }
        step(&mut self.cell).map_err(|fault| self.unclear(fault))
    }

    fn start_cell(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        (self.row, self.column) = (self.row.max(1), self.column + 1);
        self.is_in_cell = true;
        self.cell.restart();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| Unreadable::damaged(&error))?;
            match attribute.key.as_ref() {
                "r" => {
                    let place = reference::cell(attribute.value.as_bytes());
                    (self.row, self.column) = place.ok_or_else(|| self.beyond(&attribute.value))?;
                }
                "t" => self.cell.set_kind(&attribute.value),
                "s" if !attribute.value.bytes().all(|byte| byte.is_ascii_digit()) => {
                    return Err(self.unclear("has a style that is no number"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Unreadable> {
        if !self.is_in_cell {
            return Ok(());
        }
        self.is_in_cell = false;
        self.cell.check().map_err(|fault| self.unclear(fault))?;
        if self.cell.has_content() {
            self.details.values += 1;
        } else if let Some(formula) = self.cell.formula() {
            self.details.formulas.push((self.row, self.column, format!("={formula}")));
        } else {
            return Ok(());
        }
        self.limits.add_cell()
    }

    fn start_row(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        self.row = match attribute(tag, "r")? {
            Some(text) => reference::row(text.as_bytes()).ok_or_else(|| self.beyond(&text))?,
            None => self.row + 1,
        };
        if is_hidden(tag)? {
            self.details.hidden_rows.push(self.row);
        }
        Ok(())
    }

    fn add_columns(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        if is_hidden(tag)? {
            let column = |name| -> Result<Option<u32>, Unreadable> {
                let column = attribute(tag, name)?.and_then(|text| text.trim().parse::<u32>().ok());
                Ok(column.map(|column| column.min(MOST_COLUMNS)))
            };
            self.details.hidden_columns.extend(column("min")?.zip(column("max")?));
        }
        if self.details.hidden_columns.len() > MOST_COLUMNS as usize {
            return Err(Unreadable::hostile(format!("{} names more columns than a sheet has", self.name)));
        }
        Ok(())
    }

    fn add_merged(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        let area = self.area(tag)?;
        self.details.merged.extend(area);
        self.limits.add_merged_area()
    }

    fn area(&self, tag: &BytesStart<'_>) -> Result<Option<Area>, Unreadable> {
        let Some(text) = attribute(tag, "ref")? else { return Ok(None) };
        reference::area(text.as_bytes()).map(Some).ok_or_else(|| self.beyond(&text))
    }

    /// Checks what a list of shared texts says that it holds: calamine takes room for as much.
    fn check_dimension(&self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        const SHORTEST: usize = "<si/>".len();
        let Some(announced) = attribute(tag, "uniqueCount")? else { return Ok(()) };
        if announced.trim().parse::<u64>().is_ok_and(|texts| texts <= (self.bytes / SHORTEST) as u64) {
            return Ok(());
        }
        Err(Unreadable::hostile(format!("{} announces {announced} texts, and has room for fewer", self.name)))
    }

    /// A cell of which calamine would give another value than it has.
    fn unclear(&self, what: &str) -> Unreadable {
        let place = Position { sheet: Some(self.name.to_owned()), row: self.row, column: self.column };
        Unreadable::hostile(format!("the cell {place} {what}"))
    }

    fn beyond(&self, reference: &str) -> Unreadable {
        let reference: String = reference.chars().take(40).collect();
        Unreadable::hostile(format!(
            "{} names `{reference}`, which is no place of a sheet (A1 to XFD1048576)",
            self.name
        ))
    }
}

fn is_hidden(tag: &BytesStart<'_>) -> Result<bool, Unreadable> {
    Ok(attribute(tag, "hidden")?.is_some_and(|value| matches!(value.as_str(), "1" | "true")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::input::limits::Limits;

    fn scanned(xml: &str) -> Result<SheetDetails, Unreadable> {
        scan(xml.as_bytes(), "T", &mut PartLimits::new(&Limits::default()))
    }

    const SHEET: &str = "<worksheet><dimension ref=\"A1:C9\"/><cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min=\"4\" max=\"4\"/></cols>\
        <sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\" s=\"1\"/><c><f>A1&lt;2</f></c></row>\
        <row hidden=\"true\"><c t=\"inlineStr\"><is><t>x</t></is></c><c r=\"C2\"><f>A1+1</f><v>2</v></c></row>\
        <row r=\"9\" hidden=\"0\"><c r=\"B9\"><f t=\"shared\" si=\"0\"/></c></row></sheetData>\
        <mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>";

    #[test]
    fn what_calamine_does_not_tell_is_found() {
        let details = scanned(SHEET).unwrap();
        assert_eq!(details.values, 3);
        assert_eq!(details.merged, [Area { top: 1, left: 1, bottom: 1, right: 2 }]);
        assert_eq!((details.hidden_rows, details.hidden_columns), (vec![2], vec![(2, 3)]));
        assert_eq!(details.formulas, [(1, 3, "=A1<2".into()), (9, 2, "=".into())]);
    }

    #[test]
    fn cells_that_hold_something_are_counted() {
        for (limit, is_refused) in
            [("cells=5", false), ("cells=4", true), ("merges=1", false), ("texts=1", false)]
        {
            let limits = Limits::default().with(limit.parse().unwrap());
            let scanned = scan(SHEET.as_bytes(), "T", &mut PartLimits::new(&limits));
            assert_eq!(scanned.is_err(), is_refused, "{limit}");
        }
    }

    #[test]
    fn cells_of_all_parts_are_counted_together() {
        let limits = Limits::default().with("cells=9".parse().unwrap());
        let mut counts = PartLimits::new(&limits);
        assert!(scan(SHEET.as_bytes(), "T", &mut counts).is_ok());
        assert!(scan(SHEET.as_bytes(), "U", &mut counts).unwrap_err().found.contains("more than 9 cells"));
    }

    #[test]
    fn what_is_cut_off_or_declares_entities_is_refused() {
        for xml in ["<a", "<a b=\"", "<!-- ", "<![CDATA[ ]]", "<", "<?xml", "<a></b>"] {
            assert!(scanned(xml).unwrap_err().found.contains("damaged"), "{xml}");
        }
        assert!(scanned("<!DOCTYPE a []><a/>").unwrap_err().found.contains("document type"));
        assert!(scanned("<a><!ENTITY b \"c\"></a>").is_err());
    }

    #[test]
    fn other_encodings_are_refused() {
        for declared in ["utf-16", "windows-1252"] {
            let xml = format!("<?xml version=\"1.0\" encoding=\"{declared}\"?><a/>");
            assert!(scanned(&xml).unwrap_err().found.contains("not in UTF-8"), "{declared}");
        }
        for xml in ["\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>", "<a/>", ""] {
            assert!(scanned(xml).is_ok());
        }
        let limits = Limits::default();
        assert!(scan(b"<a>\xE9</a>", "T", &mut PartLimits::new(&limits)).is_err());
    }
}
