//! The layout of a table in the words of the language, and what is left out of its sheet.

use std::collections::BTreeSet;

use crate::draft::dimension::{DraftDimension, TOPIC};
use crate::draft::framed::{DraftFrame, FixedPeriod, LevelKind, SectionKind, StubKind};
use crate::draft::list::DraftList;
use crate::draft::printed_table::PrintedTable;
use crate::draft::structure::{ColumnRole, Structure};
use crate::draft::text::line;
use crate::draft::{Choices, Drafted};
use crate::grammar::status_flag::publisher_flags;
use crate::problem::quote_toml;

/// The layout of a table.
pub(super) fn layout_words(
    frame: &DraftFrame,
    at: usize,
    drafted: &Drafted<'_>,
    dimensions: &[DraftDimension],
    choices: Choices,
) -> Vec<String> {
    let dimensions: Vec<&DraftDimension> =
        dimensions.iter().filter(|dimension| dimension.name != TOPIC).collect();
    let names = PlaceNames { dimensions, tables: drafted.tables, structure: drafted.structure, table: at };
    let own = &drafted.tables[at].sheet;
    let is_alone = drafted.tables.iter().filter(|other| other.sheet == *own).count() == 1;
    let range = (choices.has_range || !is_alone).then(|| format!("range = {}", quote_toml(&frame.range)));
    if let Some(list) = &frame.list {
        return range.into_iter().chain([names.list(list)]).collect();
    }
    let levels: Vec<String> = frame.levels.iter().map(|kind| names.level(*kind)).collect();
    let title = (frame.period == Some(FixedPeriod::Title)).then(|| "title_names = \"period\"".to_owned());
    range
        .into_iter()
        .chain([
            format!("header = [{}]", levels.join(", ")),
            format!("stub = [{}]", names.stub(frame).join(", ")),
        ])
        .chain(names.sections(frame))
        .chain(title)
        .collect()
}

/// What the places of a table name, in the words of the language.
struct PlaceNames<'d> {
    dimensions: Vec<&'d DraftDimension>,
    tables: &'d [PrintedTable],
    structure: &'d Structure,
    /// The table.
    table: usize,
}

impl PlaceNames<'_> {
    fn dimension(&self, at: usize) -> String {
        quote_toml(&self.dimensions[at].name)
    }

    fn level(&self, kind: LevelKind) -> String {
        match kind {
            LevelKind::Period => quote_toml("period"),
            LevelKind::Ignored => quote_toml("ignored"),
            LevelKind::Words(words) => self.structure.header[self.table][words]
                .map_or_else(|| quote_toml("measure"), |at| self.dimension(at)),
        }
    }

    fn stub(&self, frame: &DraftFrame) -> Vec<String> {
        let columns = &self.structure.columns[self.table];
        let mut roles = columns.iter();
        let column = |role: Option<&ColumnRole>| match role {
            Some(ColumnRole::Dimension(at)) => Some(self.dimension(*at)),
            _ => None,
        };
        let name = |kind: &StubKind| match kind {
            StubKind::Period => quote_toml("period"),
            StubKind::Footnotes => quote_toml("footnotes"),
            StubKind::Ignored => quote_toml("ignored"),
            StubKind::Either => column(columns.first())
                .map_or_else(|| quote_toml("ignored"), |name| format!("[\"ignored\", {name}]")),
            StubKind::Dimension => column(roles.next()).unwrap_or_else(|| quote_toml("ignored")),
        };
        frame.stub.iter().map(name).collect()
    }

    /// The columns of a list.
    fn list(&self, list: &DraftList) -> String {
        let headings = self.tables[self.table].columns.iter().filter_map(|column| column.heading.as_deref());
        let roles = self.structure.columns[self.table].iter().zip(headings);
        let dimensions = roles.filter_map(|(role, heading)| match role {
            ColumnRole::Dimension(at) => Some((self.dimensions[*at].name.as_str(), heading)),
            ColumnRole::Ignored => None,
        });
        let flag = list.flag.as_deref().map(|heading| ("flag", heading));
        let columns = [("period", list.period.as_str())].into_iter().chain(dimensions);
        let columns = columns.chain([("value", list.value.as_str())]).chain(flag);
        let mut words: Vec<String> =
            columns.map(|(role, heading)| format!("{role} = {}", quote_toml(heading))).collect();
        if !list.ignored.is_empty() {
            let headings: Vec<String> = list.ignored.iter().map(|heading| quote_toml(heading)).collect();
            words.push(format!("ignored = [{}]", headings.join(", ")));
        }
        format!("long = {{ {} }}", words.join(", "))
    }

    fn sections(&self, frame: &DraftFrame) -> Option<String> {
        let name = match frame.sections? {
            SectionKind::Period => quote_toml("period"),
            SectionKind::Dimension => self.dimension(self.structure.sections[self.table]?),
        };
        let words = if frame.has_section_codes { format!("[{name}, \"ignored\"]") } else { name };
        Some(format!("sections = {words}"))
    }
}

/// What stands beside figures, behind them or in columns of their own.
pub(super) fn write_flags(drafted: &Drafted<'_>, text: &mut String) {
    let frames = drafted.tables.iter().filter_map(|table| table.frame.as_ref());
    let behind = drafted.tables.iter().flat_map(|table| &table.flags);
    let all: BTreeSet<&String> = frames.flat_map(|frame| &frame.flags).chain(behind).collect();
    if all.is_empty() {
        return;
    }
    line(text, "\n[flags] # beside figures");
    for flag in all {
        let (meaning, question) = flag_meaning(flag);
        line(text, &format!("{} = \"{meaning}\" # {question}", quote_toml(flag)));
    }
}

/// What a flag says, where all publishers that use it mean the same, and what to ask. Of several that are printed together,
/// what the first says.
fn flag_meaning(flag: &str) -> (&'static str, &'static str) {
    let agreed = |flag: &str| {
        let known =
            publisher_flags().iter().filter(|known| known.symbol == flag && !known.meaning.is_standalone());
        let meanings: BTreeSet<&str> = known.map(|known| known.meaning.code()).collect();
        meanings.iter().next().copied().filter(|_| meanings.len() == 1)
    };
    let first = || flag.chars().next().and_then(|first| agreed(&first.to_string()));
    match (agreed(flag), first().filter(|_| flag.len() > 1)) {
        (Some(meaning), _) => (meaning, "Does it say that here?"),
        (None, Some(meaning)) => (meaning, "Several at once: which of them is to be published?"),
        (None, None) => ("A", "What does it say? E estimated, P provisional, U unreliable"),
    }
}

/// Rows that are no periods, where others are.
pub(super) fn write_ignored(drafted: &Drafted<'_>, text: &mut String) {
    let mut labels: Vec<&String> = drafted
        .tables
        .iter()
        .filter_map(|table| table.frame.as_ref())
        .flat_map(|frame| &frame.other_rows)
        .collect();
    labels.sort();
    labels.dedup();
    if labels.is_empty() {
        return;
    }
    let labels: Vec<String> = labels.into_iter().map(|label| quote_toml(label)).collect();
    line(text, "\n[[ignore]] # Rows that name no period: are they left out rightly?");
    line(text, &format!("labels = [{}]", labels.join(", ")));
    line(text, "reason = \"they name no period\"");
}

/// Figures that are in no table.
pub(super) fn write_left(drafted: &Drafted<'_>, text: &mut String) {
    for table in drafted.tables {
        let (Some(frame), Some(sheet)) = (&table.frame, &table.sheet) else { continue };
        for range in &frame.left {
            line(text, "\n[[ignore]] # Numbers outside of the tables: are they left out rightly?");
            line(text, &format!("title = {}\nrange = {}", quote_toml(sheet), quote_toml(range)));
            line(text, "reason = \"in no table\"");
        }
    }
}
