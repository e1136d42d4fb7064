//! One cause, one problem: a header that was not understood is told once, not once for each of its columns. And a list that
//! nobody reads to its end is cut, and says how much was cut off.

use std::collections::BTreeMap;

use crate::problem::{Problem, ProblemList, Rule, Severity};

/// More findings of one kind in one file have one cause.
const SEVERAL: usize = 3;

/// How many places of one cause are shown.
const PLACES: usize = 5;

/// Problems with those of one cause joined, and at most a hundred of each rule; the last of them counts the others.
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
        let further = others.iter().map(|other| 1 + other.further).sum::<usize>() + self.further;
        let places = others.into_iter().take(PLACES - 1).filter_map(|other| other.spans.into_iter().next());
        let mut spans = self.spans;
        spans.truncate(1);
        spans.extend(places);
        Problem { spans, further, ..self }
    }
}

fn cut(problems: Vec<Problem>) -> Vec<Problem> {
    let mut list = ProblemList::default();
    list.extend(problems);
    list.take()
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
        assert_eq!((&*many[0].headline(), many[0].spans.len()), ("fault 0, and 379 more like it", 5));
        let mixed = [problems(4, Rule::NoPeriod, |_| "x".into()), problems(2, Rule::NoLabel, |_| "x".into())];
        assert_eq!(condense(mixed.concat()).len(), 3);
    }

    #[test]
    fn a_hundred_of_a_rule_are_listed() {
        let found = condense(problems(150, Rule::Total, |at| at.to_string()));
        assert_eq!((found.len(), found[98].further, found[99].further), (100, 0, 50));
        assert_eq!(condense(problems(100, Rule::Total, |at| at.to_string())).len(), 100);
    }
}
