//! Suggests names that are spelt much like an unknown one.

use strsim::jaro_winkler;

/// A longer text, in bytes, is not a misspelt name.
const MAX_NAME: usize = 200;

/// `did you mean A or B?` with the candidates most like `word`, or none where none is alike.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let best: Vec<String> =
        find_alike(word, candidates).iter().map(|candidate| format!("`{candidate}`")).collect();
    (!best.is_empty()).then(|| format!("did you mean {}?", best.join(" or ")))
}

/// The candidates most like a word, the best first: at most three.
pub fn find_alike<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if word.len() > MAX_NAME {
        return Vec::new();
    }
    let word = word.to_lowercase();
    let mut alike: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.85)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    alike.dedup_by(|a, b| a.1 == b.1);
    let best = alike.first().map_or(0.0, |(likeness, _)| *likeness);
    alike.retain(|(likeness, _)| best - likeness < 0.08);
    alike.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near_names_only() {
        let names = ["Singapore", "Slovenia", "Canada"];
        assert_eq!(did_you_mean("Sinapore", names).as_deref(), Some("did you mean `Singapore`?"));
        assert_eq!(did_you_mean("Atlantis", names), None);
    }
}
