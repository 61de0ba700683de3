//! Frames to bytes and back, a piece at a time.

use crc::{CRC_32_ISO_HDLC, Crc, Table};

use super::Frame;
use crate::limits::FRAME_BYTES_MAX;

/// Length and checksum in front of every frame.
const HEAD: usize = 8;
/// The checksum of gzip and PNG.
static CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);

/// Bytes that are not a frame. After any of these the stream cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The frame says it is longer than any frame may be.
    #[error("a frame is too large")]
    TooLarge,
    /// The checksum does not fit: bits were flipped on the way.
    #[error("a frame arrived damaged")]
    Damaged,
    /// The body is not a frame of this protocol.
    #[error("a frame cannot be read")]
    Malformed,
    /// The stream ended inside a frame, or before its last one.
    #[error("the data ends too early")]
    Truncated,
}

impl FrameError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "frame_too_large",
            Self::Damaged => "frame_damaged",
            Self::Malformed => "frame_malformed",
            Self::Truncated => "stream_truncated",
        }
    }
}

/// Appends `frame` to `out`.
pub fn write_frame(out: &mut Vec<u8>, frame: &Frame) {
    let body = minicbor::to_vec(frame).unwrap_or_default();
    out.extend_from_slice(&(body.len() as u32).to_be_bytes());
    out.extend_from_slice(&CRC.checksum(&body).to_be_bytes());
    out.extend_from_slice(&body);
}

/// Takes bytes in pieces of any size and gives whole frames out.
#[derive(Debug, Default)]
pub struct FrameReader {
    buffer: Vec<u8>,
    read: usize,
}

impl FrameReader {
    /// Takes the next piece in.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.read > 0 && self.read >= self.buffer.len() / 2 {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame; `None` until more bytes come.
    ///
    /// # Errors
    /// `TooLarge` as soon as the length is known, `Damaged` or `Malformed` when the body is here.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator's `None` is the end; this one is a pause"
    )]
    pub fn next(&mut self) -> Result<Option<Frame>, FrameError> {
        let rest = &self.buffer[self.read..];
        let Some((head, body)) = rest.split_at_checked(HEAD) else {
            return Ok(None);
        };
        let len = word(&head[..4]) as usize;
        if len > FRAME_BYTES_MAX {
            return Err(FrameError::TooLarge);
        }
        let Some(body) = body.get(..len) else {
            return Ok(None);
        };
        if CRC.checksum(body) != word(&head[4..]) {
            return Err(FrameError::Damaged);
        }
        let mut decoder = minicbor::Decoder::new(body);
        let frame = decoder.decode().map_err(|_| FrameError::Malformed)?;
        if decoder.position() != len {
            return Err(FrameError::Malformed);
        }
        self.read += HEAD + len;
        Ok(Some(frame))
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// `Truncated` if the stream stopped inside a frame.
    pub fn finish(&self) -> Result<(), FrameError> {
        if self.read == self.buffer.len() {
            Ok(())
        } else {
            Err(FrameError::Truncated)
        }
    }
}

fn word(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |word, byte| (word << 8) | u32::from(*byte))
}
