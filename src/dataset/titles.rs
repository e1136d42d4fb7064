//! Which table a printed title names, however it is set.
//!
//! A title is compared in its normal form, with a number before it or an acronym behind it taken off. It may have prose
//! right above it: the last lines that form a known title count.

use std::collections::BTreeSet;

use crate::dataset::{Definition, Ignored, TableDefinition};
use crate::layout::frame::matches_name;
use crate::regions;

impl Definition {
    /// All titles of its tables.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().flat_map(|table| &table.titles).map(String::as_str)
    }

    /// The only table, where it has neither title nor sheet: any printed one is it.
    #[must_use]
    pub fn untitled_table(&self) -> Option<usize> {
        let only = Some(&self.tables).filter(|tables| tables.len() == 1)?;
        (only[0].titles.is_empty() && only[0].sheets.is_empty()).then_some(0)
    }

    /// The index of the table with these title lines, and how many lines before it are no part of the
    /// title.
    #[must_use]
    pub fn match_title(&self, lines: &[impl AsRef<str>]) -> Option<(usize, usize)> {
        keys(lines).find_map(|(key, skip)| Some((*self.by_title.get(&key)?, skip)))
    }

    /// The index of the table that a sheet's name names, by one of its titles, its sheets or its own name.
    #[must_use]
    pub fn match_sheet(&self, name: &str) -> Option<usize> {
        let is_named = |key: &String, table: &TableDefinition| {
            table.sheets.iter().any(|own| matches_name(own, key)) || title_key(&table.name) == *key
        };
        let by_name = |key: &String| self.tables.iter().position(|table| is_named(key, table));
        keys(&[name]).find_map(|(key, _)| self.by_title.get(&key).copied().or_else(|| by_name(&key)))
    }

    /// What is said to be left out of the table with these title lines on a sheet, by its place in the definition.
    pub fn left_out_of<'s, L: AsRef<str>>(
        &'s self,
        lines: &[L],
        sheet: Option<&str>,
    ) -> impl Iterator<Item = (usize, &'s Ignored)> + use<'s, L> {
        let ofs: BTreeSet<String> = match self.ignored.as_slice() {
            [] => BTreeSet::new(),
            _ => keys(lines).map(|(key, _)| key).chain(sheet.map(title_key)).collect(),
        };
        self.ignored.iter().enumerate().filter(move |(_, ignored)| ignored.is_of(&ofs))
    }
}

/// No title goes over more lines: a sheet of words is looked through once, not once for each of its rows.
const MOST_LINES: usize = 16;

/// What the last of some lines can be known by as a title, and how many lines stand before these.
fn keys(lines: &[impl AsRef<str>]) -> impl Iterator<Item = (String, usize)> {
    (lines.len().saturating_sub(MOST_LINES)..lines.len()).flat_map(|skip| {
        let title = lines[skip..].iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" ");
        title_forms(&title).into_iter().map(|form| (title_key(form), skip)).collect::<Vec<_>>()
    })
}

/// One form for a title however it is set: without bold marks, case, punctuation, and blanks after hyphens.
pub(super) fn title_key(title: &str) -> String {
    regions::normalize(&title.replace(['*', '_', '#'], " "))
}

/// The forms a printed title can be known by: as it is, without a number before it, without a bracket behind it.
fn title_forms(title: &str) -> Vec<&str> {
    let bare = title.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#'));
    let numbered = Some(strip_number(bare)).filter(|rest| *rest != bare);
    let mut forms = Vec::new();
    for title in std::iter::once(bare).chain(numbered) {
        forms.push(title);
        let unclosed = title.strip_suffix(')').or_else(|| title.strip_suffix('）'));
        forms.extend(unclosed.and_then(|rest| rest.rsplit_once(['(', '（'])).map(|(name, _)| name));
    }
    forms
}

/// A title without the head that only numbers it: `Table 3: Holiday`.
#[must_use]
pub fn strip_number(title: &str) -> &str {
    let numbered = title.split_once([':', '.', ')']).filter(|(head, _)| is_number(head));
    numbered.map_or(title, |(_, rest)| rest.trim_start())
}

/// Whether a title's head only numbers it: `Table 3`, `(a`, `2`.
fn is_number(head: &str) -> bool {
    let words: Vec<&str> = head.trim_start_matches('(').split_whitespace().collect();
    let counts = |word: &&str| word.len() <= 3 && word.chars().all(|c| c.is_ascii_alphanumeric());
    matches!(words.as_slice(), [number] if counts(number))
        || matches!(words.as_slice(), [word, number] if word.eq_ignore_ascii_case("table") && counts(number))
}
