//! What is published: rows to files of each format, and files to the output folder as one set.
//!
//! A format is a file here that implements [`Format`], and a line in [`FORMATS`].

mod batch;
pub mod compare;
mod csv;
mod data_package;
mod folder;
mod format;
mod parquet;
mod set;
mod tables;

pub use batch::{Batch, coded_schema, schema};
pub(crate) use csv::print_text;
pub use data_package::find_formats;
pub use folder::{Fingerprint, Lock, Output, StagedSet, publish};
pub use format::{FileRow, FileRows, Format, Formats, TableWriter, choose_formats, find_format};
pub use set::SetWriter;
pub use tables::PublishedFile;

/// Every published format, those that a person can read first.
pub static FORMATS: &[&dyn Format] = &[&csv::Csv, &parquet::Parquet];
