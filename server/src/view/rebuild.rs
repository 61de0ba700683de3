//! `soban check` and `soban rebuild`: the log against everything that is derived from it.
//!
//! Check proves, record by record: every change's bytes give its hash; every envelope's signature
//! covers exactly its changes; nobody's change stands under another's signature; the stored
//! document and view equal what the log gives. Rebuild writes what the log gives.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemas::catalog::Catalog;
use schemas::report::FACTS_VERSION;
use serde::Serialize;
use sync_core::cert::Directory;
use sync_core::chunk;
use sync_core::envelope;
use sync_core::id::{Actor, RecordId, actor_tag};
use sync_core::record::Record;

use crate::app::App;
use crate::clock::moment;
use crate::store::fact::FactStore as _;
use crate::store::record::{ArchiveStore, LoggedFull, RecordView, Source};
use crate::store::{AuditStore as _, StoreError};
use crate::territory::Units;

/// Records looked at in one step, so that a running server is not kept waiting.
const PAGE: usize = 200;
/// Faults named in a report; the rest are counted.
const NAMED_MAX: usize = 100;

/// What views are made with beside the log.
#[derive(Clone, Copy)]
struct Ground<'a> {
    catalog: &'a Catalog,
    units: &'a Units,
    record_key: &'a [u8; 32],
}

/// What `soban check` found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// What SQLite finds wrong with its file.
    pub storage: Vec<String>,
    /// Rows that point to rows that are not there.
    pub dangling: usize,
    /// The first line of the audit log that is missing or was altered.
    pub audit_broken_at: Option<i64>,
    /// Envelopes whose signatures were checked.
    pub envelopes: u64,
    /// Changes whose bytes were checked.
    pub changes: u64,
    /// Records compared with what the log gives.
    pub records: u64,
    /// How many things of the log are wrong.
    pub faults: u64,
    /// The first of them.
    pub named: Vec<Fault>,
}

/// One thing of the log that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What: `signature_wrong`, `change_damaged`, `change_missing`, `author_wrong`, `document_differs`,
    /// `view_differs`.
    pub code: &'static str,
    /// Where: an envelope, a change or a record.
    pub at: String,
}

impl CheckReport {
    /// True if nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.storage.is_empty() && self.dangling == 0 && self.audit_broken_at.is_none() && self.faults == 0
    }

    fn fault(&mut self, code: &'static str, at: impl ToString) {
        self.faults += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(Fault {
                code,
                at: at.to_string(),
            });
        }
    }
}

/// What `soban rebuild` did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RebuildReport {
    /// Records whose derived rows were made again.
    pub records: u64,
    /// Those that differed from what was stored.
    pub changed: u64,
}

/// Looks at the whole register without changing it. Blocks.
///
/// # Errors
/// When the store cannot be read at all.
pub fn check(app: &App) -> Result<CheckReport, StoreError> {
    let (storage, dangling) = app.store.soundness()?;
    let audit_broken_at = app.store.audit_break()?;
    let mut report = CheckReport {
        storage,
        dangling,
        audit_broken_at,
        ..CheckReport::default()
    };
    check_envelopes(&app.store, &*app.devices.current(&app.store)?, &mut report)?;
    let (catalog, units) = (app.catalog()?, app.units()?);
    let ground = Ground {
        catalog: &catalog,
        units: &units,
        record_key: &app.keys.record_key,
    };
    let mut after = None;
    loop {
        let records = app.store.logged_records(after, PAGE)?;
        let Some(last) = records.last() else {
            return Ok(report);
        };
        after = Some(*last);
        for id in records {
            check_record(&app.store, ground, id, &mut report)?;
        }
    }
}

fn check_envelopes(
    store: &impl ArchiveStore,
    directory: &Directory,
    report: &mut CheckReport,
) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let page = store.envelopes_after(after, PAGE)?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = *last;
        for (_, logged) in page {
            report.envelopes += 1;
            let name = format!("{}/{}", logged.head.device, logged.head.counter);
            let digest = envelope::digest(logged.items.iter().map(|(record, hash)| (record, hash)));
            let signed = directory
                .device(logged.head.device)
                .is_some_and(|cert| logged.head.verify(&logged.signature, &digest, cert).is_ok());
            if !signed {
                report.fault("signature_wrong", &name);
            }
            for (record, hash) in &logged.items {
                if !store.has_change(*record, *hash)? {
                    report.fault("change_missing", format!("{record}/{hash}"));
                }
            }
        }
    }
}

fn check_record(
    store: &impl ArchiveStore,
    ground: Ground<'_>,
    id: RecordId,
    report: &mut CheckReport,
) -> Result<(), StoreError> {
    report.records += 1;
    let log = store.log_of(id)?;
    for change in &log {
        report.changes += 1;
        check_change(change, report);
    }
    match (fold(ground, id, &log), store.view(id)?) {
        (Ok(made), stored) if same(made.as_ref(), stored.as_ref()) => {}
        (Ok(_), _) => report.fault("view_differs", id),
        (Err(()), _) => report.fault("document_differs", id),
    }
    Ok(())
}

fn check_change(change: &LoggedFull, report: &mut CheckReport) {
    let sound = chunk::open(&change.bytes)
        .ok()
        .filter(|(hash, _)| *hash == change.hash);
    let Some((_, parts)) = sound else {
        report.fault("change_damaged", change.hash);
        return;
    };
    if let Source::Envelope(name) = change.source
        && change.seq.is_some()
        && Actor::from_slice(parts.actor).map(|actor| actor.tag()) != Some(actor_tag(name.device))
    {
        report.fault("author_wrong", change.hash);
    }
}

/// The view the log gives; `None` if nothing of the record was applied.
fn fold(ground: Ground<'_>, id: RecordId, log: &[LoggedFull]) -> Result<Option<RecordView>, ()> {
    let mut record = Record::empty(id);
    let mut settled_at = Timestamp::MIN;
    let mut seen = BTreeSet::new();
    for change in log.iter().filter(|change| change.seq.is_some()) {
        if seen.insert(change.hash) {
            record.apply(&change.bytes).map_err(|_| ())?;
        }
        settled_at = settled_at.max(moment(change.settled_at_ms));
    }
    Ok(if record.is_empty() {
        None
    } else {
        super::of(
            ground.catalog,
            ground.units,
            ground.record_key,
            &record,
            settled_at,
        )
    })
}

/// Equal heads may give different document bytes, so heads stand for the document.
fn same(made: Option<&RecordView>, stored: Option<&RecordView>) -> bool {
    match (made, stored) {
        (Some(made), Some(stored)) => {
            let document = |view: &RecordView| {
                Record::load(view.id, &view.document)
                    .map(|record| record.heads())
                    .ok()
            };
            document(made) == document(stored) && comparable(made) == comparable(stored)
        }
        (made, stored) => made.is_none() && stored.is_none(),
    }
}

/// A view without what is not stored as such: the words live in the search index, the lookups nowhere.
fn comparable(view: &RecordView) -> RecordView {
    let (document, search, weak_lookups) = (Vec::new(), String::new(), Vec::new());
    RecordView {
        document,
        search,
        weak_lookups,
        ..view.clone()
    }
}

/// Makes the facts of every record, unless those that are there are of this program's version: data of an earlier
/// version has none. Begun and not ended, it begins again at the next start. Blocks.
///
/// # Errors
/// When the store fails, or a logged change cannot be applied.
pub fn complete_views(app: &App) -> Result<u64, StoreError> {
    if app.store.facts_version()? >= FACTS_VERSION {
        return Ok(0);
    }
    let (catalog, units) = (app.catalog()?, app.units()?);
    let ground = Ground {
        catalog: &catalog,
        units: &units,
        record_key: &app.keys.record_key,
    };
    let (mut after, mut made) = (None, 0);
    loop {
        let records = app.store.logged_records(after, PAGE)?;
        let Some(last) = records.last() else {
            app.store.settle_facts(FACTS_VERSION)?;
            return Ok(made);
        };
        after = Some(*last);
        let mut views = Vec::new();
        for id in records {
            let view = fold(ground, id, &app.store.log_of(id)?).map_err(|()| damaged(id))?;
            views.push((id, view));
        }
        made += views.len() as u64;
        app.store.replace_views(&views)?;
    }
}

fn damaged(id: RecordId) -> StoreError {
    StoreError::Damaged(format!("the log of record {id} cannot be applied"))
}

/// Makes every derived row again from the log. Blocks.
///
/// # Errors
/// When the store fails, or a logged change cannot be applied.
pub fn rebuild(app: &App) -> Result<RebuildReport, StoreError> {
    let mut report = RebuildReport::default();
    let (catalog, units) = (app.catalog()?, app.units()?);
    let ground = Ground {
        catalog: &catalog,
        units: &units,
        record_key: &app.keys.record_key,
    };
    let mut after = None;
    loop {
        let records = app.store.logged_records(after, PAGE)?;
        let Some(last) = records.last() else {
            app.store.settle_facts(FACTS_VERSION)?;
            return Ok(report);
        };
        after = Some(*last);
        for id in records {
            let made = fold(ground, id, &app.store.log_of(id)?).map_err(|()| damaged(id))?;
            report.records += 1;
            if !same(made.as_ref(), app.store.view(id)?.as_ref()) {
                report.changed += 1;
            }
            app.store.replace_views(&[(id, made)])?;
        }
    }
}
