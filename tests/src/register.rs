//! The web app's register without a browser: its driver over sealed rows in memory, and a link to a server
//! in this process that can break at any byte.
//!
//! [`Town`] is a server, the people around it, and the true time; a [`Tab`] is one person's register. A
//! copy of a tab's disk is what a restart, or a dead battery, finds.

mod slow;
mod wire;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_lite::future::block_on;
use schemas::answer::{Edit, edits_from_json};
use schemas::value::{Answers, Scalar};
use serde_json::Value;
use server::access::enrol;
use server::audit::{Action, Actor, AuditEntry};
use server::store::{User, UserChange, UserStore as _};
use sync_core::id::{RecordId, UnitId, UserId};
use sync_core::phone::shown;
use sync_core::policy::Role;
use tempfile::TempDir;
use web::phone::{Draft, Register, RegisterError, Submitted, Summary, SyncReport};
use web::rows::{MemoryRows, Put, Row, Rows, SealedRows, Shelf};
use web::vault::Key;

pub use wire::{Fate, Wire};

use self::slow::Slow;

use crate::office::Office;
use crate::sim::cast::{self, Handset, Place};
use crate::sim::clock::{PhoneClock, TrueTime};
use crate::sim::dice::Dice;
use crate::sim::net::{Link, Net};

/// A server, the people around it, and the true time.
pub struct Town {
    /// The server.
    pub office: Rc<RefCell<Office>>,
    /// The true time.
    pub time: TrueTime,
    /// Two communes, each with some villages.
    pub places: Vec<Place>,
    dice: RefCell<Dice>,
    dir: TempDir,
}

impl Default for Town {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Town {
    /// A new register; its ids follow from `seed`.
    ///
    /// # Panics
    /// When the machine gives no room.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let dir = tempfile::tempdir().expect("a temporary directory");
        let time = TrueTime::default();
        let keys = cast::keys(&mut dice);
        let office =
            Office::found(&dir.path().join("office"), time.server(), &keys).expect("a register can be made");
        Self {
            places: cast::places(&office),
            office: Rc::new(RefCell::new(office)),
            time,
            dice: RefCell::new(dice),
            dir,
        }
    }

    /// A village of the first commune.
    #[must_use]
    pub fn village(&self, number: usize) -> UnitId {
        self.places[0].villages[number]
    }

    /// A cadre of the first commune.
    #[must_use]
    pub fn cadre(&self, login: &str) -> User {
        self.person(login, Role::CommuneCadre, self.places[0].commune)
    }

    /// The head of a village of the first commune.
    #[must_use]
    pub fn head(&self, login: &str, village: usize) -> User {
        self.person(login, Role::VillageHead, self.village(village))
    }

    fn person(&self, login: &str, role: Role, unit: UnitId) -> User {
        let dice = &mut *self.dice.borrow_mut();
        cast::person(&self.office.borrow(), dice, login, role, vec![unit])
    }

    /// Gives the head of a village another village of the first commune.
    ///
    /// # Panics
    /// When the server does not.
    pub fn move_person(&self, user: UserId, village: usize) {
        let office = self.office.borrow();
        let app = office.app();
        let change = UserChange {
            units: Some(vec![self.village(village)]),
            ..UserChange::default()
        };
        let audit = AuditEntry::new(
            app.clock.now(),
            Actor::Server,
            Action::UserChange,
            Actor::User(user),
        );
        let done = app.store.change_user(user, &change, &app.keys, audit);
        done.expect("somebody moves");
    }

    /// A code that enrols a phone for this person.
    ///
    /// # Panics
    /// When the server gives none.
    #[must_use]
    pub fn code(&self, user: &User) -> String {
        let office = self.office.borrow();
        let app = office.app();
        let issued = enrol::issue(&app.store, app.clock.now(), Actor::Server, user.id);
        issued.expect("a code").code.grouped()
    }

    /// A register that belongs to nobody yet.
    #[must_use]
    pub fn new_tab(&self) -> Tab {
        let clock = PhoneClock::right(&self.time);
        Tab::open(Rc::new(MemoryRows::default()), clock, Wire::new(&self.office))
    }

    /// This person's register, enrolled and synced.
    ///
    /// # Panics
    /// When it does not enrol.
    #[must_use]
    pub fn tab(&self, user: &User) -> Tab {
        let tab = self.new_tab();
        block_on(tab.register.enroll(&tab.wire, &self.code(user), "")).expect("a register enrols");
        tab.sync();
        tab
    }

    /// The same for the program on the command line: what the other driver makes of the same frames.
    ///
    /// # Panics
    /// When it does not enrol.
    #[must_use]
    pub fn phone(&self, name: &str, user: &User) -> Handset {
        let home = self.dir.path().join(name);
        let dice = &mut *self.dice.borrow_mut();
        let enrolled = Handset::enrol(name, user, &home, &self.time, &mut self.office.borrow_mut(), dice);
        let mut phone = enrolled.expect("a phone enrols");
        self.sync_with(&mut phone, dice);
        phone
    }

    /// Syncs the other driver's phone.
    pub fn sync_phone(&self, phone: &mut Handset) -> Value {
        self.sync_with(phone, &mut self.dice.borrow_mut())
    }

    fn sync_with(&self, phone: &mut Handset, dice: &mut Dice) -> Value {
        let mut link = Link {
            office: &mut self.office.borrow_mut(),
            net: &mut Net::default(),
            dice,
        };
        phone.phone_mut().sync(&mut link, "en").expect("a sync")
    }

    /// A file for this story.
    #[must_use]
    pub fn file(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    /// Chance that follows from the town's seed.
    #[must_use]
    pub fn dice(&self) -> Dice {
        self.dice.borrow_mut().split()
    }

    /// The answers of a record as the server has merged them; none if it has not.
    ///
    /// # Panics
    /// When the register is damaged.
    #[must_use]
    pub fn answers(&self, id: RecordId) -> Option<Answers> {
        use server::store::record::ArchiveStore as _;
        let office = self.office.borrow();
        let view = office.app().store.view(id).expect("a sound register")?;
        let record = sync_core::record::Record::load(id, &view.document).expect("a document");
        Some(record.answers())
    }
}

/// The answers that the other driver's phone shows, by record; those that left it are left out.
///
/// # Panics
/// When its home is damaged.
#[must_use]
pub fn answers_of(phone: &Handset) -> BTreeMap<RecordId, Answers> {
    let row = |id: RecordId| {
        let row = phone.phone().store().record(id).expect("a sound home")?;
        let answers = shown(&row.open(id).expect("a sound home")).answers();
        (!row.gone && !answers.is_empty()).then_some((id, answers))
    };
    phone.records().into_iter().filter_map(row).collect()
}

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

/// The answers of a household.
#[must_use]
pub fn household(village: UnitId, name: &str) -> Value {
    serde_json::json!({
        "village_id": village, "head_name": name, "head_birth_year": 1970, "area_type": "rural",
        "ethnicity_code": "08", "move_status": "resident",
        "members": [{ "full_name": name, "relation": "head", "sex": "male", "birth_date": "1970-01-01",
            "birth_precision": "year", "ethnicity_code": "08", "has_health_insurance": true,
            "presence": "present" }],
    })
}
