//! Who a device is, in words the server signed.
//!
//! In: what the server knows of a device. Out: a certificate any replica can check with the
//! project's public key alone. A bundle carries the certificates of the devices whose envelopes it
//! holds, so a phone can judge the work of a colleague whose phone was enrolled after its own last
//! sync. A later certificate (higher `serial`) replaces an earlier one: moved, renamed, revoked.

use std::collections::BTreeMap;

use ed25519_dalek::{Signature as DalekSignature, Signer, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};

use crate::id::{ActorTag, DeviceId, ProjectId, PublicKey, Signature, UnitId, UserId, actor_tag};
use crate::policy::Role;

/// What the server says of one device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DeviceCert {
    /// The register this device belongs to.
    #[n(0)]
    pub project: ProjectId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The key its envelopes are signed with.
    #[n(2)]
    pub public_key: PublicKey,
    /// The person who holds it.
    #[n(3)]
    pub user: UserId,
    /// That person's name, as shown beside what they wrote.
    #[n(4)]
    pub user_name: String,
    /// What that person may do.
    #[n(5)]
    pub role: Role,
    /// Where: each unit covers what lies under it.
    #[n(6)]
    pub units: Vec<UnitId>,
    /// Rises with every change of this certificate.
    #[n(7)]
    pub serial: u64,
    /// True once the device or its holder was turned off.
    #[n(8)]
    pub revoked: bool,
}

/// A certificate with the server's signature over its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedCert {
    /// The certificate in CBOR, exactly as signed.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub body: Vec<u8>,
    /// The project key's signature over `body`.
    #[n(1)]
    pub signature: Signature,
}

/// A certificate that cannot be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertError {
    /// The signature is not the project's.
    #[error("the certificate is not signed by this project")]
    BadSignature,
    /// The bytes are not a certificate.
    #[error("the certificate cannot be read")]
    Malformed,
    /// Signed by the right key for another project.
    #[error("the certificate belongs to another project")]
    OtherProject,
}

const DOMAIN: &[u8] = b"soban cert 1\n";

impl SignedCert {
    /// Signs `cert` with the project's key.
    #[must_use]
    pub fn sign(cert: &DeviceCert, project_key: &SigningKey) -> Self {
        let body = minicbor::to_vec(cert).unwrap_or_default();
        let signature = Signature(project_key.sign(&[DOMAIN, &body].concat()).to_bytes());
        Self { body, signature }
    }

    /// Checks the signature and reads the certificate.
    ///
    /// # Errors
    /// When the signature is not the project's, or the bytes are not a certificate of `project`.
    pub fn open(&self, project: ProjectId, key: &PublicKey) -> Result<DeviceCert, CertError> {
        verify(key, &[DOMAIN, &self.body].concat(), &self.signature).ok_or(CertError::BadSignature)?;
        let cert: DeviceCert = minicbor::decode(&self.body).map_err(|_| CertError::Malformed)?;
        if cert.project != project {
            return Err(CertError::OtherProject);
        }
        Ok(cert)
    }
}

/// `Some(())` when `signature` over `message` is by `key`, by the strict rules (no small-order keys).
#[must_use]
pub fn verify(key: &PublicKey, message: &[u8], signature: &Signature) -> Option<()> {
    let key = VerifyingKey::from_bytes(&key.0).ok()?;
    key.verify_strict(message, &DalekSignature::from_bytes(&signature.0))
        .ok()
}

/// The devices a replica knows, newest certificate of each.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    certs: BTreeMap<DeviceId, DeviceCert>,
    tags: BTreeMap<ActorTag, DeviceId>,
}

impl Directory {
    /// Takes `cert` in unless a newer one of the same device is known. True if anything changed.
    pub fn learn(&mut self, cert: DeviceCert) -> bool {
        if self
            .certs
            .get(&cert.device)
            .is_some_and(|known| known.serial >= cert.serial)
        {
            return false;
        }
        self.tags.insert(actor_tag(cert.device), cert.device);
        self.certs.insert(cert.device, cert);
        true
    }

    /// The certificate of a device.
    #[must_use]
    pub fn device(&self, device: DeviceId) -> Option<&DeviceCert> {
        self.certs.get(&device)
    }

    /// The certificate of the device whose actors carry `tag`.
    #[must_use]
    pub fn by_tag(&self, tag: ActorTag) -> Option<&DeviceCert> {
        self.tags.get(&tag).and_then(|device| self.certs.get(device))
    }

    /// All certificates, by device id.
    pub fn iter(&self) -> impl Iterator<Item = &DeviceCert> {
        self.certs.values()
    }
}

impl FromIterator<DeviceCert> for Directory {
    fn from_iter<T: IntoIterator<Item = DeviceCert>>(certs: T) -> Self {
        let mut directory = Self::default();
        for cert in certs {
            directory.learn(cert);
        }
        directory
    }
}
