//! Fairs, classes, support, surveys and the figures of communes.

use schemas::value::Scalar;
use sync_core::record::Record;

use super::{CLASSES, Home, Season, Writes, put};

const OUTCOMES: [&str; 8] = [
    "attended_only",
    "counselled",
    "interviewed",
    "shortlisted",
    "hired",
    "started_work",
    "training_registered",
    "overseas_registered",
];
const OVERSEAS: [&str; 4] = ["counselled", "registered", "departed", "working"];

impl Season<'_> {
    fn person(&mut self, homes: &[Home]) -> Writes {
        let home = &homes[self.dice.below(homes.len())];
        let mut writes = vec![
            put("full_name", "Người Mẫu"),
            put("sex", self.dice.one(&["male", "female"])),
            put(
                "birth_year",
                i64::try_from(1970 + self.dice.below(30)).expect("small"),
            ),
            put("ethnicity_code", self.dice.one(&["01", "20", "28"])),
        ];
        if self.dice.percent(50) {
            writes.push(put(
                "person_ref",
                home.members[self.dice.below(home.members.len())].as_str(),
            ));
        }
        if self.dice.percent(60) {
            writes.push(put(
                "id_number",
                format!("0102030000{:02}", self.dice.below(30)).as_str(),
            ));
        }
        writes
    }

    fn commune(&mut self) -> String {
        let plan = schemas::plan::Plan::plan_2024();
        plan.scope[self.dice.below(plan.scope.len())].unit_id.clone()
    }

    pub(super) fn fairs(&mut self, homes: &[Home], all: &mut Vec<Record>) {
        let mut fairs = Vec::new();
        for _ in 0..14 {
            let commune = self.commune();
            let year = self.dice.one(&[2024, 2025, 2025, 2025]);
            let day = self.dice.day(year);
            let mut writes = vec![
                put("name", "Phiên mẫu"),
                put(
                    "fair_type",
                    self.dice.one(&[
                        "transaction",
                        "festival",
                        "conference",
                        "career_guidance",
                        "online",
                    ]),
                ),
                put("host_commune_id", commune.as_str()),
                put("start_at", format!("{day}T08:00:00+07:00").as_str()),
                put(
                    "lifecycle",
                    self.dice.one(&["held", "held", "held", "planned", "cancelled"]),
                ),
                put(
                    "pupils_declared",
                    i64::try_from(self.dice.below(200)).expect("small"),
                ),
            ];
            for _ in 0..self.dice.below(3) {
                let row = self.dice.id();
                writes.push(put(&format!("employers/{row}/name"), "Doanh nghiệp mẫu"));
                let vacancies = i64::try_from(self.dice.below(50)).expect("small");
                writes.push(put(&format!("employers/{row}/vacancies"), vacancies));
            }
            let fair = self.create("job_fair", writes);
            fairs.push((fair.id(), commune, day));
            all.push(fair);
        }
        for _ in 0..160 {
            let (fair, commune, day) = fairs[self.dice.below(fairs.len())].clone();
            let mut writes = self.person(homes);
            writes.extend([
                put("fair_id", fair.to_string().as_str()),
                put("host_commune_id", commune.as_str()),
                put("checked_in_at", format!("{day}T09:00:00+07:00").as_str()),
                put("hh_class_at_event", self.dice.one(&CLASSES)),
            ]);
            for _ in 0..self.dice.below(3) {
                let row = self.dice.id();
                writes.push(put(&format!("outcomes/{row}/code"), self.dice.one(&OUTCOMES)));
            }
            if self.dice.percent(20) {
                writes.push(put("overseas_stage", self.dice.one(&OVERSEAS)));
            }
            all.push(self.create("job_fair_attendance", writes));
        }
    }

    pub(super) fn training(&mut self, homes: &[Home], all: &mut Vec<Record>) {
        let mut classes = Vec::new();
        for number in 0..9 {
            let commune = self.commune();
            let years: &[usize] = if number == 0 { &[2025] } else { &[2024, 2025, 2025] };
            let year = self.dice.one(years);
            let start = self.dice.day(year);
            let end = start.replace(&start[5..7], "12");
            // The first is held whatever the dice say, so that every season has one to count.
            let stages: &[&str] = match number {
                0 => &["running"],
                _ => &["running", "finished", "finished", "planned", "cancelled"],
            };
            let lifecycle = self.dice.one(stages);
            let class = self.create(
                "vocational_class",
                vec![
                    put("code", format!("L{number}").as_str()),
                    put("trade", "Chăn nuôi mẫu"),
                    put("provider", "Trường mẫu"),
                    put("commune_id", commune.as_str()),
                    put("start_on", start.as_str()),
                    put("end_on", format!("{year}{}", &end[4..]).as_str()),
                    put("lifecycle", lifecycle),
                ],
            );
            classes.push((class.id(), commune));
            all.push(class);
        }
        for _ in 0..110 {
            let (class, commune) = classes[self.dice.below(classes.len())].clone();
            let mut writes = self.person(homes);
            writes.extend([
                put("class_id", class.to_string().as_str()),
                put("commune_id", commune.as_str()),
                put(
                    "target_group",
                    self.dice
                        .one(&["poor", "near_poor", "ethnic_minority", "other_rural"]),
                ),
                put(
                    "result",
                    self.dice.one(&["enrolled", "completed", "completed", "dropped"]),
                ),
                put("job_after", self.dice.one(&["none", "hired", "self_made"])),
            ]);
            all.push(self.create("vocational_enrolment", writes));
        }
    }

    pub(super) fn support(&mut self, homes: &[Home], all: &mut Vec<Record>) {
        for _ in 0..70 {
            let home = &homes[self.dice.below(homes.len())];
            let (id, village, member) = (home.id, home.village.clone(), home.members[0].clone());
            let whom = if self.dice.percent(70) {
                put("household_id", id.to_string().as_str())
            } else {
                put("person_ref", member.as_str())
            };
            let year = self.dice.one(&[2024, 2025]);
            let writes = vec![
                whom,
                put("village_id", village.as_str()),
                put("kind", self.dice.one(&["credit", "housing", "gift"])),
                put("programme", "Chương trình mẫu"),
                put(
                    "stage",
                    self.dice
                        .one(&["delivered", "delivered", "in_progress", "proposed"]),
                ),
                put("provided_on", self.dice.day(year).as_str()),
                put(
                    "amount_vnd",
                    i64::try_from(1_000_000 * self.dice.below(90)).expect("small"),
                ),
            ];
            all.push(self.create("support_measure", writes));
        }
    }

    pub(super) fn surveys(&mut self, homes: &[Home], all: &mut Vec<Record>) {
        for _ in 0..80 {
            let village = homes[self.dice.below(homes.len())].village.clone();
            let year = self.dice.one(&[2024, 2025, 2025]);
            let day = self.dice.day(year);
            let mut writes = self.person(homes);
            writes.extend([
                put("round", "2025-1"),
                put("village_id", village.as_str()),
                put("surveyed_at", format!("{day}T10:00:00+07:00").as_str()),
                put(
                    "activity_status",
                    self.dice.one(&["working", "unemployed", "unemployed"]),
                ),
                put("wants_training", self.dice.percent(50)),
                put("wants_job", self.dice.percent(50)),
            ]);
            if self.dice.percent(20) {
                writes.push(put("overseas_stage", self.dice.one(&OVERSEAS)));
            }
            all.push(self.create("labour_survey", writes));
        }
    }

    pub(super) fn indicators(&mut self, all: &mut Vec<Record>) {
        let plan = schemas::plan::Plan::plan_2024();
        let ratios = [
            "poor_households",
            "villages_informed",
            "road_km_hardened",
            "villages_with_power",
        ];
        for unit in &plan.scope {
            for year in [2024, 2025] {
                for code in ratios.into_iter().chain(["ntm_criteria_met", "major_outbreaks"]) {
                    if !self.dice.percent(80) {
                        continue;
                    }
                    let whole = 20 + self.dice.below(400);
                    let part = f64::from(u32::try_from(self.dice.below(whole)).expect("small"));
                    let mut writes = vec![
                        put("unit_id", unit.unit_id.as_str()),
                        put("code", code),
                        put("period", format!("{year}").as_str()),
                        put(
                            "value_num",
                            Scalar::Decimal(if code == "ntm_criteria_met" {
                                part % 19.0
                            } else {
                                part
                            }),
                        ),
                    ];
                    if ratios.contains(&code) {
                        let whole = f64::from(u32::try_from(whole).expect("small"));
                        writes.push(put("denominator", Scalar::Decimal(whole)));
                    }
                    all.push(self.create("commune_indicator", writes));
                }
                let yes = [
                    put("unit_id", unit.unit_id.as_str()),
                    put(
                        "code",
                        self.dice
                            .one(&["health_criteria_met", "preschool_age4_universal"]),
                    ),
                    put("period", format!("{year}").as_str()),
                    put("value_bool", self.dice.percent(70)),
                ];
                all.push(self.create("commune_indicator", yes.to_vec()));
            }
            for week in 1..=self.dice.below(9) {
                let days = f64::from(u32::try_from(self.dice.below(5)).expect("small"));
                let writes = vec![
                    put("unit_id", unit.unit_id.as_str()),
                    put("code", "doctor_days_per_week"),
                    put("period", format!("2025-W{:02}", week + 10).as_str()),
                    put("value_num", Scalar::Decimal(days)),
                ];
                all.push(self.create("commune_indicator", writes));
            }
        }
    }
}
