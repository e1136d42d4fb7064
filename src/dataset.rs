//! A dataset's definition: all that is particular to a family of documents, as data. Built in (`dataset/built_in/*.toml`)
//! or a user's own file; the code knows none of it.

mod breaks;
mod dimension;
mod exceptions;
mod key;
mod lookup;
mod measure;
mod one_or_many;
mod role;
mod rows;
mod schema;
mod style;
mod table;
mod titles;
mod validation;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use crate::grammar::indicator::{self, Indicator};
use crate::grammar::period::calendar::{Calendar, DateOrder, MonthName, YearEnd};
use crate::grammar::period::named_calendar::NamedCalendar;
use crate::grammar::status_flag::FlagMeaning;
use crate::problem::exit::Exit;
use crate::problem::{Problem, Span, did_you_mean};
use crate::text::{fold_whitespace, format_hex};
pub use breaks::{Breaks, SeriesBreak};
pub use dimension::{Code, CodeInfo, CodeKind, CodeSource, Dimension, LabelMatch, Printed};
pub use exceptions::{Correction, Discrepancy};
pub use key::Key;
pub use measure::{DefinedFigure, Measure};
pub use one_or_many::OneOrMany;
pub use role::{ROLE_WORDS, Role, Stub};
pub use rows::{Ignored, LeftOutBy, OneOf, Others, RowRules};
pub use schema::definition_schema;
pub use style::{Figures, Marks, Told};
pub use table::{
    FrameColumn, FrameDefinition, LabelColumn, LabelPlace, TableDefinition, TableEntry, UnusualPeriods,
};
pub use titles::strip_number;
use titles::title_key;
use validation::toml_problem;
pub use validation::{ENDINGS, RESERVED, is_name};

/// The definitions that come with the program: name and text.
const BUILT_IN: [(&str, &str); 1] =
    [("hk-talent-admissions", include_str!("dataset/built_in/hk-talent-admissions.toml"))];

/// A family of documents that report the same tables.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name, which is its folder's name, too: lower-case letters, digits and hyphens.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// What it is, in words.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Where it is published, if that is to be told.
    pub homepage: Option<String>,
    /// What tells figures of one period apart.
    #[serde(rename = "dimension", default)]
    pub dimensions: Vec<Dimension>,
    /// What is counted.
    #[serde(rename = "measure", deserialize_with = "measures")]
    #[schemars(with = "OneOrMany<Measure>")]
    pub measures: Vec<Measure>,
    /// The dimension along which shares and ranks go; the first that has a total and is printed in cells, where left out.
    #[schemars(with = "Option<String>")]
    share_of: Option<Spanned<String>>,
    /// Dimensions whose codes count nothing twice, so that `bounds` adds up across them.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub sum_across: Vec<Spanned<String>>,
    /// How figures are printed.
    #[serde(default)]
    pub figures: Figures,
    /// What stands in place of a figure.
    #[schemars(with = "Option<Marks>")]
    pub symbols: Option<Spanned<Marks>>,
    /// What stands beside a figure.
    #[schemars(with = "Option<Marks>")]
    pub flags: Option<Spanned<Marks>>,
    /// What a nil symbol stands for.
    #[serde(default)]
    pub nil: Nil,
    /// Whether tables print their totals.
    #[serde(default)]
    pub totals: Totals,
    /// Whether a release may lack any of its tables.
    #[serde(default)]
    optional_tables: bool,
    /// How far a total may be off, in units of the figures' last digit. Where left out, nothing, but for tables whose figures
    /// show that they were rounded.
    #[serde(default)]
    pub tolerance: Option<u32>,
    /// The length of a period that is not partial.
    #[serde(default)]
    pub regular_period: Length,
    /// The month in which a financial year begins; January where its years are calendar years.
    #[serde(default)]
    financial_year: Option<MonthName>,
    /// Which of its two calendar years names a financial year that is printed as `FY2023`.
    #[serde(default)]
    financial_year_named_by: Option<YearEnd>,
    /// The order of the numbers of a day printed as `01/02/2023`.
    #[serde(default)]
    date_order: Option<DateOrder>,
    /// The calendar by which years are counted that are no usual ones, as `99年` for 2010.
    #[serde(default, rename = "calendar")]
    named_calendar: Option<NamedCalendar>,
    /// What headings mean that could be two things, or are no usual period: the period as published data name it.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    periods: BTreeMap<String, Spanned<String>>,
    /// What columns hold whose headings say it in words that are not known: by the heading.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Indicator>")]
    headings: BTreeMap<String, Spanned<Indicator>>,
    /// What the label columns of tables name, where a table does not say it itself.
    stub: Option<Stub>,
    /// What the header rows of tables name, where a table does not say it itself.
    #[schemars(with = "Option<Vec<OneOrMany<String>>>")]
    header: Option<Vec<Spanned<OneOrMany<String>>>>,
    /// The tables that are declared.
    #[serde(rename = "table", default)]
    declared: Vec<TableEntry>,
    /// What becomes of sheets on which none of the tables stands.
    #[serde(default)]
    pub others: Others,
    /// Tables and rows that are left out.
    #[serde(default, rename = "ignore")]
    pub ignored: Vec<Ignored>,
    /// Figures known to be printed wrong.
    #[serde(default, rename = "correction")]
    pub corrections: Vec<Correction>,
    /// Sums known not to add up.
    #[serde(default, rename = "discrepancy")]
    pub discrepancies: Vec<Discrepancy>,
    /// Days from which on figures count something else.
    #[serde(default, rename = "break")]
    pub breaks: Vec<SeriesBreak>,
    /// The tables, in the order of their names.
    #[serde(skip)]
    pub tables: Vec<TableDefinition>,
    /// What it says of time, as headings are read by it.
    #[serde(skip)]
    pub calendar: Calendar,
    /// What columns hold, by the heading's normal form.
    #[serde(skip)]
    indicators: BTreeMap<String, Indicator>,
    /// Where it was read from, and its text, for messages.
    #[serde(skip)]
    origin: (String, String),
    /// The first table of each title, by the title's normal form.
    #[serde(skip)]
    by_title: BTreeMap<String, usize>,
    /// What each symbol and flag stands for.
    #[serde(skip)]
    by_mark: BTreeMap<String, Told>,
    /// Whether it names a nil symbol.
    #[serde(skip)]
    names_nil: bool,
}

/// What a nil mark stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Nil {
    /// Zero where the table's own total proves it.
    #[default]
    Proven,
    /// Zero, because the publisher says so.
    Zero,
}

/// Whether tables with regions print their totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Totals {
    /// Always: a missing one is a problem.
    #[default]
    Printed,
    /// Not always: a missing one is derived, and nothing is proven by it.
    Optional,
}

/// A length of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Length {
    /// Twelve months.
    #[default]
    Year,
    /// Six months.
    HalfYear,
    /// Three months.
    Quarter,
    /// One month.
    Month,
}

fn measures<'d, D: serde::Deserializer<'d>>(toml: D) -> Result<Vec<Measure>, D::Error> {
    Ok(OneOrMany::<Measure>::deserialize(toml)?.0)
}

impl Length {
    /// In months.
    #[must_use]
    pub fn months(self) -> u32 {
        match self {
            Length::Year => 12,
            Length::HalfYear => 6,
            Length::Quarter => 3,
            Length::Month => 1,
        }
    }
}

/// The definitions that come with the program.
///
/// # Errors
/// Where one of them is wrong.
pub fn built_in() -> Result<Vec<Definition>, Vec<Problem>> {
    BUILT_IN
        .iter()
        .map(|(name, text)| Definition::parse(text, &format!("{BUILT_IN_ORIGIN}{name}.toml")))
        .collect()
}

/// The built-in definition of that name, or the one in that file.
///
/// # Errors
/// The outer one where there is neither, the inner one where the definition is wrong.
pub fn find(name_or_file: &str) -> Result<Result<Definition, Vec<Problem>>> {
    if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == name_or_file) {
        return Ok(Definition::parse(text, &format!("{BUILT_IN_ORIGIN}{name}.toml")));
    }
    if !Path::new(name_or_file).exists() {
        let names = BUILT_IN.map(|(name, _)| name);
        let hint =
            did_you_mean(name_or_file, names).unwrap_or_else(|| format!("built in: {}", names.join(", ")));
        let message = format!("`{name_or_file}` is neither a built-in dataset nor a file; {hint}");
        return Err(Exit::Config.error(message));
    }
    let text = std::fs::read_to_string(name_or_file)
        .with_context(|| format!("cannot read the definition {name_or_file}"))?;
    Ok(Definition::parse(&text, name_or_file))
}

/// What the origin of a built-in definition begins with.
const BUILT_IN_ORIGIN: &str = "built-in ";

impl Definition {
    /// Whether the program brings it.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.origin.0.starts_with(BUILT_IN_ORIGIN)
    }

    /// Reads a definition; `path` names it in messages.
    ///
    /// # Errors
    /// All that is wrong with it, each with its line and column.
    pub fn parse(text: &str, path: &str) -> Result<Definition, Vec<Problem>> {
        let mut definition: Definition =
            toml::from_str(text).map_err(|error| vec![toml_problem(&error, text, path)])?;
        definition.origin = (path.into(), text.into());
        definition.dimensions.iter_mut().for_each(Dimension::index_labels);
        definition.by_mark = style::by_mark([definition.symbols.as_ref(), definition.flags.as_ref()]);
        definition.names_nil = definition.by_mark.values().any(|(meaning, _)| *meaning == FlagMeaning::Nil);
        let declared = std::mem::take(&mut definition.declared);
        definition.declared = declared.into_iter().flat_map(TableEntry::expand).collect();
        definition.tables = definition.resolve_tables();
        for (at, table) in definition.tables.iter().enumerate() {
            for title in &table.titles {
                definition.by_title.entry(title_key(title)).or_insert(at);
            }
        }
        let headings = definition.headings.iter();
        definition.indicators =
            headings.map(|(heading, of)| (indicator::normalize_heading(heading), *of.get_ref())).collect();
        definition.calendar = definition.resolve_calendar();
        let problems = definition.validate();
        if problems.is_empty() { Ok(definition) } else { Err(problems) }
    }

    /// Where it was read from.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.origin.0
    }

    /// The SHA-256 of its text, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        format_hex(&Sha256::digest(&self.origin.1))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.get_ref()
    }

    /// What it says, as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.origin.1
    }

    /// What it says of time.
    fn resolve_calendar(&self) -> Calendar {
        let period = |(label, code): (&String, &Spanned<String>)| {
            Some((fold_whitespace(label).into_owned(), code.get_ref().parse().ok()?))
        };
        Calendar {
            financial_year: self.financial_year,
            named_by: self.financial_year_named_by,
            date_order: self.date_order,
            years: self.named_calendar,
            stock: self.measures.first().and_then(|measure| measure.stock),
            headings: self.periods.iter().filter_map(period).collect(),
        }
    }

    /// Where something stands in the definition.
    #[must_use]
    pub fn span<T>(&self, at: &Spanned<T>, label: impl Into<String>) -> Span {
        Span::from_range(&self.origin.0, &self.origin.1, at.span(), label)
    }

    /// Where a range of bytes stands in the definition.
    #[must_use]
    pub fn span_of_range(&self, range: std::ops::Range<usize>, label: impl Into<String>) -> Span {
        Span::from_range(&self.origin.0, &self.origin.1, range, label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "name = \"d\"\ntitle = \"T\"\npublisher = \"P\"\n[measure]\nname = \"m\"\nunit = \"u\"\n[[dimension]]\nname = \"sort\"\nmeaning = \"k\"\nprinted = \"table\"\n[dimension.codes]\nX = \"X\"\n[[dimension]]\nname = \"region\"\nmeaning = \"r\"\ncodes = \"regions\"\n";

    fn faults(text: &str) -> Vec<(String, String)> {
        let problems = Definition::parse(text, "d.toml").unwrap_err();
        let place = |problem: &Problem| problem.spans[0].place.as_ref().unwrap().to_string();
        problems
            .iter()
            .map(|problem| {
                (place(problem), format!("{} {}", problem.message, problem.help.clone().unwrap_or_default()))
            })
            .collect()
    }

    #[test]
    fn the_built_in_definitions_are_sound_and_named_as_their_files() {
        for (definition, (name, _)) in built_in().unwrap().iter().zip(BUILT_IN) {
            assert_eq!(definition.name(), name);
        }
    }

    #[test]
    fn faults_are_located_and_say_what_was_probably_meant() {
        let cases = [
            (SMALL.replace("title", "titel"), "2:1", "did you mean `title`?"),
            (SMALL.replace("\"T\"", "5"), "2:9", "expected a string"),
            (SMALL.replace("\"d\"", "\"../d\""), "1:8", "cannot name a dataset"),
            (SMALL.replace("\"sort\"", "\"period\""), "8:8", "cannot name a dimension"),
            (SMALL.replace("\"sort\"", "\"region\""), "14:8", "is declared twice"),
            (
                format!("{SMALL}[[table]]\nfixed = {{ sort = \"X\" }}\nonly = {{ region = \"Canada\" }}\n"),
                "19:19",
                "write `CAN`",
            ),
            (
                format!("{SMALL}[category]\ncolumn = \"kind\"\n"),
                "17:2",
                "`[[dimension]]` with `printed = \"table\"`",
            ),
            (
                SMALL.replace("X = \"X\"", "X = \"X\"\nY = { name = \"Y\", parent = \"Z\" }"),
                "13:28",
                "`Z` is no code of `sort`",
            ),
            (SMALL.replace("\"regions\"", "\"region\""), "16:9", "known here: regions"),
            (SMALL.replace("publisher", "# publisher"), "1:1", "missing field `publisher`"),
            (SMALL.replace("= \"P\"", "= \"P"), "3:15", "invalid basic string"),
        ];
        for (text, place, words) in cases {
            let found = faults(&text);
            assert!(
                found.len() == 1 && found[0].0 == place && found[0].1.contains(words),
                "{found:?} is not {place} {words}"
            );
        }
    }

    #[test]
    fn a_correction_is_checked_before_it_is_used() {
        let correction =
            "[[correction]]\nkey = \"Y/CAN/2026 (Jan - Feb)\"\nexpected = \"1\"\nvalue = 2\nreason = \" \"\n";
        let found = faults(&format!("{SMALL}{correction}"));
        let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["18:7", "18:7", "21:10"]);
        assert!(found[0].1.contains("`Y` is no code of `sort`"), "{found:?}");
        assert!(found[1].1.contains("write `2026-01-01/P2M`"), "{found:?}");
    }

    #[test]
    fn titles_are_known_however_they_are_set() {
        let definition = &built_in().unwrap()[0];
        let cases: [(&[&str], Option<(&str, usize)>); 9] = [
            (&["Top Talent Pass Scheme"], Some(("TTPS", 0))),
            (&["**TOP TALENT", "PASS  SCHEME**"], Some(("TTPS", 0))),
            (&["Words before.", "General Employment Policy (GEP)"], Some(("GEP", 1))),
            (&["Table 4: Immigration Arrangements for Non-", "local Graduates"], Some(("IANG", 0))),
            (&["### Quality Migrant Admission Scheme:"], Some(("QMAS", 0))),
            (&["(c) Technology Talent Admission Scheme（TechTAS）"], Some(("TechTAS", 0))),
            (&["Top Talent Pass"], None),
            (&["The Top Talent Pass Scheme and others"], None),
            (&[], None),
        ];
        for (lines, expected) in cases {
            let found = definition
                .match_title(lines)
                .map(|(table, skip)| (definition.tables[table].name.as_str(), skip));
            assert_eq!(found, expected, "{lines:?}");
        }
    }
}
