//! A household as the rules see it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::age::{Age, Birth};
use crate::person::Sex;

/// A member. Every answer may be missing; codes are those of the forms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    /// The row's UUID.
    pub id: String,
    /// Date of birth as far as known.
    pub birth: Option<Birth>,
    /// Sex.
    pub sex: Option<Sex>,
    /// True for members who moved away or died: they do not count.
    pub gone: bool,
    /// Able to work.
    pub able_to_work: Option<bool>,
    /// With a disability of any degree.
    pub disabled: bool,
    /// On a monthly social allowance.
    pub monthly_allowance: bool,
    /// Stunted or underweight, for children.
    pub malnourished: Option<bool>,
    /// With health insurance.
    pub insured: Option<bool>,
    /// `schooling_now`.
    pub schooling: Option<String>,
    /// `education_level`.
    pub education: Option<String>,
    /// `skill_level`.
    pub skill: Option<String>,
    /// `employment_status`.
    pub employment: Option<String>,
    /// `job_kind`.
    pub job_kind: Option<String>,
    /// With a labour contract.
    pub has_contract: Option<bool>,
}

impl Member {
    /// The age on a day.
    #[must_use]
    pub fn age(&self, on: Date) -> Option<Age> {
        self.birth?.age(on)
    }

    /// The path of one of the member's answers in the household's record.
    #[must_use]
    pub fn path(&self, field: &str) -> String {
        format!("members/{}/{field}", self.id)
    }
}

/// What the visit says about the house.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct House {
    /// Walls, pillars, roof: true for durable.
    pub durable: [Option<bool>; 3],
    /// Floor area.
    pub area_m2: Option<f64>,
    /// `water_source`.
    pub water_source: Option<String>,
    /// `toilet_type`.
    pub toilet_type: Option<String>,
    /// A member uses the internet.
    pub has_internet: Option<bool>,
    /// Ticked `devices`. None ticked means none once `has_internet`, asked just before, is answered.
    pub devices: BTreeSet<String>,
}
