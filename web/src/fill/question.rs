//! One question: what it says, what is wrong with it, and the component of its kind.

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use schemas::finding::{Severity, code};
use schemas::form::{Body, Field, FieldKind, ItemId};
use schemas::value::Scalar;

use super::chosen::{Chosen, Ticked};
use super::day::{Day, Moment};
use super::pages::is_shown;
use super::place::Place;
use super::repeat::Repeat;
use super::sheet::Sheet;
use super::show::show_answer;
use super::written::Written;
use crate::ui::{YesNo, dom_id};
use crate::words::{label, language, t};

/// The appearance of a question that a person reads but does not answer.
const READ_ONLY: &str = "readonly";

/// What the component of every kind needs to know.
#[derive(Clone)]
pub(super) struct Asked {
    pub sheet: Sheet,
    pub item: ItemId,
    pub path: String,
    pub label: TextProp,
    pub hint: TextProp,
    pub error: Signal<String>,
    pub required: Signal<bool>,
}

impl Asked {
    fn new(sheet: Sheet, item: ItemId, path: &str, read_only: bool) -> Self {
        let words = move |pick: fn(&Field) -> &schemas::form::Label| {
            move || {
                sheet
                    .form()
                    .item(item)
                    .field()
                    .map_or_else(String::new, |field| label(pick(field)))
            }
        };
        let hint = {
            let (path, hint) = (path.to_owned(), words(|field| &field.hint));
            move || hint_of(sheet, &path, hint(), read_only)
        };
        Self {
            sheet,
            item,
            path: path.to_owned(),
            label: words(|field| &field.label).into(),
            hint: hint.into(),
            error: wrong_at(sheet, path),
            required: required_at(sheet, item, path),
        }
    }

    /// Does something with the field.
    pub(super) fn with_field<T>(&self, run: impl FnOnce(&Field) -> T) -> Option<T> {
        self.sheet.form().item(self.item).field().map(run)
    }

    /// What the path holds, or what the form proposes.
    pub(super) fn worth(&self) -> Memo<Option<Scalar>> {
        let (sheet, path) = (self.sheet, self.path.clone());
        Memo::new(move |_| sheet.worth(&path))
    }

    /// Puts an answer that was chosen; choosing is leaving, too.
    pub(super) fn put(&self, value: Option<Scalar>) {
        self.sheet.put(&self.path, value);
        self.sheet.touch(&self.path);
    }
}

/// The form's help, and that the answer shown is only proposed, while it is.
fn hint_of(sheet: Sheet, path: &str, hint: String, read_only: bool) -> String {
    let proposed = !read_only && sheet.said.with(|said| said.computed.contains_key(path));
    match (proposed, hint.is_empty()) {
        (false, _) => hint,
        (true, true) => t("fill.proposed", &[]),
        (true, false) => format!("{hint} {}", t("fill.proposed", &[])),
    }
}

/// The words of what is wrong at a path, once it was left or the whole form was checked.
pub(super) fn wrong_at(sheet: Sheet, path: &str) -> Signal<String> {
    let path = path.to_owned();
    let error = Memo::new(move |_| {
        let due = sheet.checked.get() || sheet.touched.with(|touched| touched.contains(&path));
        if !due {
            return String::new();
        }
        if let Some(unread) = sheet.unread.with(|unread| unread.get(&path).cloned()) {
            return label(&unread.message);
        }
        let code = language().code();
        sheet.said.with(|said| {
            let wrong = |finding: &&schemas::finding::Finding| {
                finding.path == path && finding.severity > Severity::Info
            };
            said.findings
                .iter()
                .find(wrong)
                .map_or_else(String::new, |finding| finding.text(code).to_owned())
        })
    });
    error.into()
}

/// Whether the mark of a required answer stands beside the question. The form says so only while
/// there is no answer; an answer does not take the mark away, and one that was there from the start
/// is taken for one that must be.
fn required_at(sheet: Sheet, item: ItemId, path: &str) -> Signal<bool> {
    let form = sheet.form();
    let Some(rule) = form.item(item).field().and_then(|field| field.required.clone()) else {
        return Signal::derive(|| false);
    };
    if rule.source().trim() == "true()" {
        return Signal::derive(|| true);
    }
    let path = path.to_owned();
    let required = Memo::new(move |before: Option<&bool>| {
        let missing = sheet.said.with(|said| {
            said.findings
                .iter()
                .any(|finding| finding.path == path && finding.code == code::REQUIRED)
        });
        missing || (sheet.answer(&path).is_some() && before.copied().unwrap_or(true))
    });
    required.into()
}

/// Items of a page or row that are asked now, in order.
pub(super) fn items(sheet: Sheet, ids: &[ItemId], prefix: &str) -> Vec<AnyView> {
    let one = |id: &ItemId| {
        let (id, prefix) = (*id, prefix.to_owned());
        let shown = {
            let prefix = prefix.clone();
            move || {
                let form = sheet.form();
                sheet.said.with(|said| {
                    sheet
                        .without
                        .with_value(|without| is_shown(&form, id, &prefix, said, without))
                })
            }
        };
        view! { <Show when=shown>{item(sheet, id, &prefix)}</Show> }.into_any()
    };
    ids.iter().map(one).collect()
}

/// A question, a repeat, or a group under its heading.
fn item(sheet: Sheet, id: ItemId, prefix: &str) -> AnyView {
    let form = sheet.form();
    match &form.item(id).body {
        Body::Field(_) => question(sheet, id, prefix),
        Body::Section(section) if section.is_repeat() => {
            view! { <Repeat sheet item=id prefix=prefix.to_owned() /> }.into_any()
        }
        Body::Section(section) => {
            let heading = section.label.clone();
            view! {
                <div class="group">
                    <h3>{move || label(&heading)}</h3>
                    {items(sheet, &section.children, prefix)}
                </div>
            }
            .into_any()
        }
    }
}

fn question(sheet: Sheet, id: ItemId, prefix: &str) -> AnyView {
    let form = sheet.form();
    let Some(field) = form.item(id).field() else {
        return ().into_any();
    };
    let path = format!("{prefix}{}", field.name);
    let fixed = sheet.fixed.with_value(|fixed| fixed.contains(&path));
    let read_only =
        fixed || field.appearance.as_deref() == Some(READ_ONLY) || field.kind == FieldKind::Calculate;
    let asked = Asked::new(sheet, id, &path, read_only);
    if read_only {
        return view! { <Shown asked /> }.into_any();
    }
    match &field.kind {
        FieldKind::Note => view! { <p class="note">{move || asked.label.get()}</p> }.into_any(),
        FieldKind::Boolean => view! { <Truth asked /> }.into_any(),
        FieldKind::Date => view! { <Day asked /> }.into_any(),
        FieldKind::DateTime => view! { <Moment asked /> }.into_any(),
        FieldKind::SelectMultiple(_) => view! { <Ticked asked /> }.into_any(),
        FieldKind::SelectOne(_) | FieldKind::Reference(_) => view! { <Chosen asked /> }.into_any(),
        FieldKind::Geopoint => view! { <Place asked /> }.into_any(),
        FieldKind::Text | FieldKind::Integer | FieldKind::Decimal | FieldKind::Money => {
            view! { <Written asked /> }.into_any()
        }
        FieldKind::Hidden | FieldKind::Image | FieldKind::File | FieldKind::Calculate => ().into_any(),
    }
}

/// Có or Không.
#[component]
fn Truth(asked: Asked) -> impl IntoView {
    let worth = asked.worth();
    let value = Signal::derive(move || match worth.get() {
        Some(Scalar::Bool(value)) => Some(value),
        _ => None,
    });
    let Asked {
        path,
        label,
        hint,
        error,
        required,
        ..
    } = asked.clone();
    let pick = move |answer: Option<bool>| asked.put(answer.map(Scalar::Bool));
    view! { <YesNo id=path label value hint error required on_pick=pick /> }
}

/// An answer to read: worked out, or known before the form was opened.
#[component]
fn Shown(asked: Asked) -> impl IntoView {
    let Asked {
        sheet,
        path,
        label,
        hint,
        error,
        ..
    } = asked;
    let id = dom_id(&path);
    let words = {
        let path = path.clone();
        move || {
            let looking = sheet.looking();
            let answers = sheet
                .answers
                .with(|answers| sheet.said.with(|said| said.merged(answers)));
            let words = show_answer(&sheet.form(), &answers, &path, &*looking);
            if words.is_empty() {
                t("fill.nothing_yet", &[])
            } else {
                words
            }
        }
    };
    let no_hint = {
        let hint = hint.clone();
        move || hint.get().is_empty()
    };
    view! {
        <div class="field shown" id=id tabindex="-1">
            <div class="ask">{move || label.get()}</div>
            <output class="worth" data-id=path>{words}</output>
            <p class="hint" hidden=no_hint>{move || hint.get()}</p>
            <p class="err" hidden=move || error.get().is_empty()>{move || error.get()}</p>
        </div>
    }
}
