//! What names figures: a code for each dimension, a measure where there are several, and a period, in this order
//! (`TTPS/CAN/2024`) or by name (`sex=F period=2019-02`).

use crate::dataset::{Definition, Dimension};
use crate::grammar::period::Period;
use crate::problem::did_you_mean;
use crate::regions::TOTAL;

/// What names figures; what is left out is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The code of each dimension.
    pub codes: Vec<Option<String>>,
    /// The code of the measure.
    pub measure: Option<String>,
    /// The period, as published data name it.
    pub period: Option<String>,
    /// The name of the table.
    pub table: Option<String>,
}

/// A part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Dimension(usize),
    Measure,
    Period,
}

impl Key {
    /// Reads a key. A part that is `*` or empty is any; of parts in order those may be left out whose place the others tell.
    ///
    /// # Errors
    /// Why it names nothing of the definition.
    pub fn parse(text: &str, definition: &Definition) -> Result<Key, String> {
        let empty = Key { codes: vec![None; definition.dimensions.len()], ..Key::default() };
        if text.contains('=') {
            empty.parse_named(text, definition)
        } else {
            empty.parse_ordered(text, definition)
        }
    }

    fn parse_named(mut self, text: &str, definition: &Definition) -> Result<Key, String> {
        for part in text.split_whitespace() {
            let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` has no `=`"))?;
            match (name, definition.dimension_index(name)) {
                (_, Some(at)) => self.codes[at] = parse_part(value),
                ("period", _) => self.period = parse_part(value),
                ("measure", _) => self.measure = parse_part(value),
                ("table", _) => self.table = parse_part(value),
                _ => {
                    let known = definition.dimensions.iter().map(Dimension::name);
                    let hint = did_you_mean(name, known.chain(["period", "measure", "table"]));
                    return Err(format!("`{name}` is no dimension; {}", hint.unwrap_or_default()));
                }
            }
        }
        Ok(self)
    }

    fn parse_ordered(mut self, text: &str, definition: &Definition) -> Result<Key, String> {
        let slots: Vec<Slot> = (0..definition.dimensions.len())
            .map(Slot::Dimension)
            .chain(definition.has_measures().then_some(Slot::Measure))
            .chain([Slot::Period])
            .collect();
        // A period may hold a slash itself: 2026-01-01/P2M.
        let parts: Vec<&str> = text.splitn(slots.len(), '/').collect();
        let mut next = 0;
        for (number, part) in parts.iter().enumerate() {
            let left = slots.get(next..).unwrap_or_default();
            let must_follow = left.len() == parts.len() - number;
            let fits = |slot: &Slot| must_follow || slot.knows(part, definition);
            let at = left.iter().position(fits).unwrap_or(0);
            let Some(slot) = left.get(at) else { return Err(format!("`{text}` has too many parts")) };
            self.set(*slot, part);
            next += at + 1;
        }
        Ok(self)
    }

    fn set(&mut self, slot: Slot, part: &str) {
        match slot {
            Slot::Dimension(at) => self.codes[at] = parse_part(part),
            Slot::Measure => self.measure = parse_part(part),
            Slot::Period => self.period = parse_part(part),
        }
    }

    /// The same for a single figure: a dimension that is left out is its total.
    #[must_use]
    pub fn for_one_figure(self, definition: &Definition) -> Key {
        let complete = |(code, at): (Option<String>, usize)| {
            let total = || definition.dimensions[at].has_total().then(|| TOTAL.to_owned());
            code.or_else(total)
        };
        Key { codes: self.codes.into_iter().zip(0..).map(complete).collect(), ..self }
    }
}

impl Slot {
    /// Whether a part of a key can stand for it.
    fn knows(self, part: &str, definition: &Definition) -> bool {
        match self {
            _ if parse_part(part).is_none() => true,
            Slot::Dimension(at) => definition.dimensions[at].code(part).is_some(),
            Slot::Measure => definition.measure_by_code(part).is_some(),
            Slot::Period => part.parse::<Period>().is_ok(),
        }
    }
}

fn parse_part(part: &str) -> Option<String> {
    Some(part).filter(|part| !matches!(*part, "" | "*")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::built_in;

    #[test]
    fn a_key_is_read_in_order_or_by_name() {
        let definition = &built_in().unwrap()[0];
        let cases = [
            ("TTPS/CAN/2024", [Some("TTPS"), Some("CAN"), Some("2024")]),
            ("TTPS/CAN/2026-01-01/P2M", [Some("TTPS"), Some("CAN"), Some("2026-01-01/P2M")]),
            ("TTPS/CAN", [Some("TTPS"), Some("CAN"), None]),
            ("TTPS", [Some("TTPS"), None, None]),
            ("CAN", [None, Some("CAN"), None]),
            ("CAN/2024", [None, Some("CAN"), Some("2024")]),
            ("*/CAN/2024", [None, Some("CAN"), Some("2024")]),
            ("region=CAN period=2024", [None, Some("CAN"), Some("2024")]),
            ("XXX/CAN/2024", [Some("XXX"), Some("CAN"), Some("2024")]),
        ];
        for (text, [scheme, region, period]) in cases {
            let key = Key::parse(text, definition).unwrap();
            let found = [key.codes[0].as_deref(), key.codes[1].as_deref(), key.period.as_deref()];
            assert_eq!(found, [scheme, region, period], "{text}");
        }
        assert!(Key::parse("regoin=CAN", definition).unwrap_err().contains("did you mean `region`?"));
    }
}
