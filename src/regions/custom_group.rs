//! Groups that a definition declares. A [`Region`] is a small value with `'static` texts, so the texts of these groups are
//! interned: each distinct text is kept once, for the rest of the process.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::regions::{Region, RegionKind, find_by_code};

/// The group with a definition's code and name. `None` if the code is built in, or not `X` and 1 to 30 upper-case letters,
/// digits or underscores.
#[must_use]
pub fn define_group(code: &str, name: &str) -> Option<Region> {
    let letters = code.strip_prefix('X')?;
    let is_valid = (1..=30).contains(&letters.len())
        && letters.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let group = || Region {
        code: intern(code),
        kind: RegionKind::Group,
        alpha2: None,
        m49: None,
        name: intern(name),
    };
    (is_valid && find_by_code(code).is_none()).then(group)
}

fn intern(text: &str) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = texts.get(text) {
        return known;
    }
    let text: &'static str = Box::leak(text.into());
    texts.insert(text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_defined_group_has_an_unused_code() {
        let group = define_group("XDACH", "Germany, Austria and Switzerland").unwrap();
        assert_eq!((group.code, group.kind), ("XDACH", RegionKind::Group));
        assert!(std::ptr::eq(define_group("XDACH", "D").unwrap().code, group.code), "it is kept once");
        for code in ["XKX", "X142", "X", "DACH", "Xdach", "X D", ""] {
            assert_eq!(define_group(code, "D"), None, "{code}");
        }
    }
}
