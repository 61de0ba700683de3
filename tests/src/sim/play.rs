//! One simulation as it goes: the world, and a step of it.

use std::collections::BTreeMap;

use device::DeviceError;
use device::store::StoreError;
use serde_json::Value;
use server::store::{User, UserStore as _};
use sync_core::id::{ChangeHash, DeviceId, RecordId, UnitId, UserId};
use sync_core::policy::Role;
use tempfile::TempDir;

use super::cast::{Handset, Place, console, keys, person, places};
use super::clock::TrueTime;
use super::dice::Dice;
use super::field::{Field, Known};
use super::net::{Link, Net};
use super::{Broken, Play};
use crate::office::Office;

/// One simulation.
pub struct Sim {
    pub(super) seed: u64,
    pub(super) play: Play,
    pub(super) dice: Dice,
    /// The officer's own, so that what she does changes nobody else's story.
    pub(super) officers_dice: Dice,
    pub(super) dir: TempDir,
    pub(super) truth: TrueTime,
    pub(super) office: Office,
    pub(super) places: Vec<Place>,
    pub(super) officer: UserId,
    pub(super) phones: Vec<Handset>,
    pub(super) net: Net,
    pub(super) known: Vec<Known>,
    pub(super) bundles: usize,
    pub(super) backups: usize,
    pub(super) restores: usize,
    /// Every change that some phone wrote, and which device it was.
    pub(super) ledger: BTreeMap<(RecordId, ChangeHash), DeviceId>,
    /// Changes whose receipt some phone has on disk.
    pub(super) acknowledged: BTreeMap<(RecordId, ChangeHash), usize>,
    pub(super) at: u32,
    pub(super) trace: Vec<String>,
}

/// Roles of the phones in the order they join; the first three and the officer are always there.
const CAST: [(&str, Role, usize, Option<usize>); 7] = [
    ("sua", Role::VillageHead, 0, Some(0)),
    ("pao", Role::CommuneCadre, 0, None),
    ("may", Role::VillageHead, 0, Some(1)),
    ("hoa", Role::CommuneCadre, 1, None),
    ("lu", Role::VillageHead, 1, Some(0)),
    ("din", Role::CommuneCadre, 0, None),
    ("sin", Role::VillageHead, 0, Some(0)),
];
/// Phones of the field at least.
const FIELD_MIN: usize = 2;

impl Sim {
    /// The world of `seed`, before anything happened.
    ///
    /// # Panics
    /// When the machine gives no room for it.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let dir = tempfile::tempdir().expect("a temporary directory");
        let truth = TrueTime::default();
        let keys = keys(&mut dice);
        let mut office =
            Office::found(&dir.path().join("server"), truth.server(), &keys).expect("a server starts");
        let places = places(&office);
        let reach = places.iter().map(|place| place.commune).collect();
        let officer = person(&office, &mut dice, "lan", Role::DistrictOfficer, reach);
        console(&office, &mut dice, officer.id);
        let mut phones = Vec::new();
        let mut join = |name: &str, user: &User, office: &mut Office, dice: &mut Dice| {
            let home = dir.path().join(name);
            phones.push(Handset::enrol(name, user, &home, &truth, office, dice).expect("a phone enrols"));
        };
        let field = FIELD_MIN + dice.below(CAST.len() - FIELD_MIN + 1);
        for (name, role, place, village) in &CAST[..field] {
            let place: &Place = &places[*place];
            let unit = village.map_or(place.commune, |village| place.villages[village]);
            let user = person(&office, &mut dice, name, *role, vec![unit]);
            join(name, &user, &mut office, &mut dice);
        }
        join("lan", &officer, &mut office, &mut dice);
        let mut sim = Self {
            seed,
            play: Play::default(),
            dice,
            officers_dice: Dice::new(!seed),
            dir,
            truth,
            office,
            places,
            officer: officer.id,
            phones,
            net: Net::stormy(),
            known: Vec::new(),
            bundles: 0,
            backups: 0,
            restores: 0,
            ledger: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            at: 0,
            trace: Vec::new(),
        };
        sim.first_syncs();
        sim
    }

    /// Most phones bring the units home before they go out.
    fn first_syncs(&mut self) {
        self.net.stormy = false;
        for at in 0..self.phones.len() {
            if self.dice.chance(80) {
                self.sync(at).expect("a first sync over a good link");
            }
        }
        self.net.stormy = true;
    }

    /// One thing happens.
    ///
    /// # Errors
    /// What must not have happened.
    pub fn step(&mut self) -> Result<(), String> {
        self.at += 1;
        self.truth.pass(1 + self.dice.below(600) as i64);
        let at = self.dice.below(self.phones.len());
        match self.dice.below(100) {
            0..16 => self.write_new(at),
            16..38 => self.edit(at),
            38..40 => self.edit_moves(at),
            40..66 => self.sync(at).map(drop),
            66..74 => self.export(at),
            74..84 => self.import(at),
            84..86 => self.forge(at),
            _ => self.fault(at),
        }?;
        if self.play.reviews {
            self.officer_says()
        } else {
            Ok(())
        }
    }

    /// Failure, with what led to it.
    pub(super) fn broken(&self, steps: u32, what: String) -> Box<Broken> {
        Box::new(Broken {
            seed: self.seed,
            play: self.play,
            steps,
            at: self.at,
            what,
            trace: self.trace.clone(),
        })
    }

    pub(super) fn note(&mut self, what: impl AsRef<str>) {
        self.trace.push(format!("{:>4} {}", self.at, what.as_ref()));
    }

    /// The units a phone's holder answers for now, as the server has it.
    pub(super) fn units_of(&self, at: usize) -> Vec<UnitId> {
        let user = self.office.app().store.user(self.phones[at].user).ok().flatten();
        user.map_or_else(Vec::new, |user| user.units)
    }

    fn villages_near(&self, at: usize) -> Vec<UnitId> {
        let units = self.units_of(at);
        let near = self.places.iter().flat_map(|place| {
            let whole = units.contains(&place.commune);
            place
                .villages
                .iter()
                .filter(|village| whole || units.contains(village))
                .collect::<Vec<_>>()
        });
        near.copied().collect()
    }

    fn write_new(&mut self, at: usize) -> Result<(), String> {
        let near = self.villages_near(at);
        let armed = self.arm(at);
        let handset = &mut self.phones[at];
        let mut field = Field {
            places: &self.places,
            known: &self.known,
            dice: &mut self.dice,
        };
        let done = field.write_new(handset.phone_mut(), &near);
        let line = match &done {
            Ok(known) => format!("{} writes {} {}", handset.name, known.kind, short(known.id)),
            Err(error) => format!("{} cannot write: {}", handset.name, error.code()),
        };
        self.note(line);
        if let Ok(known) = &done
            && self.known.iter().all(|old| old.id != known.id)
        {
            self.known.push(known.clone());
        }
        self.after(at, armed, done.map(drop))
    }

    fn edit(&mut self, at: usize) -> Result<(), String> {
        self.edit_with(at, |field, kind| field.answers(kind))
    }

    fn edit_moves(&mut self, at: usize) -> Result<(), String> {
        self.edit_with(at, |field, kind| field.moves(kind))
    }

    fn edit_with(
        &mut self,
        at: usize,
        answers: impl Fn(&mut Field<'_>, &str) -> Vec<(String, String)>,
    ) -> Result<(), String> {
        let Some(known) = self.held(at) else { return Ok(()) };
        let armed = self.arm(at);
        let mut field = Field {
            places: &self.places,
            known: &self.known,
            dice: &mut self.dice,
        };
        let answers = answers(&mut field, &known.kind);
        let handset = &mut self.phones[at];
        let done = handset.phone_mut().set(known.id, &answers);
        let code = done
            .as_ref()
            .err()
            .map_or_else(|| "ok".to_owned(), DeviceError::code);
        let line = format!("{} sets {} {answers:?}: {code}", handset.name, short(known.id));
        self.note(line);
        self.after(at, armed, done.map(drop))
    }

    /// A record this phone has heard of.
    pub(super) fn held(&mut self, at: usize) -> Option<Known> {
        let here = self.phones[at].records();
        let held: Vec<&Known> = self
            .known
            .iter()
            .filter(|known| here.contains(&known.id))
            .collect();
        if held.is_empty() {
            None
        } else {
            Some((*self.dice.pick(&held)).clone())
        }
    }

    /// One sync over the link as it is.
    pub(super) fn sync(&mut self, at: usize) -> Result<Option<Value>, String> {
        let armed = self.net.stormy && self.arm(at);
        let handset = &mut self.phones[at];
        let mut link = Link {
            office: &mut self.office,
            net: &mut self.net,
            dice: &mut self.dice,
        };
        let done = handset.phone_mut().sync(&mut link, "en");
        let code = done.as_ref().err().map_or_else(
            || done.as_ref().map(ToString::to_string).unwrap_or_default(),
            DeviceError::code,
        );
        let news = std::mem::take(&mut self.net.news).join(", ");
        let line = format!("{} syncs [{news}]: {code}", handset.name);
        if done.is_ok() {
            handset.synced_epoch = Some(self.office.app().keys.epoch);
            handset.imported = false;
        }
        self.note(line);
        let answer = done.as_ref().ok().cloned();
        self.after(at, armed, done.map(drop))?;
        Ok(answer)
    }

    fn export(&mut self, at: usize) -> Result<(), String> {
        let all = self.dice.chance(40);
        let armed = self.arm(at);
        let file = self.dir.path().join(format!("bundle-{}", self.bundles));
        let handset = &mut self.phones[at];
        let done = handset.phone_mut().export(&file, all);
        if done.is_ok() {
            self.bundles += 1;
        }
        let line = format!(
            "{} writes bundle {}{}",
            handset.name,
            self.bundles,
            if all { " of all" } else { "" }
        );
        self.note(line);
        self.after(at, armed, done.map(drop))
    }

    fn import(&mut self, at: usize) -> Result<(), String> {
        if self.bundles == 0 {
            return Ok(());
        }
        let number = self.dice.below(self.bundles);
        let armed = self.arm(at);
        let file = self.dir.path().join(format!("bundle-{number}"));
        let handset = &mut self.phones[at];
        let done = handset.phone_mut().import(&file, "en");
        handset.imported = true;
        let told = done.as_ref().map(ToString::to_string).unwrap_or_default();
        let line = format!("{} takes bundle {} in: {told}", handset.name, number + 1);
        self.note(line);
        self.after(at, armed, done.map(drop))
    }

    /// Lets a phone's battery die at one of its next commits, now and then.
    fn arm(&mut self, at: usize) -> bool {
        let armed = self.dice.chance(8);
        if armed {
            let commits = self.dice.below(8);
            self.phones[at]
                .phone()
                .store()
                .fail_after(u32::try_from(commits).unwrap_or_default());
        }
        armed
    }

    /// What follows an act: a dead phone is started again; its writings go into the ledger. A phone
    /// may refuse an act and may lose its link, but its own disk is never at fault.
    fn after(&mut self, at: usize, armed: bool, done: Result<(), DeviceError>) -> Result<(), String> {
        match done {
            Err(DeviceError::Store(StoreError::Failed(_))) if armed => {}
            Err(error @ DeviceError::Store(_)) => return Err(format!("a store failed: {error:?}")),
            Err(error @ DeviceError::Answer(_)) => return Err(format!("an answer means nothing: {error:?}")),
            Err(error @ DeviceError::Bundle(_)) => return Err(format!("a bundle failed: {error:?}")),
            Err(error) if error.code() == "home_damaged" => {
                return Err(format!("a home is damaged: {error:?}"));
            }
            Err(error)
                if !self.net.stormy
                    && matches!(error, DeviceError::Transport(_) | DeviceError::Stream(_)) =>
            {
                return Err(format!("a good link failed: {error:?}"));
            }
            _ => {}
        }
        if armed {
            let name = self.phones[at].name.clone();
            self.note(format!("{name}'s phone dies and starts again"));
            self.phones[at]
                .crash()
                .map_err(|error| format!("a home does not open: {error:?}"))?;
        }
        self.enter(at);
        Ok(())
    }

    /// Enters what a phone wrote, and what it was told is safe, into the ledger.
    pub(super) fn enter(&mut self, at: usize) {
        let handset = &self.phones[at];
        for id in handset.records() {
            for row in handset.phone().store().changes_of(id).expect("the home is sound") {
                if row.own {
                    self.ledger.insert((id, row.hash), handset.device);
                    if !row.state.is_unsent() && row.counter.is_some() {
                        self.acknowledged.entry((id, row.hash)).or_insert(at);
                    }
                }
            }
        }
    }
}

/// The last figures of an id, for the trace.
pub(super) fn short(id: RecordId) -> String {
    let text = id.to_string();
    text[text.len() - 6..].to_owned()
}
