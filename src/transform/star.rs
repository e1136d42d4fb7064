//! A frame of facts and what its small integers stand for.
//!
//! Codes, names and dates repeat in every row of a table, in every table of a document, in every document of an
//! archive. Facts keep an index for each; what it stands for is kept once, in a dimension. Joins, groups, windows and
//! sorts then work on integers, and files get each text once for a batch.

use anyhow::Result;
use arrow::array::StringArray;
use chrono::NaiveDate;
use polars::prelude::*;

/// Facts and their dimensions.
#[derive(Clone, Debug, Default)]
pub struct Star {
    /// The facts: measures, and indices into dimensions.
    pub facts: DataFrame,
    /// What indices stand for.
    pub dimensions: Vec<Dimension>,
    /// Texts of the facts that no step works on, by the name of their column: they are made as they are published.
    pub texts: Vec<(&'static str, StringArray)>,
}

/// A column that follows from an index.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// The column's name.
    pub name: &'static str,
    /// The column of facts (`u32`) that holds the indices.
    pub index: &'static str,
    /// What each index stands for.
    pub values: Values,
}

/// The values of a dimension.
#[derive(Clone, Debug)]
pub enum Values {
    /// Texts.
    Text(Vec<String>),
    /// Days.
    Date(Vec<Option<NaiveDate>>),
    /// Integers.
    Int32(Vec<i32>),
    /// Truths.
    Boolean(Vec<bool>),
}

impl Dimension {
    /// A column of texts.
    pub fn text<T: Into<String>>(
        name: &'static str,
        index: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Dimension {
        Dimension { name, index, values: Values::Text(values.into_iter().map(Into::into).collect()) }
    }
}

impl Star {
    /// The dimension of a name.
    #[must_use]
    pub fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|dimension| dimension.name == name)
    }

    /// The frame with a column for each dimension in place of the indices.
    ///
    /// # Errors
    /// Only where polars refuses it.
    pub fn decoded(&self) -> Result<DataFrame> {
        let mut columns = Vec::new();
        let known = |dimension: &&Dimension| self.facts.column(dimension.index).is_ok();
        for Dimension { name, index, values } in self.dimensions.iter().filter(known) {
            let at = self.facts.column(index)?.u32()?;
            let column = match values {
                Values::Text(values) => at
                    .iter()
                    .map(|at| Some(values[at? as usize].as_str()))
                    .collect::<StringChunked>()
                    .into_series(),
                Values::Int32(values) => {
                    at.iter().map(|at| Some(values[at? as usize])).collect::<Int32Chunked>().into_series()
                }
                Values::Boolean(values) => {
                    at.iter().map(|at| Some(values[at? as usize])).collect::<BooleanChunked>().into_series()
                }
                Values::Date(values) => Series::new(
                    PlSmallStr::EMPTY,
                    at.iter().map(|at| values[at? as usize]).collect::<Vec<_>>(),
                ),
            };
            columns.push(column.with_name((*name).into()));
        }
        let mut frame = self.facts.drop_many(self.dimensions.iter().map(|dimension| dimension.index));
        columns.extend(self.texts.iter().map(|(name, texts)| {
            texts.iter().collect::<StringChunked>().with_name((*name).into()).into_series()
        }));
        for column in columns {
            frame.with_column(column.into())?;
        }
        Ok(frame)
    }
}
