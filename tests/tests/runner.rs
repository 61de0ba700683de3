//! Every field story, in one binary.

mod browser;
mod corpus;
mod decided;
mod desk_exports;
mod doubles;
mod field_register;
mod fuzz;
mod hostile;
mod interop;
mod journey;
mod locked;
mod office;
mod order;
mod simulated;
mod trust;
