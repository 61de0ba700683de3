//! The words of a report in a language.

use schemas::report::{Report, Words};

use crate::messages::{self, Lang};

/// Words in a language.
#[must_use]
pub fn said(lang: Lang, words: &Words) -> String {
    match words {
        Words::Code(code, params) => messages::report(lang, code, params),
        Words::Said(label) => label.get(lang.name()).to_owned(),
        Words::Name(name) => name.clone(),
    }
}

/// The title of a report.
#[must_use]
pub fn title(lang: Lang, report: Report) -> String {
    messages::report(lang, &format!("title.{}", report.code()), &[])
}
