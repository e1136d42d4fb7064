//! What a release says other than the one before. Who keeps a history tells it.

use crate::page::words;

/// What a release changes.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The day of the release before, as ISO 8601 writes it.
    pub since: String,
    /// How many figures stand as they stood.
    pub unchanged: usize,
    /// Figures with another value than before.
    pub revised: Vec<Change>,
    /// Figures that are no longer printed on their own, and are in a residual now.
    pub folded: Vec<Change>,
    /// Figures that were in a residual, and are printed on their own now.
    pub listed: Vec<Change>,
    /// Parts of years whose whole is printed now.
    pub completed: Vec<Change>,
    /// What was not printed before: tables, or figures.
    pub new: Vec<Change>,
}

/// A figure, or a table, that changed.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Its key: `TTPS/CAN/2024`; a link leads to it where it is a figure of the release.
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

impl<'a> Shown<'a> {
    pub fn new(changes: &'a Changes) -> Shown<'a> {
        let kinds = [
            ("revised", &changes.revised),
            ("folded into a residual", &changes.folded),
            ("listed on their own", &changes.listed),
            ("completed", &changes.completed),
            ("new", &changes.new),
        ];
        let kinds = kinds.into_iter().filter(|(_, changes)| !changes.is_empty());
        let kinds: Vec<_> = kinds
            .map(|(kind, all)| {
                (format!("{} {kind}", words::whole(all.len())), all.iter().map(ShownChange::new).collect())
            })
            .collect();
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
