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
    /// The field it reads: its schema path, so that one inside a repeat stands for that of any row.
    pub field: String,
    /// Fields whose answer is worth as much: `head_id_number or members/id_number`.
    pub others: Vec<String>,
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
    /// `near(field)`: folded text in which letters may differ ([`crate::key::is_near`]). Last in its key.
    Near,
    /// `day(field)`: the local date of a moment.
    Day,
    /// `month(field)`: year and month.
    Month,
    /// `year(field)`: the year.
    Year,
}

impl KeyPart {
    /// Reads `field`, `~field`, `near(field)`, `day(field)`, `month(field)`, `year(field)`, each perhaps with `~1`;
    /// `field or field` where any of several serves.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split(" or ").map(str::trim);
        let mut part = Self::parse_one(fields.next()?)?;
        part.others = fields.map(str::to_owned).collect();
        part.others.iter().all(|field| is_path(field)).then_some(part)
    }

    /// All the fields it reads.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.field)
            .chain(&self.others)
            .map(String::as_str)
    }

    fn parse_one(text: &str) -> Option<Self> {
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
        } else if let Some(field) = wrapped("near") {
            (field, KeyForm::Near)
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
        (is_path(field) && (numeric || !within_one)).then(|| Self {
            field: field.to_owned(),
            others: Vec::new(),
            form,
            within_one,
        })
    }
}

/// A schema path: names joined with `/`.
fn is_path(text: &str) -> bool {
    text.split('/').all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_parts() {
        let part = |field: &str, form, within_one| KeyPart {
            field: field.into(),
            others: Vec::new(),
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
            ("near(head_name)", part("head_name", KeyForm::Near, false)),
            (
                "members/id_number",
                part("members/id_number", KeyForm::Plain, false),
            ),
        ] {
            assert_eq!(KeyPart::parse(text), Some(expected), "{text}");
        }
        let either = KeyPart::parse("head_id_number or members/id_number").expect("a part");
        assert_eq!(
            either.fields().collect::<Vec<_>>(),
            ["head_id_number", "members/id_number"]
        );
        for text in [
            "",
            "~",
            "a or",
            "a or b c",
            "members/",
            "near(x)~1",
            "day()",
            "hour(x)",
            "~full_name~1",
            "a b",
            "day(x)~1",
        ] {
            assert_eq!(KeyPart::parse(text), None, "{text}");
        }
    }
}
