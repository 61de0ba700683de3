//! One filling of one form: its state, and the only place where answers change.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use schemas::answer::{AnswerError, Edit, edits_from_text};
use schemas::eval::{Context, Evaluation, evaluate};
use schemas::form::{FieldKind, Form, Label, Target};
use schemas::value::{Answers, Scalar};

use super::hearing::Hearing;
use super::issues::{Issue, issues};
use super::pages::Page;
use super::{Locate, Look, Looking, rows};

/// What was typed and means nothing for its question: it is kept on screen, not in the answers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unread {
    pub text: String,
    pub message: Label,
}

/// The state of a filling. Copied into every question; the signals inside are one.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    pub answers: RwSignal<Answers>,
    /// What the form says: at once after a tap, and after typing when there is a pause.
    pub said: Memo<Evaluation>,
    /// The answers that are chosen rather than typed: they change with taps only.
    pub picked: Memo<Answers>,
    /// What is wrong and can be mended here.
    pub issues: Memo<Vec<Issue>>,
    /// Paths that were left once: from then on they say what is wrong.
    pub touched: RwSignal<BTreeSet<String>>,
    /// Whether every path says what is wrong.
    pub checked: RwSignal<bool>,
    pub unread: RwSignal<BTreeMap<String, Unread>>,
    /// Prefixes of the rows that are unfolded.
    pub unfolded: RwSignal<BTreeSet<String>>,
    pub pages: StoredValue<Arc<Vec<Page>>>,
    pub fixed: StoredValue<Vec<String>>,
    pub without: StoredValue<Vec<String>>,
    pub new_row_id: Callback<(), String>,
    pub locate: Option<Locate>,
    form: StoredValue<Arc<Form>>,
    looking: Look,
    saved: StoredValue<Answers>,
    on_change: Callback<()>,
    hearing: Hearing,
}

/// What a filling is made of.
pub(super) struct Given {
    pub form: Arc<Form>,
    pub answers: RwSignal<Answers>,
    pub looking: Look,
    pub saved: Answers,
    pub fixed: Vec<String>,
    pub without: Vec<String>,
    pub checked: bool,
    pub on_change: Callback<()>,
    pub new_row_id: Callback<(), String>,
    pub locate: Option<Locate>,
}

impl Sheet {
    pub(super) fn new(given: Given) -> Self {
        let pages = StoredValue::new(Arc::new(super::pages(&given.form)));
        let form = StoredValue::new(given.form);
        let looking = given.looking;
        let answers = given.answers;
        let hearing = Hearing::new(answers);
        let said = Memo::new(move |_| {
            hearing.turn.track();
            said(&form.get_value(), &*looking.get(), answers)
        });
        let picked = Memo::new(move |_| {
            hearing.turn.track();
            answers.with_untracked(|answers| picked(&form.get_value(), answers))
        });
        let unread = RwSignal::new(BTreeMap::new());
        let issues = Memo::new(move |_| {
            let form = form.get_value();
            let pages = pages.get_value();
            said.with(|said| unread.with(|unread| issues(&form, &pages, said, unread)))
        });
        Self {
            answers,
            said,
            picked,
            issues,
            touched: RwSignal::new(BTreeSet::new()),
            checked: RwSignal::new(given.checked),
            unread,
            unfolded: RwSignal::new(BTreeSet::new()),
            pages,
            fixed: StoredValue::new(given.fixed),
            without: StoredValue::new(given.without),
            new_row_id: given.new_row_id,
            locate: given.locate,
            form,
            looking,
            saved: StoredValue::new(given.saved),
            on_change: given.on_change,
            hearing,
        }
    }

    /// Evaluates the form now, whoever is still typing.
    pub(super) fn hear(&self) {
        self.hearing.now();
    }

    pub(super) fn form(&self) -> Arc<Form> {
        self.form.get_value()
    }

    pub(super) fn looking(&self) -> Rc<dyn Looking> {
        self.looking.get()
    }

    /// Runs something with what an expression may know beside the record.
    pub(super) fn with_context<T>(&self, run: impl FnOnce(&Context) -> T) -> T {
        let looking = self.looking();
        let user = looking.user();
        run(&Context::at(looking.now())
            .with_user(&user)
            .with_lookup(looking.lookup()))
    }

    /// What the path holds; tracked.
    pub(super) fn answer(&self, path: &str) -> Option<Scalar> {
        self.answers
            .with(|answers| answers.get(path).cloned())
            .filter(|value| !value.is_blank())
    }

    /// What the path holds, or what the form worked out for it; tracked.
    pub(super) fn worth(&self, path: &str) -> Option<Scalar> {
        self.answer(path)
            .or_else(|| self.said.with(|said| said.computed.get(path).cloned()))
    }

    /// Puts an answer that was chosen; `None` clears it.
    pub(super) fn put(&self, path: &str, value: Option<Scalar>) {
        self.hearing.typed.set_value(false);
        self.write(path, value);
    }

    fn write(&self, path: &str, value: Option<Scalar>) {
        let value = value.filter(|value| !value.is_blank());
        let same = self
            .answers
            .with_untracked(|answers| answers.get(path) == value.as_ref());
        self.forget_unread(path);
        if same {
            return;
        }
        self.answers.update(|answers| {
            match value {
                Some(value) => answers.insert(path.to_owned(), value),
                None => answers.remove(path),
            };
        });
        self.on_change.run(());
    }

    /// Puts what was typed, or clears the answer and keeps the text aside when it means nothing.
    pub(super) fn put_typed(&self, path: &str, text: &str) {
        self.hearing.typed.set_value(true);
        match self.read(path, text) {
            Ok(value) => self.write(path, value),
            Err(error) => {
                self.write(path, None);
                let unread = Unread {
                    text: text.to_owned(),
                    message: error.message,
                };
                self.unread.update(|all| {
                    all.insert(path.to_owned(), unread);
                });
            }
        }
    }

    /// What typed text means at a path; empty text is no answer.
    pub(super) fn read(&self, path: &str, text: &str) -> Result<Option<Scalar>, AnswerError> {
        let mut edits = edits_from_text(&self.form(), path, text)?;
        Ok(match edits.pop() {
            Some((_, Edit::Put(value))) => Some(value).filter(|value| !value.is_blank()),
            _ => None,
        })
    }

    /// From now on the path says what is wrong.
    pub(super) fn touch(&self, path: &str) {
        // The form may be gone when a late touch comes.
        let known = self.touched.try_with_untracked(|touched| touched.contains(path));
        if known == Some(false) {
            self.touched.update(|touched| {
                touched.insert(path.to_owned());
            });
        }
    }

    /// [`Sheet::touch`] a moment after the path was left: words that appear at once would move what
    /// is being pressed from under the finger, and the form has not heard the last keys yet.
    pub(super) fn touch_soon(&self, path: &str) {
        let (sheet, path) = (*self, path.to_owned());
        set_timeout(
            move || sheet.touch(&path),
            super::hearing::PAUSE + super::hearing::PAUSE / 5,
        );
    }

    /// Adds a row and gives its prefix.
    pub(super) fn add_row(&self, repeat: &str) -> String {
        self.hearing.typed.set_value(false);
        let id = self.new_row_id.run(());
        let prefix = self.answers.try_update(|answers| rows::add(answers, repeat, &id));
        self.on_change.run(());
        prefix.unwrap_or_default()
    }

    /// Takes a row out.
    pub(super) fn remove_row(&self, prefix: &str) {
        self.hearing.typed.set_value(false);
        let saved = self.saved.get_value();
        self.unread
            .update(|unread| unread.retain(|path, _| !path.starts_with(prefix)));
        self.answers
            .update(|answers| rows::remove(answers, &saved, prefix));
        self.on_change.run(());
    }

    fn forget_unread(&self, path: &str) {
        if self.unread.with_untracked(|unread| unread.contains_key(path)) {
            self.unread.update(|unread| {
                unread.remove(path);
            });
        }
    }
}

fn said(form: &Form, looking: &dyn Looking, answers: RwSignal<Answers>) -> Evaluation {
    let user = looking.user();
    let context = Context::at(looking.now())
        .with_user(&user)
        .with_lookup(looking.lookup());
    answers.with_untracked(|answers| evaluate(form, answers, &context))
}

fn picked(form: &Form, answers: &Answers) -> Answers {
    let tapped = |path: &str| match form.resolve(path).map(|resolved| resolved.target) {
        Some(Target::Field(field)) => !matches!(
            field.kind,
            FieldKind::Text | FieldKind::Integer | FieldKind::Decimal | FieldKind::Money
        ),
        Some(Target::Option(..) | Target::Removed(_)) => true,
        None => path.starts_with('$'),
    };
    let kept = answers.iter().filter(|(path, _)| tapped(path));
    kept.map(|(path, value)| (path.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use schemas::catalog::Catalog;

    use super::*;

    #[test]
    fn typed_answers_are_not_picked() {
        let form = Catalog::builtin().form("household_visit").unwrap();
        let answers = Answers::from([
            ("aspirations".to_owned(), Scalar::from("Xây nhà")),
            ("needs/housing".to_owned(), Scalar::Bool(true)),
            ("visit_type".to_owned(), Scalar::from("support")),
        ]);
        let picked = picked(form, &answers);
        assert_eq!(picked.keys().collect::<Vec<_>>(), ["needs/housing", "visit_type"]);
    }
}
