//! A dimension: what tells figures of one period apart, and the code list that its printed labels name. The code list is a
//! built-in one (regions) or the definition's own.

pub(super) mod read;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::regions::{self, RESIDUAL, TOTAL, UNKNOWN};

/// What tells figures of one period apart.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Its name, which its column in published data has, too.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// What it is, in words: `country of citizenship`.
    pub meaning: String,
    /// Where its codes are printed.
    #[serde(default)]
    pub printed: Printed,
    /// Its codes.
    #[schemars(with = "CodeSource")]
    pub codes: Spanned<CodeSource>,
    /// Codes that make the whole together, in each of several ways: each is checked, and none is added to another.
    #[serde(default)]
    #[schemars(with = "Vec<Vec<String>>")]
    pub partitions: Vec<Vec<Spanned<String>>>,
    /// Regions: whether labels are nationalities, so that `Filipino` stands for the Philippines.
    #[serde(default)]
    pub nationalities: bool,
    /// Regions: display names by code; a code of a group that the program does not know declares one.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub names: BTreeMap<Spanned<String>, String>,
    /// Regions: what groups hold beside what UN M49 says, by code.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<String>>")]
    pub members: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    /// Regions: codes by printed label, where a label means something else than usual.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub labels: BTreeMap<String, Spanned<String>>,
    /// How labels of regions are understood.
    #[serde(skip)]
    pub(super) usage: regions::ResolverOptions,
    /// Own codes: their place in the list by the normal form of each label.
    #[serde(skip)]
    pub(super) by_label: BTreeMap<String, usize>,
}

/// Where the codes of a dimension are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Printed {
    /// As labels of rows or columns.
    #[default]
    Cells,
    /// As what tells tables apart: their titles or sheets.
    Table,
}

/// Where a dimension's codes come from.
#[derive(Clone, Debug)]
pub enum CodeSource {
    /// ISO 3166, UN M49 and aggregates.
    Regions,
    /// The definition's own list, in its order.
    List(Vec<Code>),
}

/// A code of a definition's own list.
#[derive(Clone, Debug)]
pub struct Code {
    /// The code.
    pub code: Spanned<String>,
    /// Its display name, which is a label, too.
    pub name: String,
    /// Other labels it is printed as.
    pub labels: Vec<String>,
    /// The code that it is a part of.
    pub parent: Option<Spanned<String>>,
}

/// What a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// All: `_T`.
    Total,
    /// A code with parts.
    Group,
    /// What is not listed on its own: `_O`, or not known: `_U`.
    Residual,
    /// All else.
    Leaf,
}

/// A code as it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInfo<'d> {
    /// The code.
    pub code: &'d str,
    /// Its display name.
    pub name: &'d str,
    /// What it is.
    pub kind: CodeKind,
}

/// What a label of a dimension stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelMatch<'d> {
    /// The code.
    pub code: &'d str,
    /// The place of the definition's own label of a region that decided; none where another rule did.
    pub own_label: Option<usize>,
}

impl Dimension {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.get_ref()
    }

    /// Whether its codes are regions.
    #[must_use]
    pub fn is_regions(&self) -> bool {
        matches!(self.codes.get_ref(), CodeSource::Regions)
    }

    /// Its own codes in the definition's order; none where they are regions.
    #[must_use]
    pub fn own_codes(&self) -> &[Code] {
        match self.codes.get_ref() {
            CodeSource::Regions => &[],
            CodeSource::List(codes) => codes,
        }
    }

    /// Whether it has a code for all.
    #[must_use]
    pub fn has_total(&self) -> bool {
        self.code(TOTAL).is_some()
    }

    /// The published word for a code's kind.
    #[must_use]
    pub fn kind_name(&self, kind: CodeKind) -> &'static str {
        match kind {
            CodeKind::Total => "total",
            CodeKind::Group => "group",
            CodeKind::Residual => "residual",
            CodeKind::Leaf if self.is_regions() => "economy",
            CodeKind::Leaf => "leaf",
        }
    }

    /// What a label stands for.
    #[must_use]
    pub fn resolve(&self, label: &str) -> Option<LabelMatch<'_>> {
        match self.codes.get_ref() {
            CodeSource::Regions => {
                let known = regions::Resolver::new(&self.usage).resolve(label)?;
                let own_label = match known.rule {
                    regions::MatchRule::Definition(at) => Some(at),
                    _ => None,
                };
                known.is_whole().then_some(LabelMatch { code: known.region.code, own_label })
            }
            CodeSource::List(codes) => {
                let at = *self.by_label.get(&regions::normalize(label))?;
                Some(LabelMatch { code: codes[at].code.get_ref(), own_label: None })
            }
        }
    }

    /// A code as it is published; none where the list has no such code.
    #[must_use]
    pub fn code(&self, code: &str) -> Option<CodeInfo<'_>> {
        match self.codes.get_ref() {
            CodeSource::Regions => {
                let region = self.region(code)?;
                Some(CodeInfo {
                    code: region.code,
                    name: self.region_name(&region),
                    kind: region.kind.into(),
                })
            }
            CodeSource::List(codes) => {
                let own = codes.iter().find(|own| own.code.get_ref() == code)?;
                Some(CodeInfo { code: own.code.get_ref(), name: &own.name, kind: self.kind_of(own) })
            }
        }
    }

    fn kind_of(&self, own: &Code) -> CodeKind {
        let code = own.code.get_ref().as_str();
        let has_parts = || self.own_codes().iter().any(|other| other.parent_code() == Some(code));
        match code {
            TOTAL => CodeKind::Total,
            RESIDUAL | UNKNOWN => CodeKind::Residual,
            _ if has_parts() => CodeKind::Group,
            _ => CodeKind::Leaf,
        }
    }

    /// The region with a code, which may be a group of the definition's own.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<regions::Region> {
        regions::find_by_code(code).or_else(|| {
            let (own, name) = self.names.iter().find(|(own, _)| own.get_ref() == code)?;
            regions::define_group(own.get_ref(), name)
        })
    }

    /// What a region is called in published data.
    fn region_name<'d>(&'d self, region: &regions::Region) -> &'d str {
        let own = self.names.iter().find(|(code, _)| code.get_ref() == region.code);
        own.map_or(region.name, |(_, name)| name)
    }

    /// Whether a code is held by a group: as the list says it, or UN M49, or the definition's members.
    #[must_use]
    pub fn holds(&self, group: &str, code: &str) -> bool {
        match self.codes.get_ref() {
            CodeSource::Regions => self.region_holds(group, code),
            CodeSource::List(codes) => {
                let parent = |code: &str| codes.iter().find(|own| own.code.get_ref() == code)?.parent_code();
                // A list of that many codes has no longer path.
                std::iter::successors(parent(code), |at| parent(at)).take(codes.len()).any(|at| at == group)
            }
        }
    }

    /// What a residual is left of: the group in its code, the `parent` that its list names, else the whole.
    #[must_use]
    pub fn whole_of(&self, residual: &str) -> String {
        let group = residual.strip_prefix(RESIDUAL).filter(|group| !group.is_empty());
        let own = self.own_codes().iter().find(|own| own.code.get_ref() == residual);
        let parent = own.and_then(Code::parent_code).unwrap_or(TOTAL);
        group.map_or_else(|| parent.to_owned(), |group| format!("X{group}"))
    }

    fn region_holds(&self, group: &str, region: &str) -> bool {
        let mut reached = BTreeSet::from([group]);
        let mut open = vec![group];
        while let Some(at) = open.pop() {
            let members = self.members.iter().filter(|(of, _)| of.get_ref() == at);
            for member in members.flat_map(|(_, members)| members).map(|member| member.get_ref().as_str()) {
                if member == region || regions::group_contains(member, region) {
                    return true;
                }
                open.extend(reached.insert(member).then_some(member));
            }
        }
        regions::group_contains(group, region)
    }

    /// Prepares the look-up of labels.
    pub(super) fn index_labels(&mut self) {
        let labels = self.labels.iter().enumerate();
        let known = labels.filter_map(|(at, (label, code))| {
            Some((regions::normalize(label), (self.region(code.get_ref())?, at)))
        });
        self.usage = regions::ResolverOptions { nationalities: self.nationalities, labels: known.collect() };
        let mut by_label = BTreeMap::new();
        for (at, code) in self.own_codes().iter().enumerate() {
            for label in code.printed() {
                by_label.entry(regions::normalize(label)).or_insert(at);
            }
        }
        self.by_label = by_label;
    }
}

impl Code {
    /// All labels that it is printed as.
    pub fn printed(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.labels.iter().map(String::as_str))
    }

    /// The code that it is a part of.
    #[must_use]
    pub fn parent_code(&self) -> Option<&str> {
        self.parent.as_ref().map(|parent| parent.get_ref().as_str())
    }
}

impl From<regions::RegionKind> for CodeKind {
    fn from(kind: regions::RegionKind) -> CodeKind {
        match kind {
            regions::RegionKind::Economy => CodeKind::Leaf,
            regions::RegionKind::Group => CodeKind::Group,
            regions::RegionKind::Residual => CodeKind::Residual,
            regions::RegionKind::Total => CodeKind::Total,
        }
    }
}
