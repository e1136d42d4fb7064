//! One cause, one problem: a header that was not understood is told once, not once for each of its columns. And a list that
//! nobody reads to its end is cut, and says how much was cut off.

use std::collections::BTreeMap;

use crate::problem::{Problem, Rule, Severity};
use crate::text::format_count;

/// More findings of one kind in one file have one cause.
const SEVERAL: usize = 3;

/// How many places of one cause are shown.
const PLACES: usize = 5;

/// How many problems of a rule are listed.
const LISTED: usize = 100;

/// Problems with those of one cause joined, and at most a hundred of each rule; a further one counts the others.
#[must_use]
pub fn condense(problems: Vec<Problem>) -> Vec<Problem> {
    cut(join(problems))
}

/// What findings of one cause have in common: the file, the rule, and what is said at the place and for help.
type Cause = (String, Rule, Severity, String, Option<String>);

fn cause(problem: &Problem) -> Cause {
    let (file, label) =
        problem.spans.first().map(|span| (span.file.clone(), span.label.clone())).unwrap_or_default();
    (file, problem.rule, problem.severity, label, problem.help.clone())
}

fn join(problems: Vec<Problem>) -> Vec<Problem> {
    let mut causes: BTreeMap<Cause, Vec<usize>> = BTreeMap::new();
    for (at, problem) in problems.iter().enumerate().filter(|(_, problem)| has_one_place(problem)) {
        causes.entry(cause(problem)).or_default().push(at);
    }
    let mut problems: Vec<Option<Problem>> = problems.into_iter().map(Some).collect();
    for alike in causes.into_values().filter(|alike| alike.len() > SEVERAL) {
        let mut taken = alike.iter().filter_map(|at| problems[*at].take());
        let joined = taken.next().map(|first| first.and_more(taken.collect()));
        problems[alike[0]] = joined;
    }
    problems.into_iter().flatten().collect()
}

/// A problem of two places is about both of them, and one with repairs about its own figures.
fn has_one_place(problem: &Problem) -> bool {
    problem.spans.len() == 1 && problem.repairs.is_empty()
}

impl Problem {
    /// The same problem, which stands for others like it.
    fn and_more(self, others: Vec<Problem>) -> Problem {
        let message = format!("{}, and {} more like it", self.message, others.len());
        let places = others.into_iter().take(PLACES - 1).filter_map(|other| other.spans.into_iter().next());
        let mut spans = self.spans;
        spans.truncate(1);
        spans.extend(places);
        Problem { message, spans, ..self }
    }
}

fn cut(problems: Vec<Problem>) -> Vec<Problem> {
    let mut counts: BTreeMap<(Rule, Severity), usize> = BTreeMap::new();
    let mut listed = Vec::with_capacity(problems.len().min(LISTED));
    let mut firsts: BTreeMap<(Rule, Severity), Problem> = BTreeMap::new();
    for problem in problems {
        let key = (problem.rule, problem.severity);
        let count = counts.entry(key).or_default();
        *count += 1;
        if *count <= LISTED {
            listed.push(problem);
        } else {
            firsts.entry(key).or_insert(problem);
        }
    }
    for (key, first) in firsts {
        let more = format_count(counts[&key] - LISTED, "more problem");
        let message = format!("{more} of the rule {} are not listed", key.0.id());
        let span = first.spans.into_iter().next();
        listed.push(Problem {
            message,
            spans: span.into_iter().collect(),
            help: None,
            repairs: Vec::new(),
            ..first
        });
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Span;

    fn problems(number: usize, rule: Rule, label: impl Fn(usize) -> String) -> Vec<Problem> {
        let span = |at: usize| Span::file("a.txt".into(), label(at));
        (0..number).map(|at| Problem::new(rule, format!("fault {at}"), span(at))).collect()
    }

    #[test]
    fn what_has_one_cause_is_told_once() {
        let few = condense(problems(3, Rule::NoPeriod, |_| "x".into()));
        assert_eq!(few.len(), 3);
        let many = condense(problems(380, Rule::NoPeriod, |_| "x".into()));
        assert_eq!(many.len(), 1);
        assert_eq!((many[0].message.as_str(), many[0].spans.len()), ("fault 0, and 379 more like it", 5));
        let mixed = [problems(4, Rule::NoPeriod, |_| "x".into()), problems(2, Rule::NoLabel, |_| "x".into())];
        assert_eq!(condense(mixed.concat()).len(), 3);
    }

    #[test]
    fn a_hundred_of_a_rule_are_listed() {
        let found = condense(problems(150, Rule::Total, |at| at.to_string()));
        assert_eq!(found.len(), 101);
        assert_eq!(found[100].message, "50 more problems of the rule total are not listed");
        assert_eq!(condense(problems(100, Rule::Total, |at| at.to_string())).len(), 100);
    }
}
