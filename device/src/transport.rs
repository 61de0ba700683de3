//! The way to the server, as a value: HTTP in the field, a function call in the simulator.

use std::io::Read;

use serde_json::Value;

/// A conversation that could not be held, or broke. What arrived before it broke counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
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

/// The server's answer to a sync, as it comes.
pub struct Reply<'a> {
    /// Frames.
    pub body: Box<dyn Read + 'a>,
    /// Bytes of the request's head.
    pub head_bytes_up: u64,
    /// Bytes of the answer's head.
    pub head_bytes_down: u64,
}

/// A way to the server.
pub trait Transport {
    /// Swaps a code and a public key for a device and a token: the body of `POST /api/v1/enroll`
    /// and its answer.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    fn enroll(&mut self, request: &Value) -> Result<Value, TransportError>;

    /// One request with these frames; the answer is read while it comes.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses. The request may have arrived all the same.
    fn sync(&mut self, token: &str, frames: &[u8]) -> Result<Reply<'_>, TransportError>;
}
