//! A server without sockets: bytes of a request in, bytes of the answer out, and a disk that stays
//! when the process dies. It does what `http/routes/sync.rs` does, a piece at a time.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use server::access::Token;
use server::app::App;
use server::audit::{Action, Actor, AuditEntry};
use server::clock::Clock;
use server::config::Config;
use server::ingest::Upload;
use server::problem::{Code, Problem};
use server::publish::{Answer, Holder};
use server::store::sqlite::{self, OpenOptions, Purpose, SqliteStore};
use server::store::{DeviceStore as _, StoreError, UnitRow, UnitStore as _};
use sync_core::frame::write_frame;
use sync_core::id::UnitId;

/// A server process and its data directory.
pub struct Office {
    dir: PathBuf,
    clock: Clock,
    app: Option<App>,
}

impl Office {
    /// A new register with these keys, on an empty directory, with the invented villages.
    ///
    /// # Errors
    /// When the directory cannot be used.
    pub fn found(dir: &Path, clock: Clock, keys: &server::access::Keys) -> Result<Self, StoreError> {
        let store = SqliteStore::open(dir, OpenOptions::new(Purpose::Serve))?;
        store.found(keys, sqlite::founding(clock.now(), keys))?;
        drop(store);
        let mut office = Self {
            dir: dir.to_owned(),
            clock,
            app: None,
        };
        office.start()?;
        add_villages(office.app())?;
        Ok(office)
    }

    fn start(&mut self) -> Result<(), StoreError> {
        self.app = Some(App::open(Config::new(&self.dir), self.clock.clone())?);
        Ok(())
    }

    /// The running server.
    ///
    /// # Panics
    /// When it is down.
    #[must_use]
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("the server is up")
    }

    /// Kills the process and starts it again on the same directory.
    ///
    /// # Errors
    /// When it does not start.
    pub fn crash(&mut self) -> Result<(), StoreError> {
        self.app = None;
        self.start()
    }

    /// Copies the register into `file` while it runs.
    ///
    /// # Errors
    /// When the copy cannot be made.
    pub fn backup(&self, file: &Path) -> Result<(), StoreError> {
        let audit = AuditEntry::new(self.clock.now(), Actor::Server, Action::Backup, "backup");
        self.app().store.backup(file, audit).map(drop)
    }

    /// Stops, puts `file` in place of the register under a new epoch, and starts again.
    ///
    /// # Errors
    /// When the backup cannot be used.
    pub fn restore(&mut self, file: &Path, epoch: [u8; 16]) -> Result<(), StoreError> {
        self.app = None;
        let audit = AuditEntry::new(self.clock.now(), Actor::Server, Action::Restore, "backup");
        if let Some(old) = sqlite::restore(&self.dir, file, epoch, &audit)? {
            std::fs::remove_file(old)?;
        }
        self.start()
    }

    /// Begins to answer a request of the device that shows `token`. `pieces` are its body, as it
    /// comes in; what was read is committed whether or not the body is whole.
    ///
    /// # Errors
    /// The problem a device would be shown instead of an answer.
    pub fn answer<'a>(&self, token: &str, pieces: impl Iterator<Item = &'a [u8]>) -> Result<Answer, Problem> {
        let holder = self.holder(token)?;
        let mut upload = Upload::new(self.app().clone(), holder.device);
        for piece in pieces {
            upload.push(piece)?;
        }
        let uploaded = upload.finish()?;
        let Some(hello) = uploaded.hello.clone() else {
            return Err(uploaded.failed.map_or(Code::FrameMalformed, Code::from).into());
        };
        Ok(Answer::new(self.app().clone(), holder, hello, uploaded)?)
    }

    /// The next bytes of an answer; none at its end.
    ///
    /// # Errors
    /// When the store fails.
    pub fn next(answer: &mut Answer) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(frames) = answer.frames()? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        for frame in &frames {
            write_frame(&mut bytes, frame);
        }
        Ok(Some(bytes))
    }

    fn holder(&self, token: &str) -> Result<Holder, Problem> {
        let unknown = || Problem::from(server::access::AccessError::TokenUnknown);
        let token = Token::parse(token).ok_or_else(unknown)?;
        let known = self.app().store.token(token.hash())?.ok_or_else(unknown)?;
        Ok(Holder {
            device: known.device.id,
            role: known.user.role,
            units: known.user.units.clone(),
            is_off: known.device.revoked_at.is_some() || known.user.disabled_at.is_some(),
        })
    }
}

/// The villages `soban demo` invents, through the door every imported unit takes.
///
/// # Errors
/// When the store fails.
pub fn add_villages(app: &App) -> Result<(), StoreError> {
    let file: Map<String, Value> =
        serde_json::from_str(schemas::unit::DEMO_VILLAGES_JSON).unwrap_or_default();
    let units = file.get("units").and_then(Value::as_array).into_iter().flatten();
    let rows: Vec<UnitRow> = units
        .filter_map(|unit| {
            let id: UnitId = unit["id"].as_str()?.parse().ok()?;
            Some(UnitRow {
                id,
                body: unit.to_string(),
            })
        })
        .collect();
    let audit = AuditEntry::new(app.clock.now(), Actor::Server, Action::UnitsImport, "units");
    app.store.put_units(&rows, audit)
}
