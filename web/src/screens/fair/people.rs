//! Everybody on the households' lists, ready to be found while a queue waits: household summaries →
//! people in the order of their given names, folded once. Pure.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;
use schemas::expr::local_date;
use schemas::text::{fold, fold_search, person_sort_key};
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use super::counts::stands;
use crate::phone::{Person, Summary};

/// From this age people are expected at a fair; younger ones are listed only when they are searched for.
const AGE_MIN: i16 = 15;

/// Somebody of a household.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The id of the row in the household.
    pub member: String,
    pub household: Option<RecordId>,
    pub name: String,
    pub birth_year: Option<i16>,
    pub sex: String,
    pub ethnicity: String,
    pub village_id: String,
    pub village: String,
    /// The head of the household: tells homonyms apart.
    pub head: String,
    /// The household's class now.
    pub class: String,
    folded: String,
    folded_name: String,
    sort: String,
}

impl Candidate {
    fn of(id: RecordId, household: &Summary, person: &Person, village: &str) -> Self {
        let fact = |name: &str| person.facts.get(name).cloned().unwrap_or_default();
        let birth_year = local_date(&fact("birth_date")).map(Date::year);
        let year = birth_year.map(|year| year.to_string()).unwrap_or_default();
        Self {
            folded: fold_search(&format!("{} {year} {village}", person.name)),
            folded_name: fold(&person.name),
            sort: person_sort_key(&person.name),
            member: person.id.clone(),
            household: Some(id),
            name: person.name.clone(),
            birth_year,
            sex: fact("sex"),
            ethnicity: fact("ethnicity_code"),
            village_id: household.fact("village_id").to_owned(),
            village: village.to_owned(),
            head: household.title.clone(),
            class: household.fact("current_class").to_owned(),
        }
    }

    /// What the lists say of them, as answers of an attendance. The form fills in the rest, from the
    /// household's record.
    pub fn answers(&self) -> Answers {
        let known = [
            ("person_ref", &self.member),
            ("full_name", &self.name),
            ("sex", &self.sex),
            ("ethnicity_code", &self.ethnicity),
            ("residence_village_id", &self.village_id),
            ("hh_class_at_event", &self.class),
        ];
        let known = known.into_iter().filter(|(_, value)| !value.is_empty());
        let mut answers: Answers = known
            .map(|(path, value)| (path.to_owned(), Scalar::Text(value.clone())))
            .collect();
        if let Some(year) = self.birth_year {
            answers.insert("birth_year".to_owned(), Scalar::Int(year.into()));
        }
        answers
    }

    fn is_grown(&self, today: Date) -> bool {
        self.birth_year.is_none_or(|year| today.year() - year >= AGE_MIN)
    }

    /// True if the given name, the last word, begins with these letters.
    fn is_called(&self, wanted: &str) -> bool {
        let given = self.folded_name.rsplit(' ').next().unwrap_or_default();
        fold_search(given).starts_with(wanted)
    }
}

/// People as read so far. Only households that changed since are read again.
#[derive(Default)]
pub(super) struct Book {
    /// The summary is kept, so that its place in memory is not given to another one.
    households: BTreeMap<RecordId, (Rc<Summary>, Vec<Arc<Candidate>>)>,
    people: People,
}

impl Book {
    /// The people of these households. `village` tells the name of a unit.
    pub fn read<'a>(
        &mut self,
        households: impl Iterator<Item = (RecordId, &'a Rc<Summary>)>,
        village: impl Fn(&str) -> String,
    ) -> People {
        let mut before = std::mem::take(&mut self.households);
        let mut changed = false;
        for (id, summary) in households.filter(|(_, summary)| stands(summary)) {
            let known = before.remove(&id).filter(|(known, _)| Rc::ptr_eq(known, summary));
            let read = known.unwrap_or_else(|| {
                changed = true;
                (Rc::clone(summary), candidates(id, summary, &village))
            });
            self.households.insert(id, read);
        }
        if changed || !before.is_empty() {
            let all = self
                .households
                .values()
                .flat_map(|(_, people)| people.iter().cloned());
            self.people = People::new(all.collect());
        }
        self.people.clone()
    }
}

fn candidates(id: RecordId, household: &Summary, village: &impl Fn(&str) -> String) -> Vec<Arc<Candidate>> {
    let village = village(household.fact("village_id"));
    let lives_here = |person: &&Person| {
        let presence = person.facts.get("presence").map_or("", String::as_str);
        !matches!(presence, "moved" | "deceased")
    };
    let people = household.people.iter().filter(lives_here);
    people
        .map(|person| Arc::new(Candidate::of(id, household, person, &village)))
        .collect()
}

/// Everybody, by given name.
#[derive(Debug, Clone, Default)]
pub(super) struct People(Arc<Listed>);

#[derive(Debug, Default)]
struct Listed {
    all: Vec<Arc<Candidate>>,
    by_member: BTreeMap<String, usize>,
}

/// Equal when it is the same list: comparing thousands of names would cost more than drawing them again.
impl PartialEq for People {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl People {
    fn new(mut all: Vec<Arc<Candidate>>) -> Self {
        all.sort_by(|one, other| (&one.sort, &one.member).cmp(&(&other.sort, &other.member)));
        let places = all.iter().enumerate();
        let by_member = places
            .map(|(place, person)| (person.member.clone(), place))
            .collect();
        Self(Arc::new(Listed { all, by_member }))
    }

    /// The person of this row.
    pub fn member(&self, member: &str) -> Option<&Arc<Candidate>> {
        self.0.all.get(*self.0.by_member.get(member)?)
    }

    /// Those whose name, year of birth and village hold every word of `wanted` (folded): at most
    /// `most`, and how many in all. Those who are called so stand first.
    pub fn find(&self, wanted: &str, today: Date, most: usize) -> (Vec<Arc<Candidate>>, usize) {
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let Some(first) = words.first() else {
            let grown: Vec<_> = self
                .0
                .all
                .iter()
                .filter(|person| person.is_grown(today))
                .collect();
            let all = grown.len();
            return (grown.into_iter().take(most).cloned().collect(), all);
        };
        let holds = |person: &&Arc<Candidate>| words.iter().all(|word| person.folded.contains(word));
        let mut found: Vec<_> = self.0.all.iter().filter(holds).collect();
        found.sort_by_cached_key(|person| !person.is_called(first));
        let all = found.len();
        (found.into_iter().take(most).cloned().collect(), all)
    }

    /// People with this name who were born in this year, one before or one after.
    pub fn like(&self, name: &str, birth_year: i16) -> Vec<Arc<Candidate>> {
        let name = fold(name);
        let near = |year: i16| (i32::from(year) - i32::from(birth_year)).abs() <= 1;
        let alike =
            |person: &&Arc<Candidate>| person.folded_name == name && person.birth_year.is_some_and(near);
        self.0.all.iter().filter(alike).cloned().collect()
    }

    /// The values that most people share, the most frequent first.
    pub fn common(&self, most: usize, of: impl Fn(&Candidate) -> &str) -> Vec<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for value in self
            .0
            .all
            .iter()
            .map(|person| of(person))
            .filter(|value| !value.is_empty())
        {
            *counts.entry(value).or_default() += 1;
        }
        let mut counted: Vec<_> = counts.into_iter().collect();
        counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counted
            .into_iter()
            .take(most)
            .map(|(value, _)| value.to_owned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 8, 5);

    fn person(id: &str, name: &str, born: &str) -> Person {
        let facts = [
            ("birth_date", born),
            ("presence", "present"),
            ("ethnicity_code", "08"),
        ];
        Person {
            id: id.to_owned(),
            name: name.to_owned(),
            facts: facts
                .map(|(field, value)| (field.to_owned(), value.to_owned()))
                .into(),
        }
    }

    fn household(people: Vec<Person>) -> Rc<Summary> {
        Rc::new(Summary {
            kind: "household".to_owned(),
            title: people[0].name.clone(),
            facts: [("village_id".to_owned(), "v".to_owned())].into(),
            people,
            ..Summary::default()
        })
    }

    fn id(n: u32) -> RecordId {
        format!("01900000-0000-7000-8000-{n:012x}")
            .parse()
            .expect("an id")
    }

    fn read(book: &mut Book, households: &[Rc<Summary>]) -> People {
        book.read((1..).map(id).zip(households), |_| "Lùng Cải".to_owned())
    }

    fn names(found: (Vec<Arc<Candidate>>, usize)) -> Vec<String> {
        found.0.iter().map(|person| person.name.clone()).collect()
    }

    #[test]
    fn found_without_marks_by_given_name_year_and_village() {
        let people = read(
            &mut Book::default(),
            &[household(vec![
                person("1", "Giàng A Sua", "1985-03-02"),
                person("2", "Sùng Thị Mẩy", "1990-01-01"),
                person("3", "Sua Thị Chú", "1991-01-01"),
                person("4", "Giàng A Páo", "2020-01-01"),
            ])],
        );
        let find = |typed: &str| names(people.find(&fold_search(typed), TODAY, 60));
        assert_eq!(find("sua"), ["Giàng A Sua", "Sua Thị Chú"]);
        assert_eq!(find("giang 1985"), ["Giàng A Sua"]);
        assert_eq!(find("mai lung cai"), ["Sùng Thị Mẩy"]);
        assert_eq!(find("máy lùng"), ["Sùng Thị Mẩy"]);
        assert_eq!(find("pao"), ["Giàng A Páo"]);
        assert!(
            !find("").contains(&"Giàng A Páo".to_owned()),
            "a child is not offered unasked"
        );
        assert_eq!(people.find("", TODAY, 2).1, 3);
    }

    #[test]
    fn a_member_is_copied_without_what_is_not_known() {
        let person = Candidate {
            member: "m1".to_owned(),
            name: "Giàng A Sua".to_owned(),
            birth_year: Some(1985),
            ..Candidate::default()
        };
        let answers = person.answers();
        assert_eq!(answers.get("birth_year"), Some(&Scalar::Int(1985)));
        let paths: Vec<&str> = answers.keys().map(String::as_str).collect();
        assert_eq!(paths, ["birth_year", "full_name", "person_ref"]);
    }

    #[test]
    fn those_who_left_are_not_offered() {
        let mut gone = person("1", "Giàng A Sua", "1985-03-02");
        gone.facts.insert("presence".to_owned(), "moved".to_owned());
        let people = read(&mut Book::default(), &[household(vec![gone])]);
        assert_eq!(people.find("", TODAY, 60).1, 0);
    }

    #[test]
    fn the_same_person_is_suspected_by_name_and_year() {
        let people = read(
            &mut Book::default(),
            &[household(vec![person("1", "Giàng A Sua", "1985-03-02")])],
        );
        assert_eq!(people.like("giàng  a súa", 1986).len(), 1);
        assert!(people.like("Giàng A Sua", 1987).is_empty());
        assert!(people.like("Giàng A Sùng", 1985).is_empty());
    }

    #[test]
    fn only_what_changed_is_read_again() {
        let mut book = Book::default();
        let mut households = vec![
            household(vec![person("1", "Giàng A Sua", "1985-03-02")]),
            household(vec![person("2", "Sùng A Chú", "1985-03-02")]),
        ];
        let first = read(&mut book, &households);
        assert!(first == read(&mut book, &households));
        households[1] = household(vec![person("2", "Sùng A Páo", "1985-03-02")]);
        let second = read(&mut book, &households);
        assert!(first != second);
        assert!(Arc::ptr_eq(
            first.member("1").expect("there"),
            second.member("1").expect("there")
        ));
        assert_eq!(second.member("2").expect("there").name, "Sùng A Páo");
        households.pop();
        assert!(read(&mut book, &households).member("2").is_none());
    }

    #[test]
    fn two_thousand_people_are_found_at_once() {
        let of = |n: u32| person(&n.to_string(), &format!("Giàng A Sua {n}"), "1985-03-02");
        let households: Vec<_> = (0..500)
            .map(|n| household((4 * n..4 * n + 4).map(of).collect()))
            .collect();
        let people = read(&mut Book::default(), &households);
        let started = std::time::Instant::now();
        for _ in 0..100 {
            assert_eq!(people.find("sua", TODAY, 60).0.len(), 60);
        }
        assert!(started.elapsed().as_millis() < 5_000, "{:?}", started.elapsed());
    }
}
