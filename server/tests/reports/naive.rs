//! The figures once more, slowly and plainly, from the raw log: nothing of the reports' own code is used here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use server::store::record::ArchiveStore as _;
use sync_core::record::Record;

use crate::app::TestApp;

/// Figures by "row column".
pub type Figures = BTreeMap<String, f64>;

pub const FROM: &str = "2025-01-01";
pub const END: &str = "2025-12-31";
const BEFORE: &str = "2024-12-31";

/// One record as its log gives it.
#[derive(Clone)]
pub struct Doc {
    pub id: String,
    pub kind: String,
    pub state: String,
    pub answers: BTreeMap<String, Value>,
    pub hard_conflict: bool,
}

impl Doc {
    pub fn text(&self, path: &str) -> &str {
        self.answers.get(path).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn number(&self, path: &str) -> f64 {
        self.answers.get(path).and_then(Value::as_f64).unwrap_or_default()
    }

    pub fn has(&self, path: &str) -> bool {
        self.answers.contains_key(path)
    }

    pub fn yes(&self, path: &str) -> bool {
        self.answers.get(path) == Some(&Value::Bool(true))
    }

    /// The day of a date or moment; all of the season's are written in local time.
    pub fn day(&self, path: &str) -> String {
        self.text(path).chars().take(10).collect()
    }

    pub fn rows(&self, repeat: &str) -> Vec<String> {
        let prefix = format!("{repeat}/");
        let paths = self.answers.keys().filter_map(|path| path.strip_prefix(&prefix));
        let rows: BTreeSet<&str> = paths.filter_map(|path| path.split('/').next()).collect();
        rows.into_iter().map(str::to_owned).collect()
    }
}

/// All records, and who is the same.
pub struct Naive {
    pub all: Vec<Doc>,
    pub same: BTreeMap<String, String>,
    pub same_member: BTreeMap<String, String>,
    communes: BTreeMap<String, String>,
    pub approved_only: bool,
}

impl Naive {
    pub fn read(test: &TestApp, approved_only: bool) -> Self {
        let store = &test.app.store;
        let mut all = Vec::new();
        for id in store.logged_records(None, 1_000_000).expect("reads") {
            let mut record = Record::empty(id);
            for change in store.log_of(id).expect("reads") {
                if change.seq.is_some() {
                    record.apply(&change.bytes).expect("applies");
                }
            }
            let json = serde_json::to_value(record.answers()).expect("JSON");
            let answers: BTreeMap<String, Value> = serde_json::from_value(json).expect("a map");
            let view = store.view(id).expect("reads").expect("there");
            all.push(Doc {
                id: id.to_string(),
                kind: answers["$kind"].as_str().expect("a kind").to_owned(),
                state: record.review_state(),
                hard_conflict: view.conflict == Some("hard"),
                answers,
            });
        }
        let mut same = BTreeMap::new();
        let mut same_member = BTreeMap::new();
        for doc in &all {
            if doc.has("review/same_as") {
                same.insert(doc.id.clone(), doc.text("review/same_as").to_owned());
            }
            for (path, value) in &doc.answers {
                if let Some(member) = path.strip_prefix("review/same_member/") {
                    same_member.insert(member.to_owned(), value.as_str().expect("an id").to_owned());
                }
            }
        }
        let units = test.app.units().expect("units");
        let plan = schemas::plan::Plan::plan_2024();
        let scope: BTreeSet<&str> = plan.scope.iter().map(|unit| unit.unit_id.as_str()).collect();
        let communes = units.tree().iter().filter_map(|unit| {
            // What was around it on the last day of the plan's year.
            let then = unit.parents.iter().find(|parent| {
                let to = parent.to.map(|to| to.to_string()).unwrap_or("9999".to_owned());
                let from = parent.from.map(|from| from.to_string()).unwrap_or_default();
                from.as_str() <= BEFORE && BEFORE <= to.as_str()
            });
            let around = then.map(|parent| parent.id.as_str()).unwrap_or_default();
            let commune = [unit.id.as_str(), around]
                .into_iter()
                .find(|id| scope.contains(id))?;
            Some((unit.id.clone(), commune.to_owned()))
        });
        Self {
            communes: communes.collect(),
            all,
            same,
            same_member,
            approved_only,
        }
    }

    pub fn communes(&self) -> BTreeSet<String> {
        self.communes.values().cloned().collect()
    }

    pub fn commune(&self, doc: &Doc, field: &str) -> Option<String> {
        self.communes.get(doc.text(field)).cloned()
    }

    pub fn survivor(&self, id: &str) -> String {
        let mut at = id.to_owned();
        while let Some(next) = self.same.get(&at) {
            at.clone_from(next);
        }
        at
    }

    pub fn member(&self, id: &str) -> String {
        let mut at = id.to_owned();
        while let Some(next) = self.same_member.get(&at) {
            at.clone_from(next);
        }
        at
    }

    /// Records of a kind that count.
    pub fn of(&self, kind: &str) -> Vec<&Doc> {
        let counts = |doc: &&Doc| {
            let state = doc.state.as_str();
            let reviewed = !self.approved_only || state == "approved" || state == "locked";
            doc.kind == kind
                && reviewed
                && state != "void"
                && state != "rejected"
                && !self.same.contains_key(&doc.id)
        };
        self.all.iter().filter(counts).collect()
    }

    /// Households with where they are, and their reviews.
    pub fn homes(&self) -> Vec<Home<'_>> {
        let visits = self.of("household_visit");
        let homes = self.of("household").into_iter().filter_map(|doc| {
            let mut reviews: Vec<&Doc> = visits
                .iter()
                .copied()
                .filter(|visit| {
                    ["periodic_review", "recheck", "regular_review"].contains(&visit.text("visit_type"))
                })
                .filter(|visit| self.survivor(visit.text("household_id")) == doc.id)
                .collect();
            reviews.sort_by_key(|visit| (visit.day("visited_at"), visit.id.clone()));
            Some(Home {
                commune: self.commune(doc, "village_id")?,
                doc,
                reviews,
                approved_only: self.approved_only,
            })
        });
        homes.collect()
    }
}

/// A household with its reviews.
pub struct Home<'a> {
    pub doc: &'a Doc,
    pub commune: String,
    reviews: Vec<&'a Doc>,
    approved_only: bool,
}

/// The class a visit proposes, by the rule of Circular 07/2021.
fn proposed(visit: &Doc) -> Option<String> {
    let lacks = visit
        .answers
        .keys()
        .filter(|path| path.starts_with("dep_") && visit.yes(path))
        .count();
    let line = if visit.text("area_type") == "urban" {
        175.0
    } else {
        140.0
    };
    let class = if visit.number("score_a") > line {
        "non_poor"
    } else if lacks >= 3 {
        "poor"
    } else {
        "near_poor"
    };
    Some(class.to_owned())
}

impl<'a> Home<'a> {
    /// What gave it a class up to a day: when, the class, the visit, whether recognised.
    fn given(&self, day: &str) -> Vec<(String, String, &'a Doc, bool)> {
        let mut given = Vec::new();
        for visit in &self.reviews {
            let decided = visit.day("decision_date");
            if visit.has("class_recognised") && decided.as_str() <= END {
                given.push((decided, visit.text("class_recognised").to_owned(), *visit, true));
            } else if !self.approved_only
                && visit.day("visited_at").as_str() <= END
                && let Some(class) = proposed(visit)
            {
                given.push((visit.day("visited_at"), class, *visit, false));
            }
        }
        given.sort_by_key(|(on, _, visit, _)| {
            let again = visit.text("visit_type") == "recheck";
            (on.clone(), visit.day("visited_at"), again, visit.id.clone())
        });
        given.retain(|(on, ..)| on.as_str() <= day);
        given
    }

    fn before_all(&self) -> String {
        let first = self.reviews.iter().find(|visit| visit.has("class_previous"));
        first.map_or_else(
            || self.doc.text("current_class").to_owned(),
            |visit| visit.text("class_previous").to_owned(),
        )
    }

    pub fn class(&self, day: &str) -> String {
        let last = self.given(day).pop();
        last.map_or_else(|| self.before_all(), |(_, class, ..)| class)
    }

    pub fn visit(&self, day: &str) -> Option<&'a Doc> {
        self.given(day).pop().map(|(_, _, visit, _)| visit)
    }

    pub fn present(&self, day: &str) -> bool {
        let moved = self.doc.day("move_date");
        match self.doc.text("move_status") {
            "moved_in" | "split" => moved.as_str() <= day,
            "moved_out" | "merged" | "dissolved" => day < moved.as_str(),
            _ => true,
        }
    }

    fn ever(&self, class: &str, day: &str) -> bool {
        self.before_all() == class || self.given(day).iter().any(|(_, given, ..)| given == class)
    }

    pub fn minority(&self) -> bool {
        !["01", "55", "56", ""].contains(&self.doc.text("ethnicity_code"))
    }

    pub fn members(&self) -> Vec<String> {
        let rows = self.doc.rows("members").into_iter();
        let there = |row: &String| {
            let presence = self.doc.text(&format!("members/{row}/presence")).to_owned();
            presence != "moved" && presence != "deceased"
        };
        rows.filter(there).collect()
    }

    pub fn member_yes(&self, row: &str, field: &str) -> bool {
        self.doc.yes(&format!("members/{row}/{field}"))
    }

    /// Only those of 15 and more are asked whether they are able to work.
    pub fn able(&self, row: &str) -> bool {
        self.member_yes(row, "able_to_work") && self.age(row).is_some_and(|age| age >= 15)
    }

    pub fn age(&self, row: &str) -> Option<i64> {
        let born = self.doc.day(&format!("members/{row}/birth_date"));
        let year: i64 = born.get(..4)?.parse().ok()?;
        // On the last day of a year everybody had their birthday.
        Some(2025 - year)
    }
}

pub fn count(figures: &mut Figures, row: &str, column: &str, amount: f64) {
    *figures.entry(format!("{row} {column}")).or_default() += amount;
}

fn one(figures: &mut Figures, rows: &[&str], column: &str, yes: bool) {
    for row in rows {
        count(figures, row, column, f64::from(u8::from(yes)));
    }
}

pub fn poverty_review(naive: &Naive) -> Figures {
    let mut figures = Figures::new();
    for home in naive.homes() {
        let area = if home.doc.text("area_type") == "urban" {
            "urban"
        } else {
            "rural"
        };
        let leaf = format!("{area}.{}", home.commune);
        let rows = ["total", area, &leaf];
        let (start, end) = (home.present(BEFORE), home.present(END));
        one(&mut figures, &rows, "households_start", start);
        one(&mut figures, &rows, "households", end);
        one(&mut figures, &rows, "minority", end && home.minority());
        let mut both = false;
        for (class, prefix) in [("poor", "poor"), ("near_poor", "near")] {
            let (was, is) = (
                start && home.class(BEFORE) == class,
                end && home.class(END) == class,
            );
            let arrived = home.doc.day("move_date");
            let came = !start && is && home.class(&arrived) == class;
            let column = |name: &str| format!("{prefix}_{name}");
            one(&mut figures, &rows, &column("start"), was);
            one(
                &mut figures,
                &rows,
                &column("start_minority"),
                was && home.minority(),
            );
            one(&mut figures, &rows, &column("left"), was && !is && end);
            one(&mut figures, &rows, &column("went"), was && !end);
            one(&mut figures, &rows, &column("came"), came);
            let risen = is && !was && !came;
            one(
                &mut figures,
                &rows,
                &column("fell"),
                risen && home.ever(class, BEFORE),
            );
            one(
                &mut figures,
                &rows,
                &column("new"),
                risen && !home.ever(class, BEFORE),
            );
            one(&mut figures, &rows, &column("end"), is);
            one(
                &mut figures,
                &rows,
                &column("end_minority"),
                is && home.minority(),
            );
            both |= is;
        }
        one(&mut figures, &rows, "both_end", both);
    }
    figures
}

pub fn answered(naive: &Naive, classes: &[(&str, &str)], prefix: &str, named: bool) -> Figures {
    let mut figures = Figures::new();
    for home in naive.homes() {
        for (class, short) in classes {
            if !home.present(END) || home.class(END) != *class {
                continue;
            }
            let rows = ["total", &home.commune];
            one(&mut figures, &rows, short, true);
            let visit = home.visit(END);
            one(&mut figures, &rows, &format!("{short}_silent"), visit.is_none());
            let Some(visit) = visit else { continue };
            for path in visit.answers.keys().filter(|path| visit.yes(path)) {
                if let Some(name) = path.strip_prefix(prefix) {
                    let column = if named {
                        format!("{short}_{name}")
                    } else {
                        name.to_owned()
                    };
                    one(&mut figures, &rows, &column, true);
                }
            }
        }
    }
    figures
}

pub fn ethnic_groups(naive: &Naive) -> Figures {
    let mut figures = Figures::new();
    for home in naive.homes() {
        if !home.present(END) {
            continue;
        }
        let mut rows = vec!["total", home.doc.text("ethnicity_code")];
        if home.minority() {
            rows.push("minority");
        }
        let members = home.members();
        let children = members
            .iter()
            .filter(|row| home.age(row).is_some_and(|age| age < 16))
            .count();
        let able = members.iter().any(|row| home.able(row));
        let head = home
            .doc
            .rows("members")
            .into_iter()
            .find(|row| home.doc.text(&format!("members/{row}/relation")) == "head");
        let woman = head.is_some_and(|row| home.doc.text(&format!("members/{row}/sex")) == "female");
        one(&mut figures, &rows, "households", true);
        for (class, short) in [("poor", "poor"), ("near_poor", "near")] {
            let is = home.class(END) == class;
            one(&mut figures, &rows, short, is);
            one(
                &mut figures,
                &rows,
                &format!("{short}_no_labour"),
                is && !members.is_empty() && !able,
            );
            one(&mut figures, &rows, &format!("{short}_woman_head"), is && woman);
            if is {
                for row in &rows {
                    let few = |number: usize| f64::from(u32::try_from(number).expect("few"));
                    count(&mut figures, row, &format!("{short}_persons"), few(members.len()));
                    count(&mut figures, row, &format!("{short}_children"), few(children));
                }
            }
        }
    }
    figures
}
