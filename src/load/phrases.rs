//! Adjacent columns of a CSV file that repeat together: what they print is made once and copied from there.
//!
//! Most of a row only says which table, region and period it belongs to, as the row before it, or one of the last few,
//! did. Columns of codes that change at the same pace form a phrase; a row whose codes are those of a row before it
//! copies that row's text.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, Int32Type};

use super::csv::Printer;

/// Adjacent columns, and what they printed before.
pub struct Phrase<'a> {
    printers: Vec<Printer<'a>>,
    codes: Vec<Cow<'a, [i32]>>,
    memory: Memory,
}

/// What a phrase remembers.
enum Memory {
    /// Nothing: its column has no codes, and is printed anew for each row.
    Nothing,
    /// The last row; and for each row, whether it has the codes of the one before it.
    Last { text: Vec<u8>, repeats: Vec<bool> },
    /// The last row with each code of the first column.
    Each(Vec<Option<Printed>>),
}

struct Printed {
    row: usize,
    text: Vec<u8>,
}

impl Phrase<'_> {
    /// Prints the columns of a row, each with a comma behind it. Rows come in order.
    pub fn print(&mut self, row: usize, out: &mut Vec<u8>) {
        let start = out.len();
        match &mut self.memory {
            Memory::Nothing => print(&self.printers, row, out),
            Memory::Last { text, repeats } if repeats[row] => out.extend_from_slice(text),
            Memory::Last { text, .. } => {
                print(&self.printers, row, out);
                text.clear();
                text.extend_from_slice(&out[start..]);
            }
            Memory::Each(printed) => {
                // Codes that aren't indices share a place.
                let code = usize::try_from(self.codes[0][row]).ok();
                let place = code.filter(|at| *at < printed.len()).unwrap_or_default();
                let same = |before: &&Printed| self.codes.iter().all(|codes| codes[before.row] == codes[row]);
                if let Some(before) = printed[place].as_ref().filter(same) {
                    return out.extend_from_slice(&before.text);
                }
                print(&self.printers, row, out);
                printed[place] = Some(Printed { row, text: out[start..].to_vec() });
            }
        }
    }
}

fn print(printers: &[Printer<'_>], row: usize, out: &mut Vec<u8>) {
    for print in printers {
        print(row, out);
        out.push(b',');
    }
}

/// The columns of a batch, each with its printer, as phrases in their order.
pub fn phrases<'a>(columns: impl Iterator<Item = (&'a ArrayRef, Printer<'a>)>) -> Vec<Phrase<'a>> {
    let mut phrases: Vec<Phrase<'a>> = Vec::new();
    for (array, printer) in columns {
        let codes = codes(array);
        let repeats = codes.as_deref().map(repeats);
        let fast = repeats.as_deref().is_some_and(is_fast);
        match (phrases.last_mut(), repeats) {
            (Some(Phrase { printers, codes: known, memory: Memory::Each(_) }), Some(_)) if fast => {
                printers.push(printer);
                known.extend(codes);
            }
            (Some(Phrase { printers, memory: Memory::Last { repeats: all, .. }, .. }), Some(own))
                if !fast =>
            {
                printers.push(printer);
                all.iter_mut().zip(own).for_each(|(all, own)| *all &= own);
            }
            (_, repeats) => {
                let memory = match repeats {
                    None => Memory::Nothing,
                    Some(_) if fast => Memory::Each(places(array)),
                    Some(repeats) => Memory::Last { text: Vec::new(), repeats },
                };
                phrases.push(Phrase { printers: vec![printer], codes: codes.into_iter().collect(), memory });
            }
        }
    }
    phrases
}

/// For each row, whether it has the code of the row before it.
fn repeats(codes: &[i32]) -> Vec<bool> {
    let after_first = codes.windows(2).map(|pair| pair[0] == pair[1]);
    codes.first().map(|_| false).into_iter().chain(after_first).collect()
}

/// Integers that are equal where the values of a column are; none for a column in which few are.
fn codes(array: &ArrayRef) -> Option<Cow<'_, [i32]>> {
    let codes: Cow<'_, [i32]> = match array.data_type() {
        DataType::Dictionary(_, _) => array.as_dictionary::<Int32Type>().keys().values().as_ref().into(),
        DataType::Date32 => array.as_primitive::<Date32Type>().values().as_ref().into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().values().as_ref().into(),
        DataType::Boolean => array.as_boolean().values().iter().map(i32::from).collect(),
        _ => return None,
    };
    let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) else { return Some(codes) };
    Some(codes.iter().zip(nulls).map(|(code, valid)| if valid { *code } else { i32::MIN }).collect())
}

/// Whether values change with most rows.
fn is_fast(repeats: &[bool]) -> bool {
    repeats.iter().skip(1).filter(|repeats| !**repeats).count() * 2 > repeats.len()
}

/// A place for each text of a dictionary; a single one for other columns.
fn places(array: &ArrayRef) -> Vec<Option<Printed>> {
    let texts = array.as_dictionary_opt::<Int32Type>().map_or(1, |codes| codes.values().len());
    std::iter::repeat_with(|| None).take(texts.max(1)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{BooleanArray, Date32Array, DictionaryArray, Int32Array};

    use super::*;

    /// Each column prints its number and its row, so that a text that was copied tells from where.
    fn printed(columns: &[ArrayRef]) -> Vec<String> {
        let printer = |at: usize| -> Printer<'_> {
            Box::new(move |row, out| out.extend(format!("{at}@{row}").bytes()))
        };
        let rows = columns[0].len();
        let mut phrases = phrases(columns.iter().zip((0..).map(printer)));
        let mut line = |row| {
            let mut out = Vec::new();
            for phrase in &mut phrases {
                phrase.print(row, &mut out);
            }
            String::from_utf8(out).unwrap()
        };
        (0..rows).map(&mut line).collect()
    }

    fn texts(texts: &[Option<&str>]) -> ArrayRef {
        Arc::new(texts.iter().copied().collect::<DictionaryArray<Int32Type>>())
    }

    #[test]
    fn a_row_copies_only_what_has_the_same_codes() {
        let slow = texts(&[Some("a"), Some("a"), Some("a"), Some("b"), Some("b")]);
        let also: ArrayRef = Arc::new(Date32Array::from(vec![1, 1, 2, 2, 2]));
        let lines = ["0@0,1@0,", "0@0,1@0,", "0@2,1@2,", "0@3,1@3,", "0@3,1@3,"];
        assert_eq!(printed(&[slow, also]), lines);
    }

    #[test]
    fn a_row_copies_from_the_last_with_its_first_code() {
        let fast = texts(&[Some("a"), Some("b"), Some("a"), Some("b"), Some("a")]);
        let also: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 1, 3, 1]));
        assert_eq!(printed(&[fast, also]), ["0@0,1@0,", "0@1,1@1,", "0@0,1@0,", "0@3,1@3,", "0@0,1@0,"]);
    }

    #[test]
    fn null_is_a_code_of_its_own() {
        let slow = texts(&[Some("a"), None, None, Some("a"), Some("a")]);
        assert_eq!(printed(&[slow]), ["0@0,", "0@1,", "0@1,", "0@3,", "0@3,"]);
        let truths: ArrayRef = Arc::new(BooleanArray::from(vec![Some(false), None, None, Some(false)]));
        assert_eq!(printed(&[truths]), ["0@0,", "0@1,", "0@1,", "0@3,"]);
    }

    #[test]
    fn columns_without_codes_are_printed_row_by_row() {
        let numbers: ArrayRef = Arc::new(arrow::array::Int64Array::from(vec![7, 7, 7]));
        assert_eq!(printed(&[numbers]), ["0@0,", "0@1,", "0@2,"]);
    }
}
