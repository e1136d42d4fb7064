//! The output folder: held by one run at a time; a set is prepared beside the published one, verified, and put in its place in
//! one step.

mod exchange;
mod lock;
mod output;
mod publish;
mod staging;

pub use lock::Lock;
pub use output::Output;
pub(super) use publish::fingerprint;
pub use publish::{Prepared, publish};
pub(super) use staging::Staging;
