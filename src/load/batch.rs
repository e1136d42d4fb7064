//! Frames to Arrow record batches, column by column from the declared columns, which gives exact types and metadata
//! and refuses a null in a column that has none. Codes become dictionaries: each text once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use arrow::array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, BooleanBufferBuilder, Date32Array, DictionaryArray,
    Float64Array, Int32Array, PrimitiveArray, RecordBatch, StringArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int32Type, Int64Type, Schema, SchemaRef};
use polars::prelude::{ChunkedArray, Column as PolarsColumn, DataFrame, Int64Chunked, PolarsNumericType};

use crate::columns::{Column, Table, Type};
use crate::dataset::Definition;
use crate::transform::{Lookup, LookupValues, PublishedRows};

/// The rows of some tables.
#[derive(Clone, Debug, Default)]
pub struct Batch(BTreeMap<String, RecordBatch>);

impl Batch {
    /// Adds rows of a table.
    ///
    /// # Errors
    /// Where a column is missing, has another type, or a null where none may be.
    pub fn add(&mut self, rows: &PublishedRows, table: &Table, definition: &Definition) -> Result<()> {
        let array = |column: &Column| {
            array(rows, column, definition)
                .with_context(|| format!("column {} of {}", column.name, table.name))
        };
        let arrays = table.columns.iter().map(array).collect::<Result<Vec<_>>>()?;
        let rows = RecordBatch::try_new(coded_schema(table, definition), arrays)
            .with_context(|| format!("rows of {}", table.name))?;
        self.0.insert(table.name.clone(), rows);
        Ok(())
    }

    /// Adds the rows of a table from a frame that has all its columns.
    ///
    /// # Errors
    /// As [`Batch::add`].
    pub fn add_frame(&mut self, frame: DataFrame, table: &Table, definition: &Definition) -> Result<()> {
        self.add(&PublishedRows { frame, ..PublishedRows::default() }, table, definition)
    }

    /// Puts other values in place of those of some columns of a table.
    ///
    /// # Errors
    /// Where the table has no rows here, or a column is of another type or length.
    pub fn replace_columns(&mut self, table: &str, columns: Vec<(&str, ArrayRef)>) -> Result<()> {
        let rows = self.0.get_mut(table).with_context(|| format!("no rows of {table}"))?;
        let mut arrays = rows.columns().to_vec();
        for (name, array) in columns {
            arrays[rows.schema().index_of(name)?] = array;
        }
        *rows = RecordBatch::try_new(rows.schema(), arrays).with_context(|| format!("rows of {table}"))?;
        Ok(())
    }

    /// The tables that have rows here, and these.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &RecordBatch)> {
        self.0.iter().map(|(name, rows)| (name.as_str(), rows))
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
        let mut metadata = HashMap::from([("description".into(), column.meaning.clone())]);
        metadata.extend(column.unit.clone().map(|unit| ("unit".into(), unit)));
        let kind = match column.physical_type(definition) {
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

fn array(rows: &PublishedRows, column: &Column, definition: &Definition) -> Result<ArrayRef> {
    let frame = &rows.frame;
    if column.name == "dataset" {
        let name = Arc::new(StringArray::from(vec![definition.name()]));
        let keys = Int32Array::from(vec![0; frame.height()]);
        return Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, name)?));
    }
    if let Some(positions) = rows.positions.as_ref().filter(|_| column.name == "source_position") {
        return Ok(Arc::new(positions.clone()));
    }
    match rows.lookup(&column.name) {
        Some(lookup) => lookup_array(lookup, frame),
        None if column.physical_type(definition) == Type::Double && column.kind == Type::Figure => {
            figure_array(frame.column(&column.name)?.i64()?, rows)
        }
        None => column_array(frame.column(&column.name)?, column, definition),
    }
}

/// The values that follow from a column of integers or of an `Enum`, whose categories' numbers are these.
fn lookup_array(lookup: &Lookup, frame: &DataFrame) -> Result<ArrayRef> {
    let keys = frame.column(&lookup.key)?.to_physical_repr().cast(&polars::prelude::DataType::UInt32)?;
    let keys = keys.u32()?;
    Ok(match &lookup.values {
        LookupValues::Text(texts) => {
            let texts = Arc::new(StringArray::from_iter_values(texts));
            Arc::new(DictionaryArray::<Int32Type>::try_new(primitive(keys, |at| at as i32), texts)?)
        }
        LookupValues::Date(days) => {
            let day = |at: Option<u32>| Some(Date32Type::from_naive_date(days[at? as usize]?));
            Arc::new(keys.iter().map(day).collect::<Date32Array>())
        }
        LookupValues::Int32(numbers) => {
            Arc::new(keys.iter().map(|at| Some(numbers[at? as usize])).collect::<Int32Array>())
        }
        LookupValues::Boolean(values) => {
            Arc::new(keys.iter().map(|at| Some(values[at? as usize])).collect::<BooleanArray>())
        }
        LookupValues::Decimals(_) => bail!("decimals are no column"),
    })
}

/// Figures in units of a measure's last decimal, in the measure's unit.
fn figure_array(values: &Int64Chunked, rows: &PublishedRows) -> Result<ArrayRef> {
    let lookup = rows.lookup("decimals").context("figures have decimals")?;
    let LookupValues::Decimals(decimals) = &lookup.values else { bail!("decimals are numbers") };
    let scales: Vec<f64> = decimals.iter().map(|decimals| 10f64.powi(*decimals as i32)).collect();
    let measures = rows.frame.column(&lookup.key)?.u32()?;
    let figure =
        |(value, measure): (Option<i64>, Option<u32>)| Some(value? as f64 / scales[measure? as usize]);
    Ok(Arc::new(values.iter().zip(measures.iter()).map(figure).collect::<Float64Array>()))
}

fn column_array(values: &PolarsColumn, column: &Column, definition: &Definition) -> Result<ArrayRef> {
    Ok(match column.physical_type(definition) {
        Type::Code => Arc::new(values.str()?.iter().collect::<DictionaryArray<Int32Type>>()),
        Type::Text => Arc::new(values.str()?.iter().collect::<StringArray>()),
        Type::Int32 => Arc::new(primitive::<_, Int32Type>(values.i32()?, |value| value)),
        Type::Int64 | Type::Figure => Arc::new(primitive::<_, Int64Type>(values.i64()?, |value| value)),
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
