//! What a server answers to an enrolment.

use serde_json::Value;

use super::Identity;
use crate::cert::{DeviceCert, SignedCert};
use crate::id::{DeviceId, ProjectId, PublicKey, UserId, unhex};

/// A phone's way into a register.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// Who it is from now on.
    pub identity: Identity,
    /// Its certificate, as the server signed it.
    pub cert: SignedCert,
    /// What the certificate says.
    pub opened: DeviceCert,
    /// What it shows the server at every sync.
    pub token: String,
}

impl Enrolled {
    /// Reads the answer of `POST /api/v1/enroll` to a phone with this key.
    ///
    /// # Errors
    /// When it is not one of our server's, or is about another key: the names of its fields, since values may be
    /// secrets.
    pub fn read(reply: &Value, key: &PublicKey) -> Result<Self, String> {
        Self::parse(reply)
            .filter(|enrolled| {
                enrolled.opened.device == enrolled.identity.device && enrolled.opened.public_key == *key
            })
            .ok_or_else(|| {
                let names = reply
                    .as_object()
                    .into_iter()
                    .flat_map(|object| object.keys().cloned());
                names.collect::<Vec<_>>().join(", ")
            })
    }

    fn parse(reply: &Value) -> Option<Self> {
        let text = |name: &str| reply[name].as_str();
        let identity = Identity {
            project: text("project_id")?.parse::<ProjectId>().ok()?,
            project_key: unhex(text("project_key")?)?.try_into().ok()?,
            server_public_key: PublicKey::from_hex(text("server_public_key")?)?,
            device: text("device_id")?.parse::<DeviceId>().ok()?,
            user: reply["user"]["id"].as_str()?.parse::<UserId>().ok()?,
        };
        let cert = SignedCert::from_bytes(&unhex(text("cert")?)?).ok()?;
        let opened = cert.open(identity.project, &identity.server_public_key).ok()?;
        Some(Self {
            identity,
            cert,
            opened,
            token: text("token")?.to_owned(),
        })
    }
}
