//! The forms of a label that are tried where it is not known as it stands, in this order, each a rule that is told:
//!
//! - inverted: `Benin, Republic of` and `Korea (South)` are read as `Republic of Benin` and `South Korea`;
//! - without a note's mark: `Canada (1)`, `Canada*`, `Canada¹`, `Canada [note 1]`, `Canada 1/`;
//! - a gloss: all parts of `Germany (FRG)`, `Myanmar/Burma` and `日本 Japan` name the same place.

use std::borrow::Cow;

use crate::regions::key::{self, is_han};
use crate::regions::{Kind, MatchKind, Region, Resolved, Resolver, code};

/// The form of a label in which it was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it stands.
    Plain,
    /// With the words behind its comma, or in its bracket, put first.
    Inverted,
    /// Without the mark of a note.
    Unmarked,
    /// As several names of the same place.
    Glossed,
}

impl Resolved {
    /// Whether the whole label is known. In a document, notes' marks are taken off before; what then still looks like one
    /// may be a part of the label.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.form != Form::Unmarked
    }

    /// The rule that decided, and the form if it is not plain: `name (inverted)`.
    #[must_use]
    pub fn rule_name(&self) -> Cow<'static, str> {
        let form = match self.form {
            Form::Plain => return self.rule.name().into(),
            Form::Inverted => "inverted",
            Form::Unmarked => "without note mark",
            Form::Glossed => "with gloss",
        };
        format!("{} ({form})", self.rule.name()).into()
    }
}

impl Resolver<'_> {
    /// The region of a label in one of its other forms.
    pub(super) fn other_forms(&mut self, label: &str) -> Option<Resolved> {
        let found = |region: Option<(Region, MatchKind)>, form| {
            region.map(|(region, rule)| Resolved { region, rule, form })
        };
        found(self.inverted(label), Form::Inverted)
            .or_else(|| found(self.unmarked(label), Form::Unmarked))
            .or_else(|| found(self.glossed(label), Form::Glossed))
    }

    fn inverted(&mut self, label: &str) -> Option<(Region, MatchKind)> {
        let (head, tail) = parted(label, ',').or_else(|| bracket(label))?;
        self.text.clear();
        self.text.extend([tail, " ", head]);
        key::write(&self.text, &mut self.key);
        self.find()
    }

    /// Takes marks of notes off, one by one, until the label is known. A bare number may belong to a group's name
    /// (`EU 10`), so it is taken off economies only.
    fn unmarked(&mut self, label: &str) -> Option<(Region, MatchKind)> {
        let (mut rest, mut numbered) = (label.trim_start_matches(is_sign).trim_start(), false);
        for _ in 0..4 {
            if rest.len() < label.len() {
                let found = self.part(rest).filter(|(region, _)| !numbered || region.kind == Kind::Economy);
                if found.is_some() {
                    return found;
                }
            }
            let (shorter, number) = without_mark(rest)?;
            (rest, numbered) = (shorter, numbered || number);
        }
        None
    }

    /// The region that all parts of a label name.
    fn glossed(&mut self, label: &str) -> Option<(Region, MatchKind)> {
        let (first, second) = bracket(label).or_else(|| parted(label, '/')).or_else(|| scripts(label))?;
        let known = self.once(first)?;
        let coded = known.0.alpha2 == Some(second);
        (coded || self.once(second).is_some_and(|other| other.0 == known.0)).then_some(known)
    }

    /// The region of a part, which may say that it was the name once.
    fn once(&mut self, part: &str) -> Option<(Region, MatchKind)> {
        const ONCE: [&str; 9] =
            ["formerly ", "former ", "previously ", "was ", "now ", "ex-", "ex ", "also ", "or "];
        self.part(ONCE.iter().find_map(|word| part.strip_prefix(word)).unwrap_or(part))
    }

    /// The region of a part, as it stands, as a code, or inverted.
    fn part(&mut self, part: &str) -> Option<(Region, MatchKind)> {
        let found = self.plain(part).map(|known| (known.region, known.rule));
        found.or_else(|| code(part)).or_else(|| self.inverted(part))
    }
}

/// What stands before the first such sign, and what behind it.
fn parted(label: &str, sign: char) -> Option<(&str, &str)> {
    let wide = match sign {
        ',' => '，',
        _ => '／',
    };
    let (head, tail) = label.split_once([sign, wide])?;
    both(head, tail)
}

/// What stands before the last bracket, and what in it.
fn bracket(label: &str) -> Option<(&str, &str)> {
    let inner = label.strip_suffix([')', '）', ']'])?;
    let (head, tail) = inner.rsplit_once(['(', '（', '['])?;
    both(head, tail)
}

/// What is Chinese in a label of two languages, and what is not, in the order printed.
fn scripts(label: &str) -> Option<(&str, &str)> {
    let first = label.chars().next().map(is_han)?;
    let at = label.find(|c: char| if first { c.is_ascii_alphabetic() } else { is_han(c) })?;
    both(&label[..at], &label[at..])
        .filter(|(_, tail)| !tail.contains(|c| is_han(c) == first && is_letter(c)))
}

fn is_letter(c: char) -> bool {
    is_han(c) || c.is_ascii_alphabetic()
}

fn both<'l>(head: &'l str, tail: &'l str) -> Option<(&'l str, &'l str)> {
    let (head, tail) = (head.trim(), tail.trim());
    (!head.is_empty() && !tail.is_empty()).then_some((head, tail))
}

/// The label without a mark at its end, and whether the mark is a bare number.
fn without_mark(label: &str) -> Option<(&str, bool)> {
    if let Some((head, mark)) = bracket(label) {
        return is_mark(mark).then_some((head, false));
    }
    let signs = label.trim_end_matches(is_sign);
    if signs.len() < label.len() {
        return Some((signs.trim_end(), false));
    }
    let closed = label.strip_suffix(['/', ')']);
    let text = closed.unwrap_or(label);
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    let letter = || {
        let rest = text.strip_suffix(|c: char| c.is_ascii_lowercase()).filter(|rest| rest.ends_with(' '))?;
        closed.map(|_| rest)
    };
    match digits {
        1 | 2 => Some((rest.trim_end_matches([' ', '^']), closed.is_none())),
        0 => letter().map(|rest| (rest.trim_end(), false)),
        _ => None,
    }
}

/// Signs and raised figures that mark a note.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '*' | '†'
            | '‡'
            | '§'
            | '¶'
            | '#'
            | '^'
            | '@'
            | '~'
            | '※'
            | '＊'
            | '＃'
            | '¹'
            | '²'
            | '³'
            | 'ª'
            | 'º'
    ) || matches!(c, '⁰'..='⁹' | '₀'..='₉' | 'ᵃ'..='ᵛ' | '①'..='⑳' | '⑴'..='⒇' | '⁽' | '⁾' | '˒' | '⁎' | '∗')
}

/// Whether a bracket holds nothing but marks of notes: `1`, `1, 2`, `a`, `ii`, `note 1`, `see note 3`, `註1`. Letters
/// that can be a point of the compass, and the `o` of `British National (o)`, are none.
fn is_mark(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = lower.split([' ', ',', ';', '.', '/', '-', '、']).filter(|word| !word.is_empty());
    let mark = |word: &str| {
        let figures = word.trim_start_matches(['註', '注', '附']);
        matches!(
            word,
            "see"
                | "note"
                | "notes"
                | "footnote"
                | "footnotes"
                | "fn"
                | "and"
                | "註"
                | "注"
                | "附註"
                | "附注"
        ) || matches!(word, "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix" | "x")
            || figures.len() <= 2 && !figures.is_empty() && figures.bytes().all(|byte| byte.is_ascii_digit())
            || word.chars().all(is_sign)
            || word.len() == 1
                && text.contains(word)
                && !"nosw".contains(word)
                && word.bytes().all(|b| b.is_ascii_lowercase())
    };
    words.clone().next().is_some() && words.clone().all(mark)
}
