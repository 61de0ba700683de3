//! Which indicators a standard counts and when a household is deprived of each: rules with their
//! numbers and lists as data (annex of Decree 07/2021/NĐ-CP).

use serde::Deserialize;

use crate::form::Label;

/// The indicators of a standard.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct IndicatorSet {
    /// What standards name.
    pub id: String,
    /// Where it is from.
    pub source: String,
    /// How sure that is.
    pub certainty: String,
    /// In the order of the annex.
    pub indicators: Vec<Indicator>,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Indicator {
    /// `employment` …; the visit states it in the field `dep_<code>`.
    pub code: String,
    /// The dimension it belongs to.
    pub dimension: String,
    /// Its name.
    pub label: Label,
    /// When a household is deprived of it.
    #[serde(flatten)]
    pub rule: Rule,
    /// What in the rule is our own reading.
    #[serde(default)]
    pub note: String,
}

/// When a household is deprived. Ages are whole years; "under" is exclusive.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// A member of working age, able, is without work and wants it, or works for wages without the
    /// contract that the kind of job needs.
    WithoutWork {
        /// Working age begins; it ends with retirement.
        age_from: i32,
        /// `employment_status` that means no work though wanted.
        without_work: Vec<String>,
        /// `job_kind` that needs a labour contract.
        contract_needed: Vec<String>,
    },
    /// Dependents are more than a share of the members: children, and elderly or disabled members on
    /// a monthly social allowance.
    Dependents {
        /// Children are under this age.
        child_under: i32,
        /// Elderly from this age.
        elderly_from: i32,
        /// Exactly this many percent is not more.
        more_than_percent: i64,
    },
    /// A child is stunted or underweight.
    MalnourishedChild {
        /// Children are under this age.
        child_under: i32,
    },
    /// A member has no health insurance.
    Uninsured {
        /// From this age.
        age_from: i32,
    },
    /// A member of these ages is neither in training nor holds the level of the age.
    AdultLevel {
        /// Per span of ages.
        bands: Vec<AdultBand>,
    },
    /// A child of these ages is not at the level of the age.
    ChildLevel {
        /// Per span of ages.
        bands: Vec<ChildBand>,
    },
    /// So many of walls, pillars and roof are not durable.
    Structure {
        /// From this many.
        non_durable_min: usize,
    },
    /// The floor is smaller than this per person.
    AreaPerPerson {
        /// Exactly this much is enough.
        m2_min: f64,
    },
    /// The answer of a field is not among the good ones.
    AnswerAmong {
        /// `water_source` or `toilet_type`.
        field: String,
        /// The good ones.
        good: Vec<String>,
    },
    /// No member uses the internet.
    NoInternet,
    /// There is neither a shared nor a personal device.
    NoDevice {
        /// Devices of the household.
        shared: Vec<String>,
        /// Devices of a member.
        personal: Vec<String>,
    },
}

/// What counts as the level of an adult's age.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AdultBand {
    /// From this age.
    pub from: i32,
    /// Under this age.
    pub under: i32,
    /// `schooling_now` that counts.
    pub schooling: Vec<String>,
    /// `education_level` that counts.
    pub education: Vec<String>,
    /// `skill_level` that counts.
    pub skill: Vec<String>,
}

/// What counts as the level of a child's age.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChildBand {
    /// From this age.
    pub from: i32,
    /// Under this age.
    pub under: i32,
    /// `schooling_now` that counts.
    pub schooling: Vec<String>,
}
