//! Answers and changes in plain words. Pure, but for the names of other records.

use schemas::form::{Form, Target};
use schemas::path::FieldPath;
use schemas::value::{Answers, Scalar};

use crate::fill::{Looking, show_answer};
use crate::words::{language, t};

/// A value without its form.
#[must_use]
pub fn plain(value: &Scalar) -> String {
    match value {
        Scalar::Null => String::new(),
        Scalar::Bool(true) => t("ui.yes", &[]),
        Scalar::Bool(false) => t("ui.no", &[]),
        Scalar::Int(value) => value.to_string(),
        Scalar::Decimal(value) => crate::words::number(*value),
        Scalar::Text(text) => text.clone(),
    }
}

/// The words of a question; in a row, with whom or what the row is about.
#[must_use]
pub fn question(form: &Form, answers: &Answers, path: &str) -> String {
    match path {
        "review/state" => return t("record.review_state", &[]),
        "review/comment" => return t("record.review_comment", &[]),
        _ => {}
    }
    let words = schemas::project::label(form, path, language().code());
    match row_name(answers, path) {
        Some(name) => t("record.of_row", &[("name", &name), ("field", &words)]),
        None => words,
    }
}

/// What is wrong, and where; most findings name their question themselves.
#[must_use]
pub fn finding(form: &Form, answers: &Answers, path: &str, message: &str) -> String {
    let named = message.contains(&schemas::project::label(form, path, language().code()));
    match row_name(answers, path).filter(|_| named) {
        Some(name) => t("record.of_row", &[("name", &name), ("field", message)]),
        None if named => message.to_owned(),
        None => {
            let field = question(form, answers, path);
            t("record.finding", &[("field", &field), ("words", message)])
        }
    }
}

/// The name that stands in a row, if one does.
fn row_name(answers: &Answers, path: &str) -> Option<String> {
    let prefix = FieldPath::parse(path).map(|parsed| path[..parsed.prefix_len].to_owned())?;
    let name = answers.get(&format!("{prefix}full_name"))?.as_text()?;
    (!prefix.is_empty() && !path.ends_with("/full_name")).then(|| name.to_owned())
}

/// A value at a path, as people read it; words for an answer that was cleared.
#[must_use]
pub fn value(form: &Form, answers: &Answers, path: &str, value: &Scalar, looking: &dyn Looking) -> String {
    if value.is_blank() {
        return t("record.blank", &[]);
    }
    let with: Answers = answers
        .iter()
        .map(|(path, value)| (path.clone(), value.clone()))
        .chain([(path.to_owned(), value.clone())])
        .collect();
    let words = match path {
        "review/state" => t(&format!("record.review.{}", plain(value)), &[]),
        _ => show_answer(form, &with, path, looking),
    };
    if words.is_empty() { plain(value) } else { words }
}

/// What one write did, in one line; none for what only the program reads.
#[must_use]
pub fn write(
    form: &Form,
    before: &Answers,
    path: &str,
    after: Option<&Scalar>,
    looking: &dyn Looking,
) -> Option<String> {
    if path.starts_with('$') {
        return None;
    }
    let label = question(form, before, path);
    let target = form.resolve(path).map(|resolved| resolved.target);
    match target {
        Some(Target::Removed(_)) => {
            // Rows are begun with the mark that they were not taken out.
            let gone = after == Some(&Scalar::Bool(true));
            let was = before.get(path) == Some(&Scalar::Bool(true));
            let key = if gone {
                "record.row_gone"
            } else {
                "record.row_back"
            };
            (gone || was).then(|| t(key, &[("row", &label)]))
        }
        Some(Target::Option(..)) => {
            let ticked = after == Some(&Scalar::Bool(true));
            let key = if ticked {
                "record.ticked"
            } else {
                "record.unticked"
            };
            Some(t(key, &[("option", &label)]))
        }
        _ => {
            let new = value(form, before, path, after.unwrap_or(&Scalar::Null), looking);
            let old = before
                .get(path)
                .filter(|old| !old.is_blank() && Some(*old) != after);
            Some(match old {
                Some(old) => {
                    let old = value(form, before, path, old, looking);
                    t(
                        "record.changed",
                        &[("field", &label), ("old", &old), ("new", &new)],
                    )
                }
                None => t("record.wrote", &[("field", &label), ("new", &new)]),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use schemas::catalog::Catalog;
    use schemas::eval::{Lookup, NoLookup};

    use super::*;
    use crate::ui::OptionItem;

    struct Nobody;

    impl Looking for Nobody {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }

        fn user(&self) -> String {
            String::new()
        }

        fn lookup(&self) -> &dyn Lookup {
            &NoLookup
        }

        fn options(&self, _: &str, _: &str, _: &Answers) -> Vec<OptionItem> {
            Vec::new()
        }
    }

    #[test]
    fn changes_read_as_sentences() {
        let form = Catalog::builtin().form("household").expect("built in");
        let row = "members/0190b5d2-7c1a-7def-8a11-0123456789aa";
        let before = Answers::from([
            ("roof".to_owned(), "thatch".into()),
            (format!("{row}/full_name"), "Giàng A Páo".into()),
        ]);
        let said = |path: &str, after: Option<Scalar>| write(form, &before, path, after.as_ref(), &Nobody);
        for (path, after, words) in [
            ("roof", Some("tile".into()), Some("Mái nhà: Tranh, lá → Ngói")),
            ("roof", Some(Scalar::Null), Some("Mái nhà: Tranh, lá → để trống")),
            ("livestock", Some(Scalar::Int(3)), Some("Số trâu, bò, lợn: 3")),
            ("$kind", Some("household".into()), None),
        ] {
            assert_eq!(said(path, after).as_deref(), words, "{path}");
        }
        let literate = said(&format!("{row}/has_health_insurance"), Some(true.into()));
        assert_eq!(literate.as_deref(), Some("Giàng A Páo – Có bảo hiểm y tế: Có"));
        let gone = said(&format!("{row}/$removed"), Some(true.into()));
        assert!(gone.is_some_and(|words| words.contains("Giàng A Páo")));
        assert_eq!(said(&format!("{row}/$removed"), Some(false.into())), None);
    }
}
