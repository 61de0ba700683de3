//! Every way a request or a command can be refused: one stable code, one status, words in two
//! languages.
//!
//! In: errors of the stages, mapped exhaustively, so that a new failure forces a decision. Out: a
//! [`Problem`], which the HTTP side shows as RFC 9457 `application/problem+json` and the command
//! line as `{"error": …}`. What only helps developers goes to the log, not to the reader.

mod later;

use sync_core::frame::FrameError;

use crate::access::AccessError;
use crate::messages::{self, Lang};
use crate::store::StoreError;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal;)*) => {
        /// A stable code with its HTTP status.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name, never reused for something else.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }
        }
    };
}

codes! {
    /// No such address.
    NotFound = "not_found", 404;
    /// The address does not know this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// The body is larger than this request may have.
    BodyTooLarge = "body_too_large", 413;
    /// The body is of another kind than this request takes.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// The body is not what it says it is.
    BodyMalformed = "body_malformed", 400;
    /// A parameter of the address is not what it should be.
    ParameterMalformed = "parameter_malformed", 400;
    /// The answer took too long.
    RequestTimeout = "request_timeout", 503;
    /// The program failed.
    Internal = "internal", 500;

    /// Nobody is signed in.
    NotSignedIn = "not_signed_in", 401;
    /// The device's token is not known.
    TokenUnknown = "token_unknown", 401;
    /// The session has ended.
    SessionExpired = "session_expired", 401;
    /// A request another site made.
    ForeignSite = "foreign_site", 403;
    /// The device was revoked.
    DeviceRevoked = "device_revoked", 403;
    /// The person was turned off.
    UserDisabled = "user_disabled", 403;
    /// People of this role may not do this.
    RoleForbidden = "role_forbidden", 403;
    /// Outside the units of who asks.
    OutOfScope = "out_of_scope", 403;
    /// Only a device may do this.
    DeviceNeeded = "device_needed", 403;
    /// Wrong login or password.
    WrongPassword = "wrong_password", 401;
    /// Too many wrong attempts.
    Throttled = "throttled", 429;
    /// The password is too short or too long.
    PasswordUnfit = "password_unfit", 422;
    /// The login is taken.
    LoginTaken = "login_taken", 409;
    /// The login has characters a login may not have.
    LoginUnfit = "login_unfit", 422;
    /// The name is empty or too long.
    NameUnfit = "name_unfit", 422;
    /// No such role.
    RoleUnknown = "role_unknown", 422;
    /// No such unit.
    UnitUnknown = "unit_unknown", 422;
    /// Several units have this code.
    UnitAmbiguous = "unit_ambiguous", 422;
    /// The role answers for smaller units.
    UnitTooHigh = "unit_too_high", 422;
    /// The role needs a unit.
    UnitNeeded = "unit_needed", 422;
    /// No such person.
    UserUnknown = "user_unknown", 404;
    /// No such device.
    DeviceUnknown = "device_unknown", 404;
    /// The last administrator stays.
    LastAdmin = "last_admin", 409;
    /// People of this role hold no device.
    RoleHasNoDevice = "role_has_no_device", 403;
    /// No enrolment has this code.
    EnrolmentCodeUnknown = "enrolment_code_unknown", 404;
    /// The enrolment code has expired.
    EnrolmentCodeExpired = "enrolment_code_expired", 410;
    /// The enrolment code enrolled another device.
    EnrolmentCodeUsed = "enrolment_code_used", 409;
    /// No open enrolment code has this number.
    EnrolmentUnknown = "enrolment_unknown", 404;
    /// The person looks on in too many windows.
    TooManyStreams = "too_many_streams", 429;
    /// The public key is not an Ed25519 key.
    PublicKeyUnfit = "public_key_unfit", 422;

    /// The text is in TCVN3, VNI or another encoding than Unicode.
    TextNotUnicode = "text_not_unicode", 422;
    /// The file is too large to be imported at once.
    FileTooLarge = "file_too_large", 413;
    /// The file is not a table.
    CsvMalformed = "csv_malformed", 422;
    /// The table lacks columns.
    ColumnsMissing = "columns_missing", 422;
    /// More rows or columns, or a longer cell, than a table may have.
    TableTooLarge = "table_too_large", 422;
    /// The workbook cannot be read.
    WorkbookMalformed = "workbook_malformed", 422;
    /// No row of the table has the heads that are needed.
    HeadsMissing = "heads_missing", 422;
    /// Some rows cannot be taken.
    RowsUnfit = "rows_unfit", 422;
    /// The units would contradict each other.
    UnitsContradict = "units_contradict", 422;
    /// The file is not a form, or may not follow the version before it.
    FormUnfit = "form_unfit", 422;
    /// The file is not a plan.
    PlanUnfit = "plan_unfit", 422;

    /// A frame is longer than any frame may be, or the request is.
    FrameTooLarge = "frame_too_large", 413;
    /// A frame arrived damaged.
    FrameDamaged = "frame_damaged", 400;
    /// The bytes are not frames.
    FrameMalformed = "frame_malformed", 400;
    /// The data ends too early.
    StreamTruncated = "stream_truncated", 400;
    /// No such record, or not within reach.
    RecordUnknown = "record_unknown", 404;
    /// No report has this name.
    ReportUnknown = "report_unknown", 404;
    /// The report has no such figure, or none that records stand behind.
    FigureUnknown = "figure_unknown", 404;
    /// No such parked change.
    ParkedUnknown = "parked_unknown", 404;
    /// Somebody wrote the record since it was looked at.
    RecordChanged = "record_changed", 409;
    /// Nobody disagrees on that field, or not in that way.
    ConflictUnknown = "conflict_unknown", 404;
    /// Who returns or rejects a record says why.
    CommentMissing = "comment_missing", 422;
    /// The comment is too long.
    CommentTooLong = "comment_too_long", 422;
    /// The value is none of the field's.
    ValueUnfit = "value_unfit", 422;
    /// The two records are of different kinds, or one and the same.
    PairUnfit = "pair_unfit", 422;
    /// One of the two records stands for another already.
    AlreadyMerged = "already_merged", 409;
    /// Nothing was said of the pair.
    NothingToUndo = "nothing_to_undo", 409;
    /// People still disagree on a field that asks for review.
    ConflictOpen = "conflict_open", 409;
    /// More records at once than are decided about together.
    TooMany = "too_many", 422;
    /// The officer may read the record but not write this.
    DecisionNotTaken = "decision_not_taken", 409;
    /// The change was written under another device's name and is never let through.
    ParkedForever = "parked_forever", 409;

    /// There is nothing of that name to export.
    ExportUnknown = "export_unknown", 404;
    /// Records of that kind have no place on a map.
    NoGeopoint = "no_geopoint", 422;
    /// The reason is too long.
    ReasonTooLong = "reason_too_long", 422;
    /// The question is none that OData allows here.
    OdataUnfit = "odata_unfit", 400;
    /// The question is beyond what is answered at once.
    OdataTooMuch = "odata_too_much", 422;

    /// The data directory is read-only.
    DataDirReadOnly = "data_dir_read_only", 503;
    /// The data directory is of a newer version.
    DataDirNewer = "data_dir_newer", 503;
    /// Another server holds the data directory.
    DataDirInUse = "data_dir_in_use", 503;
    /// There is no register in the data directory.
    DataDirMissing = "data_dir_missing", 503;
    /// The database is damaged.
    DataDirDamaged = "data_dir_damaged", 503;
    /// The disk is full.
    DiskFull = "disk_full", 507;
    /// The database is busy.
    StoreBusy = "store_busy", 503;
    /// The file to be written is there already.
    FileExists = "file_exists", 409;
    /// The file to be read is not there.
    FileMissing = "file_missing", 404;
    /// A file could not be read or written.
    FileFailed = "file_failed", 500;
    /// The address to listen on is taken or not ours.
    ListenFailed = "listen_failed", 500;
    /// Certificate or key cannot be used.
    TlsUnfit = "tls_unfit", 500;
    /// The base path is not a path.
    BasePathUnfit = "base_path_unfit", 422;
}

/// A refusal on its way to its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub code: Code,
    /// What the words name: `{name}` in them is replaced.
    pub values: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem whose words name nothing.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            values: Vec::new(),
        }
    }

    /// The same with one more value for its words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// What happened and what to do.
    #[must_use]
    pub fn words(&self, lang: Lang) -> (String, String) {
        messages::problem(lang, self.code.name(), &self.values)
    }

    /// Seconds after which it is worth to ask again.
    #[must_use]
    pub fn wait_s(&self) -> Option<&str> {
        self.values
            .iter()
            .find(|(name, _)| *name == "wait_s")
            .map(|(_, value)| value.as_str())
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<FrameError> for Code {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::TooLarge => Self::FrameTooLarge,
            FrameError::Damaged => Self::FrameDamaged,
            FrameError::Malformed => Self::FrameMalformed,
            FrameError::Truncated => Self::StreamTruncated,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::ReadOnly => Code::DataDirReadOnly.into(),
            StoreError::Newer { found, known } => Self::new(Code::DataDirNewer)
                .with("found", found)
                .with("known", known),
            StoreError::InUse => Code::DataDirInUse.into(),
            StoreError::Missing => Code::DataDirMissing.into(),
            StoreError::DiskFull => Code::DiskFull.into(),
            StoreError::Damaged(detail) => {
                tracing::error!(detail, "the database is damaged");
                Code::DataDirDamaged.into()
            }
            StoreError::Busy => Code::StoreBusy.into(),
            StoreError::FileExists => Code::FileExists.into(),
            StoreError::FileMissing => Code::FileMissing.into(),
            StoreError::Io(detail) => Self::new(Code::FileFailed).with("detail", detail),
            StoreError::Internal(detail) => {
                tracing::error!(detail, "the store failed");
                Code::Internal.into()
            }
        }
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NotSignedIn => Code::NotSignedIn.into(),
            AccessError::TokenUnknown => Code::TokenUnknown.into(),
            AccessError::SessionExpired => Code::SessionExpired.into(),
            AccessError::ForeignSite => Code::ForeignSite.into(),
            AccessError::DeviceRevoked => Code::DeviceRevoked.into(),
            AccessError::UserDisabled => Code::UserDisabled.into(),
            AccessError::RoleForbidden => Code::RoleForbidden.into(),
            AccessError::OutOfScope => Code::OutOfScope.into(),
            AccessError::DeviceNeeded => Code::DeviceNeeded.into(),
            AccessError::WrongPassword => Code::WrongPassword.into(),
            AccessError::Throttled { wait_s } => Self::new(Code::Throttled).with("wait_s", wait_s),
            AccessError::PasswordUnfit => Code::PasswordUnfit.into(),
            AccessError::LoginTaken => Code::LoginTaken.into(),
            AccessError::LoginUnfit => Code::LoginUnfit.into(),
            AccessError::NameUnfit => Code::NameUnfit.into(),
            AccessError::RoleUnknown(role) => Self::new(Code::RoleUnknown).with("role", role),
            AccessError::UnitUnknown(unit) => Self::new(Code::UnitUnknown).with("unit", unit),
            AccessError::UnitAmbiguous { code, candidates } => Self::new(Code::UnitAmbiguous)
                .with("unit", code)
                .with("candidates", candidates),
            AccessError::UnitTooHigh(unit) => Self::new(Code::UnitTooHigh).with("unit", unit),
            AccessError::UnitNeeded => Code::UnitNeeded.into(),
            AccessError::UserUnknown => Code::UserUnknown.into(),
            AccessError::DeviceUnknown => Code::DeviceUnknown.into(),
            AccessError::LastAdmin => Code::LastAdmin.into(),
            AccessError::RoleHasNoDevice => Code::RoleHasNoDevice.into(),
            AccessError::CodeUnknown => Code::EnrolmentCodeUnknown.into(),
            AccessError::CodeExpired => Code::EnrolmentCodeExpired.into(),
            AccessError::CodeUsed => Code::EnrolmentCodeUsed.into(),
            AccessError::EnrolmentUnknown => Code::EnrolmentUnknown.into(),
            AccessError::TooManyStreams => Code::TooManyStreams.into(),
            AccessError::PublicKeyUnfit => Code::PublicKeyUnfit.into(),
            AccessError::Store(error) => error.into(),
        }
    }
}
