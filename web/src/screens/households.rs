//! The households: found by name, filtered, opened.

mod filter;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use leptos::prelude::*;
use sync_core::id::RecordId;

pub use self::filter::{Entry, Filter};
use super::begin::begin_household;
use super::duties::{Holder, Records, duties};
use super::names;
use crate::app::{App, Screen};
use crate::phone::Register;
use crate::ui::{
    Button, ButtonKind, Checks, EmptyState, Icon, List, ListRow, OptionItem, Page, SearchField, Select,
    TopBar,
};
use crate::words::{count, say, t, today};

/// Rows drawn at once; two thousand would keep a slow phone busy for seconds.
const PAGE: usize = 100;

thread_local! {
    /// What was searched last, so that the way back from a household leads to the same list. It goes
    /// with the register it was searched in.
    static LAST: RefCell<Option<(Weak<Register>, Filter)>> = const { RefCell::new(None) };
}

/// Opens the list with a filter.
pub fn open(app: App, filter: Filter) {
    remember(app, filter);
    app.go(Screen::Households);
}

/// Forgets what was searched: who comes from elsewhere looks for somebody else.
pub fn forget() {
    LAST.set(None);
}

fn remember(app: App, filter: Filter) {
    let register = app.register();
    LAST.set(register.map(|register| (Rc::downgrade(&register), filter)));
}

fn last(app: App) -> Filter {
    let same = |open: &Rc<Register>, weak: &Weak<Register>| {
        weak.upgrade().is_some_and(|weak| Rc::ptr_eq(open, &weak))
    };
    let register = app.register();
    LAST.with_borrow(|last| match (last, register) {
        (Some((weak, filter)), Some(open)) if same(&open, weak) => filter.clone(),
        _ => Filter::default(),
    })
}

/// The list of households.
#[component]
pub fn Households() -> impl IntoView {
    let app = App::here();
    let filter = RwSignal::new(last(app));
    let all = Memo::new(move |_| app.follow(entries));
    let found = Memo::new(move |_| all.with(|all| filter.with(|filter| filter::select(all, filter))));
    Effect::new(move |_| remember(app, filter.get()));
    let number = move || {
        let (found, all) = (found.with(Vec::len), all.with(Vec::len));
        t("households.found", &[("n", &count(found)), ("all", &count(all))])
    };
    view! {
        <TopBar title=say("households.title") sub=number>
            <Button id="household:new" label=say("households.new") icon=Icon::Add kind=ButtonKind::Primary
                on_click=move |()| begin_household(app) />
        </TopBar>
        <Page>
            <Search filter />
            <Rows found filter />
        </Page>
    }
}

/// Every household that stands, by given name, with what filters ask.
fn entries(register: &Register) -> Vec<Entry> {
    let index = register.index();
    let holder = Holder::of(register);
    let duties = duties(&Records::of(&index), &holder, today(register.now()));
    let entry = |(id, summary)| Entry::of(id, summary, &holder, &duties);
    let mut entries: Vec<Entry> = index.of_kind("household").filter_map(entry).collect();
    entries.sort_by(|one, other| (&one.sort, one.id).cmp(&(&other.sort, other.id)));
    entries
}

#[component]
fn Search(filter: RwSignal<Filter>) -> impl IntoView {
    let query = RwSignal::new(filter.with_untracked(|filter| filter.query.clone()));
    let typed = move |text: String| filter.update(|filter| filter.query = text);
    let narrowed = move || filter.with(Filter::narrowed);
    let heading = move || match narrowed() {
        0 => t("households.filter", &[]),
        n => t("households.filter_on", &[("n", &count(n))]),
    };
    let open = filter.with_untracked(|filter| filter.narrowed() > 0);
    view! {
        <SearchField id="households:search" label=say("households.search") value=query on_input=typed />
        <details class="filters" open=open>
            <summary data-id="households:filters">{heading}</summary>
            <Narrow filter />
        </details>
    }
}

#[component]
fn Narrow(filter: RwSignal<Filter>) -> impl IntoView {
    let app = App::here();
    let villages = Signal::derive(move || app.follow(villages));
    let classes = Signal::derive(move || {
        let classes = app.follow(|register| names::choices(register, "household", "current_class"));
        let option = |(name, label)| OptionItem::new(name, label);
        classes.into_iter().map(option).collect::<Vec<_>>()
    });
    let village = Signal::derive(move || filter.with(|filter| filter.village.clone()));
    let class = Signal::derive(move || filter.with(|filter| filter.class.clone()));
    let marks = Signal::derive(|| {
        vec![
            OptionItem::new("mine", t("households.mine", &[])),
            OptionItem::new("unvisited", t("households.unvisited", &[])),
        ]
    });
    let ticked = Signal::derive(move || {
        let both = filter.with(|filter| [("mine", filter.mine), ("unvisited", filter.unvisited)]);
        let ticked = both.into_iter().filter(|(_, on)| *on);
        ticked.map(|(name, _)| name.to_owned()).collect()
    });
    let tick = move |(name, on): (String, bool)| {
        filter.update(|filter| match name.as_str() {
            "mine" => filter.mine = on,
            _ => filter.unvisited = on,
        });
    };
    view! {
        <Select id="households:village" label=say("households.village") options=villages value=village
            on_pick=move |picked| filter.update(|filter| filter.village = picked) />
        <Select id="households:class" label=say("households.class") options=classes value=class
            on_pick=move |picked| filter.update(|filter| filter.class = picked) />
        <Checks id="households:show" label=say("households.show") options=marks ticked=ticked on_tick=tick />
    }
}

/// Villages in which there are households, by name.
fn villages(register: &Register) -> Vec<OptionItem> {
    let index = register.index();
    let ids = index
        .of_kind("household")
        .map(|(_, summary)| summary.fact("village_id").to_owned());
    let ids: std::collections::BTreeSet<String> = ids.filter(|id| !id.is_empty()).collect();
    let option = |id: String| OptionItem::new(id.clone(), names::unit(register, &id));
    let mut options: Vec<OptionItem> = ids.into_iter().map(option).collect();
    options.sort_by_cached_key(|option| schemas::text::collation_key(&option.label));
    options
}

#[component]
fn Rows(found: Memo<Vec<Entry>>, filter: RwSignal<Filter>) -> impl IntoView {
    let app = App::here();
    let pages = RwSignal::new(1_usize);
    Effect::new(move |_| {
        filter.track();
        pages.set(1);
    });
    let rows = move || {
        let most = pages.get() * PAGE;
        found.with(|found| found.iter().take(most).cloned().collect::<Vec<_>>())
    };
    let left = move || found.with(Vec::len).saturating_sub(pages.get() * PAGE);
    let nobody = move || found.with(Vec::is_empty);
    let narrowed = move || filter.with(|filter| filter.narrowed() > 0 || !filter.query.is_empty());
    let none = move || {
        let key = if narrowed() {
            "households.none_found"
        } else {
            "households.none"
        };
        t(key, &[])
    };
    let more = move || t("households.more", &[("n", &count(left()))]);
    view! {
        <Show when=nobody>
            <EmptyState title=none>
                <Show when=narrowed>
                    <Button id="households:all" label=say("households.all")
                        on_click=move |()| filter.set(Filter::default()) />
                </Show>
            </EmptyState>
        </Show>
        <List>
            <For each=rows key=Clone::clone children=move |entry| view! { <Row entry app /> } />
        </List>
        <Show when=move || { left() > 0 }>
            <Button id="households:more" label=more wide=true on_click=move |()| pages.update(|pages| *pages += 1) />
        </Show>
    }
}

#[component]
fn Row(entry: Entry, app: App) -> impl IntoView {
    let id: RecordId = entry.id;
    let (village, people, class) = (entry.village, entry.people, entry.class);
    let member = entry.member;
    let lines = Signal::derive(move || {
        let place = app.follow(|register| names::unit(register, &village));
        let people = t("households.people", &[("n", &count(people))]);
        let mut lines = vec![names::line(&[place, people])];
        if !member.is_empty() {
            lines.push(t("households.member", &[("name", &member)]));
        }
        lines
    });
    let marks = entry.marks;
    let badge = move || {
        let class = app
            .register()
            .and_then(|register| names::class_badge(&register, &class));
        view! { {class}{names::badges(&marks)} }
    };
    view! {
        <ListRow id=format!("household:{id}") title=entry.title lines badge
            on_click=move |()| app.go(Screen::Household(id)) />
    }
}
