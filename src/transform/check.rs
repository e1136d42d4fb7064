//! What is checked: the names that `check` stands for, in their order, by which rows are sorted.

/// The names.
pub const CHECKS: [&str; 3] = ["categories", "subtotal", "total"];
/// A figure of one table is the sum of the same figure of others.
pub const CATEGORIES: u32 = 0;
/// A group's figure is the sum of what it holds.
pub const SUBTOTAL: u32 = 1;
/// A table's total is the sum of its parts.
pub const TOTAL: u32 = 2;
