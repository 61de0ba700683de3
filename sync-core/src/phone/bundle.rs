//! The same frames in a file: what one phone hands to another, or to the server, without a network.
//!
//! A bundle is `BUNDLE_MAGIC`, a head, certificates, envelopes, updates, and an end that says how
//! many frames came before it. Each frame stands alone: what was read before damage counts.

use crate::frame::{BUNDLE_MAGIC, BundleHead, Frame, FrameError, FrameReader, write_frame};
use crate::id::{DeviceId, ProjectId};
use crate::limits;

/// A bundle that cannot be read, or not further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The file is something else.
    #[error("the file is not a bundle")]
    NotABundle,
    /// A later program wrote it.
    #[error("the bundle was written by a later version")]
    LaterVersion,
    /// It belongs to another register.
    #[error("the bundle belongs to another project")]
    OtherProject,
    /// It ends too early.
    #[error("the bundle ends too early")]
    Truncated,
    /// It is longer than any bundle may be.
    #[error("the bundle is too large")]
    TooLarge,
    /// A frame in it is damaged.
    #[error(transparent)]
    Frame(FrameError),
}

impl BundleError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotABundle => "not_a_bundle",
            Self::LaterVersion => "bundle_newer",
            Self::OtherProject => "other_project",
            Self::Truncated => "bundle_truncated",
            Self::TooLarge => "bundle_too_large",
            Self::Frame(FrameError::TooLarge) => "frame_too_large",
            Self::Frame(FrameError::Damaged) => "bundle_damaged",
            Self::Frame(FrameError::Malformed) => "bundle_malformed",
            Self::Frame(FrameError::Truncated) => "bundle_truncated",
        }
    }
}

/// What stands in front of the other frames.
#[must_use]
pub fn bundle_start(project: ProjectId, device: DeviceId, claimed_at_ms: i64) -> Vec<u8> {
    let mut out = BUNDLE_MAGIC.to_vec();
    write_frame(
        &mut out,
        &Frame::BundleHead(BundleHead {
            project,
            device,
            claimed_at_ms,
        }),
    );
    out
}

/// What ends a bundle of `frames` frames, the head among them.
#[must_use]
pub fn bundle_end(frames: u64) -> Vec<u8> {
    let mut out = Vec::new();
    write_frame(&mut out, &Frame::BundleEnd(frames));
    out
}

/// Reads a bundle, a piece at a time.
#[derive(Debug)]
pub struct BundleReader {
    project: ProjectId,
    frames: FrameReader,
    front: Vec<u8>,
    began: bool,
    ended: bool,
    count: u64,
    bytes: u64,
}

impl BundleReader {
    /// Reads a bundle of `project`.
    #[must_use]
    pub fn new(project: ProjectId) -> Self {
        Self {
            project,
            frames: FrameReader::default(),
            front: Vec::new(),
            began: false,
            ended: false,
            count: 0,
            bytes: 0,
        }
    }

    /// Takes the next piece in.
    ///
    /// # Errors
    /// When the file is no bundle, or too large.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), BundleError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > limits::UPLOAD_BYTES_MAX {
            return Err(BundleError::TooLarge);
        }
        if self.began {
            self.frames.push(bytes);
            return Ok(());
        }
        self.front.extend_from_slice(bytes);
        let name = BUNDLE_MAGIC.len() - 1;
        let seen = self.front.len().min(name);
        if self.front[..seen] != BUNDLE_MAGIC[..seen] {
            return Err(BundleError::NotABundle);
        }
        if let Some((magic, rest)) = self.front.split_at_checked(BUNDLE_MAGIC.len()) {
            if magic != BUNDLE_MAGIC {
                return Err(BundleError::LaterVersion);
            }
            self.frames.push(rest);
            self.began = true;
            self.front.clear();
        }
        Ok(())
    }

    /// The next frame that holds something; `None` until more bytes come, or after the end.
    ///
    /// # Errors
    /// When the bundle cannot be read on.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, BundleError> {
        while self.began && !self.ended {
            let Some(frame) = self.frames.next().map_err(BundleError::Frame)? else {
                break;
            };
            match frame {
                Frame::BundleHead(head) if self.count == 0 => {
                    if head.project != self.project {
                        return Err(BundleError::OtherProject);
                    }
                    self.count += 1;
                }
                _ if self.count == 0 => return Err(BundleError::NotABundle),
                Frame::BundleEnd(count) if count == self.count => self.ended = true,
                Frame::BundleEnd(_) => return Err(BundleError::Truncated),
                frame => {
                    self.count += 1;
                    return Ok(Some(frame));
                }
            }
        }
        Ok(None)
    }

    /// Says that the file ended.
    ///
    /// # Errors
    /// `Truncated` if the bundle did not; `NotABundle` if it never began.
    pub fn finish(&self) -> Result<(), BundleError> {
        match (self.began, self.ended) {
            (_, true) => Ok(()),
            (true, false) => Err(BundleError::Truncated),
            (false, false) if self.front.is_empty() => Err(BundleError::NotABundle),
            (false, false) => Err(BundleError::Truncated),
        }
    }
}
