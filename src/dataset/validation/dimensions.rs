//! What is wrong with the dimensions of a definition and their code lists.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::dataset::dimension::{Code, Dimension};
use crate::dataset::validation::{ENDINGS, RESERVED, is_name};
use crate::dataset::{Definition, FrameDefinition, Role};
use crate::problem::{Problem, Rule, did_you_mean};
use crate::regions;

impl Definition {
    pub(super) fn validate_dimension(&self, dimension: &Dimension) -> Vec<Problem> {
        let name = dimension.name();
        let mut problems = Vec::new();
        if !is_name(name, '_')
            || RESERVED.contains(&name)
            || ENDINGS.iter().any(|ending| name.ends_with(ending))
        {
            let message = format!("`{name}` cannot name a dimension");
            let problem = self.fault(Rule::Dimension, &dimension.name, message, "it names published columns");
            problems.push(
                problem.help("use lower-case letters, digits and underscores, and no other column's name"),
            );
        }
        if dimension.is_regions() {
            problems.extend(self.validate_regions(dimension));
        } else {
            problems.extend(self.validate_list(dimension));
        }
        problems.extend(self.validate_partitions(dimension));
        problems
    }

    /// Partitions are made of codes, each once, and none of the total.
    fn validate_partitions(&self, dimension: &Dimension) -> Vec<Problem> {
        let mut problems = Vec::new();
        for partition in &dimension.partitions {
            let mut seen = BTreeSet::new();
            for code in partition {
                let own = code.get_ref();
                if dimension.code(own).is_none() {
                    problems.push(self.unknown_code(Rule::Code, dimension, code, own));
                } else if own == regions::TOTAL || !seen.insert(own) {
                    let message = format!("`{own}` cannot be a part of the whole, or is one twice");
                    problems.push(self.fault(Rule::Code, code, message, ""));
                }
            }
        }
        problems
    }

    pub(super) fn validate_distinct_dimensions(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let again = self.dimensions.iter().filter(|dimension| !seen.insert(dimension.name()));
        let fault = |dimension: &Dimension| {
            let message = format!("the dimension `{}` is declared twice", dimension.name());
            self.fault(Rule::Dimension, &dimension.name, message, "again here")
        };
        let mut problems: Vec<Problem> = again.map(fault).collect();
        let regions = self.dimensions.iter().filter(|dimension| dimension.is_regions()).skip(1);
        problems.extend(regions.map(|dimension| {
            let message = "only one dimension can have the built-in regions".into();
            let problem = self.fault(Rule::Dimension, &dimension.codes, message, "");
            problem.help("give one of them codes of its own")
        }));
        problems
    }

    /// Codes, names and labels of regions must be known, and no two labels alike.
    fn validate_regions(&self, dimension: &Dimension) -> Vec<Problem> {
        let members =
            dimension.members.iter().flat_map(|(group, members)| std::iter::once(group).chain(members));
        let codes = dimension.names.keys().chain(dimension.labels.values()).chain(members);
        let unknown = codes.filter(|code| dimension.code(code.get_ref()).is_none());
        let mut problems: Vec<Problem> = unknown
            .map(|code| self.unknown_code(Rule::RegionCode, dimension, code, code.get_ref()))
            .collect();
        let mut seen = BTreeSet::new();
        let again = dimension.labels.iter().filter(|(label, _)| !seen.insert(regions::normalize(label)));
        problems.extend(again.map(|(label, code)| {
            let message = format!("the label `{label}` has a meaning already");
            self.fault(Rule::RegionLabel, code, message, "another label differs from it only in its form")
        }));
        problems
    }

    /// Own codes must differ, and so must their labels; parents must be codes, and no code a part of itself.
    /// Whether a table prints the codes of a dimension: `area:code`.
    fn takes_codes_of(&self, dimension: &Dimension) -> bool {
        let role = self.dimension_index(dimension.name()).map(Role::Code);
        let frames = self.tables.iter().filter_map(|table| table.frame.as_ref());
        frames.flat_map(FrameDefinition::roles).any(|own| Some(*own) == role)
    }

    fn validate_list(&self, dimension: &Dimension) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.validate_only_regions(dimension).into_iter().collect();
        // Codes that are printed themselves tell apart what is labelled alike.
        let takes_codes = self.takes_codes_of(dimension);
        let mut labels: BTreeMap<String, &str> = BTreeMap::new();
        for code in dimension.own_codes() {
            let own = code.code.get_ref();
            if own.trim().is_empty() || own.contains(['/', '=', ' ']) {
                let message = format!("`{own}` cannot be a code");
                problems.push(
                    self.fault(Rule::Code, &code.code, message, "").help("use letters, digits and `_`"),
                );
            }
            for label in code.printed().filter(|_| !takes_codes) {
                let first = labels.insert(regions::normalize(label), own).filter(|first| first != own);
                problems.extend(first.map(|first| {
                    let message = format!("the label `{label}` stands for two codes");
                    self.fault(Rule::Code, &code.code, message, &format!("and for {first}"))
                }));
            }
            problems.extend(self.validate_parent(dimension, code));
        }
        problems
    }

    fn validate_parent(&self, dimension: &Dimension, code: &Code) -> Option<Problem> {
        let parent = code.parent.as_ref()?;
        let own = code.code.get_ref().as_str();
        if dimension.code(parent.get_ref()).is_none() {
            return Some(self.unknown_code(Rule::Code, dimension, parent, parent.get_ref()));
        }
        dimension.holds(own, own).then(|| {
            self.fault(Rule::Code, parent, format!("`{own}` would be a part of itself"), "by its parents")
        })
    }

    /// What only regions have is no key of a list.
    fn validate_only_regions(&self, dimension: &Dimension) -> Option<Problem> {
        let first =
            dimension.names.keys().chain(dimension.members.keys()).chain(dimension.labels.values()).next();
        let label = "`names`, `members` and `labels` go with `codes = \"regions\"`";
        let message = "a list of codes names and labels them itself".into();
        first.map(|at| self.fault(Rule::Dimension, at, message, label))
    }

    /// A code that a dimension does not have.
    pub(in crate::dataset) fn unknown_code<T>(
        &self,
        rule: Rule,
        dimension: &Dimension,
        at: &Spanned<T>,
        code: &str,
    ) -> Problem {
        if !dimension.is_regions() {
            let message = format!("`{code}` is no code of `{}`", dimension.name());
            let known = dimension.own_codes().iter().map(|own| own.code.get_ref().as_str());
            let listed = || format!("known here: {}", known.clone().take(20).collect::<Vec<_>>().join(", "));
            let help = did_you_mean(code, known.clone()).unwrap_or_else(listed);
            return self.fault(rule, at, message, "").help(help);
        }
        let help = match regions::resolve(code) {
            Some(known) => format!("write `{}`", known.region.code),
            None => {
                "use a code that `bluebook regions --list` has, or one of a group of your own, as `XNORTH`, \
                     that has a name under `[dimension.names]`"
                    .into()
            }
        };
        self.fault(rule, at, format!("unknown region code `{code}`"), "").help(help)
    }
}
