//! What lies in the browser's database is sealed: PIN → key → rows.
//!
//! In: a PIN, random bytes, rows in the clear. Out: sealed rows, and a [`Card`] that lies beside them in
//! the clear and opens them for who knows the PIN. It knows nothing of browsers or records; randomness
//! comes in from outside.
//!
//! A random key seals every row; a key made from the PIN (argon2id) seals that key. So changing the
//! PIN rewrites one card, and every guess of a PIN costs what argon2id costs.

mod card;
mod key;

pub use card::{Card, CardError, PIN_LEN_MIN};
pub use key::{Key, OpenError};
