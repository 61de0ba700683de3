//! What the parts of one fair's screen share: who is on the lists, who is in, and how one is written in.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use schemas::expr::LOCAL_OFFSET;
use schemas::form::Form;
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;

use super::counts::Roll;
use super::doubt::Doubt;
use super::people::{Book, Candidate, People};
use crate::app::App;
use crate::browser;
use crate::phone::{Draft, Register, RegisterError};
use crate::ui::OptionItem;
use crate::words::{self, label, t};

/// The form of what is written here.
pub(super) const ATTENDANCE: &str = "job_fair_attendance";

/// Most rows that are drawn at once; a person types on rather than scrolls further.
pub(super) const ROWS_MAX: usize = 60;

/// The desk of one fair. Copied into every part; the signals inside are one.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub app: App,
    pub fair: RecordId,
    /// Who is in.
    pub roll: Memo<Roll>,
    /// Who is on the households' lists.
    pub people: Memo<People>,
    /// What the last person wanted: offered to the next.
    pub last_needs: RwSignal<BTreeSet<String>>,
    /// Somebody may be in already: the question that is open.
    pub doubt: RwSignal<Option<Doubt>>,
    /// Something is being written.
    pub busy: RwSignal<bool>,
    form: StoredValue<Option<Arc<Form>>>,
}

/// What a person said at the desk, beside who they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub needs: BTreeSet<String>,
    pub consent: bool,
    /// Typed answers: `phone`, `id_number`.
    pub more: Vec<(String, String)>,
}

impl Said {
    /// The same as answers of the form.
    pub fn answers(&self) -> Answers {
        let needs = self
            .needs
            .iter()
            .map(|need| (format!("needs/{need}"), Scalar::Bool(true)));
        let more = self.more.iter().filter(|(_, text)| !text.is_empty());
        let more = more.map(|(path, text)| (path.clone(), Scalar::Text(text.clone())));
        let mut answers: Answers = needs.chain(more).collect();
        answers.insert("consent_share_employer".to_owned(), Scalar::Bool(self.consent));
        answers
    }
}

impl Desk {
    pub fn new(app: App, fair: RecordId) -> Self {
        let name = fair.to_string();
        let roll = Memo::new(move |_| {
            app.follow(|register| {
                let index = register.index();
                let attendances = index.of_kind(ATTENDANCE);
                Roll::of(&name, attendances.map(|(id, summary)| (id, &**summary)))
            })
        });
        let book = StoredValue::new_local(Book::default());
        let people = Memo::new(move |_| {
            let read = |register: &Register| book.try_update_value(|book| read_people(register, book));
            app.follow(read).unwrap_or_default()
        });
        let form = app
            .register()
            .and_then(|register| register.form(ATTENDANCE, None));
        Self {
            app,
            fair,
            roll,
            people,
            last_needs: RwSignal::default(),
            doubt: RwSignal::default(),
            busy: RwSignal::new(false),
            form: StoredValue::new(form),
        }
    }

    /// The choices of a list of the form, in the language that is chosen now.
    pub fn choices(&self, list: &str) -> Vec<OptionItem> {
        let list = self
            .form
            .with_value(|form| form.as_ref()?.lists().get(list).cloned());
        let choices = list.iter().flat_map(|list| &list.choices);
        choices
            .map(|choice| OptionItem::new(&choice.name, label(&choice.label)))
            .collect()
    }

    /// The words of a choice; the code itself when the form does not know it.
    pub fn choice(&self, list: &str, name: &str) -> String {
        let language = words::language().code();
        let list = self
            .form
            .with_value(|form| form.as_ref()?.lists().get(list).cloned());
        list.map_or_else(|| name.to_owned(), |list| list.label(name, language).to_owned())
    }

    /// The name of a unit.
    pub fn unit_name(&self, id: &str) -> String {
        let known = self.app.register().and_then(|register| register.known().ok());
        let unit = known.as_ref().and_then(|known| known.units.get(id));
        unit.map_or_else(String::new, |unit| unit.name.clone())
    }

    /// Who has this user id, as lists say it; "bạn" for the holder.
    pub fn user_name(&self, id: &str) -> String {
        let Some(known) = self.app.register().and_then(|register| register.known().ok()) else {
            return String::new();
        };
        if known.identity.user.to_string() == id {
            return t("fair.you", &[]);
        }
        let mut certs = known.directory.iter();
        let cert = certs.find(|cert| cert.user.to_string() == id);
        cert.map_or_else(|| t("fair.somebody", &[]), |cert| cert.user_name.clone())
    }

    /// The local day.
    pub fn today(&self) -> jiff::civil::Date {
        words::today((browser::clock())())
    }

    /// Checks in somebody from the lists. `done` runs once it is on disk.
    pub fn check_in(self, person: Arc<Candidate>, said: Said, sure: bool, done: Callback<()>) {
        self.work(async move |register| {
            let draft = member_draft(register, self.fair, &person, &said).await?;
            if sure {
                self.write(register, draft, done).await
            } else {
                self.weigh(register, draft, Vec::new(), done).await
            }
        });
    }

    /// Checks in somebody who is on no list, with these answers.
    pub fn walk_in(self, answers: Answers, members: Vec<Arc<Candidate>>, done: Callback<()>) {
        self.work(async move |register| {
            let draft = draft(register, self.fair, None, answers).await?;
            self.weigh(register, draft, members, done).await
        });
    }

    /// Writes a draft about which a person has decided.
    pub fn save(self, draft: Draft, done: Callback<()>) {
        self.work(async move |register| self.write(register, draft, done).await);
    }

    /// Does something with the register and says what went wrong, if anything. One thing at a time.
    pub fn work(self, act: impl AsyncFnOnce(&Register) -> Result<(), RegisterError> + 'static) {
        let Some(register) = self.app.register().filter(|_| !self.busy.get_untracked()) else {
            return;
        };
        self.busy.set(true);
        spawn_local(async move {
            if let Err(error) = act(&register).await {
                self.app.say_error(&error);
            }
            self.busy.set(false);
        });
    }

    /// Writes a draft, unless somebody like this one is in already, or on the lists: then it asks first.
    async fn weigh(
        self,
        register: &Register,
        draft: Draft,
        members: Vec<Arc<Candidate>>,
        done: Callback<()>,
    ) -> Result<(), RegisterError> {
        let doubt = Doubt::of(register, self, draft, members, done)?;
        match doubt {
            Ok(doubt) => match self.doubt.try_set(Some(doubt)) {
                // Who left the desk at once is not asked any more: it waits among what was begun.
                Some(Some(unasked)) => register.keep_draft(&unasked.draft).await,
                _ => Ok(()),
            },
            Err(draft) => self.write(register, draft, done).await,
        }
    }

    async fn write(self, register: &Register, draft: Draft, done: Callback<()>) -> Result<(), RegisterError> {
        let submitted = register.submit(&draft).await?;
        let voided = register.index().get(submitted.id);
        if voided.is_some_and(|summary| !summary.fact("void_reason").is_empty()) {
            // Struck off before, and here after all.
            register
                .set(submitted.id, vec![("void_reason".to_owned(), Scalar::Null)])
                .await?;
        }
        let needs = draft
            .answers
            .keys()
            .filter_map(|path| path.strip_prefix("needs/"));
        self.last_needs.set(needs.map(str::to_owned).collect());
        let name = draft
            .answers
            .get("full_name")
            .and_then(Scalar::as_text)
            .unwrap_or_default();
        self.app.say(t("fair.checked_in", &[("name", name)]));
        // Who left the desk meanwhile sees it there when they come back.
        done.try_run(());
        Ok(())
    }
}

fn read_people(register: &Register, book: &mut Book) -> People {
    let Ok(known) = register.known() else {
        return People::default();
    };
    let index = register.index();
    let name = |unit: &str| {
        known
            .units
            .get(unit)
            .map_or_else(String::new, |unit| unit.name.clone())
    };
    book.read(index.of_kind("household"), name)
}

/// An attendance of a member, with what the household's record says of them.
async fn member_draft(
    register: &Register,
    fair: RecordId,
    person: &Candidate,
    said: &Said,
) -> Result<Draft, RegisterError> {
    let copied = person.answers();
    let mut answers = copied.clone();
    answers.extend(said.answers());
    let mut draft = draft(register, fair, person.household, answers).await?;
    // What is copied says nothing against what another phone wrote at the desk.
    draft.prefilled.extend(copied.into_keys());
    Ok(draft)
}

async fn draft(
    register: &Register,
    fair: RecordId,
    household: Option<RecordId>,
    mut answers: Answers,
) -> Result<Draft, RegisterError> {
    let shelf = register.shelf([fair].into_iter().chain(household)).await?;
    answers.insert("fair_id".to_owned(), Scalar::Text(fair.to_string()));
    let mut draft = register.begin(ATTENDANCE, answers, &shelf)?;
    // Having come is the first outcome. The row of a member has the member's id, so that two phones which
    // check the same person in write one row.
    let member = draft
        .answers
        .get("person_ref")
        .and_then(Scalar::as_text)
        .map(str::to_owned);
    let row = member.unwrap_or_else(|| draft.id.to_string());
    let today = LOCAL_OFFSET.to_datetime(register.now()).date().to_string();
    for (field, value) in [("code", "attended_only"), ("date", today.as_str())] {
        let path = format!("outcomes/{row}/{field}");
        draft.answers.insert(path.clone(), value.into());
        draft.prefilled.push(path);
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_becomes_answers() {
        let said = Said {
            needs: ["job_local".to_owned(), "advice".to_owned()].into(),
            consent: false,
            more: vec![
                ("phone".to_owned(), "0912345678".to_owned()),
                ("id_number".to_owned(), String::new()),
            ],
        };
        let expected: Answers = [
            ("consent_share_employer", Scalar::Bool(false)),
            ("needs/advice", Scalar::Bool(true)),
            ("needs/job_local", Scalar::Bool(true)),
            ("phone", "0912345678".into()),
        ]
        .map(|(path, value)| (path.to_owned(), value))
        .into();
        assert_eq!(said.answers(), expected);
    }
}
