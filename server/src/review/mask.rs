//! Personal answers, hidden from those who may only see them with a reason.

use schemas::form::{Form, Pii};
use schemas::value::{Answers, Scalar};

/// What stands in place of a personal answer.
pub const MASK: &str = "•••";

/// The answers with every personal one masked; a multiple choice shows no ticks.
#[must_use]
pub fn masked(form: &Form, answers: &Answers) -> Answers {
    let personal = |path: &str| {
        form.resolve(path)
            .and_then(|resolved| resolved.field())
            .is_some_and(|field| field.pii != Pii::None)
    };
    let mut shown = Answers::new();
    for (path, value) in answers {
        if !personal(path) {
            shown.insert(path.clone(), value.clone());
        } else if matches!(value, Scalar::Text(_) | Scalar::Int(_) | Scalar::Decimal(_)) {
            shown.insert(path.clone(), Scalar::from(MASK));
        }
    }
    shown
}
