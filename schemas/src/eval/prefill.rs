//! How a new record gets its first answers.

use crate::eval::Context;
use crate::expr::local_date_time;
use crate::form::{Field, FieldKind, Form, Prefill, ROOT};
use crate::value::{Answers, Scalar};

/// What the unanswered fields outside repeats are filled with, given the answers so far. Fields are
/// looked at in document order and see what was filled before them, so a unit copied from the
/// household gives the commune. A value that the field could not store is left out, and so is one of
/// a question that is not asked.
#[must_use]
pub fn prefill(form: &Form, answers: &Answers, context: &Context) -> Vec<(String, Scalar)> {
    let mut known = answers.clone();
    let mut filled = Vec::new();
    // A field may be filled from one that stands after it; a second round sees that one.
    for _ in 0..2 {
        for item in form.items().iter().filter(|item| item.scope == ROOT) {
            let Some(field) = item.field() else { continue };
            let unanswered = known.get(&field.name).is_none_or(Scalar::is_blank);
            if unanswered && let Some(value) = first_answer(form, field, &known, context) {
                known.insert(field.name.clone(), value.clone());
                filled.push((field.name.clone(), value));
            }
        }
    }
    // What would not be asked is not answered either: a support visit says nothing of a class.
    let visible = super::evaluate(form, &known, context).visible;
    filled.retain(|(path, _)| visible.contains(path));
    filled
}

fn first_answer(form: &Form, field: &Field, known: &Answers, context: &Context) -> Option<Scalar> {
    let answer = |name: &str| known.get(name)?.as_text().filter(|text| !text.is_empty());
    let value = match field.prefill.as_ref()? {
        Prefill::FromRecord { field: from, path } => {
            let FieldKind::Reference(kind) = &form.field(from)?.kind else {
                return None;
            };
            context.lookup.value(kind, answer(from)?, path)?
        }
        Prefill::CommuneOf(unit) => Scalar::Text(context.lookup.commune_of(answer(unit)?)?),
        Prefill::User => Scalar::from(context.user?),
        Prefill::Now if field.kind == FieldKind::Date => Scalar::Text(context.today.to_string()),
        Prefill::Now => Scalar::Text(local_date_time(context.now)),
        Prefill::Today => Scalar::Text(context.today.to_string()),
        Prefill::Literal(value) => value.clone(),
    };
    let storable = !value.is_blank() && super::fits(&field.kind, &value);
    let chosen = value.as_text().filter(|_| field.choices.is_some());
    (storable && chosen.is_none_or(|name| field.has_choice(name))).then_some(value)
}
