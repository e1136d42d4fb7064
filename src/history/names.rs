//! Codes, periods and documents of all batches, each with one number for the whole history.

use std::collections::HashMap;
use std::hash::Hash;

use crate::dataset::Definition;
use crate::grammar::period::Period;
use crate::transform::figures::{BatchCode, ReleaseFigures};

/// Values that are known by numbers.
#[derive(Clone, Debug)]
pub struct Interned<T> {
    numbers: HashMap<T, u32>,
    values: Vec<T>,
}

impl<T> Default for Interned<T> {
    fn default() -> Interned<T> {
        Interned { numbers: HashMap::new(), values: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    /// The number of a value, which is new where it was not there.
    pub fn add(&mut self, value: &T) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = self.values.len() as u32;
        self.numbers.insert(value.clone(), number);
        self.values.push(value.clone());
        number
    }

    /// The number of a value that is there.
    #[must_use]
    pub fn find(&self, value: &T) -> Option<u32> {
        self.numbers.get(value).copied()
    }

    /// All values, in the order of their numbers.
    #[must_use]
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The value of a number.
    #[must_use]
    pub fn get(&self, number: u32) -> &T {
        &self.values[number as usize]
    }
}

/// All names of a history.
#[derive(Clone, Debug, Default)]
pub struct Names {
    codes: Vec<Interned<String>>,
    infos: Vec<Vec<BatchCode>>,
    /// The periods.
    pub periods: Interned<Period>,
    /// The documents' names.
    pub documents: Interned<String>,
    /// What names a series: the code of each dimension, and the measure behind them.
    pub series: Interned<Box<[u32]>>,
}

/// The numbers of what a batch uses.
#[derive(Clone, Debug)]
pub struct BatchNumbers {
    codes: Vec<Vec<u32>>,
    periods: Vec<u32>,
    documents: Vec<u32>,
}

impl Names {
    /// None yet, of a definition's dimensions.
    #[must_use]
    pub fn new(definition: &Definition) -> Names {
        let dimensions = definition.dimensions.len();
        Names {
            codes: vec![Interned::default(); dimensions],
            infos: vec![Vec::new(); dimensions],
            ..Names::default()
        }
    }

    /// Takes in what a batch uses.
    pub fn add(&mut self, figures: &ReleaseFigures) -> BatchNumbers {
        BatchNumbers {
            codes: figures.codes.iter().enumerate().map(|(at, codes)| self.add_codes(at, codes)).collect(),
            periods: figures.periods.iter().map(|(period, _)| self.periods.add(period)).collect(),
            documents: figures.documents.iter().map(|(name, _)| self.documents.add(name)).collect(),
        }
    }

    fn add_codes(&mut self, dimension: usize, codes: &[BatchCode]) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(codes.len());
        for code in codes {
            let number = self.codes[dimension].add(&code.code);
            if number as usize == self.infos[dimension].len() {
                self.infos[dimension].push(code.clone());
            }
            numbers.push(number);
        }
        numbers
    }

    /// The codes of a dimension, in the order of their numbers.
    #[must_use]
    pub fn codes(&self, dimension: usize) -> &[BatchCode] {
        &self.infos[dimension]
    }

    /// What a code of a dimension is.
    #[must_use]
    pub fn code(&self, dimension: usize, number: u32) -> &BatchCode {
        &self.infos[dimension][number as usize]
    }
}

impl BatchNumbers {
    /// The codes and the measure of a row.
    #[must_use]
    pub fn series(&self, figures: &ReleaseFigures, row: usize) -> Box<[u32]> {
        let codes =
            self.codes.iter().zip(&figures.row_codes).map(|(numbers, codes)| numbers[codes[row] as usize]);
        codes.chain([figures.measures[row]]).collect()
    }

    /// The period of a row.
    #[must_use]
    pub fn period(&self, figures: &ReleaseFigures, row: usize) -> u32 {
        self.periods[figures.row_periods[row] as usize]
    }

    /// The document of a row.
    #[must_use]
    pub fn document(&self, figures: &ReleaseFigures, row: usize) -> u32 {
        self.documents[figures.row_documents[row] as usize]
    }
}
