//! Groups that a definition declares. Regions are passed around by value with names that last as long as the program,
//! and so do these: each distinct name once, however often a definition is read.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::regions::{Kind, Region, by_code};

/// The group of a definition with this code and name; none where the code is taken, or is no code of a group.
#[must_use]
pub fn own_group(code: &str, name: &str) -> Option<Region> {
    let letters = code.strip_prefix('X')?;
    let sound = (1..=30).contains(&letters.len())
        && letters.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let group =
        || Region { code: lasting(code), kind: Kind::Group, alpha2: None, m49: None, name: lasting(name) };
    (sound && by_code(code).is_none()).then(group)
}

fn lasting(text: &str) -> &'static str {
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
    fn a_group_of_ones_own_has_a_code_that_is_free() {
        let group = own_group("XDACH", "Germany, Austria and Switzerland").unwrap();
        assert_eq!((group.code, group.kind), ("XDACH", Kind::Group));
        assert!(std::ptr::eq(own_group("XDACH", "D").unwrap().code, group.code), "it is kept once");
        for code in ["XKX", "X142", "X", "DACH", "Xdach", "X D", ""] {
            assert_eq!(own_group(code, "D"), None, "{code}");
        }
    }
}
