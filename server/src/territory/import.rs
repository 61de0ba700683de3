//! Office tables of units into the store: all rows or none.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemas::form::Label;
use schemas::unit::{ImportChange, ImportPreview, RowProblem, Unit, UnitTree, UnitsError, import_units_csv};
use sync_core::id::UnitId;

use super::Units;
use crate::audit::{Action, Actor, AuditEntry};
use crate::entropy;
use crate::store::{StoreError, UnitRow, UnitStore};

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Units that were not known.
    pub created: usize,
    /// Known units that got a code, another spelling or a successor.
    pub changed: usize,
    /// Units that were known as the file has them.
    pub unchanged: usize,
}

/// Why a table of units is not taken.
#[derive(Debug, thiserror::Error)]
pub enum TerritoryError {
    /// The file cannot be read as a table; `code` says why (`text_not_unicode`, `csv_malformed` …).
    #[error("{code}")]
    File {
        /// A stable code.
        code: &'static str,
        /// The line, where one line is to blame.
        line: Option<usize>,
        /// What happened and what to do, per language.
        message: Label,
    },
    /// Some rows cannot be taken, so none was.
    #[error("{} rows cannot be taken", .0.len())]
    Rows(Vec<RowProblem>),
    /// With these rows, the units would contradict each other.
    #[error(transparent)]
    Tree(#[from] UnitsError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a table of units into the store.
///
/// # Errors
/// When the file, a row of it, or the units with it cannot be taken. Then nothing was changed.
pub fn import_csv(
    store: &impl UnitStore,
    now: Timestamp,
    actor: Actor,
    bytes: &[u8],
) -> Result<Imported, TerritoryError> {
    let preview = preview_csv(store, now, bytes)?;
    if !preview.problems.is_empty() {
        return Err(TerritoryError::Rows(preview.problems));
    }
    import_preview(store, now, actor, &preview)
}

/// What taking a table of units would do, and which of its rows cannot be taken.
///
/// # Errors
/// When the file cannot be read as a table of units, or the store fails.
pub fn preview_csv(
    store: &impl UnitStore,
    now: Timestamp,
    bytes: &[u8],
) -> Result<ImportPreview, TerritoryError> {
    let known = Units::load(store)?;
    let mut new_id = || entropy::id(now).to_string();
    import_units_csv(bytes, known.tree(), &mut new_id).map_err(|error| TerritoryError::File {
        code: error.code,
        line: error.line,
        message: error.message,
    })
}

/// Takes the rows of a preview that can be taken into the store.
///
/// # Errors
/// When the units with them would contradict each other, or the store fails. Then nothing was changed.
pub fn import_preview(
    store: &impl UnitStore,
    now: Timestamp,
    actor: Actor,
    preview: &ImportPreview,
) -> Result<Imported, TerritoryError> {
    let known = Units::load(store)?;
    let (touched, done) = apply(known.tree(), preview);
    check(known.tree(), &touched)?;
    if !touched.is_empty() {
        let rows = touched.values().map(row).collect::<Result<Vec<_>, _>>()?;
        let audit = AuditEntry::new(now, actor, Action::UnitsImport, "units")
            .with("created", done.created)
            .with("changed", done.changed);
        store.put_units(&rows, audit)?;
    }
    Ok(done)
}

/// The units that are new or other than before, by id.
fn apply(known: &UnitTree, preview: &ImportPreview) -> (BTreeMap<String, Unit>, Imported) {
    let mut touched: BTreeMap<String, Unit> = BTreeMap::new();
    let mut created = 0;
    for change in &preview.changes {
        match change {
            ImportChange::Create { unit, .. } => {
                created += 1;
                touched.insert(unit.id.clone(), Unit::clone(unit));
            }
            ImportChange::SetCode { id, code, .. } => {
                touch(&mut touched, known, id, |unit| {
                    unit.official_code = Some(code.clone())
                });
            }
            ImportChange::AddAlias { id, alias, .. } => {
                touch(&mut touched, known, id, |unit| unit.aliases.push(alias.clone()));
            }
            ImportChange::AddSuccessor { id, successor, .. } => {
                touch(&mut touched, known, id, |unit| {
                    unit.successors.push(successor.clone())
                });
            }
        }
    }
    let changed = touched.len() - created;
    (
        touched,
        Imported {
            created,
            changed,
            unchanged: preview.unchanged,
        },
    )
}

fn touch(touched: &mut BTreeMap<String, Unit>, known: &UnitTree, id: &str, change: impl FnOnce(&mut Unit)) {
    if !touched.contains_key(id)
        && let Some(unit) = known.get(id)
    {
        touched.insert(id.to_owned(), unit.clone());
    }
    if let Some(unit) = touched.get_mut(id) {
        change(unit);
    }
}

/// The units with the touched ones in their places still make a tree.
fn check(known: &UnitTree, touched: &BTreeMap<String, Unit>) -> Result<(), UnitsError> {
    let untouched = known
        .iter()
        .filter(|unit| !touched.contains_key(&unit.id))
        .cloned();
    UnitTree::from_units(untouched.chain(touched.values().cloned()).collect()).map(|_| ())
}

fn row(unit: &Unit) -> Result<UnitRow, StoreError> {
    let id = unit
        .id
        .parse::<UnitId>()
        .map_err(|_| StoreError::Internal(format!("unit id {}", unit.id)))?;
    let body = serde_json::to_string(unit).map_err(|error| StoreError::Internal(error.to_string()))?;
    Ok(UnitRow { id, body })
}
