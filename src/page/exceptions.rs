//! Corrections in force, and sums that are known not to add up: each with its reason, as the definition gives it.

use crate::dataset::{Correction, Definition, Discrepancy, Key};
use crate::grammar::number::format_number;
use crate::page::words;

/// An exception to what is printed.
pub struct Exception {
    /// The key it is for, as the definition writes it.
    pub key: String,
    /// The anchor of its figure; empty where it is for several.
    pub anchor: String,
    /// What is done.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// The exceptions that hold for a release.
pub fn in_force(definition: &Definition, release: Option<&str>) -> Vec<Exception> {
    let holds =
        |of: &&Correction| of.release.as_ref().is_none_or(|own| Some(own.get_ref().as_str()) == release);
    let corrections = definition.corrections.iter().filter(holds).map(|of| correct(of, definition));
    let known = definition.discrepancies.iter().map(|of| tell(of, definition));
    corrections.chain(known).collect()
}

fn correct(of: &Correction, definition: &Definition) -> Exception {
    let key = definition.exception_key(&of.key).unwrap_or_default();
    let decimals = definition.measures[definition.measure_of(&key)].decimals;
    let value = format_number(definition.units_of(*of.value.get_ref(), &key), decimals);
    Exception {
        key: of.key.get_ref().clone(),
        anchor: anchor(&key, definition),
        what: format!("printed {}, read as {value}", of.expected.get_ref()),
        reason: of.reason.get_ref().clone(),
    }
}

fn tell(of: &Discrepancy, definition: &Definition) -> Exception {
    let key = definition.exception_key(&of.key).unwrap_or_default();
    let decimals = definition.measures[definition.measure_of(&key)].decimals;
    let difference = |units: i64| words::signed(units as f64 / 10f64.powi(decimals as i32), decimals);
    let differences = of.differences.iter().map(|(period, figure)| {
        format!("{} {}", period.get_ref(), difference(definition.units_of(*figure, &key)))
    });
    Exception {
        key: of.key.get_ref().clone(),
        anchor: String::new(),
        what: format!("does not add up: {}", differences.collect::<Vec<_>>().join(", ")),
        reason: of.reason.get_ref().clone(),
    }
}

fn anchor(key: &Key, definition: &Definition) -> String {
    let codes: Option<Vec<String>> = key.codes.iter().cloned().collect();
    let (Some(codes), Some(period)) = (codes, &key.period) else { return String::new() };
    words::key(&codes, definition.measure_of(key), period, definition)
}
