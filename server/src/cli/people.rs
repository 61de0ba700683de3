//! `soban user`, `soban enroll`, `soban device`.

use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};
use sync_core::id::DeviceId;

use super::args::{DeviceCommand, UserCommand};
use super::{open, public_url};
use crate::access::people::{self, Wanted};
use crate::access::{AccessError, enrol, password};
use crate::audit::{Action, Actor, AuditEntry};
use crate::config::HttpConfig;
use crate::http::wire;
use crate::problem::{Code, Problem};
use crate::store::{DeviceQuery, DeviceStore as _, HeldDevice, User, UserStore as _};
use crate::territory::Units;

/// Rows read at a time for lists.
const BATCH: usize = 500;

pub(super) fn user(command: UserCommand) -> Result<Value, Problem> {
    match command {
        UserCommand::Add {
            data,
            login,
            name,
            role,
            units,
            password_stdin,
        } => add(&data.data, &login, &name, &role, &units, password_stdin),
        UserCommand::List { data } => list_users(&data.data),
        UserCommand::Disable { data, login } => disable(&data.data, &login),
        UserCommand::Enable { data, login } => enable(&data.data, &login),
        UserCommand::Password {
            data,
            login,
            password_stdin,
        } => set_password(&data.data, &login, password_stdin),
    }
}

fn add(
    dir: &Path,
    login: &str,
    name: &str,
    role: &str,
    units: &[String],
    password_stdin: bool,
) -> Result<Value, Problem> {
    let app = open(dir)?;
    let known = app.units()?;
    let given = if password_stdin {
        Some(read_password()?)
    } else {
        None
    };
    let web = sync_core::policy::Role::from_name(role).is_some_and(people::signs_in);
    let made = (given.is_none() && web).then(password::generate);
    let wanted = Wanted {
        login,
        name,
        role,
        units,
        password: given.as_deref().or(made.as_deref()),
    };
    let user = people::add(&app.store, &known, app.clock.now(), Actor::Cli, &wanted, |_| {
        Ok(())
    })?;
    let mut result = show(&user, &known);
    if let (Some(password), Some(fields)) = (made, result.as_object_mut()) {
        fields.insert("password".to_owned(), password.into());
    }
    Ok(result)
}

fn list_users(dir: &Path) -> Result<Value, Problem> {
    let app = open(dir)?;
    let units = app.units()?;
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let batch = app.store.users(&after, BATCH)?;
        let Some(last) = batch.last() else {
            return Ok(json!({ "items": items }));
        };
        after.clone_from(&last.login);
        items.extend(batch.iter().map(|user| show(user, &units)));
    }
}

fn disable(dir: &Path, login: &str) -> Result<Value, Problem> {
    let app = open(dir)?;
    let user = find(&app, login)?;
    let user = people::disable(&app.store, &app.keys, app.clock.now(), Actor::Cli, user.id)?;
    Ok(show(&user, &*app.units()?))
}

fn enable(dir: &Path, login: &str) -> Result<Value, Problem> {
    let app = open(dir)?;
    let user = find(&app, login)?;
    let user = people::enable(&app.store, &app.keys, app.clock.now(), Actor::Cli, user.id)?;
    Ok(show(&user, &*app.units()?))
}

fn set_password(dir: &Path, login: &str, password_stdin: bool) -> Result<Value, Problem> {
    let app = open(dir)?;
    let user = find(&app, login)?;
    let given = if password_stdin {
        read_password()?
    } else {
        password::generate()
    };
    people::set_password(&app.store, app.clock.now(), Actor::Cli, user.id, &given)?;
    let shown = if password_stdin { Value::Null } else { given.into() };
    Ok(json!({"login": user.login, "password": shown}))
}

pub(super) fn enroll(dir: &Path, login: &str) -> Result<Value, Problem> {
    let app = open(dir)?;
    let user = find(&app, login)?;
    let issued = enrol::issue(&app.store, app.clock.now(), Actor::Cli, user.id)?;
    let code = issued.code.grouped();
    let url = HttpConfig::enrolment_url(&public_url(&app)?, &code);
    Ok(json!({"code": code, "expires": issued.expires_at.to_string(), "url": url}))
}

pub(super) fn device(command: DeviceCommand) -> Result<Value, Problem> {
    match command {
        DeviceCommand::List { data } => list_devices(&data.data),
        DeviceCommand::Revoke { data, id } => revoke(&data.data, DeviceId(id)),
    }
}

fn list_devices(dir: &Path) -> Result<Value, Problem> {
    let app = open(dir)?;
    let units = app.units()?;
    let (mut items, mut after) = (Vec::new(), None);
    loop {
        let query = DeviceQuery {
            after,
            limit: BATCH,
            ..DeviceQuery::default()
        };
        let batch = app.store.devices(&query)?;
        let Some(last) = batch.last() else {
            return Ok(json!({ "items": items }));
        };
        after = Some(last.device.id);
        items.extend(batch.iter().map(|held| json!(wire::Device::of(held, &units))));
    }
}

fn revoke(dir: &Path, id: DeviceId) -> Result<Value, Problem> {
    let app = open(dir)?;
    let audit = AuditEntry::new(
        app.clock.now(),
        Actor::Cli,
        Action::DeviceRevoke,
        Actor::Device(id),
    );
    if !app.store.revoke_device(id, &app.keys, audit)? {
        return Err(AccessError::DeviceUnknown.into());
    }
    let device = app.store.device(id)?.ok_or(AccessError::DeviceUnknown)?;
    let holder = app.store.user(device.user)?.ok_or(AccessError::UserUnknown)?;
    Ok(json!(wire::Device::of(
        &HeldDevice { device, holder },
        &*app.units()?
    )))
}

fn find(app: &crate::app::App, login: &str) -> Result<User, Problem> {
    let login = login.trim().to_ascii_lowercase();
    Ok(app.store.user_by_login(&login)?.ok_or(AccessError::UserUnknown)?)
}

fn show(user: &User, units: &Units) -> Value {
    json!(wire::User::of(user, units))
}

/// One line from the standard input, without its end.
fn read_password() -> Result<String, Problem> {
    let mut text = String::new();
    let read = std::io::stdin().take(1024).read_to_string(&mut text);
    read.map_err(|error| Problem::new(Code::FileFailed).with("detail", error))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
