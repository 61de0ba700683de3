//! Who came to a fair, and how far they got: attendances as summaries → rows, counts, outcomes. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemas::ethnic::is_minority;
use sync_core::id::RecordId;

use crate::phone::Summary;

/// How far an attendance led, from least to furthest. Turning something down, or not being taken, is
/// more than only having come, and less than any step that was reached before it.
pub(super) const OUTCOMES: [&str; 10] = [
    "attended_only",
    "not_suitable",
    "declined",
    "counselled",
    "interviewed",
    "shortlisted",
    "training_registered",
    "overseas_registered",
    "hired",
    "started_work",
];

/// The furthest of these outcomes; reports count it, whatever came after it. A code of a later
/// version of the form counts as the least.
pub(super) fn furthest<'a>(codes: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let place = |code: &&str| OUTCOMES.iter().position(|known| known == code);
    codes.into_iter().max_by_key(place)
}

/// One person's attendance, as the lists of a fair show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// The member of a household it is linked to; empty for none.
    pub member: String,
    pub name: String,
    pub birth_year: Option<i64>,
    pub sex: String,
    pub ethnicity: String,
    pub village_id: String,
    pub class: String,
    pub checked_in_at: String,
    /// The user who checked them in.
    pub by: String,
    /// The furthest outcome; empty for none.
    pub outcome: String,
    pub stage: String,
    pub follow_up_on: String,
    pub folded: String,
    sort: String,
}

impl Entry {
    fn of(summary: &Summary) -> Self {
        let fact = |path: &str| summary.fact(path).to_owned();
        Self {
            member: fact("person_ref"),
            name: summary.title.clone(),
            birth_year: summary.fact("birth_year").parse().ok(),
            sex: fact("sex"),
            ethnicity: fact("ethnicity_code"),
            village_id: fact("residence_village_id"),
            class: fact("hh_class_at_event"),
            checked_in_at: fact("checked_in_at"),
            by: fact("registered_by"),
            outcome: furthest(summary.fact("outcomes").split_whitespace())
                .unwrap_or_default()
                .to_owned(),
            stage: fact("overseas_stage"),
            follow_up_on: fact("follow_up_on"),
            folded: summary.search.clone(),
            sort: summary.sort.clone(),
        }
    }
}

/// The numbers at the top of a roll call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Lượt người tham gia.
    pub attendances: usize,
    pub women: usize,
    /// Dân tộc thiểu số.
    pub minority: usize,
    pub poor: usize,
    pub near_poor: usize,
}

impl Counts {
    fn add(&mut self, entry: &Entry) {
        self.attendances += 1;
        self.women += usize::from(entry.sex == "female");
        self.minority += usize::from(is_minority(&entry.ethnicity) == Some(true));
        self.poor += usize::from(entry.class == "poor");
        self.near_poor += usize::from(entry.class == "near_poor");
    }
}

/// Everybody who came to one fair, by given name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Roll {
    pub entries: Vec<(RecordId, Arc<Entry>)>,
    pub counts: Counts,
    by_member: BTreeMap<String, usize>,
}

impl Roll {
    /// The attendances of the fair with this id; those that were voided are left out.
    pub fn of<'a>(fair: &str, attendances: impl Iterator<Item = (RecordId, &'a Summary)>) -> Self {
        let stands = |summary: &Summary| summary.fact("fair_id") == fair && stands(summary);
        let mut entries: Vec<(RecordId, Arc<Entry>)> = attendances
            .filter(|(_, summary)| stands(summary))
            .map(|(id, summary)| (id, Arc::new(Entry::of(summary))))
            .collect();
        entries.sort_by(|(one_id, one), (other_id, other)| (&one.sort, one_id).cmp(&(&other.sort, other_id)));
        let mut counts = Counts::default();
        entries.iter().for_each(|(_, entry)| counts.add(entry));
        let linked = entries
            .iter()
            .enumerate()
            .filter(|(_, (_, entry))| !entry.member.is_empty());
        let by_member = linked
            .map(|(place, (_, entry))| (entry.member.clone(), place))
            .collect();
        Self {
            entries,
            counts,
            by_member,
        }
    }

    /// The attendance of a member.
    pub fn of_member(&self, member: &str) -> Option<&(RecordId, Arc<Entry>)> {
        self.entries.get(*self.by_member.get(member)?)
    }

    pub fn get(&self, id: RecordId) -> Option<&Arc<Entry>> {
        let found = self.entries.iter().find(|(known, _)| *known == id);
        found.map(|(_, entry)| entry)
    }

    /// The last different values of something, the newest first: what the next person probably says too.
    pub fn recent(&self, most: usize, of: impl Fn(&Entry) -> &str) -> Vec<String> {
        let mut newest: Vec<&Arc<Entry>> = self.entries.iter().map(|(_, entry)| entry).collect();
        newest.sort_by(|one, other| other.checked_in_at.cmp(&one.checked_in_at));
        let mut values: Vec<String> = Vec::new();
        for value in newest.into_iter().map(|entry| of(entry)) {
            if values.len() < most && !value.is_empty() && values.iter().all(|known| known != value) {
                values.push(value.to_owned());
            }
        }
        values
    }

    /// Of those that `are` meant, whose name or year holds every word of `wanted` (folded): at most
    /// `most`, and how many in all.
    pub fn find(
        &self,
        wanted: &str,
        most: usize,
        are: impl Fn(&Entry) -> bool,
    ) -> (Vec<(RecordId, Arc<Entry>)>, usize) {
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let holds = |entry: &Entry| {
            let year = entry.birth_year.map(|year| year.to_string()).unwrap_or_default();
            words
                .iter()
                .all(|word| entry.folded.contains(word) || year == *word)
        };
        let found: Vec<_> = self
            .entries
            .iter()
            .filter(|(_, entry)| are(entry) && holds(entry))
            .collect();
        let all = found.len();
        (found.into_iter().take(most).cloned().collect(), all)
    }
}

/// True for an attendance that was not voided.
pub(super) fn stands(summary: &Summary) -> bool {
    summary.fact("void_reason").is_empty()
}

/// How many attendances stand, by fair.
pub(super) fn attendances_by_fair<'a>(
    attendances: impl Iterator<Item = &'a Summary>,
) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for summary in attendances.filter(|summary| stands(summary)) {
        *counts.entry(summary.fact("fair_id").to_owned()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAIR: &str = "01900000-0000-7000-8000-0000000000aa";

    fn id(n: u8) -> RecordId {
        format!("01900000-0000-7000-8000-0000000000{n:02x}")
            .parse()
            .expect("an id")
    }

    fn attendance(name: &str, facts: &[(&str, &str)]) -> Summary {
        let facts = facts.iter().chain(&[("fair_id", FAIR)]);
        Summary {
            kind: "job_fair_attendance".to_owned(),
            title: name.to_owned(),
            facts: facts
                .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
                .collect(),
            search: schemas::text::fold_search(name),
            sort: schemas::text::person_sort_key(name),
            ..Summary::default()
        }
    }

    fn roll(attendances: &[Summary]) -> Roll {
        Roll::of(FAIR, (1..).map(id).zip(attendances))
    }

    #[test]
    fn counts_leave_out_what_was_voided_and_other_fairs() {
        let kinh = attendance(
            "Nguyễn Văn An",
            &[
                ("sex", "male"),
                ("ethnicity_code", "01"),
                ("hh_class_at_event", "non_poor"),
            ],
        );
        let mong = attendance(
            "Giàng Thị Sua",
            &[
                ("sex", "female"),
                ("ethnicity_code", "08"),
                ("hh_class_at_event", "poor"),
            ],
        );
        let dao = attendance(
            "Tẩn Thị Mẩy",
            &[
                ("sex", "female"),
                ("ethnicity_code", "09"),
                ("hh_class_at_event", "near_poor"),
            ],
        );
        let unknown = attendance("Lý A Pao", &[("sex", "male"), ("ethnicity_code", "56")]);
        let voided = attendance(
            "Lý A Pao",
            &[
                ("sex", "male"),
                ("ethnicity_code", "08"),
                ("void_reason", "ghi nhầm"),
            ],
        );
        let mut elsewhere = mong.clone();
        elsewhere.facts.insert("fair_id".to_owned(), "x".to_owned());
        let roll = roll(&[kinh, mong, dao, unknown, voided, elsewhere]);
        let counts = Counts {
            attendances: 4,
            women: 2,
            minority: 2,
            poor: 1,
            near_poor: 1,
        };
        assert_eq!(roll.counts, counts);
        let names: Vec<&str> = roll
            .entries
            .iter()
            .map(|(_, entry)| entry.name.as_str())
            .collect();
        assert_eq!(
            names,
            ["Nguyễn Văn An", "Tẩn Thị Mẩy", "Lý A Pao", "Giàng Thị Sua"]
        );
    }

    #[test]
    fn a_member_is_found_again() {
        let linked = attendance(
            "Giàng Thị Sua",
            &[("person_ref", "m1"), ("outcomes", "attended_only hired")],
        );
        let roll = roll(&[attendance("Giàng A Chu", &[]), linked]);
        let (at, entry) = roll.of_member("m1").expect("checked in");
        assert_eq!((*at, entry.outcome.as_str()), (id(2), "hired"));
        assert!(roll.of_member("").is_none() && roll.of_member("m2").is_none());
    }

    #[test]
    fn the_furthest_outcome_is_what_was_reached() {
        for (codes, expected) in [
            ("attended_only", Some("attended_only")),
            ("attended_only declined", Some("declined")),
            ("shortlisted declined not_suitable", Some("shortlisted")),
            ("hired training_registered", Some("hired")),
            ("started_work hired interviewed", Some("started_work")),
            ("invented_later attended_only", Some("attended_only")),
            ("", None),
        ] {
            assert_eq!(furthest(codes.split_whitespace()), expected, "{codes}");
        }
        let form = schemas::catalog::Catalog::builtin()
            .form("job_fair_attendance")
            .expect("built in");
        let of_form = form.lists()["outcome_code"].choices.iter();
        let known = |name: &str| OUTCOMES.contains(&name);
        assert!(of_form.clone().all(|choice| known(&choice.name)) && of_form.count() == OUTCOMES.len());
    }

    #[test]
    fn the_last_values_come_first() {
        let at = |village: &str, time: &str| {
            attendance(
                "Giàng A Chu",
                &[("residence_village_id", village), ("checked_in_at", time)],
            )
        };
        let roll = roll(&[
            at("a", "2026-08-05T08:00"),
            at("b", "2026-08-05T09:00"),
            at("a", "2026-08-05T10:00"),
            at("c", "2026-08-05T07:00"),
        ]);
        assert_eq!(roll.recent(2, |entry| &entry.village_id), ["a", "b"]);
        assert_eq!(roll.recent(9, |entry| &entry.village_id), ["a", "b", "c"]);
        assert!(roll.recent(9, |entry| &entry.class).is_empty());
    }

    #[test]
    fn found_by_name_and_year() {
        let roll = roll(&[
            attendance("Giàng A Chu", &[("birth_year", "1990")]),
            attendance("Giàng A Chu", &[("birth_year", "1985")]),
        ]);
        assert_eq!(roll.find("chu 1985", 60, |_| true).0.len(), 1);
        let (shown, all) = roll.find("giang", 1, |_| true);
        assert_eq!((shown.len(), all), (1, 2));
    }
}
