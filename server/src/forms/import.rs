//! A form file into the store: a new form, or a version that may follow the one phones hold.

use jiff::Timestamp;
use schemas::compat;
use schemas::finding::{Finding, Severity};
use schemas::lint::lint;
use schemas::parse::parse;
use sync_core::compress::compress;
use sync_core::limits::FRAME_BYTES_MAX;

use super::load;
use crate::audit::{Action, Actor, AuditEntry};
use crate::store::{FormRow, FormStore, StoreError};

/// What a frame says beside the form itself.
const FRAME_HEAD: usize = 1024;

/// Why a form is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FormUnfit {
    /// The file is no form.
    #[error("{0}")]
    NotAForm(String),
    /// Something in it is wrong, or it may not follow the version before it.
    #[error("{} findings", .0.len())]
    Findings(Vec<Finding>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A form that was taken in, or was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Its name.
    pub form_id: String,
    /// Its version.
    pub version: u32,
    /// The very same file was here before.
    pub unchanged: bool,
    /// Rows of it stand inside other forms, so views of their records are old now: [`crate::view::rebuild`].
    pub embedded: bool,
    /// What is doubtful and does not forbid it.
    pub warnings: Vec<Finding>,
}

/// Takes a form file into the store. Phones get it at their next sync.
///
/// # Errors
/// When it is no form, breaks a rule of forms, or may not follow the version before it. Then nothing was changed.
pub fn import(
    store: &impl FormStore,
    now: Timestamp,
    actor: Actor,
    bytes: &[u8],
) -> Result<Imported, FormUnfit> {
    let checked = check(store, bytes)?;
    if checked.unchanged {
        return Ok(checked);
    }
    let row = FormRow {
        form_id: checked.form_id.clone(),
        version: checked.version,
        body: text(bytes)?.to_owned(),
        serial: 0,
    };
    let audit = AuditEntry::new(now, actor, Action::FormImport, format!("form:{}", row.name()));
    store.put_form(&row, audit)?;
    Ok(checked)
}

/// What taking a form file would do: nothing if the very same file is here.
///
/// # Errors
/// As [`import`].
pub fn check(store: &impl FormStore, bytes: &[u8]) -> Result<Imported, FormUnfit> {
    let text = text(bytes)?;
    let (form, mut findings) = parse(text).map_err(|error| FormUnfit::NotAForm(error.to_string()))?;
    if compress(text.as_bytes()).len() + FRAME_HEAD > FRAME_BYTES_MAX {
        return Err(FormUnfit::NotAForm(format!("> {FRAME_BYTES_MAX} byte")));
    }
    let (form_id, version) = (form.form_id().to_owned(), form.version());
    let embedded = form.settings.embedded_in.is_some();
    let done = |unchanged, warnings| Imported {
        form_id: form_id.clone(),
        version,
        unchanged,
        embedded,
        warnings,
    };
    if store.form_body(&form_id, version)?.as_deref() == Some(text) {
        return Ok(done(true, Vec::new()));
    }
    let (_, mut catalog) = load(store)?;
    if let Some(before) = catalog.form(&form_id) {
        findings.extend(compat::compare(before, &form));
    }
    catalog.add(form);
    findings.extend(catalog.version(&form_id, version).into_iter().flat_map(lint));
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(FormUnfit::Findings(findings));
    }
    Ok(done(false, findings))
}

fn text(bytes: &[u8]) -> Result<&str, FormUnfit> {
    let text = std::str::from_utf8(bytes).map_err(|error| FormUnfit::NotAForm(error.to_string()))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}
