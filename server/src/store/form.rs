//! Imported forms. What a form means is the business of `schemas`.

use super::StoreError;
use crate::audit::AuditEntry;

/// One version of an imported form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRow {
    /// Its name.
    pub form_id: String,
    /// Its version.
    pub version: u32,
    /// The file, as it came.
    pub body: String,
    /// When it came, counted with every change of reference data; the store sets it.
    pub serial: u64,
}

impl FormRow {
    /// `<form_id>@<version>`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}@{}", self.form_id, self.version)
    }
}

/// Forms beyond those built in.
pub trait FormStore {
    /// Forms that came after that serial, oldest first, and the serial of the newest form of all.
    fn forms_after(&self, serial: u64) -> Result<(u64, Vec<FormRow>), StoreError>;

    /// The serial of the newest form; reading it is cheap.
    fn forms_version(&self) -> Result<u64, StoreError>;

    /// One version's file.
    fn form_body(&self, form_id: &str, version: u32) -> Result<Option<String>, StoreError>;

    /// Adds a version. One that is there is never replaced.
    fn put_form(&self, row: &FormRow, audit: AuditEntry) -> Result<(), StoreError>;
}
