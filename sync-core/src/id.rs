//! Names of things: records, devices, units, people, projects, actors and changes.

use std::fmt;

use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The sixteen bytes, as stored and sent.
            #[must_use]
            pub const fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// From sixteen bytes; `None` for any other length.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(self.0.as_bytes())?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Self::from_slice(d.bytes()?)
                    .ok_or_else(|| minicbor::decode::Error::message("an id has sixteen bytes"))
            }
        }
    };
}

uuid_id! {
    /// A record: one Automerge document.
    RecordId
}
uuid_id! {
    /// An enrolled install of a phone or laptop, or an officer's console.
    DeviceId
}
uuid_id! {
    /// A person who may sign in or hold a device.
    UserId
}
uuid_id! {
    /// An administrative unit or review area.
    UnitId
}
uuid_id! {
    /// One register: a server and the devices enrolled with it.
    ProjectId
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// From exactly the right number of bytes, or `None`.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// Lower-case hexadecimal.
            #[must_use]
            pub fn to_hex(&self) -> String {
                hex(&self.0)
            }

            /// From lower- or upper-case hexadecimal.
            #[must_use]
            pub fn from_hex(text: &str) -> Option<Self> {
                unhex(text).and_then(|bytes| Self::from_slice(&bytes))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), &self.to_hex()[..12])
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_hex())
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Self::from_slice(d.bytes()?)
                    .ok_or_else(|| minicbor::decode::Error::message("an id of another length"))
            }
        }
    };
}

byte_id! {
    /// The hash that names one Automerge change (SHA-256 of its chunk).
    ChangeHash, 32
}
byte_id! {
    /// An Automerge actor: eight bytes that say which device, eight random ones per session.
    ///
    /// The first half is derived from the device id, so every replica can tell who wrote a change
    /// from the change alone, in a document of any age, without a registry that might have been
    /// filled in another order elsewhere. The second half is fresh per install, browser tab and
    /// database epoch, because a sequence number used twice would wedge the document for ever.
    Actor, 16
}
byte_id! {
    /// An Ed25519 public key.
    PublicKey, 32
}
byte_id! {
    /// An Ed25519 signature.
    Signature, 64
}
byte_id! {
    /// A SHA-256 digest.
    Digest32, 32
}

/// The first half of every actor of one device.
pub type ActorTag = [u8; 8];

impl Actor {
    /// A new actor of `device` with `random` as its second half.
    #[must_use]
    pub fn of(device: DeviceId, random: [u8; 8]) -> Self {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&actor_tag(device));
        bytes[8..].copy_from_slice(&random);
        Self(bytes)
    }

    /// The half that says which device this is.
    #[must_use]
    pub fn tag(&self) -> ActorTag {
        let mut tag = [0; 8];
        tag.copy_from_slice(&self.0[..8]);
        tag
    }
}

/// The actor tag of a device: the first eight bytes of SHA-256 over a domain mark and its id.
#[must_use]
pub fn actor_tag(device: DeviceId) -> ActorTag {
    let digest = Sha256::new()
        .chain_update(b"soban actor 1")
        .chain_update(device.bytes())
        .finalize();
    let mut tag = [0; 8];
    tag.copy_from_slice(&digest[..8]);
    tag
}

/// Lower-case hexadecimal of `bytes`.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of a hexadecimal text; `None` if it is not one.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}
