//! Workbooks: bytes → [`Workbook`] → grids.

mod container;
mod eager;
mod format;
mod grids;
mod series;
#[allow(dead_code)]
mod superscripts;
mod xlsx;

use crate::document::Grid;
use crate::workbook::Workbook;
pub use format::Format;

/// Why a workbook cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What was found.
    pub found: String,
    /// What to do.
    pub help: String,
}

/// Reads a workbook.
///
/// # Errors
/// Where it is damaged, encrypted, or larger than the limits allow.
pub fn read(format: Format, bytes: &[u8]) -> Result<Workbook, Unreadable> {
    match format {
        Format::Xlsx => xlsx::read(&container::Parts::of(bytes)?),
        Format::Xlsb | Format::Xls | Format::Ods => eager::read(format, bytes),
        Format::Encrypted => Err(Unreadable {
            found: "the workbook is encrypted".into(),
            help: "open it with its password, and save it without one".into(),
        }),
        Format::Archive => Err(Unreadable {
            found: "a zip archive that holds no workbook".into(),
            help: "unpack it, and name the documents in it".into(),
        }),
    }
}

/// The tables' ground: each sheet as grids of rows, as a person sees them.
#[must_use]
pub fn grids(workbook: &Workbook) -> Vec<Grid<'_>> {
    workbook.sheets.iter().flat_map(|sheet| grids::grids(sheet, workbook)).collect()
}
