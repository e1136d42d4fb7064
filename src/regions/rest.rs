//! Labels made of a group's name: what is left of it (`Other Asia`, `Rest of Europe`, `Africa n.e.s.`, 其他亞洲國家),
//! all of it (`Africa Total`), or its members (`Asian countries`).
//!
//! It is a grammar over the words of a normal form, not a search: what remains once its words are taken off must be
//! a group's name, or nothing. What is left of one economy (`Other China`) is no region.

use crate::regions::{ADJECTIVES, AGGREGATES, RESIDUAL, TOTAL, UNKNOWN as UNKNOWN_REGION, by_code};

const OTHER: [&str; 15] = [
    "all other",
    "all others",
    "any other",
    "other foreign",
    "other overseas",
    "other",
    "others",
    "rest",
    "remaining",
    "remainder",
    "elsewhere",
    "其他",
    "其它",
    "其餘",
    "其余",
];
const OTHER_BEHIND: [&str; 16] = [
    "other",
    "others",
    "nes",
    "nec",
    "nei",
    "nie",
    "n e s",
    "not elsewhere specified",
    "not elsewhere classified",
    "not elsewhere included",
    "not otherwise specified",
    "rest",
    "elsewhere",
    "其他",
    "其它",
    "其餘",
];
const UNKNOWN: [&str; 11] = [
    "unknown",
    "unspecified",
    "undetermined",
    "not specified",
    "not stated",
    "not known",
    "not reported",
    "不詳",
    "不详",
    "不明",
    "未詳",
];
const ALL: [&str; 6] = ["total", "totals", "all", "所有", "全部", "全體"];
const ALL_BEHIND: [&str; 6] = ["total", "totals", "合計", "合计", "總計", "总计"];
const PART: [&str; 4] = ["subtotal", "sub total", "小計", "小计"];
const MEMBERS: [&str; 65] = [
    "countries",
    "country",
    "territories",
    "nationalities",
    "nationality",
    "regions",
    "areas",
    "economies",
    "markets",
    "places",
    "states",
    "nations",
    "destinations",
    "origins",
    "sources",
    "citizenships",
    "parts",
    "jurisdictions",
    "members",
    "member states",
    "member countries",
    "國家",
    "国家",
    "各國",
    "各国",
    "地區",
    "地区",
    "國籍",
    "国籍",
    "市場",
    "市场",
    "經濟體",
    "经济体",
    "地方",
    "區域",
    "区域",
    "成員國",
    "成员国",
    "國家和地區",
    "国家和地区",
    "國家及地區",
    "国家及地区",
    "國家或地區",
    "国家或地区",
    "國家 and 地區",
    "国家 and 地区",
    "國家與地區",
    "国家与地区",
    "地區及國家",
    "地区及国家",
    "國家及地方",
    "各地區",
    "各地区",
    "country birth",
    "countries birth",
    "places birth",
    "place birth",
    "countries residence",
    "country residence",
    "countries citizenship",
    "country citizenship",
    "countries origin",
    "country origin",
    "places origin",
    "places residence",
];
const JOINTS: [&str; 3] = ["and", "or", "in"];

/// The code of what a normal form stands for, where it is made of a group's name.
pub fn code(key: &str) -> Option<&'static str> {
    if let Some(rest) = after(key, &OTHER) {
        return residual(of(before(rest, &OTHER_BEHIND).unwrap_or(rest))?);
    }
    if let Some(rest) = before(before_members(key), &OTHER_BEHIND) {
        return residual(of(rest)?);
    }
    if let Some(rest) = after(key, &UNKNOWN).or_else(|| before(key, &UNKNOWN)) {
        return of(rest)
            .and_then(|group| if group.is_empty() { Some(UNKNOWN_REGION) } else { residual(group) });
    }
    if let Some(rest) = after(key, &ALL).or_else(|| before(key, &ALL_BEHIND)) {
        return of(rest).map(|group| if group.is_empty() { TOTAL } else { group });
    }
    if let Some(rest) = after(key, &PART).or_else(|| before(key, &PART)) {
        return of(rest).filter(|group| !group.is_empty());
    }
    let name = before_members(key);
    if name.is_empty() || name.len() == key.len() { None } else { named(name) }
}

/// The residual of a group; of nothing, and of the world, the residual of all.
fn residual(group: &'static str) -> Option<&'static str> {
    match group {
        "" | "X001" => Some(RESIDUAL),
        group => by_code(&format!("_O{}", group.strip_prefix('X')?)).map(|region| region.code),
    }
}

/// The group in what other words leave; no more than its members' word is an empty code.
fn of(rest: &str) -> Option<&'static str> {
    let bare = before_members(rest);
    [rest, bare, before_members(after_members(rest))].into_iter().find_map(named)
}

/// The group of a name or an adjective.
fn named(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("");
    }
    let code = AGGREGATES.find(name).or_else(|| ADJECTIVES.find(name));
    code.filter(|code| code.starts_with('X'))
}

/// The text without the members at its beginning, and without what joins it to them.
fn after_members(text: &str) -> &str {
    let text = front(text, "in").unwrap_or(text);
    match after(text, &MEMBERS) {
        Some(rest) => after_members(after(rest, &JOINTS).unwrap_or(rest)),
        None => text,
    }
}

/// The text without the members at its end.
fn before_members(text: &str) -> &str {
    match before(text, &MEMBERS) {
        Some(rest) => before_members(before(rest, &JOINTS).unwrap_or(rest)),
        None => text,
    }
}

/// What follows the longest of the words that a text begins with.
fn after<'k>(key: &'k str, words: &[&str]) -> Option<&'k str> {
    words.iter().filter_map(|word| front(key, word)).min_by_key(|rest| rest.len())
}

/// What stands before the longest of the words that a text ends with.
fn before<'k>(key: &'k str, words: &[&str]) -> Option<&'k str> {
    words.iter().filter_map(|word| back(key, word)).min_by_key(|rest| rest.len())
}

/// The text behind a word that it begins with; Chinese words need no blank.
fn front<'k>(text: &'k str, word: &str) -> Option<&'k str> {
    let rest = text.strip_prefix(word)?;
    let whole = rest.is_empty() || rest.starts_with(' ') || !word.is_ascii();
    whole.then(|| rest.trim_start())
}

/// The text before a word that it ends with.
fn back<'k>(text: &'k str, word: &str) -> Option<&'k str> {
    let rest = text.strip_suffix(word)?;
    let whole = rest.is_empty() || rest.ends_with(' ') || !word.is_ascii();
    whole.then(|| rest.trim_end())
}
