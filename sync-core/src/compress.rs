//! Compression, in one place: the same pure-Rust bytes on phone, server and browser.
//!
//! Output: one byte that says how (0 as is, 1 deflate), then the bytes. Inflating is bounded, so a
//! few hostile bytes cannot unfold into a gigabyte.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::limits;

const AS_IS: u8 = 0;
const DEFLATE: u8 = 1;
/// Higher levels of this compressor cost time and gain nothing on packed changes.
const LEVEL: u8 = 8;

/// Compresses `bytes`, or keeps them as they are when that is shorter.
#[must_use]
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let deflated = compress_to_vec(bytes, LEVEL);
    let (how, body) = if deflated.len() < bytes.len() {
        (DEFLATE, deflated.as_slice())
    } else {
        (AS_IS, bytes)
    };
    let mut out = Vec::with_capacity(body.len() + 1);
    out.push(how);
    out.extend_from_slice(body);
    out
}

/// The bytes `compress` was given; `None` if they are damaged or unfold past the limit.
#[must_use]
pub fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let (how, body) = bytes.split_first()?;
    match *how {
        AS_IS if body.len() <= limits::FRAME_INFLATED_BYTES_MAX => Some(body.to_vec()),
        DEFLATE => decompress_to_vec_with_limit(body, limits::FRAME_INFLATED_BYTES_MAX).ok(),
        _ => None,
    }
}
