//! The grammar of printed texts: numbers, status flags, footnote markers, periods, headings of indicators. A text becomes
//! a value; nothing here knows a dataset.

pub mod footnote;
pub mod indicator;
pub mod number;
pub mod period;
pub mod spreadsheet;
pub mod status_flag;
