//! One filling: the answers as they stand, and the only place that writes them.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::poverty::Assessment;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use super::head::{self, Filled};
use super::indicators;
use super::keeper::Keeper;
use super::open::{Opened, refers_to};
use super::{copy, twice};
use crate::app::{App, Screen, error_words};
use crate::browser;
use crate::fill::Look;
use crate::phone::{Draft, Register, RegisterError, Submitted};
use crate::screens::begin::is_review;
use crate::screens::looking::Eyes;
use crate::words::t;

/// A filling. Copied into every part of the screen.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The app.
    pub app: App,
    /// What is answered.
    pub answers: RwSignal<Answers>,
    /// The page that is open.
    pub page: RwSignal<usize>,
    /// True while the record is being written.
    pub busy: RwSignal<bool>,
    /// The code of why the draft could not be kept.
    pub not_kept: RwSignal<Option<String>>,
    /// Why the record could not be written, in words.
    pub not_saved: RwSignal<String>,
    /// Records that may be the same.
    pub alike: RwSignal<Vec<twice::Alike>>,
    /// What is no signal.
    pub work: StoredValue<Rc<Work>, LocalStorage>,
}

/// What a filling holds beside its answers.
pub struct Work {
    /// The register.
    pub register: Rc<Register>,
    /// The draft as it was opened; its answers are those of the desk.
    draft: Draft,
    keeper: Rc<Keeper>,
    eyes: Eyes,
    household: RefCell<Answers>,
    filled: RefCell<Filled>,
}

impl Work {
    /// The draft's id.
    pub fn id(&self) -> RecordId {
        self.draft.id
    }

    /// The id of the form.
    pub fn kind(&self) -> &str {
        &self.draft.kind
    }

    /// What a review with these answers proposes.
    pub fn assessment(&self, visit: &Answers) -> Assessment {
        self.register.assessment(visit, &self.household.borrow())
    }
}

impl Desk {
    pub(super) fn new(app: App, opened: &Opened) -> Self {
        let Opened {
            register,
            known,
            draft,
            shelf,
            ..
        } = opened;
        let answers = RwSignal::new(draft.answers.clone());
        let filled = draft.prefilled.iter();
        let filled = filled.filter_map(|path| Some((path.clone(), draft.answers.get(path)?.clone())));
        let household = household_of(&draft.answers).and_then(|id| shelf.answers(id).cloned());
        let eyes = Eyes::new(
            Rc::clone(register),
            Rc::clone(known),
            &draft.kind,
            answers.into(),
            shelf.clone(),
        );
        let work = Work {
            keeper: Keeper::new(Rc::clone(register)),
            register: Rc::clone(register),
            draft: draft.clone(),
            eyes,
            household: RefCell::new(household.unwrap_or_default()),
            filled: RefCell::new(filled.collect()),
        };
        let desk = Self {
            app,
            answers,
            page: RwSignal::new(usize::try_from(draft.page).unwrap_or_default()),
            busy: RwSignal::new(false),
            not_kept: RwSignal::new(None),
            not_saved: RwSignal::new(String::new()),
            alike: RwSignal::new(Vec::new()),
            work: StoredValue::new_local(Rc::new(work)),
        };
        desk.follow_pages();
        desk.follow_references();
        desk
    }

    /// What the form looks into.
    pub fn looking(&self) -> Look {
        self.work.with_value(|work| Look::new(work.eyes.clone()))
    }

    /// The household that the form is about.
    pub fn household_id(&self) -> Option<RecordId> {
        self.answers.with_untracked(household_of)
    }

    /// The draft as it stands.
    pub fn draft(&self) -> Draft {
        let work = self.work.get_value();
        let answers = self.answers.get_untracked();
        let mut filled = work.filled.borrow_mut();
        // What a person wrote over is theirs from now on.
        filled.retain(|path, value| answers.get(path) == Some(value));
        let name = answers.get("head_name").and_then(Scalar::as_text);
        let title = name
            .filter(|_| work.draft.kind == "household")
            .unwrap_or(&work.draft.title)
            .to_owned();
        Draft {
            page: u32::try_from(self.page.get_untracked()).unwrap_or_default(),
            prefilled: filled.keys().cloned().collect(),
            title,
            typed_at_ms: work.register.now().as_millisecond(),
            answers,
            ..work.draft.clone()
        }
    }

    /// Keeps what is typed.
    pub fn keep(&self) {
        let draft = self.draft();
        self.work
            .with_value(|work| work.keeper.keep(draft, self.not_kept));
    }

    /// A page was turned: what follows from other answers is filled in, and the place is kept.
    fn follow_pages(&self) {
        let desk = *self;
        Effect::new(move |before: Option<usize>| {
            let page = desk.page.get();
            if before.is_some_and(|before| before != page) {
                desk.fill_in();
                desk.keep();
            }
            page
        });
    }

    /// Another household was chosen: it is opened, so that the form can look into it.
    fn follow_references(&self) {
        let desk = *self;
        let wanted = Memo::new(move |_| desk.answers.with(refers_to));
        Effect::new(move |before: Option<Vec<RecordId>>| {
            let wanted = wanted.get();
            if before.is_some_and(|before| before != wanted) {
                let (work, ids) = (desk.work.get_value(), wanted.clone());
                spawn_local(async move {
                    // A record that cannot be read is looked into by nobody; the form still works.
                    if let Ok(shelf) = work.register.shelf(ids).await {
                        work.eyes.put(shelf);
                    }
                });
            }
            wanted
        });
    }

    fn fill_in(&self) {
        let work = self.work.get_value();
        let mut answers = self.answers.get_untracked();
        let mut filled = work.filled.borrow_mut();
        let changed = match work.draft.kind.as_str() {
            "household" => head::follow(&mut answers, &mut filled),
            "household_visit" if reviews(&answers) => {
                let assessment = work.assessment(&answers);
                indicators::follow(&mut answers, &mut filled, &assessment)
            }
            _ => false,
        };
        drop(filled);
        if changed {
            self.answers.set(answers);
        }
    }

    /// Takes over what an earlier visit said.
    pub fn take_over(&self, slow: Answers) {
        self.answers.update(|answers| copy::merge(answers, slow));
        self.keep();
    }

    /// The form is sent: asks first when something alike is there already.
    pub fn send(&self) {
        self.fill_in();
        let work = self.work.get_value();
        let mut answers = self.answers.get_untracked();
        indicators::drop_unmet(&mut answers, &mut work.filled.borrow_mut());
        self.answers.set(answers);
        let draft = self.draft();
        // A record that is mended is the one that is there.
        let alike = if draft.is_edit {
            Ok(Vec::new())
        } else {
            let found = work.register.duplicates(&draft);
            found.map(|found| twice::describe(&work.register, &draft, found))
        };
        match alike {
            Ok(alike) if !alike.is_empty() => self.alike.set(alike),
            // Not knowing of others keeps nobody from writing.
            _ => self.save(),
        }
    }

    /// Writes the record.
    pub fn save(&self) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.not_saved.set(String::new());
        let (desk, draft, work) = (*self, self.draft(), self.work.get_value());
        spawn_local(async move {
            work.keeper.close().await;
            let result = work.register.submit(&draft).await;
            let _ = desk.busy.try_set(false);
            match result {
                Ok(submitted) => desk.saved(&draft, submitted),
                Err(error) => {
                    work.keeper.reopen();
                    desk.refused(&error);
                    // What was typed meanwhile is kept too; without a form, what was handed in.
                    if desk.answers.is_disposed() {
                        work.keeper.keep(draft, desk.not_kept);
                    } else {
                        desk.keep();
                    }
                }
            }
        });
    }

    fn refused(&self, error: &RegisterError) {
        let words = format!(
            "{} {}",
            error_words(error),
            t("visit.code", &[("code", &error.code())])
        );
        if self.not_saved.try_set(words.clone()).is_none() {
            browser::scroll_to_top();
        } else {
            // Who left the form hears it where they are.
            self.app.say(words);
        }
    }

    fn saved(&self, draft: &Draft, submitted: Submitted) {
        let app = self.app;
        let joined = submitted.existed && !draft.is_edit;
        app.say(t(
            if joined {
                "visit.saved_joined"
            } else {
                "visit.saved"
            },
            &[],
        ));
        if self.is_open(draft.id) {
            app.replace(after(draft, submitted.id));
        }
        app.sync_if_due();
        if app.persisted.with_untracked(String::is_empty) {
            spawn_local(async move { app.persisted.set(browser::wants_persistence().await) });
        }
    }

    /// True while the form is on screen: who went elsewhere meanwhile stays there.
    fn is_open(&self, id: RecordId) -> bool {
        self.app.screen.get_untracked() == Screen::Fill(id)
    }

    /// Throws the draft away.
    pub fn discard(&self) {
        let (desk, app, work) = (*self, self.app, self.work.get_value());
        spawn_local(async move {
            work.keeper.close().await;
            match work.register.drop_draft(work.draft.id).await {
                Ok(()) if desk.is_open(work.draft.id) => app.back(),
                Ok(()) => {}
                Err(error) => {
                    work.keeper.reopen();
                    app.say_error(&error);
                }
            }
        });
    }
}

fn household_of(answers: &Answers) -> Option<RecordId> {
    answers
        .get("household_id")
        .and_then(Scalar::as_text)?
        .parse()
        .ok()
}

fn reviews(answers: &Answers) -> bool {
    answers
        .get("visit_type")
        .and_then(Scalar::as_text)
        .is_some_and(is_review)
}

/// Where a person goes on after a record was written: to whom it is about.
fn after(draft: &Draft, id: RecordId) -> Screen {
    let of = |path: &str| draft.answers.get(path).and_then(Scalar::as_text)?.parse().ok();
    if draft.kind == "household" {
        return Screen::Household(id);
    }
    let household = of("household_id").map(Screen::Household);
    let fair = of("fair_id").map(Screen::Fair);
    household.or(fair).unwrap_or(Screen::Record(id))
}
