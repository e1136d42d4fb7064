//! Words that headings may name beside periods and what columns hold: the labels of a definition's dimensions and measures.
//! What they stand for is not known here.

use std::collections::BTreeSet;

use crate::grammar::{footnote, indicator};

/// Words that headings may name.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary(BTreeSet<String>);

impl Vocabulary {
    /// Of these words.
    #[must_use]
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Vocabulary {
        Vocabulary(
            words.into_iter().map(indicator::normalize_heading).filter(|form| !form.is_empty()).collect(),
        )
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text is one of them, whatever footnote marker hangs on to it.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        !self.is_empty()
            && !text.is_empty()
            && (self.0.contains(&indicator::normalize_heading(text))
                || self.0.contains(&indicator::normalize_heading(footnote::strip_markers(text))))
    }
}
