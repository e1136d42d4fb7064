//! The columns of a batch by their names, whatever they are stored as: texts, numbers, flags.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use arrow::array::{Array, AsArray, BooleanArray, Float64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};

use crate::dataset::{Definition, Dimension};
use crate::grammar::period::Period;

/// The columns of a batch.
pub struct Columns {
    by_name: BTreeMap<String, Values>,
    rows: usize,
}

/// The values of a column. A double holds every figure: they stay far below 2^53.
enum Values {
    Texts(StringArray),
    Numbers(Float64Array),
    Flags(BooleanArray),
}

/// A row.
#[derive(Clone, Copy)]
pub struct Row<'c> {
    columns: &'c Columns,
    at: usize,
}

impl Columns {
    /// Reads all columns but days, which no page needs.
    ///
    /// # Errors
    /// Where one is of a type that is not published.
    pub fn read(batch: &RecordBatch) -> Result<Columns> {
        let mut by_name = BTreeMap::new();
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let values = match field.data_type() {
                DataType::Date32 => continue,
                DataType::Boolean => Values::Flags(column.as_boolean().clone()),
                DataType::Utf8 | DataType::Dictionary(..) => {
                    Values::Texts(cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
                }
                _ => Values::Numbers(cast(column, &DataType::Float64)?.as_primitive::<Float64Type>().clone()),
            };
            by_name.insert(field.name().clone(), values);
        }
        Ok(Columns { by_name, rows: batch.num_rows() })
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows).map(|at| Row { columns: self, at })
    }
}

impl<'c> Row<'c> {
    /// A text; none where it is null, or there is no such column.
    pub fn find_text(self, name: &str) -> Option<&'c str> {
        match self.columns.by_name.get(name) {
            Some(Values::Texts(texts)) if texts.is_valid(self.at) => Some(texts.value(self.at)),
            _ => None,
        }
    }

    /// A number; none where it is null, or there is no such column.
    pub fn find_number(self, name: &str) -> Option<f64> {
        match self.columns.by_name.get(name) {
            Some(Values::Numbers(numbers)) if numbers.is_valid(self.at) => Some(numbers.value(self.at)),
            _ => None,
        }
    }

    /// A text that every row has.
    pub fn text(self, name: &str) -> Result<&'c str> {
        self.find_text(name).with_context(|| format!("it has no {name}"))
    }

    /// A number that every row has.
    pub fn number(self, name: &str) -> Result<f64> {
        self.find_number(name).with_context(|| format!("it has no {name}"))
    }

    /// A flag.
    pub fn flag(self, name: &str) -> Result<bool> {
        match self.columns.by_name.get(name) {
            Some(Values::Flags(flags)) => Ok(flags.value(self.at)),
            _ => anyhow::bail!("it has no {name}"),
        }
    }

    /// The code of each dimension.
    pub fn codes(self, definition: &Definition) -> Result<Vec<String>> {
        let code = |name| Ok(self.text(name)?.to_owned());
        definition.dimensions.iter().map(Dimension::name).map(code).collect()
    }

    /// Its period.
    pub fn period(self) -> Result<Period> {
        self.text("period")?.parse().ok().context("a period has a code")
    }

    /// The place of its measure in the definition.
    pub fn measure(self, definition: &Definition) -> Result<usize> {
        if !definition.has_measures() {
            return Ok(0);
        }
        definition.measure_by_code(self.text("measure")?).context("a measure is of the definition")
    }
}
