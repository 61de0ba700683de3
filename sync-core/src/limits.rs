//! Every bound of the core, in one place and held against each other.
//!
//! Nothing that comes from outside is unbounded: each limit names the refusal that goes with it.

/// Longest raw Automerge change, in bytes. Past it: `change_too_large`.
pub const CHANGE_BYTES_MAX: usize = 256 * 1024;
/// Most operations in one change. Past it: `change_too_large`.
pub const CHANGE_OPS_MAX: u64 = 10_000;
/// Most dependencies of one change. A record with that many open branches is not a record.
pub const CHANGE_DEPS_MAX: usize = 256;
/// Most actors a change may mention beside its own.
pub const CHANGE_ACTORS_MAX: usize = 1_024;
/// Longest actor name in a change, in bytes; ours have sixteen.
pub const ACTOR_BYTES_MAX: usize = 64;
/// Furthest claimed time from 1970, in seconds either way (about 35,000 years): nearer than where sums overflow.
pub const TIME_S_MAX: i64 = 1 << 40;
/// Highest operation counter of a record. Automerge counts in 32 bits.
pub const OP_COUNTER_MAX: u64 = 1 << 31;
/// Longest message of a change: room for the hashes it replaces, in hex.
pub const CHANGE_MESSAGE_BYTES_MAX: usize = 16 * 1024;

/// Most raw bytes a packed batch may unfold into: references cost one byte and stand for up to sixty-four.
pub const UNPACKED_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Most changes in one envelope. Past it: `envelope_too_large`.
pub const ENVELOPE_CHANGES_MAX: usize = 1_000;
/// The outbox closes an envelope when its changes pass this many raw bytes (about 8 KB compressed).
pub const ENVELOPE_RAW_BYTES_TARGET: usize = 40 * 1024;

/// Longest frame body on the wire or in a bundle, as sent. Past it: `frame_too_large`.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;
/// Longest frame body after decompression. Past it: `frame_too_large`.
pub const FRAME_INFLATED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// An update frame is closed when its raw content passes this many bytes.
pub const UPDATE_RAW_BYTES_TARGET: usize = 64 * 1024;
/// Most changes in one update frame.
pub const UPDATE_CHANGES_MAX: usize = 20_000;
/// Most records in one update frame.
pub const UPDATE_RECORDS_MAX: usize = 500;

/// Longest whole request or bundle a server or device reads, in bytes.
pub const UPLOAD_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most update bytes (raw) a server sends in one response; `more` is set past it.
pub const RESPONSE_RAW_BYTES_TARGET: usize = 8 * 1024 * 1024;
/// Most envelopes a device asks about in one request.
pub const UNCONFIRMED_MAX: usize = 1_000;
/// Most scope feeds in one cursor.
pub const FEEDS_MAX: usize = 1_000;

/// Longest field path, in bytes.
pub const PATH_BYTES_MAX: usize = 256;
/// Longest text value, in bytes.
pub const TEXT_BYTES_MAX: usize = 32 * 1024;
/// Most fields one record may hold.
pub const RECORD_FIELDS_MAX: usize = 20_000;

const _: () = assert!(CHANGE_BYTES_MAX < FRAME_BYTES_MAX);
const _: () = assert!(ENVELOPE_RAW_BYTES_TARGET + CHANGE_BYTES_MAX < FRAME_INFLATED_BYTES_MAX);
const _: () = assert!(UPDATE_RAW_BYTES_TARGET + CHANGE_BYTES_MAX < FRAME_INFLATED_BYTES_MAX);
const _: () = assert!(ENVELOPE_RAW_BYTES_TARGET + CHANGE_BYTES_MAX < UNPACKED_BYTES_MAX);
const _: () = assert!(UPDATE_RAW_BYTES_TARGET + CHANGE_BYTES_MAX < UNPACKED_BYTES_MAX);
const _: () = assert!(TEXT_BYTES_MAX < CHANGE_BYTES_MAX);
const _: () = assert!(FRAME_INFLATED_BYTES_MAX as u64 <= UPLOAD_BYTES_MAX);
