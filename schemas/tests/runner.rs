//! All tests of forms, expressions, records and domain rules in one binary; each file is a part of it.

mod domain;
mod expressions;
mod forms;
mod records;
mod reports;
mod support;
