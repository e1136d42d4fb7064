//! The formats that can only be read whole: .xls, .xlsb, .ods. What they ask for cannot be bounded beforehand, so this runs
//! in a worker, whose memory and time are.
//!
//! A damaged file of these formats can end its reader. The system limits the worker's memory and seconds, its caller the
//! seconds and the bytes of output; how it ends becomes a problem of the document.

use std::fmt::Display;
use std::io::Cursor;

use calamine::{Data, Dimensions, Ods, Reader, Sheet as Metadata, SheetType, SheetVisible, Xls, Xlsb};

use memchr::memmem;

use crate::document::workbook::{Area, CellValue, Sheet, SheetCell, Workbook};
use crate::input::limits::{Bound, Limits};
use crate::input::workbook::container::Parts;
use crate::input::workbook::part_limits::PartLimits;
use crate::input::workbook::scan::scan;
use crate::input::workbook::texts::Texts;
use crate::input::workbook::{Unreadable, WorkbookFormat, markup};

/// Reads a workbook.
pub(super) fn read(format: WorkbookFormat, bytes: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    if format == WorkbookFormat::Xls {
        return xls(bytes, limits);
    }
    let parts = Parts::unpack(bytes, format, limits)?;
    if is_encrypted(&parts) {
        return Err(Unreadable::encrypted());
    }
    let parts = parts.rewrite(markup::rewrite)?;
    let mut counts = PartLimits::new(limits);
    parts.xml().try_for_each(|(name, part)| scan(part, name, &mut counts).map(drop))?;
    if format == WorkbookFormat::Xlsb { xlsb(parts.stored_bytes(), limits) } else { ods(&parts, limits) }
}

/// Whether the parts of an .ods are encrypted (`OpenDocument` 1.3, part 2, section 3.4): its list of parts says so.
fn is_encrypted(parts: &Parts) -> bool {
    let list = parts.get("META-INF/manifest.xml");
    list.is_some_and(|list| memmem::find(list, b"encryption-data").is_some())
}

fn xls(bytes: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    let mut source = Xls::new(Cursor::new(bytes)).map_err(|error| describe_damage(&error))?;
    let mut collector = CellCollector::new(limits);
    for sheet in sheets(&source) {
        let range = source.worksheet_range(&sheet.name).map_err(|error| describe_damage(&error))?;
        let merged =
            source.merge_cells_by_sheet_name(&sheet.name).map_err(|error| describe_damage(&error))?;
        collector.start_sheet(&sheet, &merged)?;
        collector.add_range(&range)?;
    }
    collector.workbook.styles.from_1904 = source.has_1904_epoch();
    Ok(collector.finish())
}

fn ods(parts: &Parts, limits: &Limits) -> Result<Workbook, Unreadable> {
    let mut source = Ods::new(Cursor::new(parts.stored_bytes())).map_err(|error| describe_damage(&error))?;
    let mut collector = CellCollector::new(limits);
    for sheet in sheets(&source) {
        let range = source.worksheet_range(&sheet.name).map_err(|error| describe_damage(&error))?;
        collector.start_sheet(&sheet, &[])?;
        collector.add_range(&range)?;
    }
    Ok(collector.finish())
}

fn xlsb(archive: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    let mut source = Xlsb::new(Cursor::new(archive)).map_err(|error| describe_damage(&error))?;
    let mut collector = CellCollector::new(limits);
    for sheet in sheets(&source) {
        collector.start_sheet(&sheet, &[])?;
        let mut cells =
            source.worksheet_cells_reader(&sheet.name).map_err(|error| describe_damage(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| describe_damage(&error))? {
            let value = collector.texts.legacy_value(&cell.get_value().clone().into());
            collector.add_cell(cell.get_position(), value)?;
        }
    }
    collector.workbook.styles.from_1904 = source.has_1904_epoch();
    Ok(collector.finish())
}

/// The sheets that hold cells.
fn sheets<'b, R: Reader<Cursor<&'b [u8]>>>(source: &R) -> Vec<Metadata> {
    let sheets = source.sheets_metadata().iter();
    sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect()
}

/// A workbook while it is read.
struct CellCollector<'l> {
    workbook: Workbook,
    texts: Texts,
    cells: u64,
    limits: &'l Limits,
}

impl<'l> CellCollector<'l> {
    fn new(limits: &'l Limits) -> CellCollector<'l> {
        CellCollector { workbook: Workbook::default(), texts: Texts::default(), cells: 0, limits }
    }

    /// Starts a sheet.
    fn start_sheet(&mut self, metadata: &Metadata, merged: &[Dimensions]) -> Result<(), Unreadable> {
        if merged.len() as u64 > self.limits.get(Bound::Merges) {
            return Err(Unreadable::beyond("merged areas", self.limits.limit(Bound::Merges)));
        }
        let (name, hidden) = (metadata.name.clone(), metadata.visible != SheetVisible::Visible);
        let merged = merged.iter().map(area).collect();
        self.workbook.sheets.push(Sheet { name, hidden, merged, ..Sheet::default() });
        Ok(())
    }

    fn add_range(&mut self, range: &calamine::Range<Data>) -> Result<(), Unreadable> {
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let value = self.texts.legacy_value(value);
            self.add_cell((top + row as u32, left + column as u32), value)?;
        }
        Ok(())
    }

    /// Adds a cell to the sheet that was started last.
    fn add_cell(&mut self, (row, column): (u32, u32), value: Option<CellValue>) -> Result<(), Unreadable> {
        let Some((value, sheet)) = value.zip(self.workbook.sheets.last_mut()) else { return Ok(()) };
        self.cells += 1;
        if self.cells > self.limits.get(Bound::Cells) {
            return Err(Unreadable::beyond("cells", self.limits.limit(Bound::Cells)));
        }
        sheet.cells.push(SheetCell {
            row: row.saturating_add(1),
            column: column.saturating_add(1),
            style: 0,
            value,
        });
        Ok(())
    }

    fn finish(mut self) -> Workbook {
        self.workbook.texts = self.texts.all();
        self.workbook
    }
}

fn area(of: &Dimensions) -> Area {
    Area { top: of.start.0 + 1, left: of.start.1 + 1, bottom: of.end.0 + 1, right: of.end.1 + 1 }
}

fn describe_damage(error: &impl Display) -> Unreadable {
    Unreadable::damaged(error)
}
