//! What is checked: the names that `check` stands for, in their order, by which rows are sorted.

use crate::problem::Rule;

/// The names.
pub const CHECKS: [&str; 8] =
    ["categories", "change", "growth", "periods", "relative change", "share", "subtotal", "total"];
/// The rule that a check that fails breaks.
pub const RULES: [Rule; 8] = [
    Rule::Categories,
    Rule::Change,
    Rule::Growth,
    Rule::Periods,
    Rule::RelativeChange,
    Rule::Share,
    Rule::Subtotal,
    Rule::Total,
];
/// A figure of one table is the sum of the same figure of others.
pub const CATEGORIES: u32 = 0;
/// A group's figure is the sum of what it holds.
pub const SUBTOTAL: u32 = 6;
/// A table's total is the sum of its parts.
pub const TOTAL: u32 = 7;

/// Whether a check holds a sum against its parts; the others hold what is printed beside figures against these.
#[must_use]
pub fn is_sum(check: u32) -> bool {
    [CATEGORIES, SUBTOTAL, TOTAL].contains(&check)
}
