//! What is published: rows to files of each format, and files to the output folder as one set.
//!
//! A format is a file here that implements [`Format`], and a line in [`FORMATS`].

mod arrow_streams;
mod batch;
pub mod compare;
mod csv;
mod data_package;
mod data_version;
mod folder;
mod format;
mod late_releases;
mod parquet;
mod pointer;
mod published_package;
mod published_set;
mod read_releases;
mod set;
mod tables;

pub use arrow_streams::{ArrowStreams, to_plain};
pub use batch::{Batch, coded_schema, schema};
pub use csv::format_lines;
pub(crate) use csv::print_text;
pub use data_package::{FILE_NAME, find_options, find_package};
pub use folder::{Fingerprint, Lock, Output, StagedSet, Staging, lock_for_reading, publish};
pub use format::{FileRow, FileRows, Format, Formats, TableWriter, choose_formats, find_format};
pub use late_releases::{LateRelease, find_late_releases};
pub use parquet::{format_cells, read_batches};
pub use pointer::{POINTER, PointedFile, Pointer, resolve_set};
pub use published_package::{PublishedPackage, PublishedResource};
pub use published_set::{PublishedSet, find_sets};
pub use read_releases::{keep_releases, read_releases};
pub use set::{SetOptions, SetWriter};
pub use tables::PublishedFile;

/// Every published format, those that a person can read first.
pub static FORMATS: &[&dyn Format] = &[&csv::Csv, &parquet::Parquet];
