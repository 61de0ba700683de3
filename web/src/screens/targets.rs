//! How far the records on this phone have come towards the plan's targets.
//!
//! Pure: summaries and the plan in, counts out. What the whole plan asks is not this phone's to
//! reach; the screen says so beside every number.

use std::collections::BTreeSet;

use schemas::plan::Plan;

use super::duties::{Duties, Records, lives_here, stands};
use crate::phone::{Person, Summary};

/// So many out of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that have it.
    pub done: usize,
    /// All of them.
    pub of: usize,
}

impl Share {
    const fn count(&mut self, done: bool) {
        self.of += 1;
        self.done += done as usize;
    }

    /// Between 0 and 1; 0 of nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of records on one phone")]
    pub fn ratio(self) -> f64 {
        if self.of == 0 {
            0.0
        } else {
            self.done as f64 / self.of as f64
        }
    }
}

/// What the records on this phone say about the plan's targets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Targets {
    /// T9: fairs that were held.
    pub fairs_held: usize,
    /// T9: communes that held one.
    pub fair_communes: usize,
    /// T10: attendances. A person at two fairs counts twice, as the plan counts.
    pub attendances: usize,
    /// T11: poor and near-poor households with an able member, and those with one in a job with a
    /// stable income.
    pub stable_work: Share,
    /// T11: households in which nobody is able to work; they are left out of the share.
    pub none_able: usize,
    /// T11: households whose members are not listed, or not asked about; nothing is known of them.
    pub not_known: usize,
    /// T5: members, and those who are insured.
    pub insured: Share,
    /// Households to visit, and those visited.
    pub visited: Share,
}

/// Works out the targets.
#[must_use]
pub fn targets(records: &Records, duties: &Duties, plan: &Plan) -> Targets {
    let fairs: Vec<&Summary> = records
        .fairs
        .iter()
        .map(|(_, fair)| *fair)
        .filter(|fair| counts_as_held(fair, plan))
        .collect();
    let communes: BTreeSet<&str> = fairs.iter().map(|fair| fair.fact("host_commune_id")).collect();
    let attendances = records
        .attendances
        .iter()
        .filter(|(_, attendance)| stands(attendance));
    let mut out = Targets {
        fairs_held: fairs.len(),
        fair_communes: communes.len(),
        attendances: attendances.count(),
        visited: Share {
            done: duties.mine - duties.unvisited.len(),
            of: duties.mine,
        },
        ..Targets::default()
    };
    let classes = plan
        .target("T11")
        .map(|target| target.setting_list("classes"))
        .unwrap_or_default();
    for household in records
        .households
        .values()
        .filter(|household| lives_here(household))
    {
        for person in household.people.iter().filter(|person| is_there(person)) {
            out.insured.count(says(person, "has_health_insurance", "true"));
        }
        if classes.contains(&household.fact("current_class")) {
            out.household(household);
        }
    }
    out
}

impl Targets {
    fn household(&mut self, household: &Summary) {
        let there = || household.people.iter().filter(|person| is_there(person));
        let able = |person: &Person| says(person, "able_to_work", "true");
        if there().any(able) {
            let stable = |person: &Person| {
                able(person)
                    && says(person, "employment_status", "employed")
                    && says(person, "stable_income", "true")
            };
            self.stable_work.count(there().any(stable));
        } else if there().any(|person| person.facts.contains_key("able_to_work")) {
            self.none_able += 1;
        } else {
            self.not_known += 1;
        }
    }
}

fn counts_as_held(fair: &Summary, plan: &Plan) -> bool {
    let counted = |target: &schemas::plan::Target| {
        target
            .setting_list("fair_types")
            .contains(&fair.fact("fair_type"))
    };
    stands(fair) && fair.fact("lifecycle") == "held" && plan.target("T9").is_some_and(counted)
}

fn is_there(person: &Person) -> bool {
    !says(person, "presence", "moved") && !says(person, "presence", "deceased")
}

fn says(person: &Person, field: &str, value: &str) -> bool {
    person.facts.get(field).is_some_and(|answer| answer == value)
}

#[cfg(test)]
mod tests {
    use super::super::duties::tests::{id, record};
    use super::*;

    fn person(facts: &[(&str, &str)]) -> Person {
        let facts = facts
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Person {
            id: String::new(),
            name: "Giàng A Páo".to_owned(),
            facts: facts.collect(),
        }
    }

    fn household(class: &str, people: Vec<Person>) -> Summary {
        Summary {
            people,
            ..record("household", "Giàng A Páo", &[("current_class", class)])
        }
    }

    fn of(households: &[Summary]) -> Targets {
        let records = Records {
            households: numbered(households).into_iter().collect(),
            ..Records::default()
        };
        targets(&records, &Duties::default(), Plan::plan_2024())
    }

    fn numbered(summaries: &[Summary]) -> Vec<(sync_core::id::RecordId, &Summary)> {
        let number = |at: usize| id(u8::try_from(at).expect("few"));
        let summaries = summaries.iter().enumerate();
        summaries.map(|(at, summary)| (number(at), summary)).collect()
    }

    const STABLE: [(&str, &str); 3] = [
        ("able_to_work", "true"),
        ("employment_status", "employed"),
        ("stable_income", "true"),
    ];

    #[test]
    fn stable_work_counts_households_with_somebody_able() {
        let able = || person(&[("able_to_work", "true"), ("employment_status", "employed")]);
        let unable = || person(&[("able_to_work", "false")]);
        let mut gone = person(&STABLE);
        gone.facts.insert("presence".to_owned(), "moved".to_owned());
        let found = of(&[
            household("poor", vec![person(&STABLE), able()]),
            household("near_poor", vec![able(), unable()]),
            household("poor", vec![unable(), gone]),
            household("poor", vec![person(&[])]),
            household("poor", vec![]),
            household("non_poor", vec![person(&STABLE)]),
        ]);
        assert_eq!(found.stable_work, Share { done: 1, of: 2 });
        assert_eq!((found.none_able, found.not_known), (1, 2));
    }

    #[test]
    fn insurance_counts_everybody_who_is_there() {
        let insured = |yes: &str| person(&[("has_health_insurance", yes)]);
        let mut dead = insured("true");
        dead.facts.insert("presence".to_owned(), "deceased".to_owned());
        let found = of(&[household(
            "non_poor",
            vec![insured("true"), insured("false"), person(&[]), dead],
        )]);
        assert_eq!(found.insured, Share { done: 1, of: 3 });
        assert!((found.insured.ratio() - 1.0 / 3.0).abs() < 1e-9);
        assert!(Share::default().ratio().abs() < 1e-9);
    }

    #[test]
    fn fairs_are_held_ones_and_attendances_are_not_persons() {
        let fair = |kind: &str, lifecycle: &str, commune: &str| {
            let facts = [
                ("fair_type", kind),
                ("lifecycle", lifecycle),
                ("host_commune_id", commune),
            ];
            record("job_fair", "", &facts)
        };
        let fairs = [
            fair("transaction", "held", "a"),
            fair("conference", "held", "a"),
            fair("festival", "held", "b"),
            fair("career_guidance", "held", "c"),
            fair("transaction", "planned", "d"),
        ];
        let same = [("person_ref", "p1")];
        let mut void = record("job_fair_attendance", "", &same);
        void.facts.insert("void_reason".to_owned(), "ghi nhầm".to_owned());
        let attendances = [
            record("job_fair_attendance", "", &same),
            record("job_fair_attendance", "", &same),
            void,
        ];
        let records = Records {
            fairs: numbered(&fairs),
            attendances: numbered(&attendances),
            ..Records::default()
        };
        let found = targets(&records, &Duties::default(), Plan::plan_2024());
        assert_eq!((found.fairs_held, found.fair_communes), (3, 2));
        assert_eq!(found.attendances, 2, "one person at two fairs is two");
    }
}
