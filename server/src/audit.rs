//! Who did what, when: one entry per mutation, in a chain that shows a missing line.
//!
//! In: an [`AuditEntry`], without which no mutating call of the store compiles. Out: lines, each
//! holding the hash of the one before. Entries name people and records by id, never by name.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sync_core::id::{DeviceId, Digest32, UserId};

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person signed in on the web.
    User(UserId),
    /// An enrolled device.
    Device(DeviceId),
    /// Whoever may run commands on the server's machine.
    Cli,
    /// The server by itself.
    Server,
    /// Somebody not known yet: who enrols or signs in.
    Anonymous,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Device(id) => write!(f, "device:{id}"),
            Self::Cli => f.write_str("cli"),
            Self::Server => f.write_str("server"),
            Self::Anonymous => f.write_str("anonymous"),
        }
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What was done. The names are stable: they are stored and asked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

actions! {
    /// The data directory was made.
    ProjectCreate = "project_create",
    /// A person was added.
    UserAdd = "user_add",
    /// A person's name, role or units were changed.
    UserChange = "user_change",
    /// A person was turned off, with all their devices and sessions.
    UserDisable = "user_disable",
    /// A person who was turned off was turned on again.
    UserEnable = "user_enable",
    /// A password was set.
    PasswordSet = "password_set",
    /// A single-use enrolment code was made.
    EnrolmentIssue = "enrolment_issue",
    /// An enrolment code was made worthless before anybody used it.
    EnrolmentCancel = "enrolment_cancel",
    /// A wrong code was tried for an enrolment that is open.
    EnrolmentFail = "enrolment_fail",
    /// A device was enrolled.
    DeviceEnrol = "device_enrol",
    /// An enrolment was answered again because the first reply was lost.
    DeviceEnrolAgain = "device_enrol_again",
    /// A device used its token for the first time: its enrolment is complete.
    DeviceFirstSeen = "device_first_seen",
    /// A device was revoked.
    DeviceRevoke = "device_revoke",
    /// The server made the device that signs an officer's edits.
    ConsoleCreate = "console_create",
    /// Somebody signed in.
    SessionOpen = "session_open",
    /// Somebody signed out.
    SessionClose = "session_close",
    /// A wrong password was tried.
    SessionFail = "session_fail",
    /// Units were imported.
    UnitsImport = "units_import",
    /// An officer said what a record is worth.
    RecordReview = "record_review",
    /// An officer said which of several values stands.
    ConflictResolve = "conflict_resolve",
    /// An officer corrected answers.
    RecordCorrect = "record_correct",
    /// An officer said that one record stands for another.
    RecordMerge = "record_merge",
    /// An officer took back what was said of two records.
    RecordMergeUndo = "record_merge_undo",
    /// An officer said that two records are not the same.
    DuplicateDismiss = "duplicate_dismiss",
    /// What a phone wrote into a merged record was carried over to the one that stands for it.
    RecordCarry = "record_carry",
    /// A form was imported.
    FormImport = "form_import",
    /// A plan was imported.
    PlanImport = "plan_import",
    /// A list of households was imported.
    HouseholdsImport = "households_import",
    /// A device handed in envelopes.
    SyncUpload = "sync_upload",
    /// An officer let a parked change through.
    ParkedAdmit = "parked_admit",
    /// An officer said no to a parked change.
    ParkedDismiss = "parked_dismiss",
    /// Somebody read a record's personal data.
    RecordRead = "record_read",
    /// Somebody exported records.
    Export = "export",
    /// Somebody showed the right password to read a feed, after wrong ones.
    FeedOpen = "feed_open",
    /// Somebody read records as a table over OData.
    FeedRead = "feed_read",
    /// Somebody read a report that names people.
    ReportRead = "report_read",
    /// A report was taken away as a file.
    ReportExport = "report_export",
    /// A backup was written.
    Backup = "backup",
    /// The database was replaced by a backup.
    Restore = "restore",
}

/// One act, on its way into the log.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// On what: an id, with its kind in front (`user:…`, `device:…`).
    pub target: String,
    /// More about it. No personal data.
    pub details: Map<String, Value>,
}

impl AuditEntry {
    /// An entry without details.
    #[must_use]
    pub fn new(at: Timestamp, actor: Actor, action: Action, target: impl fmt::Display) -> Self {
        Self {
            at,
            actor,
            action,
            target: target.to_string(),
            details: Map::new(),
        }
    }

    /// The same entry with one more detail.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.details.insert(key.to_owned(), value.into());
        self
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Rises by one with every line.
    pub seq: i64,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Who (`user:…`, `device:…`, `cli`, `server`, `anonymous`).
    pub actor: String,
    /// What: the name of an [`Action`].
    pub action: String,
    /// On what.
    pub target: String,
    /// A JSON object.
    pub details: String,
    /// The hash of this line and, through the one before, of all lines so far.
    pub hash: Digest32,
}

/// The hash of `line` after a line whose hash is `previous`.
#[must_use]
pub fn link(previous: Digest32, line: &AuditLine) -> Digest32 {
    let mut hash = Sha256::new()
        .chain_update(b"soban audit 1\n")
        .chain_update(previous.0);
    hash.update(line.seq.to_be_bytes());
    hash.update(line.at_ms.to_be_bytes());
    for text in [&line.actor, &line.action, &line.target, &line.details] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    Digest32(hash.finalize().into())
}
