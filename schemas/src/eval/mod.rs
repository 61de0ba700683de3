//! Form × answers → what is asked, what is worked out, what is wrong.
//!
//! In: a form, the answers of one record (of any version, in any state), the day, the moment, and
//! a way to look into other records. Out: an [`Evaluation`]. Promised: it never fails, it is the
//! same on every machine, and its work is bounded. It knows nothing about storage, sync or screens.
//!
//! The story: `rows` finds the rows of every repeat; then every item, after whatever it depends
//! on, gets its visibility and its calculated value (`state`); then every visible question is
//! checked (`check`); then answers that nobody is asked for are mentioned.
//!
//! A question that is not visible counts as unanswered in every expression, whatever is stored.

mod check;
mod env;
mod kind;
mod prefill;
mod rows;
mod state;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

pub use self::kind::fits;
pub(crate) use self::kind::{expected, geopoint, reference_fits, ticked};
pub use self::prefill::prefill;

pub(crate) use self::rows::Rows;
use self::state::State;
use crate::finding::Finding;
use crate::form::{Choice, Form, Target};
use crate::value::{Answers, Scalar};

/// A way to look into what a record refers to.
pub trait Lookup {
    /// The value at a path of the record (or reference datum) of this kind with this id.
    fn value(&self, kind: &str, id: &str, path: &str) -> Option<Scalar>;
    /// The commune of an administrative unit; of a commune, itself.
    fn commune_of(&self, unit_id: &str) -> Option<String>;
}

/// Knows no other record.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLookup;

impl Lookup for NoLookup {
    fn value(&self, _kind: &str, _id: &str, _path: &str) -> Option<Scalar> {
        None
    }

    fn commune_of(&self, _unit_id: &str) -> Option<String> {
        None
    }
}

/// Everything an evaluation may know beside the record.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The local day.
    pub today: Date,
    /// The moment.
    pub now: Timestamp,
    /// The id of who fills the form.
    pub user: Option<&'a str>,
    /// Other records.
    pub lookup: &'a dyn Lookup,
}

impl<'a> Context<'a> {
    /// The context of a moment, with the day it is in Vietnam, no user and no other records.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        let today = crate::expr::LOCAL_OFFSET.to_datetime(now).date();
        Self {
            today,
            now,
            user: None,
            lookup: &NoLookup,
        }
    }

    /// The same with a user.
    #[must_use]
    pub fn with_user(self, user: &'a str) -> Self {
        Self {
            user: Some(user),
            ..self
        }
    }

    /// The same with other records.
    #[must_use]
    pub fn with_lookup(self, lookup: &'a dyn Lookup) -> Self {
        Self { lookup, ..self }
    }
}

/// What a form says about a record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluation {
    /// Paths of the questions and sections that are asked, row by row.
    pub visible: BTreeSet<String>,
    /// What the form worked out, for visible questions; blank results are left out. Values for
    /// fields that people answer are there only while there is no answer.
    pub computed: Answers,
    /// What is wrong or worth knowing, in document order.
    pub findings: Vec<Finding>,
}

impl Evaluation {
    /// The answers together with what was worked out.
    #[must_use]
    pub fn merged(&self, answers: &Answers) -> Answers {
        let mut merged = answers.clone();
        merged.extend(
            self.computed
                .iter()
                .map(|(path, value)| (path.clone(), value.clone())),
        );
        merged
    }
}

/// Evaluates a record.
#[must_use]
pub fn evaluate(form: &Form, answers: &Answers, context: &Context) -> Evaluation {
    let mut state = State::new(form, answers, context);
    state.work_out();
    let findings = check::check(&state);
    Evaluation {
        visible: state.visible,
        computed: state.computed,
        findings,
    }
}

/// What the form works out for a record, without checking anything: [`Evaluation::computed`] alone, for those who read
/// many records.
#[must_use]
pub fn compute(form: &Form, answers: &Answers, context: &Context) -> Answers {
    let mut state = State::new(form, answers, context);
    state.work_out();
    state.computed
}

/// The rows of every repeat of a record.
pub(crate) fn rows_of(form: &Form, answers: &Answers) -> Rows {
    Rows::of(form, answers)
}

/// The choices that a question offers, after its choice filter. Empty for other questions.
#[must_use]
pub fn choices_for<'f>(
    form: &'f Form,
    answers: &Answers,
    path: &'f str,
    context: &Context,
) -> Vec<&'f Choice> {
    let Some(resolved) = form.resolve(path) else {
        return Vec::new();
    };
    let (Target::Field(field) | Target::Option(field, _)) = resolved.target else {
        return Vec::new();
    };
    let Some(list) = &field.choices else {
        return Vec::new();
    };
    if field.choice_filter.is_none() {
        return list.choices.iter().collect();
    }
    let mut state = State::new(form, answers, context);
    state.work_out();
    let scope = form.item(resolved.item).scope;
    let offered = |choice: &&Choice| state.offers(field, choice, scope, resolved.prefix);
    list.choices.iter().filter(offered).collect()
}
