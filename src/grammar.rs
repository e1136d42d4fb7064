//! The grammar of printed texts: numbers, status flags, footnote markers, periods, words for indicators. A text becomes a
//! value; no dataset is known here.

pub mod footnote;
pub mod indicator;
pub mod mark;
pub mod number;
pub mod period;
pub mod stored;
