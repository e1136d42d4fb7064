//! What the flow asks of a definition: its dimensions, measures and tables by name, and what words and marks stand for.

use std::collections::BTreeMap;

use crate::dataset::dimension::{Code, Dimension, Printed};
use crate::dataset::role::Role;
use crate::dataset::{Definition, Measure, TableDefinition, Told};
use crate::grammar::indicator::{self, Indicator};
use crate::grammar::period::Period;
use crate::grammar::status_flag::{self, FlagMeaning};
use crate::regions;

impl Definition {
    /// The place of a dimension in the definition.
    #[must_use]
    pub fn dimension_index(&self, name: &str) -> Option<usize> {
        self.dimensions.iter().position(|dimension| dimension.name() == name)
    }

    /// The dimension along which shares and ranks go.
    #[must_use]
    pub fn share_dimension(&self) -> Option<usize> {
        let usual = |dimension: &Dimension| dimension.has_total() && dimension.printed == Printed::Cells;
        match &self.share_of {
            Some(name) => self.dimension_index(name.get_ref()),
            None => self.dimensions.iter().position(usual),
        }
    }

    /// The dimensions that `bounds` keeps apart: those that are not added up across.
    #[must_use]
    pub fn bounded_dimensions(&self) -> Vec<usize> {
        let is_summed = |name: &str| self.sum_across.iter().any(|summed| summed.get_ref() == name);
        (0..self.dimensions.len()).filter(|at| !is_summed(self.dimensions[*at].name())).collect()
    }

    /// How labels of regions are understood; none where no dimension has regions.
    #[must_use]
    pub fn region_usage(&self) -> Option<&regions::ResolverOptions> {
        self.dimensions.iter().find(|dimension| dimension.is_regions()).map(|dimension| &dimension.usage)
    }

    /// The place of a measure in the definition.
    #[must_use]
    pub fn measure_by_code(&self, code: &str) -> Option<usize> {
        self.measures.iter().position(|measure| measure.code() == code)
    }

    /// The measure that a label or heading names.
    #[must_use]
    pub fn measure_by_label(&self, label: &str) -> Option<usize> {
        let form = indicator::normalize_heading(label);
        let names = |measure: &Measure| {
            measure.printed().any(|printed| indicator::normalize_heading(printed) == form)
        };
        self.measures.iter().position(names)
    }

    /// The dimensions whose codes tell all tables apart; none where they do not.
    #[must_use]
    pub fn table_dimensions(&self) -> Vec<usize> {
        let of_tables: Vec<usize> =
            (0..self.dimensions.len()).filter(|at| self.dimensions[*at].printed == Printed::Table).collect();
        let codes = |table: &TableDefinition| -> Option<Vec<String>> {
            of_tables.iter().map(|at| table.fixed[*at].clone()).collect()
        };
        let distinct: std::collections::BTreeSet<_> = self.tables.iter().filter_map(codes).collect();
        if distinct.len() == self.tables.len() { of_tables } else { Vec::new() }
    }

    /// Whether it has several measures, so that published rows name theirs.
    #[must_use]
    pub fn has_measures(&self) -> bool {
        self.measures.len() > 1
    }

    /// The most decimals that a measure has: published figures are doubles where there are any.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        self.measures.iter().map(|measure| measure.decimals).max().unwrap_or_default()
    }

    /// The most decimals that a printed figure can have.
    #[must_use]
    pub fn printed_decimals(&self) -> u32 {
        self.measures.iter().map(Measure::printed_decimals).max().unwrap_or_default()
    }

    /// All that is printed for the codes of a role; nothing for regions, whose names are not a definition's own.
    #[must_use]
    pub fn labels_of(&self, role: Role) -> Vec<&str> {
        match role {
            Role::Dimension(at) => self.dimensions[at].own_codes().iter().flat_map(Code::printed).collect(),
            Role::Unit => self.measures.iter().map(|measure| measure.unit.as_str()).collect(),
            Role::Measure if self.has_measures() => self.measures.iter().flat_map(Measure::printed).collect(),
            _ => Vec::new(),
        }
    }

    /// The table of a name.
    #[must_use]
    pub fn table_index(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.name == name)
    }

    /// What is printed for nil.
    #[must_use]
    pub fn nil_symbols(&self) -> Vec<&str> {
        let own: Vec<&str> = self
            .by_mark
            .iter()
            .filter(|(_, (meaning, _))| *meaning == FlagMeaning::Nil)
            .map(|(symbol, _)| symbol.as_str())
            .collect();
        if own.is_empty() { status_flag::NIL_SYMBOLS.to_vec() } else { own }
    }

    /// What a symbol or flag stands for. A definition that names a nil symbol knows no other.
    #[must_use]
    pub fn meaning(&self, text: &str) -> Option<FlagMeaning> {
        let known = self.by_mark.get(text).map(|(meaning, _)| *meaning);
        let is_usual = || !self.names_nil && status_flag::NIL_SYMBOLS.contains(&text);
        known.or_else(|| is_usual().then_some(FlagMeaning::Nil))
    }

    /// The symbols and flags that it names, and what it says of each.
    #[must_use]
    pub fn marks(&self) -> &BTreeMap<String, Told> {
        &self.by_mark
    }

    /// What the column below words of a heading holds, as the definition says it.
    #[must_use]
    pub fn indicator(&self, words: &str) -> Option<Indicator> {
        if self.indicators.is_empty() || words.is_empty() {
            return None;
        }
        self.indicators.get(&indicator::normalize_heading(words)).copied()
    }

    /// The headings whose columns the definition names.
    pub fn heading_words(&self) -> impl Iterator<Item = &str> {
        self.headings.keys().map(String::as_str)
    }

    /// Whether what stands below a heading is not to be read.
    #[must_use]
    pub fn ignores(&self, heading: &str) -> bool {
        self.indicator(heading) == Some(Indicator::Ignored)
    }

    /// Whether a period is shorter than the regular one. A point in time never is.
    #[must_use]
    pub fn is_partial(&self, period: &Period) -> bool {
        !period.is_point() && period.months < self.regular_period.months()
    }
}
