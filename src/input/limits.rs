//! What a workbook may ask for: a small file can unfold to any size, so all that is asked for has a limit, which is checked
//! before memory is taken, and which a person can raise.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use strum::{EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// Something that is limited. Its name is the variant's in lower case; the manual takes its text from its documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumMessage, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Bound {
    /// parts of an archive
    Parts,
    /// megabytes that they unfold to
    Inflated,
    /// times that a part is larger once it is unfolded
    Ratio,
    /// cells of a workbook, with the empty ones between them, or of a text
    Cells,
    /// shared texts of a workbook
    Texts,
    /// merged areas of a workbook
    Merges,
    /// megabytes of memory of a worker, which begins with some 32
    Memory,
    /// seconds of a worker for a document
    Seconds,
}

/// The bytes of a megabyte.
pub(crate) const MEGABYTE: u64 = 1 << 20;

/// How much a workbook may ask for, and who reads the legacy formats, which can only be read whole.
#[derive(Clone, Debug)]
pub struct Limits {
    values: [u64; Bound::VARIANTS.len()],
    /// Who reads `.xls`, `.xlsb` and `.ods`.
    pub legacy_reader: LegacyReader,
}

/// Who reads the formats that can only be read whole: `.xls`, `.xlsb`, `.ods`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LegacyReader {
    /// A worker: this very program, which must be bluebook, as a process of its own. A program that uses the library names
    /// [`LegacyReader::Program`] instead.
    #[default]
    Own,
    /// A worker: the program `bluebook` at this path.
    Program(PathBuf),
    /// This process, which a hostile document can then end. For processes that are bounded themselves.
    Here,
}

/// One limit as a person sets it: `cells=3000000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is limited.
    pub bound: Bound,
    /// To how much.
    pub value: u64,
}

impl Bound {
    /// Its name where it is set.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// A sheet of a million figures has 40 MB of XML, 20 times what is packed.
    fn default_value(self) -> u64 {
        match self {
            Bound::Parts => 10_000,
            Bound::Inflated => 128,
            Bound::Ratio => 200,
            Bound::Cells => 2_000_000,
            Bound::Texts => 1_000_000,
            Bound::Merges => 20_000,
            Bound::Memory => 400,
            Bound::Seconds => 10,
        }
    }

    fn default_limit(self) -> Limit {
        Limit { bound: self, value: self.default_value() }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        let mut limits =
            Limits { values: [0; Bound::VARIANTS.len()], legacy_reader: LegacyReader::default() };
        for bound in Bound::VARIANTS {
            limits = limits.with(bound.default_limit());
        }
        limits
    }
}

impl Limits {
    /// A limit, in the unit of its bound.
    #[must_use]
    pub fn get(&self, bound: Bound) -> u64 {
        self.values[bound as usize]
    }

    /// A limit of megabytes, in bytes.
    #[must_use]
    pub fn bytes(&self, bound: Bound) -> u64 {
        self.get(bound).saturating_mul(MEGABYTE)
    }

    /// The same limits but for one.
    #[must_use]
    pub fn with(mut self, limit: Limit) -> Limits {
        self.values[limit.bound as usize] = limit.value;
        self
    }

    /// A limit with its name.
    #[must_use]
    pub fn limit(&self, bound: Bound) -> Limit {
        Limit { bound, value: self.get(bound) }
    }

    /// All limits, as a person would set them.
    pub fn all(&self) -> impl Iterator<Item = Limit> + '_ {
        Bound::VARIANTS.iter().map(|bound| self.limit(*bound))
    }
}

/// The limits as the manual tells them, one a line.
#[must_use]
pub fn manual() -> String {
    let line = |bound: &Bound| {
        let meaning = bound.get_documentation().unwrap_or_default();
        format!("    {}  {meaning}\n", bound.default_limit())
    };
    Bound::VARIANTS.iter().map(line).collect()
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Limit, String> {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let Ok(bound) = name.trim().parse::<Bound>() else {
            let names: Vec<&str> = Bound::VARIANTS.iter().map(|bound| bound.name()).collect();
            return Err(format!("no limit has this name; they are {}", names.join(", ")));
        };
        match value.trim().parse() {
            Ok(value) if value > 0 => Ok(Limit { bound, value }),
            _ => Err(format!("a whole number above 0 was expected, as {}", bound.default_limit())),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.bound.name(), self.value)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_set_by_name() {
        let limit: Limit = "cells=3000000".parse().unwrap();
        let limits = Limits::default().with(limit);
        assert_eq!((limits.get(Bound::Cells), limits.get(Bound::Merges)), (3_000_000, 20_000));
        let again: Vec<Limit> = limits.all().map(|limit| limit.to_string().parse().unwrap()).collect();
        assert_eq!(again, limits.all().collect::<Vec<_>>());
    }

    #[test]
    fn what_is_no_limit_is_told() {
        for (text, says) in
            [("rows=3", "no limit has this name"), ("cells", "as cells=2000000"), ("cells=0", "above 0")]
        {
            assert!(text.parse::<Limit>().unwrap_err().contains(says), "{text}");
        }
    }
}
