//! Office Open XML workbooks, cell by cell. They are read in this process, behind the scan: thousands of random changes of
//! their bytes and of their parts found no panic.

use std::panic::resume_unwind;
use std::thread;

use calamine::{Reader, SheetType, SheetVisible, Xlsx, XlsxError, open_workbook_from_rs};

use crate::document::workbook::{Look, Looks, Sheet, SheetCell, Stored, Workbook};
use crate::input::limits::{Bound, Limits};
use crate::input::workbook::container::Parts;
use crate::input::workbook::gate::{Behind, Gate};
use crate::input::workbook::scan::Found;
use crate::input::workbook::texts::Texts;
use crate::input::workbook::{Unreadable, comments, package};

/// Reads a workbook.
pub(super) fn read(parts: &Parts, limits: &Limits) -> Result<Workbook, Unreadable> {
    let of_sheets = package::sheets(parts)?;
    let gate = Gate::of(parts);
    let (found, cells) = thread::scope(|scope| {
        let scan = scope.spawn(|| gate.scan(limits));
        let cells = cells(gate.reader(), of_sheets);
        (scan.join().unwrap_or_else(|panic| resume_unwind(panic)), cells)
    });
    // What the scan refused is why the reader failed.
    let mut found = found?;
    let (mut workbook, mut texts, of_sheets) = cells.map_err(|error| Unreadable::damaged(&error))?;
    for (sheet, part) in workbook.sheets.iter_mut().zip(of_sheets) {
        let Some(found) = found.remove(part.as_str()) else {
            return Err(Unreadable::damaged(&format!("the sheet {} is no part of XML", sheet.name)));
        };
        sheet.comments = comments::of_sheet(parts, &part)?;
        add(found, sheet, &mut texts);
    }
    workbook.texts = texts.all();
    shown_within(&workbook, limits)?;
    Ok(workbook)
}

/// The sheets with their cells, their texts, and the part of each sheet, given those of all.
fn cells(archive: Behind<'_>, of_sheets: Vec<String>) -> Result<(Workbook, Texts, Vec<String>), XlsxError> {
    let mut source: Xlsx<_> = open_workbook_from_rs(archive)?;
    let (mut workbook, mut texts, mut parts) = (Workbook::default(), Texts::default(), Vec::new());
    workbook.looks.from_1904 = source.has_1904_epoch();
    for (metadata, part) in source.sheets_metadata().to_vec().into_iter().zip(of_sheets) {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        let mut sheet = Sheet {
            name: metadata.name.clone(),
            hidden: metadata.visible != SheetVisible::Visible,
            ..Sheet::default()
        };
        cells_of(&mut source, &mut sheet, &mut texts, &mut workbook.looks)?;
        workbook.sheets.push(sheet);
        parts.push(part);
    }
    Ok((workbook, texts, parts))
}

/// What cells show is bounded as what parts unfold to is: a single long text, or a format full of words, may be shown by each
/// of them.
fn shown_within(workbook: &Workbook, limits: &Limits) -> Result<(), Unreadable> {
    let length = |cell: &SheetCell| match cell.stored {
        Stored::Text(at) | Stored::Formula(at) => workbook.texts.get(at as usize).map_or(0, String::len),
        _ => workbook.looks.all.get(cell.look as usize).map_or(0, |look| look.length),
    };
    let shown: u64 =
        workbook.sheets.iter().flat_map(|sheet| &sheet.cells).map(|cell| length(cell) as u64).sum();
    if shown > limits.bytes(Bound::Inflated) {
        return Err(Unreadable::beyond("megabytes of text in its cells", limits.limit(Bound::Inflated)));
    }
    Ok(())
}

fn cells_of(
    source: &mut Xlsx<Behind<'_>>,
    sheet: &mut Sheet,
    texts: &mut Texts,
    looks: &mut Looks,
) -> Result<(), XlsxError> {
    let mut reader = source.worksheet_cells_reader(&sheet.name)?;
    if looks.all.is_empty() {
        looks.all = reader.styles().iter().map(look).collect();
    }
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        if let Some(stored) = texts.stored(cell.get_value()) {
            sheet.cells.push(SheetCell { row: row + 1, column: column + 1, look: style as u32, stored });
        }
    }
    Ok(())
}

/// Adds what the scan found of a sheet.
fn add(found: Found, sheet: &mut Sheet, texts: &mut Texts) {
    let last = sheet.cells.iter().fold((0, 0), |last, cell| (last.0.max(cell.row), last.1.max(cell.column)));
    let formula = |(row, column, text): (u32, u32, String)| {
        let stored = Stored::Formula(texts.place(&text));
        SheetCell { row, column, look: 0, stored }
    };
    sheet.cells.extend(found.formulas.into_iter().map(formula));
    sheet.merged = found.merged;
    sheet.hidden_rows = found.hidden_rows;
    sheet.hidden_rows.retain(|row| *row <= last.0);
    sheet.hidden_columns = hidden_columns(&found.hidden_columns, last.1);
}

/// The columns of ranges, up to the last.
fn hidden_columns(ranges: &[(u32, u32)], last: u32) -> Vec<u32> {
    // How many more ranges hold a column than the one before it.
    let mut more = vec![0i64; last as usize + 2];
    for (first, end) in ranges.iter().filter(|(first, end)| first <= end && (1..=last).contains(first)) {
        more[*first as usize] += 1;
        more[(*end).min(last) as usize + 1] -= 1;
    }
    let mut held = 0;
    let is_held = |column: &u32| {
        held += more[*column as usize];
        held > 0
    };
    (1..=last).filter(is_held).collect()
}

fn look(style: &calamine::Style) -> Look {
    let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
    let indent = style.alignment.as_ref().and_then(|alignment| alignment.indent);
    Look::new(code, indent.unwrap_or_default())
}
