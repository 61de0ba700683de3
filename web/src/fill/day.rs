//! Days and moments.

use leptos::prelude::*;
use schemas::expr::local_date_time;
use schemas::form::FieldKind;
use schemas::value::Scalar;

use super::question::Asked;
use super::sheet::{Sheet, Unread};
use super::written::{left, typed};
use crate::ui::{Button, ButtonKind, DateField, Frame, Icon, NumberField, TimeField};
use crate::words::{clock, date, label, read_date, read_time, say};

/// The ending of the question that says how exact a date is, and its choice for "only the year".
const PRECISION: &str = "_precision";
const YEAR: &str = "year";

/// A date; only its year where the form asks how exact it is and the answer is "only the year".
#[component]
pub(super) fn Day(asked: Asked) -> impl IntoView {
    let beside = Precision::of(&asked);
    let year_only = {
        let beside = beside.clone();
        let sheet = asked.sheet;
        Memo::new(move |_| {
            let answer = beside.as_ref().and_then(|beside| sheet.answer(&beside.path));
            answer.is_some_and(|answer| answer.as_text() == Some(YEAR))
        })
    };
    move || match (year_only.get(), &beside) {
        (true, Some(_)) => view! { <Year asked=asked.clone() /> }.into_any(),
        _ => view! { <WholeDay asked=asked.clone() beside=beside.clone() /> }.into_any(),
    }
}

/// The question beside a date that says how exact it is.
#[derive(Clone)]
struct Precision {
    path: String,
    words: schemas::form::Label,
}

impl Precision {
    fn of(asked: &Asked) -> Option<Self> {
        let path = format!("{}{PRECISION}", asked.path.strip_suffix("_date")?);
        let form = asked.sheet.form();
        let list = form.resolve(&path)?.field()?.choices.clone()?;
        let words = list.get(YEAR)?.label.clone();
        Some(Self { path, words })
    }
}

#[component]
fn WholeDay(asked: Asked, #[prop(optional_no_strip)] beside: Option<Precision>) -> impl IntoView {
    let value = typed(&asked, &FieldKind::Date);
    let on_blur = left(&asked, value, &FieldKind::Date);
    let sheet = asked.sheet;
    let only_year = beside.map(|Precision { path, words }| {
        let id = format!("{}:year", asked.path);
        let choose = move |_| sheet.put(&path, Some(Scalar::from(YEAR)));
        view! { <button type="button" class="link" data-id=id on:click=choose>{move || label(&words)}</button> }
    });
    let Asked {
        path,
        label,
        hint,
        error,
        required,
        ..
    } = asked;
    let id = path.clone();
    let on_input = move |text: String| sheet.put_typed(&path, &text);
    view! { <div><DateField id label value hint error required on_input on_blur />{only_year}</div> }
}

/// A year, stored as its first day.
#[component]
fn Year(asked: Asked) -> impl IntoView {
    let sheet = asked.sheet;
    let worth = asked.worth();
    let year_of = move || match worth.get() {
        Some(Scalar::Text(day)) => day.get(..4).unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let value = RwSignal::new(untrack(year_of));
    Effect::new(move |_| {
        let year = year_of();
        if !year.is_empty() && value.with_untracked(|typed| *typed != year) {
            value.set(year);
        }
    });
    let Asked {
        path,
        label,
        hint,
        error,
        required,
        ..
    } = asked;
    let (id, left_path) = (path.clone(), path.clone());
    let on_input = move |year: String| {
        let day = if year.is_empty() {
            year
        } else {
            format!("01/01/{year}")
        };
        sheet.put_typed(&path, &day);
    };
    let on_blur = move |()| sheet.touch_soon(&left_path);
    view! { <NumberField id label value hint error required on_input on_blur /> }
}

/// A day and a time, with a button for now.
#[component]
pub(super) fn Moment(asked: Asked) -> impl IntoView {
    let worth = asked.worth();
    let (day, time) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let shown = move |stored: Option<Scalar>| match stored {
        Some(Scalar::Text(text)) => (date(&text), clock(&text).unwrap_or_default()),
        _ => (String::new(), String::new()),
    };
    Effect::new(move |_| {
        let (new_day, new_time) = shown(worth.get());
        let same = day.with_untracked(|day| read_date(day)) == read_date(&new_day)
            && time.with_untracked(|time| read_time(time)) == read_time(&new_time);
        // What is half typed has no worth yet and stays.
        if !same && !new_day.is_empty() {
            day.set(new_day);
            time.set(new_time);
        }
    });
    let Asked {
        sheet,
        path,
        label,
        hint,
        error,
        required,
        ..
    } = asked;
    let put = {
        let path = path.clone();
        move || put_moment(sheet, &path, &day.get_untracked(), &time.get_untracked())
    };
    let (put_day, put_time) = (put.clone(), put);
    let left = {
        let path = path.clone();
        Callback::new(move |()| sheet.touch_soon(&path))
    };
    let now = {
        let path = path.clone();
        move |()| {
            let now = local_date_time(sheet.looking().now());
            sheet.put(&path, Some(Scalar::Text(now)));
        }
    };
    let (time_id, now_id) = (format!("{path}:time"), format!("{path}:now"));
    view! {
        <Frame id=format!("{path}:both") label hint error required group="group">
            <div class="moment">
                <DateField id=path label=say("fill.day") value=day on_input=move |_| put_day() on_blur=left />
                <TimeField id=time_id label=say("fill.time") value=time on_input=move |_| put_time() on_blur=left />
                <Button id=now_id label=say("fill.now") kind=ButtonKind::Quiet icon=Icon::Clock on_click=now />
            </div>
        </Frame>
    }
}

/// Puts a day and a time; one without the other is kept aside as something that means nothing yet.
fn put_moment(sheet: Sheet, path: &str, day: &str, time: &str) {
    match (read_date(day), read_time(time)) {
        (Some(day), Some(time)) => sheet.put_typed(path, &format!("{day}T{time}")),
        _ if day.is_empty() && time.is_empty() => sheet.put(path, None),
        _ => {
            let text = format!("{day} {time}");
            let message = sheet.read(path, "?").err().map(|error| error.message);
            sheet.put(path, None);
            sheet.unread.update(|unread| {
                unread.insert(
                    path.to_owned(),
                    Unread {
                        text,
                        message: message.unwrap_or_default(),
                    },
                );
            });
        }
    }
}
