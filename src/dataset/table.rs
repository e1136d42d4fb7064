//! The tables of a dataset: how each is known (its title or sheet), what holds for all of it, and what its header rows and
//! label columns name.

mod frame;
mod roles;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::dataset::dimension::{Code, Dimension, Printed};
use crate::dataset::role::{Role, RoleNames, Stub};
use crate::dataset::rows::{OneOf, RowRules};
use crate::dataset::{Definition, OneOrMany};
use crate::grammar::period::Period;
use crate::text::parse_date;
pub(in crate::dataset) use frame::VALUE;
pub use frame::{FrameColumn, FrameDefinition};

/// A table as a definition declares it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableEntry {
    /// Its name; where left out its fixed codes, else its sheet or title.
    #[schemars(with = "Option<String>")]
    pub name: Option<Spanned<String>>,
    /// The titles it appears under.
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub title: Option<Spanned<OneOrMany<String>>>,
    /// The names of the sheets it stands on.
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub sheet: Option<Spanned<OneOrMany<String>>>,
    /// What holds for all of it: codes by dimension; `period`, `measure`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub fixed: BTreeMap<Spanned<String>, Spanned<String>>,
    /// The only code of a dimension that can occur in it, so that its figures are the total, too.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub only: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Codes that cannot occur in it, by dimension.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, OneOrMany<String>>")]
    pub excludes: BTreeMap<Spanned<String>, Spanned<OneOrMany<String>>>,
    /// The names of the tables that make it together.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub sum_of: Vec<Spanned<String>>,
    /// The rows it takes, where tables of a definition share a printed one; all where left out.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, OneOf>")]
    pub rows: RowRules,
    /// Whether a release may lack it.
    #[serde(default)]
    pub optional: bool,
    /// The first release that has it, as a date.
    #[schemars(with = "Option<String>")]
    pub from: Option<Spanned<String>>,
    /// The last release that has it, as a date.
    #[schemars(with = "Option<String>")]
    pub until: Option<Spanned<String>>,
    /// In what its periods are other than expected.
    #[serde(default)]
    pub unusual_periods: BTreeSet<UnusualPeriods>,
    /// What its label columns name.
    pub stub: Option<Stub>,
    /// What its header rows name, from top to bottom.
    #[schemars(with = "Option<Vec<RoleNames>>")]
    pub header: Option<Vec<Spanned<RoleNames>>>,
    /// The cells that it takes, as a spreadsheet writes ranges: all where left out.
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub range: Option<Spanned<OneOrMany<String>>>,
    /// What headings between its rows name, from the outermost to the innermost.
    #[schemars(with = "Option<OneOrMany<RoleNames>>")]
    pub sections: Option<Spanned<OneOrMany<RoleNames>>>,
    /// What its title names: dimensions, the period.
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub title_names: Option<Spanned<OneOrMany<String>>>,
    /// A list, a row for each figure: by role the heading of its column; `value` is that of the figures.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, OneOrMany<String>>")]
    pub long: BTreeMap<Spanned<String>, Spanned<OneOrMany<String>>>,
    /// Tables of one layout on several sheets: what holds for each, by the name of its sheet.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
    pub sheets: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<String>>>,
}

/// In what the periods of a table may be other than expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnusualPeriods {
    /// They do not run one way in time.
    Order,
    /// Some are far from all others.
    Gaps,
    /// Other tables of the document have others in the same time.
    Own,
    /// Some end after the release, as projections do.
    Future,
}

/// A table of a dataset.
#[derive(Clone, Debug, Default)]
pub struct TableDefinition {
    /// Its name.
    pub name: String,
    /// The titles it appears under.
    pub titles: Vec<String>,
    /// The sheets it stands on.
    pub sheets: Vec<String>,
    /// The code of each dimension that holds for all of it.
    pub fixed: Vec<Option<String>>,
    /// The dimensions of which no other code can occur in it.
    pub only: BTreeSet<usize>,
    /// The period that holds for all of it.
    pub period: Option<Period>,
    /// The measure that holds for all of it.
    pub measure: Option<usize>,
    /// Codes that cannot occur in it: the dimension, the code, and where the definition says so.
    pub excludes: Vec<(usize, String, Range<usize>)>,
    /// The tables that make it together.
    pub sum_of: Vec<usize>,
    /// Whether a release may lack it.
    pub optional: bool,
    /// The first and the last release that have it.
    pub from: Option<NaiveDate>,
    /// See `from`.
    pub until: Option<NaiveDate>,
    /// In what its periods are other than expected.
    pub unusual_periods: BTreeSet<UnusualPeriods>,
    /// The rows it takes of a printed table that it shares.
    pub rows: RowRules,
    /// Its label columns, the one that names rows first.
    pub label_columns: Vec<LabelColumn>,
    /// What its headings can name beside periods and what columns hold.
    pub heading_roles: Vec<Role>,
    /// Its layout, where the definition says it.
    pub frame: Option<FrameDefinition>,
}

/// A column of labels.
#[derive(Clone, Debug)]
pub struct LabelColumn {
    /// What its labels can name; the first that knows a label does.
    pub roles: Vec<Role>,
    /// Which column it is.
    pub place: LabelPlace,
}

/// Which of the label columns one is.
#[derive(Clone, Debug)]
pub enum LabelPlace {
    /// The first.
    First,
    /// By its number, from 0.
    Number(usize),
    /// By its heading; of several, the first column that is filled.
    Headings(Vec<String>),
}

impl TableDefinition {
    /// What labels of its rows can name.
    #[must_use]
    pub fn row_roles(&self) -> &[Role] {
        self.label_columns.first().map_or(&[], |column| &column.roles)
    }

    /// Whether a code of a dimension, by its place, cannot occur in it: it excludes the code, or is for another one only.
    #[must_use]
    pub fn is_closed_to(&self, at: usize, dimension: &Dimension, code: &str) -> bool {
        let holds = |own: &str| own == code || dimension.holds(own, code);
        let only = self.fixed[at].as_ref().filter(|_| self.only.contains(&at));
        let is_excluded = self.excludes.iter().any(|(of, own, _)| *of == at && holds(own));
        is_excluded || only.is_some_and(|only| !holds(only))
    }
}

impl Definition {
    /// Whether two tables can print the same figure: no dimension is fixed to different codes in them.
    #[must_use]
    pub fn tables_overlap(&self) -> bool {
        let differ = |one: &TableDefinition, other: &TableDefinition| {
            one.fixed
                .iter()
                .zip(&other.fixed)
                .any(|(one, other)| one.is_some() && other.is_some() && one != other)
        };
        let pairs = self.tables.iter().enumerate();
        pairs.into_iter().any(|(at, one)| self.tables[at + 1..].iter().any(|other| !differ(one, other)))
    }

    /// The tables of a definition: those it declares, and one for each code of a dimension that tells tables apart. They are
    /// in the order of their names.
    pub(super) fn resolve_tables(&self) -> Vec<TableDefinition> {
        let mut tables: Vec<TableDefinition> =
            self.declared.iter().map(|entry| self.resolve_table(entry)).collect();
        tables.extend(self.implied_tables(&tables));
        if tables.is_empty() {
            tables.push(self.resolve_table(&TableEntry::default()));
        }
        let names: Vec<Vec<String>> = self
            .declared
            .iter()
            .map(|entry| entry.sum_of.iter().map(|name| name.get_ref().clone()).collect())
            .collect();
        let mut with_parts: Vec<(TableDefinition, Vec<String>)> =
            tables.into_iter().zip(names.into_iter().chain(std::iter::repeat(Vec::new()))).collect();
        with_parts.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        let position = |name: &String, all: &[(TableDefinition, Vec<String>)]| {
            all.iter().position(|(table, _)| table.name == *name)
        };
        let sums: Vec<Vec<usize>> = with_parts
            .iter()
            .map(|(_, parts)| parts.iter().filter_map(|part| position(part, &with_parts)).collect())
            .collect();
        with_parts
            .into_iter()
            .zip(sums)
            .map(|((table, _), sum_of)| TableDefinition { sum_of, ..table })
            .collect()
    }

    fn resolve_table(&self, entry: &TableEntry) -> TableDefinition {
        let held = entry.fixed.iter().chain(&entry.only);
        let mut fixed = vec![None; self.dimensions.len()];
        let (mut period, mut measure) = (None, None);
        for (name, value) in held {
            match self.role(name.get_ref()) {
                Some(Role::Dimension(at)) => fixed[at] = Some(value.get_ref().clone()),
                Some(Role::Period) => period = value.get_ref().parse().ok(),
                Some(Role::Measure) => measure = self.measure_by_code(value.get_ref()),
                _ => {}
            }
        }
        let list = |names: &Option<Spanned<OneOrMany<String>>>| {
            names.as_ref().map(|names| names.get_ref().0.clone()).unwrap_or_default()
        };
        let (mut titles, sheets) = (list(&entry.title), list(&entry.sheet));
        titles.extend(self.code_titles(&fixed));
        let only = entry.only.keys().filter_map(|name| self.dimension_index(name.get_ref()));
        let excludes = entry.excludes.iter().filter_map(|(name, codes)| {
            let at = self.dimension_index(name.get_ref())?;
            Some(codes.get_ref().0.iter().map(move |code| (at, code.clone(), codes.span())))
        });
        let day = |day: &Option<Spanned<String>>| parse_date(day.as_ref()?.get_ref());
        TableDefinition {
            optional: entry.optional || self.optional_tables,
            from: day(&entry.from),
            until: day(&entry.until),
            unusual_periods: entry.unusual_periods.clone(),
            name: self.table_name(entry, &fixed, &titles, &sheets),
            only: only.collect(),
            excludes: excludes.flatten().collect(),
            rows: entry.rows.clone(),
            label_columns: self.resolve_stub(entry.stub.as_ref().or(self.stub.as_ref()), &fixed, measure),
            heading_roles: self.resolve_header(
                entry.header.as_ref().or(self.header.as_ref()),
                &fixed,
                measure,
            ),
            frame: self.resolve_frame(entry, &fixed, measure),
            sum_of: Vec::new(),
            titles,
            sheets,
            fixed,
            period,
            measure,
        }
    }

    /// A table for each code that no declared table has, where a single dimension tells tables apart.
    fn implied_tables(&self, declared: &[TableDefinition]) -> Vec<TableDefinition> {
        let mut of_tables =
            (0..self.dimensions.len()).filter(|at| self.dimensions[*at].printed == Printed::Table);
        let (Some(at), None) = (of_tables.next(), of_tables.next()) else { return Vec::new() };
        let known: BTreeSet<&String> = declared.iter().filter_map(|table| table.fixed[at].as_ref()).collect();
        let codes = self.dimensions[at].own_codes().iter();
        let missing = codes.filter(|code| !known.contains(code.code.get_ref()));
        let entry = |code: &Code| TableEntry {
            fixed: BTreeMap::from([(self.dimensions[at].name.clone(), code.code.clone())]),
            ..TableEntry::default()
        };
        missing.map(|code| self.resolve_table(&entry(code))).collect()
    }

    /// The names and labels of the fixed code that tells a table apart: it may be titled by them. They are no title where two
    /// dimensions tell tables apart, or several tables have the code.
    fn code_titles(&self, fixed: &[Option<String>]) -> Vec<String> {
        let mut of_tables = self.dimensions.iter().zip(fixed).filter(|(of, _)| of.printed == Printed::Table);
        let (Some((of, Some(code))), None) = (of_tables.next(), of_tables.next()) else { return Vec::new() };
        let has_code = |entry: &&TableEntry| {
            let mut held = entry.fixed.iter().chain(&entry.only);
            held.any(|(name, own)| name.get_ref() == of.name() && own.get_ref() == code)
        };
        if self.declared.iter().filter(has_code).count() > 1 {
            return Vec::new();
        }
        let own = of.own_codes().iter().find(|own| own.code.get_ref() == code);
        own.into_iter().flat_map(Code::printed).map(str::to_owned).collect()
    }

    fn table_name(
        &self,
        entry: &TableEntry,
        fixed: &[Option<String>],
        titles: &[String],
        sheets: &[String],
    ) -> String {
        let of_tables = self.dimensions.iter().zip(fixed).filter(|(of, _)| of.printed == Printed::Table);
        let codes: Vec<&str> = of_tables.filter_map(|(_, code)| code.as_deref()).collect();
        let others = || fixed.iter().flatten().map(String::as_str).collect::<Vec<_>>().join("/");
        let own = entry.name.as_ref().map(|name| name.get_ref().clone());
        own.or_else(|| Some(codes.join("/")).filter(|codes| !codes.is_empty()))
            .or_else(|| Some(others()).filter(|codes| !codes.is_empty()))
            .or_else(|| sheets.first().or(titles.first()).cloned())
            .unwrap_or_else(|| self.name().to_owned())
    }
}
