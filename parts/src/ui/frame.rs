//! What stands around every input: its question, help, and what is wrong.

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use wasm_bindgen::JsCast;

use crate::words::say;

/// The DOM id of a piece: `f-` and its `data-id`, with only letters, digits and dashes.
#[must_use]
pub fn dom_id(id: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    format!("f-{}", id.chars().map(safe).collect::<String>())
}

/// Moves the focus to the piece with this id, or to what has its DOM id, and brings it into view.
/// Does nothing when it is not on screen.
pub fn focus(id: &str) {
    let found = document().get_element_by_id(&dom_id(id));
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        element.scroll_into_view_with_bool(true);
        // An element that takes no focus leaves it where it was, which is right.
        let _ = element.focus();
    }
}

/// Moves the focus to the first input inside what has this id.
pub fn focus_inside(id: &str) {
    let inside = format!("#{} :is(input, textarea, .pick)", dom_id(id));
    if let Ok(Some(element)) = document().query_selector(&inside)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// The ids of help and error of a piece, for `aria-describedby`.
pub(super) fn described_by(id: &str) -> String {
    let id = dom_id(id);
    format!("{id}-hint {id}-error")
}

/// A question with its help and its error around `children`, the input.
///
/// `group` is the role of an input made of several (`radiogroup`, `group`); then the question names
/// the group, else it is the label of the single input with the DOM id of `id`.
#[component]
pub fn Frame(
    /// The `data-id` of the input.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// Help under the question.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether an answer must be there.
    #[prop(optional, into)]
    required: Signal<bool>,
    /// The role of an input made of several.
    #[prop(optional)]
    group: &'static str,
    /// The input.
    children: Children,
) -> impl IntoView {
    let dom = dom_id(&id);
    let question = {
        let label = label.clone();
        move || {
            view! {
                {move || label.get()}
                <Show when=move || required.get()>
                    <span class="req" aria-hidden="true">" *"</span>
                    <span class="sr">" ("{say("ui.required")}")"</span>
                </Show>
            }
        }
    };
    let head = if group.is_empty() {
        view! { <label class="ask" for=dom.clone()>{question()}</label> }.into_any()
    } else {
        view! { <div class="ask" id=format!("{dom}-label")>{question()}</div> }.into_any()
    };
    let role = (!group.is_empty()).then_some(group);
    let named = role.map(|_| format!("{dom}-label"));
    let described = role.map(|_| described_by(&id));
    let group_id = role.map(|_| dom.clone());
    let no_hint = {
        let hint = hint.clone();
        move || hint.get().is_empty()
    };
    view! {
        <div class="field" class:bad=move || !error.get().is_empty() role=role id=group_id
            tabindex=role.map(|_| "-1") aria-labelledby=named aria-describedby=described
            aria-required=move || role.is_some_and(|role| role == "radiogroup" && required.get()).then_some("true")>
            {head}
            <p class="hint" id=format!("{dom}-hint") hidden=no_hint>{move || hint.get()}</p>
            {children()}
            <p class="err" id=format!("{dom}-error") aria-live="polite" hidden=move || error.get().is_empty()>
                {move || error.get()}
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_safe_for_the_document() {
        assert_eq!(dom_id("members/01-9a/full_name"), "f-members-01-9a-full_name");
        assert_eq!(described_by("phone"), "f-phone-hint f-phone-error");
    }
}
