//! Everything that can go wrong on a phone, each with a stable code, a sentence and what to do.

use std::path::{Path, PathBuf};

use schemas::answer::AnswerError;
use serde_json::{Value, json};
use sync_core::frame::FrameError;
use sync_core::id::RecordId;
use sync_core::phone::{BundleError, FrameProblem, WriteError};

use crate::messages;
use crate::store::StoreError;
use crate::transport::TransportError;

/// An act that was not done, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The phone has no identity yet.
    #[error("this phone is not enrolled")]
    NotEnrolled,
    /// The phone has one already.
    #[error("this phone is enrolled already")]
    AlreadyEnrolled,
    /// There is no such form.
    #[error("there is no kind {kind}")]
    UnknownKind {
        /// As typed.
        kind: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// There is no such record on this phone.
    #[error("there is no record {0} on this phone")]
    UnknownRecord(RecordId),
    /// An answer means nothing.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// An edit was not made.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The home failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server was not reached, or refused.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server's answer cannot be read on.
    #[error(transparent)]
    Stream(FrameError),
    /// A frame of the server's answer cannot be used.
    #[error(transparent)]
    Frame(#[from] FrameProblem),
    /// A bundle cannot be read, or not further.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A file cannot be read or written.
    #[error("{}: {detail}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Its stable code.
        code: &'static str,
        /// The system's words.
        detail: String,
    },
}

impl DeviceError {
    pub(crate) fn file(file: &Path, error: &std::io::Error) -> Self {
        let code = match error.kind() {
            std::io::ErrorKind::NotFound => "file_missing",
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => "disk_full",
            _ => "file_failed",
        };
        Self::File {
            file: file.to_owned(),
            code,
            detail: error.to_string(),
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::NotEnrolled => "not_enrolled",
            Self::AlreadyEnrolled => "already_enrolled",
            Self::UnknownKind { .. } => "kind_unknown",
            Self::UnknownRecord(_) | Self::Write(WriteError::Unknown(_)) => "record_unknown",
            Self::Answer(error) => error.code,
            Self::Write(WriteError::OtherKind(_)) => "kind_changed",
            Self::Write(WriteError::NotAllowed(reason)) => reason.code(),
            Self::Write(WriteError::Damaged(_)) | Self::Store(StoreError::Damaged(_)) => "home_damaged",
            Self::Store(StoreError::InUse) => "home_in_use",
            Self::Store(StoreError::ReadOnly) => "home_read_only",
            Self::Store(StoreError::Newer { .. }) => "home_newer",
            Self::Store(StoreError::DiskFull) => "disk_full",
            Self::Store(StoreError::Failed(_)) => "disk_failed",
            Self::Transport(TransportError::Unreachable(_)) => "server_unreachable",
            Self::Transport(TransportError::Cut(_)) => "connection_cut",
            Self::Transport(TransportError::NotOurs(_)) => "not_our_server",
            Self::Transport(TransportError::Refused { code, .. }) => code,
            Self::Stream(error) => error.code(),
            Self::Frame(problem) => problem.code(),
            Self::Bundle(error) => error.code(),
            Self::File { code, .. } => code,
        }
        .to_owned()
    }

    /// The error as the command line prints it.
    #[must_use]
    pub fn to_json(&self, language: &str) -> Value {
        let code = self.code();
        let (message, hint) = match self {
            Self::Answer(error) => (
                error.message.get(language).to_owned(),
                error.hint.get(language).to_owned(),
            ),
            Self::Transport(TransportError::Refused { message, hint, .. }) if !message.is_empty() => {
                (message.clone(), hint.clone())
            }
            Self::Write(WriteError::NotAllowed(reason)) => (
                messages::text(language, &format!("park.{}", reason.code()), &[]),
                messages::text(language, &format!("write_hint.{}", reason.code()), &[]),
            ),
            _ => {
                let params = self.params();
                let params: Vec<_> = params
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                (
                    messages::text(language, &format!("error.{code}"), &params),
                    messages::text(language, &format!("error_hint.{code}"), &params),
                )
            }
        };
        json!({ "error": { "code": code, "message": message, "hint": hint } })
    }

    fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::UnknownKind { kind, known } => vec![("kind", kind.clone()), ("known", known.join(", "))],
            Self::UnknownRecord(id) | Self::Write(WriteError::Unknown(id) | WriteError::OtherKind(id)) => {
                vec![("id", id.to_string())]
            }
            Self::Store(StoreError::Newer { found, known }) => {
                vec![("found", found.to_string()), ("known", known.to_string())]
            }
            Self::File { file, detail, .. } => {
                vec![("file", file.display().to_string()), ("detail", detail.clone())]
            }
            Self::NotEnrolled
            | Self::AlreadyEnrolled
            | Self::Answer(_)
            | Self::Write(_)
            | Self::Store(_)
            | Self::Transport(_)
            | Self::Stream(_)
            | Self::Frame(_)
            | Self::Bundle(_) => vec![("detail", self.to_string())],
        }
    }
}
