//! Households with their classes through time, gathered from facts in any order.

use std::sync::LazyLock;

use super::fact::{Assessment, Body, Fact, Household, Member, class};
use super::key::Key;
use super::period::born_by;
use super::question::Question;
use crate::ethnic::is_minority;
use crate::poverty::Class;

/// A class given on a day.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// From when it holds: the day it was given, and not before its standard does.
    pub effective: i32,
    /// The day of the visit.
    day: i32,
    recheck: bool,
    /// The visit.
    pub record: Key,
    /// The class.
    pub class: Class,
    /// It was recognised by decision, not only proposed.
    pub recognised: bool,
    /// The twelve indicators.
    pub deprived: u16,
    /// Causes of poverty.
    pub causes: u16,
    /// Score A.
    pub score_a: Option<i64>,
    /// Score B.
    pub score_b: Option<i64>,
}

/// What is counted of the members on the last day.
#[derive(Debug, Clone, Copy, Default)]
pub struct People {
    /// All.
    pub persons: i64,
    /// Those of whom it is known whether they are insured.
    pub insured_known: i64,
    /// Those insured.
    pub insured: i64,
    /// Those aged 15 to 60 of whom it is known whether they can read and write.
    pub literate_known: i64,
    /// Those of them who can.
    pub literate: i64,
    /// Those of 15 and more who are able to work.
    pub able: i64,
    /// Those of them in work with a stable income.
    pub stable: i64,
    /// Children below 16.
    pub children: i64,
    /// Women.
    pub women: i64,
    /// Those of 60 and more, and the disabled.
    pub frail: i64,
}

/// A household with its history.
#[derive(Debug, Clone)]
pub struct Home {
    /// Its record.
    pub record: Key,
    /// Its row.
    pub place: usize,
    /// In a town.
    pub urban: bool,
    /// The ethnic group of its head.
    pub ethnicity: Option<u8>,
    /// The head is a woman.
    pub woman_head: bool,
    /// Its members.
    pub people: People,
    since: Option<i32>,
    until: Option<i32>,
    base: Option<Class>,
    events: Vec<Event>,
}

impl Home {
    /// True if it lived there on that day.
    #[must_use]
    pub fn present(&self, day: i32) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day < until)
    }

    /// What gave it its class on that day; none if that is the class it came with.
    #[must_use]
    pub fn event(&self, day: i32) -> Option<&Event> {
        self.events.iter().rev().find(|event| event.effective <= day)
    }

    /// Its class on that day.
    #[must_use]
    pub fn class(&self, day: i32) -> Class {
        let known = self.event(day).map(|event| event.class).or(self.base);
        known.unwrap_or(Class::Unclassified)
    }

    /// True if it lived there on that day and had that class.
    #[must_use]
    pub fn is(&self, class: Class, day: i32) -> bool {
        self.present(day) && self.class(day) == class
    }

    /// True if it ever had that class up to that day.
    #[must_use]
    pub fn ever(&self, class: Class, day: i32) -> bool {
        let given = self.events.iter().filter(|event| event.effective <= day);
        self.base == Some(class) || given.into_iter().any(|event| event.class == class)
    }

    /// The head belongs to an ethnic minority.
    #[must_use]
    pub fn minority(&self) -> bool {
        minority(self.ethnicity)
    }

    /// It has members, and none is able to work.
    #[must_use]
    pub fn no_labour(&self) -> bool {
        self.people.persons > 0 && self.people.able == 0
    }

    /// The day it came, if that is known.
    #[must_use]
    pub fn since(&self) -> Option<i32> {
        self.since
    }
}

/// True for the number of an ethnic group that is a minority.
#[must_use]
pub fn minority(group: Option<u8>) -> bool {
    static MINORITY: LazyLock<[bool; 100]> =
        LazyLock::new(|| std::array::from_fn(|group| is_minority(&format!("{group:02}")) == Some(true)));
    group.is_some_and(|group| MINORITY.get(usize::from(group)).copied().unwrap_or(false))
}

/// Gathers households and their assessments.
#[derive(Debug, Default)]
pub struct Homes {
    homes: Vec<Home>,
    assessed: Vec<(Key, Assessed)>,
    members: Option<Vec<(Key, Key)>>,
    ages: Option<Ages>,
}

#[derive(Debug, Clone, Copy)]
struct Assessed {
    day: i32,
    previous: Option<Class>,
    event: Option<Event>,
}

impl Homes {
    /// Keeps which member belongs to which household, for those who ask.
    #[must_use]
    pub fn with_members() -> Self {
        Self {
            members: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// Takes what it needs of a fact; other kinds are not its business.
    pub fn add(&mut self, question: &Question<'_>, fact: &Fact) {
        match &fact.body {
            Body::Household(household) => self.household(question, fact, household),
            Body::Assessment(assessment) => self.assessment(question, fact, assessment),
            _ => {}
        }
    }

    fn household(&mut self, question: &Question<'_>, fact: &Fact, household: &Household) {
        if let Some(members) = &mut self.members {
            members.extend(household.members.iter().map(|member| (member.id, fact.record)));
        }
        let Some(stands) = question.scope.stands(fact.unit) else {
            return;
        };
        let ages = *self.ages.get_or_insert_with(|| Ages::on(question.days.end));
        self.homes.push(Home {
            record: fact.record,
            place: stands.place,
            urban: household.urban,
            ethnicity: household.ethnicity,
            woman_head: household.woman_head == Some(true),
            people: people(&household.members, ages),
            since: household.since,
            until: household.until,
            base: class(household.class),
            events: Vec::new(),
        });
    }

    fn assessment(&mut self, question: &Question<'_>, fact: &Fact, assessment: &Assessment) {
        let (Some(household), Some(day)) = (assessment.household, fact.day) else {
            return;
        };
        let end = question.days.end;
        let recognised = class(assessment.recognised).zip(assessment.decided.filter(|day| *day <= end));
        let given = match recognised {
            Some((class, decided)) => Some((class, decided, true)),
            None if question.approved_only => None,
            None => class(assessment.proposed)
                .filter(|_| day <= end)
                .map(|class| (class, day, false)),
        };
        let event = given.map(|(class, given, recognised)| Event {
            effective: assessment.standard_from.map_or(given, |from| from.max(given)),
            day,
            recheck: assessment.recheck,
            record: fact.record,
            class,
            recognised,
            deprived: assessment.deprived,
            causes: assessment.causes,
            score_a: assessment.score_a,
            score_b: assessment.score_b,
        });
        let assessed = Assessed {
            day,
            previous: class(assessment.previous),
            event,
        };
        self.assessed.push((question.merged.record(household), assessed));
    }

    /// The households in the order of their records, and which member belongs to which.
    #[must_use]
    pub fn finish(mut self) -> (Vec<Home>, Vec<(Key, Key)>) {
        self.homes.sort_unstable_by_key(|home| home.record);
        self.assessed.sort_unstable_by_key(|(household, assessed)| {
            (*household, assessed.day, assessed.event.map(|event| event.record))
        });
        let mut from = self.assessed.as_slice();
        for home in &mut self.homes {
            let skip = from.partition_point(|(household, _)| *household < home.record);
            let own = from[skip..].partition_point(|(household, _)| *household == home.record);
            let (mine, rest) = from[skip..].split_at(own);
            from = rest;
            // The first visit says what the household was before; without one, what it stands under.
            let before = mine.iter().find_map(|(_, assessed)| assessed.previous);
            home.base = before.or(home.base);
            home.events = mine.iter().filter_map(|(_, assessed)| assessed.event).collect();
            home.events
                .sort_unstable_by_key(|event| (event.effective, event.day, event.recheck, event.record));
        }
        let mut members = self.members.unwrap_or_default();
        members.sort_unstable();
        (self.homes, members)
    }
}

/// By which day somebody was born who is so old on the last day: found once, compared often.
#[derive(Debug, Clone, Copy)]
struct Ages {
    now: i32,
    from_15: i32,
    from_16: i32,
    from_60: i32,
    from_61: i32,
}

impl Ages {
    fn on(day: i32) -> Self {
        Self {
            now: day,
            from_15: born_by(day, 15),
            from_16: born_by(day, 16),
            from_60: born_by(day, 60),
            from_61: born_by(day, 61),
        }
    }
}

fn people(members: &[Member], ages: Ages) -> People {
    let mut people = People::default();
    for member in members {
        let born = member.born.filter(|born| *born <= ages.now);
        let count = |yes: bool| i64::from(yes);
        people.persons += 1;
        people.insured_known += count(member.has(Member::INSURED_KNOWN));
        people.insured += count(member.has(Member::INSURED));
        let in_age = born.is_some_and(|born| born <= ages.from_15 && born > ages.from_61);
        let known = in_age && member.has(Member::LITERATE_KNOWN);
        people.literate_known += count(known);
        people.literate += count(known && member.has(Member::LITERATE));
        // Children are not asked, and an answer that stands there from before does not count.
        let able = member.has(Member::ABLE) && born.is_some_and(|born| born <= ages.from_15);
        people.able += count(able);
        people.stable += count(able && member.has(Member::STABLE));
        people.children += count(born.is_some_and(|born| born > ages.from_16));
        people.women += count(member.has(Member::WOMAN));
        people.frail += count(member.has(Member::DISABLED) || born.is_some_and(|born| born <= ages.from_60));
    }
    people
}
