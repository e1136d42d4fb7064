//! The words of a flattened line, and what each can be in a cell: a symbol, a number, or a group of its digits.

use std::borrow::Cow;

use crate::column_recovery::lattice::Lattice;
use crate::document::{Cell, Row};
use crate::grammar::number::NumberConvention;
use crate::grammar::status_flag;

/// A word of a flattened line.
#[derive(Clone, Copy, Debug)]
pub struct FlatWord<'c> {
    /// The index of its row in the grid.
    pub row: usize,
    /// Its offset in the line, in bytes.
    pub at: usize,
    /// Its text.
    pub text: &'c str,
}

/// A word as a part of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellToken {
    /// Its value; 0 for a symbol. `None` if it is not known to the last digit, so that no sum can be proven.
    pub value: Option<i64>,
    /// The number of its digits; 0 if it has other characters.
    digits: usize,
    /// Whether a cell can begin with it. A group as `049` can only continue one.
    can_begin: bool,
    /// Whether it can be a further group of three digits.
    can_continue: bool,
    /// Whether a further group can follow it.
    can_be_continued: bool,
}

/// The figures at the end of a line.
#[derive(Clone, Debug)]
pub struct LineFigures {
    /// The offsets at which a cell can begin, in bytes, and the end of the line.
    pub offsets: Vec<usize>,
    /// Their readings.
    pub lattice: Lattice,
    /// Whether all values are known to the last digit, so that sums can be proven.
    pub is_exact: bool,
}

/// The most words of a row. A search over more would take too long.
pub const MAX_WORDS: usize = 256;
/// The most digits of a number: sums of a thousand of them fit 64 bits.
const MAX_DIGITS: usize = 15;

/// The words of a row that is one cell. `None` for other rows, and for too many words.
#[must_use]
pub fn split_words<'c>(at: usize, row: &Row<'c>) -> Option<Vec<FlatWord<'c>>> {
    let ([Cell { text: Cow::Borrowed(text), .. }], Cow::Borrowed(line)) = (row.cells.as_slice(), &row.line)
    else {
        return None;
    };
    let start = (text.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    let word = |word: &'c str| {
        let within = word.as_ptr() as usize - text.as_ptr() as usize;
        FlatWord { row: at, at: start + within, text: word }
    };
    let words: Vec<FlatWord<'c>> =
        text.split(' ').filter(|word| !word.is_empty()).map(word).take(MAX_WORDS + 1).collect();
    (words.len() <= MAX_WORDS).then_some(words)
}

/// Parses a word as a part of a cell. `None` if it cannot be one.
#[must_use]
pub fn parse_token(word: &str) -> Option<CellToken> {
    let unsigned = word
        .trim_start_matches(|c| c == '+' || status_flag::NIL_SYMBOLS.iter().any(|nil| nil.starts_with(c)));
    if is_nil_or_flag(word) {
        return Some(CellToken::standalone(Some(0)));
    }
    let is_plain = !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit());
    let has_sign = unsigned.len() != word.len();
    if is_plain { parse_digits(word, unsigned, has_sign) } else { parse_separated(word) }
}

/// The most bytes of a symbol in place of a number: `n.a.`, `***`.
const MAX_SYMBOL: usize = 6;

/// Whether a word is a symbol in place of a number. Letters are not, because they may belong to a label, and neither are
/// runs of dots, which fill empty cells.
fn is_nil_or_flag(word: &str) -> bool {
    if word.len() > MAX_SYMBOL {
        return false;
    }
    let has_letters = word.contains(char::is_alphabetic) && !word.contains(['.', '/']);
    let is_dots = word.contains('…') || word.len() > 2 && word.bytes().all(|byte| byte == b'.');
    !has_letters && !is_dots && !matches!(word, "." | "/" | ":") && status_flag::is_symbol(word)
}

/// Parses digits, perhaps after a sign.
fn parse_digits(word: &str, digits: &str, has_sign: bool) -> Option<CellToken> {
    let value = NumberConvention::POINT.parse(word, 0).ok().filter(|_| digits.len() <= MAX_DIGITS)?;
    let is_group = digits.len() == 3 && !has_sign;
    let has_leading_zero = digits.starts_with('0');
    let token = CellToken {
        value: Some(value),
        digits: if has_sign { 0 } else { digits.len() },
        can_begin: !has_leading_zero || digits.len() == 1,
        can_continue: is_group,
        can_be_continued: is_group || digits.len() <= 3 && !has_leading_zero,
    };
    (token.can_begin || token.can_continue).then_some(token)
}

/// Parses a number with separators other than spaces, or with decimals: `1,234`, `234.5`.
fn parse_separated(word: &str) -> Option<CellToken> {
    let parse = |decimals| {
        NumberConvention::POINT.parse(word, decimals).or(NumberConvention::COMMA.parse(word, decimals)).ok()
    };
    parse(9).filter(|_| word.starts_with(|c: char| !c.is_alphabetic()))?;
    let whole = parse(0).filter(|value| has_valid_length(*value));
    let before = word.find(['.', ',']).filter(|_| whole.is_none());
    let can_continue = before == Some(3) && word.as_bytes()[..3].iter().all(u8::is_ascii_digit);
    Some(CellToken {
        can_continue,
        can_begin: !can_continue || !word.starts_with('0'),
        ..CellToken::standalone(whole)
    })
}

impl CellToken {
    /// A token that is a cell of its own.
    fn standalone(value: Option<i64>) -> CellToken {
        CellToken { value, digits: 0, can_begin: true, can_continue: false, can_be_continued: false }
    }

    /// The token with a further group. `None` if it would have too many digits.
    fn append_group(self, group: CellToken) -> Option<CellToken> {
        let Some((value, group_value)) = self.value.zip(group.value) else {
            return Some(CellToken { value: None, can_be_continued: false, ..self });
        };
        let signed = if value < 0 { -group_value } else { group_value };
        let value = value.checked_mul(1000)?.checked_add(signed).filter(|value| has_valid_length(*value))?;
        Some(CellToken { value: Some(value), can_be_continued: group.can_be_continued, ..self })
    }
}

/// Whether a number has at most [`MAX_DIGITS`].
fn has_valid_length(value: i64) -> bool {
    value.unsigned_abs() < 10u64.pow(MAX_DIGITS as u32)
}

/// Reads the figures at the end of a line: its words from index `from` on, all of them tokens. The first cell begins at one
/// of `starts`, counted from `from`. If `glued`, digits may be cut anywhere, because cells may have lost the space
/// between them.
#[must_use]
pub fn read_figures(line: &[FlatWord<'_>], from: usize, starts: &[usize], glued: bool) -> LineFigures {
    let words = &line[from..];
    let tokens: Vec<(usize, CellToken)> =
        words.iter().filter_map(|word| Some((word.at, parse_token(word.text)?))).collect();
    let pieces: Vec<Vec<TokenPiece>> = tokens.iter().map(|(at, token)| token.split(*at, glued)).collect();
    let first: Vec<usize> =
        pieces.iter().scan(0, |sum, list| Some(std::mem::replace(sum, *sum + list.len()))).collect();
    let places: Vec<TokenPiece> = pieces.into_iter().flatten().collect();
    let cells: Vec<Vec<(usize, i64)>> = (0..places.len()).map(|at| list_cells(&places, at)).collect();
    let starts: Vec<usize> = starts.iter().filter_map(|&start| first.get(start).copied()).collect();
    let end = line.last().map_or(0, |word| word.at + word.text.len());
    LineFigures {
        offsets: places.iter().map(|piece| piece.at).chain([end]).collect(),
        lattice: Lattice::new(&cells, &starts),
        is_exact: tokens.iter().all(|(_, token)| token.value.is_some()),
    }
}

/// A place in a line at which a token, or a part of its digits, begins.
#[derive(Clone, Debug)]
struct TokenPiece {
    /// Its offset in the line, in bytes.
    at: usize,
    /// Whether a word begins here. Only there can a group continue the number before.
    starts_word: bool,
    /// The possible tokens, each with the number of places that it takes.
    parts: Vec<(usize, CellToken)>,
}

/// Shorter runs of digits are not cut: they are hardly two cells.
const MIN_GLUED_DIGITS: usize = 4;

impl CellToken {
    /// The places of a token: one, or one for each digit if it may be glued.
    fn split(self, at: usize, glued: bool) -> Vec<TokenPiece> {
        if !glued || self.digits < MIN_GLUED_DIGITS {
            return vec![TokenPiece { at, starts_word: true, parts: vec![(1, self)] }];
        }
        let digits = format!("{:0width$}", self.value.unwrap_or_default(), width = self.digits);
        let part = |from: usize, to: usize| {
            let text = &digits[from..to];
            let token = parse_digits(text, text, false)?;
            // A part without the last digit cannot be continued by the next word.
            Some((
                to - from,
                CellToken { can_be_continued: token.can_be_continued && to == digits.len(), ..token },
            ))
        };
        let piece = |from: usize| TokenPiece {
            at: at + from,
            starts_word: from == 0,
            parts: (from + 1..=digits.len()).filter_map(|to| part(from, to)).collect(),
        };
        (0..digits.len()).map(piece).collect()
    }
}

/// The cells that begin at a place, as (place after it, value): a token, and the token with each group that continues it.
fn list_cells(places: &[TokenPiece], at: usize) -> Vec<(usize, i64)> {
    let mut cells = Vec::new();
    for (taken, token) in places[at].parts.iter().filter(|(_, token)| token.can_begin) {
        let (mut end, mut whole) = (at + taken, *token);
        cells.push((end, whole.value.unwrap_or_default()));
        while whole.can_be_continued && whole.value != Some(0) {
            let piece = places.get(end).filter(|piece| piece.starts_word);
            let group = piece.and_then(|piece| piece.parts.iter().find(|(_, token)| token.can_continue));
            let longer = group.and_then(|(places, group)| Some((places, whole.append_group(*group)?)));
            let Some((places, longer)) = longer else { break };
            (end, whole) = (end + places, longer);
            cells.push((end, whole.value.unwrap_or_default()));
        }
    }
    cells
}
