//! Signing in and out, and who is asking.

use serde::Deserialize;
use serde_json::json;

use super::{Answer, get, send, tell};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// The person.
    pub user: Me,
    /// Where they work.
    pub units: Vec<UnitRef>,
}

/// A person, to themselves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Me {
    /// UUID.
    pub id: String,
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// `district_officer`, `province_officer`, `observer`, `admin` …
    pub role: String,
}

/// A unit beside what lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UnitRef {
    /// UUID.
    pub id: String,
    /// `xã Lùng Cải`.
    pub name: String,
}

/// Who is asking.
///
/// # Errors
/// `not_signed_in`, `session_expired`.
pub async fn who() -> Answer<Session> {
    get("session".to_owned()).await
}

/// Signs in.
///
/// # Errors
/// `wrong_password`, `user_disabled`, `throttled`.
pub async fn sign_in(login: String, password: String) -> Answer<Session> {
    send(
        "POST",
        "session",
        &json!({ "login": login, "password": password }),
    )
    .await
}

/// Signs out.
///
/// # Errors
/// `not_signed_in`.
pub async fn sign_out() -> Answer<()> {
    tell("DELETE", "session", &json!({})).await
}
