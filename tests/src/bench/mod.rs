//! Measurements, for `cargo xtask bench`. Tables for people, JSON for comparing; never a test: machines are noisy.

mod browser;
mod server;
mod table;

pub use self::table::{Figure, Table};

/// A measurement by name.
pub type Bench = (&'static str, fn() -> Table);

/// All measurements.
pub const ALL: &[Bench] = &[("browser", browser::run), ("server", server::run)];
