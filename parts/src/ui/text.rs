//! Fields for words.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::frame::described_by;
use super::{Frame, Icon, IconView, dom_id};
use crate::words::say;

/// One line or several lines of text.
///
/// `value` holds what is typed. The field is never disabled, not even while something is saved.
#[component]
pub fn TextField(
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
    /// The kind of input: `text`, `tel`, `password`, `url`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in; nothing unless said.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The keyboard to show.
    #[prop(default = "text")]
    inputmode: &'static str,
    /// Several lines.
    #[prop(optional)]
    multiline: bool,
    /// Capitals at the beginning of words, for names.
    #[prop(optional)]
    capitals: bool,
    /// Words in the empty field that show the shape of an answer.
    #[prop(optional, into)]
    placeholder: TextProp,
    /// Runs after every key with what is typed.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Runs when the field is left.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
) -> impl IntoView {
    let typed = move |text: String| {
        value.set(text.clone());
        if let Some(on_input) = on_input {
            on_input.run(text);
        }
    };
    let left = move || {
        if let Some(on_blur) = on_blur {
            // A browser takes the focus from a field that goes; by then its form may be gone.
            on_blur.try_run(());
        }
    };
    let invalid = move || (!error.get().is_empty()).then_some("true");
    let required_now = move || required.get().then_some("true");
    let capital = if capitals { "words" } else { "sentences" };
    let (dom, described, data) = (dom_id(&id), described_by(&id), id.clone());
    let input = if multiline {
        view! {
            <textarea class="input" id=dom data-id=data rows="3" autocapitalize=capital
                aria-describedby=described aria-invalid=invalid aria-required=required_now
                prop:value=value on:input=move |event| typed(event_target_value(&event))
                on:blur=move |_| left()></textarea>
        }
        .into_any()
    } else {
        view! {
            <input class="input" id=dom data-id=data type=kind inputmode=inputmode autocomplete=autocomplete
                autocapitalize=capital enterkeyhint="next" placeholder=move || placeholder.get()
                aria-describedby=described aria-invalid=invalid aria-required=required_now
                prop:value=value on:input=move |event| typed(event_target_value(&event))
                on:blur=move |_| left() />
        }
        .into_any()
    };
    view! { <Frame id label hint error required>{input}</Frame> }
}

/// A field to search with, and a button that empties it.
#[component]
pub fn SearchField(
    /// The `data-id`; the button's is `<id>:clear`.
    #[prop(into)]
    id: String,
    /// What is searched, read aloud and shown in the empty field.
    #[prop(into)]
    label: TextProp,
    /// What is typed.
    value: RwSignal<String>,
    /// Runs after every key with what is typed.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> impl IntoView {
    let typed = move |text: String| {
        value.set(text.clone());
        if let Some(on_input) = on_input {
            on_input.run(text);
        }
    };
    let (name, shown) = (label.clone(), label);
    view! {
        <div class="search">
            <IconView icon=Icon::Search />
            <input class="input" id=dom_id(&id) data-id=id.clone() type="search" autocomplete="off"
                enterkeyhint="search" aria-label=move || name.get() placeholder=move || shown.get()
                prop:value=value on:input=move |event| typed(event_target_value(&event)) />
            <Show when=move || !value.get().is_empty()>
                <button type="button" class="icon-btn" data-id=format!("{id}:clear")
                    aria-label=say("ui.clear_text") on:click=move |_| typed(String::new())>
                    <IconView icon=Icon::Close />
                </button>
            </Show>
        </div>
    }
}
