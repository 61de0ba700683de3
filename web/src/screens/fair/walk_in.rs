//! Somebody who is on no list: what is typed first, then what is tapped, in the order of the form on paper.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use schemas::ethnic::ethnic_groups;
use schemas::text::clean;
use schemas::unit::Level;
use schemas::value::{Answers, Scalar};

use super::check_in::{Asked, Asking};
use super::desk::Desk;
use super::quick::QuickPick;
use crate::ui::{Button, ButtonKind, ChoiceCards, Dialog, Icon, NumberField, OptionItem, TextField, focus};
use crate::words::{label, say, t};

/// Likely values shown as cards.
const LIKELY: usize = 4;
/// The earliest year of birth.
const YEAR_MIN: i16 = 1900;

/// What is typed and tapped about one person.
#[derive(Clone, Copy, Default)]
struct Sheet {
    name: RwSignal<String>,
    year: RwSignal<String>,
    sex: RwSignal<Option<String>>,
    village: RwSignal<Option<String>>,
    ethnicity: RwSignal<Option<String>>,
    class: RwSignal<Option<String>>,
    phone: RwSignal<String>,
    id_number: RwSignal<String>,
    asked: Asked,
}

impl Sheet {
    fn clear(&self) {
        for text in [self.name, self.year, self.phone, self.id_number] {
            text.set(String::new());
        }
        for choice in [self.sex, self.village, self.ethnicity, self.class] {
            choice.set(None);
        }
        self.asked.clear();
    }

    fn name(&self) -> String {
        clean(&self.name.get())
    }

    fn year(&self, today: jiff::civil::Date) -> Option<i16> {
        let year = self.year.get().trim().parse().ok()?;
        (YEAR_MIN..=today.year()).contains(&year).then_some(year)
    }

    /// The first piece that is missing.
    fn missing(&self, today: jiff::civil::Date) -> Option<&'static str> {
        let pieces = [
            ("walkin:name", self.name().chars().count() < 2),
            ("walkin:year", self.year(today).is_none()),
            ("walkin:sex", self.sex.get().is_none()),
            ("walkin:village", self.village.get().is_none()),
            ("walkin:ethnicity", self.ethnicity.get().is_none()),
            ("walkin:phone", !fits(&self.phone.get(), 10..=12)),
            ("walkin:id_number", !fits(&self.id_number.get(), 12..=12)),
        ];
        pieces.into_iter().find(|(_, missing)| *missing).map(|(id, _)| id)
    }

    fn answers(&self, today: jiff::civil::Date) -> Answers {
        let digits = |text: String| text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
        let choice = |choice: RwSignal<Option<String>>| choice.get().unwrap_or_default();
        let texts = [
            ("full_name", self.name()),
            ("sex", choice(self.sex)),
            ("residence_village_id", choice(self.village)),
            ("ethnicity_code", choice(self.ethnicity)),
            ("hh_class_at_event", choice(self.class)),
            ("phone", digits(self.phone.get())),
            ("id_number", digits(self.id_number.get())),
        ];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let mut answers: Answers = texts
            .map(|(path, text)| (path.to_owned(), Scalar::Text(text)))
            .collect();
        if let Some(year) = self.year(today) {
            answers.insert("birth_year".to_owned(), Scalar::Int(year.into()));
        }
        answers
    }
}

/// A number that may be left out, else has so many digits; spaces and dots between them are nothing.
fn fits(text: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    let number = bare.strip_prefix('+').unwrap_or(&bare);
    bare.is_empty() || (number.bytes().all(|byte| byte.is_ascii_digit()) && digits.contains(&number.len()))
}

/// The form; it is drawn while `open`.
#[component]
pub(super) fn WalkIn(
    desk: Desk,
    open: RwSignal<bool>,
    /// What was searched in vain: the beginning of the name.
    searched: RwSignal<String>,
    /// Runs once the person is in.
    on_done: Callback<()>,
) -> impl IntoView {
    let sheet = Sheet::default();
    Effect::new(move |_| {
        sheet.clear();
        if open.get() {
            sheet.name.set(searched.get_untracked());
            // The dialog is shown in a turn of its own; the focus follows it.
            set_timeout(|| focus("walkin:name"), Duration::from_millis(50));
        }
    });
    let done = Callback::new(move |()| {
        open.set(false);
        on_done.run(());
    });
    let save = move |()| untrack(|| submit(desk, sheet, done));
    view! {
        <Dialog id="walkin" title=say("fair.walk_in.title") open tall=true>
            <div class="desk-form" on:keydown=move |event| next_on_enter(&event)>
                <Who desk sheet />
                <Asking desk asked=sheet.asked id="walkin" />
                <More desk sheet />
            </div>
            <div class="desk-foot">
                <Button id="walkin:save" label=say("fair.check_in") kind=ButtonKind::Primary wide=true
                    icon=Icon::Check busy=desk.busy on_click=save />
            </div>
        </Dialog>
    }
}

fn submit(desk: Desk, sheet: Sheet, done: Callback<()>) {
    let today = desk.today();
    sheet.asked.checked.set(true);
    if let Some(missing) = sheet.missing(today) {
        return focus(missing);
    }
    let Some(said) = sheet.asked.said("walkin") else {
        return;
    };
    let mut answers = sheet.answers(today);
    answers.extend(said.answers());
    let like = |year| {
        desk.people
            .with_untracked(|people| people.like(&sheet.name(), year))
    };
    let members = sheet.year(today).map(like).unwrap_or_default();
    desk.walk_in(answers, members, done);
}

/// Enter leads to the next thing that is typed or tapped.
fn next_on_enter(event: &KeyboardEvent) {
    const NEXT: [(&str, &str); 3] = [
        ("walkin:name", "walkin:year"),
        ("walkin:year", "walkin:sex=male"),
        ("walkin:phone", "walkin:id_number"),
    ];
    if event.key() != "Enter" {
        return;
    }
    let target: web_sys::Element = event_target(event);
    let here = target.get_attribute("data-id").unwrap_or_default();
    if let Some((_, next)) = NEXT.iter().find(|(id, _)| *id == here) {
        event.prevent_default();
        focus_data_id(next);
    }
}

/// A card of a group has no DOM id of its own; it is found by its `data-id`.
fn focus_data_id(id: &str) {
    let found = document()
        .query_selector(&format!("[data-id=\"{id}\"]"))
        .ok()
        .flatten();
    match found.and_then(|element| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(element).ok()) {
        Some(element) => {
            let _ = element.focus();
        }
        None => focus(id),
    }
}

/// Name, year, sex, village, ethnic group.
#[component]
fn Who(desk: Desk, sheet: Sheet) -> impl IntoView {
    let wrong = move |is: bool, key: &'static str| {
        if is && sheet.asked.checked.get() {
            t(key, &[])
        } else {
            String::new()
        }
    };
    let none = move |choice: RwSignal<Option<String>>| {
        Signal::derive(move || wrong(choice.get().is_none(), "fair.walk_in.choose"))
    };
    let no_name =
        Signal::derive(move || wrong(sheet.name().chars().count() < 2, "fair.walk_in.name_missing"));
    let no_year =
        Signal::derive(move || wrong(sheet.year(desk.today()).is_none(), "fair.walk_in.year_wrong"));
    let sexes = Signal::derive(move || desk.choices("sex"));
    let villages = Signal::derive(move || likely_villages(desk));
    let all_villages = Signal::derive(move || all_villages(desk));
    let groups = Signal::derive(move || likely_groups(desk));
    let all_groups = Signal::derive(|| {
        let option = |group: &schemas::ethnic::EthnicGroup| OptionItem::new(&group.code, label(&group.label));
        let (ours, others): (Vec<_>, Vec<_>) = ethnic_groups().iter().partition(|group| group.in_lao_cai);
        ours.into_iter().chain(others).map(option).collect::<Vec<_>>()
    });
    view! {
        <TextField id="walkin:name" label=say("fair.walk_in.name") value=sheet.name capitals=true required=true error=no_name />
        <NumberField id="walkin:year" label=say("fair.walk_in.year") value=sheet.year required=true error=no_year />
        <ChoiceCards id="walkin:sex" label=say("fair.walk_in.sex") options=sexes value=sheet.sex
            on_pick=move |sex| sheet.sex.set(sex) required=true columns=true error=none(sheet.sex) />
        <QuickPick id="walkin:village" label=say("fair.walk_in.village") other=say("fair.walk_in.elsewhere")
            likely=villages all=all_villages value=sheet.village on_picked=|()| () error=none(sheet.village) />
        <QuickPick id="walkin:ethnicity" label=say("fair.walk_in.ethnicity") other=say("fair.walk_in.other_group")
            likely=groups all=all_groups value=sheet.ethnicity on_picked=|()| () error=none(sheet.ethnicity) />
    }
}

/// What may be left out.
#[component]
fn More(desk: Desk, sheet: Sheet) -> impl IntoView {
    let classes = Signal::derive(move || desk.choices("hh_class"));
    let wrong = move |text: RwSignal<String>, digits: std::ops::RangeInclusive<usize>, key: &'static str| {
        Signal::derive(move || {
            let bad = sheet.asked.checked.get() && !fits(&text.get(), digits.clone());
            if bad { t(key, &[]) } else { String::new() }
        })
    };
    let bad_phone = wrong(sheet.phone, 10..=12, "fair.walk_in.phone_wrong");
    let bad_number = wrong(sheet.id_number, 12..=12, "fair.walk_in.id_number_wrong");
    view! {
        <TextField id="walkin:phone" label=say("fair.walk_in.phone") value=sheet.phone kind="tel" inputmode="tel" error=bad_phone />
        <NumberField id="walkin:id_number" label=say("fair.walk_in.id_number") value=sheet.id_number error=bad_number />
        <ChoiceCards id="walkin:class" label=say("fair.walk_in.class") options=classes value=sheet.class
            on_pick=move |class| sheet.class.set(class) columns=true />
    }
}

/// The villages of the last people, then those where most people live.
fn likely_villages(desk: Desk) -> Vec<OptionItem> {
    let recent = desk
        .roll
        .with(|roll| roll.recent(LIKELY, |entry| &entry.village_id));
    let common = desk
        .people
        .with(|people| people.common(LIKELY, |person| &person.village_id));
    let option = |id: String| OptionItem::new(&id, desk.unit_name(&id));
    distinct(recent, common).map(option).collect()
}

fn likely_groups(desk: Desk) -> Vec<OptionItem> {
    let recent = desk
        .roll
        .with(|roll| roll.recent(LIKELY, |entry| &entry.ethnicity));
    let common = desk
        .people
        .with(|people| people.common(LIKELY, |person| &person.ethnicity));
    let option = |code: String| OptionItem::new(&code, desk.choice("ethnicity", &code));
    distinct(recent, common).map(option).collect()
}

fn distinct(first: Vec<String>, then: Vec<String>) -> impl Iterator<Item = String> {
    let mut values = first;
    for value in then {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values.into_iter().take(LIKELY)
}

/// Own villages, then every village and commune that is known, each with what it lies in.
fn all_villages(desk: Desk) -> Vec<OptionItem> {
    let Some(known) = desk.app.register().and_then(|register| register.known().ok()) else {
        return Vec::new();
    };
    let today = desk.today();
    let option = |unit: &schemas::unit::Unit| {
        let around = unit.parents.last().and_then(|parent| known.units.get(&parent.id));
        OptionItem::new(&unit.id, &unit.name)
            .with_sub(around.map(schemas::unit::Unit::full_name).unwrap_or_default())
    };
    let own = known.villages();
    let is_own = |unit: &schemas::unit::Unit| own.iter().any(|one| one.id == unit.id);
    let level = |unit: &schemas::unit::Unit| matches!(unit.level, Level::Village | Level::Commune);
    let others = known
        .units
        .iter()
        .filter(|unit| level(unit) && unit.in_force(today) && !is_own(unit));
    own.iter().copied().chain(others).map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_left_out_or_written_with_spaces() {
        for (text, ok) in [
            ("", true),
            ("0912 345 678", true),
            ("091.234.5678", true),
            ("+84912345678", true),
            ("091", false),
            ("09123456ab", false),
        ] {
            assert_eq!(fits(text, 10..=12), ok, "{text}");
        }
        assert!(fits("010085001234", 12..=12) && !fits("01008500123", 12..=12));
    }

    #[test]
    fn likely_values_come_once() {
        let strings = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let found: Vec<_> = distinct(strings(&["b"]), strings(&["a", "b", "c", "d", "e"])).collect();
        assert_eq!(found, ["b", "a", "c", "d"]);
    }
}
