//! What goes wrong beside the link, and what officers and administrators do meanwhile.

use schemas::value::Scalar;
use server::audit::{Action, Actor, AuditEntry};
use server::review;
use server::store::reader::RecordReader as _;
use server::store::{DeviceStore as _, UserChange, UserStore as _};
use sync_core::id::UnitId;
use sync_core::policy::Role;

use super::forge::force;
use super::play::{Sim, short};

/// Phones at most, copies among them.
const PHONES_MAX: usize = 9;
/// Parked changes an officer looks through.
const PARKED_SEEN: usize = 50;

impl Sim {
    /// Something goes wrong, or somebody with the right changes how things stand.
    pub(super) fn fault(&mut self, at: usize) -> Result<(), String> {
        match self.dice.below(28) {
            0..3 => self.server_dies(),
            3..6 => self.phone_dies(at),
            6..10 => self.clock_wrong(at),
            10..13 => self.back_up(),
            13..15 => self.restore(),
            15..17 => self.keep_home(at),
            17 => self.set_back(at),
            18 => self.clone_phone(at),
            19 => self.revoke(at),
            20..22 => self.move_person(at),
            _ => self.decide(),
        }
    }

    fn server_dies(&mut self) -> Result<(), String> {
        self.note("the server dies and starts again");
        self.office
            .crash()
            .map_err(|error| format!("the server does not start: {error:?}"))
    }

    fn phone_dies(&mut self, at: usize) -> Result<(), String> {
        self.note(format!("{}'s phone is switched off and on", self.phones[at].name));
        self.phones[at]
            .crash()
            .map_err(|error| format!("a home does not open: {error:?}"))
    }

    fn clock_wrong(&mut self, at: usize) -> Result<(), String> {
        if self.dice.chance(25) {
            self.phones[at].clock.set_right();
        } else {
            let seconds = -86_400 * self.dice.below(4) as i64;
            let how = self.dice.below(4);
            self.phones[at].clock.set_wrong(how, seconds);
        }
        self.note(format!(
            "{}'s clock shows {}",
            self.phones[at].name,
            self.phones[at].clock.now()
        ));
        Ok(())
    }

    fn back_up(&mut self) -> Result<(), String> {
        let file = self.dir.path().join(format!("backup-{}", self.backups));
        self.backups += 1;
        self.note(format!("backup {} is taken", self.backups));
        self.office
            .backup(&file)
            .map_err(|error| format!("no backup can be taken: {error:?}"))
    }

    fn restore(&mut self) -> Result<(), String> {
        if self.backups == 0 {
            return Ok(());
        }
        let number = self.dice.below(self.backups);
        let epoch = self.dice.bytes();
        self.restores += 1;
        self.note(format!("backup {} is put back", number + 1));
        let file = self.dir.path().join(format!("backup-{number}"));
        self.office
            .restore(&file, epoch)
            .map_err(|error| format!("a backup cannot be put back: {error:?}"))
    }

    fn keep_home(&mut self, at: usize) -> Result<(), String> {
        self.note(format!("{}'s home is copied", self.phones[at].name));
        self.phones[at]
            .keep_copy()
            .map_err(|error| format!("a home does not open: {error:?}"))
    }

    /// An old copy takes the place of a phone's home: what was written since is gone with it.
    fn set_back(&mut self, at: usize) -> Result<(), String> {
        let copies = self.phones[at].copies.len();
        if copies == 0 {
            return Ok(());
        }
        let copy = self.dice.below(copies);
        self.note(format!(
            "{}'s home is set back to copy {}",
            self.phones[at].name,
            copy + 1
        ));
        self.acknowledged.retain(|_, holder| *holder != at);
        self.phones[at]
            .set_back(copy)
            .map_err(|error| format!("a home does not open: {error:?}"))
    }

    fn clone_phone(&mut self, at: usize) -> Result<(), String> {
        if self.phones.len() >= PHONES_MAX || !self.play.twins {
            return Ok(());
        }
        let name = format!("{}'", self.phones[at].name);
        let home = self.dir.path().join(format!("clone-{}", self.phones.len()));
        self.note(format!(
            "{} is a second phone with a copy of {}'s home",
            name, self.phones[at].name
        ));
        let clone = self.phones[at].cloned(&name, &home, &mut self.dice);
        self.phones
            .push(clone.map_err(|error| format!("a copied home does not open: {error:?}"))?);
        Ok(())
    }

    /// Turns off a device, rarely: its work is parked from then on.
    fn revoke(&mut self, at: usize) -> Result<(), String> {
        if self.phones[at].user == self.officer || !self.dice.chance(50) {
            return Ok(());
        }
        self.note(format!("{}'s phone is revoked", self.phones[at].name));
        let app = self.office.app();
        let audit = AuditEntry::new(app.clock.now(), Actor::Server, Action::DeviceRevoke, "device");
        let done = app.store.revoke_device(self.phones[at].device, &app.keys, audit);
        done.map(drop)
            .map_err(|error| format!("a device cannot be revoked: {error:?}"))
    }

    /// Gives a person other units.
    fn move_person(&mut self, at: usize) -> Result<(), String> {
        let app = self.office.app();
        let user = app
            .store
            .user(self.phones[at].user)
            .ok()
            .flatten()
            .ok_or("a person is gone")?;
        if user.role == Role::DistrictOfficer {
            return Ok(());
        }
        let place = self.dice.pick(&self.places).clone();
        let unit = if user.role == Role::VillageHead {
            *self.dice.pick(&place.villages)
        } else {
            place.commune
        };
        let mut units: Vec<UnitId> = vec![unit];
        if self.dice.chance(30) {
            units.extend(&user.units);
            units.sort_unstable();
            units.dedup();
        }
        let change = UserChange {
            units: Some(units.clone()),
            ..UserChange::default()
        };
        let app = self.office.app();
        let audit = AuditEntry::new(
            app.clock.now(),
            Actor::Server,
            Action::UserChange,
            Actor::User(user.id),
        );
        let done = app.store.change_user(user.id, &change, &app.keys, audit);
        self.note(format!("{} answers for {units:?} now", user.login));
        done.map(drop)
            .map_err(|error| format!("a person cannot be moved: {error:?}"))
    }

    /// An officer looks at something parked and lets it through, or says no.
    fn decide(&mut self) -> Result<(), String> {
        let app = self.office.app();
        let parked = app
            .store
            .parked_changes(0, PARKED_SEEN)
            .map_err(|error| format!("{error:?}"))?;
        if parked.is_empty() {
            return Ok(());
        }
        let officer = app
            .store
            .user(self.officer)
            .ok()
            .flatten()
            .ok_or("the officer is gone")?;
        let change = self.dice.pick(&parked);
        let (name, done) = if self.dice.chance(60) {
            (
                "admits",
                review::admit(self.office.app(), &officer, change.change),
            )
        } else {
            (
                "dismisses",
                review::dismiss(self.office.app(), &officer, change.change),
            )
        };
        let became = done
            .as_ref()
            .map_or_else(ToString::to_string, |state| format!("{state:?}"));
        self.note(format!(
            "the officer {name} {:?} of {}: {became}",
            change.change,
            short(change.record)
        ));
        match done {
            Err(review::ReviewError::Store(error)) => Err(format!("a decision failed: {error:?}")),
            _ => Ok(()),
        }
    }

    /// A program that does not ask writes what its holder may not.
    pub(super) fn forge(&mut self, at: usize) -> Result<(), String> {
        let Some(known) = self.held(at) else { return Ok(()) };
        let (path, value) = match self.dice.below(4) {
            0 => ("review/state".to_owned(), Scalar::from("approved")),
            1 => ("decision_no".to_owned(), Scalar::from("12/QĐ")),
            2 => ("venue".to_owned(), Scalar::from("x")),
            _ => {
                let unit = *self.dice.pick(&self.dice.clone().pick(&self.places).villages);
                let field = if known.kind.starts_with("household") {
                    "village_id"
                } else {
                    "host_commune_id"
                };
                (field.to_owned(), Scalar::from(unit.to_string().as_str()))
            }
        };
        let done = force(&mut self.phones[at], known.id, vec![(path.clone(), value)]);
        self.note(format!(
            "{} forces {path} of {}: {done}",
            self.phones[at].name,
            short(known.id)
        ));
        self.enter(at);
        Ok(())
    }
}
