//! `soban import`, `backup`, `restore`, `check`, `rebuild`.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::ImportCommand;
use super::open;
use crate::audit::{Action, Actor, AuditEntry};
use crate::clock::Clock;
use crate::entropy;
use crate::forms;
use crate::problem::Problem;
use crate::store::StoreError;
use crate::store::sqlite;
use crate::territory::{self, plans};
use crate::view::rebuild;

/// No file is read beyond this: what follows would be refused anyway.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

pub(super) fn import(command: ImportCommand) -> Result<Value, Problem> {
    match command {
        ImportCommand::Units { data, file } => {
            let app = open(&data.data)?;
            let done = territory::import_csv(&app.store, app.clock.now(), Actor::Cli, &read(&file)?)?;
            Ok(json!({"created": done.created, "changed": done.changed, "unchanged": done.unchanged}))
        }
        ImportCommand::Plan { data, file } => {
            let app = open(&data.data)?;
            let plan = plans::import(&app.store, app.clock.now(), Actor::Cli, &read(&file)?)?;
            Ok(json!({"id": plan.id, "communes": plan.scope.len(), "targets": plan.targets.len()}))
        }
        ImportCommand::Form { data, file } => {
            let app = open(&data.data)?;
            let form = forms::import(&app.store, app.clock.now(), Actor::Cli, &read(&file)?)?;
            let changed = if form.embedded && !form.unchanged {
                rebuild::rebuild(&app)?.changed
            } else {
                0
            };
            Ok(json!({
                "form_id": form.form_id,
                "version": form.version,
                "unchanged": form.unchanged,
                "views_rebuilt": changed,
                "warnings": form.warnings,
            }))
        }
    }
}

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

fn read(file: &Path) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    File::open(file)?.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}
