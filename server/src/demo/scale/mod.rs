//! `soban demo --scale`: as many invented records as a province has, to measure with.
//!
//! In: how many households. Out: invented villages of a hundred households each in the ten communes, three visits to every
//! household, a fair in every commune and an attendance for every second household; some approved, some edited after
//! that, some with two people's different answers. They come in through the door every record takes, signed in batches
//! by the officers' consoles. One thread writes changes, the other takes them in; memory holds a few batches.

mod records;

use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use schemas::plan::Plan;
use schemas::unit::{Level, Unit};
use sync_core::envelope::batches;
use sync_core::id::{Actor as ChangeActor, DeviceId, UnitId};
use sync_core::pack::Item;
use sync_core::policy::{Role, Territory as _};

use self::records::{Fair, Writer};
use super::draw::Draw;
use crate::access::console_device;
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::entropy;
use crate::ingest;
use crate::messages::{Lang, words};
use crate::problem::{Code, Problem};
use crate::store::{StoreError, UnitRow, UnitStore as _, User, UserStore as _};
use crate::territory::Units;

/// Households of one village: about as many as villages there have.
const PER_VILLAGE: usize = 100;
/// Changes taken in by one transaction.
const TAKEN_AT_ONCE: usize = 1_000;
/// Batches that wait to be taken in.
const WAITING: usize = 4;
/// Most households: a province has not many more.
pub const HOUSEHOLDS_MAX: usize = 1_000_000;
/// From which the records are drawn.
const SEED: u64 = 2024;
/// Officers asked for at a time.
const PAGE: usize = 500;

/// How far it has come.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Records taken in.
    pub done: usize,
    /// Records there will be.
    pub all: usize,
    /// Records a second, so far.
    pub rate: u64,
}

impl Step {
    /// As one line for people.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let values = [
            ("done", self.done.to_string()),
            ("all", self.all.to_string()),
            ("rate", self.rate.to_string()),
        ];
        words(lang, "demo.scale", &values)
    }
}

/// Changes of one officer's console, on their way in.
struct Load {
    officer: usize,
    items: Vec<Item>,
    records: usize,
}

/// An officer's console.
struct Hand {
    units: Vec<UnitId>,
    device: DeviceId,
    key: ed25519_dalek::SigningKey,
    user: String,
}

/// Adds the invented records of `households` households, unless an earlier start did. Tells `tell` after every batch. Returns
/// how many records were taken. Blocks, for minutes.
///
/// # Errors
/// When the store fails; what was taken in stays.
pub fn scale(app: &App, households: usize, tell: &mut dyn FnMut(Step)) -> Result<usize, Problem> {
    let households = households.min(HOUSEHOLDS_MAX);
    let Some(villages) = add_villages(app, households.div_ceil(PER_VILLAGE))? else {
        return Ok(0);
    };
    let units = app.units()?;
    let hands = hands(app)?;
    let (sender, receiver) = sync_channel::<Load>(WAITING);
    let all = households + 3 * households + households / 2;
    let begun = app.clock.now();
    thread::scope(|scope| {
        let writing = scope.spawn(|| {
            // Moved into this thread, so that the end of writing ends the receiving.
            let sender = sender;
            write(app, &units, &hands, &villages, households, &sender)
        });
        let mut done = 0;
        for load in receiver {
            take(app, &hands[load.officer], load.items)?;
            done += load.records;
            let seconds = app
                .clock
                .now()
                .duration_since(begun)
                .as_secs()
                .unsigned_abs()
                .max(1);
            tell(Step {
                done,
                all,
                rate: done as u64 / seconds,
            });
        }
        match writing.join() {
            Ok(written) => written.map(|()| done),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Invented villages beside those of the small demo, spread over the same communes. None if they are there already.
fn add_villages(app: &App, count: usize) -> Result<Option<Vec<UnitId>>, Problem> {
    let units = app.units()?;
    let models: Vec<&Unit> = units
        .tree()
        .iter()
        .filter(|unit| unit.level == Level::Village && unit.invented)
        .collect();
    let mut draw = Draw::new(SEED);
    let (mut rows, mut ids) = (Vec::new(), Vec::new());
    for number in 0..count {
        let id = UnitId(draw.uuid());
        if units.get(id).is_some() {
            return Ok(None);
        }
        let model = *models.get(number % models.len().max(1)).ok_or(Code::Internal)?;
        let village = Unit {
            id: id.to_string(),
            name: format!("Mẫu {:04}", number + 1),
            aliases: Vec::new(),
            ..model.clone()
        };
        let body =
            serde_json::to_string(&village).map_err(|error| StoreError::Internal(error.to_string()))?;
        rows.push(UnitRow { id, body });
        ids.push(id);
    }
    let audit = AuditEntry::new(app.clock.now(), Actor::Server, Action::UnitsImport, "units")
        .with("created", rows.len())
        .with("invented", true);
    app.store.put_units(&rows, audit)?;
    Ok(Some(ids))
}

fn hands(app: &App) -> Result<Vec<Hand>, Problem> {
    let users = app.store.users("", PAGE)?;
    let officers = users
        .into_iter()
        .filter(|user| user.role == Role::DistrictOfficer);
    let hand = |officer: User| {
        let (device, key) = console_device(&app.store, &app.keys, app.clock.now(), &officer)?;
        let user = officer.id.to_string();
        Ok::<_, Problem>(Hand {
            units: officer.units,
            device,
            key,
            user,
        })
    };
    officers.map(hand).collect()
}

/// Seals changes into envelopes and takes all of them in with one transaction.
fn take(app: &App, hand: &Hand, items: Vec<Item>) -> Result<(), Problem> {
    let parked = ingest::hand_in_all(app, (hand.device, &hand.key), batches(items))?;
    if parked > 0 {
        tracing::error!(parked, "invented changes were set aside");
        return Err(Code::Internal.into());
    }
    Ok(())
}

/// Writes the changes of every village, and hands them on. Ends early when nobody takes them.
fn write(
    app: &App,
    units: &Units,
    hands: &[Hand],
    villages: &[UnitId],
    households: usize,
    sender: &SyncSender<Load>,
) -> Result<(), Problem> {
    let catalog = app.catalog()?;
    let mut draw = Draw::new(SEED ^ u64::MAX);
    let mut fairs: Vec<(UnitId, Fair)> = Vec::new();
    let mut left = households;
    for (officer, hand) in hands.iter().enumerate() {
        let actor = |_: ()| ChangeActor::of(hand.device, entropy::bytes());
        let mut writer = Writer::new(
            &catalog,
            &app.keys.record_key,
            &hand.user,
            [actor(()), actor(())],
            app.clock.now(),
        );
        for scope in &Plan::plan_2024().scope {
            let Ok(commune) = scope.unit_id.parse::<UnitId>() else {
                continue;
            };
            if hand.units.iter().any(|own| units.covers(*own, commune))
                && !fairs.iter().any(|(id, _)| *id == commune)
            {
                fairs.push((commune, writer.fair(&mut draw, commune)?));
            }
        }
        let own = |village: &&UnitId| hand.units.iter().any(|own| units.covers(*own, **village));
        for village in villages.iter().filter(own) {
            let commune = units.communes_over(*village);
            let fair = fairs
                .iter()
                .find(|(id, _)| commune.contains(id))
                .map(|(_, fair)| fair);
            for _ in 0..PER_VILLAGE.min(left) {
                writer.household(&mut draw, *village, fair)?;
                left -= 1;
                if writer.items.len() >= TAKEN_AT_ONCE && !send(sender, officer, &mut writer) {
                    return Ok(());
                }
            }
        }
        if !send(sender, officer, &mut writer) {
            return Ok(());
        }
    }
    Ok(())
}

fn send(sender: &SyncSender<Load>, officer: usize, writer: &mut Writer<'_>) -> bool {
    let items = std::mem::take(&mut writer.items);
    let records = std::mem::take(&mut writer.records);
    items.is_empty()
        || sender
            .send(Load {
                officer,
                items,
                records,
            })
            .is_ok()
}
