//! Grids to tables: titles, headers, labels, sections, notes, legends. No dataset is known here.

pub mod figures;
pub mod footnote_refs;
pub mod frame;
pub mod guide;
pub mod header;
pub mod labels;
pub mod legend;
pub mod notes;
pub mod period_path;
pub mod tables;
mod transposed;
pub mod vocabulary;
