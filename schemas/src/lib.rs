//! Forms and records as data, and what a form says about a record.
//!
//! In: the JSON of forms, the flat answers of one record, the day and the moment as values. Out:
//! what is asked, worked out, wrong; edits from what people type; nested data for reading; keys.
//! Promised: everything here is total, bounded, and the same on phone and server. It knows nothing
//! of files, clocks, networks, storage, users' rights or merging.
//!
//! The way of an answer: [`answer`] turns typed text into edits of flat paths ([`path`],
//! [`value`]); [`eval`] asks the [`form`] what follows, with the expressions of [`expr`];
//! [`project`] nests the answers for reading; [`key`] says which records may be the same. The way
//! of a form: [`parse`] reads it, [`lint`] looks at it whole, [`catalog`] puts forms together,
//! [`compat`] compares a new version with the one that phones hold. What is wrong anywhere is a
//! [`finding`] with words from [`message`].
//!
//! What the field brings along is data too: [`unit`](mod@unit)s through time, the [`plan`] and its targets,
//! [`poverty`] standards and review [`round`]s, [`ethnic`] groups, the numbers of a [`person`];
//! forms look them up through [`reference`](mod@reference). [`mod@text`] stores, finds and sorts Vietnamese.

pub mod answer;
pub mod catalog;
pub mod compat;
mod day;
pub mod ethnic;
pub mod eval;
pub mod expr;
pub mod finding;
pub mod form;
pub mod id;
pub mod key;
pub mod likeness;
pub mod lint;
pub mod message;
pub mod parse;
pub mod path;
pub mod person;
pub mod plan;
pub mod poverty;
pub mod project;
pub mod reference;
pub mod report;
pub mod round;
pub mod text;
pub mod unit;
pub mod value;
