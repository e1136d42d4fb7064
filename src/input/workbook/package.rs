//! Which part of an .xlsx holds which sheet: as its relationships say, not as parts are usually called.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::input::workbook::Unreadable;
use crate::input::workbook::container::Parts;
use crate::input::workbook::xml::attribute;

/// No workbook for people has more sheets.
const MOST_SHEETS: usize = 4096;

/// How many sheets, or relationships of a part, are looked at.
const MOST_ELEMENTS: usize = 200_000;

/// A sheet of a workbook.
pub(super) struct SheetPart {
    /// The sheet's name.
    pub(super) sheet: String,
    /// The name of its part, in lower case.
    pub(super) part: String,
}

/// The sheets in order, each with its part.
pub(super) fn sheets(parts: &Parts) -> Result<Vec<SheetPart>, Unreadable> {
    let main = main_part(parts)?;
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", main.as_str()));
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let targets: BTreeMap<String, String> = relationships(parts, &format!("{folder}_rels/{file}.rels"))?
        .into_iter()
        .map(|relationship| (relationship.id, relationship.target))
        .collect();
    let mut sheets = Vec::new();
    for tag in elements(part(parts, &main)?, "sheet")? {
        let target = targets.get(&attribute(&tag, "id")?.unwrap_or_default()).map_or("", String::as_str);
        let path = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
        sheets.push(SheetPart {
            sheet: attribute(&tag, "name")?.unwrap_or_default(),
            part: path.to_ascii_lowercase(),
        });
    }
    check_distinct(&sheets)?;
    Ok(sheets)
}

/// calamine looks for a sheet by its name, and would find the first each time.
fn check_distinct(sheets: &[SheetPart]) -> Result<(), Unreadable> {
    if sheets.len() > MOST_SHEETS {
        return Err(Unreadable::hostile(format!("it has {} sheets", sheets.len())));
    }
    let distinct = |of: fn(&SheetPart) -> &String| sheets.iter().map(of).collect::<BTreeSet<_>>().len();
    if distinct(|sheet| &sheet.sheet) < sheets.len() {
        return Err(Unreadable::hostile("two of its sheets have one name"));
    }
    if distinct(|sheet| &sheet.part) < sheets.len() {
        return Err(Unreadable::hostile("two of its sheets are one part"));
    }
    Ok(())
}

/// The parts with the comments on a sheet, by their names in lower case: notes, and threads.
pub(super) fn comments(parts: &Parts, sheet: &str) -> Result<Vec<String>, Unreadable> {
    const KINDS: [&str; 2] = ["/relationships/comments", "/relationships/threadedComment"];
    let (folder, file) = sheet.rsplit_once('/').unwrap_or_default();
    let name = format!("{folder}/_rels/{file}.rels");
    let relationships = if parts.get(&name).is_some() { relationships(parts, &name)? } else { Vec::new() };
    let is_comments = |one: &Relationship| KINDS.iter().any(|kind| one.kind.ends_with(kind));
    let targets = relationships.into_iter().filter(is_comments).map(|relationship| relationship.target);
    Ok(targets.map(|target| resolve(folder, &target).to_ascii_lowercase()).collect())
}

/// A target as seen from a folder: `../comments1.xml` of `xl/worksheets` is `xl/comments1.xml`.
fn resolve(folder: &str, target: &str) -> String {
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

struct Relationship {
    id: String,
    kind: String,
    target: String,
}

/// The part that names the sheets.
fn main_part(parts: &Parts) -> Result<String, Unreadable> {
    let relationships = relationships(parts, "_rels/.rels")?;
    let main = relationships.iter().rfind(|one| one.kind.ends_with("/relationships/officeDocument"));
    main.map(|main| main.target.trim_start_matches('/').to_owned())
        .ok_or_else(|| Unreadable::damaged(&"it does not say which part names its sheets"))
}

fn relationships(parts: &Parts, name: &str) -> Result<Vec<Relationship>, Unreadable> {
    let relationship = |tag: &BytesStart<'_>| -> Result<Relationship, Unreadable> {
        Ok(Relationship {
            id: attribute(tag, "Id")?.unwrap_or_default(),
            kind: attribute(tag, "Type")?.unwrap_or_default(),
            target: attribute(tag, "Target")?.unwrap_or_default(),
        })
    };
    elements(part(parts, name)?, "Relationship")?.iter().map(relationship).collect()
}

fn part<'p>(parts: &'p Parts, name: &str) -> Result<&'p [u8], Unreadable> {
    parts.get(name).ok_or_else(|| Unreadable::damaged(&format!("its part {name} is missing")))
}

/// All elements of a name.
fn elements<'x>(xml: &'x [u8], name: &str) -> Result<Vec<BytesStart<'x>>, Unreadable> {
    let (mut reader, mut elements) = (Reader::from_reader(xml), Vec::new());
    loop {
        match reader.read_event().map_err(|error| Unreadable::damaged(&error))? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == name => elements.push(tag),
            Event::Eof => return Ok(elements),
            _ => {}
        }
        if elements.len() > MOST_ELEMENTS {
            return Err(Unreadable::hostile(format!(
                "it has more than {MOST_ELEMENTS} relationships or sheets"
            )));
        }
    }
}
