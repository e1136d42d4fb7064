//! Progress, on a terminal only, and only where there is more than a moment to wait.

use std::fmt::Write;
use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::cli::Manner;

/// Below this many documents a run is over before a bar could be read.
const WORTH_SHOWING: usize = 200;

/// A bar that counts documents; hidden where nobody looks.
pub fn bar(documents: usize, manner: Manner) -> ProgressBar {
    if manner.quiet || documents < WORTH_SHOWING || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} documents, {rate}/s, {eta} left");
    let bar = ProgressBar::new(documents as u64);
    let style = style.map(|style| {
        style.with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{:.0}", state.per_sec());
        })
    });
    style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}
