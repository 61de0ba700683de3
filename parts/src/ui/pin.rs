//! Typing a PIN: a field that no one reads over the shoulder, and large digits below it.
//!
//! The digits are hidden by style. A password input would make the browser offer to keep the PIN, and
//! to copy it into the account of whoever's phone this once was.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::frame::described_by;
use super::{Button, ButtonKind, Frame, Icon, IconView, dom_id};
use crate::words::{count, say, t};

/// A PIN is long enough to be worth guessing at, and short enough to be remembered.
const DIGITS_MAX: usize = 32;

/// A PIN. The field takes the keyboard too; the digits below spare opening it.
#[component]
pub fn PinPad(
    /// The `data-id` of the field; the digits' are `<id>:0` … `<id>:9`, `<id>:delete`, `<id>:done`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// What is typed: digits only.
    value: RwSignal<String>,
    /// Runs when enough digits are there and the button or Enter is pressed.
    #[prop(into)]
    on_done: Callback<()>,
    /// Help under the question.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// True while the PIN is tried.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// How many digits are enough.
    #[prop(default = 6)]
    digits_min: usize,
    /// The words of the button.
    #[prop(optional, into)]
    done: Option<TextProp>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let enough = move || value.with(|value| value.len() >= digits_min);
    let finish = move || {
        if value.with_untracked(|value| value.len() >= digits_min) && !busy.get_untracked() {
            on_done.run(());
        }
    };
    let typed = move |event: leptos::ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let digits: String = input
            .value()
            .chars()
            .filter(char::is_ascii_digit)
            .take(DIGITS_MAX)
            .collect();
        if input.value() != digits {
            input.set_value(&digits);
        }
        value.set(digits);
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            finish();
        }
    };
    let seen = move || {
        t(
            if shown.get() {
                "ui.hide_digits"
            } else {
                "ui.show_digits"
            },
            &[],
        )
    };
    let done = done.unwrap_or_else(|| say("ui.continue").into());
    let (digits_id, done_id) = (id.clone(), format!("{id}:done"));
    view! {
        <div class="pin">
            <Frame id=id.clone() label hint error>
                <input class="input pin-input" class:hide=move || !shown.get() id=dom_id(&id) data-id=id.clone()
                    type="text" inputmode="numeric" autocomplete="off" spellcheck="false" maxlength=DIGITS_MAX.to_string() aria-describedby=described_by(&id)
                    aria-invalid=move || (!error.get().is_empty()).then_some("true")
                    prop:value=value on:input=typed on:keydown=key />
                <button type="button" class="link" data-id=format!("{id}:show")
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    on:click=move |_| shown.update(|shown| *shown = !*shown)>{seen}</button>
            </Frame>
            <p class="sr" role="status">
                {move || t("ui.digits_typed", &[("n", &count(value.with(String::len)))])}
            </p>
            <Digits id=digits_id value />
            <Button id=done_id label=done kind=ButtonKind::Primary wide=true busy
                disabled=Signal::derive(move || !enough()) on_click=move |()| finish() />
        </div>
    }
}

/// The digits, as on a telephone.
#[component]
fn Digits(id: String, value: RwSignal<String>) -> impl IntoView {
    let push = move |digit: char| {
        value.update(|value| {
            if value.len() < DIGITS_MAX {
                value.push(digit);
            }
        });
    };
    // Keeping the focus where it is keeps the phone's keyboard away.
    let stay = |event: leptos::ev::MouseEvent| event.prevent_default();
    let key = |digit: char| {
        view! {
            <button type="button" class="digit" data-id=format!("{id}:{digit}") on:mousedown=stay
                on:click=move |_| push(digit)>{digit.to_string()}</button>
        }
    };
    let delete = format!("{id}:delete");
    view! {
        <div class="digits">
            {"123456789".chars().map(key).collect_view()}
            <span></span>
            {key('0')}
            <button type="button" class="digit" data-id=delete aria-label=say("ui.digit_delete")
                on:mousedown=stay on:click=move |_| value.update(|value| { value.pop(); })>
                <IconView icon=Icon::Back />
            </button>
        </div>
    }
}
