//! What reports need of a record and nothing more: no name, no number of an identity card.

pub mod body;
pub mod codes;
mod derive;
mod household;

use super::key::Key;
use crate::poverty::Class;

pub use body::{
    Assessment, Attendance, Course, Enrolment, Fair, Household, Indicator, Measure, Member, Person, Survey,
    Visit,
};
pub use derive::{Source, fact};

/// One record as reports see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The record.
    pub record: Key,
    /// The unit it belongs to.
    pub unit: Option<Key>,
    /// Its own day, in days since 1970; none where it has none or takes another record's.
    pub day: Option<i32>,
    /// What a reviewer said of it.
    pub state: State,
    /// The record it was merged into.
    pub same_as: Option<Key>,
    /// Open disagreements: 0 none, 1 that may stand, 2 that somebody has to decide.
    pub conflict: u8,
    /// How many rules its answers break.
    pub findings: u32,
    /// What its kind says.
    pub body: Body,
}

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// The review state of a record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum State { $($(#[$doc])* $name,)* }

        impl State {
            /// Every state, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word of the records.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

states! {
    /// Nobody has reviewed it.
    Received = "received",
    /// Written again after a review.
    Edited = "edited",
    /// Returned to its author.
    HasIssues = "has_issues",
    /// Approved.
    Approved = "approved",
    /// Rejected: never counts.
    Rejected = "rejected",
    /// Closed.
    Locked = "locked",
    /// Declared void: never counts.
    Void = "void",
}

impl State {
    /// Reads the word of the records; an unknown one counts as received.
    #[must_use]
    pub fn parse(code: &str) -> Self {
        let found = Self::ALL.iter().find(|state| state.code() == code);
        found.copied().unwrap_or(Self::Received)
    }

    /// The number it is stored under.
    #[must_use]
    pub fn number(self) -> u8 {
        let at = Self::ALL.iter().position(|state| *state == self);
        u8::try_from(at.unwrap_or(0)).unwrap_or(0)
    }

    /// The state of a number.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// True if records in this state never count in a report.
    #[must_use]
    pub fn is_out(self) -> bool {
        matches!(self, Self::Rejected | Self::Void)
    }

    /// True if a reviewer stands behind the record as it is.
    #[must_use]
    pub fn is_approved(self) -> bool {
        matches!(self, Self::Approved | Self::Locked)
    }
}

/// The kind of a fact. A visit that assesses poverty is another kind than one that does not, because reports read the
/// former by the hundred thousand and the latter hardly ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A record no report but that of data quality asks for.
    Other = 0,
    /// `household`.
    Household = 1,
    /// A `household_visit` of a review.
    Assessment = 2,
    /// Any other `household_visit`.
    Visit = 3,
    /// `job_fair`.
    Fair = 4,
    /// `job_fair_attendance`.
    Attendance = 5,
    /// `labour_survey`.
    Survey = 6,
    /// `vocational_class`.
    Course = 7,
    /// `vocational_enrolment`.
    Enrolment = 8,
    /// `support_measure`.
    Measure = 9,
    /// `commune_indicator`.
    Indicator = 10,
}

impl Kind {
    /// Every kind, in the order of their numbers.
    pub const ALL: &[Self] = &[
        Self::Other,
        Self::Household,
        Self::Assessment,
        Self::Visit,
        Self::Fair,
        Self::Attendance,
        Self::Survey,
        Self::Course,
        Self::Enrolment,
        Self::Measure,
        Self::Indicator,
    ];
}

/// What the kinds of records say, coded small. Codes are places in the lists of `codes`.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Nothing.
    Other,
    /// A household.
    Household(Box<Household>),
    /// A visit that assesses poverty.
    Assessment(Box<Assessment>),
    /// Another visit.
    Visit(Visit),
    /// A job fair.
    Fair(Fair),
    /// Somebody at a job fair.
    Attendance(Attendance),
    /// A worker asked about work.
    Survey(Survey),
    /// A vocational class.
    Course(Course),
    /// A learner of a class.
    Enrolment(Enrolment),
    /// Support given.
    Measure(Measure),
    /// A figure a commune reports.
    Indicator(Indicator),
}

macro_rules! bodies {
    ($($name:ident),*) => {
        impl Body {
            /// The kind.
            #[must_use]
            pub const fn kind(&self) -> Kind {
                match self { Self::Other => Kind::Other, $(Self::$name(_) => Kind::$name,)* }
            }

            /// The bytes it is stored as.
            #[must_use]
            pub fn encode(&self) -> Vec<u8> {
                let bytes = match self {
                    Self::Other => Ok(Vec::new()),
                    $(Self::$name(body) => minicbor::to_vec(body),)*
                };
                bytes.unwrap_or_default()
            }

            /// Reads what [`Body::encode`] wrote for the kind with this number.
            ///
            /// # Errors
            /// Bytes of another kind or version, and a number of no kind.
            pub fn decode(kind: u8, bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
                let of = |number: u8| Kind::ALL.get(usize::from(number)).copied();
                match of(kind) {
                    None => Err(minicbor::decode::Error::message("no such kind of fact")),
                    Some(Kind::Other) => Ok(Self::Other),
                    $(Some(Kind::$name) => minicbor::decode(bytes).map(Self::$name),)*
                }
            }
        }
    };
}

bodies!(
    Household, Assessment, Visit, Fair, Attendance, Survey, Course, Enrolment, Measure, Indicator
);

/// The class with this number.
#[must_use]
pub fn class(number: Option<u8>) -> Option<Class> {
    Class::parse(codes::CLASSES.get(usize::from(number?))?)
}
