//! Anything that happens in the field, in any order; then everything comes together.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures_lite::future::block_on;
use schemas::value::Answers;
use sync_core::id::{RecordId, UserId};
use tests::register::{Fate, Tab, Town, answers_of, household};
use tests::sim::cast::Handset;
use tests::sim::dice::Dice;

/// Stories, and steps of each.
const STORIES: u64 = 10;
const STEPS: usize = 50;
/// Syncs of everybody until nothing moves any more.
const ROUNDS: usize = 6;

struct Story {
    town: Town,
    tabs: Vec<Tab>,
    phone: Handset,
    head: UserId,
    known: Vec<(usize, RecordId)>,
    backups: usize,
    dice: Dice,
}

impl Story {
    fn begin(seed: u64) -> Self {
        let town = Town::new(seed);
        let users = ["sua", "may", "pao"].map(|login| town.cadre(login));
        let head = town.head("head", 0);
        let tabs = vec![town.tab(&users[0]), town.tab(&users[1]), town.tab(&head)];
        let phone = town.phone("pao", &users[2]);
        let dice = town.dice();
        Self {
            town,
            tabs,
            phone,
            head: head.id,
            known: Vec::new(),
            backups: 0,
            dice,
        }
    }

    fn step(&mut self) {
        self.town.time.pass(60);
        let at = self.dice.below(self.tabs.len());
        match self.dice.below(15) {
            0..2 => self.new_household(at),
            2..6 => self.edit(at),
            6..10 => self.sync(at),
            10 => drop(self.town.sync_phone(&mut self.phone)),
            11 => self.hand_over(at),
            12 => self.edit_on_the_phone(),
            13 => self.office(),
            _ => self.tabs[at] = self.tabs[at].reopened(),
        }
        self.tabs[at].disk.fill_after(None);
        self.tabs[at].check();
    }

    fn new_household(&mut self, at: usize) {
        let village = self.town.village(if at == 2 { 0 } else { self.dice.below(3) });
        let tab = &self.tabs[at];
        let draft = tab.draft("household", &household(village, "Giàng A Pao"));
        self.may_be_full(at);
        if let Ok(submitted) = self.tabs[at].submit(&draft) {
            self.known.push((at, submitted.id));
        }
    }

    fn edit(&mut self, at: usize) {
        let here: Vec<RecordId> = {
            let index = self.tabs[at].register.index();
            index.of_kind("household").map(|(id, _)| id).collect()
        };
        if here.is_empty() {
            return;
        }
        let id = *self.dice.pick(&here);
        let value = i64::try_from(self.dice.below(5)).unwrap_or_default();
        self.may_be_full(at);
        let (path, value) = match self.dice.below(3) {
            0 => ("livestock", schemas::value::Scalar::Int(value)),
            1 => ("head_name", format!("Giàng A {value}").as_str().into()),
            _ => (
                "roof",
                if value == 0 {
                    schemas::value::Scalar::Null
                } else {
                    "tile".into()
                },
            ),
        };
        if let Err(error) = self.tabs[at].try_set(id, path, value) {
            let code = error.code();
            // Who was moved away still sees what of theirs was set aside, and may not write it.
            let may_not = at == 2 && code.starts_with("not_allowed.");
            assert!(code == "storage_full" || may_not, "{code}");
        }
    }

    fn edit_on_the_phone(&mut self) {
        let here: Vec<RecordId> = answers_of(&self.phone).into_keys().collect();
        if !here.is_empty() {
            let id = *self.dice.pick(&here);
            let livestock = ("livestock".to_owned(), self.dice.below(5).to_string());
            self.phone.phone_mut().set(id, &[livestock]).expect("an edit");
        }
    }

    /// A backup is taken or put back, or the head of the village moves.
    fn office(&mut self) {
        let file = |number: usize| self.town.file(&format!("backup-{number}"));
        if self.dice.chance(30) {
            self.town.move_person(self.head, self.dice.below(2));
        } else if self.backups == 0 || self.dice.chance(50) {
            let taken = self.town.office.borrow().backup(&file(self.backups));
            taken.expect("a backup");
            self.backups += 1;
        } else {
            let (number, epoch) = (self.dice.below(self.backups), self.dice.bytes());
            let restored = self.town.office.borrow_mut().restore(&file(number), epoch);
            restored.expect("a restored register");
        }
    }

    /// Sometimes there is no room left soon.
    fn may_be_full(&mut self, at: usize) {
        if self.dice.chance(15) {
            let transactions = u32::try_from(self.dice.below(4)).unwrap_or_default();
            self.tabs[at].disk.fill_after(Some(transactions));
        }
    }

    fn sync(&mut self, at: usize) {
        let cut = self.dice.below(4_000);
        let fate = match self.dice.below(10) {
            0 => Fate::Unreachable,
            1 => Fate::RequestCut(cut),
            2 => Fate::AnswerLost,
            3..5 => Fate::AnswerCut(cut),
            5 => Fate::AnswerEnds(cut),
            _ => Fate::Arrives,
        };
        self.may_be_full(at);
        let tab = &self.tabs[at];
        tab.wire.set(fate);
        if let Err(error) = tab.try_sync() {
            let code = error.code();
            assert!(
                ["unreachable", "connection_cut", "storage_full"].contains(&code.as_str()),
                "{code}"
            );
        }
        tab.wire.set(Fate::Arrives);
    }

    /// A file goes from one to another; a battery may die before it is read in.
    fn hand_over(&mut self, at: usize) {
        let all = self.dice.chance(50);
        let bundle = self.tabs[at].export(all);
        let to = self.dice.below(self.tabs.len() + 1);
        match self.tabs.get(to) {
            Some(tab) => drop(block_on(tab.register.import(&bundle)).expect("a bundle")),
            None => {
                let file = self.town.file("carried.soban");
                std::fs::write(&file, bundle).expect("room");
                self.phone.phone_mut().import(&file, "en").expect("a bundle");
            }
        }
        if let Some(tab) = self.tabs.get(to) {
            tab.check();
        }
    }

    fn come_together(&mut self) {
        for _ in 0..ROUNDS {
            for tab in &self.tabs {
                tab.sync();
                tab.check();
            }
            self.town.sync_phone(&mut self.phone);
        }
        let merged: BTreeMap<RecordId, Answers> = self
            .known
            .iter()
            .filter_map(|(_, id)| Some((*id, self.town.answers(*id)?)))
            .collect();
        for (at, id) in &self.known {
            // Who was moved away may have written where they had no right to any more.
            let aside = || !self.tabs[*at].summary(*id).parked.is_empty();
            assert!(
                merged.contains_key(id) || (*at == 2 && aside()),
                "{id} of {at} is lost: {:?}",
                self.tabs[*at].register.index().get(*id)
            );
        }
        same("the program", &answers_of(&self.phone), &merged);
        for (number, tab) in self.tabs[..2].iter().enumerate() {
            assert_eq!(tab.register.unsent(), 0);
            same(&format!("register {number}"), &tab.all_answers(), &merged);
        }
        let mut held = self.tabs[2].all_answers();
        held.retain(|id, _| merged.contains_key(id));
        let theirs = merged.into_iter().filter(|(id, _)| held.contains_key(id));
        same("the head", &held, &theirs.collect());
    }
}

/// Says which answers differ, not all of them.
fn same(who: &str, here: &BTreeMap<RecordId, Answers>, merged: &BTreeMap<RecordId, Answers>) {
    for id in merged.keys() {
        let (here, merged) = (here.get(id), merged.get(id));
        if here == merged {
            continue;
        }
        let of =
            |answers: Option<&Answers>, path: &str| answers.and_then(|answers| answers.get(path)).cloned();
        let paths = here.into_iter().chain(merged).flat_map(Answers::keys);
        let differ: Vec<_> = paths
            .filter(|path| of(here, path) != of(merged, path))
            .map(|path| format!("{path}: {:?} here, {:?} merged", of(here, path), of(merged, path)))
            .collect();
        panic!("{who} shows {id} otherwise: {differ:#?}");
    }
}

#[test]
fn everything_comes_together() {
    for seed in 0..STORIES {
        let told = std::panic::catch_unwind(|| {
            let mut story = Story::begin(seed);
            (0..STEPS).for_each(|_| story.step());
            story.come_together();
        });
        assert!(told.is_ok(), "the story of seed {seed} broke");
    }
}

/// A disk is shared by nobody: what a copy does stays its own.
#[test]
fn copies_are_apart() {
    let town = Town::default();
    let tab = town.tab(&town.cadre("sua"));
    let copy = Tab::open(Rc::new(tab.disk.copy()), tab.clock.clone(), tab.wire.another());
    copy.household(town.village(0), "Lý Đào");
    assert_eq!((copy.register.unsent(), tab.register.unsent()), (1, 0));
}
