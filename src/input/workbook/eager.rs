//! The formats that can only be read whole: .xls, .xlsb, .ods. What they ask for cannot be bounded beforehand, so this runs
//! in a worker, whose memory and time are.
//!
//! A damaged file of these formats can end its reader. The system limits the worker's memory and seconds, its caller the
//! seconds and the bytes of output; how it ends becomes a problem of the document.

use std::fmt::Display;
use std::io::Cursor;

use calamine::{Data, Dimensions, Ods, Reader, Sheet as Metadata, SheetType, SheetVisible, Xls, Xlsb};

use crate::document::workbook::{Area, Sheet, SheetCell, Stored, Workbook};
use crate::input::limits::{Bound, Limits};
use crate::input::workbook::container::Parts;
use crate::input::workbook::scan::scan;
use crate::input::workbook::texts::Texts;
use crate::input::workbook::{Format, Unreadable};

/// Reads a workbook.
pub(super) fn read(format: Format, bytes: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    if format == Format::Xls {
        return xls(bytes, limits);
    }
    let parts = Parts::of(bytes, format, limits)?;
    parts.xml().try_for_each(|(name, part)| scan(part, name, limits, |_, _| Ok(())).map(drop))?;
    if format == Format::Xlsb { xlsb(parts.stored(), limits) } else { ods(parts.stored(), limits) }
}

fn xls(bytes: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    let mut source = Xls::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut reading = Reading::of(limits);
    for sheet in sheets(&source) {
        let range = source.worksheet_range(&sheet.name).map_err(|error| damaged(&error))?;
        let merged = source.merge_cells_by_sheet_name(&sheet.name).map_err(|error| damaged(&error))?;
        reading.begin(&sheet, &merged)?;
        reading.range(&range)?;
    }
    reading.workbook.looks.from_1904 = source.has_1904_epoch();
    Ok(reading.finish())
}

fn ods(archive: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    let mut source = Ods::new(Cursor::new(archive)).map_err(|error| damaged(&error))?;
    let mut reading = Reading::of(limits);
    for sheet in sheets(&source) {
        let range = source.worksheet_range(&sheet.name).map_err(|error| damaged(&error))?;
        reading.begin(&sheet, &[])?;
        reading.range(&range)?;
    }
    Ok(reading.finish())
}

fn xlsb(archive: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    let mut source = Xlsb::new(Cursor::new(archive)).map_err(|error| damaged(&error))?;
    let mut reading = Reading::of(limits);
    for sheet in sheets(&source) {
        reading.begin(&sheet, &[])?;
        let mut cells = source.worksheet_cells_reader(&sheet.name).map_err(|error| damaged(&error))?;
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
            let stored = reading.texts.stored_whole(&cell.get_value().clone().into());
            reading.cell(cell.get_position(), stored)?;
        }
    }
    reading.workbook.looks.from_1904 = source.has_1904_epoch();
    Ok(reading.finish())
}

/// The sheets that hold cells.
fn sheets<'b, R: Reader<Cursor<&'b [u8]>>>(source: &R) -> Vec<Metadata> {
    let sheets = source.sheets_metadata().iter();
    sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect()
}

/// A workbook while it is read.
struct Reading<'l> {
    workbook: Workbook,
    texts: Texts,
    cells: u64,
    limits: &'l Limits,
}

impl<'l> Reading<'l> {
    fn of(limits: &'l Limits) -> Reading<'l> {
        Reading { workbook: Workbook::default(), texts: Texts::default(), cells: 0, limits }
    }

    /// Begins a sheet.
    fn begin(&mut self, of: &Metadata, merged: &[Dimensions]) -> Result<(), Unreadable> {
        if merged.len() as u64 > self.limits.of(Bound::Merges) {
            return Err(Unreadable::beyond("merged areas", self.limits.limit(Bound::Merges)));
        }
        let (name, hidden) = (of.name.clone(), of.visible != SheetVisible::Visible);
        let merged = merged.iter().map(area).collect();
        self.workbook.sheets.push(Sheet { name, hidden, merged, ..Sheet::default() });
        Ok(())
    }

    fn range(&mut self, range: &calamine::Range<Data>) -> Result<(), Unreadable> {
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let stored = self.texts.stored_whole(value);
            self.cell((top + row as u32, left + column as u32), stored)?;
        }
        Ok(())
    }

    /// Adds a cell to the sheet that was begun last.
    fn cell(&mut self, (row, column): (u32, u32), stored: Option<Stored>) -> Result<(), Unreadable> {
        let Some((stored, sheet)) = stored.zip(self.workbook.sheets.last_mut()) else { return Ok(()) };
        self.cells += 1;
        if self.cells > self.limits.of(Bound::Cells) {
            return Err(Unreadable::beyond("cells", self.limits.limit(Bound::Cells)));
        }
        sheet.cells.push(SheetCell {
            row: row.saturating_add(1),
            column: column.saturating_add(1),
            look: 0,
            stored,
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

fn damaged(error: &impl Display) -> Unreadable {
    Unreadable::damaged(error)
}
