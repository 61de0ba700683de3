//! One person: name, role, units, password, devices, and the code that enrols another one.

use std::collections::BTreeMap;

use leptos::prelude::*;
use parts::ui::{Badge, Banner, Button, ButtonKind, Confirm, Dialog, EmptyState, Section, TextField, Tone};
use serde_json::json;

use super::Title;
use super::devices::{List, Revoke};
use super::people::UnitList;
use crate::api::people::{Device, Enrolment, User, devices, disable, enrol, set_password, update, users};
use crate::app::{Desk, Doing, Remote};
use crate::pieces::{Said, loaded};
use crate::words::{date_time, name, say, t};

/// The screen.
#[component]
pub fn Person() -> impl IntoView {
    let desk = Desk::here();
    let id = Memo::new(move |_| desk.place.with(|place| place.part(1).to_owned()));
    let person = Remote::<User>::new();
    let held = Remote::<Vec<Device>>::new();
    let ask = move || {
        let wanted = id.get_untracked();
        person.ask(desk, async move {
            let all = users().await?;
            let found = all.into_iter().find(|user| user.id == wanted);
            found.ok_or_else(|| crate::api::Failure {
                code: "user_unknown".to_owned(),
                title: t("people.unknown", &[]),
                hint: String::new(),
            })
        });
    };
    let ask_devices = move || {
        let wanted = id.get_untracked();
        held.ask(desk, async move { devices(&wanted).await });
    };
    Effect::new(move |_| {
        if !id.get().is_empty() {
            person.forget();
            ask();
        }
    });
    Effect::new(move |_| {
        desk.devices.track();
        id.track();
        ask_devices();
    });
    let show = move |user: User| view! { <Card user on_change=move |()| ask() /> }.into_any();
    let asked = RwSignal::new(None::<String>);
    let show_devices = move |devices: Vec<Device>| {
        if devices.is_empty() {
            return view! { <EmptyState title=say("people.no_devices") /> }.into_any();
        }
        let names = person.value.with(|user| {
            user.iter()
                .map(|user| (user.id.clone(), user.name.clone()))
                .collect::<BTreeMap<_, _>>()
        });
        view! { <List devices names asked /> }.into_any()
    };
    view! {
        <Title text=Signal::derive(move || person.value.with(|user| user.as_ref().map_or_else(String::new, |user| user.name.clone())))>
            <Button id="back" label=say("desk.back") kind=ButtonKind::Quiet
                on_click=move |()| parts::browser::history_back() />
        </Title>
        {loaded(person, ask, show)}
        <Section title=say("people.devices_of")>
            <Revoke asked on_done=move |()| ask_devices() />
            {loaded(held, ask_devices, show_devices)}
        </Section>
    }
}

#[component]
fn Card(user: User, #[prop(into)] on_change: Callback<()>) -> impl IntoView {
    let desk = Desk::here();
    let (saving, enrolling, turning) = (Doing::new(), Doing::new(), Doing::new());
    let called = RwSignal::new(user.name.clone());
    let units = RwSignal::new(user.units.iter().map(|unit| unit.id.clone()).collect::<Vec<_>>());
    let code = RwSignal::new(None::<Enrolment>);
    let (code_open, sure) = (RwSignal::new(false), RwSignal::new(false));
    let off = user.disabled_at.is_some();
    let carries = matches!(
        user.role.as_str(),
        "village_head" | "commune_cadre" | "district_officer"
    );
    let id = StoredValue::new(user.id.clone());
    let save = move |()| {
        let change = json!({ "name": called.get_untracked().trim(), "units": units.get_untracked() });
        saving.run(desk, update(id.get_value(), change), move |_| {
            desk.say(t("people.saved", &[]));
            on_change.run(());
        });
    };
    let make_code = move |()| {
        enrolling.run(desk, enrol(id.get_value()), move |made| {
            code.set(Some(made));
            code_open.set(true);
        });
    };
    let turn_off = move |()| {
        turning.run(desk, disable(id.get_value()), move |_| {
            desk.say(t("people.turned_off", &[]));
            on_change.run(());
        });
    };
    let state = if off {
        view! { <Badge tone=Tone::Bad text=say("people.off") /> }.into_any()
    } else {
        view! { <Badge tone=Tone::Good text=say("people.on") /> }.into_any()
    };
    view! {
        <p class="sub">{user.login.clone()}" · "{name("desk.role", &user.role)}" "{state}</p>
        <div class="columns">
            <div class="stack">
                <Section title=say("people.about")>
                    <TextField id="person:name" label=say("people.name") value=called capitals=true />
                    <UnitList units />
                    <Said id="person:failed" failure=saving.failure />
                    <div><Button id="person:save" label=say("people.save") kind=ButtonKind::Primary busy=saving.busy on_click=save /></div>
                </Section>
            </div>
            <div class="stack">
                {(carries && !off).then(|| view! {
                    <Section title=say("people.enrol")>
                        <p class="hint">{say("people.enrol_hint")}</p>
                        <Said id="enrol:failed" failure=enrolling.failure />
                        <div><Button id="enrol" label=say("people.enrol_make") busy=enrolling.busy on_click=make_code /></div>
                    </Section>
                })}
                {(desk.role() == "admin" && user.has_password && !off).then(|| view! { <Password id=id.get_value() /> })}
                {(!off).then(|| view! {
                    <Section title=say("people.turn_off")>
                        <p class="hint">{say("people.turn_off_hint")}</p>
                        <Said id="off:failed" failure=turning.failure />
                        <div><Button id="turn_off" label=say("people.turn_off") kind=ButtonKind::Danger busy=turning.busy
                            on_click=move |()| sure.set(true) /></div>
                    </Section>
                })}
            </div>
        </div>
        <Confirm id="turn_off:sure" title=say("people.turn_off_sure") text=say("people.turn_off_hint")
            yes=say("people.turn_off") open=sure on_yes=turn_off danger=true />
        <Dialog id="code" title=say("people.enrol") open=code_open>
            {move || code.get().map(|code| view! { <Code code /> })}
        </Dialog>
    }
}

/// A code, to be read out or to be held before a camera.
#[component]
fn Code(code: Enrolment) -> impl IntoView {
    let picture = code.qr_svg.as_ref().map(|svg| {
        let address = format!("data:image/svg+xml,{}", crate::address::encode(svg));
        view! { <img class="qr" src=address alt=say("people.qr") /> }
    });
    let until = date_time(&code.expires);
    view! {
        {picture}
        <p class="big-code" data-id="code:text">{code.code.clone()}</p>
        <p class="hint">{t("people.code_until", &[("when", &until)])}</p>
        <p class="code">{code.url.clone()}</p>
    }
}

#[component]
fn Password(id: String) -> impl IntoView {
    let desk = Desk::here();
    let doing = Doing::new();
    let word = RwSignal::new(String::new());
    let set = move |()| {
        doing.run(desk, set_password(id.clone(), word.get_untracked()), move |()| {
            word.set(String::new());
            desk.say(t("people.password_done", &[]));
        });
    };
    view! {
        <Section title=say("people.password")>
            <Banner id="password:hint" tone=Tone::Info><p>{say("people.password_other_hint")}</p></Banner>
            <TextField id="password:new" label=say("people.password") hint=say("people.password_hint") value=word
                kind="password" autocomplete="new-password" />
            <Said id="password:failed" failure=doing.failure />
            <div><Button id="password:set" label=say("people.password_set") busy=doing.busy on_click=set
                disabled=Signal::derive(move || word.with(String::is_empty)) /></div>
        </Section>
    }
}
