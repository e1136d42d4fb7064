//! What a definition tells the finder of tables: words that headings may name, and tables that it frames.

use crate::layout::frame::Frame;
use crate::layout::vocabulary::Vocabulary;

/// What is known beforehand of the tables of a document.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    /// Words that headings may name beside periods.
    pub words: Vocabulary,
    /// Tables whose layout is said.
    pub frames: Vec<Frame>,
}

impl Guide {
    /// Whether a framed table can stand on a sheet.
    #[must_use]
    pub fn frames_sheet(&self, sheet: &str) -> bool {
        self.frames.iter().any(|frame| frame.sheets.is_empty() || frame.is_on(sheet))
    }
}
