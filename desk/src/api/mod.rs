//! The server's API (`docs/openapi.json`): one file per resource, its wire types and its calls.

pub mod audit;
pub mod duplicates;
pub mod imports;
pub mod people;
pub mod queue;
pub mod records;
pub mod reference;
pub mod reports;
pub mod session;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::browser::{Content, Reply, ask};
use crate::words::{language, t};

/// What went wrong, in words for people: the server's own, where it said any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    /// The stable code.
    pub code: String,
    /// What happened.
    pub title: String,
    /// What to do.
    pub hint: String,
}

impl Failure {
    /// True if somebody has to sign in again.
    #[must_use]
    pub fn is_signed_out(&self) -> bool {
        matches!(self.code.as_str(), "not_signed_in" | "session_expired")
    }

    fn unreachable() -> Self {
        Self {
            code: "unreachable".to_owned(),
            title: t("desk.fail.unreachable", &[]),
            hint: t("desk.fail.unreachable_hint", &[]),
        }
    }

    fn unreadable(what: &str) -> Self {
        Self {
            code: "answer_unreadable".to_owned(),
            title: t("desk.fail.unreadable", &[]),
            hint: what.to_owned(),
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What to ask for the next page; none on the last one.
    #[serde(alias = "next_cursor", default)]
    pub next: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next: None,
        }
    }
}

/// What a call comes to.
pub type Answer<T> = Result<T, Failure>;

/// Asks.
///
/// # Errors
/// The server's problem, or that there was no answer.
pub async fn get<T: DeserializeOwned>(path: String) -> Answer<T> {
    read(call("GET", &path, Content::Nothing).await?)
}

/// Sends JSON and reads the answer.
///
/// # Errors
/// As [`get`].
pub async fn send<T: DeserializeOwned>(method: &str, path: &str, body: &Value) -> Answer<T> {
    read(call(method, path, Content::Json(body.to_string())).await?)
}

/// Sends JSON; the answer has nothing to say.
///
/// # Errors
/// As [`get`].
pub async fn tell(method: &str, path: &str, body: &Value) -> Answer<()> {
    call(method, path, Content::Json(body.to_string()))
        .await
        .map(drop)
}

/// Sends a file as it is and reads the answer.
///
/// # Errors
/// As [`get`].
pub async fn send_file<T: DeserializeOwned>(path: &str, bytes: Vec<u8>) -> Answer<T> {
    read(call("POST", path, Content::Bytes(bytes)).await?)
}

async fn call(method: &str, path: &str, content: Content) -> Answer<String> {
    let reply = ask(method, path, content, language().code()).await;
    taken(reply.map_err(|()| Failure::unreachable())?)
}

fn taken(reply: Reply) -> Answer<String> {
    if (200..300).contains(&reply.status) {
        return Ok(reply.text);
    }
    let problem: Value = serde_json::from_str(&reply.text).unwrap_or_default();
    let word = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    if word("code").is_empty() {
        return Err(Failure::unreadable(&reply.status.to_string()));
    }
    Err(Failure {
        code: word("code"),
        title: word("title"),
        hint: word("hint"),
    })
}

fn read<T: DeserializeOwned>(text: String) -> Answer<T> {
    serde_json::from_str(&text).map_err(|error| Failure::unreadable(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_said_in_the_servers_words() {
        let reply = |status, text: &str| Reply {
            status,
            text: text.to_owned(),
        };
        let problem =
            r#"{"code": "session_expired", "title": "Phiên đã hết hạn", "hint": "Vui lòng đăng nhập"}"#;
        let failure = taken(reply(401, problem)).unwrap_err();
        assert!(failure.is_signed_out() && failure.title == "Phiên đã hết hạn");
        assert_eq!(taken(reply(502, "<html>")).unwrap_err().code, "answer_unreadable");
        assert_eq!(taken(reply(204, "")), Ok(String::new()));
    }

    #[test]
    fn both_names_of_the_next_page_are_read() {
        for name in ["next", "next_cursor"] {
            let page: Page<u8> = read(format!("{{\"items\": [1], \"{name}\": \"7\"}}")).unwrap();
            assert_eq!(page.next.as_deref(), Some("7"));
        }
        assert!(read::<Page<u8>>("{".to_owned()).is_err());
    }
}
