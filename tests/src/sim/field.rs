//! What people do on their phones: visits, households, fairs, attendance, corrections.

use device::{DeviceError, Phone};
use serde_json::{Value, json};
use sync_core::id::{RecordId, UnitId};
use sync_core::record::Record;

use super::cast::Place;
use super::dice::Dice;

/// ID numbers that several phones register alike (invented).
const ID_NUMBERS: [&str; 3] = ["010095000001", "010095000002", "010095000003"];
const NAMES: [&str; 4] = ["Giàng A Pao", "Vàng Thị Mẩy", "Lý Đào", "Nguyễn Văn Hòa"];
const ROOFS: [&str; 3] = ["tile", "thatch", "metal_sheet"];
const NEEDS: [&str; 3] = ["job_local", "training", "advice"];
/// Rows that several phones fill at the same time.
const ROWS: [&str; 2] = [
    "0192f0c1-0000-7000-8000-000000000001",
    "0192f0c1-0000-7000-8000-000000000002",
];

/// A record that exists somewhere, whoever wrote it.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its id.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
}

/// Where and about whom people write.
pub struct Field<'a> {
    /// The communes.
    pub places: &'a [Place],
    /// What was written so far, by anybody.
    pub known: &'a [Known],
    /// Chance.
    pub dice: &'a mut Dice,
}

impl Field<'_> {
    fn village(&mut self) -> UnitId {
        let place = self.dice.pick(self.places);
        *self.dice.pick(&place.villages)
    }

    fn known_of(&mut self, kind: &str) -> Option<RecordId> {
        let of_kind: Vec<_> = self.known.iter().filter(|known| known.kind == kind).collect();
        if of_kind.is_empty() {
            None
        } else {
            Some(self.dice.pick(&of_kind).id)
        }
    }

    /// Writes a new record of some kind, `near` the units its author answers for in most cases.
    ///
    /// # Errors
    /// As the phone says.
    pub fn write_new(&mut self, phone: &mut Phone, near: &[UnitId]) -> Result<Known, DeviceError> {
        let village = if near.is_empty() || self.dice.chance(10) {
            self.village()
        } else {
            *self.dice.pick(near)
        };
        let place = self
            .places
            .iter()
            .find(|place| place.villages.contains(&village) || place.commune == village);
        let commune = place.map_or(self.places[0].commune, |place| place.commune);
        let (kind, answers): (&str, Value) = match self.dice.below(10) {
            0..3 => ("household", self.household(village)),
            3..5 => {
                let Some(household) = self.known_of("household") else {
                    return self.write_new(phone, near);
                };
                let day = 10 + self.dice.below(2);
                (
                    "household_visit",
                    json!({
                        "household_id": household, "village_id": village, "visit_type": "support",
                        "visited_at": format!("2026-11-{day}T08:00:00+07:00"),
                        "visitor_id": "6f0e2b9a-0000-4000-8000-000000000001",
                        "outcome": "met", "aspirations": *self.dice.pick(&NAMES),
                    }),
                )
            }
            5..6 => {
                let code = ["PGD-1", "PGD-2"][self.dice.below(2)];
                (
                    "job_fair",
                    json!({
                        "code": code, "fair_type": "transaction", "name": format!("Phiên {code}"),
                        "venue": *self.dice.pick(&NAMES), "host_commune_id": commune, "lifecycle": "planned",
                        "start_at": "2026-11-20T08:00:00+07:00", "end_at": "2026-11-20T11:00:00+07:00",
                        "organiser": "Trung tâm",
                    }),
                )
            }
            _ => {
                let Some(fair) = self.known_of("job_fair") else {
                    return self.write_new(phone, near);
                };
                (
                    "job_fair_attendance",
                    json!({
                        "fair_id": fair, "host_commune_id": commune, "residence_village_id": village,
                        "full_name": *self.dice.pick(&NAMES), "sex": "female", "birth_year": 1990 + self.dice.below(3),
                        "id_number": *self.dice.pick(&ID_NUMBERS), "ethnicity_code": "08",
                        "needs": [*self.dice.pick(&NEEDS)], "consent_share_employer": self.dice.chance(50),
                    }),
                )
            }
        };
        let written = phone.new_record(kind, None, &answers)?;
        let id = written["id"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .expect("a new record has an id");
        Ok(Known {
            id,
            kind: kind.to_owned(),
        })
    }

    fn household(&mut self, village: UnitId) -> Value {
        json!({
            "village_id": village, "head_name": *self.dice.pick(&NAMES),
            "head_birth_year": 1960 + self.dice.below(4), "area_type": "rural", "ethnicity_code": "08",
            "move_status": "resident", "livestock": self.dice.below(3),
        })
    }

    /// Some answers to a record of `kind`, as typed: overlapping fields, few values.
    pub fn answers(&mut self, kind: &str) -> Vec<(String, String)> {
        let mut answers = Vec::new();
        for _ in 0..=self.dice.below(2) {
            let row = *self.dice.pick(&ROWS);
            let tick = if self.dice.chance(50) { "true" } else { "false" };
            let need = *self.dice.pick(&NEEDS);
            let name = *self.dice.pick(&NAMES);
            let (path, text) = match (kind, self.dice.below(6)) {
                ("household", 0..2) => ("livestock".to_owned(), self.dice.below(4).to_string()),
                ("household", 2) => ("roof".to_owned(), (*self.dice.pick(&ROOFS)).to_owned()),
                ("household", 3) => ("phone".to_owned(), format!("09{}", self.dice.below(3))),
                ("household", 4) => (format!("members/{row}/full_name"), name.to_owned()),
                ("household", _) => ("head_name".to_owned(), name.to_owned()),
                ("household_visit", 0..3) => ("needs/credit".to_owned(), tick.to_owned()),
                ("household_visit", _) => ("aspirations".to_owned(), name.to_owned()),
                ("job_fair", 0..3) => ("venue".to_owned(), name.to_owned()),
                ("job_fair", _) => ("headcount_declared".to_owned(), self.dice.below(3).to_string()),
                (_, 0..3) => (format!("needs/{need}"), tick.to_owned()),
                (_, 3) => ("phone".to_owned(), format!("09{}", self.dice.below(3))),
                _ => ("full_name".to_owned(), name.to_owned()),
            };
            if answers.iter().all(|(known, _)| *known != path) {
                answers.push((path, text));
            }
        }
        answers
    }

    /// Answers that take a record to another village.
    pub fn moves(&mut self, kind: &str) -> Vec<(String, String)> {
        let village = self.village();
        let commune = self.dice.pick(self.places).commune;
        let (field, unit) = match kind {
            "household" | "household_visit" => ("village_id", village),
            _ => ("host_commune_id", commune),
        };
        vec![(field.to_owned(), unit.to_string())]
    }
}

/// The kind of a record as one phone sees it; none if it holds nothing of it.
#[must_use]
pub fn kind_of(record: &Record) -> Option<String> {
    Some(record.get(sync_core::record::KIND)?.as_text()?.to_owned())
}
