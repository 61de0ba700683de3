//! Who plays: people of two communes and the phones they hold.

use std::path::{Path, PathBuf};

use device::{DeviceError, Phone};
use jiff::Timestamp;
use server::access::Keys;
use server::audit::{Action, Actor, AuditEntry};
use server::store::{DeviceStore as _, NewDevice, NewUser, User, UserStore as _};
use sync_core::id::{DeviceId, Digest32, ProjectId, PublicKey, RecordId, UnitId, UserId};
use sync_core::policy::Role;

use super::clock::{PhoneClock, TrueTime};
use super::dice::Dice;
use super::net::{Link, Net, id};
use crate::office::Office;

/// Hoàng Thu Phố and Lùng Cải, two of the plan's communes.
const COMMUNES: [&str; 2] = [
    "35e0c3e9-4c31-597c-bfe6-1b9abc002543",
    "e7f81a2d-2561-53c1-b3df-f3d198f1e69e",
];
/// Villages of each that take part.
const VILLAGES: usize = 3;

/// The places of a simulation: each commune with its villages.
#[derive(Debug, Clone)]
pub struct Place {
    /// The commune.
    pub commune: UnitId,
    /// Villages of it.
    pub villages: Vec<UnitId>,
}

/// The communes and villages that take part.
///
/// # Panics
/// When the built-in units do not have them.
#[must_use]
pub fn places(office: &Office) -> Vec<Place> {
    let units = office.app().units().expect("the units load");
    let place = |text: &&str| {
        let commune: UnitId = text.parse().expect("a commune of the plan");
        let mut villages: Vec<_> = units
            .under(&[commune])
            .into_iter()
            .filter(|unit| *unit != commune)
            .collect();
        villages.truncate(VILLAGES);
        Place { commune, villages }
    };
    COMMUNES.iter().map(place).collect()
}

/// The keys of a register that follow from the seed.
#[must_use]
pub fn keys(dice: &mut Dice) -> Keys {
    Keys {
        project: ProjectId(id(dice)),
        record_key: dice.bytes(),
        signing: ed25519_dalek::SigningKey::from_bytes(&dice.bytes()),
        epoch: dice.bytes(),
    }
}

/// Adds a person.
///
/// # Panics
/// When the server does not take them.
pub fn person(office: &Office, dice: &mut Dice, login: &str, role: Role, units: Vec<UnitId>) -> User {
    let app = office.app();
    let new = NewUser {
        id: UserId(id(dice)),
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        units,
        password: None,
    };
    let audit = AuditEntry::new(
        app.clock.now(),
        Actor::Server,
        Action::UserAdd,
        Actor::User(new.id),
    );
    assert_eq!(app.store.add_user(&new, audit), Ok(true), "{login} is added");
    app.store
        .user(new.id)
        .ok()
        .flatten()
        .expect("somebody just added is there")
}

/// Gives an officer the console the server would otherwise make with ids of its own.
///
/// # Panics
/// When the server does not take it.
pub fn console(office: &Office, dice: &mut Dice, user: UserId) {
    let app = office.app();
    let seed: [u8; 32] = dice.bytes();
    let key = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
    let new = NewDevice {
        id: DeviceId(id(dice)),
        user,
        name: "console".to_owned(),
        public_key: PublicKey(key.to_bytes()),
        token: Digest32([0; 32]),
    };
    let audit = AuditEntry::new(
        app.clock.now(),
        Actor::Server,
        Action::ConsoleCreate,
        Actor::User(user),
    );
    assert_eq!(
        app.store.add_console(&new, &seed, &app.keys, audit),
        Ok(true),
        "a console is added"
    );
}

/// One phone and its place on disk.
pub struct Handset {
    /// What the trace calls it.
    pub name: String,
    /// Whose it is.
    pub user: UserId,
    /// Where it lives.
    pub home: PathBuf,
    /// The device; several homes are one device after a copy.
    pub device: DeviceId,
    /// Its clock.
    pub clock: PhoneClock,
    /// The server's epoch at its last complete sync.
    pub synced_epoch: Option<[u8; 16]>,
    /// It took a bundle in since: what a server vouched for that was restored meanwhile is no receipt.
    pub imported: bool,
    /// It is a copy, was copied, or was set back: what it did not live through it cannot know.
    pub copied: bool,
    /// Older states of its home.
    pub copies: Vec<PathBuf>,
    phone: Option<Phone>,
    dice: Dice,
}

impl Handset {
    /// Enrols a new phone in `home` for `user`.
    ///
    /// # Errors
    /// When the phone cannot be used.
    pub fn enrol(
        name: &str,
        user: &User,
        home: &Path,
        truth: &TrueTime,
        office: &mut Office,
        dice: &mut Dice,
    ) -> Result<Self, DeviceError> {
        let mut handset = Self {
            name: name.to_owned(),
            user: user.id,
            home: home.to_owned(),
            device: DeviceId(uuid::Uuid::nil()),
            clock: PhoneClock::right(truth),
            synced_epoch: None,
            imported: false,
            copied: false,
            copies: Vec::new(),
            phone: None,
            dice: dice.split(),
        };
        handset.open()?;
        let mut net = Net::default();
        let mut link = Link {
            office,
            net: &mut net,
            dice,
        };
        let told = handset
            .phone_mut()
            .enroll(&mut link, "sim", &user.id.to_string(), None)?;
        handset.device = told["device"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .expect("enrolment names the device");
        Ok(handset)
    }

    /// A second phone that began as a copy of this one's home.
    ///
    /// # Errors
    /// When the copy cannot be used.
    pub fn cloned(&mut self, name: &str, home: &Path, dice: &mut Dice) -> Result<Self, DeviceError> {
        self.close();
        std::fs::create_dir_all(home).expect("a home can be made");
        std::fs::copy(self.home.join("phone.db"), home.join("phone.db")).expect("a home can be copied");
        self.open()?;
        self.copied = true;
        let mut handset = Self {
            name: name.to_owned(),
            user: self.user,
            home: home.to_owned(),
            device: self.device,
            clock: self.clock.clone(),
            synced_epoch: self.synced_epoch,
            imported: self.imported,
            copied: true,
            copies: Vec::new(),
            phone: None,
            dice: dice.split(),
        };
        handset.open()?;
        Ok(handset)
    }

    fn open(&mut self) -> Result<(), DeviceError> {
        // What a phone draws after it was opened again has nothing to do with what it drew before.
        let mut dice = self.dice.split();
        let clock = self.clock.clone();
        let now: device::Now = Box::new(move || -> Timestamp { clock.now() });
        self.phone = Some(Phone::open(
            &self.home,
            now,
            Box::new(move |bytes| dice.fill(bytes)),
        )?);
        Ok(())
    }

    /// Ends the program; what is on disk stays.
    pub fn close(&mut self) {
        self.phone = None;
    }

    /// Ends the program, wherever it was, and starts it again.
    ///
    /// # Errors
    /// When the home cannot be opened.
    pub fn crash(&mut self) -> Result<(), DeviceError> {
        self.close();
        self.open()
    }

    /// Keeps the home as it is now.
    ///
    /// # Errors
    /// When the home cannot be opened again.
    pub fn keep_copy(&mut self) -> Result<(), DeviceError> {
        self.close();
        let file = self.home.join(format!("copy-{}", self.copies.len()));
        std::fs::copy(self.home.join("phone.db"), &file).expect("a home can be copied");
        self.copies.push(file);
        self.open()
    }

    /// Puts a kept home in place of the present one.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn set_back(&mut self, copy: usize) -> Result<(), DeviceError> {
        self.close();
        std::fs::copy(&self.copies[copy], self.home.join("phone.db")).expect("a home can be set back");
        self.copied = true;
        self.synced_epoch = None;
        self.open()
    }

    /// The program.
    ///
    /// # Panics
    /// When it is closed.
    #[must_use]
    pub fn phone(&self) -> &Phone {
        self.phone.as_ref().expect("the phone is on")
    }

    /// The program.
    ///
    /// # Panics
    /// When it is closed.
    pub fn phone_mut(&mut self) -> &mut Phone {
        self.phone.as_mut().expect("the phone is on")
    }

    /// The ids of every record it has heard of.
    ///
    /// # Panics
    /// When its store fails.
    #[must_use]
    pub fn records(&self) -> Vec<RecordId> {
        self.phone()
            .store()
            .ids(None, None, usize::MAX >> 1)
            .expect("the home is sound")
    }
}
