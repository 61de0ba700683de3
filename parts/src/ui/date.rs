//! Days and times as they are written here, typed or taken from the phone's calendar.
//!
//! The native date input shows days the way the browser's language does, which on a second-hand
//! phone is often mm/dd/yyyy, and makes a birth year of 1950 a long scroll. So the field is text,
//! and the native input lies over the calendar button, for whoever prefers it.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::frame::described_by;
use super::{Frame, Icon, IconView, dom_id};
use crate::words::{date, read_date, say, t};

/// A day, typed as dd/mm/yyyy; slashes appear by themselves.
#[component]
pub fn DateField(
    /// The `data-id`; the calendar's is `<id>:calendar`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// What is typed.
    value: RwSignal<String>,
    /// Help under the question.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether an answer must be there.
    #[prop(optional, into)]
    required: Signal<bool>,
    /// Runs after every change with what is typed.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Runs when the field is left.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// Stands beside the field: a time, a button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let changed = Callback::new(move |text: String| {
        value.set(text.clone());
        if let Some(on_input) = on_input {
            on_input.run(text);
        }
    });
    let iso = move || value.with(|typed| read_date(typed).map_or_else(String::new, |day| day.to_string()));
    let from_calendar = move |event| {
        let picked = event_target_value(&event);
        changed.run(if picked.is_empty() { picked } else { date(&picked) });
    };
    let asked = label.clone();
    let calendar = move || t("ui.calendar", &[("label", &asked.get())]);
    view! {
        <Frame id=id.clone() label hint error required>
            <div class="beside">
                <Shaped id=id.clone() value shape=slashed changed on_blur error required
                    placeholder="ui.date_shape" />
                <span class="calendar icon-btn">
                    <IconView icon=Icon::Calendar />
                    <input type="date" data-id=format!("{id}:calendar") aria-label=calendar tabindex="-1"
                        prop:value=iso on:change=from_calendar />
                </span>
                {children.map(|children| children())}
            </div>
        </Frame>
    }
}

/// A time of day, typed as HH:MM; the colon appears by itself.
#[component]
pub fn TimeField(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// What is typed.
    value: RwSignal<String>,
    /// Help under the question.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether an answer must be there.
    #[prop(optional, into)]
    required: Signal<bool>,
    /// Runs after every change with what is typed.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Runs when the field is left.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
) -> impl IntoView {
    let changed = Callback::new(move |text: String| {
        value.set(text.clone());
        if let Some(on_input) = on_input {
            on_input.run(text);
        }
    });
    view! {
        <Frame id=id.clone() label hint error required>
            <Shaped id value shape=with_colon changed on_blur error required placeholder="ui.time_shape" />
        </Frame>
    }
}

/// A text input that puts separators in while digits are typed at its end.
#[component]
fn Shaped(
    id: String,
    value: RwSignal<String>,
    shape: fn(&str, &str) -> String,
    changed: Callback<String>,
    #[prop(optional_no_strip)] on_blur: Option<Callback<()>>,
    error: Signal<String>,
    required: Signal<bool>,
    placeholder: &'static str,
) -> impl IntoView {
    let typed = move |event: leptos::ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let text = input.value();
        let at_end = input
            .selection_end()
            .ok()
            .flatten()
            .is_none_or(|caret| caret as usize >= text.len());
        let shaped = if at_end {
            value.with_untracked(|before| shape(before, &text))
        } else {
            text.clone()
        };
        if shaped != text {
            input.set_value(&shaped);
        }
        changed.run(shaped);
    };
    let left = move |_| {
        if let Some(on_blur) = on_blur {
            // As in `TextField`: what it tells may be gone.
            on_blur.try_run(());
        }
    };
    view! {
        <input class="input number" id=dom_id(&id) data-id=id.clone() type="text" inputmode="numeric"
            autocomplete="off" enterkeyhint="next" placeholder=say(placeholder)
            aria-describedby=described_by(&id)
            aria-invalid=move || (!error.get().is_empty()).then_some("true")
            aria-required=move || required.get().then_some("true")
            prop:value=value on:input=typed on:blur=left />
    }
}

/// What a typed day becomes: `5` → `05/`, `0508` → `05/08/`. Deleting puts nothing back, and what is
/// no day is left alone.
fn slashed(before: &str, typed: &str) -> String {
    if schemas::expr::is_date(typed) {
        return date(typed);
    }
    // A part is full when another digit could not belong to it: no day begins with 4, no month with 2.
    separated(before, typed, '/', &[(2, '3'), (2, '1'), (4, '9')])
}

/// What a typed time becomes: `8` → `08:`, `1430` → `14:30`.
fn with_colon(before: &str, typed: &str) -> String {
    separated(before, typed, ':', &[(2, '2'), (2, '9')])
}

/// Digits in parts of the given lengths; the highest first digit of each part of two.
fn separated(before: &str, typed: &str, separator: char, parts: &[(usize, char)]) -> String {
    let known = |c: char| c.is_ascii_digit() || matches!(c, '/' | '-' | '.' | ':' | ' ' | 'h');
    if typed.len() < before.len() || !typed.chars().all(known) {
        return typed.to_owned();
    }
    let (mut out, mut part, mut at) = (String::new(), String::new(), 0);
    for c in typed.chars() {
        let last = at + 1 == parts.len();
        let (length, first_max) = parts[at];
        if c.is_ascii_digit() {
            part.push(c);
        } else if part.is_empty() || last {
            continue;
        }
        let whole =
            part.len() == length || !c.is_ascii_digit() || (length == 2 && part.len() == 1 && c > first_max);
        if whole && !last {
            out.push_str(&format!("{part:0>length$}{separator}"));
            part.clear();
            at += 1;
        } else if part.len() >= length {
            break;
        }
    }
    out + &part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_in(shape: fn(&str, &str) -> String, keys: &str) -> String {
        keys.chars().fold(String::new(), |before, key| {
            shape(&before, &format!("{before}{key}"))
        })
    }

    #[test]
    fn slashes_appear() {
        for (keys, shown) in [
            ("05081987", "05/08/1987"),
            ("5/8/1987", "05/08/1987"),
            ("581987", "05/08/1987"),
            ("31121950", "31/12/1950"),
            ("1/1/2000", "01/01/2000"),
            ("3.12.2026", "03/12/2026"),
            ("310820269", "31/08/2026"),
        ] {
            assert_eq!(type_in(slashed, keys), shown, "{keys}");
        }
        assert_eq!(slashed("", "5/8/1987"), "05/08/1987");
        assert_eq!(slashed("", "1987-08-05"), "05/08/1987");
        assert_eq!(slashed("05/", "05"), "05");
        assert_eq!(slashed("", "mồng 5"), "mồng 5");
    }

    #[test]
    fn the_colon_appears() {
        for (keys, shown) in [
            ("1430", "14:30"),
            ("830", "08:30"),
            ("8h30", "08:30"),
            ("23:59", "23:59"),
        ] {
            assert_eq!(type_in(with_colon, keys), shown, "{keys}");
        }
        assert_eq!(with_colon("08:", "08"), "08");
    }
}
