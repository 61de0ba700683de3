//! The only wiring: what a running server holds, and the one place that names a concrete store.

use std::sync::{Arc, Mutex};

use schemas::catalog::Catalog;
use schemas::form::Shared;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::access::Keys;
use crate::clock::Clock;
use crate::config::{Config, EXPORTS_AT_ONCE, SIGN_INS_AT_ONCE};
use crate::forms;
use crate::http::shell::{EMBEDDED, File};
use crate::ingest::KnownDevices;
use crate::live::Live;
use crate::newest::Newest;
use crate::problem::{Code, Problem};
use crate::store::sqlite::{OpenOptions, Purpose, SqliteStore, founding};
use crate::store::{FormStore as _, MetaStore as _, StoreError, UnitStore as _};
use crate::telemetry::Metrics;
use crate::territory::Units;
use crate::view::rebuild;

/// A server's parts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// What it was told at its start.
    pub config: Arc<Config>,
    /// What it keeps.
    pub store: SqliteStore,
    /// Its time.
    pub clock: Clock,
    /// Who this register is.
    pub keys: Arc<Keys>,
    /// What it counts.
    pub metrics: Metrics,
    /// Who the devices are.
    pub devices: Arc<KnownDevices>,
    /// Those who look on.
    pub live: Arc<Live>,
    /// The field app that it serves; none if it was built without.
    pub shell: &'static [File],
    units: Newest<Units>,
    forms: Newest<Catalog>,
    /// Held while somebody says which records are one: of two such decisions the later sees the earlier.
    pub sameness: Arc<Mutex<()>>,
    /// Bounds the memory that password hashing takes.
    sign_ins: Arc<Semaphore>,
    /// Leaves readers of the store to everybody else.
    exports: Arc<Semaphore>,
}

impl App {
    /// Opens the data directory to serve it; the first time, makes the register in it. Blocks.
    ///
    /// # Errors
    /// When the directory cannot be opened: read-only, newer, in use, damaged, full.
    pub fn open(config: Config, clock: Clock) -> Result<Self, StoreError> {
        Self::open_for(Purpose::Serve, config, clock)
    }

    /// Opens the data directory for one command, perhaps beside a running server. Blocks.
    ///
    /// # Errors
    /// As [`App::open`], and when there is no register in the directory.
    pub fn open_command(config: Config, clock: Clock) -> Result<Self, StoreError> {
        Self::open_for(Purpose::Command, config, clock)
    }

    fn open_for(purpose: Purpose, config: Config, clock: Clock) -> Result<Self, StoreError> {
        let store = SqliteStore::open(
            &config.data,
            OpenOptions {
                purpose,
                pages_max: config.pages_max,
            },
        )?;
        let fresh = Keys::fresh(clock.now());
        store.found(&fresh, founding(clock.now(), &fresh))?;
        let keys = Arc::new(store.keys()?);
        let units = Units::load(&store)?;
        let (forms_version, catalog) = forms::load(&store)?;
        let app = Self {
            config: Arc::new(config),
            devices: Arc::new(KnownDevices::new(keys.project, keys.public())),
            keys,
            units: Newest::of(units.version(), units),
            forms: Newest::of(forms_version, catalog),
            live: Arc::default(),
            shell: EMBEDDED,
            clock,
            metrics: Metrics::new(),
            sameness: Arc::default(),
            sign_ins: Arc::new(Semaphore::new(SIGN_INS_AT_ONCE)),
            exports: Arc::new(Semaphore::new(EXPORTS_AT_ONCE)),
            store,
        };
        rebuild::complete_views(&app)?;
        Ok(app)
    }

    /// The units as the store has them now. Blocks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn units(&self) -> Result<Arc<Units>, StoreError> {
        self.units.at(self.store.units_version()?, || {
            let units = Units::load(&self.store)?;
            Ok((units.version(), units))
        })
    }

    /// The forms as the store has them now. Blocks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn catalog(&self) -> Result<Arc<Catalog>, StoreError> {
        self.forms
            .at(self.store.forms_version()?, || forms::load(&self.store))
    }

    /// The kinds of record that everybody in a commune shares. Blocks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn shared_kinds(&self) -> Result<Vec<String>, StoreError> {
        let catalog = self.catalog()?;
        let shared = catalog
            .record_forms()
            .filter(|form| form.settings.shared == Shared::Commune);
        Ok(shared.map(|form| form.form_id().to_owned()).collect())
    }

    /// Waits for the turn to hash a password, which takes memory on purpose.
    ///
    /// # Errors
    /// Never while the server lives.
    pub(crate) async fn hashing(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.sign_ins)
            .acquire_owned()
            .await
            .map_err(|_| Code::Internal.into())
    }

    /// Waits for the turn to write an export, which reads for as long as the disk needs.
    ///
    /// # Errors
    /// Never while the server lives.
    pub(crate) async fn exporting(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.exports)
            .acquire_owned()
            .await
            .map_err(|_| Code::Internal.into())
    }

    /// Runs work that blocks (the store, hashing) beside the asynchronous tasks.
    ///
    /// # Errors
    /// Those of `work`.
    ///
    /// # Panics
    /// When `work` does.
    pub async fn blocking<T, E>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem>
    where
        T: Send + 'static,
        E: Into<Problem> + Send + 'static,
    {
        let app = self.clone();
        match tokio::task::spawn_blocking(move || work(&app)).await {
            Ok(result) => result.map_err(Into::into),
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        }
    }
}
