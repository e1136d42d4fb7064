//! Other forms of a label that are tried if it is unknown as printed, in this order:
//!
//! - inverted: `Benin, Republic of` and `Korea (South)` are read as `Republic of Benin` and `South Korea`;
//! - without a footnote marker: `Canada (1)`, `Canada*`, `Canada¹`, `Canada [note 1]`, `Canada 1/`;
//! - with a gloss: all parts of `Germany (FRG)`, `Myanmar/Burma` and `日本 Japan` name the same region.

use std::borrow::Cow;

use crate::regions::normal_form::is_han;
use crate::regions::resolver::find_code_or_acronym;
use crate::regions::{MatchRule, Region, RegionKind, ResolvedRegion, Resolver};

/// The form of a label that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelForm {
    /// As printed.
    Plain,
    /// With the words after its comma, or in its bracket, put first.
    Inverted,
    /// Without footnote markers.
    WithoutMarker,
    /// As several names of the same region.
    WithGloss,
}

impl ResolvedRegion {
    /// Whether the whole label is known. The footnote markers of a document are taken off before labels are resolved, so a
    /// form without a marker may have lost a part of the label.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.form != LabelForm::WithoutMarker
    }

    /// The name of the rule, with the form unless it is plain: `name (inverted)`.
    #[must_use]
    pub fn rule_name(&self) -> Cow<'static, str> {
        let form = match self.form {
            LabelForm::Plain => return self.rule.name().into(),
            LabelForm::Inverted => "inverted",
            LabelForm::WithoutMarker => "without footnote marker",
            LabelForm::WithGloss => "with gloss",
        };
        format!("{} ({form})", self.rule.name()).into()
    }
}

impl Resolver<'_> {
    /// Resolves a label in its other forms.
    pub(super) fn resolve_other_forms(&mut self, label: &str) -> Option<ResolvedRegion> {
        let resolved = |found: Option<(Region, MatchRule)>, form| {
            found.map(|(region, rule)| ResolvedRegion { region, rule, form })
        };
        resolved(self.find_inverted(label), LabelForm::Inverted)
            .or_else(|| resolved(self.find_without_markers(label), LabelForm::WithoutMarker))
            .or_else(|| resolved(self.find_with_gloss(label), LabelForm::WithGloss))
    }

    fn find_inverted(&mut self, label: &str) -> Option<(Region, MatchRule)> {
        let (head, tail) = split_at_sign(label, ',').or_else(|| split_bracket(label))?;
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        text.extend([tail, " ", head]);
        let found = self.find_name(&text);
        self.text = text;
        found
    }

    /// Takes footnote markers off one by one until the rest is known. A bare number may belong to the name of a group
    /// (`EU 10`), so it is taken off economies only.
    fn find_without_markers(&mut self, label: &str) -> Option<(Region, MatchRule)> {
        const MAX_MARKERS: usize = 4;
        let (mut rest, mut lost_number) = (label.trim_start_matches(is_sign).trim_start(), false);
        for _ in 0..MAX_MARKERS {
            if rest.len() < label.len() {
                let found = self.find_part(rest);
                let found = found.filter(|(region, _)| !lost_number || region.kind == RegionKind::Economy);
                if found.is_some() {
                    return found;
                }
            }
            let (shorter, is_number) = strip_marker(rest)?;
            (rest, lost_number) = (shorter, lost_number || is_number);
        }
        None
    }

    /// The region that both parts of a label name.
    fn find_with_gloss(&mut self, label: &str) -> Option<(Region, MatchRule)> {
        let parts = split_bracket(label).or_else(|| split_at_sign(label, '/'));
        let (first, second) = parts.or_else(|| split_scripts(label))?;
        let found = self.find_name_or_former(first)?;
        let is_alpha2 = found.0.alpha2 == Some(second);
        let mut is_same = || self.find_name_or_former(second).is_some_and(|other| other.0 == found.0);
        (is_alpha2 || is_same()).then_some(found)
    }

    /// Looks up a part that may be introduced as a former name.
    fn find_name_or_former(&mut self, part: &str) -> Option<(Region, MatchRule)> {
        const INTRODUCTIONS: [&str; 9] =
            ["formerly ", "former ", "previously ", "was ", "now ", "ex-", "ex ", "also ", "or "];
        self.find_part(INTRODUCTIONS.iter().find_map(|word| part.strip_prefix(word)).unwrap_or(part))
    }

    /// Looks up a part as printed, as a code, or inverted.
    fn find_part(&mut self, part: &str) -> Option<(Region, MatchRule)> {
        self.find_name(part).or_else(|| find_code_or_acronym(part)).or_else(|| self.find_inverted(part))
    }
}

/// The texts before and after the first such sign, in half or full width.
fn split_at_sign(label: &str, sign: char) -> Option<(&str, &str)> {
    let full_width = match sign {
        ',' => '，',
        _ => '／',
    };
    let (head, tail) = label.split_once([sign, full_width])?;
    trim_both(head, tail)
}

/// The text before the last bracket, and the text in it.
fn split_bracket(label: &str) -> Option<(&str, &str)> {
    let inner = label.strip_suffix([')', '）', ']'])?;
    let (head, tail) = inner.rsplit_once(['(', '（', '['])?;
    trim_both(head, tail)
}

/// The Chinese and the Latin part of a label in two languages, in printed order.
fn split_scripts(label: &str) -> Option<(&str, &str)> {
    let starts_with_han = label.chars().next().map(is_han)?;
    let at = label.find(|c: char| if starts_with_han { c.is_ascii_alphabetic() } else { is_han(c) })?;
    let is_mixed = |tail: &str| {
        tail.contains(|c| is_han(c) == starts_with_han && (is_han(c) || c.is_ascii_alphabetic()))
    };
    trim_both(&label[..at], &label[at..]).filter(|(_, tail)| !is_mixed(tail))
}

/// Both texts trimmed, if neither is blank.
fn trim_both<'l>(head: &'l str, tail: &'l str) -> Option<(&'l str, &'l str)> {
    let (head, tail) = (head.trim(), tail.trim());
    (!head.is_empty() && !tail.is_empty()).then_some((head, tail))
}

/// The label without a footnote marker at its end, and whether the marker is a bare number.
fn strip_marker(label: &str) -> Option<(&str, bool)> {
    if let Some((head, inside)) = split_bracket(label) {
        return is_marker(inside).then_some((head, false));
    }
    let without_signs = label.trim_end_matches(is_sign);
    if without_signs.len() < label.len() {
        return Some((without_signs.trim_end(), false));
    }
    let closed = label.strip_suffix(['/', ')']);
    let text = closed.unwrap_or(label);
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit());
    match text.len() - rest.len() {
        1 | 2 => Some((rest.trim_end_matches([' ', '^']), closed.is_none())),
        0 => closed.and_then(strip_letter).map(|rest| (rest.trim_end(), false)),
        _ => None,
    }
}

/// `Canada a` without its letter.
fn strip_letter(text: &str) -> Option<&str> {
    text.strip_suffix(|c: char| c.is_ascii_lowercase()).filter(|rest| rest.ends_with(' '))
}

/// Symbols and superscripts that are footnote markers.
fn is_sign(c: char) -> bool {
    const SYMBOLS: &str = "*†‡§¶#^@~※＊＃¹²³ªº⁽⁾˒⁎∗";
    SYMBOLS.contains(c) || matches!(c, '⁰'..='⁹' | '₀'..='₉' | 'ᵃ'..='ᵛ' | '①'..='⑳' | '⑴'..='⒇')
}

/// Whether a bracket holds footnote markers only: `1`, `1, 2`, `a`, `ii`, `note 1`, `see note 3`, `註1`.
fn is_marker(inside: &str) -> bool {
    let lower = inside.to_lowercase();
    let mut words =
        lower.split([' ', ',', ';', '.', '/', '-', '、']).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| is_marker_word(word, inside))
}

fn is_marker_word(word: &str, inside: &str) -> bool {
    const NOTE_WORDS: [&str; 11] =
        ["see", "note", "notes", "footnote", "footnotes", "fn", "and", "註", "注", "附註", "附注"];
    const ROMAN_NUMBERS: [&str; 10] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];
    let digits = word.trim_start_matches(['註', '注', '附']);
    let is_number = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    NOTE_WORDS.contains(&word)
        || ROMAN_NUMBERS.contains(&word)
        || is_number
        || word.chars().all(is_sign)
        || is_marker_letter(word, inside)
}

/// A lower-case letter. `n`, `s`, `e` and `w` can be points of the compass, and `o` is a part of
/// `British National (o)`.
fn is_marker_letter(word: &str, inside: &str) -> bool {
    word.len() == 1
        && inside.contains(word)
        && !"nosw".contains(word)
        && word.bytes().all(|byte| byte.is_ascii_lowercase())
}
