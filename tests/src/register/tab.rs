//! One person's register over a disk in memory, and what a story asks of it.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures_lite::future::block_on;
use schemas::answer::{Edit, edits_from_json};
use schemas::value::{Answers, Scalar};
use serde_json::Value;
use sync_core::id::{RecordId, UnitId};
use web::phone::{Draft, Register, RegisterError, Submitted, Summary, SyncReport};
use web::rows::{MemoryRows, Put, Row, Rows, SealedRows, Shelf};
use web::vault::Key;

use super::slow::Slow;
use super::{Wire, household};
use crate::sim::clock::PhoneClock;
use crate::sim::dice::Dice;

/// One person's register, and what lies under it.
pub struct Tab {
    /// What lies on the phone.
    pub disk: Rc<MemoryRows>,
    /// The register.
    pub register: Register,
    /// The phone's clock.
    pub clock: PhoneClock,
    /// The way to the server.
    pub wire: Wire,
}

/// Every tab's vault has this key: what is tested is not the lock.
const KEY: [u8; 32] = [7; 32];

impl Tab {
    /// Opens what lies on a disk.
    ///
    /// # Panics
    /// When it is damaged.
    #[must_use]
    pub fn open(disk: Rc<MemoryRows>, clock: PhoneClock, wire: Wire) -> Self {
        Self::over(Rc::clone(&disk) as Rc<dyn Rows>, disk, clock, wire)
    }

    /// The same disk through a slow one: while it reads and writes, other things go on.
    #[must_use]
    pub fn slowly(self, dice: Dice) -> Self {
        let slow = Rc::new(Slow::new(Rc::clone(&self.disk), dice));
        Self::over(slow, self.disk, self.clock, self.wire)
    }

    fn over(rows: Rc<dyn Rows>, disk: Rc<MemoryRows>, clock: PhoneClock, wire: Wire) -> Self {
        let shown = clock.clone();
        let rows = SealedRows::new(rows, Key::new(KEY));
        let register = block_on(Register::open(rows, Rc::new(move || shown.now()))).expect("a sound disk");
        Self {
            disk,
            register,
            clock,
            wire,
        }
    }

    /// What a restart would find now.
    #[must_use]
    pub fn reopened(&self) -> Self {
        let disk = Rc::new(self.disk.copy());
        Self::open(disk, self.clock.clone(), self.wire.clone())
    }

    /// Syncs to the end.
    ///
    /// # Panics
    /// When it does not get there.
    pub fn sync(&self) -> SyncReport {
        self.try_sync().expect("a sync")
    }

    /// Syncs.
    ///
    /// # Errors
    /// As the register says.
    pub fn try_sync(&self) -> Result<SyncReport, RegisterError> {
        block_on(self.register.sync(&self.wire, &|_| {}))
    }

    /// A new form with these answers.
    ///
    /// # Panics
    /// When there is no such form, or it has no such field.
    #[must_use]
    pub fn draft(&self, kind: &str, answers: &Value) -> Draft {
        let form = self.register.form(kind, None).expect("a form");
        let mut new_id = || self.register.new_id().to_string();
        let edits = edits_from_json(&form, answers, &mut new_id).expect("answers of the form");
        let puts = edits.into_iter().filter_map(|(path, edit)| match edit {
            Edit::Put(value) => Some((path, value)),
            Edit::Delete => None,
        });
        let shelf = block_on(self.register.shelf([])).expect("a sound disk");
        let draft = self.register.begin(kind, puts.collect(), &shelf);
        draft.expect("a form")
    }

    /// Submits a form.
    ///
    /// # Errors
    /// As the register says.
    pub fn submit(&self, draft: &Draft) -> Result<Submitted, RegisterError> {
        block_on(self.register.submit(draft))
    }

    /// Writes a new household.
    ///
    /// # Panics
    /// When the register refuses.
    pub fn household(&self, village: UnitId, name: &str) -> RecordId {
        let draft = self.draft("household", &household(village, name));
        self.submit(&draft).expect("a household").id
    }

    /// Writes one answer.
    ///
    /// # Panics
    /// When the register refuses.
    pub fn set(&self, id: RecordId, path: &str, value: impl Into<Scalar>) {
        self.try_set(id, path, value).expect("an edit");
    }

    /// Writes one answer.
    ///
    /// # Errors
    /// As the register says.
    pub fn try_set(&self, id: RecordId, path: &str, value: impl Into<Scalar>) -> Result<(), RegisterError> {
        block_on(self.register.set(id, vec![(path.to_owned(), value.into())]))
    }

    /// One answer of a record.
    #[must_use]
    pub fn answer(&self, id: RecordId, path: &str) -> Option<Scalar> {
        self.answers(id)?.get(path).cloned()
    }

    /// The answers of a record.
    ///
    /// # Panics
    /// When the disk is damaged.
    #[must_use]
    pub fn answers(&self, id: RecordId) -> Option<Answers> {
        block_on(self.register.answers_of(id)).expect("a sound disk")
    }

    /// The answers of every record that lists show.
    #[must_use]
    pub fn all_answers(&self) -> BTreeMap<RecordId, Answers> {
        let ids: Vec<RecordId> = self.register.index().all().map(|(id, _)| id).collect();
        let answers = |id| Some((id, self.answers(id)?));
        ids.into_iter().filter_map(answers).collect()
    }

    /// The summaries in memory.
    #[must_use]
    pub fn summaries(&self) -> BTreeMap<RecordId, Summary> {
        let index = self.register.index();
        index
            .all()
            .map(|(id, summary)| (id, Summary::clone(summary)))
            .collect()
    }

    /// What lists show of one record.
    ///
    /// # Panics
    /// When they show nothing.
    #[must_use]
    pub fn summary(&self, id: RecordId) -> Rc<Summary> {
        self.register.index().get(id).expect("a summary")
    }

    /// Everything that lies on the phone, as it lies there.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn rows(&self) -> Vec<(Shelf, Vec<Row>)> {
        let all = |shelf| block_on(self.disk.all(shelf)).expect("a sound disk");
        Shelf::ALL.into_iter().map(|shelf| (shelf, all(shelf))).collect()
    }

    /// Says whether what is in memory is what lies on the disk, and what would be worked out again from
    /// the documents.
    ///
    /// # Panics
    /// When it is not.
    pub fn check(&self) {
        let again = self.reopened();
        self.assert_same(&again, "what a restart finds");
        let rows = SealedRows::new(again.disk.clone(), Key::new(KEY));
        block_on(rows.write(vec![Put::gone(Shelf::Meta, b"summary_version")])).expect("room");
        let rebuilt = again.reopened();
        self.assert_same(&rebuilt, "what the documents say");
    }

    fn assert_same(&self, other: &Self, what: &str) {
        assert_eq!(self.summaries(), other.summaries(), "{what}");
        let (mine, theirs) = (self.register.index(), other.register.index());
        assert_eq!(mine.counts(None), theirs.counts(None), "{what}");
        assert_eq!(mine.parked(), theirs.parked(), "{what}");
        assert_eq!(mine.progress(), theirs.progress(), "{what}");
        let pending = mine.all().any(|(_, summary)| summary.pending);
        drop((mine, theirs));
        if !pending && self.register.is_enrolled() {
            // Nothing is left to close, so this only reads: the cards of envelopes and frames are the same.
            assert_eq!(self.export(true), other.export(true), "{what}");
        }
    }

    /// A bundle.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn export(&self, all: bool) -> Vec<u8> {
        block_on(self.register.export(all)).expect("a bundle").0
    }
}
