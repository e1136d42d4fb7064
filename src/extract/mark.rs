//! Marks that publishers print in place of a figure.

/// Printed for "nil" unless a definition says otherwise. Whether it stands for zero is for the table's total to prove.
pub const NIL: [&str; 5] = ["-", "–", "—", "−", "‑"];
