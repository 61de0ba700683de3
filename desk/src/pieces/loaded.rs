//! What is on its way, here, or not to be had; and what was not done.

use leptos::prelude::*;
use parts::ui::{Banner, Button, Skeleton, Tone};

use crate::api::Failure;
use crate::app::Remote;
use crate::words::say;

/// Draws something from the server: grey lines until it came, and words with a way to try again when it did not.
pub fn loaded<T: Clone + PartialEq + Send + Sync + 'static>(
    remote: Remote<T>,
    again: impl Fn() + Copy + Send + Sync + 'static,
    show: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> impl IntoView {
    let here = Memo::new(move |_| remote.value.with(Option::is_some));
    let failed = Memo::new(move |_| remote.failure.with(Option::is_some));
    view! {
        <Show when=move || failed.get()>
            <Banner id="failed" tone=Tone::Bad title=move || failure_title(remote.failure)>
                <p>{move || failure_hint(remote.failure)}</p>
                <div><Button id="again" label=say("desk.again") on_click=move |()| again() /></div>
            </Banner>
        </Show>
        <Show when=move || !here.get() && !failed.get()><Skeleton rows=5 /></Show>
        {move || remote.value.get().map(&show)}
    }
}

fn failure_title(failure: RwSignal<Option<Failure>>) -> String {
    failure
        .with(|failure| failure.as_ref().map(|failure| failure.title.clone()))
        .unwrap_or_default()
}

fn failure_hint(failure: RwSignal<Option<Failure>>) -> String {
    failure
        .with(|failure| failure.as_ref().map(|failure| failure.hint.clone()))
        .unwrap_or_default()
}

/// Why something was not done; nothing while all is well.
#[component]
pub fn Said(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// What went wrong.
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    view! {
        <Show when=move || failure.with(Option::is_some)>
            <Banner id=id.clone() tone=Tone::Bad title=move || failure_title(failure)>
                <p>{move || failure_hint(failure)}</p>
            </Banner>
        </Show>
    }
}
