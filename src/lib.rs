//! bluebook turns published statistical tables, text or workbooks, into verified, analysis-ready frames and files.
//!
//! The flow is pure between its two ends:
//!
//! ```text
//! file ─read→ Content ─document→ Document ─tables→ Layout ─collect→ Raw ─transform→ Star ─encode→ bytes ─publish→ output/
//! ```
//!
//! A document's tables, found by their content:
//!
//! ```
//! use bluebook::extract::observations::layouts;
//! use bluebook::input;
//!
//! let text = b"Top Talent Pass Scheme\n\nRegion\t2023\t2024\nCanada\t549\t393\nTotal\t549\t393\n";
//! let content = input::read("annex.txt", text, None).expect("this is UTF-8");
//! let document = input::document(&content);
//! let tables = &layouts(&document)[0].tables;
//! assert_eq!(tables[0].header.headings[1].label, "2024");
//! assert_eq!(tables[0].body.len(), 2);
//! ```
//!
//! Its figures as a polars frame, and what is published of them:
//!
//! ```
//! use bluebook::dataset;
//! use bluebook::extract::observations::{Collector, Titles, layouts};
//! use bluebook::input;
//! use bluebook::transform::{Context, Ledger, transform};
//!
//! # fn main() -> anyhow::Result<()> {
//! # let text = b"Top Talent Pass Scheme\n\nRegion\t2023\t2024\nCanada\t549\t393\nTotal\t549\t393\n";
//! # let content = input::read("annex.txt", text, None).expect("this is UTF-8");
//! let documents = [input::document(&content)];
//! let definition = dataset::find("hk-talent-admissions")?.expect("a sound definition");
//! let mut collector = Collector::default();
//! let tables = layouts(&documents[0]);
//! let titles = Titles::of(&documents[0], &tables, &definition);
//! let extracted = collector.read(&documents[0], 0, &tables, &titles, &definition);
//! assert!(extracted.problems.is_empty());
//!
//! let context = Context { definition: &definition, documents: &documents, releases: &[None], damaged: &Default::default() };
//! let (transformed, problems) = transform(collector.finish()?, context, &mut Ledger::default())?;
//! assert!(problems.is_empty());
//! let observations = transformed.observations.whole(context)?.decoded()?;
//! assert_eq!(observations.height(), 4);
//! assert_eq!(observations.column("change_absolute")?.i64()?.get(1), Some(393 - 549));
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
pub mod extract;
pub mod folder;
pub mod grammar;
pub mod input;
pub mod layout;
pub mod layout_lock;
pub mod load;
pub mod parallel;
pub mod ping;
pub mod pipeline;
pub mod position;
pub mod problem;
pub mod regions;
pub mod report;
pub mod run;
pub(crate) mod signals;
pub mod summary;
pub mod text;
pub mod transform;
pub mod worker;
