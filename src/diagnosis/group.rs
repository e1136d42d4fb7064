//! Groups candidates by the sums that they resolve, so that each failing sum is in one diagnosis.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnosis::search::RepairSearch;
use crate::diagnosis::{Diagnosis, ErrorKind, RepairCandidate};

/// Candidates by the sums that they resolve; those that resolve most come first.
type CandidatesBySums = BTreeMap<(Reverse<usize>, Vec<usize>), Vec<RepairCandidate>>;

impl RepairSearch<'_> {
    /// Groups candidates into diagnoses. A group that resolves more sums takes them first. Sums without candidates get a
    /// diagnosis each.
    pub fn group_by_sums(&self, candidates: Vec<RepairCandidate>) -> Vec<Diagnosis> {
        let mut by_sums = CandidatesBySums::new();
        for candidate in candidates {
            by_sums.entry(sums_key(&candidate.resolves)).or_default().push(candidate);
        }
        let mut open: BTreeSet<usize> = self.failing.iter().copied().collect();
        let mut diagnoses = Vec::new();
        for (_, sums) in by_sums.keys().cloned().collect::<Vec<_>>() {
            if sums.iter().all(|sum| open.contains(sum)) {
                open.retain(|sum| !sums.contains(sum));
                diagnoses.push(self.take_diagnosis(sums, &mut by_sums));
            }
        }
        diagnoses.extend(open.into_iter().map(|sum| Diagnosis { sums: vec![sum], repairs: Vec::new() }));
        diagnoses.sort_by(|a, b| a.sums.cmp(&b.sums));
        diagnoses
    }

    /// The diagnosis of some sums. A missing row explains any sums that are too large. So if it is the only candidate, and
    /// sums of other columns hold, the candidates for each sum alone are added.
    fn take_diagnosis(&self, sums: Vec<usize>, by_sums: &mut CandidatesBySums) -> Diagnosis {
        let mut take = |sums: &[usize]| {
            let mut candidates = by_sums.remove(&sums_key(sums)).unwrap_or_default();
            candidates.retain(|candidate| !candidate.is_contradicted());
            candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
            candidates
        };
        let is_missing_row =
            |candidate: &RepairCandidate| matches!(candidate.error, ErrorKind::MissingRow(_));
        let mut repairs = take(&sums);
        if sums.len() > 1 && repairs.iter().all(is_missing_row) && !self.cover_all_columns(&sums) {
            for sum in &sums {
                let alone = take(&[*sum]);
                repairs.extend(alone.into_iter().filter(|candidate| !is_missing_row(candidate)));
            }
        }
        Diagnosis { sums, repairs }
    }

    /// Whether some sums are in all columns that have sums.
    fn cover_all_columns(&self, sums: &[usize]) -> bool {
        let columns: BTreeSet<usize> = sums.iter().map(|sum| self.total_column(*sum)).collect();
        (0..self.gaps.len()).all(|sum| columns.contains(&self.total_column(sum)))
    }
}

fn sums_key(sums: &[usize]) -> (Reverse<usize>, Vec<usize>) {
    (Reverse(sums.len()), sums.to_vec())
}
