//! Frames to Arrow record batches, column by column from the declared columns, which gives exact types and metadata
//! and refuses a null in a column that has none. A dimension of a star becomes a dictionary: each text once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, BooleanBufferBuilder, Date32Array, DictionaryArray,
    Int32Array, PrimitiveArray, RecordBatch, StringArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int32Type, Int64Type, Schema, SchemaRef};
use polars::prelude::{ChunkedArray, Column as PolarsColumn, DataFrame, PolarsNumericType, UInt32Chunked};

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
        self.add(&Star { facts: frame, ..Star::default() }, table, definition)
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
    if let Some((_, texts)) = star.texts.iter().find(|(name, _)| *name == column.internal) {
        return Ok(Arc::new(texts.clone()));
    }
    match star.dimension(column.internal) {
        Some(dimension) => of_dimension(dimension, star.facts.column(dimension.index)?.u32()?),
        None => of_column(star.facts.column(column.internal)?, column, &definition.measure),
    }
}

fn of_dimension(dimension: &Dimension, index: &UInt32Chunked) -> Result<ArrayRef> {
    Ok(match &dimension.values {
        Values::Text(texts) => {
            let texts = Arc::new(StringArray::from_iter_values(texts));
            Arc::new(DictionaryArray::<Int32Type>::try_new(primitive(index, |at| at as i32), texts)?)
        }
        Values::Date(days) => {
            let days: Vec<Option<i32>> =
                days.iter().map(|day| day.map(Date32Type::from_naive_date)).collect();
            if days.contains(&None) {
                return Ok(Arc::new(index.iter().map(|at| days[at? as usize]).collect::<Date32Array>()));
            }
            Arc::new(primitive::<_, Date32Type>(index, |at| {
                days.get(at as usize).copied().flatten().unwrap_or_default()
            }))
        }
        Values::Int32(numbers) => Arc::new(primitive::<_, Int32Type>(index, |at| {
            numbers.get(at as usize).copied().unwrap_or_default()
        })),
        Values::Boolean(truths) => {
            Arc::new(index.iter().map(|at| Some(truths[at? as usize])).collect::<BooleanArray>())
        }
    })
}

fn of_column(values: &PolarsColumn, column: &Column, measure: &Measure) -> Result<ArrayRef> {
    let scale = 10f64.powi(measure.decimals as i32);
    Ok(match column.stored(measure) {
        Type::Code => Arc::new(values.str()?.iter().collect::<DictionaryArray<Int32Type>>()),
        Type::Text => Arc::new(values.str()?.iter().collect::<StringArray>()),
        Type::Int32 => Arc::new(primitive::<_, Int32Type>(values.i32()?, |value| value)),
        Type::Int64 | Type::Figure => Arc::new(primitive::<_, Int64Type>(values.i64()?, |value| value)),
        Type::Double if column.kind == Type::Figure => {
            Arc::new(primitive::<_, Float64Type>(values.i64()?, |value| value as f64 / scale))
        }
        Type::Double => Arc::new(primitive::<_, Float64Type>(values.f64()?, |value| value)),
        Type::Date => Arc::new(primitive::<_, Date32Type>(values.date()?.physical(), |value| value)),
        Type::Boolean => Arc::new(values.bool()?.iter().collect::<BooleanArray>()),
    })
}

/// Numbers of a frame as an array, converted; what stands in the place of a null is converted, too, and never seen.
fn primitive<F: PolarsNumericType, T: ArrowPrimitiveType>(
    values: &ChunkedArray<F>,
    convert: impl Fn(F::Native) -> T::Native,
) -> PrimitiveArray<T> {
    let mut numbers: Vec<T::Native> = Vec::with_capacity(values.len());
    for chunk in values.downcast_iter() {
        numbers.extend(chunk.values().iter().map(|value| convert(*value)));
    }
    PrimitiveArray::new(numbers.into(), (values.null_count() > 0).then(|| valid(values)))
}

/// Which numbers are not null.
fn valid<F: PolarsNumericType>(values: &ChunkedArray<F>) -> NullBuffer {
    let mut valid = BooleanBufferBuilder::new(values.len());
    for chunk in values.downcast_iter() {
        if let Some(bits) = chunk.validity() {
            let (bytes, start, length) = bits.as_slice();
            valid.append_packed_range(start..start + length, bytes);
        } else {
            valid.append_n(chunk.values().len(), true);
        }
    }
    NullBuffer::new(valid.finish())
}
