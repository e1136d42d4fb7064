//! One test binary: the program as a whole, and the laws its results hold.

mod annex;
mod bad_input;
mod commands;
mod definitions;
mod determinism;
mod laws;
mod layouts;
mod support;
