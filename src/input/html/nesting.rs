//! How deep the elements of a page are nested. Building the tree takes a walk up for each element, so a page that never
//! ends what it begins would take hours; browsers stop at this depth, too.

use crate::input::format::Fault;

/// The depth at which browsers stop.
const DEEPEST: usize = 512;

/// Elements that have no end, or whose end may be left out: the next one of their kind ends them.
const ENDLESS: [&str; 34] = [
    "area", "base", "body", "br", "caption", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody",
    "td", "tfoot", "th", "thead", "title", "tr", "track", "wbr",
];

/// Refuses a page whose elements are nested deeper than any browser shows.
pub fn refuse_deep_nesting(text: &str) -> Result<(), Fault> {
    let mut depth = 0_usize;
    for at in memchr::memchr_iter(b'<', text.as_bytes()) {
        let tag = &text[at + 1..];
        let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if name.is_empty() || ENDLESS.iter().any(|endless| name.eq_ignore_ascii_case(endless)) {
            continue;
        }
        let is_empty = || tag.split('>').next().is_some_and(|tag| tag.ends_with('/'));
        if is_end {
            depth = depth.saturating_sub(1);
        } else {
            depth += usize::from(!is_empty());
        }
        if depth > DEEPEST {
            return Err(Fault {
                place: None,
                found: format!("the page's elements are nested more than {DEEPEST} deep"),
                help: "no browser shows such a page whole; save the tables alone".into(),
            });
        }
    }
    Ok(())
}
