//! Who did what, when.

use serde::Deserialize;
use serde_json::Value;

use super::{Answer, Page, get};
use crate::address::asked;

/// One line.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Line {
    /// Rises by one with every line.
    pub seq: i64,
    /// When (RFC 3339).
    pub at: String,
    /// Who.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// On what.
    pub target: String,
    /// More about it.
    #[serde(default)]
    pub details: Value,
}

/// One page, newest first.
///
/// # Errors
/// `role_forbidden`.
pub async fn list(action: String, target: String, cursor: String) -> Answer<Page<Line>> {
    let pairs = [
        ("action", action.as_str()),
        ("target", &target),
        ("cursor", &cursor),
        ("limit", "100"),
    ];
    get(asked("audit", &pairs)).await
}
