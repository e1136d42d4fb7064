//! Workbooks: bytes → [`Workbook`] → grids.

mod cell_scan;
mod comments;
mod container;
mod format;
mod grids;
mod legacy;
mod markup;
mod package;
mod part_limits;
mod reference;
mod scan;
mod series;
mod sheet_details;
mod superscripts;
mod texts;
mod unreadable;
mod xlsx;
mod xml;

use crate::document::workbook::{Sheet, SheetCell, Workbook};
use crate::document::{Body, Grid};
use crate::input::format::{Fault, InputFormat, ReadBody, ReadOptions};
use crate::input::limits::{Bound, LegacyReader, Limits};
use crate::input::worker;
use crate::position::Position;
use container::Parts;
pub use format::WorkbookFormat;
pub use unreadable::Unreadable;
pub(crate) use unreadable::{group_digits, raise};

impl InputFormat for WorkbookFormat {
    fn name(&self) -> &'static str {
        WorkbookFormat::name(*self)
    }

    fn sniff(&self, bytes: &[u8]) -> bool {
        self.is_of(bytes)
    }

    fn read(&self, bytes: &[u8], options: &ReadOptions<'_>) -> Result<ReadBody, Fault> {
        let workbook = read(*self, bytes, options.limits)?;
        Ok(ReadBody { description: WorkbookFormat::name(*self).into(), body: Body::Workbook(workbook) })
    }
}

impl From<Unreadable> for Fault {
    fn from(Unreadable { found, help }: Unreadable) -> Fault {
        Fault { place: None, found, help }
    }
}

/// Reads a workbook.
///
/// # Errors
/// Where it is damaged, encrypted, or larger than the limits allow.
pub fn read(format: WorkbookFormat, bytes: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    let mut workbook = match format {
        WorkbookFormat::Xlsx => {
            let parts = Parts::unpack(bytes, format, limits)?.rewrite(markup::rewrite)?;
            xlsx::read(&parts.rewrite(superscripts::rewrite)?, limits)?
        }
        WorkbookFormat::Xlsb | WorkbookFormat::Xls | WorkbookFormat::Ods => match limits.legacy_reader {
            LegacyReader::Here => legacy::read(format, bytes, limits)?,
            LegacyReader::Own | LegacyReader::Program(_) => worker::read(format, bytes, limits)?,
        },
        WorkbookFormat::Encrypted => return Err(Unreadable::encrypted()),
        WorkbookFormat::Archive => return Err(Unreadable::archive()),
    };
    workbook.sheets.iter_mut().try_for_each(check_order)?;
    spread(&workbook, limits)?;
    Ok(workbook)
}

/// Puts cells in order where they are not; a place that two of them name, or that no sheet has, has no reading.
fn check_order(sheet: &mut Sheet) -> Result<(), Unreadable> {
    let place = |cell: &SheetCell| (cell.row, cell.column);
    let named =
        |cell: &SheetCell| Position { sheet: Some(sheet.name.clone()), row: cell.row, column: cell.column };
    let beyond = |cell: &&SheetCell| cell.row > reference::LAST_ROW || cell.column > reference::LAST_COLUMN;
    let ordered = |two: &[SheetCell]| place(&two[0]) < place(&two[1]) && !beyond(&&two[0]);
    if sheet.cells.windows(2).all(ordered) && !sheet.cells.last().is_some_and(|last| beyond(&last)) {
        return Ok(());
    }
    if let Some(cell) = sheet.cells.iter().find(beyond) {
        return Err(Unreadable::hostile(format!("the cell {} stands beyond XFD1048576", named(cell))));
    }
    sheet.cells.sort_by_key(place);
    match sheet.cells.windows(2).find(|two| place(&two[0]) == place(&two[1])) {
        Some(two) => Err(Unreadable::hostile(format!("two cells have the place {}", named(&two[0])))),
        None => Ok(()),
    }
}

/// Two cells far apart have a plane of empty ones between them: what grids would hold is bounded as the cells are, and so
/// are the cells in rows that merged areas go over, which grids go over once for each area.
fn spread(workbook: &Workbook, limits: &Limits) -> Result<(), Unreadable> {
    let limit = limits.limit(Bound::Cells);
    let sum = |of: fn(&Sheet) -> u64| workbook.sheets.iter().map(of).sum::<u64>();
    if sum(places) > limit.value {
        return Err(Unreadable::beyond("cells, with the empty ones between them", limit));
    }
    if sum(count_below_merged) > limit.value.saturating_mul(MOST_BELOW_MERGED) {
        return Err(Unreadable::hostile("its merged areas lie over one another"));
    }
    Ok(())
}

/// How many labels that go down over rows a row may have, if all cells that are allowed stand in such rows.
const MOST_BELOW_MERGED: u64 = 10;

/// How many cells the rows of a sheet have from the leftmost column of the sheet on.
fn places(sheet: &Sheet) -> u64 {
    let left = sheet.cells.iter().map(|cell| cell.column).min().unwrap_or(1);
    let rows = sheet.cells.chunk_by(|one, other| one.row == other.row);
    rows.filter_map(|row| row.last()).map(|last| u64::from(last.column - left) + 1).sum()
}

/// How many cells stand in rows that merged areas go over, once for each area.
fn count_below_merged(sheet: &Sheet) -> u64 {
    let before = |row: u32| sheet.cells.partition_point(|cell| cell.row <= row) as u64;
    sheet.merged.iter().map(|area| before(area.bottom) - before(area.top).min(before(area.bottom))).sum()
}

/// The tables' ground: each sheet as grids of rows, as a person sees them; or as one, where a definition says how its tables
/// are laid out.
#[must_use]
pub fn grids(workbook: &Workbook, is_framed: impl Fn(&str) -> bool) -> Vec<Grid<'_>> {
    let mut found = Vec::new();
    for sheet in &workbook.sheets {
        if is_framed(&sheet.name) {
            found.push(grids::whole(sheet, workbook));
        } else {
            found.extend(grids::grids(sheet, workbook));
        }
    }
    found
}
