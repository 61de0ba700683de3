//! One question of a form.

use std::sync::Arc;

use crate::expr::Expr;
use crate::finding::Severity;
use crate::form::{ChoiceList, Label};
use crate::value::Scalar;

/// What kind of answer a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Free text.
    Text,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A moment, `YYYY-MM-DDTHH:MM:SS+07:00`.
    DateTime,
    /// One name out of the named list.
    SelectOne(String),
    /// Any names out of the named list, stored as `field/option = true`.
    SelectMultiple(String),
    /// `lat lon altitude accuracy` in degrees and metres; the last two may be missing.
    Geopoint,
    /// The name of a picture.
    Image,
    /// The name of a file.
    File,
    /// A value that the form works out; nobody types it.
    Calculate,
    /// Words to read; no answer.
    Note,
    /// A value that is stored but not shown.
    Hidden,
    /// An amount of money in whole đồng.
    Money,
    /// The id of another record of this kind, or of reference data.
    Reference(String),
}

/// Kinds of reference data: their ids are codes, not only UUIDs.
pub const REFERENCE_DATA: [&str; 6] = [
    "admin_unit",
    "user",
    "poverty_standard",
    "review_round",
    "ethnic_group",
    "plan",
];

impl FieldKind {
    /// The kind as a form's `type` writes it.
    #[must_use]
    pub fn type_name(&self) -> String {
        let word = match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "dateTime",
            Self::SelectOne(list) => return format!("select_one {list}"),
            Self::SelectMultiple(list) => return format!("select_multiple {list}"),
            Self::Geopoint => "geopoint",
            Self::Image => "image",
            Self::File => "file",
            Self::Calculate => "calculate",
            Self::Note => "note",
            Self::Hidden => "hidden",
            Self::Money => "money",
            Self::Reference(kind) => return format!("reference {kind}"),
        };
        word.to_owned()
    }

    /// The choice list the field offers.
    #[must_use]
    pub fn list(&self) -> Option<&str> {
        match self {
            Self::SelectOne(list) | Self::SelectMultiple(list) => Some(list),
            _ => None,
        }
    }

    /// True when several choices may be ticked.
    #[must_use]
    pub fn is_multiple(&self) -> bool {
        matches!(self, Self::SelectMultiple(_))
    }

    /// True when a person may answer: everything but calculations and notes.
    #[must_use]
    pub fn takes_answer(&self) -> bool {
        !matches!(self, Self::Calculate | Self::Note)
    }
}

/// How personal an answer is; what is masked in lists and logged when opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pii {
    /// Not about a person, or harmless.
    #[default]
    None,
    /// Names, numbers, addresses.
    Basic,
    /// Health, ethnicity, poverty causes, location of a home.
    Sensitive,
}

/// What happens when two people wrote different answers without seeing each other's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ConflictRule {
    /// The disagreement is shown but nobody has to decide.
    #[default]
    Auto,
    /// The disagreement waits for the officer.
    Review,
}

/// Whether the field says who or what the record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKey {
    /// A part of the key that makes the record's id.
    Strong,
    /// A part of a key that only proposes duplicates.
    Weak,
}

/// Who may write the field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Writer {
    /// Whoever may write the record.
    #[default]
    Field,
    /// Reviewers only.
    Reviewer,
}

/// How an unanswered field is filled when a record is created.
#[derive(Debug, Clone, PartialEq)]
pub enum Prefill {
    /// `field.path`: copied from the record that `field` refers to.
    FromRecord {
        /// The reference field of this form.
        field: String,
        /// The path inside the other record.
        path: String,
    },
    /// `commune_of(field)`: the commune of the unit that `field` holds.
    CommuneOf(String),
    /// `user()`: who fills the form.
    User,
    /// `now()`: the moment of creation.
    Now,
    /// `today()`: the day of creation.
    Today,
    /// A literal.
    Literal(Scalar),
}

/// One question, with everything the form says about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The last part of the field's path.
    pub name: String,
    /// What kind of answer it takes.
    pub kind: FieldKind,
    /// The question.
    pub label: Label,
    /// Help under the question.
    pub hint: Label,
    /// When an answer must be there.
    pub required: Option<Expr>,
    /// When the question is asked at all.
    pub relevant: Option<Expr>,
    /// What an answer must satisfy; `.` is the answer.
    pub constraint: Option<Expr>,
    /// What to say when the constraint does not hold.
    pub constraint_message: Label,
    /// How much a broken constraint weighs: some rules only ask to look again.
    pub severity: Severity,
    /// The value the form works out. A `calculate` field always has it; any other field has it
    /// only while nobody has answered, so it is a proposal that a person may override.
    pub calculation: Option<Expr>,
    /// Which choices are offered; bare names are columns of the choice.
    pub choice_filter: Option<Expr>,
    /// The list itself, for the two select kinds.
    pub choices: Option<Arc<ChoiceList>>,
    /// How it is filled at creation.
    pub prefill: Option<Prefill>,
    /// How personal it is.
    pub pii: Pii,
    /// What a disagreement needs.
    pub conflict: ConflictRule,
    /// Whether it identifies the record.
    pub key: Option<FieldKey>,
    /// Who may write it.
    pub writer: Writer,
    /// A wish about how it is drawn (`multiline`, `numbers`); free text, may be ignored.
    pub appearance: Option<String>,
}

impl Field {
    /// A field of this kind that says nothing else.
    #[must_use]
    pub fn new(name: &str, kind: FieldKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            label: Label::default(),
            hint: Label::default(),
            required: None,
            relevant: None,
            constraint: None,
            constraint_message: Label::default(),
            severity: Severity::Error,
            calculation: None,
            choice_filter: None,
            choices: None,
            prefill: None,
            pii: Pii::None,
            conflict: ConflictRule::Auto,
            key: None,
            writer: Writer::Field,
            appearance: None,
        }
    }

    /// True when the field's list has this choice. Always false for fields without a list.
    #[must_use]
    pub fn has_choice(&self, name: &str) -> bool {
        self.choices.as_ref().is_some_and(|list| list.get(name).is_some())
    }
}
