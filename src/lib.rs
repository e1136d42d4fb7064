//! bluebook turns published statistical tables, text or workbooks, into verified, analysis-ready frames and files.
//!
//! The flow is pure between its two ends:
//!
//! ```text
//! file ─read→ Document ─tables→ Table… ─observations→ frame ─transform→ frame ─encode→ bytes ─publish→ output/
//! ```

pub mod cli;
pub mod columns;
pub mod dataset;
pub mod document;
pub mod exit;
pub mod extract;
pub mod input;
pub mod load;
pub mod pipeline;
pub mod problem;
pub mod regions;
pub mod side_by_side;
pub mod summary;
pub mod transform;
