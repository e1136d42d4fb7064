//! Frames to Arrow record batches, column by column from the declared columns, which gives exact types and metadata
//! and refuses a null in a column that has none. A dimension of a star becomes a dictionary: each text once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, Date32Array, DictionaryArray, Int32Array, PrimitiveArray,
    RecordBatch, StringArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int32Type, Int64Type, Schema, SchemaRef};
use polars::prelude::{Column as PolarsColumn, DataFrame, UInt32Chunked};

use crate::columns::{Column, Table, Type};
use crate::dataset::{Definition, Measure};
use crate::transform::{Dimension, Star, Values};

/// The rows of some tables.
#[derive(Clone, Debug, Default)]
pub struct Batch(BTreeMap<&'static str, RecordBatch>);

impl Batch {
    /// Adds the rows of a table from facts and their dimensions.
    ///
    /// # Errors
    /// Where a column is missing, has another type, or a null where none may be.
    pub fn add(&mut self, star: &Star, table: &Table, definition: &Definition) -> Result<()> {
        let array = |column: &Column| {
            array(star, column, definition)
                .with_context(|| format!("column {} of {}", column.name, table.name))
        };
        let arrays = table.columns.iter().map(array).collect::<Result<Vec<_>>>()?;
        let rows = RecordBatch::try_new(coded_schema(table, definition), arrays)
            .with_context(|| format!("rows of {}", table.name))?;
        self.0.insert(table.name, rows);
        Ok(())
    }

    /// Adds the rows of a table from a frame.
    ///
    /// # Errors
    /// As [`Batch::add`].
    pub fn add_frame(&mut self, frame: DataFrame, table: &Table, definition: &Definition) -> Result<()> {
        self.add(&Star { facts: frame, dimensions: Vec::new() }, table, definition)
    }

    /// The rows of a table, if it has any here.
    #[must_use]
    pub fn rows(&self, table: &str) -> Option<&RecordBatch> {
        self.0.get(table)
    }
}

/// The Arrow schema of a published table, with each column's description and unit.
#[must_use]
pub fn schema(table: &Table, definition: &Definition) -> SchemaRef {
    schema_with(table, definition, &DataType::Utf8)
}

/// The schema of batches, in which codes are dictionaries.
#[must_use]
pub fn coded_schema(table: &Table, definition: &Definition) -> SchemaRef {
    schema_with(table, definition, &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)))
}

fn schema_with(table: &Table, definition: &Definition, codes: &DataType) -> SchemaRef {
    let field = |column: &Column| {
        let metadata = HashMap::from([
            ("description".into(), column.meaning.clone()),
            ("unit".into(), column.unit.clone()),
        ]);
        let kind = match column.stored(&definition.measure) {
            Type::Code => codes.clone(),
            Type::Text => DataType::Utf8,
            Type::Int32 => DataType::Int32,
            Type::Int64 | Type::Figure => DataType::Int64,
            Type::Double => DataType::Float64,
            Type::Date => DataType::Date32,
            Type::Boolean => DataType::Boolean,
        };
        Field::new(&column.name, kind, column.nullable).with_metadata(metadata)
    };
    Arc::new(Schema::new(table.columns.iter().map(field).collect::<Vec<_>>()))
}

fn array(star: &Star, column: &Column, definition: &Definition) -> Result<ArrayRef> {
    let height = star.facts.height();
    if column.internal == "dataset" {
        let name = Arc::new(StringArray::from(vec![definition.name()]));
        return Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(Int32Array::from(vec![0; height]), name)?));
    }
    match star.dimension(column.internal) {
        Some(dimension) => of_dimension(dimension, star.facts.column(dimension.index)?.u32()?),
        None => of_column(star.facts.column(column.internal)?, column, &definition.measure),
    }
}

fn of_dimension(dimension: &Dimension, index: &UInt32Chunked) -> Result<ArrayRef> {
    let at = || index.iter().map(|at| at.map(|at| at as usize));
    Ok(match &dimension.values {
        Values::Text(texts) => {
            let keys: Int32Array = primitive(index.iter(), index.null_count(), |at| at as i32);
            Arc::new(DictionaryArray::<Int32Type>::try_new(
                keys,
                Arc::new(StringArray::from_iter_values(texts)),
            )?)
        }
        Values::Date(days) => {
            let days: Vec<Option<i32>> =
                days.iter().map(|day| day.map(Date32Type::from_naive_date)).collect();
            Arc::new(at().map(|at| days[at?]).collect::<Date32Array>())
        }
        Values::Int32(numbers) => {
            Arc::new(primitive::<Int32Type, _>(at(), index.null_count(), |at| numbers[at]))
        }
        Values::Boolean(truths) => Arc::new(at().map(|at| Some(truths[at?])).collect::<BooleanArray>()),
    })
}

fn of_column(values: &PolarsColumn, column: &Column, measure: &Measure) -> Result<ArrayRef> {
    let scale = 10f64.powi(measure.decimals as i32);
    let nulls = values.null_count();
    Ok(match column.stored(measure) {
        Type::Code => Arc::new(values.str()?.iter().collect::<DictionaryArray<Int32Type>>()),
        Type::Text => Arc::new(values.str()?.iter().collect::<StringArray>()),
        Type::Int32 => Arc::new(primitive::<Int32Type, _>(values.i32()?.iter(), nulls, |value| value)),
        Type::Int64 | Type::Figure => {
            Arc::new(primitive::<Int64Type, _>(values.i64()?.iter(), nulls, |value| value))
        }
        Type::Double if column.kind == Type::Figure => {
            Arc::new(primitive::<Float64Type, _>(values.i64()?.iter(), nulls, |value| value as f64 / scale))
        }
        Type::Double => Arc::new(primitive::<Float64Type, _>(values.f64()?.iter(), nulls, |value| value)),
        Type::Date => {
            Arc::new(primitive::<Date32Type, _>(values.date()?.physical().iter(), nulls, |value| value))
        }
        Type::Boolean => Arc::new(values.bool()?.iter().collect::<BooleanArray>()),
    })
}

/// Numbers as an array; where there is no null, nothing is kept of their absence.
fn primitive<T: ArrowPrimitiveType, V>(
    values: impl Iterator<Item = Option<V>>,
    nulls: usize,
    convert: impl Fn(V) -> T::Native,
) -> PrimitiveArray<T> {
    let mut valid = Vec::new();
    let values: Vec<T::Native> = values
        .map(|value| {
            if nulls > 0 {
                valid.push(value.is_some());
            }
            value.map(&convert).unwrap_or_default()
        })
        .collect();
    PrimitiveArray::new(values.into(), (nulls > 0).then(|| NullBuffer::from(valid)))
}
