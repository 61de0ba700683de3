//! Passwords: argon2id, and a time that does not tell whether a login exists.

use std::sync::OnceLock;

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};

use super::AccessError;
use super::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use crate::entropy;

/// Letters and digits that nobody mistakes for each other.
const READABLE: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";

/// The argon2id hash of a password, with salt and costs, in PHC form.
///
/// # Errors
/// When the password is too short or too long.
pub fn hash(password: &str) -> Result<String, AccessError> {
    if password.chars().count() < PASSWORD_CHARS_MIN || password.len() > PASSWORD_BYTES_MAX {
        return Err(AccessError::PasswordUnfit);
    }
    let salt: [u8; 16] = entropy::bytes();
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|_| AccessError::PasswordUnfit)?.to_string())
}

/// True if `password` is the one of `hash`. Without a hash it works as long and says no.
#[must_use]
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if password.len() > PASSWORD_BYTES_MAX {
        return false;
    }
    let known =
        hash.unwrap_or_else(|| NOBODY.get_or_init(|| self::hash("nobody-has-this").unwrap_or_default()));
    let right = Argon2::default()
        .verify_password(password.as_bytes(), known)
        .is_ok();
    right && hash.is_some()
}

/// A password to be written on a slip of paper: about 80 random bits.
#[must_use]
pub fn generate() -> String {
    let letters: Vec<char> = entropy::bytes::<16>()
        .iter()
        .map(|byte| char::from(READABLE[usize::from(byte & 31)]))
        .collect();
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}
