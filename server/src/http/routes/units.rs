//! Administrative units, past and present.

use axum::Json;
use schemas::text::fold;
use schemas::unit::{Level, Unit as KnownUnit};
use serde::{Deserialize, Serialize};
use sync_core::id::UnitId;
use utoipa::{IntoParams, ToSchema};

use crate::http::extract::{Caller, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::{Page, page_rows};
use crate::problem::{Code, Problem};

/// Which units.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnitFilter {
    /// `province`, `district`, `commune`, `village`, `review_area`.
    level: Option<String>,
    /// Only what lies under this unit (UUID), itself included.
    under: Option<String>,
    /// Only units whose name, other spelling or code holds this; marks and case do not matter.
    q: Option<String>,
    /// Rows on this page: 100 if not said, at most 500.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// A unit with its times.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unit {
    /// UUID.
    id: String,
    /// The official code, where there is one; unique only within a level and a time.
    code: Option<String>,
    /// `province`, `district`, `commune`, `village`, `review_area`.
    level: String,
    /// `xã Lùng Cải`.
    name: String,
    /// Other spellings.
    aliases: Vec<String>,
    /// The units it lay in, with first and last day.
    parents: Vec<Parent>,
    /// First day in force; null is "as long as known".
    valid_from: Option<String>,
    /// Last day in force; null is "still".
    valid_to: Option<String>,
    /// The units that took its place.
    successors: Vec<String>,
    /// True for units that do not exist.
    invented: bool,
}

/// What a unit lay in, and when.
#[derive(Debug, Serialize, ToSchema)]
pub struct Parent {
    /// UUID.
    id: String,
    /// First day.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
}

/// Units by id.
#[utoipa::path(get, path = "/api/v1/units", tag = "reference", security(("session" = []), ("device" = [])),
    params(UnitFilter),
    responses(
        (status = 200, body = Page<Unit>),
        (status = 400, body = ProblemBody, description = "`parameter_malformed`"),
        (status = 401, body = ProblemBody),
    ))]
pub async fn list_units(
    caller: Caller,
    Query(filter): Query<UnitFilter>,
) -> Result<Json<Page<Unit>>, Problem> {
    let odd = |name: &str| Problem::new(Code::ParameterMalformed).with("detail", name);
    let level = filter
        .level
        .as_deref()
        .map(|name| Level::parse(name).ok_or_else(|| odd("level")))
        .transpose()?;
    let under = filter
        .under
        .as_deref()
        .map(|id| id.parse::<UnitId>().map_err(|_| odd("under")))
        .transpose()?;
    let wanted = filter.q.as_deref().map(fold);
    let rows = page_rows(filter.limit);
    let after = filter.cursor.unwrap_or_default();
    let fits = |unit: &&KnownUnit| {
        unit.id > after
            && level.is_none_or(|level| unit.level == level)
            && under.is_none_or(|under| caller.units.tree().covers(&under.to_string(), &unit.id))
            && wanted.as_deref().is_none_or(|wanted| holds(unit, wanted))
    };
    let found: Vec<&KnownUnit> = caller.units.tree().iter().filter(fits).take(rows + 1).collect();
    Ok(Json(Page::of(found, rows, |unit| unit.id.clone(), show)))
}

fn holds(unit: &KnownUnit, wanted: &str) -> bool {
    let names = unit
        .aliases
        .iter()
        .map(|alias| fold(alias))
        .chain([fold(&unit.full_name())]);
    names
        .chain(unit.official_code.clone())
        .any(|text| text.contains(wanted))
}

fn show(unit: &KnownUnit) -> Unit {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    let parents = unit.parents.iter();
    Unit {
        id: unit.id.clone(),
        code: unit.official_code.clone(),
        level: unit.level.name().to_owned(),
        name: unit.full_name(),
        aliases: unit.aliases.clone(),
        parents: parents
            .map(|up| Parent {
                id: up.id.clone(),
                from: day(up.from),
                to: day(up.to),
            })
            .collect(),
        valid_from: day(unit.valid_from),
        valid_to: day(unit.valid_to),
        successors: unit.successors.clone(),
        invented: unit.invented,
    }
}
