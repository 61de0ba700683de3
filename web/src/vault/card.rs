//! The card of a vault: whose it is, and the vault's key sealed under the PIN.

use argon2::{Algorithm, Argon2, Params, Version};
use minicbor::{Decode, Encode};

use super::key::Key;

/// Fewest digits or letters of a PIN.
pub const PIN_LEN_MIN: usize = 6;
/// Memory of argon2id in KiB: what a phone of 2 GB can spare, and too much for cheap hardware to guess in parallel.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes of argon2id.
const PASSES: u32 = 2;

/// Why a vault does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// It is not this PIN.
    #[error("the PIN is wrong")]
    WrongPin,
    /// Too few characters, or one repeated, or a run like 123456.
    #[error("the PIN is too easy to guess")]
    WeakPin,
    /// The card cannot be read.
    #[error("the card of this vault is damaged")]
    Damaged,
}

impl CardError {
    /// A stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongPin => "wrong_pin",
            Self::WeakPin => "weak_pin",
            Self::Damaged => "store_damaged",
        }
    }
}

/// Lies in the clear on the phone.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Card {
    /// The vault; names its database.
    #[n(0)]
    pub id: String,
    /// Whose it is, as the lock screen shows.
    #[n(1)]
    pub name: String,
    #[n(2)]
    memory_kib: u32,
    #[n(3)]
    passes: u32,
    #[cbor(n(4), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(5), with = "minicbor::bytes")]
    sealed_key: Vec<u8>,
}

impl Card {
    /// A card for a new vault, and the vault's key. `random` is fresh: 16 bytes of salt, 32 of key.
    ///
    /// # Errors
    /// When the PIN is too easy.
    pub fn new(id: &str, name: &str, pin: &str, random: [u8; 48]) -> Result<(Self, Key), CardError> {
        let (salt, key) = random.split_at(16);
        let key = Key::new(key.try_into().map_err(|_| CardError::Damaged)?);
        let card = Self {
            id: id.to_owned(),
            name: name.to_owned(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            salt: salt.try_into().map_err(|_| CardError::Damaged)?,
            sealed_key: Vec::new(),
        };
        Ok((card.sealing(&key, pin)?, key))
    }

    /// The key of the vault.
    ///
    /// # Errors
    /// When it is not this PIN.
    pub fn open(&self, pin: &str) -> Result<Key, CardError> {
        let key = self.pin_key(pin)?.open(self.id.as_bytes(), &self.sealed_key);
        let key = key.map_err(|_| CardError::WrongPin)?;
        Ok(Key::new(key.try_into().map_err(|_| CardError::Damaged)?))
    }

    /// The same card with a name on it.
    #[must_use]
    pub fn named(self, name: String) -> Self {
        Self { name, ..self }
    }

    /// The same vault behind another PIN.
    ///
    /// # Errors
    /// When the old PIN is wrong or the new one too easy.
    pub fn with_pin(&self, old: &str, new: &str, salt: [u8; 16]) -> Result<Self, CardError> {
        let key = self.open(old)?;
        let card = Self {
            salt,
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            ..self.clone()
        };
        card.sealing(&key, new)
    }

    fn sealing(self, key: &Key, pin: &str) -> Result<Self, CardError> {
        if is_weak(pin) {
            return Err(CardError::WeakPin);
        }
        let sealed_key = self.pin_key(pin)?.seal(self.id.as_bytes(), key.bytes());
        Ok(Self { sealed_key, ..self })
    }

    fn pin_key(&self, pin: &str) -> Result<Key, CardError> {
        let params =
            Params::new(self.memory_kib, self.passes, 1, Some(32)).map_err(|_| CardError::Damaged)?;
        let mut bytes = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(pin.as_bytes(), &self.salt, &mut bytes)
            .map_err(|_| CardError::Damaged)?;
        Ok(Key::new(bytes))
    }
}

/// Too short, one character repeated, or each character following the one before.
fn is_weak(pin: &str) -> bool {
    let codes: Vec<i64> = pin.chars().map(|letter| i64::from(u32::from(letter))).collect();
    let steps = |step: i64| codes.windows(2).all(|pair| pair[1] - pair[0] == step);
    codes.len() < PIN_LEN_MIN || steps(0) || steps(1) || steps(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: [u8; 48] = [5; 48];

    #[test]
    fn the_pin_opens_and_nothing_else_does() {
        let (card, key) = Card::new("v1", "Giàng A Sử", "280391", RANDOM).expect("made");
        let sealed = key.seal(b"a", b"words");
        let opened = card.open("280391").expect("opens");
        assert_eq!(opened.open(b"a", &sealed).as_deref(), Ok(b"words".as_slice()));
        assert_eq!(card.open("280392").err(), Some(CardError::WrongPin));
        let moved = Card {
            id: "v2".to_owned(),
            ..card
        };
        assert_eq!(moved.open("280391").err(), Some(CardError::WrongPin));
    }

    #[test]
    fn a_new_pin_opens_the_same_rows() {
        let (card, key) = Card::new("v1", "Giàng A Sử", "280391", RANDOM).expect("made");
        let sealed = key.seal(b"a", b"words");
        assert_eq!(
            card.with_pin("wrong!", "915730", [1; 16]).err(),
            Some(CardError::WrongPin)
        );
        let changed = card.with_pin("280391", "915730", [1; 16]).expect("changed");
        assert_eq!(changed.open("280391").err(), Some(CardError::WrongPin));
        let opened = changed.open("915730").expect("opens");
        assert_eq!(opened.open(b"a", &sealed).as_deref(), Ok(b"words".as_slice()));
    }

    #[test]
    fn easy_pins_are_refused() {
        for pin in ["", "12345", "123456", "654321", "111111", "abcdef"] {
            assert_eq!(
                Card::new("v", "n", pin, RANDOM).err(),
                Some(CardError::WeakPin),
                "{pin}"
            );
        }
        assert!(Card::new("v", "n", "112233", RANDOM).is_ok());
    }
}
