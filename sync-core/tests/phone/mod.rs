//! A phone against a server, both in memory: the same functions the programs drive.

pub mod pocket;
pub mod server;

mod conversation;
mod parking;
mod restored;
mod simulated;
mod territory;
mod wire;
