//! Rows of a repeat: cards that fold, and a button for one more.

use leptos::prelude::*;
use schemas::form::{Form, ItemId};
use schemas::value::Answers;

use super::question::{items, wrong_at};
use super::rows::rows;
use super::sheet::Sheet;
use super::show::show_answer;
use super::{Looking, pages};
use crate::ui::{Badge, Button, ButtonKind, Confirm, Icon, IconView, Tone, dom_id, focus, focus_inside};
use crate::words::{count, label, say, t};

/// How many answers of a row name it while it is folded.
const TITLE_ANSWERS: usize = 2;

/// All rows of one repeat.
#[component]
pub(super) fn Repeat(sheet: Sheet, item: ItemId, prefix: String) -> impl IntoView {
    let form = sheet.form();
    let Some(section) = form.item(item).section() else {
        return ().into_any();
    };
    let (heading, hint) = (section.label.clone(), section.hint.clone());
    let path = format!("{prefix}{}", section.name);
    // A row of one question is that question; there is nothing to fold.
    let single = section.children.len() == 1;
    let here = {
        let path = path.clone();
        Memo::new(move |_| sheet.answers.with(|answers| rows(answers, &path)))
    };
    let error = wrong_at(sheet, &path);
    let add = {
        let path = path.clone();
        move |()| {
            let row = sheet.add_row(&path);
            unfold(sheet, &row);
            // The questions of the row are drawn once the form was evaluated.
            set_timeout(move || focus_inside(&row), std::time::Duration::ZERO);
        }
    };
    let add_words = {
        let heading = heading.clone();
        move || t("fill.add", &[("label", &lower_first(&label(&heading)))])
    };
    let no_hint = hint.is_empty();
    // Alone on a page, it would only say the page's title again.
    let alone = sheet
        .pages
        .with_value(|pages| pages.iter().any(|page| page.items == [item]));
    let row = move |prefix: String| view! { <Row sheet item prefix single here /> };
    view! {
        <section class="repeat" id=dom_id(&path) tabindex="-1" data-id=path.clone()>
            <h3 hidden=alone>{move || label(&heading)}" "<span class="faint">{move || count(here.with(Vec::len))}</span></h3>
            <p class="hint" hidden=no_hint>{move || label(&hint)}</p>
            <For each=move || here.get() key=String::clone children=row />
            <p class="err" hidden=move || error.get().is_empty()>{move || error.get()}</p>
            <Button id=format!("{path}:add") label=add_words icon=Icon::Add on_click=add />
        </section>
    }
    .into_any()
}

/// One row.
#[component]
fn Row(sheet: Sheet, item: ItemId, prefix: String, single: bool, here: Memo<Vec<String>>) -> impl IntoView {
    let form = sheet.form();
    let children = form
        .item(item)
        .section()
        .map(|section| section.children.clone())
        .unwrap_or_default();
    // The id of a row is its prefix without the last slash.
    let id = prefix.trim_end_matches('/').to_owned();
    let asking = RwSignal::new(false);
    let (yes_id, remove_id) = (format!("{id}:remove"), format!("{id}:remove"));
    let remove = {
        let prefix = prefix.clone();
        move |()| sheet.remove_row(&prefix)
    };
    let title = {
        let (prefix, children) = (prefix.clone(), children.clone());
        Memo::new(move |_| {
            let place = here
                .with(|rows| rows.iter().position(|row| *row == prefix))
                .map_or(0, |at| at + 1);
            let title = sheet
                .answers
                .with(|answers| title_of(&sheet.form(), answers, &children, &prefix, &*sheet.looking()));
            if title.is_empty() {
                t("fill.row", &[("n", &count(place))])
            } else {
                title
            }
        })
    };
    let inside = {
        let prefix = prefix.clone();
        move || items(sheet, &children, &prefix)
    };
    let button = move || {
        view! {
            <Button id=remove_id.clone() label=say("fill.remove") kind=ButtonKind::Quiet icon=Icon::Trash
                on_click=move |()| asking.set(true) />
        }
    };
    let confirm = view! {
        <Confirm id=yes_id title=say("fill.remove_ask") text=move || title.get() yes=say("fill.remove") danger=true
            open=asking on_yes=remove />
    };
    if single {
        return view! { <div class="row-single" id=dom_id(&prefix) tabindex="-1">{inside()}{button()}{confirm}</div> }
            .into_any();
    }
    let (dom, head_prefix) = (dom_id(&prefix), prefix.clone());
    view! {
        <div class="row-card" id=dom tabindex="-1">
            <Head sheet prefix=head_prefix id title />
            <Show when=move || sheet.unfolded.with(|unfolded| unfolded.contains(&prefix))>
                <div class="row-in">{inside()}{button()}</div>
            </Show>
            {confirm}
        </div>
    }
    .into_any()
}

/// The head of a row: its name, what is wrong inside, and whether it is unfolded.
#[component]
fn Head(sheet: Sheet, prefix: String, id: String, title: Memo<String>) -> impl IntoView {
    let is_open = {
        let prefix = prefix.clone();
        Memo::new(move |_| sheet.unfolded.with(|unfolded| unfolded.contains(&prefix)))
    };
    let wrong = {
        let prefix = prefix.clone();
        Memo::new(move |_| {
            sheet.issues.with(|issues| {
                issues
                    .iter()
                    .filter(|issue| issue.path.starts_with(&prefix))
                    .count()
            })
        })
    };
    let toggle = move |_| {
        if is_open.get_untracked() {
            sheet.unfolded.update(|unfolded| {
                unfolded.remove(&prefix);
            });
        } else {
            unfold(sheet, &prefix);
            let prefix = prefix.clone();
            set_timeout(move || focus(&prefix), std::time::Duration::ZERO);
        }
    };
    view! {
        <h4>
            <button type="button" class="row" data-id=id on:click=toggle
                aria-expanded=move || if is_open.get() { "true" } else { "false" }>
                <span class="words">
                    <span>{move || title.get()}</span>
                    <Show when=move || { wrong.get() > 0 && !is_open.get() }>
                        <span><Badge tone=Tone::Warn text=move || t("fill.to_mend", &[("n", &count(wrong.get()))]) /></span>
                    </Show>
                </span>
                <span class="fold" class:open=move || is_open.get()><IconView icon=Icon::Down /></span>
            </button>
        </h4>
    }
}

/// Unfolds a row and folds the others of its repeat: a phone shows one at a time, and follows typing
/// in thirty questions more easily than in three hundred.
fn unfold(sheet: Sheet, prefix: &str) {
    let repeat = prefix
        .trim_end_matches('/')
        .rsplit_once('/')
        .map_or("", |(repeat, _)| repeat);
    let beside = format!("{repeat}/");
    sheet.unfolded.update(|unfolded| {
        unfolded.retain(|row| !row.starts_with(&beside));
        unfolded.insert(prefix.to_owned());
    });
}

/// Words as they go on inside a sentence.
fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The first answers of a row in words.
pub(super) fn title_of(
    form: &Form,
    answers: &Answers,
    children: &[ItemId],
    prefix: &str,
    looking: &dyn Looking,
) -> String {
    let fields = children.iter().filter_map(|id| form.item(*id).field());
    let drawn = fields.filter(|field| pages::is_drawn(field));
    let words = drawn.map(|field| show_answer(form, answers, &format!("{prefix}{}", field.name), looking));
    words
        .filter(|words| !words.is_empty())
        .take(TITLE_ANSWERS)
        .collect::<Vec<_>>()
        .join(", ")
}
