//! Plans built in and imported.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemas::plan::{PLAN_2024_JSON, Plan};

use super::Units;
use crate::audit::{Action, Actor, AuditEntry};
use crate::store::{PlanRow, PlanStore, StoreError, UnitStore};

/// Longest plan file.
pub const PLAN_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Why a plan is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The file is no plan.
    #[error("{0}")]
    Unfit(String),
    /// The plan is about a unit nobody knows.
    #[error("the plan names the unit {0}, which is not known")]
    UnitUnknown(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All plans by id, each with its file. An imported plan stands for a built-in one of its id.
///
/// # Errors
/// When the store fails or holds a plan that cannot be read.
pub fn all(store: &impl PlanStore) -> Result<BTreeMap<String, (Plan, String)>, StoreError> {
    let built_in = PlanRow {
        id: Plan::plan_2024().id.clone(),
        body: PLAN_2024_JSON.to_owned(),
    };
    let rows = std::iter::once(built_in).chain(store.plans()?);
    rows.map(|row| {
        let plan =
            Plan::from_json(&row.body).map_err(|error| StoreError::Damaged(format!("plan: {error}")))?;
        Ok((row.id, (plan, row.body)))
    })
    .collect()
}

/// Reads a plan file, whose units all have to be known.
///
/// # Errors
/// When it is no plan, or names units nobody knows.
pub fn check(store: &impl UnitStore, bytes: &[u8]) -> Result<(Plan, String), PlanError> {
    let unfit = |detail: String| PlanError::Unfit(detail);
    if bytes.len() > PLAN_BYTES_MAX {
        return Err(unfit(format!("> {PLAN_BYTES_MAX} byte")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| unfit(error.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let plan = Plan::from_json(text).map_err(|error| unfit(error.to_string()))?;
    let units = Units::load(store)?;
    let named = plan.scope.iter().map(|scope| &scope.unit_id);
    let named = named.chain(plan.unit_targets.iter().map(|target| &target.unit_id));
    if let Some(unit) = named.into_iter().find(|unit| units.tree().get(unit).is_none()) {
        return Err(PlanError::UnitUnknown(unit.clone()));
    }
    Ok((plan, text.to_owned()))
}

/// Takes a plan file into the store.
///
/// # Errors
/// When it is no plan, or names units nobody knows. Then nothing was changed.
pub fn import(
    store: &(impl PlanStore + UnitStore),
    now: Timestamp,
    actor: Actor,
    bytes: &[u8],
) -> Result<Plan, PlanError> {
    let (plan, body) = check(store, bytes)?;
    let audit = AuditEntry::new(now, actor, Action::PlanImport, format!("plan:{}", plan.id))
        .with("targets", plan.targets.len());
    store.put_plan(
        &PlanRow {
            id: plan.id.clone(),
            body,
        },
        audit,
    )?;
    Ok(plan)
}
