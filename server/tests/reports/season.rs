//! A season of invented work in the demo's villages, drawn from a seed: visits, fairs, classes, figures, corrections,
//! two hands on one record, what was thrown out, what was merged.

mod events;

use schemas::value::{Answers, Scalar};
use server::access::console_device;
use server::demo;
use server::ingest;
use server::merge::{Batch, Opened};
use server::store::UserStore as _;
use server::store::record::{ArchiveStore as _, LogStore as _};
use sync_core::envelope::{Envelope, EnvelopeHead, batches};
use sync_core::id::{Actor, DeviceId, RecordId};
use sync_core::pack::Item;
use sync_core::record::{Edit, FORM, KIND, Record};
use uuid::Builder;

use crate::app::TestApp;

/// Numbers from a seed, the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("below a bound")
    }

    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn id(&mut self) -> RecordId {
        let mut bytes = [0; 16];
        bytes.fill_with(|| u8::try_from(self.below(256)).expect("a byte"));
        RecordId(Builder::from_random_bytes(bytes).into_uuid())
    }

    fn day(&mut self, year: usize) -> String {
        format!("{year}-{:02}-{:02}", 1 + self.below(12), 1 + self.below(28))
    }
}

/// The class that every season has, approved ones too.
fn is_first_class(record: &Record) -> bool {
    record
        .get("code")
        .is_some_and(|code| code.as_text() == Some("L0"))
}

type Writes = Vec<(String, Edit)>;

fn put(path: &str, value: impl Into<Scalar>) -> (String, Edit) {
    (path.to_owned(), Edit::Put(value.into()))
}

/// A household of the register that the season is about.
struct Home {
    id: RecordId,
    village: String,
    members: Vec<String>,
}

/// Everything that is written, as its writers do.
pub struct Season<'a> {
    test: &'a TestApp,
    pub dice: Dice,
    device: DeviceId,
    hands: u8,
    items: Vec<Item>,
}

pub const OFFICER: &str = "huyen.ca.vung";

const CLASSES: [&str; 4] = ["poor", "near_poor", "average", "non_poor"];
const DEPRIVATIONS: [&str; 12] = [
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
const CAUSES: [&str; 8] = [
    "no_land",
    "no_capital",
    "no_labour",
    "no_tools",
    "no_knowledge",
    "no_skills",
    "illness_accident",
    "other",
];
impl<'a> Season<'a> {
    /// The demo's people and households, and an officer who answers for all ten communes.
    pub fn begin(test: &'a TestApp, seed: u64) -> Self {
        demo::prepare(&test.app).expect("a demo");
        let plan = schemas::plan::Plan::plan_2024();
        let communes: Vec<&str> = plan.scope.iter().map(|unit| unit.unit_id.as_str()).collect();
        test.add(OFFICER, "district_officer", &communes);
        let officer = test
            .app
            .store
            .user_by_login(OFFICER)
            .expect("reads")
            .expect("there");
        let (device, _) = console_device(&test.app.store, &test.app.keys, test.app.clock.now(), &officer)
            .expect("a console");
        Self {
            test,
            dice: Dice::new(seed),
            device,
            hands: 0,
            items: Vec::new(),
        }
    }

    fn stored(&self, id: RecordId) -> Record {
        let mut record = Record::empty(id);
        for change in self.test.app.store.log_of(id).expect("reads") {
            record.apply(&change.bytes).expect("applies");
        }
        record
    }

    /// One change of one hand on top of what that hand has seen.
    fn write(&mut self, seen: &Record, writes: &Writes) -> Record {
        self.hands = self.hands.wrapping_add(1);
        let mut actor = [self.hands; 8];
        actor[..6].fill_with(|| u8::try_from(self.dice.below(256)).expect("a byte"));
        let mut after = Record::empty(seen.id());
        for (_, bytes) in seen.changes() {
            after.apply(&bytes).expect("applies");
        }
        // Who writes what stands there already writes nothing.
        let change = after
            .edit(Actor::of(self.device, actor), 0, writes)
            .expect("edits");
        self.items.extend(change.map(|(hash, bytes)| Item {
            record: seen.id(),
            hash,
            bytes,
        }));
        after
    }

    fn create(&mut self, kind: &str, mut writes: Writes) -> Record {
        writes.extend([put(KIND, kind), put(FORM, 1)]);
        let id = self.dice.id();
        self.write(&Record::empty(id), &writes)
    }

    /// Hands in what was written: signed, logged, merged.
    pub fn hand_in(&mut self) {
        let app = &self.test.app;
        let officer = app.store.user_by_login(OFFICER).expect("reads").expect("there");
        let (device, key) =
            console_device(&app.store, &app.keys, app.clock.now(), &officer).expect("a console");
        let first = app.store.counter_high(device).expect("reads") + 1;
        let mut batch = Batch::default();
        for (counter, items) in (first..).zip(batches(std::mem::take(&mut self.items))) {
            let head = EnvelopeHead {
                project: app.keys.project,
                device,
                counter,
                claimed_at_ms: 0,
            };
            batch.envelopes.push(Opened {
                envelope: Envelope::seal(head, &items, &key),
                items,
            });
        }
        for receipt in ingest::take(app, device, &batch, &[]).expect("is taken") {
            let taken = receipt.refused.is_none() && receipt.parked.is_empty() && receipt.waiting.is_empty();
            assert!(taken, "{receipt:?}");
        }
    }

    fn homes(&self) -> Vec<Home> {
        let ids = self.test.app.store.logged_records(None, 100_000).expect("reads");
        let homes = ids.into_iter().filter_map(|id| {
            let answers: Answers = self.stored(id).answers();
            if answers.get(KIND)?.as_text()? != "household" {
                return None;
            }
            let members = answers.keys().filter_map(|path| path.strip_prefix("members/"));
            let mut members: Vec<String> = members
                .filter_map(|rest| rest.split_once('/'))
                .map(|(id, _)| id.to_owned())
                .collect();
            members.dedup();
            Some(Home {
                id,
                village: answers.get("village_id")?.as_text()?.to_owned(),
                members,
            })
        });
        // Records have a new id in every run, their members are drawn by the demo's own dice.
        let mut homes: Vec<Home> = homes.collect();
        homes.sort_by(|a, b| a.members.cmp(&b.members));
        homes
    }

    /// Everything of two years.
    pub fn work(&mut self) {
        let homes = self.homes();
        let mut all: Vec<Record> = Vec::new();
        for home in &homes {
            for year in [2024, 2025] {
                for kind in ["periodic_review", "recheck"] {
                    if self.dice.percent(if kind == "recheck" { 12 } else { 70 }) {
                        all.push(self.assessment(home, year, kind));
                    }
                }
            }
            if self.dice.percent(30) {
                let day = self.dice.day(2025);
                all.push(self.create(
                    "household_visit",
                    vec![
                        put("household_id", home.id.to_string().as_str()),
                        put("village_id", home.village.as_str()),
                        put("visit_type", "support"),
                        put("visited_at", format!("{day}T08:00:00+07:00").as_str()),
                        put("outcome", "met"),
                    ],
                ));
            }
            self.change_home(home);
        }
        self.hand_in();
        self.fairs(&homes, &mut all);
        self.training(&homes, &mut all);
        self.support(&homes, &mut all);
        self.surveys(&homes, &mut all);
        self.indicators(&mut all);
        self.hand_in();
        self.two_hands(&all);
        self.reviews(&all, &homes);
        self.merges(&homes, &all);
        self.hand_in();
    }

    fn assessment(&mut self, home: &Home, year: usize, kind: &str) -> Record {
        let day = format!(
            "{year}-{:02}-{:02}",
            9 + self.dice.below(3),
            1 + self.dice.below(28)
        );
        let mut writes = vec![
            put("household_id", home.id.to_string().as_str()),
            put("village_id", home.village.as_str()),
            put("visit_type", kind),
            put("standard_id", "VN-2022-2025"),
            put("visited_at", format!("{day}T08:00:00+07:00").as_str()),
            put("outcome", "met"),
            put("area_type", "rural"),
            put("score_a", i64::try_from(90 + self.dice.below(80)).expect("small")),
        ];
        for indicator in DEPRIVATIONS {
            writes.push(put(&format!("dep_{indicator}"), self.dice.percent(28)));
        }
        for cause in CAUSES {
            if self.dice.percent(25) {
                writes.push(put(&format!("poverty_causes/{cause}"), true));
            }
        }
        if self.dice.percent(60) {
            writes.push(put("class_previous", self.dice.one(&CLASSES)));
        }
        let record = self.create("household_visit", writes);
        if self.dice.percent(60) {
            let decided = format!("{year}-12-{:02}", 1 + self.dice.below(28));
            let class = self.dice.one(&CLASSES);
            return self.write(
                &record,
                &vec![
                    put("class_recognised", class),
                    put("decision_no", "12/QĐ-UBND"),
                    put("decision_date", decided.as_str()),
                ],
            );
        }
        record
    }

    /// People move, insurance and work are written down.
    fn change_home(&mut self, home: &Home) {
        let mut writes = Vec::new();
        if self.dice.percent(12) {
            let state = self.dice.one(&["moved_in", "moved_out", "split", "dissolved"]);
            let year = self.dice.one(&[2024, 2025, 2025, 2026]);
            writes.push(put("move_status", state));
            writes.push(put("move_date", self.dice.day(year).as_str()));
        }
        if self.dice.percent(10) {
            writes.push(put("area_type", "urban"));
        }
        for member in &home.members {
            let path = |field: &str| format!("members/{member}/{field}");
            if self.dice.percent(70) {
                writes.push(put(&path("has_health_insurance"), self.dice.percent(60)));
                writes.push(put(&path("literate"), self.dice.percent(75)));
                writes.push(put(&path("able_to_work"), self.dice.percent(60)));
                writes.push(put(
                    &path("employment_status"),
                    self.dice.one(&["employed", "unemployed_wants_work"]),
                ));
                writes.push(put(&path("stable_income"), self.dice.percent(40)));
            }
            if self.dice.percent(4) {
                writes.push(put(
                    &path("presence"),
                    self.dice.one(&["moved", "deceased", "away_work"]),
                ));
            }
            if self.dice.percent(5) {
                writes.push(put(&path("disability"), "severe"));
            }
        }
        if !writes.is_empty() {
            let record = self.stored(home.id);
            self.write(&record, &writes);
        }
    }

    /// Two phones write one visit without having seen each other.
    fn two_hands(&mut self, all: &[Record]) {
        for record in all {
            if self.dice.percent(6) && record.answers().contains_key("score_a") {
                for _ in 0..2 {
                    let score = i64::try_from(90 + self.dice.below(80)).expect("small");
                    let lacks = self.dice.percent(50);
                    self.write(record, &vec![put("score_a", score), put("dep_water", lacks)]);
                }
            }
        }
    }

    fn reviews(&mut self, all: &[Record], homes: &[Home]) {
        self.hand_in();
        let ids = all.iter().map(Record::id).chain(homes.iter().map(|home| home.id));
        for id in ids.collect::<Vec<_>>() {
            let drawn = self.dice.below(100);
            let first_class = all
                .iter()
                .find(|record| record.id() == id)
                .is_some_and(is_first_class);
            let state = match drawn {
                _ if first_class => "approved",
                0..55 => "approved",
                55..60 => "void",
                60..65 => "rejected",
                65..70 => "has_issues",
                70..75 => "locked",
                _ => continue,
            };
            let record = self.stored(id);
            let record = self.write(
                &record,
                &vec![put("review/state", state), put("review/comment", "xem lại")],
            );
            // What is written after an approval was not approved.
            if state == "approved" && self.dice.percent(10) && record.answers().contains_key("aspirations") {
                self.write(&record, &vec![put("aspirations", "sửa")]);
            }
        }
    }

    /// Households registered twice, a chain of three, a fair entered twice; persons of theirs who are one.
    fn merges(&mut self, homes: &[Home], all: &[Record]) {
        self.hand_in();
        let same: Vec<(usize, usize)> = vec![(0, 7), (7, 11), (20, 40), (60, 61)];
        for (loser, survivor) in same {
            let (loser, survivor) = (&homes[loser], &homes[survivor]);
            let member = format!("review/same_member/{}", loser.members[0]);
            let writes = vec![
                put("review/same_as", survivor.id.to_string().as_str()),
                put(&member, survivor.members[0].as_str()),
            ];
            let record = self.stored(loser.id);
            self.write(&record, &writes);
        }
        let fairs: Vec<&Record> = all
            .iter()
            .filter(|record| record.answers().contains_key("fair_type"))
            .collect();
        let writes = vec![put("review/same_as", fairs[1].id().to_string().as_str())];
        let record = self.stored(fairs[0].id());
        self.write(&record, &writes);
    }
}
