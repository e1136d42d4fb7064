//! What the header rows and label columns of a table name, in the words of the definition: `header`, `stub`, `fixed`,
//! `period`, `measure`, `ignored`, and the names of dimensions.

use std::collections::BTreeSet;

use indexmap::IndexSet;

use crate::cli::inspect::found::{Found, PrintedTable};
use crate::cli::inspect::summary::tally::{Codes, Tally};
use crate::cli::inspect::width::{cut, list};
use crate::dataset::{Definition, LabelColumn, LabelPlace, Role, TableDefinition};
use crate::extract::columns::read_codes;
use crate::grammar::period::Period;
use crate::layout::header::Header;
use crate::text::format_count;

/// How many labels that are unknown are named.
const MOST_UNKNOWN: usize = 3;

/// How much of a label is told.
const WIDEST: usize = 32;

/// A table, what it gave, and the definition by which.
pub(super) struct Names<'n> {
    pub definition: &'n Definition,
    pub own: &'n TableDefinition,
    pub header: &'n Header,
    /// Whether codes run across and periods down.
    pub is_transposed: bool,
    pub tally: &'n Tally,
}

impl<'n> Names<'n> {
    /// Of a table of the definition.
    pub(super) fn new(found: &Found<'n>, of: PrintedTable<'n>, tally: &'n Tally) -> Option<Names<'n>> {
        let (header, is_transposed) = (&of.table.header, of.table.across.is_some());
        let (definition, own) = found.definition.zip(found.table_definition(of))?;
        Some(Names { definition, own, header, is_transposed, tally })
    }

    /// What its header rows name.
    pub(super) fn header(&self) -> Vec<String> {
        if self.is_transposed {
            return self.own.row_roles().iter().filter_map(|role| self.role(*role)).collect();
        }
        if let Some(frame) = &self.own.frame {
            return self.places(&frame.header);
        }
        let period = self.period();
        let others = self.header_roles().into_iter().filter_map(|role| self.role(role));
        period.into_iter().chain(others).collect()
    }

    /// What each of its label columns names.
    pub(super) fn stub(&self) -> Vec<String> {
        if self.is_transposed {
            return self.period().into_iter().collect();
        }
        if let Some(frame) = &self.own.frame {
            let columns = frame.stub.iter().map(|column| &column.roles);
            return self.places(columns.chain(&frame.sections));
        }
        let places = self.own.label_columns.len() > 1;
        let in_header = self.header_roles();
        let columns = self.own.label_columns.iter();
        columns.filter_map(|column| self.label_column(column, places, &in_header)).collect()
    }

    /// What each place of a table whose layout is said names; parts of one path once.
    fn places<'r>(&self, places: impl IntoIterator<Item = &'r Vec<Role>>) -> Vec<String> {
        let word = |role: &Role| match role {
            Role::Period => self.period(),
            role => self.role(*role),
        };
        let words =
            places.into_iter().map(|roles| roles.iter().filter_map(word).collect::<Vec<_>>().join(" or "));
        let mut words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
        words.dedup();
        words
    }

    /// What holds for all of a table of the definition.
    pub(super) fn fixed(&self, own: &TableDefinition) -> Vec<String> {
        let dimensions = self.definition.dimensions.iter().zip(&own.fixed);
        let codes = dimensions.filter_map(|(of, code)| Some(format!("{} = {}", of.name(), code.as_ref()?)));
        let period = own.period.map(|period| format!("period = {period}"));
        let measure = own.measure.and_then(|at| self.definition.measures.get(at));
        let measure = measure.map(|measure| format!("measure = {}", measure.code()));
        codes.chain(period).chain(measure).collect()
    }

    /// What its headings name beside periods.
    fn header_roles(&self) -> BTreeSet<Role> {
        let mut roles = BTreeSet::new();
        for codes in self.header.headings.iter().map(|of| read_codes(of, self.definition, self.own)) {
            roles.extend(codes.labels.iter().map(|(at, _)| Role::Dimension(*at)));
            roles.extend(codes.measure.map(|_| Role::Measure));
        }
        roles
    }

    fn period(&self) -> Option<String> {
        describe_periods(&self.tally.periods).filter(|_| self.own.period.is_none())
    }

    fn label_column(&self, of: &LabelColumn, places: bool, in_header: &BTreeSet<Role>) -> Option<String> {
        let place = describe_place(&of.place, places);
        if of.roles.contains(&Role::Ignored) {
            return Some(format!("ignored{place}"));
        }
        let is_here = |role: &&Role| of.roles.len() == 1 || !in_header.contains(role);
        let named: Vec<String> =
            of.roles.iter().filter(is_here).filter_map(|role| self.role(*role)).collect();
        (!named.is_empty()).then(|| format!("{}{place}", named.join(" or ")))
    }

    /// What a role is called, and which codes it has here; none where it has none.
    fn role(&self, role: Role) -> Option<String> {
        let name = self.definition.role_name(role);
        match role {
            Role::Dimension(at) => Some(format!("{name}: {}", describe_codes(self.tally.codes.get(at)?)?)),
            Role::Measure => Some(format!("{name}: {}", self.measures()?)),
            _ => Some(name.into_owned()),
        }
    }

    fn measures(&self) -> Option<String> {
        let measures = self.tally.measures.iter().filter_map(|at| self.definition.measures.get(*at as usize));
        let codes: IndexSet<String> = measures.map(|measure| measure.code().to_owned()).collect();
        describe_extent(&codes, "code")
    }
}

/// `period: 4, 2023 to 2026-01-01/P2M`
pub(super) fn describe_periods(periods: &BTreeSet<Period>) -> Option<String> {
    let (first, last) = periods.first().zip(periods.last())?;
    Some(match periods.len() {
        1 => format!("period: {first}"),
        count => format!("period: {count}, {first} to {last}"),
    })
}

/// `4 codes, CHN to _T`, and the labels that name none.
fn describe_codes(codes: &Codes) -> Option<String> {
    let known = describe_extent(&codes.known, "code");
    let unknown: Vec<String> =
        codes.unknown.iter().map(|label| format!("\"{}\"", cut(label, WIDEST))).collect();
    let unknown = (!unknown.is_empty()).then(|| {
        format!("{} unknown: {}", format_count(unknown.len(), "label"), list(&unknown, MOST_UNKNOWN))
    });
    let parts: Vec<String> = known.into_iter().chain(unknown).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// How many there are, the first and the last.
pub(super) fn describe_extent(of: &IndexSet<String>, noun: &str) -> Option<String> {
    let (first, last) = of.first().zip(of.last())?;
    let (first, last) = (cut(first, WIDEST), cut(last, WIDEST));
    Some(match of.len() {
        1 => first,
        count => format!("{}, {first} to {last}", format_count(count, noun)),
    })
}

fn describe_place(place: &LabelPlace, is_told: bool) -> String {
    match place {
        LabelPlace::Number(at) if is_told => format!(" (column {})", at + 1),
        LabelPlace::Headings(names) => format!(" ({})", list(names, MOST_UNKNOWN)),
        LabelPlace::First | LabelPlace::Number(_) => String::new(),
    }
}
