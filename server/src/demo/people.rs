//! The people of the demo: a cadre per commune, village heads, officers, one of each other role.

use std::collections::BTreeMap;

use schemas::plan::Plan;
use schemas::text::fold;
use schemas::unit::{Level, Unit};
use sync_core::id::{UnitId, UserId};
use sync_core::policy::Role;

use super::SEED;
use super::draw::Draw;
use super::names;
use crate::access::AccessError;
use crate::access::people::{self, Wanted};
use crate::app::App;
use crate::audit::Actor;
use crate::store::UserStore as _;
use crate::territory::Units;

/// The password of everybody who signs in on the web. For demonstration only: it is printed.
pub const DEMO_PASSWORD: &str = "chi-dung-de-thu";
/// Village heads per commune.
const HEADS_PER_COMMUNE: usize = 3;

/// Somebody of the demo.
#[derive(Debug, Clone)]
pub struct Person {
    /// Stable for ever.
    pub id: UserId,
    /// What they type to sign in.
    pub login: String,
    /// An invented name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Names of the units they answer for.
    pub units: String,
    /// A fresh enrolment code, for those who hold devices.
    pub code: Option<String>,
    /// The link that enrols.
    pub url: Option<String>,
}

/// Somebody to be added.
struct Planned {
    login: String,
    role: Role,
    units: Vec<UnitId>,
}

/// Adds whoever is missing. True if nobody was there before.
pub(super) fn add_all(app: &App) -> Result<bool, AccessError> {
    let units = app.units()?;
    let first_time = app.store.users("", 1)?.is_empty();
    let mut draw = Draw::new(SEED);
    for planned in plan(&units) {
        let name = format!("{} (mẫu)", names::people(&mut draw).name(&mut draw, false));
        if app.store.user_by_login(&planned.login)?.is_some() {
            continue;
        }
        let wanted = Wanted {
            login: &planned.login,
            name: &name,
            role: planned.role.name(),
            units: &planned.units.iter().map(ToString::to_string).collect::<Vec<_>>(),
            password: people::signs_in(planned.role).then_some(DEMO_PASSWORD),
        };
        people::add(
            &app.store,
            &units,
            app.clock.now(),
            Actor::Server,
            &wanted,
            |_| Ok(()),
        )?;
    }
    Ok(first_time)
}

/// Everybody of the demo who was not turned off since, in the order of the plan.
pub(super) fn list(app: &App) -> Result<Vec<Person>, AccessError> {
    let units = app.units()?;
    let mut everybody = Vec::new();
    for planned in plan(&units) {
        let Some(user) = app.store.user_by_login(&planned.login)? else {
            continue;
        };
        if user.disabled_at.is_some() {
            continue;
        }
        let names: Vec<String> = user
            .units
            .iter()
            .filter_map(|id| units.get(*id))
            .map(Unit::full_name)
            .collect();
        everybody.push(Person {
            id: user.id,
            login: user.login,
            name: user.name,
            role: user.role,
            units: names.join(", "),
            code: None,
            url: None,
        });
    }
    Ok(everybody)
}

fn plan(units: &Units) -> Vec<Planned> {
    let communes: Vec<(UnitId, &Unit)> = Plan::plan_2024()
        .scope
        .iter()
        .filter_map(|scope| scope.unit_id.parse().ok())
        .filter_map(|id: UnitId| Some((id, units.get(id)?)))
        .collect();
    let mut planned = Vec::new();
    let mut districts: BTreeMap<String, Vec<UnitId>> = BTreeMap::new();
    for (id, commune) in &communes {
        let place = ascii(&commune.name);
        planned.push(Planned {
            login: format!("cb.{place}"),
            role: Role::CommuneCadre,
            units: vec![*id],
        });
        for (position, village) in villages(units, *id)
            .into_iter()
            .take(HEADS_PER_COMMUNE)
            .enumerate()
        {
            let login = format!("tt.{place}.{}", position + 1);
            planned.push(Planned {
                login,
                role: Role::VillageHead,
                units: vec![village],
            });
        }
        if let Some(district) = district(units, commune) {
            districts.entry(ascii(&district.name)).or_default().push(*id);
        }
    }
    let officers = districts
        .into_iter()
        .map(|(place, units)| (format!("huyen.{place}"), Role::DistrictOfficer, units));
    planned.extend(officers.map(|(login, role, units)| Planned { login, role, units }));
    let others = [
        ("tinh", Role::ProvinceOfficer),
        ("giamsat", Role::Observer),
        ("quantri", Role::Admin),
    ];
    planned.extend(others.map(|(login, role)| Planned {
        login: login.to_owned(),
        role,
        units: Vec::new(),
    }));
    planned
}

/// The villages of a commune, by id, so that the same village keeps the same login.
fn villages(units: &Units, commune: UnitId) -> Vec<UnitId> {
    let under = units.under(&[commune]);
    under
        .into_iter()
        .filter(|unit| units.level(*unit) == Some(Level::Village))
        .collect()
}

/// The district a commune lay in before 1 July 2025.
fn district<'a>(units: &'a Units, commune: &Unit) -> Option<&'a Unit> {
    let mut parents = commune
        .parents
        .iter()
        .filter_map(|parent| units.tree().get(&parent.id));
    parents.find(|unit| unit.level == Level::District)
}

/// A name as a login has it: `hoangthupho`.
fn ascii(name: &str) -> String {
    fold(name).chars().filter(char::is_ascii_alphanumeric).collect()
}
