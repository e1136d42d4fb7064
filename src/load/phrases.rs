//! Adjacent columns of a CSV file that repeat together: what they print is made once and copied from there.
//!
//! Most of a row was printed before: its table and region in the row above, its period in the table above, and a release
//! repeats the figures of those before it. Columns that repeat together form a phrase; a row copies the text of a row
//! that has the same values in it.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::buffer::{BooleanBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type, Int64Type};

use crate::load::csv::Printer;

/// Adjacent columns, and what they printed before.
pub struct Phrase<'a> {
    printers: Vec<Printer<'a>>,
    /// None for a single column, which is printed as fast as it is remembered.
    memory: Option<Memory>,
}

/// What a phrase remembers of a batch: for each place, the text of the last row there. Rows of the same values have the same place.
struct Memory {
    places: Vec<u16>,
    /// For each row, whether it has the values of the last row of its place.
    repeats: Vec<bool>,
    /// For each place, where in `texts` that of its last row stands.
    last: Vec<Range<usize>>,
    texts: Vec<u8>,
}

/// How many places there are, as a power of two: more than most documents have rows, few enough to stay at hand.
const PLACES: u32 = 13;

/// How many rows show which columns repeat together.
const SHOWN: usize = 1 << 12;

/// How many columns each phrase has, as the first rows show: a column joins those before it where they still repeat
/// together.
pub fn lengths(columns: &[ArrayRef]) -> Vec<usize> {
    let mut lengths: Vec<usize> = Vec::new();
    let mut hashes = Vec::new();
    for column in columns {
        let shown = column.slice(0, column.len().min(SHOWN));
        let mixed = |mut hashes: Vec<u64>| {
            values(&shown).for_each(|values| values.mix(&mut hashes));
            hashes
        };
        let joined = mixed(hashes);
        match lengths.last_mut() {
            Some(length) if repeat(&joined) => (*length, hashes) = (*length + 1, joined),
            _ => {
                lengths.push(1);
                hashes = mixed(vec![0; shown.len()]);
            }
        }
    }
    lengths
}

/// Whether few rows are new. A column that changes with every fourth row would make all of them new that change with
/// every fortieth.
fn repeat(hashes: &[u64]) -> bool {
    let mut new = hashes.to_vec();
    new.sort_unstable();
    new.dedup();
    new.len() * 8 <= hashes.len()
}

/// The columns of a batch, each with its printer, as phrases of these lengths.
pub fn phrases<'a>(columns: &[ArrayRef], printers: Vec<Printer<'a>>, lengths: &[usize]) -> Vec<Phrase<'a>> {
    let (mut columns, mut printers) = (columns, printers.into_iter());
    let phrase = |length: &usize| {
        let (own, others) = columns.split_at(*length);
        columns = others;
        let memory = (*length > 1).then(|| Memory::of(own));
        Phrase { printers: printers.by_ref().take(*length).collect(), memory }
    };
    lengths.iter().map(phrase).collect()
}

impl Phrase<'_> {
    /// Prints the columns of a row, each with a comma behind it. Rows come in order.
    pub fn print(&mut self, row: usize, out: &mut Vec<u8>) {
        let Some(Memory { places, repeats, last, texts }) = &mut self.memory else {
            return print(&self.printers, row, out);
        };
        let last = &mut last[usize::from(places[row])];
        if repeats[row] {
            return out.extend_from_slice(&texts[last.clone()]);
        }
        let (start, from) = (out.len(), texts.len());
        print(&self.printers, row, out);
        texts.extend_from_slice(&out[start..]);
        *last = from..texts.len();
    }
}

fn print(printers: &[Printer<'_>], row: usize, out: &mut Vec<u8>) {
    for print in printers {
        print(row, out);
        out.push(b',');
    }
}

impl Memory {
    fn of(columns: &[ArrayRef]) -> Memory {
        let rows = columns.first().map_or(0, Array::len);
        let mut distinct: Vec<Values<'_>> = Vec::new();
        // Codes and names of one thing, and nulls of what follows from the same, are alike throughout.
        for values in columns.iter().flat_map(values) {
            if !distinct.contains(&values) {
                distinct.push(values);
            }
        }
        let mut hashes = vec![0; rows];
        // Texts go with numbers, and truths tell little.
        let numbers = |column: &&Values<'_>| matches!(column, Values::Short(_) | Values::Long(_));
        for column in distinct.iter().filter(numbers) {
            column.mix(&mut hashes);
        }
        let places: Vec<u16> = hashes.iter().map(|hash| (hash >> (u64::BITS - PLACES)) as u16).collect();
        let mut last = vec![0; 1 << PLACES];
        let before = |(place, row): (&u16, u32)| std::mem::replace(&mut last[usize::from(*place)], row);
        let before: Vec<u32> = places.iter().zip(0..).map(before).collect();
        // The first row of a place is held against row 0, which it differs from: they would have the same place.
        let mut repeats: Vec<bool> = (0..rows).map(|row| row > 0).collect();
        for column in &distinct {
            column.hold(&before, &mut repeats);
        }
        Memory { places, repeats, last: vec![0..0; 1 << PLACES], texts: Vec::new() }
    }
}

/// What tells whether the values of two rows are the same.
#[derive(PartialEq)]
enum Values<'a> {
    Short(&'a [i32]),
    Long(ScalarBuffer<i64>),
    Truths(&'a BooleanBuffer),
    Texts(&'a StringArray),
}

/// The values of a column, and which of them are null.
fn values(array: &ArrayRef) -> impl Iterator<Item = Values<'_>> {
    let values = match array.data_type() {
        DataType::Dictionary(_, _) => Values::Short(array.as_dictionary::<Int32Type>().keys().values()),
        DataType::Date32 => Values::Short(array.as_primitive::<Date32Type>().values()),
        DataType::Int32 => Values::Short(array.as_primitive::<Int32Type>().values()),
        DataType::Int64 => Values::Long(array.as_primitive::<Int64Type>().values().clone()),
        DataType::Float64 => {
            Values::Long(array.as_primitive::<Float64Type>().values().inner().clone().into())
        }
        DataType::Boolean => Values::Truths(array.as_boolean().values()),
        _ => Values::Texts(array.as_string()),
    };
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
    [Some(values), nulls.map(|nulls| Values::Truths(nulls.inner()))].into_iter().flatten()
}

impl Values<'_> {
    /// Mixes each row's value into its hash.
    fn mix(&self, hashes: &mut [u64]) {
        match self {
            Values::Short(numbers) => mix(hashes, numbers.iter().map(|number| *number as u64)),
            Values::Long(numbers) => mix(hashes, numbers.iter().map(|number| *number as u64)),
            Values::Truths(truths) => mix(hashes, truths.iter().map(u64::from)),
            Values::Texts(texts) => mix(hashes, (0..texts.len()).map(|row| beginning(texts.value(row)))),
        }
    }

    /// Takes out of `repeats` the rows whose value is not that of the row before them.
    fn hold(&self, before: &[u32], repeats: &mut [bool]) {
        match self {
            Values::Short(numbers) => hold(before, repeats, |row| numbers[row]),
            Values::Long(numbers) => {
                let numbers: &[i64] = numbers;
                hold(before, repeats, |row| numbers[row]);
            }
            Values::Truths(truths) => {
                let truths: Vec<bool> = truths.iter().collect();
                hold(before, repeats, |row| truths[row]);
            }
            Values::Texts(texts) => hold(before, repeats, |row| texts.value(row)),
        }
    }
}

/// Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): the upper bits of a product are well mixed.
fn mix(hashes: &mut [u64], values: impl Iterator<Item = u64>) {
    for (hash, value) in hashes.iter_mut().zip(values) {
        let product = (*hash ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        *hash = product ^ product >> (u64::BITS / 2);
    }
}

/// The length of a text and the bytes it begins with.
fn beginning(text: &str) -> u64 {
    text.bytes().take(7).fold(text.len() as u64, |bits, byte| bits << u8::BITS | u64::from(byte))
}

fn hold<T: PartialEq>(before: &[u32], repeats: &mut [bool], value: impl Fn(usize) -> T) {
    for (row, (before, repeats)) in before.iter().zip(repeats).enumerate() {
        *repeats &= value(*before as usize) == value(row);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array};
    use proptest::prelude::*;

    use super::*;

    /// Each column prints its number and its row, so that a text that was copied tells from where.
    fn printed(columns: &[ArrayRef], lengths: &[usize]) -> Vec<String> {
        let printer = |at: usize| -> Printer<'_> {
            Box::new(move |row, out| out.extend(format!("{at}@{row}").bytes()))
        };
        lines(columns, (0..columns.len()).map(printer).collect(), lengths)
    }

    fn lines(columns: &[ArrayRef], printers: Vec<Printer<'_>>, lengths: &[usize]) -> Vec<String> {
        let mut phrases = phrases(columns, printers, lengths);
        let line = |row| {
            let mut out = Vec::new();
            for phrase in &mut phrases {
                phrase.print(row, &mut out);
            }
            String::from_utf8(out).unwrap()
        };
        (0..columns[0].len()).map(line).collect()
    }

    fn codes(texts: &[Option<&str>]) -> ArrayRef {
        Arc::new(texts.iter().copied().collect::<DictionaryArray<Int32Type>>())
    }

    #[test]
    fn a_row_copies_from_the_first_with_the_same_values() {
        let names = codes(&[Some("a"), Some("b"), Some("a"), Some("b"), Some("a")]);
        let days: ArrayRef = Arc::new(Date32Array::from(vec![1, 1, 1, 2, 1]));
        assert_eq!(
            printed(&[names, days], &[2]),
            ["0@0,1@0,", "0@1,1@1,", "0@0,1@0,", "0@3,1@3,", "0@0,1@0,"]
        );
    }

    #[test]
    fn any_value_that_differs_parts_rows_and_null_is_a_value_of_its_own() {
        let columns: [ArrayRef; 7] = [
            codes(&[Some("a"), None, None]),
            Arc::new(Int32Array::from(vec![Some(0), None, None])),
            Arc::new(Int64Array::from(vec![Some(0), None, None])),
            Arc::new(Float64Array::from(vec![0.0, -0.0, -0.0])),
            Arc::new(BooleanArray::from(vec![Some(false), None, None])),
            Arc::new(StringArray::from(vec![Some(""), None, None])),
            Arc::new(StringArray::from(vec!["a long text and a", "a long text and b", "a long text and b"])),
        ];
        let constant: ArrayRef = Arc::new(Int32Array::from(vec![7, 7, 7]));
        for column in columns {
            let lines = printed(&[Arc::clone(&constant), column], &[2]);
            assert_eq!(lines, ["0@0,1@0,", "0@1,1@1,", "0@1,1@1,"]);
        }
    }

    #[test]
    fn a_column_alone_is_printed_row_by_row() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![7, 7, 7]));
        assert_eq!(printed(&[numbers], &[1]), ["0@0,", "0@1,", "0@2,"]);
    }

    #[test]
    fn columns_that_repeat_together_form_a_phrase() {
        let column =
            |value: fn(i32) -> i32| -> ArrayRef { Arc::new((0..1000).map(value).collect::<Int32Array>()) };
        let columns = [
            column(|_| 0),
            column(|row| row / 50),     // a table of 50 rows
            column(|row| row % 50),     // its regions
            column(|row| row % 50 / 2), // what follows from them
            column(|row| row),          // what is never the same
            column(|_| 0),
            Arc::new((100..1100).map(|row| Some(row.to_string())).collect::<StringArray>()),
        ];
        assert_eq!(lengths(&columns), [2, 2, 1, 1, 1]);
    }

    proptest! {
        #[test]
        fn phrases_print_what_their_columns_print(
            rows in proptest::collection::vec((0..3i32, proptest::option::of(0..3i64), "[ab]{0,1}"), 1..40),
            length in 1..3usize,
        ) {
            let columns: [ArrayRef; 3] = [
                Arc::new(rows.iter().map(|row| Some(row.0)).collect::<Int32Array>()),
                Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>()),
                Arc::new(rows.iter().map(|row| Some(row.2.as_str())).collect::<StringArray>()),
            ];
            let shown = |row: &(i32, Option<i64>, String)| [format!("{}", row.0), format!("{:?}", row.1), row.2.clone()];
            let rows: Vec<[String; 3]> = rows.iter().map(shown).collect();
            let printer = |column: usize| -> Printer<'_> {
                let rows = &rows;
                Box::new(move |row, out| out.extend(rows[row][column].bytes()))
            };
            let found = lines(&columns, (0..3).map(printer).collect(), &[length, 3 - length]);
            let expected: Vec<String> = rows.iter().map(|row| row.join(",") + ",").collect();
            prop_assert_eq!(found, expected);
        }
    }
}
