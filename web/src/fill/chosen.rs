//! Answers that are chosen: one of a list, several of a list, another record.

use std::collections::BTreeSet;

use leptos::prelude::*;
use schemas::eval::choices_for;
use schemas::form::{Choice, FieldKind};
use schemas::value::Scalar;

use super::question::Asked;
use super::show::reference;
use crate::ui::{Checks, ChoiceCards, OptionItem, Select};
use crate::words::label;

/// More choices than this are found by typing instead of read one by one.
const CARDS_MAX: usize = 7;

/// A label of half a phone's width.
const SHORT_CHARS_MAX: usize = 14;

/// Records of these kinds are many; they are listed only when somebody looks for one.
const MANY: [&str; 3] = ["household", "user", "job_fair"];

/// One choice of a list, or one record.
#[component]
pub(super) fn Chosen(asked: Asked) -> impl IntoView {
    let kind = asked.with_field(|field| field.kind.clone());
    let many = matches!(&kind, Some(FieldKind::Reference(kind)) if MANY.contains(&kind.as_str()));
    let options: Signal<Vec<OptionItem>> = match kind.clone() {
        Some(FieldKind::Reference(kind)) if many => {
            let offered = offered(&asked, kind);
            Signal::derive(offered)
        }
        Some(FieldKind::Reference(kind)) => {
            let offered = offered(&asked, kind);
            Memo::new(move |_| offered()).into()
        }
        _ => choices(&asked),
    };
    let worth = asked.worth();
    let value = Signal::derive(move || match worth.get() {
        Some(Scalar::Text(name)) => Some(name),
        _ => None,
    });
    let pick = {
        let asked = asked.clone();
        Callback::new(move |choice: Option<String>| asked.put(choice.map(Scalar::Text)))
    };
    let shown = words(&asked, kind, value, options);
    let cards = Memo::new(move |_| !many && options.with(Vec::len) <= CARDS_MAX);
    move || {
        let Asked {
            path,
            label,
            hint,
            error,
            required,
            ..
        } = asked.clone();
        if cards.get() {
            let columns = options.with_untracked(|options| are_short(options));
            view! { <ChoiceCards id=path label options value hint error required on_pick=pick columns /> }
                .into_any()
        } else {
            view! { <Select id=path label options value shown hint error required on_pick=pick /> }.into_any()
        }
    }
}

/// True for two options that fit beside each other on a phone.
fn are_short(options: &[OptionItem]) -> bool {
    let fits = |option: &OptionItem| option.sub.is_empty() && option.label.chars().count() <= SHORT_CHARS_MAX;
    options.len() == 2 && options.iter().all(fits)
}

/// The records that a question offers; tracked.
fn offered(asked: &Asked, kind: String) -> impl Fn() -> Vec<OptionItem> + Send + Sync + Clone + 'static {
    let (sheet, path) = (asked.sheet, asked.path.clone());
    move || {
        let looking = sheet.looking();
        sheet
            .picked
            .with(|answers| looking.options(&kind, &path, answers))
    }
}

/// The choices of a list that are offered here. A list without a filter depends on the language only.
fn choices(asked: &Asked) -> Signal<Vec<OptionItem>> {
    let (sheet, path, item) = (asked.sheet, asked.path.clone(), asked.item);
    let filtered = asked
        .with_field(|field| field.choice_filter.is_some())
        .unwrap_or(false);
    let options = Memo::new(move |_| {
        let form = sheet.form();
        if filtered {
            return sheet.answers.with(|answers| {
                sheet.with_context(|context| {
                    choices_for(&form, answers, &path, context)
                        .into_iter()
                        .map(option)
                        .collect::<Vec<_>>()
                })
            });
        }
        let list = form.item(item).field().and_then(|field| field.choices.as_ref());
        list.map_or_else(Vec::new, |list| list.choices.iter().map(option).collect())
    });
    options.into()
}

fn option(choice: &Choice) -> OptionItem {
    let words = label(&choice.label);
    let words = if words.is_empty() {
        choice.name.clone()
    } else {
        words
    };
    OptionItem::new(choice.name.clone(), words)
}

/// The words of what is chosen.
fn words(
    asked: &Asked,
    kind: Option<FieldKind>,
    value: Signal<Option<String>>,
    options: Signal<Vec<OptionItem>>,
) -> Signal<String> {
    let (sheet, path) = (asked.sheet, asked.path.clone());
    let words = Memo::new(move |_| {
        let Some(chosen) = value.get() else {
            return String::new();
        };
        if let Some(FieldKind::Reference(kind)) = &kind {
            let looking = sheet.looking();
            return sheet
                .picked
                .with(|answers| reference(kind, &chosen, &path, answers, &*looking));
        }
        let found = options.with(|options| {
            let found = options.iter().find(|option| option.value == chosen);
            found.map(|option| option.label.clone())
        });
        found.unwrap_or(chosen)
    });
    words.into()
}

/// Several choices of a list: each tick is an answer of its own.
#[component]
pub(super) fn Ticked(asked: Asked) -> impl IntoView {
    let options = choices(&asked);
    let (sheet, prefix) = (asked.sheet, format!("{}/", asked.path));
    let ticked = {
        let prefix = prefix.clone();
        Memo::new(move |_| {
            sheet.picked.with(|answers| {
                let inside = answers
                    .range(prefix.clone()..)
                    .take_while(|(path, _)| path.starts_with(&prefix));
                let ticked = inside.filter(|(_, value)| **value == Scalar::Bool(true));
                ticked
                    .map(|(path, _)| path[prefix.len()..].to_owned())
                    .collect::<BTreeSet<_>>()
            })
        })
    };
    let Asked {
        path,
        label,
        hint,
        error,
        required,
        ..
    } = asked;
    let question = path.clone();
    let tick = move |(option, ticked): (String, bool)| {
        sheet.put(&format!("{prefix}{option}"), ticked.then_some(Scalar::Bool(true)));
        sheet.touch(&question);
    };
    view! { <Checks id=path label options ticked hint error required on_tick=tick /> }
}
