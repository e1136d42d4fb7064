//! Which category a printed title names, however it is set.

use super::Definition;
use crate::regions;

impl Definition {
    /// The index of the category of the table with these title lines, and how many lines before it are no part of the
    /// title.
    #[must_use]
    pub fn match_title(&self, lines: &[impl AsRef<str>]) -> Option<(usize, usize)> {
        (0..lines.len()).find_map(|skip| {
            let title = lines[skip..].iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" ");
            title_forms(&title)
                .into_iter()
                .find_map(|form| self.by_title.get(&title_key(form)))
                .map(|category| (*category, skip))
        })
    }
}

/// One form for a title however it is set: without bold marks, case, punctuation, and blanks after hyphens.
pub(super) fn title_key(title: &str) -> String {
    regions::key(&title.replace(['*', '_', '#'], " "))
}

/// The forms a printed title can be known by: as it is, without a number before it, without a bracket behind it.
fn title_forms(title: &str) -> Vec<&str> {
    let bare = title.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#'));
    let numbered = bare.split_once([':', '.', ')']).filter(|(head, _)| is_number(head)).map(|(_, rest)| rest);
    let mut forms = Vec::new();
    for title in std::iter::once(bare).chain(numbered) {
        forms.push(title);
        let unclosed = title.strip_suffix(')').or_else(|| title.strip_suffix('）'));
        forms.extend(unclosed.and_then(|rest| rest.rsplit_once(['(', '（'])).map(|(name, _)| name));
    }
    forms
}

/// Whether a title's head only numbers it: `Table 3`, `(a`, `2`.
fn is_number(head: &str) -> bool {
    let words: Vec<&str> = head.trim_start_matches('(').split_whitespace().collect();
    let counts = |word: &&str| word.len() <= 3 && word.chars().all(|c| c.is_ascii_alphanumeric());
    matches!(words.as_slice(), [number] if counts(number))
        || matches!(words.as_slice(), [word, number] if word.eq_ignore_ascii_case("table") && counts(number))
}
