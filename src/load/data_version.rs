//! The version of published data, `MAJOR.MINOR.PATCH+INPUT` as in Semantic Versioning (<https://semver.org>): a function of
//! what was read, so that a second run has the same. It is not counted up from what is published, which would break that.

use sha2::{Digest, Sha256};

use crate::columns::COLUMNS_VERSION;
use crate::dataset::{Correction, Definition};
use crate::summary::About;
use crate::text::format_hex;

/// How many digits of the hash tell inputs apart.
const INPUT_DIGITS: usize = 8;

/// The version of what was made from these documents. A release that is added raises MINOR, a figure that is corrected PATCH,
/// a column that changes MAJOR; INPUT tells any two inputs apart.
#[must_use]
pub fn data_version(definition: &Definition, about: &About<'_>) -> String {
    let is_in_force = |of: &&Correction| {
        of.release.as_ref().is_none_or(|release| about.releases.contains(release.get_ref()))
    };
    let corrections = definition.corrections.iter().filter(is_in_force).count();
    let (minor, patch) =
        (about.releases.len().saturating_sub(1), corrections + definition.discrepancies.len());
    format!("{COLUMNS_VERSION}.{minor}.{patch}+{}", hash_inputs(definition, about))
}

fn hash_inputs(definition: &Definition, about: &About<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(definition.sha256());
    for source in about.sources {
        hash.update(format!("\n{} {}", source.sha256, source.name));
    }
    let mut digits = format_hex(&hash.finalize());
    digits.truncate(INPUT_DIGITS);
    digits
}
