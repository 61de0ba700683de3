//! What the kinds of records say, each as small as it can be. A field is never taken away or given another number.

use minicbor::{Decode, Encode};

use crate::report::key::Key;

/// A household of the register.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Household {
    /// In a town rather than in the country.
    #[n(0)]
    pub urban: bool,
    /// The two digits of the head's ethnic group as a number.
    #[n(1)]
    pub ethnicity: Option<u8>,
    /// The class written on the household itself.
    #[n(2)]
    pub class: Option<u8>,
    /// It came on this day: moved in, or split off another.
    #[n(3)]
    pub since: Option<i32>,
    /// It is gone from this day on: moved out, merged, dissolved.
    #[n(4)]
    pub until: Option<i32>,
    /// The head is a woman.
    #[n(5)]
    pub woman_head: Option<bool>,
    /// Those who live there.
    #[n(6)]
    pub members: Vec<Member>,
    /// Members that are said to be members of the household this one was merged into.
    #[n(7)]
    pub same_members: Vec<(Key, Key)>,
}

/// A member of a household, without a name.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct Member {
    /// Which.
    #[n(0)]
    pub id: Key,
    /// First day of the span in which the birth is known to lie.
    #[n(1)]
    pub born: Option<i32>,
    /// Answers in bits, see [`Member::has`].
    #[n(2)]
    pub bits: u16,
}

impl Member {
    /// Has health insurance.
    pub const INSURED: u16 = 1;
    /// Whether insured was answered.
    pub const INSURED_KNOWN: u16 = 1 << 1;
    /// Can read and write.
    pub const LITERATE: u16 = 1 << 2;
    /// Whether literate was answered.
    pub const LITERATE_KNOWN: u16 = 1 << 3;
    /// Is able to work.
    pub const ABLE: u16 = 1 << 4;
    /// Has work with a stable income.
    pub const STABLE: u16 = 1 << 5;
    /// Is a woman.
    pub const WOMAN: u16 = 1 << 6;
    /// Has a disability.
    pub const DISABLED: u16 = 1 << 7;

    /// True if the answer is yes.
    #[must_use]
    pub const fn has(&self, bit: u16) -> bool {
        self.bits & bit != 0
    }
}

/// A visit that assesses poverty.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Assessment {
    /// The household.
    #[n(0)]
    pub household: Option<Key>,
    /// First day of the standard it is made under.
    #[n(1)]
    pub standard_from: Option<i32>,
    /// It checks an earlier visit of the same round again (phúc tra).
    #[n(2)]
    pub recheck: bool,
    /// The twelve indicators, bit by bit in the order of the annex.
    #[n(3)]
    pub deprived: u16,
    /// Score A.
    #[n(4)]
    pub score_a: Option<i64>,
    /// Score B.
    #[n(5)]
    pub score_b: Option<i64>,
    /// The class it proposes.
    #[n(6)]
    pub proposed: Option<u8>,
    /// The class the household had before.
    #[n(7)]
    pub previous: Option<u8>,
    /// The class that was recognised.
    #[n(8)]
    pub recognised: Option<u8>,
    /// The day of that decision.
    #[n(9)]
    pub decided: Option<i32>,
    /// Causes of poverty, bit by bit.
    #[n(10)]
    pub causes: u16,
}

/// A visit without an assessment.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Visit {
    /// The household.
    #[n(0)]
    pub household: Option<Key>,
    /// Somebody of the household was met.
    #[n(1)]
    pub met: bool,
}

/// A job fair.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Fair {
    /// Its type.
    #[n(0)]
    pub fair_type: Option<u8>,
    /// What became of it.
    #[n(1)]
    pub lifecycle: Option<u8>,
    /// Employers who came.
    #[n(2)]
    pub employers: i64,
    /// Places they offer.
    #[n(3)]
    pub vacancies: i64,
    /// Pupils, as declared.
    #[n(4)]
    pub pupils: i64,
}

/// Somebody at a job fair.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Attendance {
    /// The fair.
    #[n(0)]
    pub fair: Option<Key>,
    /// Who.
    #[n(1)]
    pub person: Person,
    /// The class of the household at that time.
    #[n(2)]
    pub class: Option<u8>,
    /// Outcomes, bit by bit.
    #[n(3)]
    pub outcomes: u16,
    /// How far on the way abroad.
    #[n(4)]
    pub overseas: Option<u8>,
}

/// A person of an attendance, an enrolment, a survey.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Person {
    /// The member of a household it is linked to.
    #[n(0)]
    pub member: Option<Key>,
    /// A keyed hash of the number of the identity card.
    #[n(1)]
    pub card: Option<Key>,
    /// Is a woman.
    #[n(2)]
    pub woman: bool,
    /// The two digits of the ethnic group as a number.
    #[n(3)]
    pub ethnicity: Option<u8>,
}

/// A worker asked about work.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Survey {
    /// Who.
    #[n(0)]
    pub person: Person,
    /// Without work.
    #[n(1)]
    pub jobless: bool,
    /// Wants to be trained.
    #[n(2)]
    pub wants_training: bool,
    /// Wants work.
    #[n(3)]
    pub wants_job: bool,
    /// How far on the way abroad.
    #[n(4)]
    pub overseas: Option<u8>,
}

/// A vocational class; its own day is the first.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Course {
    /// What became of it.
    #[n(0)]
    pub lifecycle: Option<u8>,
    /// Its last day.
    #[n(1)]
    pub end: Option<i32>,
    /// The trade, which is no personal data.
    #[n(2)]
    pub trade: String,
    /// Who teaches.
    #[n(3)]
    pub provider: String,
}

/// A learner of a class.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Enrolment {
    /// The class.
    #[n(0)]
    pub course: Option<Key>,
    /// Who.
    #[n(1)]
    pub person: Person,
    /// The group the support is given for.
    #[n(2)]
    pub target_group: Option<u8>,
    /// How it ended.
    #[n(3)]
    pub result: Option<u8>,
    /// Works since.
    #[n(4)]
    pub employed: bool,
}

/// Support given.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Measure {
    /// The household.
    #[n(0)]
    pub household: Option<Key>,
    /// The member of a household.
    #[n(1)]
    pub member: Option<Key>,
    /// What for.
    #[n(2)]
    pub kind: Option<u8>,
    /// How far it is.
    #[n(3)]
    pub stage: Option<u8>,
    /// How much, in đồng.
    #[n(4)]
    pub amount_vnd: i64,
}

/// A figure a commune reports; its own day is the first of its period.
#[derive(Debug, Clone, Default, PartialEq, Encode, Decode)]
pub struct Indicator {
    /// Its code in the catalogue of the plan.
    #[n(0)]
    pub code: String,
    /// Last day of its period.
    #[n(1)]
    pub end: i32,
    /// The number.
    #[n(2)]
    pub value: Option<f64>,
    /// What the number is a part of.
    #[n(3)]
    pub denominator: Option<f64>,
    /// Yes or no.
    #[n(4)]
    pub yes: Option<bool>,
    /// The status of an indicator that is words.
    #[n(5)]
    pub words: Option<String>,
}
