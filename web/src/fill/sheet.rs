//! One filling of one form: its state, and the only place where answers change.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use schemas::answer::{AnswerError, Edit, edits_from_text};
use schemas::eval::{Context, Evaluation, evaluate};
use schemas::finding::{Severity, code};
use schemas::form::{FieldKey, FieldKind, Form, Label, Target};
use schemas::value::{Answers, Scalar};

use super::pages::{Page, is_drawn, item_at, page_of};
use super::{Locate, Look, Looking, rows};

/// What is wrong at one path, and where it can be mended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Issue {
    pub path: String,
    pub page: usize,
    pub severity: Severity,
    pub message: Label,
    /// An answer without which the record could not be told from others, or would belong nowhere.
    pub blocks: bool,
}

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
    /// What the form says, once per edit.
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
        let said = Memo::new(move |_| said(&form.get_value(), &*looking.get(), answers));
        let picked = Memo::new(move |_| answers.with(|answers| picked(&form.get_value(), answers)));
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
        }
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

    /// Puts an answer; `None` clears it.
    pub(super) fn put(&self, path: &str, value: Option<Scalar>) {
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
        match self.read(path, text) {
            Ok(value) => self.put(path, value),
            Err(error) => {
                self.put(path, None);
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
        if self.touched.with_untracked(|touched| !touched.contains(path)) {
            self.touched.update(|touched| {
                touched.insert(path.to_owned());
            });
        }
    }

    /// Adds a row and gives its prefix.
    pub(super) fn add_row(&self, repeat: &str) -> String {
        let id = self.new_row_id.run(());
        let prefix = self.answers.try_update(|answers| rows::add(answers, repeat, &id));
        self.on_change.run(());
        prefix.unwrap_or_default()
    }

    /// Takes a row out.
    pub(super) fn remove_row(&self, prefix: &str) {
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
    answers.with(|answers| evaluate(form, answers, &context))
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

/// What is wrong in the order of the form. What nobody can mend on these pages is left out.
fn issues(form: &Form, pages: &[Page], said: &Evaluation, unread: &BTreeMap<String, Unread>) -> Vec<Issue> {
    let mut found = Vec::new();
    for finding in said
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
    {
        if unread.contains_key(&finding.path) {
            continue;
        }
        if let Some((page, blocks)) = place_of(form, pages, &finding.path) {
            found.push(Issue {
                path: finding.path.clone(),
                page,
                severity: finding.severity,
                message: finding.message.clone(),
                blocks: blocks && finding.code == code::REQUIRED,
            });
        }
    }
    for (path, unread) in unread {
        if let Some((page, blocks)) = place_of(form, pages, path) {
            found.push(Issue {
                path: path.clone(),
                page,
                severity: Severity::Error,
                message: unread.message.clone(),
                blocks,
            });
        }
    }
    found.sort_by_key(|issue| issue.page);
    found
}

/// The page of a path, and whether the record cannot do without an answer there.
fn place_of(form: &Form, pages: &[Page], path: &str) -> Option<(usize, bool)> {
    let id = item_at(form, path)?;
    let field = form.item(id).field();
    if field.is_some_and(|field| !is_drawn(field)) {
        return None;
    }
    let blocks = field.is_some_and(|field| {
        field.key == Some(FieldKey::Strong) || form.settings.unit.as_ref() == Some(&field.name)
    });
    Some((page_of(form, pages, id)?, blocks))
}

#[cfg(test)]
mod tests {
    use schemas::catalog::Catalog;

    use super::*;

    #[test]
    fn what_blocks_is_the_key_and_the_unit() {
        let form = Catalog::builtin().form("household_visit").unwrap();
        let pages = super::super::pages(form);
        let answers = Answers::from([("visit_type".to_owned(), Scalar::from("support"))]);
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        let said = evaluate(form, &answers, &Context::at(now));
        let issues = issues(form, &pages, &said, &BTreeMap::new());
        let blocking: Vec<_> = issues
            .iter()
            .filter(|issue| issue.blocks)
            .map(|issue| issue.path.as_str())
            .collect();
        assert_eq!(
            blocking,
            ["household_id", "village_id", "visited_at", "visitor_id"]
        );
        assert!(
            issues
                .iter()
                .any(|issue| issue.path == "outcome" && !issue.blocks)
        );
    }

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
