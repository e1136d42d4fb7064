//! What an input format must do. Reading and the conformance tests follow from the list of
//! [`INPUT_FORMATS`](crate::input::INPUT_FORMATS), and know no format by name.

use encoding_rs::Encoding;

use crate::document::Body;
use crate::input::limits::Limits;

/// A format of documents.
pub trait InputFormat: Sync {
    /// What a person calls it.
    fn name(&self) -> &'static str;

    /// Whether bytes are of this format, by their content: a name can be wrong.
    fn sniff(&self, bytes: &[u8]) -> bool;

    /// Reads bytes of this format within limits.
    ///
    /// # Errors
    /// Where they are damaged, of no known encoding, or ask for more than the limits allow.
    fn read(&self, bytes: &[u8], options: &ReadOptions<'_>) -> Result<ReadBody, Fault>;
}

/// How a document is read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions<'l> {
    /// How much it may ask for.
    pub limits: &'l Limits,
    /// The encoding of a text that does not tell it.
    pub encoding: Option<&'static Encoding>,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct ReadBody {
    /// What it was read as, in words: `text, UTF-8`.
    pub description: String,
    /// What it says.
    pub body: Body,
}

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line and column where, if there is one.
    pub place: Option<(u32, u32)>,
    /// What was found.
    pub found: String,
    /// What to do.
    pub help: String,
}
