//! What is wrong, doubtful or worth knowing: about an answer, about a form, about a new version.
//!
//! A finding is never a failure. Its code is stable: reviewers filter by it, reports count it. Every
//! code stands in [`code`] and has its words in `messages/vi.json` and `messages/en.json`.

use serde::{Deserialize, Serialize};

use crate::form::Label;
use crate::message;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably a mistake; may stand.
    Warning,
    /// Breaks a rule.
    #[default]
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The field path in a record; in a form the schema path, `settings/…` or `choices/…`.
    pub path: String,
    /// One of [`code`].
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The words, per language.
    pub message: Label,
}

impl Finding {
    /// A finding with the words of the message table; `params` fill its `{…}`.
    #[must_use]
    pub fn new(path: &str, code: &'static str, severity: Severity, params: &[(&str, &str)]) -> Self {
        Self {
            path: path.to_owned(),
            code: code.to_owned(),
            severity,
            message: message::label(code, params),
        }
    }

    /// The words in one language.
    #[must_use]
    pub fn text(&self, language: &str) -> &str {
        self.message.get(language)
    }
}

/// Every code of a finding or of a refused answer.
pub mod code {
    macro_rules! codes {
        ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
            $($(#[$doc])* pub const $name: &str = $text;)*
            /// All of them.
            pub const ALL: &[&str] = &[$($text),*];
        };
    }

    codes! {
        /// About an answer: nothing there, and the form wants something.
        REQUIRED = "required";
        /// The form's own rule does not hold.
        CONSTRAINT = "constraint";
        /// The stored value is not of the field's kind.
        WRONG_TYPE = "wrong_type";
        /// The choice is not in the list.
        UNKNOWN_CHOICE = "unknown_choice";
        /// The choice is in the list, but not among those offered here.
        CHOICE_NOT_OFFERED = "choice_not_offered";
        /// There is an answer to a question that is not asked.
        ANSWER_HIDDEN = "answer_hidden";
        /// The record holds a path that the form does not know.
        UNKNOWN_FIELD = "unknown_field";
        /// The answer is longer than any field may be.
        TOO_LONG = "too_long";
        /// The record asked for more work than one evaluation may take.
        TOO_COMPLEX = "too_complex";
        /// A personal ID begins with no province or country we know.
        ID_NUMBER_PREFIX_UNKNOWN = "id_number_prefix_unknown";
        /// A personal ID says another sex than the answers.
        ID_NUMBER_SEX_MISMATCH = "id_number_sex_mismatch";
        /// A personal ID says another year of birth than the answers.
        ID_NUMBER_YEAR_MISMATCH = "id_number_year_mismatch";
        /// About an edit: the field takes no answer from a person.
        READ_ONLY_FIELD = "read_only_field";
        /// About an edit: this is a JSON value of another shape than a record.
        NOT_A_RECORD = "not_a_record";
        /// About an edit: more rows than one record may take at once.
        TOO_MANY_ROWS = "too_many_rows";
        /// About a form: calculations or conditions that depend on each other in a circle.
        FORM_CYCLE = "form_cycle";
        /// An expression names what the form does not have.
        DANGLING_NAME = "dangling_name";
        /// An expression names a group, which has no value.
        NAME_IS_GROUP = "name_is_group";
        /// A bare word that is no column of the choice list.
        UNKNOWN_COLUMN_NAME = "unknown_column_name";
        /// `lookup()` follows a field that is no reference.
        NOT_A_REFERENCE = "not_a_reference";
        /// An expression cannot be read.
        EXPRESSION_SYNTAX = "expression_syntax";
        /// The row's type is not one of those the contract lists.
        UNKNOWN_TYPE = "unknown_type";
        /// A name that cannot be a part of a path.
        INVALID_NAME = "invalid_name";
        /// Two rows of one scope have one name.
        DUPLICATE_NAME = "duplicate_name";
        /// Two choices of one list have one name.
        DUPLICATE_CHOICE = "duplicate_choice";
        /// A label lacks Vietnamese or English.
        MISSING_LABEL = "missing_label";
        /// A constraint without words to show.
        MISSING_MESSAGE = "missing_message";
        /// A select names a list that is not there.
        UNKNOWN_CHOICE_LIST = "unknown_choice_list";
        /// A list that no field uses.
        UNUSED_CHOICE_LIST = "unused_choice_list";
        /// A begin without its end, or an end without its begin.
        UNBALANCED_SECTION = "unbalanced_section";
        /// A `calculate` without a calculation.
        MISSING_CALCULATION = "missing_calculation";
        /// A reviewer's field is required of, or a key of, whoever fills the form.
        REVIEWER_FIELD = "reviewer_field";
        /// The form does not say which field holds the unit, or names none that can.
        UNIT_FIELD = "unit_field";
        /// A key names what is not a field outside repeats.
        UNKNOWN_KEY_FIELD = "unknown_key_field";
        /// A setting, key part or column that cannot be read.
        INVALID_SETTING = "invalid_setting";
        /// A column that the contract does not know.
        UNKNOWN_COLUMN = "unknown_column";
        /// A prefill that cannot be read or copies from a field that is no reference.
        INVALID_PREFILL = "invalid_prefill";
        /// A repeat takes the rows of a form that is not there.
        UNKNOWN_FORM = "unknown_form";
        /// More rows, choices or nesting than a form may have.
        FORM_TOO_LARGE = "form_too_large";
        /// About a new version: it is another form.
        FORM_ID_CHANGED = "form_id_changed";
        /// The version does not rise.
        VERSION_NOT_NEWER = "version_not_newer";
        /// The field has another type.
        TYPE_CHANGED = "type_changed";
        /// The field is gone; its answers stay in records, unseen.
        FIELD_REMOVED = "field_removed";
        /// The choice is gone.
        CHOICE_REMOVED = "choice_removed";
        /// Records would get other ids, or other duplicates would be proposed.
        KEY_CHANGED = "key_changed";
        /// Another field decides where records belong, or who shares them.
        SCOPE_CHANGED = "scope_changed";
        /// Others may write the field.
        WRITER_CHANGED = "writer_changed";
        /// The field is required now.
        BECAME_REQUIRED = "became_required";
    }
}
