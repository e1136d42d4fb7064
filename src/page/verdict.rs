//! The verdict: in a few words, how far the figures are proven.

use crate::page::proof;
use crate::page::rows::{Check, Rows};
use crate::page::words::count;
use crate::problem::Problem;

/// What to think of a release.
pub struct Verdict {
    /// The first sentence.
    pub headline: String,
    /// What else is to be known.
    pub details: Vec<String>,
    /// Whether nothing speaks against publishing it.
    pub is_sound: bool,
}

impl Verdict {
    /// The verdict on rows and what was found wrong.
    pub fn new(rows: &Rows, problems: &[Problem]) -> Verdict {
        let checks: Vec<&Check> = rows.checks.iter().collect();
        let errors = problems.iter().filter(|problem| problem.is_error()).count();
        let mut proven = proof::counts(&checks);
        if proven.is_empty() && errors == 0 {
            proven.push("Nothing printed here proves the figures: no total is checked".into());
        }
        let known = checks.iter().filter(|check| !check.passed && errors == 0).count();
        if known > 0 {
            let differences = count(known, "difference");
            proven.push(format!("{differences} known, and given below with the reason"));
        }
        let wrong = (errors > 0).then(|| format!("{}: this cannot be published", count(errors, "problem")));
        let mut words = wrong.into_iter().chain(proven).chain(count_figures(rows));
        let headline = words.next().unwrap_or_default();
        Verdict { headline, details: words.collect(), is_sound: errors == 0 }
    }
}

/// How many figures there are, by how they came to be.
fn count_figures(rows: &Rows) -> Vec<String> {
    let of_basis = |basis: &str| rows.observations.iter().filter(|of| of.basis == basis).count();
    let derived = of_basis("derived");
    let all = format!("{} are printed", count(rows.observations.len() - derived, "figure"));
    let told = [
        (of_basis("nil"), "nil mark", "read as 0"),
        (of_basis("corrected"), "figure", "corrected"),
        (derived, "total", "derived, as the document prints none"),
    ];
    let told = told.into_iter().filter(|(number, ..)| *number > 0);
    let told = told.map(|(number, noun, what)| {
        format!("{} {} {what}", count(number, noun), if number == 1 { "is" } else { "are" })
    });
    std::iter::once(all).chain(told).collect()
}
