//! Who wrote a change, from its actor.

use std::sync::Arc;

use sync_core::cert::Directory;
use sync_core::id::Actor;

/// The author of a change, as people know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The person's name; empty if the device is not known here.
    pub name: String,
    /// The device.
    pub device: Option<String>,
}

/// Names authors.
#[derive(Debug, Clone)]
pub struct Authors(pub Arc<Directory>);

impl Authors {
    /// The author behind an actor.
    #[must_use]
    pub fn of(&self, actor: Actor) -> Author {
        match self.0.by_tag(actor.tag()) {
            Some(cert) => Author {
                name: cert.user_name.clone(),
                device: Some(cert.device.to_string()),
            },
            None => Author {
                name: String::new(),
                device: None,
            },
        }
    }

    /// The author behind an actor in hex.
    #[must_use]
    pub fn of_hex(&self, actor: &str) -> Author {
        Actor::from_hex(actor).map_or(
            Author {
                name: String::new(),
                device: None,
            },
            |actor| self.of(actor),
        )
    }
}
