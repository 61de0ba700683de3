//! Facts drawn from a seed, and the answers of one household.

use schemas::report::body::{
    Assessment, Attendance, Course, Enrolment, Fair, Household, Indicator, Measure, Member, Person, Survey,
    Visit,
};
use schemas::report::{Body, Fact, Key, State, day_number};
use schemas::unit::{DEMO_VILLAGES_JSON, UnitTree};
use schemas::value::{Answers, Scalar};

/// Numbers from a seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % bound as u64).expect("below a bound")
    }

    fn byte(&mut self, bound: usize) -> u8 {
        u8::try_from(self.below(bound)).expect("a byte")
    }

    fn maybe(&mut self, bound: usize) -> Option<u8> {
        (self.below(4) > 0).then(|| self.byte(bound))
    }

    fn day(&mut self) -> i32 {
        let first = day_number("2024-01-01".parse().expect("a day"));
        first + i32::try_from(self.below(900)).expect("small")
    }

    fn bits(&mut self, width: usize) -> u16 {
        u16::try_from(self.below(1 << width)).expect("bits")
    }

    fn amount(&mut self, bound: usize) -> i64 {
        i64::try_from(self.below(bound)).expect("small")
    }
}

/// A key of a number.
pub fn key(number: u32) -> Key {
    let mut bytes = [0; 16];
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    Key(bytes)
}

fn member(home: u32, at: u32) -> Key {
    key(1_000_000 + home * 10 + at)
}

/// So many facts of every kind, that refer to each other.
pub fn some(seed: u64, number: u32) -> Vec<Fact> {
    let villages =
        UnitTree::from_json(&DEMO_VILLAGES_JSON.replace("\"parents\": [", "\"parents\": [], \"unused\": ["))
            .expect("villages by themselves");
    let villages: Vec<Key> = villages.iter().filter_map(|unit| Key::parse(&unit.id)).collect();
    let communes: Vec<Key> = schemas::plan::Plan::plan_2024()
        .scope
        .iter()
        .filter_map(|unit| Key::parse(&unit.unit_id))
        .collect();
    let mut dice = Dice::new(seed);
    let homes = number / 3;
    let mut facts = Vec::new();
    for at in 0..number {
        let kind = if at < homes { 0 } else { 1 + dice.below(10) };
        let (day, body) = body(&mut dice, kind, at, homes);
        let in_village = matches!(kind, 0..=2 | 6 | 8);
        let list = if in_village { &villages } else { &communes };
        facts.push(Fact {
            record: key(at),
            unit: (dice.below(20) > 0).then(|| list[dice.below(list.len())]),
            day,
            state: State::of_number(dice.byte(State::ALL.len())).expect("a state"),
            same_as: (dice.below(15) == 0)
                .then(|| key(u32::try_from(dice.below(number as usize)).expect("small"))),
            conflict: dice.byte(3),
            findings: u32::from(dice.byte(3)),
            body,
        });
    }
    // Nobody is merged into themselves: the store drops that.
    for fact in &mut facts {
        fact.same_as = fact.same_as.filter(|survivor| *survivor != fact.record);
    }
    facts
}

fn person(dice: &mut Dice, homes: u32) -> Person {
    let home = u32::try_from(dice.below(homes as usize)).expect("small");
    Person {
        member: (dice.below(2) == 0).then(|| member(home, 0)),
        card: (dice.below(2) == 0).then(|| key(5_000_000 + u32::from(dice.byte(20)))),
        woman: dice.below(2) == 0,
        ethnicity: dice.maybe(57),
    }
}

fn body(dice: &mut Dice, kind: usize, at: u32, homes: u32) -> (Option<i32>, Body) {
    let day = Some(dice.day());
    let some_home = key(u32::try_from(dice.below(homes as usize)).expect("small"));
    let some_record = key(u32::try_from(dice.below((homes * 3) as usize)).expect("small"));
    match kind {
        0 => {
            let members = (0..u32::from(dice.byte(5))).map(|row| Member {
                id: member(at, row),
                born: Some(dice.day() - 365 * i32::from(dice.byte(80))),
                bits: dice.bits(8),
            });
            let members = members.collect();
            let home = Household {
                urban: dice.below(4) == 0,
                ethnicity: dice.maybe(57),
                class: dice.maybe(5),
                since: (dice.below(6) == 0).then(|| dice.day()),
                until: (dice.below(6) == 0).then(|| dice.day()),
                woman_head: Some(dice.below(2) == 0),
                members,
                same_members: Vec::new(),
            };
            (None, Body::Household(Box::new(home)))
        }
        1 | 9 | 10 => {
            let assessment = Assessment {
                household: Some(some_home),
                standard_from: Some(day_number("2022-01-01".parse().expect("a day"))),
                recheck: dice.below(5) == 0,
                deprived: dice.bits(12),
                score_a: Some(dice.amount(200)),
                score_b: Some(dice.amount(120)),
                proposed: dice.maybe(5),
                previous: dice.maybe(5),
                recognised: dice.maybe(5),
                decided: Some(dice.day()),
                causes: dice.bits(8),
            };
            (day, Body::Assessment(Box::new(assessment)))
        }
        2 => (
            day,
            Body::Visit(Visit {
                household: Some(some_home),
                met: true,
            }),
        ),
        3 => (
            day,
            Body::Fair(Fair {
                fair_type: dice.maybe(5),
                lifecycle: dice.maybe(4),
                employers: dice.amount(5),
                vacancies: dice.amount(90),
                pupils: dice.amount(90),
            }),
        ),
        4 => (
            day,
            Body::Attendance(Attendance {
                fair: Some(some_record),
                person: person(dice, homes),
                class: dice.maybe(5),
                outcomes: dice.bits(10),
                overseas: dice.maybe(8),
            }),
        ),
        5 => (
            None,
            Body::Enrolment(Enrolment {
                course: Some(some_record),
                person: person(dice, homes),
                target_group: dice.maybe(5),
                result: dice.maybe(4),
                employed: dice.below(2) == 0,
            }),
        ),
        6 => (
            day,
            Body::Survey(Survey {
                person: person(dice, homes),
                jobless: dice.below(2) == 0,
                wants_training: dice.below(2) == 0,
                wants_job: dice.below(2) == 0,
                overseas: dice.maybe(8),
            }),
        ),
        7 => (
            day,
            Body::Course(Course {
                lifecycle: dice.maybe(4),
                end: Some(dice.day()),
                trade: "nghề".to_owned(),
                provider: "trường".to_owned(),
            }),
        ),
        _ => measure_or_indicator(dice, some_home),
    }
}

fn measure_or_indicator(dice: &mut Dice, household: Key) -> (Option<i32>, Body) {
    let day = dice.day();
    if dice.below(2) == 0 {
        let measure = Measure {
            household: Some(household),
            member: None,
            kind: dice.maybe(2),
            stage: dice.maybe(5),
            amount_vnd: dice.amount(90_000_000),
        };
        return (Some(day), Body::Measure(measure));
    }
    let codes = [
        "poor_households",
        "villages_informed",
        "ntm_criteria_met",
        "major_outbreaks",
        "doctor_days_per_week",
    ];
    let whole = 10 + dice.byte(90);
    let indicator = Indicator {
        code: codes[dice.below(codes.len())].to_owned(),
        end: day + [6, 30, 90, 364][dice.below(4)],
        value: Some(f64::from(dice.byte(usize::from(whole)))),
        denominator: Some(f64::from(whole)),
        yes: Some(dice.below(2) == 0),
        words: None,
    };
    (Some(day), Body::Indicator(indicator))
}

/// A household with a name, a card number and a telephone.
pub fn household_answers() -> Answers {
    let row = "0190b5d2-7c1a-7def-8a11-0123456789ab";
    let gone = "0190b5d2-7c1a-7def-8a11-0123456789ac";
    let texts = [
        ("head_name".to_owned(), "Giàng Thị Mẫu"),
        ("head_id_number".to_owned(), "010203004567"),
        ("phone".to_owned(), "0912345678"),
        ("area_type".to_owned(), "rural"),
        (format!("members/{row}/full_name"), "Giàng Thị Mẫu"),
        (format!("members/{row}/id_number"), "010203004567"),
        (format!("members/{row}/relation"), "head"),
        (format!("members/{row}/sex"), "female"),
        (format!("members/{row}/birth_date"), "1980-06-15"),
        (format!("members/{row}/birth_precision"), "year"),
        (format!("members/{gone}/full_name"), "Giàng A Mẫu"),
        (format!("members/{gone}/presence"), "moved"),
    ];
    texts
        .into_iter()
        .map(|(path, text)| (path, Scalar::from(text)))
        .collect()
}
