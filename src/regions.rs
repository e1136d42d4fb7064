//! What a printed label stands for: an economy, a group of economies, a residual, or the total.
//!
//! A label is looked up exactly, after its normal form was taken ([`key()`]). Aggregates come before economies, and
//! nothing that is merely alike ever decides: what is not in the tables is unknown, and what has two readings is, too.
//! Where a label is not known as it stands, its other forms are tried ([`forms`]): the inversion undone, a note's mark
//! taken off, a gloss that names the same place. The tables are text beside the code, made by `scripts/regions.py`.
//!
//! A definition may give a label another meaning, and a meaning that is never used is a warning. A label with two
//! readings (`Korea`, or `Micronesia`, which CLDR gives to a state and M49 to a region) stays unknown, and so does the
//! name of a part (`Scotland`); the hint says why (`regions/unsure.tsv`). Alpha-2 codes are no labels, because `NA`, `IN`
//! and `NO` are words of tables; alpha-3 codes are, in capitals.

mod doubt;
mod forms;
mod key;
mod own;
mod rest;
mod table;

use std::collections::BTreeMap;

pub use doubt::doubt;
pub use forms::Form;
pub use key::key;
pub use own::own_group;
use table::Table;

/// What a label can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A country or territory with an ISO 3166-1 code, or with one of ISO 3166-3 if it is no more.
    Economy,
    /// Several economies.
    Group,
    /// What is not listed on its own.
    Residual,
    /// All.
    Total,
}

impl Kind {
    /// Its name in published data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Economy => "economy",
            Kind::Group => "group",
            Kind::Residual => "residual",
            Kind::Total => "total",
        }
    }

    fn of(name: &str) -> Kind {
        match name {
            "economy" => Kind::Economy,
            "group" => Kind::Group,
            "total" => Kind::Total,
            _ => Kind::Residual,
        }
    }
}

/// The code of the residual.
pub const RESIDUAL: &str = "_O";
/// The code of the total.
pub const TOTAL: &str = "_T";

/// The code of what is not known.
pub const UNKNOWN: &str = "_U";

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// ISO 3166-1 alpha-3, or four letters of ISO 3166-3; `_T`, `_U`, `_O` and `_O142` (what else is of a group); for a
    /// group `X` and its M49 number or letters.
    pub code: &'static str,
    /// What it is.
    pub kind: Kind,
    /// ISO 3166-1 alpha-2; none for aggregates.
    pub alpha2: Option<&'static str>,
    /// The code of UN M49, three digits; none where it has none.
    pub m49: Option<&'static str>,
    /// Its common English name.
    pub name: &'static str,
}

/// What a label stands for, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The region.
    pub region: Region,
    /// What decided.
    pub rule: MatchKind,
    /// The form of the label in which it was known.
    pub form: Form,
}

/// What decided for a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchKind {
    /// The label names a group, a residual or the total.
    Aggregate,
    /// The label is a name of an economy.
    Name,
    /// The label is a code.
    Code,
    /// The label is a name of a state that is no more.
    FormerState,
    /// The label is a nationality.
    Nationality,
    /// A definition says so: the label, by its place among the definition's.
    Definition(usize),
}

impl MatchKind {
    /// Its name for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MatchKind::Aggregate => "aggregate",
            MatchKind::Name => "name",
            MatchKind::Code => "code",
            MatchKind::FormerState => "former state",
            MatchKind::Nationality => "nationality",
            MatchKind::Definition(_) => "definition",
        }
    }
}

/// How labels are understood beyond what the tables say.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// Whether nationalities stand for their economies.
    pub nationalities: bool,
    /// Labels that mean something of their own, by their normal form: their region, and their place in the definition.
    pub labels: BTreeMap<String, (Region, usize)>,
}

/// The region that a label names.
#[must_use]
pub fn resolve(label: &str) -> Option<Resolved> {
    static USUAL: Usage = Usage { nationalities: false, labels: BTreeMap::new() };
    Resolver::new(&USUAL).resolve(label)
}

/// The aggregate that a label names.
#[must_use]
pub fn aggregate(label: &str) -> Option<Region> {
    resolve(label).map(|resolved| resolved.region).filter(|region| region.kind != Kind::Economy)
}

/// The region with a code.
#[must_use]
pub fn by_code(code: &str) -> Option<Region> {
    let (code, rest) = CODES.entry(code)?;
    let mut fields = rest.split('\t');
    let kind = Kind::of(fields.next()?);
    let mut field = || fields.next().filter(|field| !field.is_empty());
    let (alpha2, m49) = (field(), field());
    Some(Region { code, kind, alpha2, m49, name: field()? })
}

/// Whether a group holds a region, by itself or through another group, as UN M49 and `regions-members.tsv` have it.
#[must_use]
pub fn holds(group: &str, region: &str) -> bool {
    // What else is of a group is of that group.
    let of_group = region.strip_prefix("_O").filter(|of| !of.is_empty()).map(|of| format!("X{of}"));
    let parents = PARENTS.find(region).into_iter().flat_map(|parents| parents.split(' '));
    parents.chain(of_group.as_deref()).any(|parent| parent == group || holds(group, parent))
}

/// All regions that the program knows, in the order of their codes.
pub fn all() -> impl Iterator<Item = Region> {
    CODES.lines().filter_map(|(code, _)| by_code(code))
}

/// Labels that are longer than this, in bytes, are no names.
const LONGEST: usize = 512;

/// Resolves labels one after the other, without asking for memory for each.
pub struct Resolver<'u> {
    usage: &'u Usage,
    key: String,
    text: String,
}

impl<'u> Resolver<'u> {
    /// A resolver that follows a usage.
    #[must_use]
    pub fn new(usage: &'u Usage) -> Resolver<'u> {
        Resolver { usage, key: String::new(), text: String::new() }
    }

    /// The region that a label names.
    pub fn resolve(&mut self, label: &str) -> Option<Resolved> {
        let label = label.trim();
        if label.len() > LONGEST {
            return None;
        }
        self.plain(label)
            .or_else(|| {
                let (region, rule) = code(label)?;
                Some(Resolved { region, rule, form: Form::Plain })
            })
            .or_else(|| self.other_forms(label))
    }

    /// The region of a label as it stands.
    fn plain(&mut self, label: &str) -> Option<Resolved> {
        key::write(label, &mut self.key);
        let (region, rule) = self.find()?;
        Some(Resolved { region, rule, form: Form::Plain })
    }

    /// The region of the normal form at hand.
    fn find(&self) -> Option<(Region, MatchKind)> {
        let key = self.key.as_str();
        if let Some((region, at)) = self.usage.labels.get(key) {
            return Some((*region, MatchKind::Definition(*at)));
        }
        let code = AGGREGATES.find(key).or_else(|| NAMES.find(key)).or_else(|| rest::code(key));
        match code {
            Some(code) => by_code(code).map(|region| (region, rule_of(&region))),
            None if self.usage.nationalities => {
                nationality(key).map(|region| (region, MatchKind::Nationality))
            }
            None => None,
        }
    }
}

impl From<Region> for Resolved {
    /// As its own name resolves.
    fn from(region: Region) -> Resolved {
        Resolved { region, rule: rule_of(&region), form: Form::Plain }
    }
}

fn rule_of(region: &Region) -> MatchKind {
    match (region.kind, region.code.len()) {
        (Kind::Economy, 3) => MatchKind::Name,
        (Kind::Economy, _) => MatchKind::FormerState,
        _ => MatchKind::Aggregate,
    }
}

/// The region of a label that is a code, or an acronym that would be a word in lower case: only in capitals.
fn code(label: &str) -> Option<(Region, MatchKind)> {
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    if label.bytes().all(capital)
        && let Some(region) = by_code(label)
    {
        return Some((region, MatchKind::Code));
    }
    let capitals = label.len() <= 8 && !label.bytes().any(|byte| byte.is_ascii_lowercase());
    let acronym = capitals.then(|| NAMES.find(&key(label).to_ascii_uppercase())).flatten();
    acronym.and_then(by_code).map(|region| (region, MatchKind::Name))
}

/// The region of a nationality: `Filipino`, `Chinese nationals`, `Citizens of France`.
fn nationality(key: &str) -> Option<Region> {
    const PEOPLE: [&str; 6] =
        ["citizens", "citizen", "nationals", "national", "nationality", "passport holders"];
    let known = |key: &str| NATIONALITIES.find(key).and_then(by_code);
    let of = |word: &&str| {
        let person = key.strip_suffix(*word).and_then(|rest| rest.strip_suffix(' ')).and_then(known);
        person.or_else(|| {
            let name = key.strip_prefix(*word)?.strip_prefix(' ')?;
            NAMES.find(name).and_then(by_code)
        })
    };
    known(key).or_else(|| PEOPLE.iter().find_map(of))
}

#[allow(long_running_const_eval)] // half a second, while it is compiled, and none while it runs
static NAMES: Table<65536> = Table::new(include_str!("regions/names.tsv"));
static AGGREGATES: Table<4096> = Table::new(include_str!("regions/aggregates.tsv"));
static ADJECTIVES: Table<256> = Table::new(include_str!("regions/adjectives.tsv"));
static CODES: Table<1024> = Table::new(include_str!("regions/codes.tsv"));
static PARENTS: Table<1024> = Table::new(include_str!("regions/parents.tsv"));
static NATIONALITIES: Table<8192> = Table::new(include_str!("regions/nationalities.tsv"));
static UNSURE: Table<1024> = Table::new(include_str!("regions/unsure.tsv"));

#[cfg(test)]
mod tests {
    use super::*;

    fn code(label: &str) -> Option<&'static str> {
        resolve(label).map(|known| known.region.code)
    }

    #[test]
    fn keys_are_normal_and_found_and_lead_to_codes() {
        let tables = [
            ADJECTIVES.lines().collect(),
            AGGREGATES.lines().collect::<Vec<_>>(),
            NAMES.lines().collect(),
            NATIONALITIES.lines().collect(),
        ];
        for (name, code) in tables.into_iter().flatten() {
            assert!(key(name) == name || name == "US", "{name:?}");
            assert!(code.starts_with('?') || by_code(code).is_some(), "{name} leads to {code}");
        }
        for (name, code) in NAMES.lines() {
            assert_eq!(NAMES.find(name), Some(code), "{name}");
            assert!(by_code(code).is_some_and(|region| region.kind == Kind::Economy), "{name}");
        }
    }

    /// No name has two meanings: the order in which tables are searched decides nothing.
    #[test]
    fn no_name_is_in_two_tables() {
        for (name, code) in NAMES.lines() {
            assert_eq!(AGGREGATES.find(name), None, "{name}");
            assert_eq!(rest::code(name), None, "{name}");
            assert!(NATIONALITIES.find(name).is_none(), "{name} is a nationality, too");
            assert!(UNSURE.find(name).is_none(), "{name} ({code}) has two readings");
        }
        for (name, _) in UNSURE.lines() {
            assert_eq!(code(name), None, "{name}");
        }
    }

    #[test]
    fn each_region_is_found_by_its_code_and_by_its_name() {
        for region in all() {
            assert_eq!(by_code(region.code), Some(region));
            assert_eq!(code(region.code), Some(region.code));
            assert_eq!(code(region.name), Some(region.code), "{}", region.name);
        }
    }

    #[test]
    fn rules_are_told() {
        let cases = [
            ("Others", "_O", "aggregate"),
            ("Other Asian countries", "_O142", "aggregate"),
            ("Asia", "X142", "aggregate"),
            ("Canada", "CAN", "name"),
            ("CAN", "CAN", "code"),
            ("SUHH", "SUHH", "code"),
            ("USSR", "SUHH", "former state"),
            ("Benin, Republic of", "BEN", "name (inverted)"),
            ("Korea (South)", "KOR", "name"),
            ("Canada (1)", "CAN", "name (without note mark)"),
            ("Total*", "_T", "aggregate (without note mark)"),
            ("Burma/Myanmar", "MMR", "name (with gloss)"),
            ("日本 Japan", "JPN", "name (with gloss)"),
        ];
        for (label, code, rule) in cases {
            let known = resolve(label).unwrap();
            assert_eq!((known.region.code, known.rule_name().as_ref()), (code, rule), "{label}");
        }
    }

    #[test]
    fn a_code_counts_in_capitals_only() {
        for (label, expected) in [
            ("US", Some("USA")),
            ("U.S.", Some("USA")),
            ("us", None),
            ("can", None),
            ("per", None),
            ("NO", None),
            ("IN", None),
            ("Can", None),
        ] {
            assert_eq!(code(label), expected, "{label}");
        }
    }

    #[test]
    fn nationalities_count_where_rows_are_nationalities() {
        let usage = Usage { nationalities: true, ..Usage::default() };
        let mut resolver = Resolver::new(&usage);
        let mut code = |label: &str| resolver.resolve(label).map(|known| known.region.code);
        let cases = [
            ("Filipino", "PHL"),
            ("Filipinos", "PHL"),
            ("Vietnamese", "VNM"),
            ("Chinese nationals", "CHN"),
            ("Citizens of France", "FRA"),
            ("菲律賓籍", "PHL"),
            ("印尼人", "IDN"),
            ("British", "GBR"),
            ("Canada", "CAN"),
        ];
        for (label, expected) in cases {
            assert_eq!(code(label), Some(expected), "{label}");
        }
        for label in
            ["Korean", "Dominican", "Congolese", "British National (Overseas)", "BN(O)", "English", "Asian"]
        {
            assert_eq!(code(label), None, "{label}");
        }
    }

    #[test]
    fn odd_labels_are_unknown_and_cost_little() {
        for label in [
            "",
            " ",
            "the",
            "~asian",
            "\0",
            "🇨🇦",
            "Canada 🏒",
            "C\u{430}nada",
            "\u{202e}Canada",
            "()",
            "(1)",
            "*",
            ",",
            "/",
        ] {
            assert_eq!(code(label), None, "{label:?}");
        }
        for unit in ["Canada ", "(", "a/", "1", "其他", "other ", "國"] {
            assert_eq!(code(&unit.repeat((1 << 20) / unit.len())), None, "{unit}");
        }
        assert_eq!(code(" \u{feff}Ca\u{ad}nada\u{200e} "), Some("CAN"));
    }

    #[test]
    fn a_group_holds_its_members_and_what_else_is_of_it() {
        let cases = [
            ("X142", "JPN", true),
            ("X142", "X030", true),
            ("X142", "_O142", true),
            ("X142", "_O030", true),
            ("X142", "TWN", true),
            ("X001", "CAN", true),
            ("XEU", "FRA", true),
            ("XEU28", "FRA", true),
            ("X003", "CAN", true),
            ("XEU", "GBR", false),
            ("X142", "X142", false),
            ("X142", "FRA", false),
            ("X030", "X142", false),
            ("X142", "_O", false),
            ("X142", "_T", false),
            ("XEU", "SUHH", false),
        ];
        for (group, region, held) in cases {
            assert_eq!(holds(group, region), held, "{group} {region}");
        }
        for (code, parents) in PARENTS.lines() {
            assert!(by_code(code).is_some() && !holds(code, code), "{code}");
            assert!(parents.split(' ').all(|parent| by_code(parent).is_some()), "{code}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_label_is_resolved_or_not(label in "\\PC{0,40}") {
            let known = resolve(&label);
            proptest::prop_assert_eq!(known.map(|known| by_code(known.region.code).is_some()), known.map(|_| true));
            let _ = doubt(&label);
        }

        /// Marks of notes never make a country out of something else.
        #[test]
        fn a_mark_changes_no_name(at in 0usize..30_000, mark in "( ?\\([1-9a-c]\\)|\\*{1,3}| ?†| \\[note 2\\]|¹)") {
            let (name, _) = NAMES.lines().nth(at).unwrap();
            proptest::prop_assert_eq!(code(&format!("{name}{mark}")), code(name));
        }
    }
}
