//! How the server is reached.

use std::path::PathBuf;

/// Addresses and transport.
#[derive(Debug, Clone, Default)]
pub struct HttpConfig {
    /// The path everything lies under, as `/soban`; empty for the root.
    pub base_path: String,
    /// The address people reach the server at, without a slash at the end.
    pub public_url: String,
    /// Certificate and key, if the server speaks TLS itself.
    pub tls: Option<TlsFiles>,
}

impl HttpConfig {
    /// True if browsers see this server over TLS, its own or a proxy's.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.tls.is_some() || self.public_url.starts_with("https://")
    }

    /// The path of the session cookie.
    #[must_use]
    pub fn cookie_path(&self) -> &str {
        if self.base_path.is_empty() {
            "/"
        } else {
            &self.base_path
        }
    }

    /// The link that opens the field app and enrols the phone. The code stands after `#`, which browsers keep to themselves,
    /// so it is in no log.
    #[must_use]
    pub fn enrolment_url(public_url: &str, code: &str) -> String {
        format!("{public_url}/#enrol={code}")
    }

    /// `/soban` from `soban`, `/soban/` or `/soban`; nothing from `/`. `None` if it is no path.
    #[must_use]
    pub fn clean_base_path(text: &str) -> Option<String> {
        let path = text.trim_matches('/');
        let fits = path.split('/').all(|part| {
            part.bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_' | b'.'))
        });
        let whole = path.is_empty() || path.split('/').all(|part| !part.is_empty());
        (fits && whole).then(|| {
            if path.is_empty() {
                String::new()
            } else {
                format!("/{path}")
            }
        })
    }
}

/// Certificate chain and private key, as PEM files.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The chain, the server's own certificate first.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
}
