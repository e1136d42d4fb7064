//! What is wrong with the tables of a definition.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::dataset::dimension::Dimension;
use crate::dataset::role::{ROLE_WORDS, Role, Stub};
use crate::dataset::table::{TableEntry, VALUE};
use crate::dataset::titles::title_key;
use crate::dataset::{Definition, OneOrMany};
use crate::position::CellRange;
use crate::problem::{Problem, Rule, did_you_mean};
use crate::text::parse_date;

impl Definition {
    pub(super) fn validate_table(&self, entry: &TableEntry) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, value) in entry.fixed.iter().chain(&entry.only) {
            problems.extend(self.validate_fixed_code(name, value));
        }
        for (name, codes) in &entry.excludes {
            match self.dimension_index(name.get_ref()) {
                None => problems.push(self.unknown_role(name, name.get_ref())),
                Some(at) => problems.extend(codes.get_ref().0.iter().filter_map(|code| {
                    let dimension = &self.dimensions[at];
                    let unknown = dimension.code(code).is_none();
                    unknown.then(|| self.unknown_code(Rule::Table, dimension, codes, code))
                })),
            }
        }
        for part in entry.sum_of.iter().filter(|part| self.table_index(part.get_ref()).is_none()) {
            let message = format!("`{}` is no other table of the definition", part.get_ref());
            problems.push(self.fault(Rule::SumOf, part, message, ""));
        }
        problems.extend(entry.from.iter().chain(&entry.until).filter_map(|day| self.validate_day(day)));
        problems.extend(self.validate_stub(entry.stub.as_ref()));
        problems.extend(entry.header.iter().flatten().flat_map(|roles| self.validate_roles(roles)));
        problems.extend(self.validate_frame(entry));
        problems
    }

    /// The words of a table's layout.
    fn validate_frame(&self, entry: &TableEntry) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(ranges) = &entry.range {
            let wrong = ranges.get_ref().0.iter().filter(|range| CellRange::parse(range).is_none());
            problems.extend(wrong.map(|range| self.wrong_range(ranges, range)));
        }
        if let Some(sections) = &entry.sections {
            let names = sections.get_ref().0.iter().flat_map(|names| &names.0);
            problems.extend(self.unknown_roles(sections, names));
        }
        if let Some(names) = &entry.title_names {
            problems.extend(self.unknown_roles(names, &names.get_ref().0));
        }
        let roles = entry.long.keys().filter(|role| role.get_ref() != VALUE);
        problems.extend(roles.flat_map(|role| self.unknown_roles(role, [role.get_ref()])));
        if let (Some(first), false) =
            (entry.long.keys().next(), entry.long.keys().any(|role| role.get_ref() == VALUE))
        {
            let message = "the list does not say which column holds the figures".to_owned();
            problems.push(
                self.fault(Rule::Table, first, message, "").help("name its heading: `value = \"Count\"`"),
            );
        }
        problems
    }

    pub(in crate::dataset) fn wrong_range<T>(&self, at: &Spanned<T>, range: &str) -> Problem {
        let message = format!("`{range}` is no range of cells");
        self.fault(Rule::Table, at, message, "").help("write it as `A5:G16`, or open as `A5:G` or `A5:`")
    }

    fn unknown_roles<'n, T>(
        &self,
        at: &Spanned<T>,
        names: impl IntoIterator<Item = &'n String>,
    ) -> Vec<Problem> {
        let unknown = names.into_iter().filter(|name| self.role(name).is_none());
        unknown.map(|name| self.unknown_role(at, name)).collect()
    }

    fn validate_day(&self, day: &Spanned<String>) -> Option<Problem> {
        let problem = || self.fault(Rule::Table, day, "the release is no date".into(), "");
        parse_date(day.get_ref()).is_none().then(|| problem().help("write it as 2026-02-28"))
    }

    fn validate_fixed_code(&self, name: &Spanned<String>, value: &Spanned<String>) -> Option<Problem> {
        match self.role(name.get_ref()) {
            Some(Role::Dimension(at)) => {
                let dimension = &self.dimensions[at];
                let unknown = dimension.code(value.get_ref()).is_none();
                unknown.then(|| self.unknown_code(Rule::Table, dimension, value, value.get_ref()))
            }
            Some(Role::Period) => self.validate_period(Rule::Table, value),
            Some(Role::Measure) if self.measure_by_code(value.get_ref()).is_none() => {
                let message = format!("`{}` is no measure of the definition", value.get_ref());
                Some(self.fault(Rule::Table, value, message, ""))
            }
            Some(Role::Measure) => None,
            _ => Some(self.unknown_role(name, name.get_ref())),
        }
    }

    pub(super) fn validate_stub(&self, stub: Option<&Stub>) -> Vec<Problem> {
        match stub {
            None => Vec::new(),
            Some(Stub::Columns(columns)) => {
                columns.iter().flat_map(|roles| self.validate_roles(roles)).collect()
            }
            Some(Stub::Headings(headings)) => headings
                .keys()
                .filter(|role| self.role(role.get_ref()).is_none())
                .map(|role| self.unknown_role(role, role.get_ref()))
                .collect(),
        }
    }

    pub(super) fn validate_roles(&self, roles: &Spanned<OneOrMany<String>>) -> Vec<Problem> {
        self.unknown_roles(roles, &roles.get_ref().0)
    }

    fn unknown_role<T>(&self, at: &Spanned<T>, name: &str) -> Problem {
        let known: Vec<&str> = self.dimensions.iter().map(Dimension::name).chain(ROLE_WORDS).collect();
        let message = format!("`{name}` is no dimension of the definition");
        let help = did_you_mean(name, known.iter().copied());
        let help = help.unwrap_or_else(|| format!("known here: {}", known.join(", ")));
        self.fault(Rule::Table, at, message, "").help(help)
    }

    /// Names and titles must tell tables apart, or the rows of the printed table that they share.
    pub(super) fn validate_distinct_tables(&self) -> Vec<Problem> {
        let (mut names, mut titles): (BTreeSet<&str>, BTreeMap<String, (&str, bool)>) = Default::default();
        let mut problems = Vec::new();
        for table in &self.tables {
            let at = self.entry_of(&table.name);
            if !names.insert(&table.name) {
                let message = format!("two tables are named `{}`", table.name);
                let problem = self.fault(Rule::Table, at, message, "");
                problems.push(problem.help("give one of them a `name`, or another fixed code"));
            }
            // Tables with ranges may stand on one sheet.
            let is_placed = table.frame.as_ref().is_some_and(|frame| !frame.ranges.is_empty());
            let sheets = table.sheets.iter().filter(|_| !is_placed);
            for title in table.titles.iter().chain(sheets) {
                let takes_all = table.rows.is_empty();
                let known = titles.insert(title_key(title), (&table.name, !takes_all));
                let other = known.filter(|(other, by_rows)| *other != table.name && (takes_all || !by_rows));
                problems.extend(other.map(|(other, _)| {
                    let message = format!("the title `{title}` belongs to two tables");
                    self.fault(Rule::TableTitle, at, message, &format!("{} and {other}", table.name))
                }));
            }
        }
        problems
    }

    /// Where a table of a name is declared; where it is implied, what declares its code.
    fn entry_of(&self, name: &str) -> &Spanned<String> {
        let named = |entry: &&TableEntry| entry.name.as_ref().is_some_and(|own| own.get_ref() == name);
        let own = self.declared.iter().find(named).and_then(|entry| entry.name.as_ref());
        let code = || {
            let mut codes = self.dimensions.iter().flat_map(Dimension::own_codes);
            codes.find(|code| code.code.get_ref() == name).map(|code| &code.code)
        };
        let fixed = || {
            self.declared.iter().flat_map(|entry| entry.fixed.values()).find(|code| code.get_ref() == name)
        };
        own.or_else(fixed).or_else(code).unwrap_or(&self.name)
    }
}
