//! Why a workbook cannot be read, and what to do about it.

use std::fmt::Display;

use crate::grammar::number::format_number;
use crate::input::limits::{Bound, Limit};

/// Why a workbook cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What was found.
    pub found: String,
    /// What to do.
    pub help: String,
}

impl Unreadable {
    /// A workbook whose parts cannot be understood.
    pub(crate) fn damaged(error: &impl Display) -> Unreadable {
        Unreadable {
            found: format!("the workbook is damaged: {error}"),
            help: "open it in a spreadsheet program, and save it again".into(),
        }
    }

    /// A workbook that nobody makes by accident.
    pub(crate) fn hostile(found: impl Display) -> Unreadable {
        Unreadable {
            found: format!("the workbook is not safe to read: {found}"),
            help: "ask its publisher for another; a spreadsheet program may save it in a sound way".into(),
        }
    }

    /// A workbook that needs a password.
    pub(crate) fn encrypted() -> Unreadable {
        Unreadable {
            found: "the workbook is encrypted".into(),
            help: "open it with its password, and save it without one".into(),
        }
    }

    /// An archive of something else.
    pub(crate) fn archive() -> Unreadable {
        Unreadable {
            found: "a zip archive that holds no workbook".into(),
            help: "unpack it, and name the documents in it".into(),
        }
    }

    /// A workbook that asks for more than a limit allows; `what` is bounded: `cells`, `megabytes of parts`.
    pub(crate) fn beyond(what: &str, limit: Limit) -> Unreadable {
        let Limit { bound, value } = limit;
        Unreadable {
            found: format!("the workbook has more than {} {what}, which is the limit", group_digits(value)),
            help: raise(bound, value),
        }
    }
}

/// How a limit is raised.
pub(crate) fn raise(bound: Bound, value: u64) -> String {
    let twice = Limit { bound, value: value.saturating_mul(2) };
    format!("where the document is to be trusted, raise the limit: `--limit {twice}`")
}

/// `2 000 000`.
pub(crate) fn group_digits(value: u64) -> String {
    format_number(i64::try_from(value).unwrap_or(i64::MAX), 0)
}
