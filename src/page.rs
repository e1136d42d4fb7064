//! The page of a dataset, `index.html`: what its newest release says, how far that is proven, and what it was made from, for a
//! person with a browser and nothing else.
//!
//! It is one file without scripts that asks for nothing, so that it can be opened from a folder, an archive or an e-mail, and
//! says the same in ten years. Its text comes from documents, so every text is escaped where the templates put it: askama
//! escapes all but what [`chart::Svg`] draws, which escapes its own. Every figure of the release stands under its key
//! (`#TTPS/CAN/2024`).
//!
//! No chart crate is used: charts are to take the colours of the page's theme, to say their figures in words, and to be the
//! same bytes on any machine.

mod bounds;
mod cells;
mod changes;
mod chart;
mod columns;
mod exceptions;
mod making;
mod newest;
mod notes;
mod order;
mod proof;
mod rows;
mod section;
mod table;
mod totals;
mod trouble;
mod verdict;
mod words;

use anyhow::{Context, Result};
use askama::Template;

use crate::dataset::Definition;
use crate::problem::Problem;
use crate::summary::About;
pub use changes::{Change, Changes, Kind};
pub use making::DataFile;
pub use newest::Newest;

/// Its name in a set.
pub const FILE_NAME: &str = "index.html";

/// All that a page is made from.
pub struct Page<'a> {
    /// The dataset.
    pub definition: &'a Definition,
    /// What was read.
    pub about: &'a About<'a>,
    /// The rows of the newest release.
    pub newest: &'a Newest,
    /// What was found wrong. Its places have paths, so a page with problems is not for a set.
    pub problems: &'a [Problem],
    /// The files beside the page.
    pub files: &'a [DataFile],
    /// What the newest release changes; none where no other is known.
    pub changes: Option<&'a Changes>,
}

/// What the template of the whole page shows.
#[derive(Template)]
#[template(path = "page.html")]
struct Document<'a> {
    definition: &'a Definition,
    release: Option<String>,
    before: Option<String>,
    verdict: verdict::Verdict,
    trouble: Vec<trouble::Trouble<'a>>,
    changes: Option<changes::Shown<'a>>,
    bounds: Option<bounds::Bounds>,
    totals: Vec<totals::Multiple>,
    sections: Vec<section::Section>,
    exceptions: Vec<exceptions::Exception>,
    making: making::Making<'a>,
}

impl Document<'_> {
    /// Which release it is, and which came before.
    fn tell_release(&self) -> String {
        let release = self.release.as_deref().unwrap_or("of no date");
        let before = self.before.as_ref().map(|before| format!("; the one before is of {before}"));
        format!("Release {release}{}.", before.unwrap_or_default())
    }
}

impl Page<'_> {
    /// The page as HTML.
    ///
    /// # Errors
    /// Where the rows lack a column, which only a mistake in bluebook can cause.
    pub fn render(&self) -> Result<String> {
        let rows = rows::Rows::read(self.newest, self.definition)?;
        let release = self.newest.release().or_else(|| self.about.releases.last().cloned());
        let trouble = trouble::show(self.problems);
        let before = self.about.releases.iter().rev().find(|of| Some(*of) < release.as_ref());
        let notes = notes::Notes::new(&rows, &trouble);
        let document = Document {
            definition: self.definition,
            before: before.cloned(),
            verdict: verdict::Verdict::new(&rows, self.problems),
            changes: self.changes.map(changes::Shown::new),
            bounds: bounds::Bounds::read(self.newest, self.definition)?,
            totals: totals::draw(&rows, self.definition),
            sections: section::part(&rows, &notes, self.definition),
            exceptions: exceptions::in_force(self.definition, release.as_deref()),
            making: making::Making::new(self, release.as_deref()),
            release,
            trouble,
        };
        document.render().context("cannot write the page")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset;
    use crate::summary::Summary;

    fn render(changes: Option<&Changes>) -> String {
        let definition = dataset::built_in().unwrap().remove(0);
        let (summary, newest) = (Summary::default(), Newest::default());
        let about = &summary.about(&definition);
        let page =
            Page { definition: &definition, about, newest: &newest, problems: &[], files: &[], changes };
        page.render().unwrap()
    }

    #[track_caller]
    fn says(page: &str, words: &[&str]) {
        for word in words {
            assert!(page.contains(word), "{word:?} is not in\n{page}");
        }
    }

    fn change(name: &str, before: Option<&str>, now: Option<&str>) -> Change {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Change { key: "S/CAN/2024".into(), name: name.into(), before: text(before), now: text(now) }
    }

    #[test]
    fn what_changed_is_shown_by_kind() {
        let by_kind = [
            (Kind::New, change("Singapore, 2026-S1", None, Some("15 930"))),
            (Kind::Completed, change("All, 2025, completes 2025-S1", Some("14 920"), Some("31 508"))),
            (Kind::Folded, change("Singapore, 2025", Some("118"), None)),
            (Kind::Listed, change("Australia, 2025", None, Some("191"))),
            (Kind::Revised, change("<Canada>, 2024", Some("391"), Some("393"))),
        ];
        let changes = Changes {
            since: "2025-12-31".into(),
            unchanged: 1200,
            by_kind: by_kind.map(|(kind, change)| (kind, vec![change])).into(),
        };
        let page = render(Some(&changes));
        says(
            &page,
            &[
                "What changed since 2025-12-31</h2>",
                "1 revised, 1 folded into a residual, 1 listed on their own, 1 part completed, 1 new table, 1 200 figures unchanged.",
                "<a href=\"#S/CAN/2024\">&#60;Canada&#62;, 2024</a>: <span class=\"n\">391 → 393</span>",
                "<li>Singapore, 2025: <span class=\"n\">was 118</span>",
                "Australia, 2025</a>: <span class=\"n\">191</span>",
                "All, 2025, completes 2025-S1</a>: <span class=\"n\">14 920 → 31 508</span>",
                "Singapore, 2026-S1</a>: <span class=\"n\">15 930</span>",
            ],
        );
        assert!(!page.contains("withdrawn"));
        assert!(!render(None).contains("What changed"));
    }
}
