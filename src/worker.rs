//! Documents that are read in a process of their own, which a hostile one can only end: its memory, its time and what it
//! prints are bounded. It has no side effects and knows no files: documents come in as an Arrow IPC stream, and frames go
//! out as such, so that it serves as well where an engine runs it on other machines.
//!
//! In: a stream of the columns `name` (text) and `content` (binary), a document a row, in any of Arrow's layouts; the metadata
//! of its schema are the settings: `limits` (`cells=2000000,memory=400`), and `frames`, which says what is wanted.
//!
//! Out: some streams, one after the other; `frame` in the metadata of their schemas says what each is:
//! - `frames = cells`, or nothing: for each document, whose number from 0 is `document`, `sheets`, `cells`, `texts`, `merges`,
//!   or `problems`;
//! - `frames = observations`: all documents of the stream together, as a run publishes them: the tables of each `dataset`, some
//!   rows at a time, then `problems`. A release with a problem is left out, the others are given. The setting `dataset` names
//!   a built-in definition, `definition` holds the text of one; without either, a document's titles choose. `text = plain` asks
//!   for plain text in place of dictionaries.
//!
//! Limits hold for a document: whatever one of them does, the others are read.

mod group;
mod serve;
mod supervise;

pub use serve::{count_memory, end_with_caller, serve};
pub use supervise::supervise;
