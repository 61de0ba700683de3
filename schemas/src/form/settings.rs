//! What a form says about itself as a whole.

use crate::id::{FormId, is_name};

/// The settings of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The form's name, and the `$kind` of its records.
    pub form_id: FormId,
    /// Rises with every release.
    pub version: u32,
    /// The field whose value is the unit that a record belongs to.
    pub unit: Option<String>,
    /// Who else reads and writes the records.
    pub shared: Shared,
    /// Alternatives in order; the first whose parts are all answered makes the record's id.
    pub strong_key: Vec<Vec<KeyPart>>,
    /// Each proposes records that may be the same.
    pub weak_keys: Vec<Vec<KeyPart>>,
    /// `form.repeat` when this form's records live as rows inside another's.
    pub embedded_in: Option<(String, String)>,
    /// The field that names a record in lists.
    pub title_field: Option<String>,
}

/// Whether records are shared beyond their unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shared {
    /// Those whose scope holds the record's unit.
    #[default]
    No,
    /// Everyone in the commune of the record's unit.
    Commune,
}

/// One part of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPart {
    /// The field it reads.
    pub field: String,
    /// What is taken from the answer.
    pub form: KeyForm,
    /// `~1`: an integer within one of the other's is the same for a weak key.
    pub within_one: bool,
}

/// What a key takes from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyForm {
    /// The answer itself.
    Plain,
    /// `~field`: folded text.
    Folded,
    /// `day(field)`: the local date of a moment.
    Day,
    /// `month(field)`: year and month.
    Month,
    /// `year(field)`: the year.
    Year,
}

impl KeyPart {
    /// Reads `field`, `~field`, `day(field)`, `month(field)`, `year(field)`, each perhaps with `~1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (text, within_one) = match text.strip_suffix("~1") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let wrapped = |word: &str| {
            let inner = text.strip_prefix(word)?.strip_prefix('(')?;
            inner.strip_suffix(')')
        };
        let (field, form) = if let Some(field) = text.strip_prefix('~') {
            (field, KeyForm::Folded)
        } else if let Some(field) = wrapped("day") {
            (field, KeyForm::Day)
        } else if let Some(field) = wrapped("month") {
            (field, KeyForm::Month)
        } else if let Some(field) = wrapped("year") {
            (field, KeyForm::Year)
        } else {
            (text, KeyForm::Plain)
        };
        let field = field.trim();
        let numeric = matches!(form, KeyForm::Plain | KeyForm::Year);
        (is_name(field) && (numeric || !within_one)).then(|| Self {
            field: field.to_owned(),
            form,
            within_one,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_parts() {
        let part = |field: &str, form, within_one| KeyPart {
            field: field.into(),
            form,
            within_one,
        };
        for (text, expected) in [
            ("fair_id", part("fair_id", KeyForm::Plain, false)),
            ("~full_name", part("full_name", KeyForm::Folded, false)),
            ("day(visited_at)", part("visited_at", KeyForm::Day, false)),
            ("month(paid_on)", part("paid_on", KeyForm::Month, false)),
            ("birth_year~1", part("birth_year", KeyForm::Plain, true)),
            ("year(birth_date)~1", part("birth_date", KeyForm::Year, true)),
        ] {
            assert_eq!(KeyPart::parse(text), Some(expected), "{text}");
        }
        for text in ["", "~", "day()", "hour(x)", "~full_name~1", "a b", "day(x)~1"] {
            assert_eq!(KeyPart::parse(text), None, "{text}");
        }
    }
}
