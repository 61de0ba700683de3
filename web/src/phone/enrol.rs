//! Coming in: a code and a key of our own against an identity and a token.

use serde_json::json;
use sync_core::phone::{Enrolled, Progress, public_key};

use super::net::{Net, NetError};
use super::summary::SUMMARY_VERSION;
use super::{Register, RegisterError, random};
use crate::rows::{Put, Rows as _, RowsError, Shelf};

impl Register {
    /// Enrols this phone. The key is made and on disk before the first request, so that a reply that
    /// was lost is given again to the same key.
    ///
    /// # Errors
    /// When the phone is enrolled already, or the server does not take the code.
    pub async fn enroll(&self, net: &dyn Net, code: &str, name: &str) -> Result<(), RegisterError> {
        if self.is_enrolled() {
            return Err(RegisterError::AlreadyEnrolled);
        }
        let seed = match self.meta("seed").await? {
            Some(seed) => seed
                .try_into()
                .map_err(|_| RowsError::Damaged("seed".to_owned()))?,
            None => {
                let seed: [u8; 32] = random();
                self.rows
                    .write(vec![Put::row(Shelf::Meta, b"seed", seed.to_vec())])
                    .await?;
                seed
            }
        };
        let public_key = public_key(&seed);
        let request = json!({ "code": code, "public_key": public_key.to_hex(), "device_name": name });
        let reply = net.enroll(request).await?;
        let Enrolled {
            identity,
            cert,
            token,
            ..
        } = Enrolled::read(&reply, &public_key).map_err(NetError::NotOurs)?;
        let progress = Progress::new(random());
        let meta = |key: &str, value: Vec<u8>| Put::row(Shelf::Meta, key.as_bytes(), value);
        let puts = vec![
            meta("identity", identity.to_bytes()),
            meta("token", token.into_bytes()),
            meta("progress", progress.to_bytes()),
            meta("summary_version", vec![SUMMARY_VERSION]),
            Put::row(Shelf::Cert, identity.device.bytes(), cert.to_bytes()),
        ];
        self.rows.write(puts).await?;
        self.index.borrow_mut().progress = Some(progress);
        self.refresh().await?;
        self.tell();
        Ok(())
    }

    pub(super) async fn seed(&self) -> Result<[u8; 32], RegisterError> {
        let seed = self.meta("seed").await?.ok_or(RegisterError::NotEnrolled)?;
        Ok(seed
            .try_into()
            .map_err(|_| RowsError::Damaged("seed".to_owned()))?)
    }
}
