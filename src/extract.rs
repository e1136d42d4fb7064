//! Tables to raw observations: each figure with its labels and its place, and every problem found on the way.

pub mod figure;
pub mod observations;
