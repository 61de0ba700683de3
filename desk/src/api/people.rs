//! People and their devices.

use serde::Deserialize;
use serde_json::{Value, json};

use super::session::UnitRef;
use super::{Answer, Page, get, send, tell};
use crate::address::asked;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// UUID.
    pub id: String,
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// Where.
    #[serde(default)]
    pub units: Vec<UnitRef>,
    /// True if they can sign in on the web.
    #[serde(default)]
    pub has_password: bool,
    /// When they were turned off.
    #[serde(default)]
    pub disabled_at: Option<String>,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Device {
    /// UUID.
    pub id: String,
    /// What its holder calls it.
    #[serde(default)]
    pub name: String,
    /// `field` or `console`.
    #[serde(default)]
    pub kind: String,
    /// UUID of its holder.
    #[serde(default)]
    pub user_id: String,
    /// Its holder: a name, or `{id, name, login}`.
    #[serde(default)]
    pub user: Value,
    /// When it was enrolled.
    #[serde(default)]
    pub created_at: String,
    /// When it was revoked.
    #[serde(default)]
    pub revoked_at: Option<String>,
    /// When it last synced.
    #[serde(default)]
    pub last_sync_at: Option<String>,
    /// The program's version.
    #[serde(default)]
    pub version: Option<String>,
    /// Records it has not sent.
    #[serde(default)]
    pub pending: Option<u64>,
    /// How far its clock is ahead, in seconds.
    #[serde(default)]
    pub clock_skew_s: Option<f64>,
}

impl Device {
    /// The holder's name, where the server tells it.
    #[must_use]
    pub fn holder(&self) -> String {
        let name = self.user.as_str().or_else(|| self.user["name"].as_str());
        name.unwrap_or_default().to_owned()
    }
}

/// A code that enrols one device.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Enrolment {
    /// As shown to people.
    pub code: String,
    /// Worth nothing after this.
    pub expires: String,
    /// A link that enrols.
    pub url: String,
    /// The link as a QR code, an SVG picture.
    #[serde(default)]
    pub qr_svg: Option<String>,
}

async fn all<T: serde::de::DeserializeOwned>(path: &str, pairs: &[(&str, &str)]) -> Answer<Vec<T>> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut pairs = pairs.to_vec();
        pairs.extend([("limit", "500"), ("cursor", &cursor)]);
        let page: Page<T> = get(asked(path, &pairs)).await?;
        items.extend(page.items);
        match page.next {
            Some(next) => cursor = next,
            None => return Ok(items),
        }
    }
}

/// Everybody one may see.
///
/// # Errors
/// As [`get`].
pub async fn users() -> Answer<Vec<User>> {
    all("users", &[]).await
}

/// Every device one may see; of one person, if `user` is not empty.
///
/// # Errors
/// As [`get`].
pub async fn devices(user: &str) -> Answer<Vec<Device>> {
    all("devices", &[("user", user)]).await
}

/// Adds a person; the fields of `POST /users`.
///
/// # Errors
/// `login_taken`, `login_unfit`, `name_unfit`, `unit_needed`, `password_unfit` …
pub async fn create(new: Value) -> Answer<User> {
    send("POST", "users", &new).await
}

/// Changes a person; the fields of `PATCH /users/{id}`.
///
/// # Errors
/// As [`create`], and `last_admin`.
pub async fn update(id: String, change: Value) -> Answer<User> {
    send("PATCH", &format!("users/{id}"), &change).await
}

/// Turns a person off.
///
/// # Errors
/// `last_admin`.
pub async fn disable(id: String) -> Answer<User> {
    send("POST", &format!("users/{id}/disable"), &json!({})).await
}

/// Sets a password.
///
/// # Errors
/// `password_unfit`.
pub async fn set_password(id: String, password: String) -> Answer<()> {
    tell(
        "PUT",
        &format!("users/{id}/password"),
        &json!({ "password": password }),
    )
    .await
}

/// Makes a code for one device of a person.
///
/// # Errors
/// `role_has_no_device`, `user_disabled`.
pub async fn enrol(id: String) -> Answer<Enrolment> {
    send("POST", &format!("users/{id}/enrollments"), &json!({})).await
}

/// Revokes a device.
///
/// # Errors
/// `device_unknown`.
pub async fn revoke(id: String) -> Answer<()> {
    tell("POST", &format!("devices/{id}/revoke"), &json!({})).await
}
