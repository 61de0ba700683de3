//! Sixteen opaque bytes that say which record, person or unit.

use std::fmt;

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};

use crate::id::is_uuid;

/// The bytes of a UUID, or of a keyed hash: an identity without anybody's data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 16]);

impl Key {
    /// Reads the canonical form of a UUID.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !is_uuid(text) {
            return None;
        }
        let digits = text.bytes().filter_map(|byte| char::from(byte).to_digit(16));
        let mut bytes = [0; 16];
        for (at, digit) in digits.enumerate() {
            // 32 digits below 16 each: two of them fill a byte.
            bytes[at / 2] = bytes[at / 2] << 4 | u8::try_from(digit).unwrap_or(0);
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<C> Encode<C> for Key {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Key {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let bytes = d.bytes()?;
        let whole = bytes.try_into().map(Self);
        whole.map_err(|_| DecodeError::message("a key has sixteen bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_it_was_read() {
        let text = "0190b5d2-7c1a-7def-8a11-0123456789ab";
        assert_eq!(Key::parse(text).map(|key| key.to_string()).as_deref(), Some(text));
        assert_eq!(Key::parse("0190b5d2"), None);
    }
}
