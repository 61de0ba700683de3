//! A whole record to read.

use std::sync::Arc;

use leptos::prelude::*;
use schemas::eval::{Context, evaluate};
use schemas::form::{Body, Field, FieldKind, Form, ItemId};
use schemas::value::Answers;

use super::repeat::title_of;
use super::rows::rows;
use super::show::show_answer;
use super::{Look, Looking, pages};
use crate::words::{label, t};

/// Every answer of a record, page by page; what has none is left out.
#[component]
pub fn Answered(
    /// The form of the record.
    form: Arc<Form>,
    /// Its answers.
    #[prop(into)]
    answers: Signal<Answers>,
    /// Other records, for their names.
    looking: Look,
) -> impl IntoView {
    let form = StoredValue::new(form);
    move || {
        let (form, looking) = (form.get_value(), looking.get());
        let user = looking.user();
        let context = Context::at(looking.now())
            .with_user(&user)
            .with_lookup(looking.lookup());
        let merged = answers.with(|answers| evaluate(&form, answers, &context).merged(answers));
        let reader = Reader {
            form: &form,
            answers: &merged,
            looking: &*looking,
        };
        let page = |page: &pages::Page| {
            let lines = reader.lines(&page.items, "");
            let title = if page.loose {
                String::new()
            } else {
                label(&page.title)
            };
            let no_title = title.is_empty();
            (!lines.is_empty()).then(|| {
                view! {
                    <section class="section">
                        <h2 hidden=no_title>{title}</h2>
                        <dl class="answers">{lines}</dl>
                    </section>
                }
            })
        };
        pages::pages(&form).iter().filter_map(page).collect_view()
    }
}

struct Reader<'a> {
    form: &'a Form,
    answers: &'a Answers,
    looking: &'a dyn Looking,
}

impl Reader<'_> {
    fn lines(&self, ids: &[ItemId], prefix: &str) -> Vec<AnyView> {
        let line = |id: &ItemId| match &self.form.item(*id).body {
            Body::Field(field) => self.answer(field, prefix).into_iter().collect(),
            Body::Section(section) if section.is_repeat() => {
                let path = format!("{prefix}{}", section.name);
                let rows = rows(self.answers, &path);
                rows.iter()
                    .map(|row| self.row(&section.children, &label(&section.label), row))
                    .collect()
            }
            Body::Section(section) => self.lines(&section.children, prefix),
        };
        ids.iter().flat_map(line).collect::<Vec<_>>()
    }

    fn answer(&self, field: &Field, prefix: &str) -> Option<AnyView> {
        if matches!(field.kind, FieldKind::Hidden | FieldKind::Note) || field.label.is_empty() {
            return None;
        }
        let path = format!("{prefix}{}", field.name);
        let words = show_answer(self.form, self.answers, &path, self.looking);
        let line =
            || view! { <div><dt>{label(&field.label)}</dt><dd data-id=path>{words.clone()}</dd></div> };
        (!words.is_empty()).then(|| line().into_any())
    }

    /// A row folds: its first answers are its name.
    fn row(&self, children: &[ItemId], heading: &str, prefix: &str) -> AnyView {
        let title = title_of(self.form, self.answers, children, prefix, self.looking);
        let title = if title.is_empty() {
            t("fill.nothing_yet", &[])
        } else {
            title
        };
        let id = prefix.trim_end_matches('/').to_owned();
        view! {
            <div>
                <dt>{heading.to_owned()}</dt>
                <dd>
                    <details>
                        <summary data-id=id>{title}</summary>
                        <dl class="answers">{self.lines(children, prefix)}</dl>
                    </details>
                </dd>
            </div>
        }
        .into_any()
    }
}
