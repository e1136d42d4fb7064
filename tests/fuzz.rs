//! The laws that the fuzz targets try, on their seeds and on what they found, without a fuzzer.

use std::fs;
use std::path::Path;

use crate::support::root;

#[path = "../fuzz/src/laws.rs"]
mod laws;

use laws::{LAWS, Law};

/// Holds a law against each file of a folder; tells how many there are.
fn holds(law: Law, folder: &Path) -> usize {
    let Ok(files) = fs::read_dir(folder) else { return 0 };
    files.map(|file| law(&fs::read(file.unwrap().path()).unwrap())).count()
}

#[test]
fn every_target_holds_its_law_on_its_seeds() {
    for (name, law) in LAWS {
        assert!(holds(law, &root().join("fuzz/seeds").join(name)) > 0, "{name} has no seeds");
    }
}

#[test]
fn what_fuzzing_found_holds() {
    let found = LAWS.map(|(name, law)| holds(law, &root().join("tests/data/fuzz").join(name)));
    assert!(found.iter().sum::<usize>() > 0, "nothing is kept of what was found");
}

#[test]
fn every_law_has_a_target() {
    let targets = root().join("fuzz/fuzz_targets");
    for (name, _) in LAWS {
        let target = fs::read_to_string(targets.join(format!("{name}.rs"))).unwrap();
        assert!(target.contains(&format!("laws::{name}(")), "{name}");
    }
    assert_eq!(fs::read_dir(targets).unwrap().count(), LAWS.len());
}
