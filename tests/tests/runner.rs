//! Every field story, in one binary.

mod corpus;
mod fuzz;
mod hostile;
mod interop;
mod journey;
mod office;
mod order;
mod simulated;
mod trust;
