//! What stands before everything else: the native dialog, which keeps the focus inside and closes
//! with Escape by itself.

use leptos::html;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::{Button, ButtonKind, Icon, IconButton};
use crate::words::say;

/// A dialog. Its inside is drawn when it opens and gone when it closes.
#[component]
pub fn Dialog(
    /// The `data-id`; the closing button's is `<id>:close`.
    #[prop(into)]
    id: String,
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// Whether it is open; closing sets it.
    open: RwSignal<bool>,
    /// Runs after it closed, whoever closed it.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    /// As tall as the screen on a phone, for long lists.
    #[prop(optional)]
    tall: bool,
    /// The inside.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = open.get();
        // The inside is drawn in the same turn; what the dialog focuses must be there first.
        queue_microtask(move || show(node, wanted));
    });
    let closed = move |_| {
        open.set(false);
        if let Some(on_close) = on_close {
            // The browser says it a moment later; by then the screen may be another.
            on_close.try_run(());
        }
    };
    let outside = move |event: leptos::ev::MouseEvent| {
        if event.target() == event.current_target() {
            open.set(false);
        }
    };
    let children = StoredValue::new(children);
    let heading = super::dom_id(&format!("{id}:title"));
    let (close_id, titled) = (format!("{id}:close"), heading.clone());
    view! {
        <dialog class="dialog" class:tall=tall node_ref=node data-id=id aria-labelledby=titled
            on:close=closed on:click=outside>
            <Show when=move || open.get()>
                <div class="dialog-in">
                    <header class="dialog-head">
                        <h2 id=heading.clone()>{let title = title.clone(); move || title.get()}</h2>
                        <IconButton id=close_id.clone() label=say("ui.close") icon=Icon::Close
                            on_click=move |()| open.set(false) />
                    </header>
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </dialog>
    }
}

/// Opens or closes the native dialog; a browser that refuses leaves it as it is.
fn show(node: NodeRef<html::Dialog>, wanted: bool) {
    let Some(dialog) = node.try_get_untracked().flatten() else {
        return;
    };
    if wanted && !dialog.open() {
        let _ = dialog.show_modal();
    } else if !wanted && dialog.open() {
        dialog.close();
    }
}

/// Asks before something is done.
#[component]
pub fn Confirm(
    /// The `data-id`; the buttons' are `<id>:yes` and `<id>:no`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    title: TextProp,
    /// What will happen.
    #[prop(optional, into)]
    text: TextProp,
    /// The words of the button that does it.
    #[prop(into)]
    yes: TextProp,
    /// Whether it is asked now.
    open: RwSignal<bool>,
    /// Runs when the answer is yes, after the dialog closed.
    #[prop(into)]
    on_yes: Callback<()>,
    /// Whether it takes something away.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    let kind = if danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    let (yes_id, no_id) = (format!("{id}:yes"), format!("{id}:no"));
    let answered = move |()| {
        open.set(false);
        on_yes.run(());
    };
    view! {
        <Dialog id title open>
            <p>{let text = text.clone(); move || text.get()}</p>
            <div class="actions">
                <Button id=no_id.clone() label=say("ui.cancel") on_click=move |()| open.set(false) />
                <Button id=yes_id.clone() label=yes.clone() kind on_click=answered />
            </div>
        </Dialog>
    }
}
