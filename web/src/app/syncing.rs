//! Syncing: when asked, when the network returns, and now and then while the app is open.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::App;
use crate::browser::{self, FetchNet};
use crate::phone::{RegisterError, SyncReport, SyncStep};
use crate::words::t;

/// Between syncs that nobody asked for.
const PAUSE_MS: f64 = 10.0 * 60.0 * 1000.0;

/// What the sync is doing, or did last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SyncState {
    /// It runs, and has come so far.
    pub running: Option<SyncStep>,
    /// What it did last.
    pub last: Option<Result<SyncReport, RegisterError>>,
    /// When it last tried, milliseconds since 1970.
    pub tried_at_ms: f64,
}

impl App {
    /// Syncs, unless it runs already. `asked` says the result aloud; otherwise only the sync screen shows it.
    pub fn sync_now(&self, asked: bool) {
        let app = *self;
        if app.sync.with_untracked(|sync| sync.running.is_some()) {
            return;
        }
        spawn_local(async move {
            let result = app.sync_once().await;
            // A register that was let go says so itself.
            let open = app.register().is_some();
            if let (true, Some(result)) = (asked && open, result) {
                app.say(Self::sync_words(&result));
            }
        });
    }

    /// One sync to its end; none when nothing is open. A phone that was turned off lets its vault go once
    /// everything is handed in.
    pub async fn sync_once(&self) -> Option<Result<SyncReport, RegisterError>> {
        let register = self.register()?;
        self.sync.update(|sync| {
            sync.running = Some(SyncStep::default());
            sync.tried_at_ms = browser::now_ms();
        });
        let signal = self.sync;
        let on_step = move |step| signal.update(|sync| sync.running = Some(step));
        let result = register.sync(&FetchNet, &on_step).await;
        self.sync.update(|sync| {
            sync.running = None;
            sync.last = Some(result.clone());
        });
        if register.is_to_be_wiped() {
            drop(register);
            let _ = self.remove_open().await;
            self.say(t("lock.wiped", &[]));
        }
        Some(result)
    }

    /// Syncs when it is time: work waits, or the last try is a while ago.
    pub fn sync_if_due(&self) {
        let tried = self.sync.with_untracked(|sync| sync.tried_at_ms);
        let due = browser::now_ms() - tried > PAUSE_MS;
        let waits = self
            .register()
            .is_some_and(|register| register.is_enrolled() && register.unsent() > 0);
        if self.register().is_some() && (due || waits) {
            self.sync_now(false);
        }
    }

    /// What a sync did, in plain words.
    #[must_use]
    pub fn sync_words(result: &Result<SyncReport, RegisterError>) -> String {
        match result {
            Err(error) => super::error_words(error),
            Ok(report) => {
                let count = crate::words::count;
                let (sent, received) = (count(report.sent.len()), count(report.received.len()));
                let params = [("sent", sent.as_str()), ("received", received.as_str())];
                match (report.sent.len(), report.received.len(), report.parked.len()) {
                    (_, _, parked) if parked > 0 => t(
                        "sync.did_parked",
                        &[params[0], params[1], ("parked", &count(parked))],
                    ),
                    (0, 0, _) => t("sync.did_nothing", &[]),
                    _ => t("sync.did", &params),
                }
            }
        }
    }
}
