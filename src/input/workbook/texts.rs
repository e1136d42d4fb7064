//! The texts of a workbook, each once, and the value of a cell, with its text replaced by its place among them.

use std::collections::HashMap;

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};
use indexmap::IndexSet;

use crate::document::workbook::CellValue;

/// The texts of a workbook: each once. A shared text is known by where it stands in memory, which is quicker than by what
/// it says.
#[derive(Default)]
pub(super) struct Texts {
    all: IndexSet<String, foldhash::fast::RandomState>,
    shared: HashMap<usize, u32, foldhash::fast::RandomState>,
}

impl Texts {
    /// All of them, in the order of their places.
    pub(super) fn all(self) -> Vec<String> {
        self.all.into_iter().collect()
    }

    /// The value of a cell; none where it shows nothing.
    pub(super) fn value(&mut self, value: &DataRef<'_>) -> Option<CellValue> {
        match value {
            DataRef::Int(number) => Some(CellValue::Number(*number as f64)),
            DataRef::Float(number) => Some(CellValue::Number(*number)),
            DataRef::DateTime(time) => Some(CellValue::Number(time.as_f64())),
            DataRef::String(own) | DataRef::DateTimeIso(own) | DataRef::DurationIso(own) => self.own(own),
            DataRef::SharedString(shared) => {
                (!shared.trim().is_empty()).then(|| CellValue::Text(self.intern(shared)))
            }
            DataRef::Bool(is_true) => Some(CellValue::Bool(*is_true)),
            DataRef::Error(error) => Some(CellValue::Error(error_name(error))),
            DataRef::Empty => None,
        }
    }

    /// The value of a cell of a range; none where it shows nothing.
    pub(super) fn legacy_value(&mut self, value: &Data) -> Option<CellValue> {
        match value {
            Data::Int(number) => Some(CellValue::Number(*number as f64)),
            Data::Float(number) => Some(CellValue::Number(*number)),
            // How much of a date is shown is not known here: it is its day.
            Data::DateTime(time) if time.is_datetime() => self.own(&day(time)),
            Data::DateTime(time) => Some(CellValue::Number(time.as_f64())),
            Data::DateTimeIso(own) => self.own(own.trim_end_matches("T00:00:00")),
            Data::String(own) | Data::DurationIso(own) => self.own(own),
            Data::Bool(is_true) => Some(CellValue::Bool(*is_true)),
            Data::Error(error) => Some(CellValue::Error(error_name(error))),
            Data::Empty => None,
        }
    }

    fn own(&mut self, text: &str) -> Option<CellValue> {
        (!text.trim().is_empty()).then(|| CellValue::Text(self.place(text)))
    }

    /// Where a text stands.
    pub(super) fn place(&mut self, text: &str) -> u32 {
        let known = self.all.get_index_of(text);
        known.unwrap_or_else(|| self.all.insert_full(text.to_owned()).0) as u32
    }

    /// Where a shared text stands.
    fn intern(&mut self, text: &str) -> u32 {
        let address = text.as_ptr() as usize;
        if let Some(at) = self.shared.get(&address) {
            return *at;
        }
        let at = self.place(text);
        self.shared.insert(address, at);
        at
    }
}

/// The day of a date, with its time where that is not midnight.
fn day(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute) == (0, 0) { date } else { format!("{date} {hour:02}:{minute:02}") }
}

/// How spreadsheets print an error.
fn error_name(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn a_date_of_a_format_read_whole_is_its_day() {
        let date = |number, from_1904| {
            let mut texts = Texts::default();
            let date = ExcelDateTime::new(number, ExcelDateTimeType::DateTime, from_1904);
            let value = texts.legacy_value(&Data::DateTime(date));
            (value, texts.all())
        };
        // `=DATE(2024,1,31)` is 45322, and 1462 less where days are counted from 1904.
        for (number, from_1904, day) in [
            (45_322.0, false, "2024-01-31"),
            (43_860.0, true, "2024-01-31"),
            (45_322.5, false, "2024-01-31 12:00"),
        ] {
            assert_eq!(date(number, from_1904), (Some(CellValue::Text(0)), vec![day.to_owned()]), "{number}");
        }
        let mut texts = Texts::default();
        let iso = texts.legacy_value(&Data::DateTimeIso("2024-01-31T00:00:00".into()));
        assert_eq!((iso, texts.all()), (Some(CellValue::Text(0)), vec!["2024-01-31".to_owned()]));
    }
}
