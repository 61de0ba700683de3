//! What can go wrong, with a stable code; the words stand in `locales/*/error.json`.

use sync_core::frame::FrameError;
use sync_core::id::RecordId;
use sync_core::phone::{BundleError, FrameProblem, RowError, WriteError};

use super::net::NetError;
use crate::rows::RowsError;

/// An act that was not done. What was saved before is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// The phone belongs to no register yet.
    #[error("this phone is not enrolled")]
    NotEnrolled,
    /// The phone belongs to a register already.
    #[error("this phone is enrolled already")]
    AlreadyEnrolled,
    /// There is no such record here.
    #[error("there is no record {0} on this phone")]
    UnknownRecord(RecordId),
    /// Something lies here and nowhere else.
    #[error("something on this phone is not handed in yet")]
    Unsent,
    /// There is no such form here.
    #[error("there is no form {0} on this phone")]
    UnknownForm(String),
    /// The disk.
    #[error(transparent)]
    Rows(#[from] RowsError),
    /// The server, or the way there.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The edit was not made.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The answer broke off or is damaged.
    #[error(transparent)]
    Stream(#[from] FrameError),
    /// The answer is not what it claims.
    #[error("what arrived cannot be used: {0:?}")]
    Frame(FrameProblem),
    /// The file is no bundle, or damaged.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

impl From<RowError> for RegisterError {
    fn from(error: RowError) -> Self {
        RowsError::Damaged(error.to_string()).into()
    }
}

impl From<FrameProblem> for RegisterError {
    fn from(problem: FrameProblem) -> Self {
        Self::Frame(problem)
    }
}

impl RegisterError {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::NotEnrolled => "not_enrolled".to_owned(),
            Self::AlreadyEnrolled => "already_enrolled".to_owned(),
            Self::UnknownRecord(_) => "unknown_record".to_owned(),
            Self::Unsent => "unsent".to_owned(),
            Self::UnknownForm(_) => "unknown_form".to_owned(),
            Self::Rows(error) => error.code().to_owned(),
            Self::Net(error) => error.code(),
            Self::Write(WriteError::NotAllowed(reason)) => format!("not_allowed.{}", reason.code()),
            Self::Write(WriteError::Unknown(_)) => "unknown_record".to_owned(),
            Self::Write(WriteError::OtherKind(_)) => "other_kind".to_owned(),
            Self::Write(WriteError::Damaged(_)) => "store_damaged".to_owned(),
            Self::Stream(_) => "connection_cut".to_owned(),
            Self::Frame(problem) => problem.code().to_owned(),
            Self::Bundle(error) => error.code().to_owned(),
        }
    }
}
