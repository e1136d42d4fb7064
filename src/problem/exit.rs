//! How a run can end, as the number a scheduler sees, and the error that carries such a number up to `main`.

use std::fmt;

use crate::problem::Problem;

/// The exit codes users' jobs rely on. The order is that of precedence: of two ends, the later one wins.
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

    /// An error that ends the process so; `message` says what happened and what to do.
    pub fn error(self, message: impl Into<String>) -> anyhow::Error {
        ExitError::with_problems(Vec::new(), self, message)
    }

    /// How an error ends the process: as an [`ExitError`] in it says, 74 where the operating system refused something,
    /// 70 for all else, which only a mistake in bluebook can cause.
    #[must_use]
    pub fn from_error(error: &anyhow::Error) -> Exit {
        if let Some(error) = error.downcast_ref::<ExitError>() {
            return error.exit;
        }
        let io = error.chain().any(<dyn std::error::Error>::is::<std::io::Error>);
        if io { Exit::Io } else { Exit::Internal }
    }
}

/// An error that says how the process ends.
#[derive(Debug)]
pub struct ExitError {
    /// How the process ends.
    pub exit: Exit,
    /// The problems behind it, which are shown before it.
    pub problems: Vec<Problem>,
    message: String,
}

impl ExitError {
    /// An error that problems are the reason for.
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
