//! Labels made from the name of a group: its residual (`Other Asia`, `Rest of Europe`, `Africa n.e.s.`, 其他亞洲國家), its
//! total (`Africa Total`), or its members (`Asian countries`).
//!
//! This is a grammar over the words of a normal form, not a search: without the grammar's words, the rest must be the name
//! of a group, or empty. The residual of an economy (`Other China`) is not a region.

use crate::regions::{ADJECTIVES, AGGREGATES, RESIDUAL, TOTAL, UNKNOWN as UNKNOWN_CODE, find_by_code};

const OTHER_BEFORE: [&str; 15] = [
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
const OTHER_AFTER: [&str; 16] = [
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
const TOTAL_BEFORE: [&str; 6] = ["total", "totals", "all", "所有", "全部", "全體"];
const TOTAL_AFTER: [&str; 6] = ["total", "totals", "合計", "合计", "總計", "总计"];
const SUBTOTAL: [&str; 4] = ["subtotal", "sub total", "小計", "小计"];
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
const JOINING_WORDS: [&str; 3] = ["and", "or", "in"];

/// The code of a normal form that is made from the name of a group.
pub fn find_code(key: &str) -> Option<&'static str> {
    if let Some(rest) = strip_leading(key, &OTHER_BEFORE) {
        return residual_code(find_group(strip_trailing(rest, &OTHER_AFTER).unwrap_or(rest))?);
    }
    if let Some(rest) = strip_trailing(strip_trailing_members(key), &OTHER_AFTER) {
        return residual_code(find_group(rest)?);
    }
    if let Some(rest) = strip_leading(key, &UNKNOWN).or_else(|| strip_trailing(key, &UNKNOWN)) {
        return find_group(rest)
            .and_then(|group| if group.is_empty() { Some(UNKNOWN_CODE) } else { residual_code(group) });
    }
    if let Some(rest) = strip_leading(key, &TOTAL_BEFORE).or_else(|| strip_trailing(key, &TOTAL_AFTER)) {
        return find_group(rest).map(|group| if group.is_empty() { TOTAL } else { group });
    }
    if let Some(rest) = strip_leading(key, &SUBTOTAL).or_else(|| strip_trailing(key, &SUBTOTAL)) {
        return find_group(rest).filter(|group| !group.is_empty());
    }
    let name = strip_trailing_members(key);
    if name.is_empty() || name.len() == key.len() { None } else { find_group_name(name) }
}

/// The code of a group's residual. The residual of the world, and of an empty name, is that of the total.
fn residual_code(group: &'static str) -> Option<&'static str> {
    match group {
        "" | "X001" => Some(RESIDUAL),
        group => find_by_code(&format!("_O{}", group.strip_prefix('X')?)).map(|region| region.code),
    }
}

/// The group in the rest of a label; an empty code if the rest is only a word for members.
fn find_group(rest: &str) -> Option<&'static str> {
    let bare = strip_trailing_members(rest);
    [rest, bare, strip_trailing_members(strip_leading_members(rest))].into_iter().find_map(find_group_name)
}

/// The group with a name or an adjective.
fn find_group_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("");
    }
    let code = AGGREGATES.find(name).or_else(|| ADJECTIVES.find(name));
    code.filter(|code| code.starts_with('X'))
}

/// The text without words for members at its start, and without the word that joins them to it.
fn strip_leading_members(text: &str) -> &str {
    let text = strip_first_word(text, "in").unwrap_or(text);
    match strip_leading(text, &MEMBERS) {
        Some(rest) => strip_leading_members(strip_leading(rest, &JOINING_WORDS).unwrap_or(rest)),
        None => text,
    }
}

/// The text without words for members at its end.
fn strip_trailing_members(text: &str) -> &str {
    match strip_trailing(text, &MEMBERS) {
        Some(rest) => strip_trailing_members(strip_trailing(rest, &JOINING_WORDS).unwrap_or(rest)),
        None => text,
    }
}

/// The rest after the longest of some words with which a text begins.
fn strip_leading<'k>(key: &'k str, words: &[&str]) -> Option<&'k str> {
    words.iter().filter_map(|word| strip_first_word(key, word)).min_by_key(|rest| rest.len())
}

/// The rest before the longest of some words with which a text ends.
fn strip_trailing<'k>(key: &'k str, words: &[&str]) -> Option<&'k str> {
    words.iter().filter_map(|word| strip_last_word(key, word)).min_by_key(|rest| rest.len())
}

/// The rest after a word. Chinese words need no space.
fn strip_first_word<'k>(text: &'k str, word: &str) -> Option<&'k str> {
    let rest = text.strip_prefix(word)?;
    let whole = rest.is_empty() || rest.starts_with(' ') || !word.is_ascii();
    whole.then(|| rest.trim_start())
}

/// The rest before a word.
fn strip_last_word<'k>(text: &'k str, word: &str) -> Option<&'k str> {
    let rest = text.strip_suffix(word)?;
    let whole = rest.is_empty() || rest.ends_with(' ') || !word.is_ascii();
    whole.then(|| rest.trim_end())
}
