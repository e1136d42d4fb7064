//! What a definition tells the finder of tables: the words that headings can name, and the tables that it frames.

use std::collections::BTreeSet;

use crate::dataset::{Definition, FrameDefinition, Measure, Role, TableDefinition};
use crate::layout::frame::{Frame, Level};
use crate::layout::guide::Guide;
use crate::layout::vocabulary::Vocabulary;
use crate::regions;

/// What is known of the tables of a definition beforehand.
#[must_use]
pub fn guide(definition: &Definition) -> Guide {
    let roles: BTreeSet<_> = definition.tables.iter().flat_map(|table| &table.heading_roles).collect();
    let words = roles.into_iter().flat_map(|role| definition.labels_of(*role));
    let framed = definition
        .tables
        .iter()
        .enumerate()
        .filter_map(|(at, table)| Some(frame(at, table, table.frame.as_ref()?, definition)));
    Guide { words: Vocabulary::new(words), frames: framed.collect() }
}

fn frame(at: usize, table: &TableDefinition, layout: &FrameDefinition, definition: &Definition) -> Frame {
    let key = |heading: &String| regions::normalize(heading);
    Frame {
        table: at,
        sheets: table.sheets.clone(),
        ranges: layout.ranges.clone(),
        header: levels(layout, definition),
        stub: layout.stub.iter().map(|column| column.headings.iter().map(key).collect()).collect(),
        value: layout.value.as_ref().map(key),
    }
}

fn levels(layout: &FrameDefinition, definition: &Definition) -> Vec<Level> {
    let is_part = |roles: &Vec<Role>| {
        let alike = layout.header.iter().filter(|other| *other == roles).count();
        alike > 1 && !roles.contains(&Role::Period)
    };
    layout.header.iter().map(|roles| Level { is_part: is_part(roles), ..level(roles, definition) }).collect()
}

fn level(roles: &[Role], definition: &Definition) -> Level {
    let is_region = |role: &Role| match role {
        Role::Dimension(at) => definition.dimensions[*at].is_regions(),
        _ => false,
    };
    let measures =
        definition.measures.iter().filter(|_| roles.contains(&Role::Measure)).flat_map(Measure::printed);
    let words = roles.iter().flat_map(|role| definition.labels_of(*role)).chain(measures);
    let parts = words.flat_map(parts_of);
    let parts: Vec<String> = parts.chain(definition.heading_words().map(str::to_owned)).collect();
    Level {
        is_period: roles.contains(&Role::Period),
        is_region: roles.iter().any(is_region),
        is_any: roles.iter().all(|role| role.is_aside() || matches!(role, Role::Code(_))),
        words: Vocabulary::new(parts.iter().map(String::as_str)),
        is_part: false,
        beside_period: words_beside_period(roles, definition),
    }
}

/// What can stand beside a period: the words of the measure, where there is only one.
fn words_beside_period(roles: &[Role], definition: &Definition) -> Vec<String> {
    let measures = definition.measures.iter().filter(|_| definition.measures.len() == 1);
    let words = measures.filter(|_| roles.contains(&Role::Period)).flat_map(Measure::printed);
    words.map(str::to_owned).collect()
}

/// A label, and where it is a path over several rows its beginnings, endings and middles, each of which one row prints.
fn parts_of(label: &str) -> Vec<String> {
    const LONGEST: usize = 24;
    let words: Vec<&str> = label.split_whitespace().take(LONGEST).collect();
    let runs = (1..=words.len()).flat_map(|count| words.windows(count).map(|run| run.join(" ")));
    runs.collect()
}
