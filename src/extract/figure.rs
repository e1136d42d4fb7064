//! The grammar of a cell in a table: a figure, a mark in place of one, or a figure with marks behind it.
//!
//! What a mark stands for is told by a legend of the document, else by the definition, else by nothing: no mark is guessed.
//! A footnote's mark behind a figure needs its note.

mod amount;
mod marks;

use std::collections::BTreeSet;

use crate::dataset::{CodeKind, Definition, Role};
use crate::document::{Cell, Document};
use crate::grammar::footnote::{self, MarkedText};
use crate::grammar::number::{AmbiguousNumber, NumberConvention, ParseNumberError};
use crate::grammar::spreadsheet;
use crate::grammar::status_flag::{self, FlagMeaning};
use crate::layout::labels;
use crate::layout::legend::{Legend, legends};
use crate::layout::tables::{Layout, Table};
use crate::regions;

/// What a cell says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// The figure, in units of the measure's last decimal; none where a mark stands in its place.
    pub value: Option<i64>,
    /// What the marks in its place or behind it stand for.
    pub meaning: Option<FlagMeaning>,
    /// The marks, by name.
    pub marks: Vec<String>,
}

/// What a document says of the marks in it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Its legends.
    pub legends: Vec<Legend>,
    /// The marks that its notes begin with.
    pub noted: BTreeSet<String>,
}

impl Known {
    /// What a document says.
    #[must_use]
    pub fn of(document: &Document<'_>, layouts: &[Layout]) -> Known {
        let tables = layouts.iter().flat_map(|layout| &layout.tables);
        let noted = tables.flat_map(|table| &table.notes).filter_map(|note| note.mark.clone()).collect();
        Known { legends: legends(document, layouts), noted }
    }
}

/// The first cell of a table that has two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberDoubt<'t> {
    /// What it says.
    pub ambiguous: AmbiguousNumber<'t>,
    /// The number of its row.
    pub row: u32,
    /// Where in the row it stands.
    pub column: u32,
}

/// What the cells of a table are read by.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'r> {
    /// The definition, where there is one.
    pub definition: Option<&'r Definition>,
    /// What its labels can name.
    pub roles: &'r [Role],
    /// The measure of its figures, by its place in the definition.
    pub measure: usize,
    /// How the table prints its figures.
    pub convention: NumberConvention,
    /// What the document says of marks.
    pub known: &'r Known,
}

/// What is printed beside figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintedAmount {
    /// In units of the last printed decimal, or of the measure's.
    pub value: i64,
    /// How many decimals these units have.
    pub decimals: u32,
    /// Whether it only tells what the magnitude is less than.
    pub is_bound: bool,
}

/// What a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedCode<'d> {
    /// What kind of thing it names.
    pub role: Role,
    /// Its code.
    pub code: &'d str,
    /// Whether that is a group.
    pub is_group: bool,
}

/// What a label names in a role.
#[must_use]
pub fn name_code<'d>(definition: &'d Definition, role: Role, label: &str) -> Option<NamedCode<'d>> {
    let (code, is_group) = match role {
        Role::Dimension(at) => {
            let dimension = &definition.dimensions[at];
            let code = dimension.resolve(label)?.code;
            (code, dimension.code(code).is_some_and(|of| of.kind == CodeKind::Group))
        }
        Role::Measure => (definition.measures[definition.measure_by_label(label)?].code(), false),
        Role::Unit => (definition.measures.iter().find(|measure| measure.has_unit(label))?.code(), false),
        _ => return None,
    };
    Some(NamedCode { role, code, is_group })
}

/// Why a cell could not be read, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Why, in a few words.
    pub reason: String,
    /// What to do, where there is something particular.
    pub help: Option<String>,
}

impl Figure {
    /// Whether it is a mark for nil.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.value.is_none() && self.meaning == Some(FlagMeaning::Nil)
    }

    /// The status that its marks tell, as an index into [`status_flag::STATUSES`]; none where it is as any other.
    #[must_use]
    pub fn status(&self) -> Option<u32> {
        match self.meaning {
            Some(FlagMeaning::Status(at)) if self.meaning != Some(NORMAL) => Some(at),
            _ => None,
        }
    }

    /// The same with what the marks of its row or column say: what its own marks say wins.
    #[must_use]
    pub fn of(self, outer: Option<FlagMeaning>) -> Figure {
        match (self.value, self.meaning) {
            (Some(_), None | Some(NORMAL)) => Figure { meaning: outer.or(self.meaning), ..self },
            _ => self,
        }
    }
}

impl<'r> Reading<'r> {
    /// What a table is read by: the convention that the definition names, else the one that fits all of its figures. Where
    /// two do, the point's, and a cell on which they differ.
    #[must_use]
    pub fn of<'t>(
        document: &'t Document<'_>,
        grid: usize,
        table: &Table,
        definition: Option<&'r Definition>,
        roles: &'r [Role],
        known: &'r Known,
    ) -> (Reading<'r>, Option<NumberDoubt<'t>>) {
        let reading = |convention| Reading { definition, roles, measure: 0, convention, known };
        if let Some(convention) = definition.and_then(|definition| definition.figures.convention()) {
            return (reading(convention), None);
        }
        let rows = table.body.iter().map(|&at| &document.grids[grid].rows[at]);
        let cells = rows.flat_map(|row| table.figures(row).map(move |cell| (row.number, cell)));
        let printed = cells.clone().filter(|(_, cell)| cell.number.is_none());
        let texts = printed.map(|(_, cell)| cell.text.as_ref());
        let (decimals, negative) = definition.map_or_else(Default::default, |definition| {
            (definition.printed_decimals(), definition.figures.negative)
        });
        match NumberConvention::detect(texts, decimals, negative) {
            Ok(convention) => (reading(convention), None),
            Err(ambiguous) => {
                let here = |(_, cell): &(u32, &Cell<'_>)| std::ptr::eq(cell.text.as_ref(), ambiguous.text);
                let (row, column) = cells.clone().find(here).map_or((1, 1), |(row, cell)| (row, cell.column));
                (reading(NumberConvention::POINT), Some(NumberDoubt { ambiguous, row, column }))
            }
        }
    }

    /// A label without its marks. What may be a part of the label is one only where something explains it and the label as
    /// printed is unknown.
    #[must_use]
    pub fn label<'t>(&self, text: &'t str) -> MarkedText<'t> {
        let own = |definition: &Definition| {
            definition.dimensions.iter().any(|dimension| dimension.labels.contains_key(text))
        };
        if self.definition.is_some_and(own) {
            return MarkedText { text, markers: Vec::new() };
        }
        let explained = |mark: &str| self.known.noted.contains(mark) || self.behind_figures(mark).is_some();
        let marked = footnote::split_markers(text, |mark| explained(mark) && self.resolve(text).is_none());
        MarkedText { text: labels::plain(marked.text), ..marked }
    }

    /// What a label names: the first of the roles that knows it; without a definition, a region.
    #[must_use]
    pub fn resolve(&self, label: &str) -> Option<NamedCode<'r>> {
        let Some(definition) = self.definition else {
            let known = regions::resolve(label).filter(regions::ResolvedRegion::is_whole)?;
            let is_group = known.region.kind == regions::RegionKind::Group;
            return Some(NamedCode { role: Role::Ignored, code: known.region.code, is_group });
        };
        self.roles.iter().find_map(|role| name_code(definition, *role, label))
    }

    /// Whether one code holds another, in the dimension of a label or among regions.
    #[must_use]
    pub fn holds(&self, group: &str, code: &str) -> bool {
        let Some(definition) = self.definition else { return regions::group_contains(group, code) };
        let dimensions = self.roles.iter().filter_map(|role| match role {
            Role::Dimension(at) => Some(&definition.dimensions[*at]),
            _ => None,
        });
        dimensions.into_iter().any(|dimension| dimension.holds(group, code))
    }

    /// Reads a cell.
    ///
    /// # Errors
    /// Where it is neither a figure nor a mark that is known.
    pub fn read(&self, cell: &Cell<'_>) -> Result<Figure, Unread> {
        let text = cell.text.as_ref();
        let percent = self.strip_percent(text);
        let bare = percent.unwrap_or(text);
        let shown = match self.number(bare) {
            Ok(value) => Ok(Figure { value: Some(value), ..Figure::default() }),
            Err(fault) => self.read_marked(bare).ok_or(fault),
        };
        let Some(number) = cell.number else { return shown.map_err(|fault| self.unread(text, fault)) };
        if percent.is_none() && self.multiplies() && !is_shown(*number, text) {
            return Err(explain_scaled(*number, text));
        }
        // A workbook stores a percentage as a fraction, which has two decimals more.
        let decimals = self.printed_decimals() + if percent.is_some() { 2 } else { 0 };
        self.read_stored(*number, decimals, shown.ok()).map_err(|fault| explain_stored(*number, text, fault))
    }

    /// What stands before the percent sign of a figure whose measure is in percent.
    fn strip_percent<'t>(&self, text: &'t str) -> Option<&'t str> {
        let is_percent =
            self.definition.is_some_and(|definition| definition.measures[self.measure].is_percent());
        text.strip_suffix(['%', '％']).filter(|_| is_percent).map(str::trim_end)
    }

    /// A figure that a workbook stores, with the marks that it shows. A zero shown as a dash is a zero.
    fn read_stored(
        &self,
        number: f64,
        decimals: u32,
        shown: Option<Figure>,
    ) -> Result<Figure, ParseNumberError> {
        let read = if self.rounds() { spreadsheet::round_to_units } else { spreadsheet::to_units };
        let value = read(number, decimals)?;
        let shown = shown.filter(|shown| shown.value.is_some()).unwrap_or_default();
        Ok(Figure { value: Some(value), ..shown })
    }

    /// Whether a cell stores another number than it shows.
    #[must_use]
    pub fn differs(&self, cell: &Cell<'_>) -> bool {
        let shown = NumberConvention::POINT
            .parse_printed(&cell.text)
            .map(|(value, decimals)| value as f64 / 10f64.powi(decimals as i32));
        cell.number.is_some_and(|number| shown != Ok(*number))
    }

    fn multiplies(&self) -> bool {
        self.definition.is_some_and(|definition| definition.measures[self.measure].multiplier > 1)
    }

    fn rounds(&self) -> bool {
        self.definition.is_some_and(|definition| definition.figures.rounded)
    }

    fn decimals(&self) -> u32 {
        self.definition.map_or(0, |definition| definition.measures[self.measure].decimals)
    }

    fn printed_decimals(&self) -> u32 {
        self.definition.map_or(0, |definition| definition.measures[self.measure].printed_decimals())
    }

    fn number(&self, text: &str) -> Result<i64, ParseNumberError> {
        let rounds = self.rounds();
        match self.convention.parse(text, self.printed_decimals()) {
            Err(_) if rounds => self.convention.parse_rounded(text, self.printed_decimals()),
            read => read,
        }
    }

    /// Why a cell is neither.
    fn unread(&self, text: &str, fault: ParseNumberError) -> Unread {
        if let Some((reason, help)) = spreadsheet::explain_missing_value(text) {
            return Unread { reason: reason.into(), help: Some(help.into()) };
        }
        let said = self.known.legends.iter().find(|legend| legend.mark == text);
        let reason = match self.meaning(text) {
            Some(meaning) => format!("this mark says `{}` of a figure, and there is none", meaning.name()),
            None if text.is_empty() || !status_flag::is_symbol(text) => fault.to_string(),
            None => match said {
                Some(legend) => format!("its legend, `{}`, tells no status", shorten(&legend.text)),
                None => "nothing tells what this mark stands for".into(),
            },
        };
        let bracketed =
            text.starts_with('(') && text.ends_with(')') && self.number(&text[1..text.len() - 1]).is_ok();
        let help = if bracketed {
            Some(
                "brackets are a sign where the definition says `negative = \"brackets\"` under `[figures]`"
                    .into(),
            )
        } else {
            status_flag::is_symbol(text).then(|| remedy(text))
        };
        Unread { reason, help }
    }
}

const NORMAL: FlagMeaning = FlagMeaning::Status(0);

/// Whether a cell shows the number that it stores, to the last digit that it shows; also where it shows no number.
fn is_shown(number: f64, text: &str) -> bool {
    let shown = NumberConvention::POINT.parse_printed(text);
    shown.map_or(true, |(value, decimals)| (number * 10f64.powi(decimals as i32) - value as f64).abs() <= 1.0)
}

/// A cell that shows thousands and stores what they are: what it stores is not to be multiplied.
fn explain_scaled(number: f64, text: &str) -> Unread {
    let shown = shorten(text);
    let help = "where cells store the figures themselves, take `multiplier` out of `[measure]`";
    Unread { reason: format!("the cell stores {number} and shows `{shown}`"), help: Some(help.into()) }
}

/// Why a stored number is no figure of the measure.
fn explain_stored(number: f64, text: &str, fault: ParseNumberError) -> Unread {
    let shown = shorten(text);
    match fault {
        ParseNumberError::Decimals => Unread {
            reason: format!(
                "the cell stores {number} and shows `{shown}`: it has more decimals than the measure"
            ),
            help: Some("say in the definition, under `[measure]`, how many decimals figures have".into()),
        },
        _ => {
            Unread { reason: format!("the cell stores {number}, which no double holds exactly"), help: None }
        }
    }
}

/// How a definition tells what a mark stands for, and who prints it in which sense.
fn remedy(text: &str) -> String {
    let styled = status_flag::publisher_flags().iter().filter(|known| known.symbol == text);
    let senses: Vec<String> = styled.map(|known| format!("\"{}\" ({})", known.style, known.words)).collect();
    let example = format!(
        "say it in the definition, under `[symbols]`: `\"{text}\" = \"Q\"` where it is suppressed, \"O\" not available, \"M\" not applicable"
    );
    if senses.is_empty() {
        example
    } else {
        format!("{example}; or name a style: `marks = {}`", senses.join(" or "))
    }
}

/// The beginning of a text that may be long.
#[must_use]
pub fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
