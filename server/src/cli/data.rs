//! `soban backup`, `restore`, `check`, `rebuild`.

use std::path::Path;

use serde_json::{Value, json};

use super::open;
use crate::audit::{Action, Actor, AuditEntry};
use crate::clock::Clock;
use crate::entropy;
use crate::problem::Problem;
use crate::store::sqlite;
use crate::view::rebuild;

pub(super) fn backup(dir: &Path, file: &Path) -> Result<Value, Problem> {
    let app = open(dir)?;
    let audit = AuditEntry::new(app.clock.now(), Actor::Cli, Action::Backup, "project");
    let bytes = app.store.backup(file, audit)?;
    Ok(json!({"file": file, "bytes": bytes}))
}

pub(super) fn restore(dir: &Path, file: &Path) -> Result<Value, Problem> {
    let now = Clock::system().now();
    let audit = AuditEntry::new(now, Actor::Cli, Action::Restore, "project");
    let kept = sqlite::restore(dir, file, entropy::bytes(), &audit)?;
    Ok(json!({"restored": file, "kept": kept}))
}

pub(super) fn check(dir: &Path) -> Result<Value, Problem> {
    let app = open(dir)?;
    let report = rebuild::check(&app)?;
    Ok(json!({
        "sound": report.is_sound(),
        "storage": report.storage,
        "dangling": report.dangling,
        "audit_broken_at": report.audit_broken_at,
        "envelopes": report.envelopes,
        "changes": report.changes,
        "records": report.records,
        "faults": report.faults,
        "named": report.named,
    }))
}

pub(super) fn rebuild(dir: &Path) -> Result<Value, Problem> {
    let app = open(dir)?;
    let report = rebuild::rebuild(&app)?;
    Ok(json!({"records": report.records, "changed": report.changed}))
}
