//! A heading's words of time, in whichever language, order or script: what its grammar is made of. Nothing is asked of
//! the heap, because most of the cells that are looked at are no headings.

use arrayvec::{ArrayString, ArrayVec};
use unicode_normalization::UnicodeNormalization;

use crate::grammar::period::heading::Status;
use crate::grammar::period::is_year;

/// A word of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Four digits, in the years that statistics are of.
    Year(i32),
    /// One or two digits, and how many they are.
    Number(u32, u8),
    /// `1st`, `first`, `第一`.
    Nth(u32),
    /// A month's name, or its number before `月`.
    Month(u32),
    /// A number before `日`.
    Day(u32),
    /// `quarter`, `Q`, `季`.
    Quarter,
    /// `half`, `H`, `半年`.
    Half,
    /// `year` in words.
    Years,
    /// `month` in words.
    Months,
    /// `FY`, `financial`.
    Financial,
    /// `CY`, `calendar`.
    Calendar,
    /// `ending`, `ended`.
    Ending,
    /// `end`, `底`.
    End,
    /// `as at`, `at`, `於`.
    At,
    /// `up to`, `until`.
    UpTo,
    /// `截至`, which is both.
    AtOrUpTo,
    /// `to`, `至`.
    To,
    /// A dash of any length.
    Dash,
    /// `/`.
    Slash,
    /// A dot between numbers.
    Dot,
}

/// The words of a heading.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// In printed order, without fillers, marks and brackets.
    pub list: ArrayVec<Word, 16>,
    /// What its marks say of the figures.
    pub status: Status,
    /// Whether every bracket is closed. One that is not goes on in the next cell.
    pub closed: bool,
}

/// No heading is longer than this, in bytes of its plain form.
const MOST_BYTES: usize = 96;

/// No word is: `preliminary`, `projections`.
const LONGEST: usize = 12;

/// The words of a text; none where something in it is no word of time.
pub(super) fn words(text: &str) -> Option<Words> {
    let plain = match text.is_ascii() {
        true if text.len() > MOST_BYTES => return None,
        true => None,
        false => Some(plain(text)?),
    };
    let text = plain.as_ref().map_or(text, |plain| plain.as_str());
    let mut reader = Reader { rest: text, found: Words { closed: true, ..Words::default() }, open: None };
    while reader.word()? {}
    reader.found.closed &= reader.open.is_none();
    Some(reader.found)
}

/// One form for what is printed in many scripts: one kind of digit, dash and bracket, no marks of footnotes.
fn plain(text: &str) -> Option<ArrayString<MOST_BYTES>> {
    let mut plain = ArrayString::new();
    for c in text.trim().chars().filter(|c| !is_mark(*c)) {
        if c.is_ascii() {
            plain.try_push(c).ok()?;
        } else {
            std::iter::once(c).nfkc().try_for_each(|c| plain.try_push(as_ascii(c)).ok())?;
        }
    }
    Some(plain)
}

/// Marks of footnotes, and characters that print nothing.
fn is_mark(c: char) -> bool {
    matches!(c, '†' | '‡' | '§' | '¹' | '²' | '³' | '⁰'..='⁹' | '⁽' | '⁾' | '※' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}')
}

fn as_ascii(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '〜' => '-',
        '［' | '【' | '〔' => '(',
        '］' | '】' | '〕' => ')',
        '、' => ',',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Reads a plain text, word by word.
struct Reader<'p> {
    rest: &'p str,
    found: Words,
    /// How many words stood before a bracket that is open.
    open: Option<usize>,
}

impl<'p> Reader<'p> {
    /// Reads the next word; false at the end, none where there is something else.
    fn word(&mut self) -> Option<bool> {
        let Some(first) = self.rest.bytes().next() else { return Some(false) };
        match first {
            b'0'..=b'9' => self.number()?,
            b'a'..=b'z' | b'A'..=b'Z' => {
                let mut word =
                    ArrayString::<LONGEST>::from(self.take(|byte| byte.is_ascii_alphabetic())).ok()?;
                word.make_ascii_lowercase();
                self.english(&word)?;
            }
            0x80.. => self.chinese()?,
            _ => {
                self.rest = &self.rest[1..];
                self.sign(first)?;
            }
        }
        Some(true)
    }

    /// Takes the bytes from here on that are wanted, all of them ASCII.
    fn take(&mut self, wanted: impl Fn(u8) -> bool) -> &'p str {
        let end = self.rest.bytes().position(|byte| !wanted(byte)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn push(&mut self, word: Word) -> Option<()> {
        self.found.list.try_push(word).ok()
    }

    fn number(&mut self) -> Option<()> {
        let digits = self.take(|byte| byte.is_ascii_digit());
        let (length, value) = (digits.len(), digits.get(..4.min(digits.len()))?.parse().ok()?);
        let begins = |suffix: &str| {
            self.rest.get(..suffix.len()).is_some_and(|start| start.eq_ignore_ascii_case(suffix))
        };
        let suffixed = |suffixes: &[&'static str]| suffixes.iter().copied().find(|suffix| begins(suffix));
        let nth = suffixed(&["st", "nd", "rd", "th"]);
        let suffix = nth.or_else(|| suffixed(&["月", "日", "号", "號"]));
        let word = match (length, suffix) {
            (4, None) => Word::Year(i32::try_from(value).ok().filter(|year| is_year(*year))?),
            (1 | 2, None) => Word::Number(value, length as u8),
            (1 | 2, Some(_)) if nth.is_some() => Word::Nth(value),
            (1 | 2, Some("月")) => Word::Month(Some(value).filter(|month| (1..=12).contains(month))?),
            (1 | 2, Some(_)) => Word::Day(value),
            _ => return None,
        };
        self.rest = &self.rest[suffix.map_or(0, str::len)..];
        self.push(word)
    }

    /// A bracket, a joint, or a mark of a footnote.
    fn sign(&mut self, sign: u8) -> Option<()> {
        match sign {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b'*' | b'#' | b'_' => Some(()),
            b'-' | b'~' if self.found.list.last() == Some(&Word::End) => Some(()),
            b'-' | b'~' => self.push(Word::Dash),
            b'/' => self.push(Word::Slash),
            b'.' => self.dot(),
            b'^' => (!self.take(|byte| byte.is_ascii_digit()).is_empty()).then_some(()),
            b'(' | b'[' => self.open.replace(self.found.list.len()).is_none().then_some(()),
            b')' | b']' => {
                self.close(sign == b']');
                Some(())
            }
            _ => None,
        }
    }

    /// A dot parts the numbers of a day, or ends an abbreviation.
    fn dot(&mut self) -> Option<()> {
        let parts = matches!(self.found.list.last(), Some(Word::Number(..)))
            && self.rest.starts_with(|c: char| c.is_ascii_digit());
        if parts { self.push(Word::Dot) } else { Some(()) }
    }

    /// `(1)`, `[12]` and `1)` are marks of footnotes; another bracket says as much as none.
    fn close(&mut self, square: bool) {
        let words = &mut self.found.list;
        let footnote = match words.last() {
            Some(Word::Number(_, 1)) => true,
            Some(Word::Number(..)) => square,
            _ => false,
        };
        match self.open.take() {
            Some(before) if footnote && words.len() == before + 1 => words.truncate(before),
            None if footnote && words.len() > 1 => words.truncate(words.len() - 1),
            None => self.found.closed = false,
            Some(_) => {}
        }
    }

    fn english(&mut self, word: &str) -> Option<()> {
        let before = self.found.list.last().copied();
        match word {
            "of" | "the" | "figures" | "data" => Some(()),
            "note" | "notes" | "footnote" | "fn" => self.footnote(),
            "at" | "on" if before == Some(Word::At) => Some(()),
            "to" if before == Some(Word::UpTo) => Some(()),
            "year" | "yr" if is_half(&self.found.list) => {
                self.found.list.truncate(self.found.list.len() - usize::from(before == Some(Word::Dash)));
                Some(())
            }
            "ye" => self.push(Word::Years).and_then(|()| self.push(Word::Ending)),
            _ => match status(word) {
                Some(status) => {
                    self.found.status = status;
                    Some(())
                }
                None => self.push(english(word)?),
            },
        }
    }

    /// The number of a footnote says nothing of time.
    fn footnote(&mut self) -> Option<()> {
        self.take(|byte| byte == b' ');
        (!self.take(|byte| byte.is_ascii_digit()).is_empty()).then_some(())
    }

    fn chinese(&mut self) -> Option<()> {
        if let Some((text, status)) = CHINESE_MARKS.iter().find(|(text, _)| self.rest.starts_with(text)) {
            self.rest = &self.rest[text.len()..];
            self.found.status = *status;
            return Some(());
        }
        let (text, words) = CHINESE.iter().find(|(text, _)| self.rest.starts_with(text))?;
        self.rest = &self.rest[text.len()..];
        words.iter().try_for_each(|word| self.push(*word))
    }
}

/// Whether a `year` that follows belongs to `half-`.
fn is_half(words: &[Word]) -> bool {
    matches!(words, [.., Word::Half] | [.., Word::Half, Word::Dash])
}

/// What a mark says of the figures; a revised one is a normal one.
fn status(mark: &str) -> Option<Status> {
    Some(match mark {
        "r" | "rev" | "revised" => Status::Normal,
        "p" | "prov" | "provisional" | "prelim" | "preliminary" => Status::Provisional,
        "e" | "est" | "estimate" | "estimated" | "estimates" => Status::Estimated,
        "f" | "forecast" | "forecasts" | "proj" | "projected" | "projection" | "projections" => {
            Status::Forecast
        }
        _ => return None,
    })
}

fn english(word: &str) -> Option<Word> {
    Some(match word {
        "q" | "qtr" | "quarter" => Word::Quarter,
        "h" | "s" | "half" | "semester" => Word::Half,
        "year" | "yr" => Word::Years,
        "m" | "month" | "months" => Word::Months,
        "fy" | "financial" | "fiscal" => Word::Financial,
        "cy" | "calendar" => Word::Calendar,
        "ending" | "ended" => Word::Ending,
        "end" => Word::End,
        "as" | "at" | "on" => Word::At,
        "up" | "until" | "till" => Word::UpTo,
        "to" | "through" => Word::To,
        "first" => Word::Nth(1),
        "second" => Word::Nth(2),
        "third" => Word::Nth(3),
        "fourth" => Word::Nth(4),
        _ => Word::Month(month(word)?),
    })
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month by its name or the first three letters or more of it.
fn month(name: &str) -> Option<u32> {
    let start = name.as_bytes().get(..3)?;
    let at = MONTHS.iter().position(|month| &month.as_bytes()[..3] == start)?;
    MONTHS[at].starts_with(name).then_some(at as u32 + 1)
}

/// Words of Chinese, the longer before what they begin with.
const CHINESE: [(&str, &[Word]); 37] = [
    ("年底", &[Word::End]),
    ("年末", &[Word::End]),
    ("年度", &[Word::Financial]),
    ("年", &[]),
    ("財政年度", &[Word::Financial]),
    ("财政年度", &[Word::Financial]),
    ("第一", &[Word::Nth(1)]),
    ("第二", &[Word::Nth(2)]),
    ("第三", &[Word::Nth(3)]),
    ("第四", &[Word::Nth(4)]),
    ("第", &[]),
    ("首季", &[Word::Nth(1), Word::Quarter]),
    ("季度", &[Word::Quarter]),
    ("季", &[Word::Quarter]),
    ("上半年", &[Word::Nth(1), Word::Half]),
    ("下半年", &[Word::Nth(2), Word::Half]),
    ("十一月", &[Word::Month(11)]),
    ("十二月", &[Word::Month(12)]),
    ("十月", &[Word::Month(10)]),
    ("一月", &[Word::Month(1)]),
    ("二月", &[Word::Month(2)]),
    ("三月", &[Word::Month(3)]),
    ("四月", &[Word::Month(4)]),
    ("五月", &[Word::Month(5)]),
    ("六月", &[Word::Month(6)]),
    ("七月", &[Word::Month(7)]),
    ("八月", &[Word::Month(8)]),
    ("九月", &[Word::Month(9)]),
    ("底", &[Word::End]),
    ("末", &[Word::End]),
    ("截至", &[Word::AtOrUpTo]),
    ("於", &[Word::At]),
    ("于", &[Word::At]),
    ("至", &[Word::To]),
    ("到", &[Word::To]),
    ("數字", &[]),
    ("数字", &[]),
];

/// What Chinese says of the figures themselves.
const CHINESE_MARKS: [(&str, Status); 10] = [
    ("臨時", Status::Provisional),
    ("临时", Status::Provisional),
    ("初步", Status::Provisional),
    ("估計", Status::Estimated),
    ("估计", Status::Estimated),
    ("預測", Status::Forecast),
    ("预测", Status::Forecast),
    ("修訂", Status::Normal),
    ("修订", Status::Normal),
    ("推算", Status::Estimated),
];
