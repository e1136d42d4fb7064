//! One test binary: the program as a whole, and the laws its results hold.

// What a test unwraps, it expects; and floats are compared where they must be the same to the bit.
#![allow(clippy::unwrap_used, clippy::float_cmp)]

mod accounted;
mod across;
mod annex;
mod bad_input;
mod bounds;
mod breaks;
mod cells;
mod claims;
mod commands;
mod damage;
mod definitions;
mod determinism;
mod diagnosis;
mod dimensions;
mod docs;
mod drift;
mod examples;
mod exchanges;
mod exits;
mod explain;
mod extractors;
mod faults;
mod flattened;
mod formats;
mod fuzz;
mod harm;
mod histories;
mod history_laws;
mod hostile;
mod html;
mod init;
mod inspect;
mod large;
mod laws;
mod layout_harm;
mod layouts;
mod long_history;
mod marks;
mod measures;
mod offices;
mod page;
mod periods;
mod presence;
mod real;
mod regions;
mod reports;
mod rows;
mod rules;
mod said_layouts;
mod sections;
#[cfg(feature = "object-stores")]
mod sets;
mod sheets;
mod signals;
mod six_formats;
mod sql;
mod sums;
mod switch;

mod support;
mod vintages;
mod workbooks;
mod workers;
