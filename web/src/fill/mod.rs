//! A form on screen: pages, one component per kind of field, and what is wrong.
//!
//! In: a form, the answers as flat paths, and [`Looking`], a way to other records. Out: the same
//! answers, changed, and a call after every change. Promised: typing waits for nothing, no answer is
//! refused that has a meaning, and what has none stays on screen until it is mended. It knows no
//! storage, no network and no screen; what is asked and what is wrong is for `schemas` to say.
//!
//! The way through: [`pages`] cuts the form; `sheet` holds the state of one filling and evaluates
//! the form after an edit (`hearing`); `form` draws a page, `question` one question by its kind (`written`,
//! `day`, `chosen`, `place`), `repeat` rows; `summary` shows what is wrong before sending;
//! [`diff`](fn@diff) says what must be written.

mod answered;
mod chosen;
mod day;
mod diff;
mod form;
mod hearing;
mod issues;
mod pages;
mod place;
mod question;
mod repeat;
mod rows;
mod sheet;
mod show;
mod summary;
mod written;

use std::rc::Rc;

use jiff::Timestamp;
use leptos::prelude::{Callback, GetValue, LocalStorage, StoredValue};
use schemas::eval::Lookup;
use schemas::value::Answers;

pub use self::answered::Answered;
pub use self::diff::diff;
pub use self::form::Fill;
pub use self::pages::{Page, pages, shown_pages};
pub use self::rows::rows;
pub use self::show::show_answer;
use crate::ui::OptionItem;

/// What a form on screen may know beside its answers. Signals that an answer comes from are tracked:
/// when a document that was asked for has been read, the form is evaluated again.
pub trait Looking {
    /// The moment.
    fn now(&self) -> Timestamp;
    /// The id of who fills the form.
    fn user(&self) -> String;
    /// Other records.
    fn lookup(&self) -> &dyn Lookup;
    /// What a question that refers to `kind` offers. `path` is the question's; `answers` are those
    /// that are chosen rather than typed, so that typing never lists options again.
    fn options(&self, kind: &str, path: &str, answers: &Answers) -> Vec<OptionItem>;
    /// The words of an id; without them the option of that id is looked for.
    fn label(&self, _kind: &str, _id: &str) -> Option<String> {
        None
    }
}

/// A [`Looking`] that can be handed through a view: views want what may cross threads, and what looks
/// into the app's rows need not. It lives as long as the component that made it.
#[derive(Clone, Copy)]
pub struct Look(StoredValue<Rc<dyn Looking>, LocalStorage>);

impl Look {
    /// Keeps a way to look.
    pub fn new(looking: impl Looking + 'static) -> Self {
        Self(StoredValue::new_local(Rc::new(looking)))
    }

    /// The way to look.
    #[must_use]
    pub fn get(&self) -> Rc<dyn Looking> {
        self.0.get_value()
    }
}

/// Where the phone is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Metres above the sea.
    pub altitude: Option<f64>,
    /// Metres, the radius in which the phone probably is.
    pub accuracy: Option<f64>,
}

/// Asks the phone where it is: the form calls it, and is called back with a place, or with words
/// that say why there is none.
pub type Locate = Callback<Callback<Result<Point, String>>>;
