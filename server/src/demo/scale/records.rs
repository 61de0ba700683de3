//! The invented records themselves: households, visits, fairs, attendances.

use jiff::Timestamp;
use schemas::catalog::Catalog;
use schemas::key::strong_key;
use schemas::value::{Answers, Scalar};
use sync_core::id::{Actor, RecordId, UnitId};
use sync_core::pack::Item;
use sync_core::record::{Edit, FORM, KIND, Record};
use sync_core::strong;

use crate::demo::draw::Draw;
use crate::demo::households::household;
use crate::entropy;
use crate::problem::{Code, Problem};

const STANDARD: &str = "VN-2022-2025";
const ROUND: &str = "periodic-2024";
/// Every so many households have something for the officer.
const APPROVED_EVERY: i64 = 3;
const EDITED_EVERY: i64 = 200;
const DISAGREED_EVERY: i64 = 100;
const WISHES: &[&str] = &[
    "Gia đình muốn vay vốn nuôi lợn nái (bịa)",
    "Muốn con đi học nghề xây dựng (bịa)",
    "Mong sửa lại mái nhà trước mùa mưa (bịa)",
    "Muốn có thêm giống ngô lai (bịa)",
    "Cần người hướng dẫn làm hồ sơ bảo hiểm y tế (bịa)",
];

/// A fair people go to.
#[derive(Debug, Clone)]
pub(super) struct Fair {
    id: RecordId,
    commune: UnitId,
    day: String,
}

/// Writes changes in the name of one console.
pub(super) struct Writer<'a> {
    catalog: &'a Catalog,
    key: &'a [u8; 32],
    user: &'a str,
    actors: [Actor; 2],
    now: Timestamp,
    written: i64,
    /// What was written since it was last handed on.
    pub items: Vec<Item>,
    /// New records among it.
    pub records: usize,
}

impl<'a> Writer<'a> {
    pub(super) const fn new(
        catalog: &'a Catalog,
        key: &'a [u8; 32],
        user: &'a str,
        actors: [Actor; 2],
        now: Timestamp,
    ) -> Self {
        Self {
            catalog,
            key,
            user,
            actors,
            now,
            written: 0,
            items: Vec::new(),
            records: 0,
        }
    }

    /// A fair of a commune.
    pub(super) fn fair(&mut self, draw: &mut Draw, commune: UnitId) -> Result<Fair, Problem> {
        let day = day(draw, 2024);
        let mut answers = Answers::new();
        let mut put = |path: &str, value: Scalar| answers.insert(path.to_owned(), value);
        put("$invented", Scalar::Bool(true));
        put("fair_type", "transaction".into());
        put("name", "Phiên giao dịch việc làm (bịa, đo tốc độ)".into());
        put("venue", "Nhà văn hóa xã (bịa)".into());
        put("host_commune_id", commune.to_string().as_str().into());
        put("start_at", format!("{day}T08:00:00+07:00").as_str().into());
        put("end_at", format!("{day}T16:00:00+07:00").as_str().into());
        put("organiser", "UBND xã (bịa)".into());
        put("lifecycle", "held".into());
        let id = self.create("job_fair", answers)?.id();
        Ok(Fair { id, commune, day })
    }

    /// A household with its visits, and perhaps somebody of it at a fair.
    pub(super) fn household(
        &mut self,
        draw: &mut Draw,
        village: UnitId,
        fair: Option<&Fair>,
    ) -> Result<(), Problem> {
        self.written += 1;
        let number = self.written;
        let mut answers = household(draw, &village.to_string());
        let text = |answers: &Answers, path: &str| answers.get(path).cloned().unwrap_or(Scalar::Null);
        let head = text(&answers, "head_member_id");
        let (name, born) = (text(&answers, "head_name"), text(&answers, "head_birth_year"));
        let ethnicity = text(&answers, "ethnicity_code");
        if number % APPROVED_EVERY == 0 {
            answers.insert("review/state".to_owned(), "approved".into());
        }
        if draw.chance(60) {
            let spot = format!(
                "22.{:06} 104.{:06} 0 {}",
                draw.between(400_000, 800_000),
                draw.between(0, 400_000),
                draw.between(5, 60)
            );
            answers.insert("gps".to_owned(), spot.as_str().into());
        }
        let mut record = self.create("household", answers)?;
        let id = record.id();
        if number % DISAGREED_EVERY == 0 {
            self.disagree(&mut record)?;
        }
        for visit in 0..3 {
            self.visit(draw, id, village, visit)?;
        }
        if let Some(fair) = fair.filter(|_| number % 2 == 0) {
            self.attend(draw, fair, village, [head, name, born, ethnicity])?;
        }
        Ok(())
    }

    /// Two people answer differently without having seen each other's answers.
    fn disagree(&mut self, record: &mut Record) -> Result<(), Problem> {
        let mut other = Record::load(record.id(), &record.save()).map_err(|_| Code::Internal)?;
        for (actor, record, roof) in [
            (self.actors[0], record, "tile"),
            (self.actors[1], &mut other, "wood"),
        ] {
            self.edit(actor, record, &[("roof".to_owned(), Edit::Put(roof.into()))])?;
        }
        Ok(())
    }

    fn visit(
        &mut self,
        draw: &mut Draw,
        household: RecordId,
        village: UnitId,
        number: i64,
    ) -> Result<(), Problem> {
        let mut answers = Answers::new();
        let mut put = |path: &str, value: Scalar| answers.insert(path.to_owned(), value);
        let review = number == 0;
        let month = if review { 10 } else { 3 * number };
        let at = format!(
            "2024-{month:02}-{:02}T{:02}:{:02}:00+07:00",
            draw.between(1, 28),
            draw.between(7, 17),
            draw.between(0, 59)
        );
        put("$invented", Scalar::Bool(true));
        put("household_id", household.to_string().as_str().into());
        put("village_id", village.to_string().as_str().into());
        put(
            "visit_type",
            if review { "periodic_review" } else { "support" }.into(),
        );
        put("visited_at", at.as_str().into());
        put("visitor_id", self.user.into());
        put("outcome", "met".into());
        put("aspirations", draw.one(WISHES).into());
        put(
            &format!(
                "needs/{}",
                draw.one(&["credit", "housing", "livestock_seed", "land", "vocational"])
            ),
            Scalar::Bool(true),
        );
        put("self_income_vnd", Scalar::Int(draw.between(4, 20) * 100_000));
        if review {
            put("review_round_id", ROUND.into());
            put("standard_id", STANDARD.into());
            put("area_type", "rural".into());
            put("request_form", Scalar::Bool(true));
            put("form_a_result", "continue".into());
            put("score_a", Scalar::Int(draw.between(60, 180)));
            for part in ["house_wall", "house_pillar", "house_roof"] {
                put(part, draw.one(&["durable", "non_durable"]).into());
            }
            put(
                "house_area_m2",
                Scalar::Decimal(draw.between(200, 900) as f64 / 10.0),
            );
            put("water_source", draw.one(&["tap", "drilled_well"]).into());
            put("toilet_type", draw.one(&["septic", "pour_flush"]).into());
            put("has_internet", Scalar::Bool(draw.chance(40)));
            for indicator in [
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
            ] {
                put(&format!("dep_{indicator}"), Scalar::Bool(draw.chance(25)));
            }
            put(
                &format!(
                    "poverty_causes/{}",
                    draw.one(&["no_land", "no_capital", "no_labour"])
                ),
                Scalar::Bool(true),
            );
        }
        let approved = self.written % APPROVED_EVERY == 0;
        if approved {
            put("review/state", "approved".into());
        }
        let mut record = self.create("household_visit", answers)?;
        if self.written % EDITED_EVERY == 0 && review {
            let edits = [("review/state".to_owned(), Edit::Put("approved".into()))];
            self.edit(self.actors[0], &mut record, &edits)?;
            let edits = [(
                "score_a".to_owned(),
                Edit::Put(Scalar::Int(draw.between(60, 180))),
            )];
            self.edit(self.actors[0], &mut record, &edits)?;
        }
        Ok(())
    }

    fn attend(
        &mut self,
        draw: &mut Draw,
        fair: &Fair,
        village: UnitId,
        [person, name, born, ethnicity]: [Scalar; 4],
    ) -> Result<(), Problem> {
        let mut answers = Answers::new();
        let mut put = |path: &str, value: Scalar| answers.insert(path.to_owned(), value);
        put("$invented", Scalar::Bool(true));
        put("fair_id", fair.id.to_string().as_str().into());
        put("host_commune_id", fair.commune.to_string().as_str().into());
        put("person_ref", person);
        put("full_name", name);
        put("birth_year", born);
        put("ethnicity_code", ethnicity);
        put("sex", "male".into());
        put("residence_village_id", village.to_string().as_str().into());
        put(
            "checked_in_at",
            format!(
                "{}T{:02}:{:02}:00+07:00",
                fair.day,
                draw.between(8, 15),
                draw.between(0, 59)
            )
            .as_str()
            .into(),
        );
        put("registered_by", self.user.into());
        put(
            &format!(
                "needs/{}",
                draw.one(&["job_local", "job_province", "job_abroad", "training"])
            ),
            Scalar::Bool(true),
        );
        put(
            &format!("employers_met/{}/value", draw.uuid()),
            "Công ty May mẫu (bịa)".into(),
        );
        put("consent_share_employer", Scalar::Bool(draw.chance(80)));
        self.create("job_fair_attendance", answers).map(drop)
    }

    fn create(&mut self, kind: &str, answers: Answers) -> Result<Record, Problem> {
        let form = self.catalog.form(kind).ok_or(Code::Internal)?;
        let id = match strong_key(form, &answers) {
            Some(key) => strong::record_id(self.key, kind, &key),
            None => RecordId(entropy::id(self.now)),
        };
        let mut edits = vec![
            (KIND.to_owned(), Edit::Put(Scalar::from(kind))),
            (FORM.to_owned(), Edit::Put(Scalar::Int(i64::from(form.version())))),
        ];
        edits.extend(answers.into_iter().map(|(path, value)| (path, Edit::Put(value))));
        let mut record = Record::empty(id);
        self.edit(self.actors[0], &mut record, &edits)?;
        self.records += 1;
        Ok(record)
    }

    fn edit(&mut self, actor: Actor, record: &mut Record, edits: &[(String, Edit)]) -> Result<(), Problem> {
        let change = record.edit(actor, self.now.as_second(), edits).ok().flatten();
        if let Some((hash, bytes)) = change {
            self.items.push(Item {
                record: record.id(),
                hash,
                bytes,
            });
        }
        Ok(())
    }
}

fn day(draw: &mut Draw, year: i64) -> String {
    format!("{year}-{:02}-{:02}", draw.between(1, 12), draw.between(1, 28))
}
