//! Exit codes, and the error that carries one up to `main`.

use std::fmt;

use crate::problem::Problem;

/// An exit code that users' jobs rely on. They are in order of precedence: of two, the later one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done, whether or not anything changed.
    Done = 0,
    /// The data has problems; all of them were listed.
    Problems = 1,
    /// The result would differ from what was locked or is published. Asked only where the data has no problems.
    Frozen = 3,
    /// A document cannot be read at all.
    Unreadable = 65,
    /// No input.
    NoInput = 66,
    /// A fault in bluebook itself.
    Internal = 70,
    /// Reading or writing failed.
    Io = 74,
    /// Another run holds the output.
    Busy = 75,
    /// A definition or a setting is wrong.
    Config = 78,
    /// Stopped by SIGINT.
    Interrupted = 130,
    /// Stopped by SIGTERM.
    Terminated = 143,
}

impl Exit {
    /// The number a process returns.
    #[must_use]
    pub fn code(self) -> i32 {
        self as i32
    }

    /// Makes an error that ends the process with this code; `message` says what happened and what to do.
    pub fn error(self, message: impl Into<String>) -> anyhow::Error {
        ExitError::with_problems(Vec::new(), self, message)
    }

    /// The exit code of an error: that of an [`ExitError`], 74 for an I/O error, and 70 for anything else, which only a
    /// fault in bluebook itself can cause.
    #[must_use]
    pub fn from_error(error: &anyhow::Error) -> Exit {
        if let Some(error) = error.downcast_ref::<ExitError>() {
            return error.exit;
        }
        let io = error.chain().any(<dyn std::error::Error>::is::<std::io::Error>);
        if io { Exit::Io } else { Exit::Internal }
    }
}

/// An error with the exit code that it leads to.
#[derive(Debug)]
pub struct ExitError {
    /// The exit code of the process.
    pub exit: Exit,
    /// The problems that caused it, which are printed before it.
    pub problems: Vec<Problem>,
    message: String,
}

impl ExitError {
    /// Makes an error that is caused by problems.
    pub fn with_problems(problems: Vec<Problem>, exit: Exit, message: impl Into<String>) -> anyhow::Error {
        anyhow::Error::new(ExitError { exit, problems, message: message.into() })
    }
}

impl fmt::Display for ExitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExitError {}
