//! The system as its users meet it: actors for stories, and a simulator.
//!
//! In: the real server, the real phone, the real bytes between them. Out: tests that read as what
//! people do in the field. Nothing of the product may use this crate.

pub mod bench;
pub mod browser;
pub mod corpus;
pub mod fuzz;
pub mod interop;
pub mod office;
pub mod programs;
pub mod python;
pub mod register;
pub mod sim;
pub mod world;
