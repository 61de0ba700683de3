//! Every field story, in one binary.

mod corpus;
mod fuzz;
mod interop;
mod journey;
