//! A dataset's definition: all that is particular to a family of documents, as data. Built in (`dataset/*.toml`) or a
//! user's own file; the code knows none of it.

mod discrepancy;
mod faults;
mod rows;
mod style;
mod titles;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use crate::grammar::indicator::{self, Indicator};
use crate::grammar::mark::{self, Meaning};
use crate::grammar::number;
use crate::grammar::period::Period;
use crate::grammar::period::calendar::{Calendar, DateOrder, MonthName, YearEnd};
use crate::layout::header::Heading;
use crate::problem::exit::Exit;
use crate::problem::{Problem, Span, did_you_mean};
use crate::regions;
use crate::text::{folded, hex};
pub use discrepancy::Discrepancy;
use faults::toml_problem;
pub use rows::{Ignored, LabelColumns, OneOf, Rows};
pub use style::{Figures, Marks, Told};
use titles::title_key;

/// The definitions that come with the program: name and text.
const BUILT_IN: [(&str, &str); 1] =
    [("hk-talent-admissions", include_str!("dataset/built_in/hk-talent-admissions.toml"))];

/// A family of documents that report the same tables.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name, which is its folder's name, too: lower-case letters, digits and hyphens.
    pub name: Spanned<String>,
    /// What it is, in words.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Where it is published, if that is to be told.
    pub homepage: Option<String>,
    /// What the figures measure.
    pub measure: Measure,
    /// What tells its tables apart.
    pub category: CategoryColumn,
    /// The tables, by the category each reports.
    #[serde(rename = "table")]
    pub categories: Vec<Category>,
    /// How figures are printed.
    #[serde(default)]
    pub figures: Figures,
    /// What marks stand for.
    #[serde(default)]
    pub marks: Option<Spanned<Marks>>,
    /// What is printed for nil.
    #[serde(default)]
    pub nil_marks: Option<Vec<Spanned<String>>>,
    /// What a nil mark stands for.
    #[serde(default)]
    pub nil: Nil,
    /// Whether tables print their totals.
    #[serde(default)]
    pub totals: Totals,
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
    /// What headings mean that could be two things, or are no usual period: the period as published data name it.
    #[serde(default)]
    periods: BTreeMap<String, Spanned<String>>,
    /// What columns hold whose headings say it in words that are not known: by the heading.
    #[serde(default)]
    columns: BTreeMap<String, Spanned<Indicator>>,
    /// The same by the heading's normal form.
    #[serde(skip)]
    indicators: BTreeMap<String, Indicator>,
    /// All this, as headings are read by it.
    #[serde(skip)]
    pub calendar: Calendar,
    /// What the columns of labels say, where tables have several.
    #[serde(default)]
    pub labels: LabelColumns,
    /// Tables and rows that are left out.
    #[serde(default, rename = "ignore")]
    pub ignored: Vec<Ignored>,
    /// Names of regions.
    #[serde(default)]
    pub regions: RegionNames,
    /// Figures known to be printed wrong.
    #[serde(default, rename = "correction")]
    pub corrections: Vec<Correction>,
    /// Sums known not to add up.
    #[serde(default, rename = "discrepancy")]
    pub discrepancies: Vec<Discrepancy>,
    /// Where it was read from, and its text, for messages.
    #[serde(skip)]
    origin: (String, String),
    /// How its labels are understood.
    #[serde(skip)]
    usage: regions::Usage,
    /// The first category of each title, by the title's normal form.
    #[serde(skip)]
    by_title: BTreeMap<String, usize>,
    /// What each mark stands for.
    #[serde(skip)]
    by_mark: BTreeMap<String, Told>,
}

/// What the figures measure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// In words: `applications approved`.
    pub name: String,
    /// The unit: `applications`.
    pub unit: String,
    /// How many decimals the figures have, at most 9; 0 for counts.
    #[serde(default, deserialize_with = "decimals")]
    pub decimals: u32,
    /// Whether a figure can be below zero.
    #[serde(default)]
    pub negative: bool,
    /// Whether the figures of rows add up: not those of rates, indices, averages. Where left out, no total is derived where
    /// anything speaks against it.
    #[serde(default)]
    pub additive: Option<bool>,
    /// Where figures count what stood on a day: at which end of the period that a heading names.
    #[serde(default)]
    pub stock: Option<YearEnd>,
}

/// The column that tells tables apart.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryColumn {
    /// Its name in published data: `scheme`.
    pub column: Spanned<String>,
    /// What it is, in words: `admission scheme`.
    pub meaning: String,
}

/// One of the tables.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its code in published data.
    pub code: Spanned<String>,
    /// Its name; a title, too.
    pub name: String,
    /// Other titles its table appears under.
    #[serde(default)]
    pub titles: Vec<String>,
    /// The rows it takes of its table, which other categories share then; all where left out.
    #[serde(default)]
    pub rows: Rows,
    /// The region its figures are for, where the table prints none.
    pub region: Option<Spanned<String>>,
    /// Regions that cannot occur in it.
    #[serde(default)]
    pub excludes: Vec<Spanned<String>>,
    /// The categories whose tables make its own together.
    #[serde(default)]
    pub sum_of: Vec<Spanned<String>>,
    /// Its place among all categories in the order of their codes.
    #[serde(skip)]
    pub rank: u32,
}

/// What a nil mark stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nil {
    /// Zero where the table's own total proves it.
    #[default]
    Proven,
    /// Zero, because the publisher says so.
    Zero,
}

/// Whether tables with regions print their totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Totals {
    /// Always: a missing one is a problem.
    #[default]
    Printed,
    /// Not always: a missing one is derived, and nothing is proven by it.
    Optional,
}

/// A length of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
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

/// Names of regions that differ from the usual ones.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionNames {
    /// Whether the rows are nationalities, so that `Filipino` stands for the Philippines.
    #[serde(default)]
    pub nationalities: bool,
    /// Display names by code; a code of a group that the program does not know declares one.
    #[serde(default)]
    pub names: BTreeMap<Spanned<String>, String>,
    /// What groups hold beside what UN M49 says, by code.
    #[serde(default)]
    pub members: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    /// Codes by printed label, where a label means something else than usual.
    #[serde(default)]
    pub labels: BTreeMap<String, Spanned<String>>,
}

/// A figure that is printed wrong, and the right one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Code of the category.
    pub category: Spanned<String>,
    /// Code of the region; `_O` for the residual, `_T` for the total.
    pub region: Spanned<String>,
    /// The period, as published data names it.
    pub period: Spanned<String>,
    /// The release it holds for, as a date; every release where left out.
    pub release: Option<Spanned<String>>,
    /// What is printed, to be sure that it still is.
    pub expected: Spanned<String>,
    /// The right figure.
    pub value: Spanned<Figure>,
    /// Why this is known.
    pub reason: Spanned<String>,
}

/// A figure as TOML writes it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Figure {
    /// Without decimals.
    Whole(i64),
    /// With decimals.
    Decimal(f64),
}

impl Figure {
    /// In units of the measure's last decimal.
    fn scaled(self, measure: &Measure) -> Result<i64, number::Fault> {
        match self {
            Figure::Whole(value) => number::parse(&value.to_string(), measure.decimals),
            Figure::Decimal(value) => number::parse(&value.to_string(), measure.decimals),
        }
    }
}

fn decimals<'d, D: serde::Deserializer<'d>>(toml: D) -> Result<u32, D::Error> {
    let decimals = u32::deserialize(toml)?;
    if decimals > 9 {
        Err(serde::de::Error::custom("at most 9 decimals are kept exactly"))
    } else {
        Ok(decimals)
    }
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
    BUILT_IN.iter().map(|(name, text)| Definition::parse(text, &format!("built-in {name}.toml"))).collect()
}

/// The built-in definition of that name, or the one in that file.
///
/// # Errors
/// The outer one where there is neither, the inner one where the definition is wrong.
pub fn find(name_or_file: &str) -> Result<Result<Definition, Vec<Problem>>> {
    if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == name_or_file) {
        return Ok(Definition::parse(text, &format!("built-in {name}.toml")));
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

impl Definition {
    /// Reads a definition; `path` names it in messages.
    ///
    /// # Errors
    /// All that is wrong with it, each with its line and column.
    pub fn parse(text: &str, path: &str) -> Result<Definition, Vec<Problem>> {
        let mut definition: Definition =
            toml::from_str(text).map_err(|error| vec![toml_problem(&error, text, path)])?;
        definition.origin = (path.into(), text.into());
        definition.rank_categories();
        definition.by_mark = style::by_mark(definition.marks.as_ref());
        for (at, category) in definition.categories.iter().enumerate() {
            for title in category.titles() {
                definition.by_title.entry(title_key(title)).or_insert(at);
            }
        }
        let columns = definition.columns.iter();
        definition.indicators =
            columns.map(|(heading, of)| (indicator::form(heading), *of.get_ref())).collect();
        definition.calendar = definition.reckoned();
        definition.usage = definition.usage_of_labels();
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
        hex(&Sha256::digest(&self.origin.1))
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

    /// What is printed for nil.
    #[must_use]
    pub fn nil_marks(&self) -> Vec<&str> {
        match &self.nil_marks {
            Some(marks) => marks.iter().map(|mark| mark.get_ref().as_str()).collect(),
            None => mark::NIL.to_vec(),
        }
    }

    /// What a mark stands for.
    #[must_use]
    pub fn meaning(&self, text: &str) -> Option<Meaning> {
        let nil = || match &self.nil_marks {
            Some(marks) => marks.iter().any(|mark| mark.get_ref() == text),
            None => mark::NIL.contains(&text),
        };
        let said = self.by_mark.get(text).map(|(meaning, _)| *meaning);
        said.or_else(|| nil().then_some(Meaning::Nil))
    }

    /// The marks that it names, and what it says of each.
    #[must_use]
    pub fn marks(&self) -> &BTreeMap<String, Told> {
        &self.by_mark
    }

    /// What the column below a heading holds; none where nothing tells.
    #[must_use]
    pub fn indicator(&self, heading: &Heading) -> Option<Indicator> {
        if self.indicators.is_empty() || heading.words.is_empty() {
            return heading.indicator;
        }
        self.indicators.get(&indicator::form(&heading.words)).copied().or(heading.indicator)
    }

    /// Whether what stands below a heading is not to be read.
    #[must_use]
    pub fn ignores(&self, heading: &str) -> bool {
        let said = || self.indicators.get(&indicator::form(heading));
        !self.indicators.is_empty() && said() == Some(&Indicator::Ignored)
    }

    /// The right figure of a correction, in units of the measure's last decimal.
    #[must_use]
    pub fn corrected(&self, correction: &Correction) -> i64 {
        correction.value.get_ref().scaled(&self.measure).unwrap_or_default()
    }

    /// The category with a code.
    #[must_use]
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.code.get_ref() == code)
    }

    /// The categories in the order of their codes.
    #[must_use]
    pub fn ranked(&self) -> Vec<&Category> {
        let mut ranked: Vec<&Category> = self.categories.iter().collect();
        ranked.sort_by_key(|category| category.rank);
        ranked
    }

    /// The categories that are declared to be sums of others, by rank.
    pub fn sums_of_tables(&self) -> impl Iterator<Item = (u32, Vec<u32>)> {
        let sums = self.categories.iter().filter(|category| !category.sum_of.is_empty());
        sums.map(|category| {
            let ranks = category.sum_of.iter().filter_map(|code| self.category(code.get_ref()));
            (category.rank, ranks.map(|part| part.rank).collect())
        })
    }

    fn rank_categories(&mut self) {
        let codes: BTreeSet<String> =
            self.categories.iter().map(|category| category.code.get_ref().clone()).collect();
        for category in &mut self.categories {
            category.rank = codes.range(..category.code.get_ref().clone()).count() as u32;
        }
    }

    /// What it says of time.
    fn reckoned(&self) -> Calendar {
        let period = |(label, code): (&String, &Spanned<String>)| {
            Some((folded(label).into_owned(), code.get_ref().parse().ok()?))
        };
        Calendar {
            financial_year: self.financial_year,
            named_by: self.financial_year_named_by,
            date_order: self.date_order,
            stock: self.measure.stock,
            headings: self.periods.iter().filter_map(period).collect(),
        }
    }

    /// Where something stands in the definition.
    #[must_use]
    pub fn span<T>(&self, at: &Spanned<T>, label: impl Into<String>) -> Span {
        Span::from_range(&self.origin.0, &self.origin.1, at.span(), label)
    }

    /// What a region is called in published data.
    #[must_use]
    pub fn region_name<'d>(&'d self, region: &regions::Region) -> &'d str
    where
        'static: 'd,
    {
        let own = self.regions.names.iter().find(|(code, _)| code.get_ref() == region.code);
        own.map_or(region.name, |(_, name)| name)
    }

    /// What a label stands for in this dataset.
    #[must_use]
    pub fn resolve(&self, label: &str) -> Option<regions::Resolved> {
        regions::Resolver::new(&self.usage).resolve(label)
    }

    /// How labels are understood in this dataset.
    #[must_use]
    pub fn usage(&self) -> &regions::Usage {
        &self.usage
    }

    /// The region with a code, which may be a group of the definition's own.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<regions::Region> {
        regions::by_code(code).or_else(|| {
            let (own, name) = self.regions.names.iter().find(|(own, _)| own.get_ref() == code)?;
            regions::own_group(own.get_ref(), name)
        })
    }

    /// Whether a group holds a region, as UN M49 or the definition has it.
    #[must_use]
    pub fn holds(&self, group: &str, region: &str) -> bool {
        let mut reached = BTreeSet::from([group]);
        let mut open = vec![group];
        while let Some(at) = open.pop() {
            let members = self.regions.members.iter().filter(|(of, _)| of.get_ref() == at);
            for member in members.flat_map(|(_, members)| members).map(|member| member.get_ref().as_str()) {
                if member == region || regions::holds(member, region) {
                    return true;
                }
                open.extend(reached.insert(member).then_some(member));
            }
        }
        regions::holds(group, region)
    }

    fn usage_of_labels(&self) -> regions::Usage {
        let labels = self.regions.labels.iter().enumerate();
        let labels = labels.filter_map(|(at, (label, code))| {
            Some((regions::key(label), (self.region(code.get_ref())?, at)))
        });
        regions::Usage { nationalities: self.regions.nationalities, labels: labels.collect() }
    }

    /// Whether a period is shorter than the regular one. A point in time never is.
    #[must_use]
    pub fn is_partial(&self, period: &Period) -> bool {
        !period.is_point() && period.months < self.regular_period.months()
    }
}

impl Category {
    /// All titles its table appears under.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.titles.iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "name = \"d\"\ntitle = \"T\"\npublisher = \"P\"\ntable = []\n[measure]\nname = \"m\"\nunit = \"u\"\n[category]\ncolumn = \"kind\"\nmeaning = \"k\"\n";

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
            (SMALL.replace("\"kind\"", "\"region\""), "9:10", "cannot name the category's column"),
            (
                SMALL.replace("table = []", "table = [{ code = \"A\", name = \"A\", region = \"Canada\" }]"),
                "4:45",
                "write `CAN`",
            ),
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
        let correction = "[[correction]]\ncategory = \"X\"\nregion = \"CAN\"\nperiod = \"2026 (Jan - Feb)\"\nexpected = \"1\"\nvalue = 2\nreason = \" \"\n";
        let found = faults(&format!("{SMALL}{correction}"));
        let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["12:12", "14:10", "17:10"]);
        assert!(found[1].1.contains("write `2026-01-01/P2M`"));
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
                .map(|(category, skip)| (definition.categories[category].code.get_ref().as_str(), skip));
            assert_eq!(found, expected, "{lines:?}");
        }
    }
}
