//! The lookup of a label: which tables are searched, in which order, and what is reported of the match.

use std::collections::BTreeMap;

use crate::regions::forms::LabelForm;
use crate::regions::{
    AGGREGATES, NAMES, NATIONALITIES, Region, RegionKind, find_by_code, group_phrase, normal_form, normalize,
};

/// The region of a label, and why it was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolvedRegion {
    /// The region.
    pub region: Region,
    /// The rule that decided.
    pub rule: MatchRule,
    /// The form of the label that is known.
    pub form: LabelForm,
}

/// Why a label stands for its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchRule {
    /// It names a group, a residual or the total.
    Aggregate,
    /// It is a name of an economy.
    Name,
    /// It is a code.
    Code,
    /// It is a name of a former state.
    FormerState,
    /// It is a nationality.
    Nationality,
    /// A definition lists it, as the label at this index.
    Definition(usize),
}

impl MatchRule {
    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MatchRule::Aggregate => "aggregate",
            MatchRule::Name => "name",
            MatchRule::Code => "code",
            MatchRule::FormerState => "former state",
            MatchRule::Nationality => "nationality",
            MatchRule::Definition(_) => "definition",
        }
    }

    fn from_region(region: &Region) -> MatchRule {
        match (region.kind, region.code.len()) {
            (RegionKind::Economy, 3) => MatchRule::Name,
            (RegionKind::Economy, _) => MatchRule::FormerState,
            _ => MatchRule::Aggregate,
        }
    }
}

impl From<Region> for ResolvedRegion {
    /// As the region's own name resolves.
    fn from(region: Region) -> ResolvedRegion {
        ResolvedRegion { region, rule: MatchRule::from_region(&region), form: LabelForm::Plain }
    }
}

/// What a resolver accepts besides the built-in names.
#[derive(Clone, Debug, Default)]
pub struct ResolverOptions {
    /// Whether nationalities stand for their economies.
    pub nationalities: bool,
    /// A definition's own labels, by normal form: the region, and the label's index in the definition.
    pub labels: BTreeMap<String, (Region, usize)>,
}

/// Resolves a label by the built-in names.
#[must_use]
pub fn resolve(label: &str) -> Option<ResolvedRegion> {
    static DEFAULTS: ResolverOptions = ResolverOptions { nationalities: false, labels: BTreeMap::new() };
    Resolver::new(&DEFAULTS).resolve(label)
}

/// Resolves a label to a group, a residual or the total; `None` for economies.
#[must_use]
pub fn resolve_aggregate(label: &str) -> Option<Region> {
    resolve(label).map(|resolved| resolved.region).filter(|region| region.kind != RegionKind::Economy)
}

/// The most bytes of a label. Longer ones are not names.
pub(super) const MAX_LABEL: usize = 512;

/// Resolves labels. Its buffers are reused, so that no label needs an allocation of its own.
pub struct Resolver<'o> {
    options: &'o ResolverOptions,
    /// The normal form of the label that is looked up.
    key: String,
    /// The label in another form.
    pub(super) text: String,
}

impl<'o> Resolver<'o> {
    /// A resolver with options.
    #[must_use]
    pub fn new(options: &'o ResolverOptions) -> Resolver<'o> {
        Resolver { options, key: String::new(), text: String::new() }
    }

    /// Resolves a label: as printed, as a code, or in another form.
    pub fn resolve(&mut self, label: &str) -> Option<ResolvedRegion> {
        let label = label.trim();
        if label.len() > MAX_LABEL {
            return None;
        }
        let plain = self.find_name(label).or_else(|| find_code_or_acronym(label));
        plain
            .map(|(region, rule)| ResolvedRegion { region, rule, form: LabelForm::Plain })
            .or_else(|| self.resolve_other_forms(label))
    }

    /// Looks up a text as printed.
    pub(super) fn find_name(&mut self, text: &str) -> Option<(Region, MatchRule)> {
        normal_form::normalize_into(text, &mut self.key);
        let key = self.key.as_str();
        if let Some((region, at)) = self.options.labels.get(key) {
            return Some((*region, MatchRule::Definition(*at)));
        }
        let code = AGGREGATES.find(key).or_else(|| NAMES.find(key)).or_else(|| group_phrase::find_code(key));
        match code {
            Some(code) => find_by_code(code).map(|region| (region, MatchRule::from_region(&region))),
            None if self.options.nationalities => {
                find_nationality(key).map(|region| (region, MatchRule::Nationality))
            }
            None => None,
        }
    }
}

/// Looks up a text as a code, or as an acronym. Both must be upper case: in lower case they would be words.
pub(super) fn find_code_or_acronym(text: &str) -> Option<(Region, MatchRule)> {
    let is_code_byte = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if text.bytes().all(is_code_byte)
        && let Some(region) = find_by_code(text)
    {
        return Some((region, MatchRule::Code));
    }
    let may_be_acronym = text.len() <= 8 && !text.bytes().any(|byte| byte.is_ascii_lowercase());
    let code = may_be_acronym.then(|| NAMES.find(&normalize(text).to_ascii_uppercase())).flatten();
    code.and_then(find_by_code).map(|region| (region, MatchRule::Name))
}

/// The region of a nationality: `Filipino`, `Chinese nationals`, `Citizens of France`.
fn find_nationality(key: &str) -> Option<Region> {
    const PEOPLE: [&str; 6] =
        ["citizens", "citizen", "nationals", "national", "nationality", "passport holders"];
    let find = |key: &str| NATIONALITIES.find(key).and_then(find_by_code);
    let find_with = |word: &&str| {
        let adjective = key.strip_suffix(*word).and_then(|rest| rest.strip_suffix(' '));
        adjective.and_then(find).or_else(|| {
            let country = key.strip_prefix(*word)?.strip_prefix(' ')?;
            NAMES.find(country).and_then(find_by_code)
        })
    };
    find(key).or_else(|| PEOPLE.iter().find_map(find_with))
}
