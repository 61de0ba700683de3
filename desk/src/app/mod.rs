//! The desk while it runs: who is signed in, where they are, and what the server said by itself.
//!
//! [`Desk`] is a handle of signals that every screen holds.

mod known;
mod remote;
mod role;

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;

pub use known::{Known, unit_options};
pub use remote::{Doing, Remote};
pub use role::{Room, first_room, rooms};

use crate::address::Place;
use crate::api::session::Session;
use crate::api::{self, Failure};
use crate::browser::{self, Live};

/// The desk's state. Copied freely: all of it are handles.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Who is signed in; none until the server said so.
    pub session: RwSignal<Option<Session>>,
    /// Whether the server was asked who it is.
    pub asked: RwSignal<bool>,
    /// The session ended while somebody worked: they sign in again where they are.
    pub expired: RwSignal<bool>,
    /// Where they are.
    pub place: RwSignal<Place>,
    /// Units and forms.
    pub known: RwSignal<Known>,
    /// How much waits in each part of the queue.
    pub counts: RwSignal<BTreeMap<String, usize>>,
    /// Rises when records changed at the server; read it where records are shown.
    pub pulse: RwSignal<u32>,
    /// The same for devices.
    pub devices: RwSignal<u32>,
    /// Whether the server speaks by itself now.
    pub live: RwSignal<bool>,
    /// One line for the whole page, read aloud.
    pub notice: RwSignal<String>,
    ear: StoredValue<Option<Live>, LocalStorage>,
}

impl Desk {
    /// A desk at which nobody sits.
    #[must_use]
    pub fn new() -> Self {
        Self {
            session: RwSignal::new(None),
            asked: RwSignal::new(false),
            expired: RwSignal::new(false),
            place: RwSignal::new(Place::from_hash(&browser::hash())),
            known: RwSignal::new(Known::default()),
            counts: RwSignal::new(BTreeMap::new()),
            pulse: RwSignal::new(0),
            devices: RwSignal::new(0),
            live: RwSignal::new(false),
            notice: RwSignal::new(String::new()),
            ear: StoredValue::new_local(None),
        }
    }

    /// The desk every component finds in its context.
    ///
    /// # Panics
    /// When there is none: a component outside the desk.
    #[must_use]
    pub fn here() -> Self {
        expect_context::<Self>()
    }

    /// The role of who is signed in; empty for nobody.
    #[must_use]
    pub fn role(&self) -> String {
        self.session
            .with(|session| session.as_ref().map(|session| session.user.role.clone()))
            .unwrap_or_default()
    }

    /// Goes to a place; the back button comes back.
    pub fn go(&self, place: &Place) {
        browser::set_hash(&place.hash());
        self.place.set(place.clone());
    }

    /// Goes to a place instead of this one.
    pub fn replace(&self, place: &Place) {
        browser::replace_hash(&place.hash());
        self.place.set(place.clone());
    }

    /// Says one line.
    pub fn say(&self, text: String) {
        self.notice.set(text);
    }

    /// Notes that a session ended, if that is what went wrong.
    pub fn heed(&self, failure: &Failure) {
        if failure.is_signed_out() && self.session.with_untracked(Option::is_some) {
            self.expired.set(true);
        }
    }

    /// Asks the server who is signed in.
    pub fn begin(self) {
        spawn_local(async move {
            match api::session::who().await {
                Ok(session) => self.sit_down(session),
                Err(failure) => self.notice.set(if failure.is_signed_out() {
                    String::new()
                } else {
                    failure.title
                }),
            }
            self.asked.set(true);
        });
    }

    /// Somebody signed in: what they will need is fetched, and the server is listened to.
    pub fn sit_down(self, session: Session) {
        let same = self.session.with_untracked(|before| {
            before.as_ref().map(|before| before.user.id.clone()) == Some(session.user.id.clone())
        });
        if !same {
            // Nothing of who sat here before is shown to somebody else.
            self.counts.set(BTreeMap::new());
            self.session.set(None);
        }
        self.session.set(Some(session));
        self.expired.set(false);
        self.pulse.update(|pulse| *pulse += 1);
        self.listen();
        spawn_local(async move {
            if let Ok(units) = api::reference::units().await {
                self.known.update(|known| known.take_units(units));
            }
            if let Ok(forms) = api::reference::forms().await {
                self.known.update(|known| known.kinds = forms);
            }
        });
    }

    /// Nobody sits here any more.
    pub fn stand_up(self) {
        self.ear.set_value(None);
        self.live.set(false);
        spawn_local(async move {
            // Whatever the server says, this page forgets.
            let _ = api::session::sign_out().await;
            self.session.set(None);
            self.expired.set(false);
            self.known.set(Known::default());
            self.replace(&Place::default());
        });
    }

    fn listen(self) {
        let ear = Live::open(move |said| match said {
            "records" => self.pulse.update(|pulse| *pulse += 1),
            "devices" => self.devices.update(|pulse| *pulse += 1),
            "hello" => self.live.set(true),
            _ => self.live.set(false),
        });
        self.ear.set_value(ear);
    }

    /// Fetches how much waits, for the marks of the queue.
    pub fn count(self, filter: api::queue::Filter) {
        spawn_local(async move {
            match api::queue::counts(&filter).await {
                Ok(counts) => self.counts.set(counts),
                Err(failure) => self.heed(&failure),
            }
        });
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}
