//! Frames to Arrow record batches, column by column from the declared columns, which gives exact types and metadata
//! and refuses a null in a column that has none.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use polars::prelude::{DataFrame, PolarsResult, Series};

use crate::columns::{Column, Table, Type};
use crate::dataset::{Definition, Measure};

/// The rows of some tables.
#[derive(Clone, Debug, Default)]
pub struct Batch(BTreeMap<&'static str, RecordBatch>);

impl Batch {
    /// Adds the rows of a table.
    ///
    /// # Errors
    /// Where the frame lacks a column, has one of another type, or a null where none may be.
    pub fn add(&mut self, frame: &DataFrame, table: &Table, definition: &Definition) -> Result<()> {
        self.0.insert(table.name, encoded(frame, table, definition)?);
        Ok(())
    }

    /// The rows of a table, if it has any here.
    #[must_use]
    pub fn rows(&self, table: &str) -> Option<&RecordBatch> {
        self.0.get(table)
    }
}

/// The Arrow schema of a table, with each column's description and unit.
#[must_use]
pub fn schema(table: &Table, definition: &Definition) -> SchemaRef {
    let field = |column: &Column| {
        let metadata = HashMap::from([("description".into(), column.meaning.clone()), ("unit".into(), column.unit.clone())]);
        Field::new(&column.name, data_type(column.stored(&definition.measure)), column.nullable).with_metadata(metadata)
    };
    Arc::new(Schema::new(table.columns.iter().map(field).collect::<Vec<_>>()))
}

fn data_type(kind: Type) -> DataType {
    match kind {
        Type::Text => DataType::Utf8,
        Type::Int32 => DataType::Int32,
        Type::Int64 | Type::Figure => DataType::Int64,
        Type::Double | Type::Rate => DataType::Float64,
        Type::Date => DataType::Date32,
        Type::Boolean => DataType::Boolean,
    }
}

fn encoded(frame: &DataFrame, table: &Table, definition: &Definition) -> Result<RecordBatch> {
    let array = |column: &Column| -> Result<ArrayRef> {
        if column.internal == "dataset" {
            return Ok(Arc::new(StringArray::from_iter_values(std::iter::repeat_n(definition.name(), frame.height()))));
        }
        let series = frame.column(column.internal)?.as_materialized_series();
        let array = array(series, column, &definition.measure);
        array.with_context(|| format!("column {} of {}", column.name, table.name))
    };
    let arrays = table.columns.iter().map(array).collect::<Result<Vec<_>>>()?;
    RecordBatch::try_new(schema(table, definition), arrays).with_context(|| format!("rows of {}", table.name))
}

fn array(series: &Series, column: &Column, measure: &Measure) -> PolarsResult<ArrayRef> {
    let scale = 10f64.powi(measure.decimals as i32);
    Ok(match column.stored(measure) {
        Type::Text => Arc::new(series.str()?.iter().collect::<StringArray>()),
        Type::Int32 => Arc::new(series.i32()?.iter().collect::<Int32Array>()),
        Type::Int64 | Type::Figure => Arc::new(series.i64()?.iter().collect::<Int64Array>()),
        Type::Double if column.kind == Type::Figure => Arc::new(series.i64()?.iter().map(|v| v.map(|v| v as f64 / scale)).collect::<Float64Array>()),
        Type::Double if column.kind == Type::Rate => Arc::new(series.f64()?.iter().map(|v| v.map(|v| v / scale)).collect::<Float64Array>()),
        Type::Double | Type::Rate => Arc::new(series.f64()?.iter().collect::<Float64Array>()),
        Type::Date => Arc::new(series.date()?.physical().iter().collect::<Date32Array>()),
        Type::Boolean => Arc::new(series.bool()?.iter().collect::<BooleanArray>()),
    })
}
