//! The words of a flattened line, and what each can be in a cell: a mark, a figure, a group of its thousands.

use std::borrow::Cow;

use crate::column_recovery::lattice::Lattice;
use crate::document::Row;
use crate::grammar::number::NumberConvention;
use crate::grammar::status_flag;

/// A word of a line.
#[derive(Clone, Copy, Debug)]
pub struct Word<'c> {
    /// The row that it stands in, by its index in the grid.
    pub row: usize,
    /// Where it begins in the line, in bytes.
    pub at: usize,
    /// What is printed.
    pub text: &'c str,
}

/// What a word can be in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its figure, 0 for a mark; none where that is not known to the last digit, so that no sum is proven.
    pub value: Option<i64>,
    /// How many digits it has, where it has nothing else.
    digits: usize,
    /// Whether a cell can begin with it: a group like `049` only goes on.
    begins: bool,
    /// Whether it can be a further group of thousands.
    goes_on: bool,
    /// Whether a further group can stand behind it.
    is_open: bool,
}

/// The figures at the end of a line.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Where in the line a cell can begin, in bytes, and last where the line ends.
    pub offsets: Vec<usize>,
    /// Their readings.
    pub lattice: Lattice,
    /// Whether their sums can be proven.
    pub exact: bool,
}

/// A line with more words is no row of a table; a search for one would take too long.
pub const MOST_WORDS: usize = 256;
/// No figure has more digits, so that sums of a thousand fit 64 bits.
const MOST_DIGITS: usize = 15;

/// The words of a row that is one cell; none where it is not, or has too many.
#[must_use]
pub fn words<'c>(at: usize, row: &Row<'c>) -> Option<Vec<Word<'c>>> {
    let ([cell], Cow::Borrowed(line)) = (row.cells.as_slice(), &row.line) else { return None };
    let text = cell.text.borrowed()?;
    let start = (text.as_ptr() as usize).checked_sub(line.as_ptr() as usize)?;
    let word = |word: &'c str| {
        let within = word.as_ptr() as usize - text.as_ptr() as usize;
        Word { row: at, at: start + within, text: word }
    };
    let words: Vec<Word<'c>> =
        text.split(' ').filter(|word| !word.is_empty()).map(word).take(MOST_WORDS + 1).collect();
    (words.len() <= MOST_WORDS).then_some(words)
}

/// What a word can be in a cell; none where it is no part of one.
#[must_use]
pub fn token(word: &str) -> Option<Token> {
    let unsigned = word
        .trim_start_matches(|c| c == '+' || status_flag::NIL_SYMBOLS.iter().any(|nil| nil.starts_with(c)));
    let plain = !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit());
    let signed = unsigned.len() != word.len();
    match () {
        () if is_mark(word) => Some(Token::closed(Some(0))),
        () if plain => number(word, unsigned, signed),
        () => grouped(word),
    }
}

/// No mark that stands in place of a figure is longer, in bytes: `n.a.`, `***`.
const LONGEST_MARK: usize = 6;

/// Whether a word stands in place of a figure. Letters may be a label's; dots alone fill empty cells.
fn is_mark(word: &str) -> bool {
    if word.len() > LONGEST_MARK {
        return false;
    }
    let lettered = word.contains(char::is_alphabetic) && !word.contains(['.', '/']);
    let dots = word.contains('…') || word.len() > 2 && word.bytes().all(|byte| byte == b'.');
    !lettered && !dots && !matches!(word, "." | "/" | ":") && status_flag::is_symbol(word)
}

/// Digits, perhaps behind a sign.
fn number(word: &str, digits: &str, signed: bool) -> Option<Token> {
    let value = NumberConvention::POINT.parse(word, 0).ok().filter(|_| digits.len() <= MOST_DIGITS)?;
    let group = digits.len() == 3 && !signed;
    let zero = digits.starts_with('0');
    Some(Token {
        value: Some(value),
        digits: if signed { 0 } else { digits.len() },
        begins: !zero || digits.len() == 1,
        goes_on: group,
        is_open: group || digits.len() <= 3 && !zero,
    })
    .filter(|token| token.begins || token.goes_on)
}

/// A figure with marks of its own between the thousands, or with decimals: `1,234`, `234.5`.
fn grouped(word: &str) -> Option<Token> {
    let parse = |decimals| {
        NumberConvention::POINT.parse(word, decimals).or(NumberConvention::COMMA.parse(word, decimals)).ok()
    };
    parse(9).filter(|_| word.starts_with(|c: char| !c.is_alphabetic()))?;
    let whole = parse(0).filter(|value| fits(*value));
    let before = word.find(['.', ',']).filter(|_| whole.is_none());
    let goes_on = before == Some(3) && word.as_bytes()[..3].iter().all(u8::is_ascii_digit);
    Some(Token { goes_on, begins: !goes_on || !word.starts_with('0'), ..Token::closed(whole) })
}

impl Token {
    /// A cell by itself.
    fn closed(value: Option<i64>) -> Token {
        Token { value, digits: 0, begins: true, goes_on: false, is_open: false }
    }

    /// The token with a group behind it; none where no figure has so many digits.
    fn appended(self, group: Token) -> Option<Token> {
        let Some((value, group_value)) = self.value.zip(group.value) else {
            return Some(Token { value: None, is_open: false, ..self });
        };
        let signed = if value < 0 { -group_value } else { group_value };
        let value = value.checked_mul(1000)?.checked_add(signed).filter(|value| fits(*value))?;
        Some(Token { value: Some(value), is_open: group.is_open, ..self })
    }
}

/// Whether a figure has no more digits than any has.
fn fits(value: i64) -> bool {
    value.unsigned_abs() < 10u64.pow(MOST_DIGITS as u32)
}

/// The figures at the end of a line: its words from one on, all tokens, where the first cell begins at one of `starts`,
/// counted from that word. Glued ones may be cut between any two digits.
#[must_use]
pub fn figures(line: &[Word<'_>], from: usize, starts: &[usize], glued: bool) -> Figures {
    let words = &line[from..];
    let tokens: Vec<(usize, Token)> =
        words.iter().filter_map(|word| Some((word.at, token(word.text)?))).collect();
    let pieces: Vec<Vec<Piece>> = tokens.iter().map(|(at, token)| token.pieces(*at, glued)).collect();
    let first: Vec<usize> =
        pieces.iter().scan(0, |sum, list| Some(std::mem::replace(sum, *sum + list.len()))).collect();
    let places: Vec<Piece> = pieces.into_iter().flatten().collect();
    let cells: Vec<Vec<(usize, i64)>> = (0..places.len()).map(|at| cells(&places, at)).collect();
    let starts: Vec<usize> = starts.iter().filter_map(|&start| first.get(start).copied()).collect();
    let end = line.last().map_or(0, |word| word.at + word.text.len());
    Figures {
        offsets: places.iter().map(|piece| piece.at).chain([end]).collect(),
        lattice: Lattice::new(&cells, &starts),
        exact: tokens.iter().all(|(_, token)| token.value.is_some()),
    }
}

/// What can begin at a place: the first so many digits of a token, or all of it.
#[derive(Clone, Debug)]
struct Piece {
    /// The place in the line, in bytes.
    at: usize,
    /// Whether it is the beginning of a word: only there, a group goes on from the word before.
    heads: bool,
    /// What can stand there, and how many places it takes.
    parts: Vec<(usize, Token)>,
}

/// Digits that can be cut: shorter ones are hardly two cells.
const GLUED_FROM: usize = 4;

impl Token {
    /// The places of a token: one, or where it may be glued one for each digit.
    fn pieces(self, at: usize, glued: bool) -> Vec<Piece> {
        if !glued || self.digits < GLUED_FROM {
            return vec![Piece { at, heads: true, parts: vec![(1, self)] }];
        }
        let digits = format!("{:0width$}", self.value.unwrap_or_default(), width = self.digits);
        let part = |from: usize, to: usize| {
            let text = &digits[from..to];
            let token = number(text, text, false)?;
            // What is cut off behind cannot go on.
            Some((to - from, Token { is_open: token.is_open && to == digits.len(), ..token }))
        };
        let piece = |from: usize| Piece {
            at: at + from,
            heads: from == 0,
            parts: (from + 1..=digits.len()).filter_map(|to| part(from, to)).collect(),
        };
        (0..digits.len()).map(piece).collect()
    }
}

/// The cells that begin at a place: a token, and with each group that goes on from it.
fn cells(places: &[Piece], at: usize) -> Vec<(usize, i64)> {
    let mut cells = Vec::new();
    for (taken, token) in places[at].parts.iter().filter(|(_, token)| token.begins) {
        let (mut end, mut whole) = (at + taken, *token);
        cells.push((end, whole.value.unwrap_or_default()));
        while whole.is_open && whole.value != Some(0) {
            let piece = places.get(end).filter(|piece| piece.heads);
            let group = piece.and_then(|piece| piece.parts.iter().find(|(_, token)| token.goes_on));
            let longer = group.and_then(|(places, group)| Some((places, whole.appended(*group)?)));
            let Some((places, longer)) = longer else { break };
            (end, whole) = (end + places, longer);
            cells.push((end, whole.value.unwrap_or_default()));
        }
    }
    cells
}
