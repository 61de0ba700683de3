//! One window that looks on.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use futures_lite::Stream;
use futures_lite::stream::unfold;
use jiff::Timestamp;
use sync_core::id::{DeviceId, Digest32};
use sync_core::policy::Role;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::Seat;
use crate::access::{AccessError, devices, session};
use crate::app::App;
use crate::problem::Problem;
use crate::review::reach;
use crate::store::reader::Reach;
use crate::store::{DeviceStore as _, News, NewsStore as _, Session, User, UserStore as _};

/// A window hears at most once in this time.
const PACE: Duration = Duration::from_millis(500);
/// How often the store is asked without being woken: a command beside the server may have written to it.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// Changed records that are told of one by one, as numbers; past it the window reads everything again.
const RECORDS_MAX: usize = 20_000;

/// What a window is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookEvent {
    /// It looks on from here.
    Hello {
        /// How far the log has come.
        seq: u64,
    },
    /// Records within reach changed.
    Records(News),
    /// A device synced.
    Device(DeviceId),
    /// More happened than can be told: read everything again.
    Lagged {
        /// How far the log has come.
        seq: u64,
    },
}

/// A window that looks on.
pub struct Look {
    app: App,
    _seat: Seat,
    session: Digest32,
    expires_at: Timestamp,
    after: u64,
    heard_at: Option<Instant>,
    changed: watch::Receiver<()>,
    stopping: watch::Receiver<bool>,
    synced: broadcast::Receiver<DeviceId>,
    ready: VecDeque<LookEvent>,
}

/// The events for one window, from `after` on or from now. It ends with the session and with the server.
///
/// # Errors
/// `TooManyStreams`, and when the store fails.
pub fn look(
    app: &App,
    session: &Session,
    after: Option<u64>,
) -> Result<impl Stream<Item = LookEvent> + Send + use<>, Problem> {
    let live = &app.live;
    let seat = live.seat(session.user.id)?;
    // Subscribed before the store is asked: nothing falls in between.
    let (mut changed, stopping) = (live.changed.subscribe(), live.stopping.subscribe());
    let synced = live.synced.subscribe();
    let now = app.store.news(&Reach::Scopes(Vec::new()), u64::MAX >> 1, 0)?.seq;
    // Who heard more than the log holds heard a log that was replaced by a backup.
    let replaced = after.is_some_and(|after| after > now);
    let after = after.filter(|_| !replaced);
    if after.is_some_and(|after| after < now) {
        changed.mark_changed();
    }
    let mut ready = VecDeque::from([LookEvent::Hello {
        seq: after.unwrap_or(now),
    }]);
    if replaced {
        ready.push_back(LookEvent::Lagged { seq: now });
    }
    let look = Look {
        app: app.clone(),
        _seat: seat,
        session: session.hash,
        expires_at: session.expires_at,
        after: after.unwrap_or(now),
        heard_at: None,
        changed,
        stopping,
        synced,
        ready,
    };
    Ok(unfold(look, |mut look| async move {
        let event = look.next().await?;
        Some((event, look))
    }))
}

impl Look {
    /// The next event; none when it is over.
    async fn next(&mut self) -> Option<LookEvent> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let mut devices = self.woken().await?;
            let lagged = self.rest(&mut devices).await?;
            let (session, after) = (self.session, self.after);
            let told = self
                .app
                .blocking(move |app| tell(app, session, after, &devices))
                .await
                .ok()?;
            self.after = told.news.seq.max(self.after);
            if lagged || told.news.more {
                self.ready.push_back(LookEvent::Lagged { seq: self.after });
            } else if !told.news.kinds.is_empty() {
                self.ready.push_back(LookEvent::Records(told.news));
            }
            self.ready.extend(told.devices.into_iter().map(LookEvent::Device));
            self.heard_at = Some(Instant::now());
        }
    }

    /// Waits until something happened; none when the session or the server ends.
    async fn woken(&mut self) -> Option<BTreeSet<DeviceId>> {
        let left = self.expires_at.duration_since(self.app.clock.now());
        let left = Duration::try_from(left).ok().filter(|left| !left.is_zero())?;
        if *self.stopping.borrow() {
            return None;
        }
        tokio::select! {
            _ = self.stopping.changed() => None,
            changed = self.changed.changed() => changed.ok().map(|()| BTreeSet::new()),
            device = self.synced.recv() => match device {
                Ok(device) => Some(BTreeSet::from([device])),
                Err(RecvError::Lagged(_)) => Some(BTreeSet::new()),
                Err(RecvError::Closed) => None,
            },
            () = sleep(left.min(LOOK_AGAIN)) => Some(BTreeSet::new()),
        }
    }

    /// Lets the pace pass and gathers what happens meanwhile; true if more happened than was kept.
    async fn rest(&mut self, devices: &mut BTreeSet<DeviceId>) -> Option<bool> {
        if let Some(heard_at) = self.heard_at {
            tokio::select! {
                _ = self.stopping.changed() => return None,
                () = sleep_until(heard_at + PACE) => (),
            }
        }
        self.changed.mark_unchanged();
        let mut lagged = false;
        loop {
            match self.synced.try_recv() {
                Ok(device) => drop(devices.insert(device)),
                Err(broadcast::error::TryRecvError::Lagged(_)) => lagged = true,
                Err(_) => return Some(lagged),
            }
        }
    }
}

/// What there is to tell.
struct Told {
    news: News,
    devices: Vec<DeviceId>,
}

/// Asks who looks on, as of now, and what is theirs to hear. Blocks.
fn tell(app: &App, session: Digest32, after: u64, synced: &BTreeSet<DeviceId>) -> Result<Told, Problem> {
    let user = session::still(&app.store, app.clock.now(), session)?.user;
    let units = app.units()?;
    let news = app.store.news(&hears(app, &user)?, after, RECORDS_MAX)?;
    let mut devices = Vec::new();
    for id in synced {
        let Some(device) = app.store.device(*id)? else {
            continue;
        };
        let holder = app.store.user(device.user)?.ok_or(AccessError::UserUnknown)?;
        if devices::sees(&user, &units, &holder) {
            devices.push(*id);
        }
    }
    Ok(Told { news, devices })
}

/// Of which records somebody hears. An administrator reads none, and hears of devices only.
fn hears(app: &App, user: &User) -> Result<Reach, Problem> {
    if user.role == Role::Admin {
        return Ok(Reach::Scopes(Vec::new()));
    }
    Ok(reach(user, &*app.units()?, &app.shared_kinds()?)?)
}
