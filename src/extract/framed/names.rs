//! What a cell beside figures names: a label of a dimension, a measure, words of a period, a status; or that the figures
//! follow from others.

use crate::dataset::Role;
use crate::extract::figure::name_code;
use crate::extract::headings::{ReadColumn, ReadContent};
use crate::extract::raw::RawBuilder;
use crate::extract::tables::TableContext;
use crate::extract::units::PrintedUnit;
use crate::grammar::footnote;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::heading as time;
use crate::grammar::status_flag::FlagMeaning;
use crate::layout::period_path;
use crate::text::fold_whitespace;

/// What names figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::extract) struct Names {
    /// The label of each dimension, by the dimension's place in the definition.
    pub labels: Vec<(usize, u32)>,
    /// The measure's place in the definition.
    pub measure: Option<u32>,
    /// The unit that is printed for figures.
    pub unit: Option<PrintedUnit>,
    /// Words of the period, from the outermost to the innermost.
    pub times: Vec<String>,
    /// What follows from figures; none where they are figures.
    pub indicator: Option<Indicator>,
    /// What marks say of the figures.
    pub meaning: Option<FlagMeaning>,
    /// Whether it prints flags of the figures to its left.
    pub is_flags: bool,
}

/// A cell and what it names.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// What kind of thing.
    pub role: Role,
    /// As printed, white space folded.
    pub printed: String,
    /// Without its footnote markers.
    pub text: String,
    /// The same without what only looks like one.
    pub bare: String,
    /// Its row and column.
    pub place: (u32, u32),
    /// What its marks say of figures.
    pub meaning: Option<FlagMeaning>,
}

/// What a cell says.
#[derive(Clone, Debug)]
pub(super) enum NamedCell {
    /// It names something.
    Word(Word),
    /// Its figures follow from others, or are not to be read.
    Indicator(Indicator),
}

/// A name that the definition does not know.
pub(super) struct UnknownName {
    /// What kind of thing it should be.
    pub role: Role,
    /// The words, joined.
    pub text: String,
    /// Where the last of them stands.
    pub place: (u32, u32),
}

impl Names {
    /// The same without words of a period, what marks say and the unit, which tell no figures apart but by their periods.
    pub fn without_times(&self) -> Names {
        Names { times: Vec::new(), indicator: None, meaning: None, unit: None, ..self.clone() }
    }

    /// A column that they name, with what it holds.
    pub fn to_column(&self, content: ReadContent) -> ReadColumn {
        ReadColumn { content, labels: self.labels.clone(), measure: self.measure, unit: self.unit.clone() }
    }

    /// Whether figures of both are told apart by their periods only.
    pub fn is_like(&self, other: &Names) -> bool {
        self.labels == other.labels && self.measure == other.measure
    }

    /// Whether it names a period or a part of one.
    pub fn has_times(&self) -> bool {
        !self.times.is_empty()
    }

    /// What words name together: those of one role are parts of one path, from the outermost to the innermost.
    pub(in crate::extract::framed) fn from_words(
        words: &[Word],
        context: &TableContext<'_, '_>,
        raw: &mut RawBuilder<'_>,
    ) -> (Names, Vec<UnknownName>) {
        let (mut names, mut unknown) = (Names::default(), Vec::new());
        names.times =
            words.iter().filter(|word| word.role == Role::Period).map(|word| word.text.clone()).collect();
        names.meaning = words.iter().find_map(|word| word.meaning);
        for dimension in 0..context.definition().dimensions.len() {
            match find_label(words, dimension, context, raw) {
                Some(Ok(label)) => names.labels.push((dimension, label)),
                Some(Err(name)) => unknown.push(name),
                None => {}
            }
        }
        let unit = join(words, Role::Unit, |word| &word.text);
        names.unit =
            unit.map(|(_, place)| PrintedUnit { text: join_known(words, Role::Unit, context), place });
        if let Some((_, place)) = join(words, Role::Measure, |word| &word.text) {
            let text = join_known(words, Role::Measure, context);
            names.measure = context.definition().measure_by_label(&text).map(|at| at as u32);
            if names.measure.is_none() {
                unknown.push(UnknownName { role: Role::Measure, text, place });
            }
        }
        (names, unknown)
    }
}

/// The label of a dimension, as an index into those of the batch; none where words print none. A code that is printed beside
/// it must be known.
fn find_label(
    words: &[Word],
    dimension: usize,
    context: &TableContext<'_, '_>,
    raw: &mut RawBuilder<'_>,
) -> Option<Result<u32, UnknownName>> {
    let role = Role::Dimension(dimension);
    let printed = join(words, role, |word| &word.printed).map(|(printed, _)| printed);
    let Some((code, place)) = join(words, Role::Code(dimension), |word| &word.text) else {
        return Some(Ok(raw.add_label(&printed?, &join_known(words, role, context))));
    };
    if context.definition().dimensions[dimension].code(&code).is_none() {
        return Some(Err(UnknownName { role: Role::Code(dimension), text: code, place }));
    }
    Some(Ok(raw.add_code_label(printed.as_ref().unwrap_or(&code), &code)))
}

/// The words of a role as the definition knows them: without what looks like a marker, where they are not known with it.
pub(super) fn join_known(words: &[Word], role: Role, context: &TableContext<'_, '_>) -> String {
    let joined = |text: fn(&Word) -> &String| join(words, role, text).unwrap_or_default().0;
    let whole = joined(|word| &word.text);
    let others = [joined(|word| &word.bare), joined(|word| &word.printed)];
    if context.knows(role, &whole) {
        return whole;
    }
    others.into_iter().find(|text| context.knows(role, text)).unwrap_or(whole)
}

/// The words of a role as one text, and where the last of them stands.
fn join(words: &[Word], role: Role, text: fn(&Word) -> &String) -> Option<(String, (u32, u32))> {
    let own: Vec<&Word> = words.iter().filter(|word| word.role == role).collect();
    let place = own.last()?.place;
    let mut texts: Vec<&str> = own.iter().map(|word| text(word).as_str()).collect();
    texts.dedup();
    Some((texts.join(" "), place))
}

impl TableContext<'_, '_> {
    /// What a cell says: the first of the roles that knows it, else the first; or in a table's own words or usual ones, that
    /// its figures follow from others.
    pub(super) fn name_cell(&mut self, roles: &[Role], text: &str, place: (u32, u32)) -> Option<NamedCell> {
        let printed = fold_whitespace(text).into_owned();
        if printed.is_empty() || roles.iter().all(|role| role.is_aside()) {
            return self.name_aside(roles, &printed, place);
        }
        if let Some(indicator) = self.definition().indicator(&printed) {
            return (indicator != Indicator::Figures).then_some(NamedCell::Indicator(indicator));
        }
        let marked = self.reading.label(&printed);
        let (plain, markers) = (fold_whitespace(marked.text).into_owned(), marked.markers);
        let bare = footnote::strip_markers(&plain).to_owned();
        let find_role = |text: &str| roles.iter().copied().find(|role| self.knows(*role, text));
        let known = find_role(&plain).or_else(|| find_role(&bare));
        if known.is_none()
            && let Some(indicator) = Indicator::parse(&printed).filter(|of| *of != Indicator::Figures)
        {
            return Some(NamedCell::Indicator(indicator));
        }
        // A choice with `ignored`: what nothing knows is not read.
        let first = roles.iter().copied().find(|role| !role.is_aside());
        let role = known.or_else(|| first.filter(|_| !roles.contains(&Role::Ignored)))?;
        let meaning = self.explain_marks(place, &printed, &markers, |_| false);
        let text = if role == Role::Period { footnote::strip_markers(&printed).to_owned() } else { plain };
        Some(NamedCell::Word(Word { role, printed, text, bare, place, meaning }))
    }

    /// A flag says what holds for the figures of its row, a unit is held against that of their measure, and markers are tied to
    /// their notes.
    fn name_aside(&mut self, roles: &[Role], printed: &str, place: (u32, u32)) -> Option<NamedCell> {
        if roles.contains(&Role::Footnotes) {
            for mark in printed.split([',', ';', ' ', '(', ')']).filter(|mark| !mark.is_empty()) {
                self.add_ref(place, mark);
            }
        }
        let meaning = self.reading.behind_figures(printed).filter(|_| roles.contains(&Role::Flag));
        // A choice with `ignored`: what is no unit is not read.
        let is_unit = roles.contains(&Role::Unit)
            && !printed.is_empty()
            && (!roles.contains(&Role::Ignored) || self.knows(Role::Unit, printed));
        let role = meaning.map(|_| Role::Flag).or(is_unit.then_some(Role::Unit))?;
        let text = self.reading.label(printed).text.to_owned();
        let bare = footnote::strip_markers(printed).to_owned();
        Some(NamedCell::Word(Word { role, printed: printed.to_owned(), text, bare, place, meaning }))
    }

    /// Whether a text is known in a role.
    pub(super) fn knows(&self, role: Role, text: &str) -> bool {
        match role {
            Role::Period => is_time(text),
            Role::Code(at) => self.definition().dimensions[at].code(text).is_some(),
            _ => name_code(self.definition(), role, text).is_some(),
        }
    }
}

/// Whether a text names a period or a part of one.
pub(super) fn is_time(text: &str) -> bool {
    let plain = period_path::without_total(footnote::strip_markers(text));
    plain.is_empty() && !text.is_empty()
        || period_path::join(&[plain]).is_some()
        || time::mentions_time(plain)
}
