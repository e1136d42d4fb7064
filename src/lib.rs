//! bluebook turns published statistical tables, text or workbooks, into verified, analysis-ready frames and files.
//!
//! The flow is pure between its two ends:
//!
//! ```text
//! input → Document → layout → tables → extract → raw frame → transform, checks → load → output/
//! ```
//!
//! A document's tables, found by their content:
//!
//! ```
//! use bluebook::extract::find_layouts;
//! use bluebook::input;
//! use bluebook::layout::guide::Guide;
//!
//! let text = b"Top Talent Pass Scheme\n\nRegion\t2023\t2024\nCanada\t549\t393\nTotal\t549\t393\n";
//! let content = input::read("annex.txt", text, None).expect("this is UTF-8");
//! let document = input::document(&content);
//! let tables = &find_layouts(&document, &Guide::default())[0].tables;
//! assert_eq!(tables[0].header.headings[1].label, "2024");
//! assert_eq!(tables[0].body.len(), 2);
//! ```
//!
//! What is published of a document, as Arrow record batches:
//!
//! ```
//! use bluebook::dataset;
//! use bluebook::input::limits::Limits;
//! use bluebook::pipeline::process_document;
//! use bluebook::run::RunConfig;
//!
//! # fn main() -> anyhow::Result<()> {
//! let text = std::fs::read("input/hk-talent-admissions-2026-02.txt")?;
//! let definition = dataset::find("hk-talent-admissions")?.expect("a sound definition");
//! let config = RunConfig {
//!     sources: Vec::new(),
//!     definitions: vec![definition],
//!     is_chosen: true,
//!     encoding: None,
//!     limits: Limits::default(),
//!     threads: 1,
//!     ..RunConfig::default()
//! };
//! let (batches, problems) = process_document("annex.txt", &text, &config)?;
//! assert!(problems.is_empty());
//! let observations = batches[0].rows("observations").expect("every dataset has them");
//! assert_eq!(observations.num_rows(), 228);
//! # Ok(())
//! # }
//! ```

pub mod checks;
pub mod cli;
pub mod column_recovery;
pub mod columns;
pub mod dataset;
pub(crate) mod diagnosis;
pub mod document;
pub mod draft;
pub mod extract;
pub mod folder;
pub mod grammar;
pub mod history;
pub mod input;
pub mod layout;
pub mod layout_lock;
pub mod load;
pub mod loaders;
pub mod normalize;
pub mod page;
pub mod parallel;
pub mod ping;
pub mod pipeline;
pub mod position;
pub mod problem;
pub mod regions;
pub mod report;
pub mod run;
pub(crate) mod signals;
pub mod sound_releases;
pub mod sql;
pub mod summary;
pub mod text;
pub mod transform;
pub mod worker;
