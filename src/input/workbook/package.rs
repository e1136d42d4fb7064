//! Which part of an .xlsx holds which sheet: as its relations say, not as parts are usually called.

use std::collections::{BTreeMap, BTreeSet};

use crate::input::workbook::Unreadable;
use crate::input::workbook::container::Parts;
use crate::input::workbook::markup::{Tag, Tags, attribute};

/// No workbook for people has more sheets.
const MOST_SHEETS: usize = 4096;

/// How many sheets, or relations of a part, are looked at.
const MOST_ELEMENTS: usize = 200_000;

/// The part of each sheet, in the order of the sheets, by its name in lower case.
pub(super) fn sheets(parts: &Parts) -> Result<Vec<String>, Unreadable> {
    let main = main_part(parts)?;
    let (folder, file) = main.rsplit_once('/').map_or(("", main.as_str()), |(folder, file)| (folder, file));
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let targets: BTreeMap<String, String> = relations(parts, &format!("{folder}_rels/{file}.rels"))?
        .into_iter()
        .map(|relation| (relation.id, relation.target))
        .collect();
    let (mut sheets, mut names) = (Vec::new(), BTreeSet::new());
    for attributes in elements(part(parts, &main)?, b"sheet")? {
        // A reader looks for a sheet by its name, and would find the first each time.
        if !names.insert(value(attributes, b"name").unwrap_or_default()) {
            return Err(Unreadable::hostile("two of its sheets have one name"));
        }
        let id = value(attributes, b"id").unwrap_or_default();
        let target = targets.get(&id).map_or("", String::as_str);
        let path = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
        sheets.push(path.to_ascii_lowercase());
    }
    if sheets.len() > MOST_SHEETS {
        return Err(Unreadable::hostile(format!("it has {} sheets", sheets.len())));
    }
    let distinct: BTreeSet<&String> = sheets.iter().collect();
    if distinct.len() < sheets.len() {
        return Err(Unreadable::hostile("two of its sheets are one part"));
    }
    Ok(sheets)
}

/// The parts that hold what was said beside the cells of a sheet, by their names in lower case: notes, and threads.
pub(super) fn comments(parts: &Parts, sheet: &str) -> Vec<String> {
    const KINDS: [&str; 2] = ["/relationships/comments", "/relationships/threadedComment"];
    let (folder, file) = sheet.rsplit_once('/').unwrap_or_default();
    let relations = relations(parts, &format!("{folder}/_rels/{file}.rels")).unwrap_or_default();
    let of_comments = |relation: &Relation| KINDS.iter().any(|kind| relation.kind.ends_with(kind));
    let targets = relations.into_iter().filter(of_comments).map(|relation| relation.target);
    targets.map(|target| resolved(folder, &target).to_ascii_lowercase()).collect()
}

/// A target as seen from a folder: `../comments1.xml` of `xl/worksheets` is `xl/comments1.xml`.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').collect();
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." => {}
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// The part that names the sheets.
fn main_part(parts: &Parts) -> Result<String, Unreadable> {
    let relations = relations(parts, "_rels/.rels")?;
    let of_document = |relation: &&Relation| relation.kind.ends_with("/relationships/officeDocument");
    let main = relations
        .iter()
        .rfind(of_document)
        .map(|relation| relation.target.trim_start_matches('/').to_owned());
    main.ok_or_else(|| Unreadable::damaged(&"it does not say which part names its sheets"))
}

fn relations(parts: &Parts, name: &str) -> Result<Vec<Relation>, Unreadable> {
    let of = |attributes, name: &[u8]| value(attributes, name).unwrap_or_default();
    let elements = elements(part(parts, name)?, b"Relationship")?;
    let relation = |attributes| Relation {
        id: of(attributes, b"Id"),
        kind: of(attributes, b"Type"),
        target: of(attributes, b"Target"),
    };
    Ok(elements.into_iter().map(relation).collect())
}

fn part<'p>(parts: &'p Parts, name: &str) -> Result<&'p [u8], Unreadable> {
    parts.get(name).ok_or_else(|| Unreadable::damaged(&format!("its part {name} is missing")))
}

/// The attributes of all elements of a name.
fn elements<'x>(xml: &'x [u8], wanted: &[u8]) -> Result<Vec<&'x [u8]>, Unreadable> {
    let (mut tags, mut found) = (Tags::of(xml), Vec::new());
    while let Some(tag) = tags.next()? {
        if let Tag::Start { name, attributes, .. } = tag
            && name == wanted
        {
            found.push(attributes);
            if found.len() > MOST_ELEMENTS {
                return Err(Unreadable::hostile(format!(
                    "it has more than {MOST_ELEMENTS} relations or sheets"
                )));
            }
        }
    }
    Ok(found)
}

/// The value of an attribute, with or without a prefix.
fn value(attributes: &[u8], name: &[u8]) -> Option<String> {
    let value = attribute(attributes, name).or_else(|| attribute(attributes, &[b"r:", name].concat()))?;
    let text = String::from_utf8_lossy(value);
    Some(quick_xml::escape::unescape(&text).map_or_else(|_| text.to_string(), Into::into))
}
