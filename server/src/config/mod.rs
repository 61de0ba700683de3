//! What the server was told at its start. Nothing reads the environment after it.

mod http;
mod limits;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use http::{HttpConfig, TlsFiles};
pub use limits::{
    EXPORT_READ_TIMEOUT, EXPORTS_AT_ONCE, HEADERS_TIMEOUT, JSON_BODY_BYTES_MAX, PAGE_DEFAULT, PAGE_MAX,
    REQUEST_TIMEOUT, SHUTDOWN_GRACE, SIGN_INS_AT_ONCE,
};

/// All settings of one server.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// How it is reached.
    pub http: HttpConfig,
    /// Where metrics are served, if anywhere: a listener of its own.
    pub metrics: Option<SocketAddr>,
    /// Most pages of 4 KiB the database may have; past it, the disk counts as full.
    pub pages_max: Option<u32>,
}

impl Config {
    /// A server on `data` with everything else as usual.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            http: HttpConfig::default(),
            metrics: None,
            pages_max: None,
        }
    }
}
