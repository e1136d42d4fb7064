//! Lines that are one row: a cell in quotation marks that is parted by tabs from others may go over several, as spreadsheets and
//! extractors write it. A quotation mark that is not closed soon is a plain character.

use super::csv::slice_through;
use super::number_lines;

/// The most lines of a cell.
const MOST_LINES: usize = 8;

/// The lines of a text with their numbers, each with those that a cell of it goes on in.
pub(super) fn number_records(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut lines = number_lines(text);
    std::iter::from_fn(move || {
        let (number, first) = lines.next()?;
        let mut last = first;
        while opens_cell(last) {
            let mut ahead = lines.clone().take(MOST_LINES);
            let Some((_, end)) = ahead.find(|(_, line)| line.contains('"')) else { break };
            if !closes_cell(end) {
                break;
            }
            lines.find(|(_, line)| std::ptr::eq(*line, end))?;
            last = end;
        }
        Some((number, if std::ptr::eq(first, last) { first } else { slice_through(text, first, last) }))
    })
}

/// Whether the last cell of a line begins with a quotation mark and does not end with one.
fn opens_cell(line: &str) -> bool {
    let last = line.rsplit_once('\t').map(|(_, last)| last);
    let inside = last.and_then(|last| last.strip_prefix('"'));
    // A mark alone repeats what stands above.
    inside.is_some_and(|inside| !inside.is_empty() && !inside.contains('"'))
}

/// Whether the first cell of a line ends with its only quotation mark.
fn closes_cell(line: &str) -> bool {
    let first = line.split('\t').next().unwrap_or_default();
    first.trim_end().strip_suffix('"').is_some_and(|inside| !inside.contains('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_cell_may_go_over_lines() {
        let cases: [(&str, &[(u32, &str)]); 6] = [
            ("a\t\"b\nc\"\nd\te", &[(1, "a\t\"b\nc\""), (3, "d\te")]),
            ("a\t\"b\nc\"\t\"d\r\ne\"\tf\ng", &[(1, "a\t\"b\nc\"\t\"d\r\ne\"\tf"), (4, "g")]),
            ("a\t\"b\nc\td\n\"e\"", &[(1, "a\t\"b"), (2, "c\td"), (3, "\"e\"")]),
            ("a\t\"\n\"\tb", &[(1, "a\t\""), (2, "\"\tb")]),
            ("\"a\nb\"", &[(1, "\"a"), (2, "b\"")]),
            ("a\t\"b\"\nc\"", &[(1, "a\t\"b\""), (2, "c\"")]),
        ];
        for (text, expected) in cases {
            assert_eq!(number_records(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
