//! People: added, changed and turned off by administrators, and by officers within their units.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use schemas::text::fold_search;
use serde::Deserialize;
use sync_core::id::{UnitId, UserId};
use sync_core::policy::Role;
use utoipa::{IntoParams, ToSchema};

use crate::access::AccessError;
use crate::access::people::{self, Wanted, WantedChange};
use crate::app::App;
use crate::http::extract::{Body, Caller, Path, Query};
use crate::http::problem::ProblemBody;
use crate::http::wire::{Page, User, page_rows};
use crate::problem::Problem;
use crate::store::{self, UserStore as _};

/// A person to be added.
#[derive(Deserialize, ToSchema)]
pub struct NewUser {
    /// a-z, 0-9, dot, dash, underscore; unique for ever.
    login: String,
    /// Their name.
    name: String,
    /// `village_head`, `commune_cadre`, `district_officer`, `province_officer`, `observer`, `admin`.
    role: String,
    /// Units by UUID or official code.
    #[serde(default)]
    units: Vec<String>,
    /// At least 10 characters, for people who sign in on the web.
    password: Option<String>,
}

/// What to change about a person; what is missing stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UserPatch {
    /// A new name.
    name: Option<String>,
    /// A new role.
    role: Option<String>,
    /// New units by UUID or official code, instead of all the old ones.
    units: Option<Vec<String>>,
}

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserFilter {
    /// Only people of this role.
    role: Option<String>,
    /// Only people who work in this unit or under it: UUID or official code.
    unit: Option<String>,
    /// Only people whose login or name holds these words; without diacritics they find those with.
    q: Option<String>,
    /// Only people who were turned off, or only those who were not.
    disabled: Option<bool>,
    /// Rows on this page: 100 if not said, at most 500.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// A filter whose words are understood.
struct Wants {
    role: Option<Role>,
    units: Option<BTreeSet<UnitId>>,
    words: Vec<String>,
    disabled: Option<bool>,
}

impl Wants {
    fn read(app: &App, caller: &Caller, filter: &UserFilter) -> Result<Self, AccessError> {
        let role = filter
            .role
            .as_deref()
            .map(|name| Role::from_name(name).ok_or_else(|| AccessError::RoleUnknown(name.to_owned())));
        let unit = filter.unit.as_deref();
        let unit = unit
            .map(|unit| people::unit(&caller.units, app.clock.now(), unit))
            .transpose()?;
        let words = fold_search(filter.q.as_deref().unwrap_or_default());
        Ok(Self {
            role: role.transpose()?,
            units: unit.map(|unit| caller.units.under(&[unit])),
            words: words
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            disabled: filter.disabled,
        })
    }

    fn fits(&self, user: &store::User) -> bool {
        let text = fold_search(&format!("{} {}", user.login, user.name));
        self.role.is_none_or(|role| user.role == role)
            && self
                .units
                .as_ref()
                .is_none_or(|units| user.units.iter().any(|unit| units.contains(unit)))
            && self.words.iter().all(|word| text.contains(word.as_str()))
            && self.disabled.is_none_or(|off| user.disabled_at.is_some() == off)
    }
}

/// People by login; an officer sees those within the review scope.
#[utoipa::path(get, path = "/api/v1/users", tag = "people", security(("session" = [])), params(UserFilter), responses(
    (status = 200, body = Page<User>),
    (status = 400, body = ProblemBody),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`role_forbidden`"),
    (status = 422, body = ProblemBody, description = "`role_unknown`, `unit_unknown`, `unit_ambiguous`"),
))]
pub async fn list_users(
    app: State<App>,
    caller: Caller,
    Query(filter): Query<UserFilter>,
) -> Result<Json<Page<User>>, Problem> {
    caller.require(&MANAGERS)?;
    let rows = page_rows(filter.limit);
    app.blocking(move |app| {
        let wants = Wants::read(app, &caller, &filter)?;
        let mut found = Vec::new();
        let mut after = filter.cursor.unwrap_or_default();
        // An officer's people may lie far apart in the list: look on until the page is full.
        while found.len() <= rows {
            let batch = app.store.users(&after, rows + 1)?;
            let Some(last) = batch.last() else { break };
            after.clone_from(&last.login);
            found.extend(
                batch
                    .into_iter()
                    .filter(|user| wants.fits(user) && may_see(&caller, user)),
            );
        }
        let units = &caller.units;
        Ok::<_, AccessError>(Json(Page::of(
            found,
            rows,
            |user| user.login.clone(),
            |user| User::of(&user, units),
        )))
    })
    .await
}

/// Adds a person.
#[utoipa::path(post, path = "/api/v1/users", tag = "people", security(("session" = [])), request_body = NewUser, responses(
    (status = 201, body = User),
    (status = 403, body = ProblemBody, description = "`role_forbidden`, `out_of_scope`"),
    (status = 409, body = ProblemBody, description = "`login_taken`"),
    (status = 422, body = ProblemBody, description = "`login_unfit`, `name_unfit`, `role_unknown`, `unit_unknown`, `unit_ambiguous`, `unit_too_high`, `unit_needed`, `password_unfit`"),
))]
pub async fn create_user(
    app: State<App>,
    caller: Caller,
    Body(new): Body<NewUser>,
) -> Result<(StatusCode, Json<User>), Problem> {
    caller.require(&MANAGERS)?;
    let turn = app.hashing().await?;
    app.blocking(move |app| {
        let _turn = turn;
        let wanted = Wanted {
            login: &new.login,
            name: &new.name,
            role: &new.role,
            units: &new.units,
            password: new.password.as_deref(),
        };
        let allowed = |user: &store::NewUser| may_manage(&caller, user.role, &user.units);
        let user = people::add(
            &app.store,
            &caller.units,
            app.clock.now(),
            caller.actor(),
            &wanted,
            allowed,
        )?;
        Ok::<_, AccessError>((StatusCode::CREATED, Json(User::of(&user, &caller.units))))
    })
    .await
}

/// One person.
#[utoipa::path(get, path = "/api/v1/users/{user_id}", tag = "people", security(("session" = [])),
    params(("user_id" = String, Path, description = "UUID")),
    responses(
        (status = 200, body = User),
        (status = 404, body = ProblemBody, description = "`user_unknown`"),
    ))]
pub async fn get_user(
    app: State<App>,
    caller: Caller,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<User>, Problem> {
    caller.require(&MANAGERS)?;
    app.blocking(move |app| {
        let user = seen(app, &caller, id)?;
        Ok::<_, AccessError>(Json(User::of(&user, &caller.units)))
    })
    .await
}

/// Changes a person's name, role or units; their devices get new certificates.
#[utoipa::path(patch, path = "/api/v1/users/{user_id}", tag = "people", security(("session" = [])),
    params(("user_id" = String, Path, description = "UUID")), request_body = UserPatch,
    responses(
        (status = 200, body = User),
        (status = 403, body = ProblemBody, description = "`role_forbidden`, `out_of_scope`"),
        (status = 404, body = ProblemBody, description = "`user_unknown`"),
        (status = 409, body = ProblemBody, description = "`last_admin`"),
        (status = 422, body = ProblemBody),
    ))]
pub async fn update_user(
    app: State<App>,
    caller: Caller,
    Path(id): Path<uuid::Uuid>,
    Body(patch): Body<UserPatch>,
) -> Result<Json<User>, Problem> {
    caller.require(&MANAGERS)?;
    app.blocking(move |app| {
        let known = managed(app, &caller, id)?;
        let wanted = WantedChange {
            name: patch.name,
            role: patch.role,
            units: patch.units,
        };
        let allowed = |change: &store::UserChange| {
            let units = change.units.as_ref().unwrap_or(&known.units);
            may_manage(&caller, change.role.unwrap_or(known.role), units)
        };
        let now = app.clock.now();
        let user = people::change(
            &app.store,
            &caller.units,
            &app.keys,
            now,
            caller.actor(),
            (&known, &wanted),
            allowed,
        )?;
        Ok::<_, AccessError>(Json(User::of(&user, &caller.units)))
    })
    .await
}

/// Turns a person off, with all their sessions and devices. A second time changes nothing.
#[utoipa::path(post, path = "/api/v1/users/{user_id}/disable", tag = "people", security(("session" = [])),
    params(("user_id" = String, Path, description = "UUID")),
    responses(
        (status = 200, body = User),
        (status = 404, body = ProblemBody, description = "`user_unknown`"),
        (status = 409, body = ProblemBody, description = "`last_admin`"),
    ))]
pub async fn disable_user(
    app: State<App>,
    caller: Caller,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<User>, Problem> {
    caller.require(&MANAGERS)?;
    app.blocking(move |app| {
        let known = managed(app, &caller, id)?;
        let user = people::disable(&app.store, &app.keys, app.clock.now(), caller.actor(), known.id)?;
        Ok::<_, AccessError>(Json(User::of(&user, &caller.units)))
    })
    .await
}

/// Turns a person on again, with the devices that were not revoked one by one. A second time changes nothing.
#[utoipa::path(post, path = "/api/v1/users/{user_id}/enable", tag = "people", security(("session" = [])),
    params(("user_id" = String, Path, description = "UUID")),
    responses(
        (status = 200, body = User),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody, description = "`user_unknown`"),
    ))]
pub async fn enable_user(
    app: State<App>,
    caller: Caller,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<User>, Problem> {
    caller.require(&MANAGERS)?;
    app.blocking(move |app| {
        let known = managed(app, &caller, id)?;
        let user = people::enable(&app.store, &app.keys, app.clock.now(), caller.actor(), known.id)?;
        Ok::<_, AccessError>(Json(User::of(&user, &caller.units)))
    })
    .await
}

pub(super) const MANAGERS: [Role; 2] = [Role::Admin, Role::DistrictOfficer];

/// An administrator manages everybody; an officer, field people within the review scope.
fn may_manage(caller: &Caller, role: Role, units: &[sync_core::id::UnitId]) -> Result<(), AccessError> {
    if caller.user.role == Role::Admin {
        return Ok(());
    }
    if !matches!(role, Role::VillageHead | Role::CommuneCadre) {
        return Err(AccessError::RoleForbidden);
    }
    if caller.units.within(&caller.user.units, units) {
        Ok(())
    } else {
        Err(AccessError::OutOfScope)
    }
}

fn may_see(caller: &Caller, user: &store::User) -> bool {
    caller.user.id == user.id || may_manage(caller, user.role, &user.units).is_ok()
}

/// A person the caller may look at. Others do not exist for them.
fn seen(app: &App, caller: &Caller, id: uuid::Uuid) -> Result<store::User, AccessError> {
    let user = app.store.user(UserId(id))?.ok_or(AccessError::UserUnknown)?;
    if may_see(caller, &user) {
        Ok(user)
    } else {
        Err(AccessError::UserUnknown)
    }
}

/// A person the caller may change.
pub(super) fn managed(app: &App, caller: &Caller, id: uuid::Uuid) -> Result<store::User, AccessError> {
    let user = seen(app, caller, id)?;
    may_manage(caller, user.role, &user.units)?;
    Ok(user)
}
