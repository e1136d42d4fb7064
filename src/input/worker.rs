//! The caller's end of a worker, a process of its own that reads documents, and what goes between the two.

pub(crate) mod call;
pub(crate) mod cells;
pub(crate) mod frames;

pub(crate) use call::read;
