//! Which households a list shows, and in which order. Pure.

use std::rc::Rc;

use schemas::text::fold_search;
use sync_core::id::RecordId;

use super::super::duties::{Duties, Holder, lives_here, stands};
use super::super::names::{self, Mark};
use crate::phone::Summary;

/// What is asked of a list of households.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// What was typed: names with or without diacritics.
    pub query: String,
    /// Only this village.
    pub village: Option<String>,
    /// Only this class.
    pub class: Option<String>,
    /// Only those that the holder looks after.
    pub mine: bool,
    /// Only those that are to be visited and were not.
    pub unvisited: bool,
}

impl Filter {
    /// How many conditions narrow the list, beside the search.
    #[must_use]
    pub fn narrowed(&self) -> usize {
        let conditions = [
            self.village.is_some(),
            self.class.is_some(),
            self.mine,
            self.unvisited,
        ];
        conditions.into_iter().filter(|on| *on).count()
    }

    fn admits(&self, entry: &Entry) -> bool {
        self.village
            .as_ref()
            .is_none_or(|village| *village == entry.village)
            && self.class.as_ref().is_none_or(|class| *class == entry.class)
            && (!self.mine || entry.is_mine)
            && (!self.unvisited || entry.is_unvisited)
    }
}

/// A household in a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Which.
    pub id: RecordId,
    /// The head's name.
    pub title: String,
    /// The id of its village.
    pub village: String,
    /// The code of its class.
    pub class: String,
    /// How many members are listed.
    pub people: usize,
    /// How far its work has come, and whether people disagree.
    pub marks: Vec<Mark>,
    /// The holder looks after it.
    pub is_mine: bool,
    /// It is to be visited and was not.
    pub is_unvisited: bool,
    /// Sorts by given name.
    pub sort: String,
    /// The member whose name was searched, when it is not the head's.
    pub member: String,
    search: String,
    names: Vec<String>,
}

impl Entry {
    /// A household as lists show it; none for one that was voided.
    pub(super) fn of(id: RecordId, summary: &Rc<Summary>, holder: &Holder, duties: &Duties) -> Option<Self> {
        stands(summary).then(|| {
            let gone = (!lives_here(summary)).then_some(Mark::Gone);
            Self {
                id,
                title: summary.title.clone(),
                village: summary.fact("village_id").to_owned(),
                class: summary.fact("current_class").to_owned(),
                people: summary.people.len(),
                marks: gone.into_iter().chain(names::marks(summary)).collect(),
                is_mine: holder.looks_after(summary),
                is_unvisited: duties.unvisited.contains(&id),
                sort: summary.sort.clone(),
                member: String::new(),
                search: format!(" {}", summary.search),
                names: summary.people.iter().map(|person| person.name.clone()).collect(),
            }
        })
    }

    /// The entry with the member that was searched for, when the head is not.
    fn found_by(&self, wanted: &str) -> Self {
        let begins = |name: &String| format!(" {}", fold_search(name)).contains(wanted);
        let by_head = wanted.len() <= 1 || begins(&self.title);
        let member = self.names.iter().find(|name| !by_head && begins(name));
        Self {
            member: member.cloned().unwrap_or_default(),
            ..self.clone()
        }
    }
}

/// The entries that a filter asks for, in the order they come in. What is searched begins a word of
/// a name: `pao` finds Páo, and not Chapao.
#[must_use]
pub fn select(all: &[Entry], filter: &Filter) -> Vec<Entry> {
    let wanted = format!(" {}", fold_search(&filter.query));
    let found =
        |entry: &&Entry| filter.admits(entry) && (wanted.len() == 1 || entry.search.contains(&wanted));
    all.iter()
        .filter(found)
        .map(|entry| entry.found_by(&wanted))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::duties::tests::{id, record};
    use super::*;
    use crate::phone::Person;

    fn entry(n: u8, head: &str, village: &str, class: &str, people: &[&str]) -> Entry {
        let person = |name: &&str| Person {
            id: String::new(),
            name: (*name).to_owned(),
            facts: Default::default(),
        };
        let facts = [
            ("village_id", village),
            ("current_class", class),
            ("helper_user_id", "me"),
        ];
        let mut summary = record("household", head, &facts);
        summary.people = people.iter().map(person).collect();
        summary.search = fold_search(&format!("{head} | {}", people.join(" | ")));
        let holder = Holder {
            user: "me".to_owned(),
            villages: None,
        };
        let duties = Duties {
            unvisited: [id(1)].into(),
            ..Duties::default()
        };
        Entry::of(id(n), &Rc::new(summary), &holder, &duties).expect("it stands")
    }

    fn all() -> Vec<Entry> {
        vec![
            entry(1, "Giàng A Páo", "v1", "poor", &["Giàng A Páo", "Thào Thị Súa"]),
            entry(2, "Sùng Seo Dìn", "v1", "near_poor", &["Sùng Seo Dìn"]),
            entry(3, "Đặng Văn Hòa", "v2", "poor", &[]),
        ]
    }

    fn titles(filter: &Filter) -> Vec<String> {
        select(&all(), filter)
            .into_iter()
            .map(|entry| entry.title)
            .collect()
    }

    fn query(text: &str) -> Filter {
        Filter {
            query: text.to_owned(),
            ..Filter::default()
        }
    }

    #[test]
    fn names_are_found_without_diacritics() {
        for (typed, found) in [
            ("pao", "Giàng A Páo"),
            ("PÁO", "Giàng A Páo"),
            ("dang", "Đặng Văn Hòa"),
            ("seo d", "Sùng Seo Dìn"),
            ("thi sua", "Giàng A Páo"),
        ] {
            assert_eq!(titles(&query(typed)), [found], "{typed}");
        }
        assert_eq!(
            titles(&query("ao")),
            Vec::<String>::new(),
            "only beginnings of words"
        );
        assert_eq!(titles(&query(" ")).len(), 3);
    }

    #[test]
    fn a_member_that_was_searched_is_named() {
        assert_eq!(select(&all(), &query("sua"))[0].member, "Thào Thị Súa");
        assert_eq!(select(&all(), &query("giang"))[0].member, "");
        assert_eq!(select(&all(), &query(""))[0].member, "");
    }

    #[test]
    fn filters_narrow() {
        let village = Filter {
            village: Some("v1".to_owned()),
            class: Some("poor".to_owned()),
            ..Filter::default()
        };
        assert_eq!(titles(&village), ["Giàng A Páo"]);
        assert_eq!(village.narrowed(), 2);
        let unvisited = Filter {
            mine: true,
            unvisited: true,
            ..Filter::default()
        };
        assert_eq!(titles(&unvisited), ["Giàng A Páo"]);
    }
}
