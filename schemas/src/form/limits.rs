//! Every bound on a form and on an answer, related to each other where one needs the other.

/// A form file, in bytes.
pub const FORM_BYTES_MAX: usize = 1 << 20;
/// Rows of a survey, embedded forms included.
pub const SURVEY_ROWS_MAX: usize = 2_000;
/// Groups and repeats inside one another.
pub const SECTION_DEPTH_MAX: usize = 8;
/// Repeats inside one another.
pub const REPEAT_DEPTH_MAX: usize = 3;
/// Choices of one form, all lists together.
pub const CHOICES_MAX: usize = 5_000;
/// A name of a field, list or form, or a code of a choice, in bytes.
pub const NAME_BYTES_MAX: usize = 64;
/// A label, hint or message in one language, in bytes.
pub const LABEL_BYTES_MAX: usize = 4_000;
/// Languages of one label.
pub const LANGUAGES_MAX: usize = 16;
/// A field path of a record, in bytes.
pub const PATH_BYTES_MAX: usize = 448;
/// An expression, in bytes.
pub const EXPR_BYTES_MAX: usize = 4_000;
/// Operators and parentheses inside one another.
pub const EXPR_DEPTH_MAX: usize = 32;
/// Operators in one chain (`a or b or c …`), plus what they stand in.
pub const EXPR_CHAIN_MAX: usize = 200;
/// Operators, calls, names and literals of one expression.
pub const EXPR_NODES_MAX: usize = 1_000;
/// A text that an expression builds, in bytes; a longer one is blank.
pub const EXPR_TEXT_BYTES_MAX: usize = 16_384;
/// Steps that one evaluation of a record may take; after that every expression is blank and the
/// evaluation says so.
pub const EVAL_STEPS_MAX: u32 = 1_000_000;
/// States of a compiled pattern.
pub const REGEX_STATES_MAX: usize = 1_000;
/// Steps that one match may take; after that there is no match.
pub const REGEX_STEPS_MAX: usize = 2_000_000;
/// A text answer, in characters.
pub const TEXT_CHARS_MAX: usize = 10_000;
/// Rows of one repeat in one JSON answer.
pub const ROWS_MAX: usize = 500;
/// Lookup strings of one weak key.
pub const WEAK_LOOKUPS_MAX: usize = 27;
/// Strings one weak key may store of one record: a household has so many members, and no more are compared.
pub const WEAK_STORES_MAX: usize = 60;

const _: () = assert!(
    PATH_BYTES_MAX > REPEAT_DEPTH_MAX * (NAME_BYTES_MAX + 1 + 37) + 2 * NAME_BYTES_MAX,
    "every path that a form can ask for fits"
);
const _: () = assert!(EXPR_NODES_MAX <= EXPR_BYTES_MAX);
const _: () = assert!(CHOICES_MAX * 16 < FORM_BYTES_MAX);
