//! What a report is asked, and the way of a fact through it.

use super::fact::{Fact, Kind};
use super::grid::Want;
use super::key::Key;
use super::merged::Merged;
use super::period::Days;
use super::scope::Scope;
use super::table::Table;
use crate::plan::Plan;

/// What a report is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Where.
    pub scope: &'a Scope,
    /// When.
    pub days: Days,
    /// Who is the same.
    pub merged: &'a Merged,
    /// The plan with its targets.
    pub plan: &'a Plan,
    /// Only what a reviewer approved counts.
    pub approved_only: bool,
    /// The figure whose records are asked for.
    pub want: Option<&'a Want>,
}

impl Question<'_> {
    /// True if the record counts at all: nobody threw it out, no other record stands for it, its day has come.
    #[must_use]
    pub fn counts(&self, fact: &Fact) -> bool {
        let reviewed = !self.approved_only || fact.state.is_approved();
        // A later assessment still says what a household was before it.
        let come = fact.body.kind() == Kind::Assessment || fact.day.is_none_or(|day| day <= self.days.end);
        !fact.state.is_out() && reviewed && come && !self.merged.is_lost(fact.record)
    }
}

/// A report being counted.
pub trait Fold {
    /// The kinds of fact it asks for.
    fn kinds(&self) -> &'static [Kind];

    /// True if it also wants to see what never counts: it reports on that.
    fn sees_all(&self) -> bool {
        false
    }

    /// Takes one fact that [`Question::counts`] let through, in any order.
    fn add(&mut self, fact: &Fact);

    /// The finished report.
    fn finish(self: Box<Self>) -> Finished;
}

/// A report that was counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// The report.
    pub table: Table,
    /// The records behind the wanted figure, in order; none if there is no such figure.
    pub behind: Option<Vec<Key>>,
}
