//! What a release says other than the one before. Who keeps a history tells it.

use std::collections::BTreeMap;

use crate::page::words;

/// What a release changes.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The day of the release before, as ISO 8601 writes it.
    pub since: String,
    /// How many figures stand as they stood.
    pub unchanged: usize,
    /// What does not.
    pub by_kind: BTreeMap<Kind, Vec<Change>>,
}

/// How something changed; kinds are shown in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A figure with another value or status than before.
    Revised,
    /// A figure that was missing.
    Supplied,
    /// A figure that is printed no more, or as missing.
    Withdrawn,
    /// A figure that is no longer printed on its own, and is in a residual now.
    Folded,
    /// A figure that was in a residual, and is printed on its own now.
    Listed,
    /// A table of a period of which an earlier release prints a part.
    Completed,
    /// A table that was not printed before.
    New,
}

/// A figure, or a table, that changed.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The key of the figure, or of the table's total: `TTPS/CAN/2024`; a link leads to it where it is of the release.
    pub key: String,
    /// What it is, in words: `Top Talent Pass Scheme, Canada, 2024`.
    pub name: String,
    /// What was printed before, as text; none where nothing was.
    pub before: Option<String>,
    /// What is printed now.
    pub now: Option<String>,
}

/// Changes as the template shows them.
pub struct Shown<'a> {
    pub since: &'a str,
    pub summary: String,
    /// The kinds that there are: their name, and their changes.
    pub kinds: Vec<(String, Vec<ShownChange<'a>>)>,
}

/// A change in words.
pub struct ShownChange<'a> {
    pub anchor: String,
    pub name: &'a str,
    pub words: String,
}

impl Kind {
    /// So many of it, in words.
    fn count(self, changes: usize) -> String {
        let number = words::whole(changes);
        match self {
            Kind::Revised => format!("{number} revised"),
            Kind::Supplied => format!("{number} supplied"),
            Kind::Withdrawn => format!("{number} withdrawn"),
            Kind::Folded => format!("{number} folded into a residual"),
            Kind::Listed => format!("{number} listed on their own"),
            Kind::Completed => format!("{} completed", words::count(changes, "part")),
            Kind::New => words::count(changes, "new table"),
        }
    }
}

impl<'a> Shown<'a> {
    pub fn new(changes: &'a Changes) -> Shown<'a> {
        let shown = |(kind, all): (&Kind, &'a Vec<Change>)| {
            (kind.count(all.len()), all.iter().map(ShownChange::new).collect())
        };
        let kinds: Vec<(String, Vec<_>)> = changes.by_kind.iter().map(shown).collect();
        let names = kinds.iter().map(|(name, _)| name.clone());
        let unchanged = format!("{} unchanged", words::count(changes.unchanged, "figure"));
        let summary = names.chain([unchanged]).collect::<Vec<_>>().join(", ");
        Shown { since: &changes.since, summary, kinds }
    }
}

impl<'a> ShownChange<'a> {
    fn new(change: &'a Change) -> ShownChange<'a> {
        let said = match (&change.before, &change.now) {
            (Some(before), Some(now)) => format!("{before} → {now}"),
            (Some(before), None) => format!("was {before}"),
            (None, Some(now)) => now.clone(),
            (None, None) => String::new(),
        };
        let anchor = if change.now.is_some() { words::anchor(&change.key) } else { String::new() };
        ShownChange { anchor, name: &change.name, words: said }
    }
}
