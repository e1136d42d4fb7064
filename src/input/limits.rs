//! What a workbook may ask for: a small file can unfold to any size, so all that is asked for has a bound, which is held
//! before memory is taken, and which a person can raise.

use std::path::PathBuf;
use std::str::FromStr;

/// Something that is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The parts of an archive.
    Parts,
    /// The megabytes that all parts unfold to.
    Inflated,
    /// How many times larger than packed a part is once it is unfolded.
    Ratio,
    /// The cells of a workbook that hold something, and the empty ones between them.
    Cells,
    /// The shared texts of a workbook.
    Texts,
    /// The merged areas of a workbook.
    Merges,
    /// The megabytes of memory of a worker. What it begins with, some 32, is its own whatever the limit.
    Memory,
    /// The seconds that a worker has for a document.
    Seconds,
}

/// The bounds: name, default, and what it bounds. A sheet of a million figures has 40 MB of XML, 20 times what is packed.
const BOUNDS: [(Bound, &str, u64, &str); 8] = [
    (Bound::Parts, "parts", 10_000, "parts of an archive"),
    (Bound::Inflated, "inflated", 128, "megabytes that they unfold to"),
    (Bound::Ratio, "ratio", 200, "times that a part is larger once it is unfolded"),
    (Bound::Cells, "cells", 2_000_000, "cells of a workbook, with the empty ones between them"),
    (Bound::Texts, "texts", 1_000_000, "shared texts of a workbook"),
    (Bound::Merges, "merges", 20_000, "merged areas of a workbook"),
    (Bound::Memory, "memory", 400, "megabytes of memory of a worker, which begins with some 32"),
    (Bound::Seconds, "seconds", 10, "seconds of a worker for a document"),
];

/// The bytes of a megabyte.
pub(crate) const MEGABYTE: u64 = 1 << 20;

/// How much a workbook may ask for, and who reads the formats that can only be read whole.
#[derive(Clone, Debug)]
pub struct Limits {
    values: [u64; BOUNDS.len()],
    /// Who reads `.xls`, `.xlsb` and `.ods`.
    pub reader: Reader,
}

/// Who reads the formats that can only be read whole: `.xls`, `.xlsb`, `.ods`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    /// A worker: this very program, which must be bluebook, as a process of its own. A program that uses the library names
    /// [`Reader::Program`] instead.
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
    /// What is bounded.
    pub bound: Bound,
    /// By how much.
    pub value: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { values: BOUNDS.map(|(_, _, value, _)| value), reader: Reader::default() }
    }
}

impl Limits {
    /// A limit, in the unit of its bound.
    #[must_use]
    pub fn of(&self, bound: Bound) -> u64 {
        self.values[bound as usize]
    }

    /// A limit of megabytes, in bytes.
    #[must_use]
    pub fn bytes(&self, bound: Bound) -> u64 {
        self.of(bound).saturating_mul(MEGABYTE)
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
        Limit { bound, value: self.of(bound) }
    }

    /// All limits, as a person would set them.
    pub fn all(&self) -> impl Iterator<Item = Limit> + '_ {
        BOUNDS.iter().map(|(bound, ..)| self.limit(*bound))
    }
}

impl Bound {
    /// Its name where it is set.
    #[must_use]
    pub fn name(self) -> &'static str {
        BOUNDS[self as usize].1
    }
}

/// The bounds as a manual tells them, one a line.
#[must_use]
pub fn manual() -> String {
    let line =
        |(_, name, value, meaning): &(Bound, &str, u64, &str)| format!("    {name}={value}  {meaning}\n");
    BOUNDS.iter().map(line).collect()
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Limit, String> {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let bound = BOUNDS.iter().find(|(_, own, ..)| *own == name.trim());
        let value = value.trim().parse().ok().filter(|value| *value > 0);
        match (bound, value) {
            (Some((bound, ..)), Some(value)) => Ok(Limit { bound: *bound, value }),
            (Some((_, name, default, _)), None) => {
                Err(format!("a whole number above 0 was expected, as {name}={default}"))
            }
            (None, _) => {
                let names = BOUNDS.map(|(_, name, ..)| name).join(", ");
                Err(format!("no limit has this name; they are {names}"))
            }
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.bound.name(), self.value)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_stands_at_its_place() {
        for (at, (bound, ..)) in BOUNDS.iter().enumerate() {
            assert_eq!(*bound as usize, at);
        }
    }

    #[test]
    fn limits_are_set_by_name() {
        let limit: Limit = "cells=3000000".parse().unwrap();
        let limits = Limits::default().with(limit);
        assert_eq!((limits.of(Bound::Cells), limits.of(Bound::Merges)), (3_000_000, 20_000));
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
