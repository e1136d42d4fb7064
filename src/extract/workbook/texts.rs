//! The texts of a workbook, each once, and what a cell stores with its text replaced by its place among them.

use std::collections::HashMap;

use calamine::{CellErrorType, Data, DataRef};
use indexmap::IndexSet;

use crate::workbook::Stored;

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

    /// What a cell stores; none where it shows nothing.
    pub(super) fn stored(&mut self, value: &DataRef<'_>) -> Option<Stored> {
        match value {
            DataRef::Int(number) => Some(Stored::Number(*number as f64)),
            DataRef::Float(number) => Some(Stored::Number(*number)),
            DataRef::DateTime(time) => Some(Stored::Number(time.as_f64())),
            DataRef::String(own) | DataRef::DateTimeIso(own) | DataRef::DurationIso(own) => self.own(own),
            DataRef::SharedString(shared) => {
                (!shared.trim().is_empty()).then(|| Stored::Text(self.shared(shared)))
            }
            DataRef::Bool(truth) => Some(Stored::Truth(*truth)),
            DataRef::Error(error) => Some(Stored::Error(error_name(error))),
            DataRef::Empty => None,
        }
    }

    /// What a cell of a range stores; none where it shows nothing.
    pub(super) fn stored_whole(&mut self, value: &Data) -> Option<Stored> {
        match value {
            Data::Int(number) => Some(Stored::Number(*number as f64)),
            Data::Float(number) => Some(Stored::Number(*number)),
            Data::DateTime(time) => Some(Stored::Number(time.as_f64())),
            Data::String(own) | Data::DateTimeIso(own) | Data::DurationIso(own) => self.own(own),
            Data::Bool(truth) => Some(Stored::Truth(*truth)),
            Data::Error(error) => Some(Stored::Error(error_name(error))),
            Data::Empty => None,
        }
    }

    fn own(&mut self, text: &str) -> Option<Stored> {
        (!text.trim().is_empty()).then(|| Stored::Text(self.place(text)))
    }

    /// Where a text stands.
    pub(super) fn place(&mut self, text: &str) -> u32 {
        let known = self.all.get_index_of(text);
        known.unwrap_or_else(|| self.all.insert_full(text.to_owned()).0) as u32
    }

    /// Where a shared text stands.
    fn shared(&mut self, text: &str) -> u32 {
        let address = text.as_ptr() as usize;
        if let Some(at) = self.shared.get(&address) {
            return *at;
        }
        let at = self.place(text);
        self.shared.insert(address, at);
        at
    }
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
