//! Forms as authors write them.

mod builtin;
