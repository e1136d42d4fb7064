//! Lines under a heading, each behind a word that says what it tells, aligned.

use crate::cli::inspect::width::{LINE, cut, pad};

/// How wide the words are.
const WORDS: usize = 10;

/// Lines under a heading, each behind a word that says what it tells.
pub(super) struct Block {
    heading: String,
    lines: Vec<(&'static str, String)>,
}

impl Block {
    pub(super) fn new(heading: String) -> Block {
        Block { heading, lines: Vec::new() }
    }

    /// Adds lines; the word stands before the first only.
    pub(super) fn add(&mut self, word: &'static str, lines: impl IntoIterator<Item = String>) {
        let words = std::iter::once(word).chain(std::iter::repeat(""));
        self.lines.extend(words.zip(lines));
    }

    /// As it is printed, behind a blank line; nothing without lines.
    pub(super) fn text(&self) -> String {
        if self.lines.is_empty() {
            return String::new();
        }
        let lines = self.lines.iter().map(|(word, line)| cut_line(&format!("  {} ", pad(word, WORDS)), line));
        format!("\n{}\n{}", cut(&self.heading, LINE), lines.collect::<String>())
    }
}

fn cut_line(before: &str, line: &str) -> String {
    format!("{before}{}\n", cut(line, LINE.saturating_sub(before.len())))
}
