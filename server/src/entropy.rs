//! The only source of randomness of the server.
//!
//! Everything random (ids, keys, tokens, codes) comes from the operating system through here, so
//! that a reader can see at a glance what is unguessable and what is not.

use jiff::Timestamp;
use uuid::Uuid;

/// `N` unguessable bytes.
///
/// # Panics
/// When the operating system has no randomness to give: no secret may be made without it.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A new time-ordered id (UUIDv7) made at `at`.
#[must_use]
pub fn id(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes()).into_uuid()
}

/// True if both are equal, in a time that does not tell where they differ.
#[must_use]
pub fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len()
        && std::hint::black_box(left.iter().zip(right).fold(0, |seen, (a, b)| seen | (a ^ b))) == 0
}
