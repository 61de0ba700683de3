//! The people on this phone: who has a vault, opening one, closing it, letting one go.

use std::rc::Rc;

use leptos::prelude::*;
use sync_core::phone::Progress;

use super::{App, Open, Screen};
use crate::browser::{self, FetchNet};
use crate::phone::{Register, RegisterError, SyncStep, random};
use crate::rows::{IndexedDb, Put, Rows, RowsError, SealedRows, Shelf, delete_database};
use crate::vault::{Card, CardError};
use crate::words::t;

/// The database of the cards; vaults have one each, named after theirs.
const CARDS: &str = "soban";

/// Why a vault did not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenFailure {
    /// The PIN, or the card.
    Card(CardError),
    /// Another tab works with it. It can be taken over.
    Elsewhere,
    /// The store, the server, or the way there.
    Register(RegisterError),
}

impl From<CardError> for OpenFailure {
    fn from(error: CardError) -> Self {
        Self::Card(error)
    }
}

impl From<RegisterError> for OpenFailure {
    fn from(error: RegisterError) -> Self {
        Self::Register(error)
    }
}

impl From<RowsError> for OpenFailure {
    fn from(error: RowsError) -> Self {
        Self::Register(error.into())
    }
}

impl OpenFailure {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Card(error) => error.code().to_owned(),
            Self::Elsewhere => "open_elsewhere".to_owned(),
            Self::Register(error) => error.code(),
        }
    }
}

impl App {
    /// Reads who has a vault here.
    ///
    /// # Errors
    /// When the browser keeps no data.
    pub async fn read_cards(&self) -> Result<(), RowsError> {
        let database = IndexedDb::open(CARDS).await?;
        let cards = database.all(Shelf::Card).await?;
        let cards = cards.iter().filter_map(|(_, bytes)| minicbor::decode(bytes).ok());
        self.cards.set(cards.collect());
        Ok(())
    }

    async fn write_card(&self, card: &Card) -> Result<(), RowsError> {
        let database = IndexedDb::open(CARDS).await?;
        let row = minicbor::to_vec(card).unwrap_or_default();
        database
            .write(vec![Put::row(Shelf::Card, card.id.as_bytes(), row)])
            .await?;
        self.read_cards().await
    }

    /// Opens a vault. `take_over` closes it in another tab that has it.
    ///
    /// # Errors
    /// When the PIN is wrong, another tab has it, or the store cannot be read.
    pub async fn unlock(&self, card: &Card, pin: &str, take_over: bool) -> Result<(), OpenFailure> {
        let key = card.open(pin)?;
        let hold = browser::Hold::take(&database_of(card), take_over).await;
        let hold = hold.ok_or(OpenFailure::Elsewhere)?;
        let rows = IndexedDb::open(&database_of(card)).await?;
        let rows = SealedRows::new(Rc::new(rows), key);
        let register = Register::open(rows, browser::clock()).await?;
        let version = self.version;
        register.on_change(move || version.update(|version| *version += 1));
        self.open.set_value(Some(Open {
            register: Rc::new(register),
            card: card.clone(),
            _hold: Rc::new(hold),
        }));
        self.version.update(|version| *version += 1);
        Ok(())
    }

    /// Makes a vault for who holds this code, enrols, and takes in the records of their territory. When
    /// it breaks off, the same code goes on where it was.
    ///
    /// # Errors
    /// When the PIN is too easy, the code is not taken, or the way to the server breaks.
    pub async fn enrol(&self, code: &str, pin: &str) -> Result<(), OpenFailure> {
        // What an attempt before left open is opened again, with the PIN that is typed now.
        self.open.set_value(None);
        let begun = self
            .cards
            .get_untracked()
            .into_iter()
            .find(|card| card.name.is_empty());
        let card = match begun {
            // A PIN typed otherwise the second time: nothing is in there yet but a key nobody knows.
            Some(card) if card.open(pin).is_ok() => card,
            Some(card) => {
                self.forget(&card).await?;
                self.new_card(pin).await?
            }
            None => self.new_card(pin).await?,
        };
        self.unlock(&card, pin, true).await?;
        let Some(register) = self.register() else {
            return Ok(());
        };
        if !register.is_enrolled() {
            register
                .enroll(&FetchNet, code, &t("lock.device_name", &[]))
                .await?;
        }
        let name = register.known()?.cert().map(|cert| cert.user_name.clone());
        let card = card.named(name.unwrap_or_else(|| t("lock.nameless", &[])));
        self.write_card(&card).await?;
        self.open.update_value(|open| {
            if let Some(open) = open {
                open.card = card;
            }
        });
        Ok(())
    }

    async fn new_card(&self, pin: &str) -> Result<Card, OpenFailure> {
        let id = uuid::Builder::from_random_bytes(random()).into_uuid().to_string();
        let (card, _) = Card::new(&id, "", pin, random())?;
        self.write_card(&card).await?;
        Ok(card)
    }

    /// The open vault behind another PIN.
    ///
    /// # Errors
    /// When the old PIN is wrong, the new one too easy, or the disk refuses.
    pub async fn change_pin(&self, old: &str, new: &str) -> Result<(), OpenFailure> {
        let Some(card) = self.card() else { return Ok(()) };
        let card = card.with_pin(old, new, random())?;
        self.write_card(&card).await?;
        self.open.update_value(|open| {
            if let Some(open) = open {
                open.card = card;
            }
        });
        Ok(())
    }

    /// Closes the register: its key and everything opened with it are forgotten. Nothing is deleted.
    pub fn lock(&self) {
        self.open.set_value(None);
        self.sync.set(super::SyncState::default());
        self.version.update(|version| *version += 1);
        self.go(Screen::Lock);
    }

    /// Lets a person's vault go from this phone.
    ///
    /// # Errors
    /// When something of theirs lies here alone, or the browser does not delete it.
    pub async fn remove_open(&self) -> Result<(), OpenFailure> {
        let (Some(register), Some(card)) = (self.register(), self.card()) else {
            return Ok(());
        };
        let unsent = register.unsent() > 0 || !register.drafts().await?.is_empty();
        if unsent && !register.is_to_be_wiped() {
            return Err(OpenFailure::Register(RegisterError::Unsent));
        }
        drop(register);
        self.lock();
        self.forget(&card).await
    }

    async fn forget(&self, card: &Card) -> Result<(), OpenFailure> {
        delete_database(&database_of(card)).await?;
        let database = IndexedDb::open(CARDS).await?;
        database
            .write(vec![Put::gone(Shelf::Card, card.id.as_bytes())])
            .await?;
        self.read_cards().await?;
        Ok(())
    }

    /// True once the first sync after enrolment came to its end.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        let synced = |progress: &Progress| progress.synced_at_ms.is_some();
        self.register()
            .is_some_and(|register| register.index().progress().is_some_and(synced))
    }

    /// Tells the steps of the first sync.
    pub fn step_words(step: SyncStep) -> String {
        t("lock.arriving", &[("n", &crate::words::count(step.received))])
    }
}

fn database_of(card: &Card) -> String {
    format!("soban-{}", card.id)
}
