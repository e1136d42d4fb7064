//! Whether the cells of a header row are what a definition says of it.

use crate::document::Cell;
use crate::grammar::footnote;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::heading as time;
use crate::layout::figures::is_number;
use crate::layout::frame::Level;
use crate::layout::header::read;
use crate::layout::period_path;
use crate::layout::tables::is_total;
use crate::regions;

impl Level {
    /// Whether most cells that are printed are what it says.
    pub(super) fn fits(&self, cells: &[Cell<'_>]) -> bool {
        let printed = cells.iter().filter(|cell| !cell.text.is_empty()).count();
        self.is_any || printed > 0 && cells.iter().filter(|cell| self.knows(cell)).count() * 2 > printed
    }

    pub(super) fn knows(&self, cell: &Cell<'_>) -> bool {
        let text = cell.text.as_ref();
        !text.is_empty()
            && (self.is_any
                || self.words.contains(text)
                || self.is_period && can_be_time(text)
                || self.is_region && regions::resolve(footnote::strip_markers(text)).is_some()
                || Indicator::parse(text).is_some())
    }
}

/// Whether a text can be a part of a period: words of time, or `Total`.
pub(super) fn can_be_time(text: &str) -> bool {
    let plain = period_path::without_total(footnote::strip_markers(text));
    let is_figure = is_number(plain) && read(plain).is_none();
    !is_figure && !text.is_empty() && names_time(plain, text)
}

fn names_time(plain: &str, text: &str) -> bool {
    plain.is_empty() || read(plain).is_some() || time::mentions_time(plain) || is_total(text)
}
