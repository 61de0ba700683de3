//! A change that was set aside, with the record it belongs to under it.

use leptos::prelude::*;

use crate::api::Page;
use crate::api::queue::Item;
use crate::api::records::{Aside, one};
use crate::app::{Desk, Remote};
use crate::screens::record::{AsideCard, Record};
use crate::words::say;

/// The change with this hash, as the list tells it.
#[component]
pub fn Parked(id: Memo<String>, page: Remote<Page<Item>>, on_decided: Callback<()>) -> impl IntoView {
    let desk = Desk::here();
    let found = Memo::new(move |_| {
        let wanted = id.get();
        page.value.with(|page| {
            let items = page.iter().flat_map(|page| &page.items);
            items.into_iter().find_map(|item| match item {
                Item::Parked { change } if change.change == wanted => Some(change.clone()),
                _ => None,
            })
        })
    });
    // The record may not exist yet: then the paths stand as they are.
    let record = Remote::new();
    Effect::new(move |_| {
        record.forget();
        if let Some(change) = found.get() {
            record.ask(desk, async move {
                let body = one(&change.record, "").await?;
                let form = desk.form(&body.kind, body.form).await?;
                Ok((form, body.data))
            });
        }
    });
    let card = move |aside: Aside| {
        let whole = aside.record.clone();
        let there = Memo::new(move |_| record.value.with(Option::is_some));
        view! {
            {move || {
                let (aside, form) = (aside.clone(), record.value.get());
                view! { <AsideCard aside form decides=true on_decided /> }
            }}
            <Show when=move || there.get()>
                <details class="whole-record">
                    <summary>{say("queue.whole_record")}</summary>
                    {let whole = whole.clone(); move || {
                        let whole = whole.clone();
                        view! { <Record id=Signal::derive(move || whole.clone()) on_decided /> }
                    }}
                </details>
            </Show>
        }
    };
    move || found.get().map(card)
}
