//! What must hold for any bytes: the laws that the fuzz targets try, and `tests/fuzz.rs` on the seeds and on what was found.

pub mod laws;
