//! What releases say of the same figures, one after the other.

pub mod exchange;
