//! Multidimensional poverty: from a household and a review visit to twelve indicators, two scores,
//! a class and what changed (Decree 07/2021/NĐ-CP, Circular 07/2021/TT-BLĐTBXH, Decree 351/2025).
//!
//! In: a [`Standard`] with its days of validity, the answers about members and house, what the
//! visitor stated, and the classes recognised before. Out: an [`Assessment`] with a reason for
//! every indicator and findings for what is missing or doubtful. Figures and rules are data
//! (`data/standards.json`); the code knows how to look, not where the lines are. It proposes: only a
//! recognition decision gives a household its class.

mod age;
mod assess;
mod class;
mod derive;
mod household;
mod rule;
mod score_table;
mod standard;
mod visit;
mod wording;

pub use self::age::{Age, Birth, BirthPrecision};
pub use self::assess::{Assessment, AssessmentInput, IndicatorResult, assess};
pub use self::class::{Class, ClassRecord, Transition, recently_escaped_until, transition};
pub use self::derive::{Derived, Reason};
pub use self::household::{House, Member};
pub use self::rule::{AdultBand, ChildBand, Indicator, IndicatorSet, Rule};
pub use self::score_table::{SCORE_ROWS_MAX, ScoreTable, TableScore};
pub use self::standard::{
    Area, ByArea, Dimension, Figure, IncomeBand, Method, Retirement, Standard, Standards,
};
pub use self::visit::{ClassificationDate, assess_visit, class_history};

#[cfg(test)]
mod tests;
