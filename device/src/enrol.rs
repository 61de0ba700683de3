//! Coming in: a code and a key of our own against an identity and a token.

use serde_json::{Value, json};
use sync_core::phone::{Enrolled, Progress, public_key};

use crate::error::DeviceError;
use crate::phone::Phone;
use crate::transport::{Transport, TransportError};

impl Phone {
    /// Enrols this phone. The key is made and on disk before the first request, so that a reply that
    /// was lost is given again to the same key.
    ///
    /// # Errors
    /// When the phone is enrolled already, or the server does not take the code.
    pub fn enroll(
        &mut self,
        transport: &mut dyn Transport,
        server: &str,
        code: &str,
        name: Option<&str>,
    ) -> Result<Value, DeviceError> {
        if self.known.is_some() {
            return Err(DeviceError::AlreadyEnrolled);
        }
        let seed = match self.store.meta("seed")? {
            Some(seed) => seed
                .try_into()
                .map_err(|_| crate::store::StoreError::Damaged("seed".to_owned()))?,
            None => {
                let seed: [u8; 32] = self.random();
                self.store.put_meta(&[("seed", &seed)])?;
                seed
            }
        };
        let mut request = json!({ "code": code, "public_key": public_key(&seed).to_hex() });
        if let Some(name) = name {
            request["device_name"] = Value::from(name);
        }
        let reply = transport.enroll(&request)?;
        let Enrolled {
            identity,
            cert,
            opened,
            token,
        } = Enrolled::read(&reply, &public_key(&seed)).map_err(TransportError::NotOurs)?;
        let progress = Progress::new(self.random());
        let values: [(&str, &[u8]); 5] = [
            ("identity", &identity.to_bytes()),
            ("device", identity.device.bytes()),
            ("progress", &progress.to_bytes()),
            ("token", token.as_bytes()),
            ("server", server.as_bytes()),
        ];
        self.store.enrol(&values, identity.device, &cert)?;
        self.refresh()?;
        Ok(json!({
            "device": identity.device,
            "user": { "id": identity.user, "name": opened.user_name, "role": opened.role },
            "server": server,
            "units": reply["units"],
        }))
    }

    /// The server this phone was enrolled with.
    ///
    /// # Errors
    /// When the phone is not enrolled.
    pub fn server(&self) -> Result<String, DeviceError> {
        self.text_meta("server")
    }

    pub(crate) fn text_meta(&self, key: &str) -> Result<String, DeviceError> {
        let bytes = self.store.meta(key)?.ok_or(DeviceError::NotEnrolled)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(crate) fn seed(&self) -> Result<[u8; 32], DeviceError> {
        let seed = self.store.meta("seed")?.ok_or(DeviceError::NotEnrolled)?;
        Ok(seed
            .try_into()
            .map_err(|_| crate::store::StoreError::Damaged("seed".to_owned()))?)
    }
}
