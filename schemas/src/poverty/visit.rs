//! From the flat answers of a household and a visit to an assessment.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::age::{Birth, BirthPrecision};
use super::assess::{Assessment, AssessmentInput, assess};
use super::class::{Class, ClassRecord};
use super::household::{House, Member};
use super::standard::{Area, Standards};
use crate::expr::local_date;
use crate::finding::Severity;
use crate::path::REMOVED;
use crate::person::Sex;
use crate::value::{Answers, Scalar};

/// The day by which a visit is assessed: the local day of `visited_at`. A visit at 23:30 on 31
/// December 2026 is under VN-2022-2025, one half an hour later under VN-2027-2030.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassificationDate(pub Date);

/// The classes a household had before a visit, out of those recognised for it by visits that are at hand. When there
/// is none, the class it stands under (`current_class`) counts as recognised the day before.
#[must_use]
pub fn class_history(
    visit: &Answers,
    household: &Answers,
    recognised: impl IntoIterator<Item = ClassRecord>,
) -> Vec<ClassRecord> {
    let Some(ClassificationDate(day)) = ClassificationDate::of(visit) else {
        return Vec::new();
    };
    let recognised = recognised.into_iter();
    let classes: Vec<_> = recognised.filter(|class| class.recognised_on < day).collect();
    if !classes.is_empty() {
        return classes;
    }
    let current = household.get("current_class").and_then(|class| class.as_text());
    let before = current.and_then(Class::parse).zip(day.yesterday().ok());
    before
        .map(|(class, recognised_on)| ClassRecord { class, recognised_on })
        .into_iter()
        .collect()
}

impl ClassificationDate {
    /// Reads it from a visit.
    #[must_use]
    pub fn of(visit: &Answers) -> Option<Self> {
        local_date(text(visit, "visited_at")?).map(Self)
    }
}

/// Assesses a visit. `household` and `visit` are the records' flat answers; `history` the classes
/// recognised before this visit. The standard is the one the visit names, else the one in force on
/// its day. Total: what is missing becomes a finding, and the assessment says less.
#[must_use]
pub fn assess_visit(
    household: &Answers,
    visit: &Answers,
    history: &[ClassRecord],
    standards: &Standards,
) -> Assessment {
    let date = ClassificationDate::of(visit).map(|date| date.0);
    let standard = match text(visit, "standard_id") {
        Some(id) => standards.by_id(id),
        None => date.and_then(|date| standards.standard_for(date)),
    };
    let mut out = Assessment::default();
    let Some(standard) = standard else {
        out.finding("standard_id", "standard_unknown", Severity::Error);
        return out;
    };
    let Some(on) = date else {
        out.standard_id = Some(standard.id.clone());
        out.finding("visited_at", "visit_date_missing", Severity::Error);
        return out;
    };
    let area = text(visit, "area_type").or_else(|| text(household, "area_type"));
    let input = AssessmentInput {
        standards,
        standard,
        on,
        area: area.and_then(Area::parse),
        score_a: integer(visit, "score_a"),
        members: members(household),
        declared_count: integer(household, "declared_count").and_then(|count| usize::try_from(count).ok()),
        house: house(visit),
        stated: stated(visit),
        dep_note: text(visit, "dep_note").map(str::to_owned),
        income_vnd: integer(visit, "self_income_vnd"),
        history,
    };
    let mut out = assess(&input);
    if let Some(recognised) = recognised(visit) {
        let with_this: Vec<ClassRecord> = history.iter().cloned().chain([recognised]).collect();
        let months = standard
            .recently_escaped_months
            .as_ref()
            .map(|figure| figure.value);
        out.recently_escaped_until =
            months.and_then(|months| super::recently_escaped_until(&with_this, months));
    }
    out
}

/// The class that the reviewer recognised on this visit.
fn recognised(visit: &Answers) -> Option<ClassRecord> {
    let class = Class::parse(text(visit, "class_recognised")?)?;
    Some(ClassRecord {
        class,
        recognised_on: local_date(text(visit, "decision_date")?)?,
    })
}

fn members(household: &Answers) -> Vec<Member> {
    let prefix = "members/";
    let from = prefix.to_owned();
    let rows = household
        .range(from..)
        .map(|(path, _)| path)
        .map_while(|path| path.strip_prefix(prefix));
    let ids: BTreeSet<&str> = rows
        .filter_map(|path| path.split_once('/'))
        .map(|(id, _)| id)
        .collect();
    let standing = |id: &&str| household.get(&format!("{prefix}{id}/{REMOVED}")) != Some(&Scalar::Bool(true));
    ids.into_iter()
        .filter(standing)
        .map(|id| member(household, id))
        .collect()
}

fn member(household: &Answers, id: &str) -> Member {
    let path = |field: &str| format!("members/{id}/{field}");
    let word = |field: &str| text(household, &path(field));
    let code = |field: &str| word(field).map(str::to_owned);
    let yes = |field: &str| boolean(household, &path(field));
    Member {
        id: id.to_owned(),
        birth: word("birth_date").and_then(local_date).map(|date| Birth {
            date,
            precision: word("birth_precision")
                .and_then(BirthPrecision::parse)
                .unwrap_or(BirthPrecision::Day),
        }),
        sex: word("sex").and_then(Sex::parse),
        gone: matches!(word("presence"), Some("moved" | "deceased")),
        able_to_work: yes("able_to_work"),
        disabled: word("disability").is_some_and(|degree| degree != "none"),
        monthly_allowance: yes("monthly_allowance") == Some(true),
        malnourished: yes("malnourished"),
        insured: yes("has_health_insurance"),
        schooling: code("schooling_now"),
        education: code("education_level"),
        skill: code("skill_level"),
        employment: code("employment_status"),
        job_kind: code("job_kind"),
        has_contract: yes("has_contract"),
    }
}

fn house(visit: &Answers) -> House {
    let durable = |field: &str| match text(visit, field) {
        Some("durable") => Some(true),
        Some("non_durable") => Some(false),
        _ => None,
    };
    let devices = visit.iter().filter(|(_, value)| **value == Scalar::Bool(true));
    let devices = devices.filter_map(|(path, _)| path.strip_prefix("devices/").map(str::to_owned));
    House {
        durable: ["house_wall", "house_pillar", "house_roof"].map(durable),
        area_m2: match visit.get("house_area_m2") {
            Some(Scalar::Decimal(area)) => Some(*area),
            // Floor areas are small; the cast is exact.
            #[allow(clippy::cast_precision_loss, reason = "a floor area is small")]
            Some(Scalar::Int(area)) => Some(*area as f64),
            _ => None,
        },
        water_source: text(visit, "water_source").map(str::to_owned),
        toilet_type: text(visit, "toilet_type").map(str::to_owned),
        has_internet: boolean(visit, "has_internet"),
        devices: devices.collect(),
    }
}

fn stated(visit: &Answers) -> BTreeMap<String, bool> {
    let answers = visit.iter().filter_map(|(path, value)| match value {
        Scalar::Bool(value) => Some((path.strip_prefix("dep_")?.to_owned(), *value)),
        _ => None,
    });
    answers.collect()
}

fn text<'a>(answers: &'a Answers, path: &str) -> Option<&'a str> {
    answers.get(path)?.as_text().filter(|text| !text.is_empty())
}

fn boolean(answers: &Answers, path: &str) -> Option<bool> {
    match answers.get(path)? {
        Scalar::Bool(value) => Some(*value),
        _ => None,
    }
}

fn integer(answers: &Answers, path: &str) -> Option<i64> {
    match answers.get(path)? {
        Scalar::Int(value) => Some(*value),
        _ => None,
    }
}
