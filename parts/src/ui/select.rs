//! Choosing one of many: a button shows the choice, a sheet finds another by typing.

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use schemas::text::fold_search;

use super::frame::described_by;
use super::{Dialog, Frame, Icon, IconView, OptionItem, SearchField, dom_id};
use crate::words::{count, say, t};

/// How many options are drawn at once; a person types on rather than scrolls further.
const SHOWN_MAX: usize = 60;

/// One of many. `options` is read only while the sheet is open.
#[component]
pub fn Select(
    /// The `data-id` of the button; an option's is `<id>=<value>`, the search field's `<id>:search`.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: TextProp,
    /// What there is to choose.
    #[prop(into)]
    options: Signal<Vec<OptionItem>>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<Option<String>>,
    /// Runs with the new choice; `None` when it is taken back.
    #[prop(into)]
    on_pick: Callback<Option<String>>,
    /// The words of the choice; without them they are looked up among the options.
    #[prop(optional, into)]
    shown: Option<Signal<String>>,
    /// Help under the question.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong; empty for nothing.
    #[prop(optional, into)]
    error: Signal<String>,
    /// Whether an answer must be there; one that need not can be taken back.
    #[prop(optional, into)]
    required: Signal<bool>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let shown = shown.unwrap_or_else(|| Signal::derive(move || words_of(value, options)));
    let pick = move |choice: Option<String>| {
        open.set(false);
        on_pick.run(choice);
    };
    let can_clear = move || !required.get() && value.with(Option::is_some);
    let (asked, title, sheet_id) = (label.clone(), label.clone(), id.clone());
    let spoken = move || {
        let shown = shown.get();
        let choice = if shown.is_empty() {
            t("ui.choose", &[])
        } else {
            t("ui.chosen", &[("label", &shown)])
        };
        format!("{}. {choice}", asked.get())
    };
    view! {
        <Frame id=id.clone() label hint error required>
            <button type="button" class="input pick" id=dom_id(&id) data-id=id.clone() aria-haspopup="dialog"
                aria-label=spoken aria-describedby=described_by(&id)
                aria-invalid=move || (!error.get().is_empty()).then_some("true")
                on:click=move |_| open.set(true)>
                <span class:faint=move || shown.get().is_empty()>
                    {move || { let shown = shown.get(); if shown.is_empty() { t("ui.choose", &[]) } else { shown } }}
                </span>
                <IconView icon=Icon::Down />
            </button>
            <Show when=can_clear>
                <button type="button" class="link" data-id=format!("{id}:clear")
                    on:click=move |_| on_pick.run(None)>{say("ui.clear")}</button>
            </Show>
        </Frame>
        <Dialog id=format!("{sheet_id}:sheet") title open tall=true>
            <Found id=sheet_id.clone() options value on_pick=Callback::new(move |choice| pick(Some(choice))) />
        </Dialog>
    }
}

fn words_of(value: Signal<Option<String>>, options: Signal<Vec<OptionItem>>) -> String {
    let Some(value) = value.get() else {
        return String::new();
    };
    let found = options.with(|options| {
        let found = options.iter().find(|option| option.value == value);
        found.map(|option| option.label.clone())
    });
    found.unwrap_or(value)
}

/// The inside of the sheet: a search field and what it finds.
#[component]
fn Found(
    id: String,
    options: Signal<Vec<OptionItem>>,
    value: Signal<Option<String>>,
    on_pick: Callback<String>,
) -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    // Folding thousands of names once, when the sheet opens, keeps typing fast.
    let folded = Memo::new(move |_| {
        let fold = |option: OptionItem| (fold_search(&format!("{} {}", option.label, option.sub)), option);
        options.get().into_iter().map(fold).collect::<Vec<_>>()
    });
    let found = Memo::new(move |_| {
        let wanted = fold_search(&wanted.get());
        folded.with(|folded| matching(folded, &wanted))
    });
    let left = move || found.with(|(shown, all)| all - shown.len());
    let row = {
        let id = id.clone();
        move |option: OptionItem| {
            let (mine, picked) = (option.value.clone(), option.value.clone());
            let chosen = move || value.with(|value| value.as_deref() == Some(&mine));
            let sub =
                (!option.sub.is_empty()).then(|| view! { <span class="sub">{option.sub.clone()}</span> });
            view! {
                <li>
                    <button type="button" class="row" data-id=format!("{id}={}", option.value)
                        aria-pressed=move || if chosen() { "true" } else { "false" }
                        on:click=move |_| on_pick.run(picked.clone())>
                        <span class="words"><span>{option.label.clone()}</span>{sub}</span>
                    </button>
                </li>
            }
        }
    };
    view! {
        <SearchField id=format!("{id}:search") label=say("ui.search_hint") value=wanted />
        <ul class="list">
            <For each=move || found.with(|found| found.0.clone()) key=OptionItem::clone children=row />
        </ul>
        <p class="hint" role="status">
            {move || if found.with(|found| found.1 == 0) {
                t("ui.nothing_found", &[])
            } else if left() > 0 {
                t("ui.more_found", &[("n", &count(left()))])
            } else {
                String::new()
            }}
        </p>
    }
}

/// The first options that hold every word that is wanted, and how many there are in all. Those that
/// begin with the words come first.
fn matching(folded: &[(String, OptionItem)], wanted: &str) -> (Vec<OptionItem>, usize) {
    let words: Vec<&str> = wanted.split(' ').filter(|word| !word.is_empty()).collect();
    let holds = |text: &str| words.iter().all(|word| text.contains(word));
    let mut found: Vec<&(String, OptionItem)> = folded.iter().filter(|(text, _)| holds(text)).collect();
    if !wanted.is_empty() {
        found.sort_by_key(|(text, _)| !text.starts_with(wanted));
    }
    let all = found.len();
    let shown = found
        .into_iter()
        .take(SHOWN_MAX)
        .map(|(_, option)| option.clone());
    (shown.collect(), all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_without_marks_and_in_any_order() {
        let names = ["Lùng Cải", "Nậm Chảy", "Lý Thị Mẩy", "Giàng A Lùng"];
        let folded: Vec<_> = names
            .iter()
            .map(|name| (fold_search(name), OptionItem::new(*name, *name)))
            .collect();
        let find = |typed: &str| {
            let (found, all) = matching(&folded, &fold_search(typed));
            assert_eq!(found.len(), all);
            found.into_iter().map(|option| option.label).collect::<Vec<_>>()
        };
        assert_eq!(find("nam chay"), ["Nậm Chảy"]);
        assert_eq!(find("li thi may"), ["Lý Thị Mẩy"]);
        assert_eq!(find("lung"), ["Lùng Cải", "Giàng A Lùng"]);
        assert_eq!(find("lung giang"), ["Giàng A Lùng"]);
        assert_eq!(find("").len(), 4);
        assert!(find("sa pa").is_empty());
    }

    #[test]
    fn draws_a_bounded_number() {
        let folded: Vec<_> = (0..500)
            .map(|n| (n.to_string(), OptionItem::new(n.to_string(), n.to_string())))
            .collect();
        let (shown, all) = matching(&folded, "");
        assert_eq!((shown.len(), all), (SHOWN_MAX, 500));
    }
}
