//! A server, the people around it, and the true time.

use std::cell::RefCell;
use std::rc::Rc;

use futures_lite::future::block_on;
use schemas::value::Answers;
use serde_json::Value;
use server::access::enrol;
use server::audit::{Action, Actor, AuditEntry};
use server::store::record::ArchiveStore as _;
use server::store::{User, UserChange, UserStore as _};
use sync_core::id::{RecordId, UnitId, UserId};
use sync_core::policy::Role;
use sync_core::record::Record;
use tempfile::TempDir;
use web::rows::MemoryRows;

use super::{Tab, Wire};
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
        let office = self.office.borrow();
        let view = office.app().store.view(id).expect("a sound register")?;
        let record = Record::load(id, &view.document).expect("a document");
        Some(record.answers())
    }
}
