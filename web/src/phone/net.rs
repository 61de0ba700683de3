//! The way to the server, as a value: `fetch` in the browser, a function call in tests.

use serde_json::Value;

use crate::rows::Answer;

/// A conversation that could not be held, or broke. What arrived before it broke counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// There is no way to the server now.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Cut(String),
    /// The server answered with a problem.
    #[error("the server refused: {code}")]
    Refused {
        /// The stable code.
        code: String,
        /// The server's words.
        message: String,
        /// What to do.
        hint: String,
    },
    /// What answered is not our server.
    #[error("the answer is not one of our server's: {0}")]
    NotOurs(String),
}

impl NetError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Unreachable(_) => "unreachable".to_owned(),
            Self::Cut(_) => "connection_cut".to_owned(),
            Self::Refused { code, .. } => code.clone(),
            Self::NotOurs(_) => "not_our_server".to_owned(),
        }
    }
}

/// The bytes of an answer as they come.
pub trait Chunks {
    /// The next bytes; `None` at the end.
    fn next(&mut self) -> Answer<'_, Result<Option<Vec<u8>>, NetError>>;
}

/// The server's answer to a sync.
pub type Reply = Box<dyn Chunks>;

/// A way to the server.
pub trait Net {
    /// Swaps a code and a public key for a device and a token: the body of `POST /api/v1/enroll` and its
    /// answer.
    fn enroll(&self, request: Value) -> Answer<'_, Result<Value, NetError>>;

    /// One request with these frames. It may have arrived even when this fails.
    fn sync(&self, token: String, frames: Vec<u8>) -> Answer<'_, Result<Reply, NetError>>;
}
