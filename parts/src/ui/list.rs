//! Lists of records.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::{Icon, IconView};

/// A list; its children are [`ListRow`]s.
#[component]
pub fn List(
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! { <ul class="list">{children()}</ul> }
}

/// One row that leads somewhere.
#[component]
pub fn ListRow(
    /// The `data-id` of its button.
    #[prop(into)]
    id: String,
    /// The first line.
    #[prop(into)]
    title: TextProp,
    /// Further lines.
    #[prop(optional, into)]
    lines: Signal<Vec<String>>,
    /// A mark at the right; under the lines on a phone.
    #[prop(optional, into)]
    badge: ViewFn,
    /// Whether it is the one that is open beside the list.
    #[prop(optional, into)]
    selected: Signal<bool>,
    /// Runs when it is pressed.
    #[prop(into)]
    on_click: Callback<()>,
) -> impl IntoView {
    let line = |line: String| view! { <span class="sub">{line}</span> };
    view! {
        <li>
            <button type="button" class="row item" id=super::dom_id(&id) data-id=id.clone()
                aria-current=move || selected.get().then_some("true") on:click=move |_| on_click.run(())>
                <span class="words">
                    <span class="row-title">{move || title.get()}</span>
                    {move || lines.get().into_iter().map(line).collect_view()}
                </span>
                <span class="row-badge">{badge.run()}</span>
                <IconView icon=Icon::Next />
            </button>
        </li>
    }
}
