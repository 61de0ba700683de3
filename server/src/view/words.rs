//! The folded words a record is found by.

use schemas::form::{Field, FieldKind, Form, Pii};
use schemas::text::fold_search;
use schemas::value::{Answers, Scalar};

/// Longest text that is indexed for one record, in bytes.
const WORDS_BYTES_MAX: usize = 4 * 1024;

/// Title and text answers, folded: "dao" finds "Đào", "ly" finds "Lí". Sensitive answers are not
/// searched.
pub(super) fn of(form: &Form, answers: &Answers, title: &str) -> String {
    let mut words = fold_search(title);
    for (path, value) in answers {
        let Scalar::Text(text) = value else { continue };
        let searched = form
            .resolve(path)
            .and_then(|resolved| resolved.field())
            .is_some_and(is_searched);
        if searched && words.len() + text.len() < WORDS_BYTES_MAX {
            words.push(' ');
            words.push_str(&fold_search(text));
        }
    }
    words
}

fn is_searched(field: &Field) -> bool {
    field.kind == FieldKind::Text && field.pii != Pii::Sensitive
}
