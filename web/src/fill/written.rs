//! Answers that are typed: text, numbers, money.

use leptos::prelude::*;
use schemas::form::{Field, FieldKind};
use schemas::value::Scalar;

use super::question::Asked;
use super::show;
use crate::ui::{NumberField, TextField};

/// From this length on a text is given several lines.
const LINE_CHARS_MAX: u32 = 200;

/// What is typed at a path: it follows the answer when something else changes it, and is left alone
/// while it already means the answer, so that nobody's `10,` turns into `10`.
pub(super) fn typed(asked: &Asked, kind: &FieldKind) -> RwSignal<String> {
    let (sheet, path, kind) = (asked.sheet, asked.path.clone(), kind.clone());
    let write =
        move |value: Option<Scalar>| value.map_or_else(String::new, |value| show::written(&kind, &value));
    let kept = sheet
        .unread
        .with_untracked(|unread| unread.get(&path).map(|unread| unread.text.clone()));
    let typed = RwSignal::new(kept.unwrap_or_else(|| write(untrack(|| sheet.worth(&path)))));
    let worth = asked.worth();
    Effect::new(move |_| {
        let worth = worth.get();
        let means = typed.with_untracked(|text| sheet.read(&path, text));
        // A text that means nothing is an answer that is not there.
        if means.unwrap_or_default() != worth {
            typed.set(write(worth));
        }
    });
    typed
}

/// What happens when a typed answer is left: it says what is wrong, and stands as it is stored.
pub(super) fn left(asked: &Asked, typed: RwSignal<String>, kind: &FieldKind) -> Callback<()> {
    let (sheet, path, kind) = (asked.sheet, asked.path.clone(), kind.clone());
    Callback::new(move |()| {
        sheet.touch_soon(&path);
        if let Ok(Some(value)) = typed.with_untracked(|text| sheet.read(&path, text)) {
            let written = show::written(&kind, &value);
            if typed.with_untracked(|text| *text != written) {
                typed.set(written);
            }
        }
    })
}

/// A text or a number.
#[component]
pub(super) fn Written(asked: Asked) -> impl IntoView {
    let Some((kind, style)) = asked.with_field(|field| (field.kind.clone(), Style::of(field))) else {
        return ().into_any();
    };
    let value = typed(&asked, &kind);
    let on_blur = left(&asked, value, &kind);
    let Asked {
        sheet,
        path,
        label,
        hint,
        error,
        required,
        ..
    } = asked;
    let id = path.clone();
    let on_input = Callback::new(move |text: String| sheet.put_typed(&path, &text));
    match kind {
        FieldKind::Money => {
            view! { <NumberField id label value hint error required on_input on_blur grouped=true unit="đ" /> }
                .into_any()
        }
        FieldKind::Integer => view! { <NumberField id label value hint error required on_input on_blur /> }.into_any(),
        FieldKind::Decimal => {
            view! { <NumberField id label value hint error required on_input on_blur decimal=true /> }.into_any()
        }
        _ => view! {
            <TextField id label value hint error required on_input on_blur kind=style.kind
                inputmode=style.inputmode multiline=style.multiline capitals=style.capitals />
        }
        .into_any(),
    }
}

/// How a text is typed best.
struct Style {
    kind: &'static str,
    inputmode: &'static str,
    multiline: bool,
    capitals: bool,
}

impl Style {
    fn of(field: &Field) -> Self {
        let named = |ending: &str| field.name == ending || field.name.ends_with(&format!("_{ending}"));
        let digits =
            matches!(field.appearance.as_deref(), Some("id_number" | "numbers")) || named("id_number");
        let phone = named("phone");
        Self {
            kind: if phone { "tel" } else { "text" },
            inputmode: if digits {
                "numeric"
            } else if phone {
                "tel"
            } else {
                "text"
            },
            multiline: field.appearance.as_deref() == Some("multiline") || is_long(field),
            capitals: named("name"),
        }
    }
}

/// True when the form lets the text be longer than a line.
fn is_long(field: &Field) -> bool {
    let bound = field.constraint.as_ref().and_then(|rule| {
        let (_, bound) = rule.source().split_once("string-length(.) <= ")?;
        let digits: String = bound.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    });
    bound.is_some_and(|bound| bound > LINE_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    use schemas::catalog::Catalog;

    use super::*;

    #[test]
    fn keyboards_and_lines() {
        let visit = Catalog::builtin().form("household_visit").unwrap();
        let fair = Catalog::builtin().form("job_fair_attendance").unwrap();
        assert!(Style::of(visit.field("aspirations").unwrap()).multiline);
        assert!(!Style::of(fair.field("full_name").unwrap()).multiline);
        assert!(Style::of(fair.field("full_name").unwrap()).capitals);
        assert_eq!(Style::of(fair.field("id_number").unwrap()).inputmode, "numeric");
        assert_eq!(Style::of(fair.field("phone").unwrap()).kind, "tel");
    }
}
