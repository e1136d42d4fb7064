//! Splits a heading into tokens of time, whatever its language, order or script. Most cells that are tested are not
//! headings, so the tokenizer does not allocate.

use arrayvec::{ArrayString, ArrayVec};
use unicode_normalization::UnicodeNormalization;

use crate::grammar::period::heading::PeriodStatus;
use crate::grammar::period::is_statistical_year;
use crate::grammar::period::named_calendar::NamedCalendar;
use crate::grammar::period::vocabulary::{
    CHINESE_STATUSES, CHINESE_TOKENS, english_status, english_token, european_token,
};

/// A token of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeToken {
    /// Four digits between 1800 and 2199, or the year of another calendar that is one of these.
    Year(i32),
    /// One or two digits: the value and the number of digits.
    Number(u32, u8),
    /// `1st`, `first`, `第一`.
    Nth(u32),
    /// The name of a month, or a number before `月`.
    Month(u32),
    /// A number before `日`.
    Day(u32),
    /// `quarter`, `Q`, `季`.
    Quarter,
    /// `half`, `H`, `半年`.
    Half,
    /// The word `year`.
    Years,
    /// The word `month`.
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
    /// `截至`, which means either.
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

/// The tokens of a heading.
#[derive(Clone, Debug, Default)]
pub(super) struct TimeTokens {
    /// In printed order, without filler words, footnote markers and brackets.
    pub list: ArrayVec<TimeToken, 16>,
    /// The status that the heading gives to its figures.
    pub status: PeriodStatus,
    /// The calendar that its years are of, where these are no usual ones.
    pub calendar: Option<NamedCalendar>,
    /// Whether all brackets are closed. An open one is closed in the next cell.
    pub is_complete: bool,
}

/// The most bytes of a heading in ASCII form.
const MAX_HEADING: usize = 96;

/// The most letters of a word: `preliminary`, `projections`.
const MAX_WORD: usize = 12;

/// Splits a text into tokens. `None` if it has anything that is not about time.
pub(super) fn tokenize(text: &str) -> Option<TimeTokens> {
    let converted = match text.is_ascii() {
        true if text.len() > MAX_HEADING => return None,
        true => None,
        false => Some(to_ascii_signs(text)?),
    };
    let rest = converted.as_ref().map_or(text, |converted| converted.as_str());
    let tokens = TimeTokens { is_complete: true, ..TimeTokens::default() };
    let mut tokenizer = Tokenizer { rest, tokens, open_bracket: None };
    while tokenizer.read_token()? {}
    tokenizer.tokens.is_complete &= tokenizer.open_bracket.is_none();
    Some(tokenizer.tokens)
}

/// Converts digits, dashes and brackets of other scripts to ASCII, and drops footnote markers.
fn to_ascii_signs(text: &str) -> Option<ArrayString<MAX_HEADING>> {
    let mut converted = ArrayString::new();
    for c in text.trim().chars().filter(|c| !is_ignored(*c)) {
        if c.is_ascii() {
            converted.try_push(c).ok()?;
        } else {
            // An accent parts no month from its name: `février`, `März`.
            let plain = std::iter::once(c).nfkd().next().filter(char::is_ascii_alphabetic);
            match plain {
                Some(letter) => converted.try_push(letter).ok()?,
                None => {
                    std::iter::once(c).nfkc().try_for_each(|c| converted.try_push(to_ascii_sign(c)).ok())?;
                }
            }
        }
    }
    Some(converted)
}

/// Footnote markers, and characters of no width.
fn is_ignored(c: char) -> bool {
    matches!(c, '†' | '‡' | '§' | '¹' | '²' | '³' | '⁰'..='⁹' | '⁽' | '⁾' | '※' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}')
}

fn to_ascii_sign(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '〜' => '-',
        '［' | '【' | '〔' => '(',
        '］' | '】' | '〕' => ')',
        '、' => ',',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

struct Tokenizer<'t> {
    rest: &'t str,
    tokens: TimeTokens,
    /// The number of tokens before the open bracket.
    open_bracket: Option<usize>,
}

impl<'t> Tokenizer<'t> {
    /// Reads the next token. `Some(false)` at the end; `None` if the text is not about time.
    fn read_token(&mut self) -> Option<bool> {
        let Some(first) = self.rest.bytes().next() else { return Some(false) };
        match first {
            b'0'..=b'9' => self.read_number()?,
            b'a'..=b'z' | b'A'..=b'Z' => {
                let letters = self.take_while(|byte| byte.is_ascii_alphabetic());
                let mut word = ArrayString::<MAX_WORD>::from(letters).ok()?;
                word.make_ascii_lowercase();
                self.read_english(&word)?;
            }
            0x80.. => self.read_other_script()?,
            _ => {
                self.rest = &self.rest[1..];
                self.read_sign(first)?;
            }
        }
        Some(true)
    }

    /// Takes the ASCII bytes that meet a condition.
    fn take_while(&mut self, is_wanted: impl Fn(u8) -> bool) -> &'t str {
        let end = self.rest.bytes().position(|byte| !is_wanted(byte)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn push(&mut self, token: TimeToken) -> Option<()> {
        self.tokens.list.try_push(token).ok()
    }

    fn read_number(&mut self) -> Option<()> {
        let digits = self.take_while(|byte| byte.is_ascii_digit());
        let (length, value) = (digits.len(), digits.get(..4.min(digits.len()))?.parse().ok()?);
        let ordinal = self.find_ordinal();
        let suffix = ordinal.or_else(|| self.find_suffix(&["月", "日", "号", "號"]));
        let token = match (length, suffix) {
            (1..=4, None) if let Some(calendar) = self.find_calendar(length, value as i32) => {
                self.tokens.calendar = Some(calendar);
                TimeToken::Year(calendar.usual_year(value as i32)?)
            }
            (4, None) => {
                TimeToken::Year(i32::try_from(value).ok().filter(|year| is_statistical_year(*year))?)
            }
            (1 | 2, None) => TimeToken::Number(value, length as u8),
            (1 | 2, Some(_)) if ordinal.is_some() => TimeToken::Nth(value),
            (1 | 2, Some("月")) => TimeToken::Month(Some(value).filter(|month| (1..=12).contains(month))?),
            (1 | 2, Some(_)) => TimeToken::Day(value),
            _ => return None,
        };
        self.rest = &self.rest[suffix.map_or(0, str::len)..];
        self.push(token)
    }

    /// The calendar of a number that is a year of another one than the usual: where one was named, or before `年` with fewer
    /// digits than usual years have.
    fn find_calendar(&self, length: usize, value: i32) -> Option<NamedCalendar> {
        let is_year = self.rest.trim_start().starts_with('年');
        let is_first = !self.tokens.list.iter().any(|token| matches!(token, TimeToken::Year(_)));
        match self.tokens.calendar {
            Some(named) => Some(named).filter(|_| is_first || is_year),
            None if is_first && is_year && length < 4 => NamedCalendar::of_bare_year(value),
            None => None,
        }
    }

    /// What makes a number an ordinal. The French `2e` is one only before what is counted: `2023e` is estimated.
    fn find_ordinal(&self) -> Option<&'static str> {
        let is_counted = ["e trim", "e sem"].iter().any(|counted| self.rest.starts_with(counted));
        let french = is_counted.then_some("e");
        french.or_else(|| self.find_suffix(&["st", "nd", "rd", "th", "ere", "er", "eme", "o "]))
    }

    /// The first of some suffixes with which the rest begins.
    fn find_suffix(&self, suffixes: &[&'static str]) -> Option<&'static str> {
        let follows = |suffix: &&str| {
            self.rest.get(..suffix.len()).is_some_and(|start| start.eq_ignore_ascii_case(suffix))
        };
        suffixes.iter().copied().find(follows)
    }

    /// A bracket, a separator, or a footnote marker.
    fn read_sign(&mut self, sign: u8) -> Option<()> {
        match sign {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b'*' | b'#' | b'_' => Some(()),
            b'-' | b'~' if self.tokens.list.last() == Some(&TimeToken::End) => Some(()),
            b'-' | b'~' => self.push(TimeToken::Dash),
            b'/' => self.push(TimeToken::Slash),
            b'.' => self.read_dot(),
            b'^' => (!self.take_while(|byte| byte.is_ascii_digit()).is_empty()).then_some(()),
            b'(' | b'[' => self.open_bracket.replace(self.tokens.list.len()).is_none().then_some(()),
            b')' | b']' => {
                self.close_bracket(sign == b']');
                Some(())
            }
            _ => None,
        }
    }

    /// A dot separates the numbers of a date, or ends an abbreviation.
    fn read_dot(&mut self) -> Option<()> {
        let is_in_date = matches!(self.tokens.list.last(), Some(TimeToken::Number(..)))
            && self.rest.starts_with(|c: char| c.is_ascii_digit());
        if is_in_date { self.push(TimeToken::Dot) } else { Some(()) }
    }

    /// `(1)`, `[12]` and `1)` are footnote markers and are dropped. Other brackets do not change the meaning.
    fn close_bracket(&mut self, is_square: bool) {
        let list = &mut self.tokens.list;
        let may_be_marker = match list.last() {
            Some(TimeToken::Number(_, 1)) => true,
            Some(TimeToken::Number(..)) => is_square,
            _ => false,
        };
        match self.open_bracket.take() {
            Some(before) if may_be_marker && list.len() == before + 1 => list.truncate(before),
            None if may_be_marker && list.len() > 1 => list.truncate(list.len() - 1),
            None => self.tokens.is_complete = false,
            Some(_) => {}
        }
    }

    fn read_english(&mut self, word: &str) -> Option<()> {
        let before = self.tokens.list.last().copied();
        match word {
            "of" | "the" | "figures" | "data" | "de" | "du" | "do" | "del" => Some(()),
            "note" | "notes" | "footnote" | "fn" => self.skip_note_number(),
            "at" | "on" if before == Some(TimeToken::At) => Some(()),
            "to" if before == Some(TimeToken::UpTo) => Some(()),
            "year" | "yr" if ends_with_half(&self.tokens.list) => {
                let dashes = usize::from(before == Some(TimeToken::Dash));
                self.tokens.list.truncate(self.tokens.list.len() - dashes);
                Some(())
            }
            "ye" => self.push(TimeToken::Years).and_then(|()| self.push(TimeToken::Ending)),
            _ => match english_status(word) {
                Some(status) => {
                    self.tokens.status = status;
                    Some(())
                }
                None => self.push(english_token(word).or_else(|| european_token(word))?),
            },
        }
    }

    /// Skips the number after a word for note.
    fn skip_note_number(&mut self) -> Option<()> {
        self.take_while(|byte| byte == b' ');
        (!self.take_while(|byte| byte.is_ascii_digit()).is_empty()).then_some(())
    }

    fn read_other_script(&mut self) -> Option<()> {
        if let Some((calendar, length)) = NamedCalendar::find_word(self.rest) {
            self.rest = &self.rest[length..];
            return self.tokens.calendar.replace(calendar).is_none().then_some(());
        }
        if let Some((text, status)) = CHINESE_STATUSES.iter().find(|(text, _)| self.rest.starts_with(text)) {
            self.rest = &self.rest[text.len()..];
            self.tokens.status = *status;
            return Some(());
        }
        let (text, tokens) = CHINESE_TOKENS.iter().find(|(text, _)| self.rest.starts_with(text))?;
        self.rest = &self.rest[text.len()..];
        tokens.iter().try_for_each(|token| self.push(*token))
    }
}

/// Whether a following `year` belongs to `half-year`.
fn ends_with_half(tokens: &[TimeToken]) -> bool {
    matches!(tokens, [.., TimeToken::Half] | [.., TimeToken::Half, TimeToken::Dash])
}
