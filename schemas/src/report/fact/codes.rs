//! The codes of the forms, each with its place as number.

/// Classes of households.
pub const CLASSES: [&str; 5] = ["poor", "near_poor", "average", "non_poor", "unclassified"];
/// The twelve indicators in the order of the annex of Decree 07/2021.
pub const DEPRIVATIONS: [&str; 12] = [
    "employment",
    "dependents",
    "nutrition",
    "health_insurance",
    "adult_education",
    "child_schooling",
    "housing_quality",
    "housing_area",
    "water",
    "toilet",
    "telecom",
    "info_device",
];
/// Causes of poverty.
pub const CAUSES: [&str; 8] = [
    "no_land",
    "no_capital",
    "no_labour",
    "no_tools",
    "no_knowledge",
    "no_skills",
    "illness_accident",
    "other",
];
/// Types of job fairs.
pub const FAIR_TYPES: [&str; 5] = [
    "transaction",
    "festival",
    "conference",
    "career_guidance",
    "online",
];
/// What becomes of a fair.
pub const FAIR_LIFECYCLES: [&str; 4] = ["planned", "held", "postponed", "cancelled"];
/// What comes of going to a fair.
pub const OUTCOMES: [&str; 10] = [
    "attended_only",
    "counselled",
    "interviewed",
    "shortlisted",
    "hired",
    "started_work",
    "training_registered",
    "overseas_registered",
    "declined",
    "not_suitable",
];
/// Stages of the way abroad, in their order.
pub const OVERSEAS: [&str; 8] = [
    "counselled",
    "registered",
    "health_check",
    "language_orientation",
    "contract_signed",
    "departed",
    "working",
    "returned",
];
/// What becomes of a class.
pub const COURSE_LIFECYCLES: [&str; 4] = ["planned", "running", "finished", "cancelled"];
/// Whom support of learners is given for.
pub const TARGET_GROUPS: [&str; 5] = ["poor", "near_poor", "ethnic_minority", "disabled", "other_rural"];
/// How a class ends for a learner.
pub const RESULTS: [&str; 4] = ["enrolled", "completed", "failed", "dropped"];
/// What support is for; the rest of the kinds count as none of these.
pub const MEASURES: [&str; 2] = ["credit", "housing"];
/// How far support is.
pub const STAGES: [&str; 5] = ["proposed", "approved", "in_progress", "delivered", "stopped"];

/// The place of `word` in `list`.
#[must_use]
pub fn number(list: &[&str], word: &str) -> Option<u8> {
    let at = list.iter().position(|known| *known == word)?;
    u8::try_from(at).ok()
}
