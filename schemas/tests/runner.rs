//! All tests of forms, expressions and records in one binary; each file here is a part of it.

mod expressions;
mod forms;
mod records;
mod support;
