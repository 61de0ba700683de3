//! Reports: from records to the figures officers hand up.
//!
//! In: a [`Fact`] of each record, in any order, and a [`Question`]: where, when, who is the same, which plan. Out: a
//! [`Table`] whose words are codes, and the records behind one figure if it was asked for. A report is a [`Fold`] over
//! facts; it keeps what its figures need and nothing more. It knows nothing of stores, languages, rights or names.
//!
//! Promised: the order of facts never matters; a record thrown out never counts; a record merged into another counts
//! as that one; attendances and persons are never the same number by accident.

mod data_quality;
mod deprivation;
mod ethnic_groups;
mod fact;
mod grid;
mod homes;
mod households;
mod job_fairs;
mod key;
mod merged;
mod period;
mod persons;
mod plan;
mod poverty_review;
mod question;
mod scope;
mod table;
mod training;

pub use data_quality::{Around, Holding};
pub use fact::{Body, Fact, Kind, Source, State, body, fact};
pub use grid::Want;
pub use households::HOUSEHOLDS_MAX;
pub use key::Key;
pub use merged::Merged;
pub use period::{Days, Period, day_number, day_of, span_of};
pub use question::{Finished, Fold, Question};
pub use scope::{Asked, Place, Scope, ScopeKind, Stands};
pub use table::{Behind, Cell, Chart, Check, Column, ColumnKind, Row, Table, Value, Words, percent};

/// Rises whenever a fact of the same record becomes another: then all are made again.
pub const FACTS_VERSION: u64 = 1;

macro_rules! reports {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// A report by its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Report { $($(#[$doc])* $name,)* }

        impl Report {
            /// Every report.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

reports! {
    /// Tiến độ kế hoạch.
    PlanProgress = "plan_progress",
    /// Kết quả rà soát hộ nghèo, hộ cận nghèo.
    PovertyReview = "poverty_review",
    /// Theo chỉ số thiếu hụt.
    Deprivation = "deprivation",
    /// Theo nguyên nhân nghèo.
    Causes = "causes",
    /// Theo dân tộc, đối tượng.
    EthnicGroups = "ethnic_groups",
    /// Danh sách hộ nghèo, hộ cận nghèo.
    Households = "households",
    /// Phiên giao dịch việc làm.
    JobFairs = "job_fairs",
    /// Đào tạo nghề.
    Training = "training",
    /// Chất lượng số liệu.
    DataQuality = "data_quality",
}

impl Report {
    /// The report of that name.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|report| report.code() == code)
    }

    /// True if it has a row for each village when one commune is asked for. The plan is about communes.
    #[must_use]
    pub fn by_village(self) -> bool {
        self != Self::PlanProgress
    }

    /// True if it lists persons rather than counting them.
    #[must_use]
    pub fn names_people(self) -> bool {
        self == Self::Households
    }

    /// Begins to count. `around` is read by the report on the data's quality alone.
    #[must_use]
    pub fn fold<'a>(self, question: Question<'a>, around: &'a Around) -> Box<dyn Fold + 'a> {
        match self {
            Self::PlanProgress => Box::new(plan::PlanProgress::new(question)),
            Self::PovertyReview => Box::new(poverty_review::PovertyReview::new(question)),
            Self::Deprivation => Box::new(deprivation::Answered::new(
                deprivation::Asks::Deprivations,
                question,
            )),
            Self::Causes => Box::new(deprivation::Answered::new(deprivation::Asks::Causes, question)),
            Self::EthnicGroups => Box::new(ethnic_groups::EthnicGroups::new(question)),
            Self::Households => Box::new(households::Households::new(question)),
            Self::JobFairs => Box::new(job_fairs::JobFairs::new(question)),
            Self::Training => Box::new(training::Training::new(question)),
            Self::DataQuality => Box::new(data_quality::DataQuality::new(question, around)),
        }
    }
}
