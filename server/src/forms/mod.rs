//! The forms of this register: those built in and those imported.
//!
//! In: form files shaped like XLSForm. Out: the catalogue that admission, views and phones go by. A record names its
//! form's version and opens in it, so a version that was taken in never changes and never goes.

mod import;

use schemas::catalog::{BUILTIN, Catalog};

pub use import::{FormUnfit, Imported, check, import};

use crate::store::{FormStore, StoreError};

/// The forms built in and those in the store, with the version of the store they were read at.
///
/// # Errors
/// When the store fails, or holds a form that cannot be read.
pub fn load(store: &impl FormStore) -> Result<(u64, Catalog), StoreError> {
    let (version, rows) = store.forms_after(0)?;
    let mut catalog = Catalog::builtin().clone();
    for row in rows {
        catalog
            .add_json(&row.body)
            .map_err(|error| StoreError::Damaged(format!("form {}: {error}", row.name())))?;
    }
    Ok((version, catalog))
}

/// The file of a form as it was taken in: this version, or the newest.
///
/// # Errors
/// When the store fails.
pub fn file(
    store: &impl FormStore,
    catalog: &Catalog,
    form_id: &str,
    version: Option<u32>,
) -> Result<Option<String>, StoreError> {
    let Some(form) = catalog
        .form(form_id)
        .filter(|newest| version.is_none_or(|version| version == newest.version()))
        .or_else(|| catalog.version(form_id, version?))
    else {
        return Ok(None);
    };
    let imported = store.form_body(form_id, form.version())?;
    let builtin = || BUILTIN.iter().find(|(name, _)| *name == form_id);
    Ok(imported.or_else(|| builtin().map(|(_, text)| (*text).to_owned())))
}
