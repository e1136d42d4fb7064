//! Documents that are read in a process of their own, which a hostile one can only end: its memory, its time and what it
//! prints are bounded. It has no side effects and knows no files: documents come in as an Arrow IPC stream, and frames go
//! out as such, so that it serves as well where an engine runs it on other machines.
//!
//! In: a stream of the columns `name` (UTF-8) and `content` (binary), a document a row; the metadata of its schema are the
//! settings: `limits` (`cells=2000000,memory=400`), and `frames`, which says what is wanted.
//!
//! Out: for each document some streams, one after the other; `document` (from 0) and `frame` in the metadata of their
//! schemas say what each is:
//! - `frames = cells`, or nothing: `sheets`, `cells`, `texts`, `merges`, or `problems`;
//! - `frames = observations`: `observations`, `checks`, `notes` as they are published, and `problems`. The setting `dataset`
//!   names a built-in definition, `definition` holds the text of one; without either, a document's titles choose.

//!
//! Limits hold for a document: whatever one of them does, the others are read.

mod observations;
mod serve;
mod supervise;

pub use serve::{count_memory, end_with_caller, serve};
pub use supervise::supervise;
