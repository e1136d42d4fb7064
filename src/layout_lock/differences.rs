//! How what a run was made from differs from what was locked: the most telling first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use crate::layout_lock::{DocumentLayout, LockedDataset, Lockfile, TableLayout};
use crate::problem::sanitize;
use crate::text::format_count;

/// Something that is not as it was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutDifference {
    telling: Telling,
    /// The document or the dataset.
    place: String,
    what: String,
}

/// How much a difference tells, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Telling {
    Layout,
    Documents,
    Codes,
    Definition,
    Bytes,
}

impl fmt::Display for LayoutDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", sanitize(&self.place), self.what)
    }
}

/// All that is not as it was locked, the most telling first.
#[must_use]
pub fn differences(locked: &Lockfile, now: &Lockfile) -> Vec<LayoutDifference> {
    let mut found = Found::default();
    let old: BTreeMap<&str, &LockedDataset> =
        locked.datasets.iter().map(|of| (of.name.as_str(), of)).collect();
    let new: BTreeMap<&str, &LockedDataset> = now.datasets.iter().map(|of| (of.name.as_str(), of)).collect();
    for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        match (old.get(name), new.get(name)) {
            (Some(was), Some(is)) => found.dataset(was, is),
            (None, _) => found.add(Telling::Documents, name, "a new dataset".into()),
            (_, None) => found.add(Telling::Documents, name, "no document of this dataset is there".into()),
        }
    }
    found.0.sort_by_key(|difference| difference.telling);
    found.0
}

#[derive(Default)]
struct Found(Vec<LayoutDifference>);

impl Found {
    fn add(&mut self, telling: Telling, place: &str, what: String) {
        self.0.push(LayoutDifference { telling, place: place.into(), what });
    }

    fn dataset(&mut self, was: &LockedDataset, is: &LockedDataset) {
        let before = self.0.len();
        self.documents(&was.documents, &is.documents);
        self.codes(was, is, self.0.len() == before);
        if was.definition != is.definition {
            self.add(Telling::Definition, &is.name, "the definition changed".into());
        }
    }

    /// Documents are the same where their names are; of several with one name, those of one release first.
    fn documents(&mut self, was: &[DocumentLayout], is: &[DocumentLayout]) {
        let (mut old, mut left) = (Waiting::of(was, full_name), Vec::new());
        for document in is {
            match old.take(&full_name(document)) {
                Some(was) => self.document(was, document),
                None => left.push(document),
            }
        }
        let mut old = Waiting::of(old.rest(), |document| document.name.clone());
        for document in left {
            match old.take(&document.name) {
                Some(was) => self.document(was, document),
                None => self.add(Telling::Documents, &document.path, "a new document".into()),
            }
        }
        for document in old.rest() {
            let what = format!("the document is missing ({})", release(document));
            self.add(Telling::Documents, &document.name, what);
        }
    }

    fn document(&mut self, was: &DocumentLayout, is: &DocumentLayout) {
        let before = self.0.len();
        if was.release != is.release {
            let what = format!("it was of {}, and is of {}", release(was), release(is));
            self.add(Telling::Documents, &is.path, what);
        }
        let mut old = Waiting::of(&was.tables, |table| table.name.clone());
        for table in &is.tables {
            match old.take(&table.name) {
                Some(was) => {
                    for what in compare_headings(was, table) {
                        self.add(Telling::Layout, &is.path, format!("{}{what}", name_table(table)));
                    }
                }
                None => self.add(Telling::Layout, &is.path, format!("{} is new", name_table(table))),
            }
        }
        for table in old.rest() {
            self.add(Telling::Layout, &is.path, format!("{} is missing", name_table(table)));
        }
        if was.sha256 != is.sha256 && self.0.len() == before {
            let what = "its bytes changed, but the layout of its tables is the same";
            self.add(Telling::Bytes, &is.path, what.into());
        }
    }

    /// Codes that come and go are told only where no row of a document tells it.
    fn codes(&mut self, was: &LockedDataset, is: &LockedDataset, alone: bool) {
        let all = |of: &LockedDataset| -> BTreeMap<(String, String), String> {
            let codes = of.codes.iter().flat_map(|(dimension, codes)| {
                codes.iter().map(move |(code, name)| ((dimension.clone(), code.clone()), name.clone()))
            });
            codes.collect()
        };
        let (old, new) = (all(was), all(is));
        for key in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (dimension, code) = key;
            let what = match (old.get(key), new.get(key)) {
                (Some(was), Some(is)) if was != is => {
                    format!(
                        "the name of the {dimension} {code} was {}, and is {}",
                        display_label(was),
                        display_label(is)
                    )
                }
                (Some(name), None) if alone => {
                    format!("the {dimension} {code} ({}) is missing", sanitize(name))
                }
                (None, Some(name)) if alone => format!("the {dimension} {code} ({}) is new", sanitize(name)),
                _ => continue,
            };
            self.add(Telling::Codes, &is.name, what);
        }
    }
}

/// How a table changed, in words that follow its name.
fn compare_headings(was: &TableLayout, is: &TableLayout) -> Vec<String> {
    let mut told = Vec::new();
    if was.number != is.number {
        told.push(format!(" was table {}", was.number));
    }
    if was.title != is.title {
        told.push(format!(": the title was {}", display_label(&was.title)));
    }
    told.extend(changes(&was.headings, &is.headings).iter().map(|change| change.describe("heading")));
    let labels = |table: &TableLayout| table.rows.iter().map(|(label, _)| label.clone()).collect::<Vec<_>>();
    told.extend(changes(&labels(was), &labels(is)).iter().map(|change| change.describe("row")));
    let mut old: BTreeMap<_, _> = was.rows.iter().map(|(label, region)| (label, region)).collect();
    for (label, region) in &is.rows {
        let Some(was) = old.remove(label).filter(|was| *was != region) else { continue };
        told.push(format!(
            ": the code of {} was {}, and is {}",
            display_label(label),
            code(was),
            code(region)
        ));
    }
    if was.notes != is.notes {
        told.push(format!(" had {}, and has {}", format_count(was.notes, "note"), is.notes));
    }
    told
}

/// What was locked and has not been seen yet, by what tells it apart, in order.
struct Waiting<'w, T>(BTreeMap<String, VecDeque<&'w T>>);

impl<'w, T> Waiting<'w, T> {
    fn of(items: impl IntoIterator<Item = &'w T>, key: impl Fn(&T) -> String) -> Waiting<'w, T> {
        let mut waiting: BTreeMap<String, VecDeque<&T>> = BTreeMap::new();
        for item in items {
            waiting.entry(key(item)).or_default().push_back(item);
        }
        Waiting(waiting)
    }

    fn take(&mut self, key: &str) -> Option<&'w T> {
        self.0.get_mut(key)?.pop_front()
    }

    fn rest(self) -> impl Iterator<Item = &'w T> {
        self.0.into_values().flatten()
    }
}

/// How a list of labels changed.
#[derive(Debug, PartialEq, Eq)]
enum Change<'c> {
    New(&'c str),
    Lost(&'c str),
    /// What stood in its place, and what does now.
    Renamed(&'c str, &'c str),
    Order,
}

impl Change<'_> {
    fn describe(&self, noun: &str) -> String {
        match self {
            Change::New(label) => format!(" has a new {noun}: {}", sanitize(label)),
            Change::Lost(label) => format!(" lost the {noun}: {}", sanitize(label)),
            Change::Renamed(was, is) => {
                format!(": the {noun} {} was {}", display_label(is), display_label(was))
            }
            Change::Order => format!(" has its {noun}s in another order"),
        }
    }
}

/// What is new, what is lost and what is called otherwise. A label replaces another where both lists are as long and it
/// stands in the same place.
fn changes<'c>(was: &'c [String], is: &'c [String]) -> Vec<Change<'c>> {
    let (lost, new) = (beyond(was, is), beyond(is, was));
    let replaces = was.len() == is.len() && lost.iter().eq(&new);
    let mut changes: Vec<Change<'c>> = if replaces {
        new.iter().map(|&at| Change::Renamed(&was[at], &is[at])).collect()
    } else {
        let new = new.iter().map(|&at| Change::New(&is[at]));
        new.chain(lost.iter().map(|&at| Change::Lost(&was[at]))).collect()
    };
    let common = |labels: &'c [String], beyond: &[usize]| -> Vec<&'c String> {
        let beyond: BTreeSet<&usize> = beyond.iter().collect();
        labels.iter().enumerate().filter(|(at, _)| !beyond.contains(at)).map(|(_, label)| label).collect()
    };
    if common(was, &lost) != common(is, &new) {
        changes.push(Change::Order);
    }
    changes
}

/// The places of labels that a list has and the other has not, or not as often.
fn beyond(labels: &[String], others: &[String]) -> Vec<usize> {
    let mut known: BTreeMap<&String, usize> = BTreeMap::new();
    for label in others {
        *known.entry(label).or_default() += 1;
    }
    let mut is_beyond = |label: &String| match known.get_mut(label) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    (0..labels.len()).filter(|&at| is_beyond(&labels[at])).collect()
}

/// `table 4 (IANG)`
fn name_table(table: &TableLayout) -> String {
    format!("table {} ({})", table.number, sanitize(&table.name))
}

fn full_name(document: &DocumentLayout) -> String {
    format!("{}\n{}", document.name, document.release)
}

fn release(document: &DocumentLayout) -> String {
    if document.release.is_empty() { "no release".into() } else { format!("release {}", document.release) }
}

fn display_label(label: &str) -> String {
    format!("`{}`", sanitize(label))
}

fn code(code: &str) -> &str {
    if code.is_empty() { "none" } else { code }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe(was: &str, is: &str) -> Vec<String> {
        let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        changes(&list(was), &list(is)).iter().map(|change| change.describe("row")).collect()
    }

    #[test]
    fn a_list_of_labels_changes_in_words() {
        let cases: [(&str, &str, &[&str]); 8] = [
            ("A B C", "A B C", &[]),
            ("A B C", "A X B C", &[" has a new row: X"]),
            ("A B C", "A C", &[" lost the row: B"]),
            ("A B C", "A X C", &[": the row `X` was `B`"]),
            ("A B C", "X A B", &[" has a new row: X", " lost the row: C"]),
            ("A B C", "B A C", &[" has its rows in another order"]),
            ("A A", "A", &[" lost the row: A"]),
            ("", "A", &[" has a new row: A"]),
        ];
        for (was, is, expected) in cases {
            assert_eq!(describe(was, is), expected, "{was} to {is}");
        }
    }
}
