//! What a run is asked for, and what it found.

use encoding_rs::Encoding;

use crate::dataset::Definition;
use crate::history::History;
use crate::input::SourceFile;
use crate::input::limits::Limits;
use crate::layout_lock::DocumentLayout;
use crate::problem::Problem;
use crate::summary::Summary;

/// What a run is to read, and how.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // each is a question of its own
pub struct RunConfig {
    /// The documents.
    pub sources: Vec<SourceFile>,
    /// The definitions a document may belong to; a single one that the user chose takes every document.
    pub definitions: Vec<Definition>,
    /// Whether the user chose the definition.
    pub is_chosen: bool,
    /// What texts without a byte order mark are encoded in, where the user names it.
    pub encoding: Option<&'static Encoding>,
    /// How much a workbook may ask for.
    pub limits: Limits,
    /// How many batches are worked on at once.
    pub threads: usize,
    /// Whether it is kept how each document is laid out.
    pub keeps_layouts: bool,
    /// Whether rows are handed over though there are problems: for who shows them, and publishes none.
    pub shows_unsound: bool,
    /// Whether the history is kept of a single release, too.
    pub keeps_history: bool,
    /// Whether these are all documents that the definitions are made for.
    pub coverage: Coverage,
}

/// How much of a dataset's documents is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coverage {
    /// All of them: what none of them needs is unused.
    #[default]
    Whole,
    /// Some: others may need what these do not.
    Part,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct RunResult {
    /// For each definition, what its documents gave.
    pub summaries: Vec<Summary>,
    /// For each definition, how its documents are laid out, where that was to be kept.
    pub layouts: Vec<Vec<DocumentLayout>>,
    /// For each definition, what stood over its releases, where there are several or it was to be kept.
    pub histories: Vec<Option<History>>,
    /// All problems, in the order of the documents.
    pub problems: Vec<Problem>,
}

impl RunResult {
    /// Nothing yet, for so many definitions.
    #[must_use]
    pub fn new(definitions: usize) -> RunResult {
        RunResult {
            summaries: vec![Summary::default(); definitions],
            layouts: vec![Vec::new(); definitions],
            histories: (0..definitions).map(|_| None).collect(),
            problems: Vec::new(),
        }
    }
}
