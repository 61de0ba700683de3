//! The face of the server: who is asking, one call of a stage, one wire type back.
//!
//! In: HTTP over a listener, with or without TLS. Out: JSON of `wire`, or a problem. Handlers are
//! thin; what they call is plain functions on the store. Beside them, the files of the field app.

pub mod basic;
mod complete;
pub mod extract;
mod layers;
pub mod openapi;
pub mod problem;
pub mod router;
pub mod routes;
mod serve;
pub mod shell;
pub mod wire;

pub use serve::{ServeError, run};
