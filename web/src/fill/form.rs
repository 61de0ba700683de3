//! The frame of a filling: where one is, the page, and the way on.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use schemas::form::Form;
use schemas::value::Answers;

use super::pages::shown_pages;
use super::question::items;
use super::sheet::{Given, Sheet};
use super::summary::Summary;
use super::{Locate, Look};
use crate::ui::{Badge, Button, ButtonKind, Dialog, Icon, IconView, Tone, focus};
use crate::words::{count, label, say, t};

/// The `data-id` of a page's heading, where the focus goes when the page is turned.
const HEADING: &str = "fill:title";

/// Where one is in a filling.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    pub sheet: Sheet,
    pub page: RwSignal<usize>,
    /// The pages that are shown now.
    pub shown: Memo<Vec<usize>>,
    /// The page that is open: the wanted one, else the nearest before it.
    pub here: Memo<usize>,
    /// Pages that were open once: from then on their count of what is wrong is shown.
    seen: RwSignal<BTreeSet<usize>>,
    /// Whether the summary stands in place of a page.
    pub reviewing: RwSignal<bool>,
}

impl Walk {
    fn new(sheet: Sheet, page: RwSignal<usize>) -> Self {
        let shown = Memo::new(move |_| {
            let form = sheet.form();
            let (pages, without) = (sheet.pages.get_value(), sheet.without.get_value());
            sheet.said.with(|said| shown_pages(&form, &pages, said, &without))
        });
        let here = Memo::new(move |_| {
            let wanted = page.get();
            shown.with(|shown| {
                let before = shown.iter().rev().find(|at| **at <= wanted);
                before.or(shown.first()).copied().unwrap_or(0)
            })
        });
        let seen = RwSignal::new(BTreeSet::new());
        Effect::new(move |before: Option<usize>| {
            let here = here.get();
            if let Some(before) = before.filter(|before| *before != here) {
                seen.update(|seen| {
                    seen.insert(before);
                });
            }
            here
        });
        Self {
            sheet,
            page,
            shown,
            here,
            seen,
            reviewing: RwSignal::new(false),
        }
    }

    /// Opens a page and moves to its heading.
    pub(super) fn open(&self, page: usize) {
        self.reviewing.set(false);
        self.page.set(page);
        queue_microtask(|| focus(HEADING));
    }

    /// Opens the page of a path, unfolds the rows around it, and moves to it.
    pub(super) fn open_at(&self, page: usize, path: &str) {
        self.open(page);
        self.sheet.unfolded.update(|unfolded| {
            let ends = path.match_indices('/').map(|(at, _)| at + 1);
            unfolded.extend(ends.map(|end| path[..end].to_owned()));
        });
        let path = path.to_owned();
        // The page is drawn first.
        set_timeout(move || focus(&path), std::time::Duration::from_millis(50));
    }

    /// The page so many steps further among those shown.
    fn beside(&self, steps: isize) -> Option<usize> {
        let here = self.here.get();
        self.shown.with(|shown| {
            let at = shown.iter().position(|page| *page == here)?;
            shown.get(at.checked_add_signed(steps)?).copied()
        })
    }

    fn title(&self, page: usize) -> String {
        let (title, loose) = self.sheet.pages.with_value(|pages| {
            pages
                .get(page)
                .map(|page| (page.title.clone(), page.loose))
                .unwrap_or_default()
        });
        match (loose, page) {
            (true, 0) => label(&self.sheet.form().title),
            (true, _) => t("fill.other_page", &[]),
            (false, _) => label(&title),
        }
    }

    fn wrong_on(&self, page: usize) -> usize {
        self.sheet
            .issues
            .with(|issues| issues.iter().filter(|issue| issue.page == page).count())
    }
}

/// A form to fill.
///
/// Every edit goes into `answers` and then calls `on_change`; nothing waits for it. `on_submit` runs
/// when the person sends the record: after the summary of what is wrong, when there is any, and never
/// while a required part of the record's key or its unit is missing.
#[component]
pub fn Fill(
    /// The form.
    form: Arc<Form>,
    /// The answers by flat path; a cleared answer is not there.
    answers: RwSignal<Answers>,
    /// The wanted page, counted among all pages of the form.
    page: RwSignal<usize>,
    /// Other records, the moment, the person.
    looking: Look,
    /// Runs after every edit.
    #[prop(into)]
    on_change: Callback<()>,
    /// Gives the id of a new row: a UUID that rises with time.
    #[prop(into)]
    new_row_id: Callback<(), String>,
    /// Runs when the record is sent.
    #[prop(into)]
    on_submit: Callback<()>,
    /// Asks the phone where it is; without it places are not asked.
    #[prop(optional, into)]
    locate: Option<Locate>,
    /// True while the record is being sent.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// What the record holds already: rows in it are marked when they are taken out.
    #[prop(optional)]
    saved: Answers,
    /// Paths that are shown, not asked.
    #[prop(optional)]
    fixed: Vec<String>,
    /// Paths that are not shown.
    #[prop(optional)]
    without: Vec<String>,
    /// Whether everything that is wrong is said from the start.
    #[prop(optional)]
    checked: bool,
    /// The words of the button that sends; "Gửi duyệt" unless said.
    #[prop(optional, into)]
    submit_label: Option<TextProp>,
) -> impl IntoView {
    let given = Given {
        form,
        answers,
        looking,
        saved,
        fixed,
        without,
        checked,
        on_change,
        new_row_id,
        locate,
    };
    let sheet = Sheet::new(given);
    let walk = Walk::new(sheet, page);
    let submit_label = submit_label.unwrap_or_else(|| say("fill.submit").into());
    let send = move |()| {
        sheet.hear();
        sheet.checked.set(true);
        if sheet.issues.with_untracked(Vec::is_empty) {
            on_submit.run(());
        } else {
            walk.reviewing.set(true);
            queue_microtask(|| focus("fill:summary"));
        }
    };
    view! {
        <div class="fill">
            {move || if walk.reviewing.get() {
                let submit_label = submit_label.clone();
                view! { <Summary walk on_submit busy submit_label /> }.into_any()
            } else {
                let submit_label = submit_label.clone();
                view! { <Where walk /><Sheetful walk /><Way walk on_send=Callback::new(send) busy submit_label /> }.into_any()
            }}
        </div>
    }
}

/// The page that is open.
#[component]
fn Sheetful(walk: Walk) -> impl IntoView {
    move || {
        let here = walk.here.get();
        let ids = walk
            .sheet
            .pages
            .with_value(|pages| pages.get(here).map(|page| page.items.clone()).unwrap_or_default());
        view! {
            <section class="fill-page">
                <h2 tabindex="-1" id=crate::ui::dom_id(HEADING) data-id=HEADING>{move || walk.title(here)}</h2>
                {items(walk.sheet, &ids, "")}
            </section>
        }
    }
}

/// Which page of how many, and the list of all.
#[component]
fn Where(walk: Walk) -> impl IntoView {
    let open = RwSignal::new(false);
    let place = move || {
        let here = walk.here.get();
        walk.shown.with(|shown| {
            (
                shown.iter().position(|page| *page == here).map_or(0, |at| at + 1),
                shown.len(),
            )
        })
    };
    let words = move || {
        let (at, of) = place();
        t("fill.page_of", &[("n", &count(at)), ("of", &count(of))])
    };
    view! {
        <Show when=move || { walk.shown.with(Vec::len) > 1 }>
            <div class="fill-where">
                <button type="button" class="btn quiet" data-id="fill:pages" aria-haspopup="dialog"
                    on:click=move |_| open.set(true)>
                    <span>{words}</span><IconView icon=Icon::Down />
                </button>
                <progress max=move || place().1.to_string() prop:value=move || place().0.to_string() aria-hidden="true"></progress>
            </div>
        </Show>
        <Dialog id="fill:pages:sheet" title=say("fill.pages") open>
            <ol class="list">
                {move || walk.shown.get().into_iter().map(|page| view! { <Jump walk page open /> }).collect_view()}
            </ol>
        </Dialog>
    }
}

/// One page in the list of pages.
#[component]
fn Jump(walk: Walk, page: usize, open: RwSignal<bool>) -> impl IntoView {
    let go = move |_| {
        open.set(false);
        walk.open(page);
    };
    let mark = move || {
        let known = walk.sheet.checked.get() || walk.seen.with(|seen| seen.contains(&page));
        let wrong = walk.wrong_on(page);
        match (known, wrong) {
            (false, _) => ().into_any(),
            (true, 0) => view! { <Badge tone=Tone::Good text=say("fill.page_done") /> }.into_any(),
            (true, wrong) => {
                view! { <Badge tone=Tone::Warn text=move || t("fill.to_mend", &[("n", &count(wrong))]) /> }
                    .into_any()
            }
        }
    };
    view! {
        <li>
            <button type="button" class="row" data-id=format!("fill:page:{page}") on:click=go
                aria-current=move || (walk.here.get() == page).then_some("step")>
                <span class="words">{move || walk.title(page)}</span>
                {mark}
            </button>
        </li>
    }
}

/// Back, on, or send.
#[component]
fn Way(walk: Walk, on_send: Callback<()>, busy: Signal<bool>, submit_label: TextProp) -> impl IntoView {
    let step = move |steps: isize| {
        move |()| {
            if let Some(page) = untrack(|| walk.beside(steps)) {
                walk.open(page);
            }
        }
    };
    view! {
        <div class="fill-foot">
            <Show when=move || walk.beside(-1).is_some()>
                <Button id="fill:back" label=say("ui.back") on_click=step(-1) />
            </Show>
            <Show when=move || walk.beside(1).is_some()
                fallback=move || view! {
                    <Button id="fill:submit" label=submit_label.clone() kind=ButtonKind::Primary busy on_click=on_send />
                }>
                <Button id="fill:next" label=say("fill.next") kind=ButtonKind::Primary on_click=step(1) />
            </Show>
        </div>
    }
}
