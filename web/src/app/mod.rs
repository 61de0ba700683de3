//! The app while it runs: which screen, whose register is open, what a sync is doing.
//!
//! [`App`] is a handle of signals that every screen holds. Screens read the open register through
//! [`App::register`] and follow its summaries by reading [`App::version`].

mod route;
mod syncing;
mod vaults;

use std::rc::Rc;

use leptos::prelude::*;

pub use route::Screen;
pub use syncing::SyncState;
pub use vaults::OpenFailure;

use crate::browser;
use crate::phone::Register;
use crate::vault::Card;
use crate::words::t;

/// A register that is open, with what keeps other tabs away from it.
#[derive(Clone)]
struct Open {
    register: Rc<Register>,
    card: Card,
    _hold: Rc<browser::Hold>,
}

/// The app's state. Copied freely: all of it are handles.
#[derive(Clone, Copy)]
pub struct App {
    /// What is on screen.
    pub screen: RwSignal<Screen>,
    /// Rises after every commit: read it where summaries are read, and the view follows.
    pub version: RwSignal<u64>,
    /// What the sync is doing or did last.
    pub sync: RwSignal<SyncState>,
    /// The people who have a vault on this phone.
    pub cards: RwSignal<Vec<Card>>,
    /// One line for the whole screen, read aloud: what was just saved, or went wrong.
    pub notice: RwSignal<String>,
    /// A newer version of the app waits for a restart.
    pub update_ready: RwSignal<bool>,
    /// Whether the browser promised to keep what is stored: `granted`, `refused`, `unknown` or empty.
    pub persisted: RwSignal<String>,
    /// Minutes without a touch after which the register closes.
    pub idle_minutes: RwSignal<u32>,
    open: StoredValue<Option<Open>, LocalStorage>,
}

impl App {
    /// A fresh app: nothing open.
    #[must_use]
    pub fn new() -> Self {
        Self {
            screen: RwSignal::new(Screen::Lock),
            version: RwSignal::new(0),
            sync: RwSignal::new(SyncState::default()),
            cards: RwSignal::new(Vec::new()),
            notice: RwSignal::new(String::new()),
            update_ready: RwSignal::new(false),
            persisted: RwSignal::new(String::new()),
            idle_minutes: RwSignal::new(5),
            open: StoredValue::new_local(None),
        }
    }

    /// The app every component finds in its context.
    ///
    /// # Panics
    /// When there is none: a component outside the app.
    #[must_use]
    pub fn here() -> Self {
        expect_context::<Self>()
    }

    /// The open register; none while locked. Reading it does not track anything.
    #[must_use]
    pub fn register(&self) -> Option<Rc<Register>> {
        self.open
            .with_value(|open| open.as_ref().map(|open| Rc::clone(&open.register)))
    }

    /// The card of the open register.
    #[must_use]
    pub fn card(&self) -> Option<Card> {
        self.open
            .with_value(|open| open.as_ref().map(|open| open.card.clone()))
    }

    /// Something read from the open register, again after every commit; `T::default()` while locked.
    pub fn follow<T: Default>(&self, read: impl FnOnce(&Register) -> T) -> T {
        self.version.track();
        self.register()
            .map_or_else(T::default, |register| read(&register))
    }

    /// Shows a screen; the address bar and the phone's back button follow.
    pub fn go(&self, screen: Screen) {
        browser::set_hash(&screen.hash());
        self.screen.set(screen);
        browser::scroll_to_top();
    }

    /// Shows a screen in place of this one: the phone's back button does not come back here.
    pub fn replace(&self, screen: Screen) {
        browser::replace_hash(&screen.hash());
        self.screen.set(screen);
        browser::scroll_to_top();
    }

    /// Goes back to where the person came from.
    pub fn back(&self) {
        browser::history_back();
    }

    /// Says one line.
    pub fn say(&self, text: String) {
        self.notice.set(text);
    }

    /// Says what went wrong, in words for its code.
    pub fn say_error(&self, error: &crate::phone::RegisterError) {
        self.notice.set(error_words(error));
    }
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

/// Words for an error: what happened and what to do. A code without words is shown as it is, so that it can
/// be read out over the phone.
#[must_use]
pub fn error_words(error: &crate::phone::RegisterError) -> String {
    code_words(&error.code())
}

/// Words for a stable code.
#[must_use]
pub fn code_words(code: &str) -> String {
    let key = format!("error.{code}");
    let words = t(&key, &[]);
    if words == key {
        t("error.unnamed", &[("code", code)])
    } else {
        words
    }
}
