//! A field for numbers, with the number keyboard; dots between thousands appear while typing.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::frame::described_by;
use super::{Frame, dom_id};
use crate::words::format::grouped as with_dots;

/// A number as text: what it means is for whoever reads `value`.
#[component]
pub fn NumberField(
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
    /// Dots between thousands while typing, for amounts of money.
    #[prop(optional)]
    grouped: bool,
    /// A keyboard with a decimal comma.
    #[prop(optional)]
    decimal: bool,
    /// The unit shown after the number.
    #[prop(optional, into)]
    unit: TextProp,
    /// Runs after every key with what is typed.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Runs when the field is left.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
) -> impl IntoView {
    let typed = move |event: leptos::ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let mut text = input.value();
        if grouped {
            let caret = input
                .selection_end()
                .ok()
                .flatten()
                .map_or(text.len(), |caret| caret as usize);
            let (dotted, caret) = regroup(&text, caret);
            if dotted != text {
                input.set_value(&dotted);
                let caret = u32::try_from(caret).unwrap_or(u32::MAX);
                // Without a caret to move there is nothing to keep in place.
                let _ = input.set_selection_range(caret, caret);
            }
            text = dotted;
        }
        value.set(text.clone());
        if let Some(on_input) = on_input {
            on_input.run(text);
        }
    };
    let left = move |_| {
        if let Some(on_blur) = on_blur {
            // As in `TextField`: what it tells may be gone.
            on_blur.try_run(());
        }
    };
    let mode = if decimal { "decimal" } else { "numeric" };
    let no_unit = {
        let unit = unit.clone();
        move || unit.get().is_empty()
    };
    view! {
        <Frame id=id.clone() label hint error required>
            <div class="beside">
                <input class="input number" id=dom_id(&id) data-id=id.clone() type="text" inputmode=mode
                    autocomplete="off" enterkeyhint="next" aria-describedby=described_by(&id)
                    aria-invalid=move || (!error.get().is_empty()).then_some("true")
                    aria-required=move || required.get().then_some("true")
                    prop:value=value on:input=typed on:blur=left />
                <span class="unit" hidden=no_unit>{move || unit.get()}</span>
            </div>
        </Frame>
    }
}

/// The digits of a text with dots between thousands, and where the caret stands then: before as many
/// digits as it stood before. A text that is no plain amount stays as it is.
fn regroup(text: &str, caret: usize) -> (String, usize) {
    let digit = |c: &char| c.is_ascii_digit();
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ' '));
    if !plain {
        return (text.to_owned(), caret);
    }
    let digits: String = text.chars().filter(digit).collect();
    let mut after = text.chars().skip(caret).filter(digit).count();
    let dotted = with_dots(&digits);
    let mut place = dotted.len();
    while after > 0 && place > 0 {
        place -= 1;
        after -= usize::from(dotted.as_bytes()[place].is_ascii_digit());
    }
    (dotted, place)
}

#[cfg(test)]
mod tests {
    use super::regroup;

    #[test]
    fn dots_appear_and_the_caret_stays() {
        for (text, caret, dotted, then) in [
            ("1", 1, "1", 1),
            ("1500", 4, "1.500", 5),
            ("1.5000", 6, "15.000", 6),
            ("1.500.00", 8, "150.000", 7),
            ("91.500", 1, "91.500", 1),
            ("9.1500", 1, "91.500", 1),
            ("1 500 000", 9, "1.500.000", 9),
            ("", 0, "", 0),
            ("-15", 3, "-15", 3),
            ("12a", 3, "12a", 3),
        ] {
            assert_eq!(regroup(text, caret), (dotted.to_owned(), then), "{text}");
        }
    }
}
