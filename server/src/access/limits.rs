//! Every bound of access, in one place.

use jiff::SignedDuration;

/// An enrolment code is worth nothing after this.
pub const CODE_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// A session ends by itself after this.
pub const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(12);
/// Wrong attempts in a row before the account has to wait.
pub const FAILURES_MAX: u32 = 10;
/// The first wait; it doubles with every further wrong attempt.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(1);
/// The longest wait.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);
/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Longest password, in bytes: hashing a longer one would be work for nothing.
pub const PASSWORD_BYTES_MAX: usize = 256;
/// Longest login.
pub const LOGIN_CHARS_MAX: usize = 64;
/// Longest name of a person or device, in characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Most units of one person.
pub const UNITS_MAX: usize = 500;
