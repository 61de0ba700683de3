//! Forms as authors write them.

mod builtin;
mod compatible;
mod embedded;
mod linting;
mod parsing;
