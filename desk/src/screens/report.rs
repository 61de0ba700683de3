//! One report: figures, what was checked, pictures, and the records behind each figure. On paper it is a page of its
//! own: no rail, heads on every sheet, a place to sign.

use std::collections::BTreeMap;

use leptos::prelude::*;
use parts::ui::{Badge, Button, Dialog, EmptyState, Tone};
use serde_json::Value;

use super::records::{heads, record_row};
use crate::api::Page;
use crate::api::records::RecordRow;
use crate::api::reports::{self, Check, Column, Report as Body, Row};
use crate::app::{Desk, Remote};
use crate::browser;
use crate::pieces::{Table, charts, loaded};
use crate::words::{date, date_time, money, number, say, t, titled};

/// Which figure somebody asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Figure {
    row: String,
    column: String,
    title: String,
}

/// A report as it is asked for.
#[component]
pub fn Report(name: Memo<String>, asked: Memo<BTreeMap<String, String>>) -> impl IntoView {
    let desk = Desk::here();
    let body = Remote::<Body>::new();
    let ask = move || {
        let (name, asked) = (name.get_untracked(), asked.get_untracked());
        if !name.is_empty() {
            body.ask(desk, async move { reports::one(&name, &asked).await });
        }
    };
    Effect::new(move |before: Option<(String, BTreeMap<String, String>)>| {
        desk.pulse.track();
        let now = (name.get(), asked.get());
        if before.is_some_and(|before| before.0 != now.0) {
            body.forget();
        }
        ask();
        now
    });
    let figure = RwSignal::new(None::<Figure>);
    let path = move |ending: &'static str| {
        move || format!("../api/v1/{}", reports::path(&name.get(), ending, &asked.get()))
    };
    let show = move |body: Body| view! { <Sheet body figure /> }.into_any();
    view! {
        <div class="report-acts no-print">
            <a class="btn primary" data-id="report:xlsx" href=path(".xlsx") download="">{say("report.xlsx")}</a>
            <a class="btn" data-id="report:json" href=path("") target="_blank" rel="noopener">{say("report.json")}</a>
            <Button id="report:print" label=say("report.print") on_click=|()| browser::print() />
        </div>
        {loaded(body, ask, show)}
        <Behind name asked figure />
    }
}

#[component]
fn Sheet(body: Body, figure: RwSignal<Option<Figure>>) -> impl IntoView {
    let check = |check: &Check| {
        let (tone, word) = if check.ok {
            (Tone::Good, "report.holds")
        } else {
            (Tone::Bad, "report.fails")
        };
        view! { <li><Badge tone text=say(word) />" "{titled(&check.message)}</li> }
    };
    let checks = body.checks.iter().map(check).collect_view();
    let notes: Vec<_> = body
        .notes
        .iter()
        .map(|note| view! { <li>{titled(note)}</li> })
        .collect();
    let (no_checks, no_notes) = (body.checks.is_empty(), notes.is_empty());
    let made = date_time(&body.generated_at);
    let about = [spoken(&body.period), scope(&body.scope)]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let pictures = charts(&body.charts);
    let title = titled(&body.title);
    view! {
        <article class="report" data-id="report">
            <h2 class="only-print report-title">{title.clone()}</h2>
            <p class="sub" data-id="report:about">{about}</p>
            {(body.rows.is_empty()).then(|| view! { <EmptyState title=say("report.empty") /> })}
            {(!body.rows.is_empty()).then(|| figures(&body, &title, figure))}
            <div class="charts">{pictures}</div>
            <section class="block" hidden=no_checks>
                <h3>{say("report.checks")}</h3><ul class="findings" data-id="report:checks">{checks}</ul>
            </section>
            <section class="block" hidden=no_notes>
                <h3>{say("report.notes")}</h3><ul class="bullets">{notes}</ul>
            </section>
            <p class="sub">{t("report.made", &[("when", &made)])}</p>
            <div class="signatures only-print">
                <div><p>{say("report.sign_maker")}</p><p class="sub">{say("report.sign_hint")}</p></div>
                <div><p>{say("report.sign_head")}</p><p class="sub">{say("report.sign_hint")}</p></div>
            </div>
        </article>
    }
}

/// Which units a report goes by, in words.
fn scope(value: &Value) -> String {
    match value.as_str() {
        Some("plan") => t("report.scope_plan", &[]),
        Some("units") => t("report.scope_units", &[]),
        _ => spoken(value),
    }
}

/// A period or a scope in words: text, text per language, or days.
fn spoken(value: &Value) -> String {
    if let Value::Object(fields) = value {
        let label = ["label", "title", "name"]
            .iter()
            .find_map(|name| fields.get(*name));
        if let Some(label) = label {
            return titled(label);
        }
        let day = |name: &str| fields.get(name).and_then(Value::as_str).map(date);
        if let (Some(from), Some(to)) = (day("from"), day("to")) {
            return format!("{from} – {to}");
        }
        if let Some(as_of) = day("as_of") {
            return as_of;
        }
    }
    titled(value)
}

fn figures(body: &Body, title: &str, figure: RwSignal<Option<Figure>>) -> AnyView {
    // A column that repeats the row's own head is not drawn twice.
    let columns: Vec<&Column> = body.columns.iter().collect();
    let grouped = columns.iter().any(|column| !titled(&column.group).is_empty());
    let groups = grouped.then(|| groups(&columns));
    let head = |column: &&Column| {
        let class = if is_number(&column.kind) { "right" } else { "" };
        view! { <th scope="col" class=class>{titled(&column.label)}</th> }
    };
    let heads = columns.iter().map(head).collect_view();
    let labelled = body.rows.iter().any(|row| !titled(&row.label).is_empty());
    let row = |row: &Row| {
        let label = titled(&row.label);
        let class = match row.level.as_str() {
            Some("total") => "total".to_owned(),
            _ => format!("level-{}", row.level.as_u64().unwrap_or_default().min(3)),
        };
        let cells: Vec<_> = columns
            .iter()
            .map(|column| cell(row, column, &label, figure))
            .collect();
        let first = labelled.then(|| view! { <th scope="row">{label.clone()}</th> });
        view! { <tr class=class data-id=format!("figure:{}", row.key)>{first}{cells}</tr> }
    };
    let rows = body.rows.iter().map(row).collect_view();
    let corner = labelled.then(|| view! { <th scope="col">{say("report.row")}</th> });
    let (title, named) = (title.to_owned(), title.to_owned());
    view! {
        <div class="sheet tall" tabindex="0" role="region" aria-label=named data-id="report:figures">
            <table class="table figures">
                <caption class="sr">{title}</caption>
                <thead>{groups.map(|groups| view! { <tr>{labelled.then(|| view! { <td></td> })}{groups}</tr> })}<tr>{corner}{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Heads that stand above several columns.
fn groups(columns: &[&Column]) -> AnyView {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for column in columns {
        let name = titled(&column.group);
        match runs.last_mut() {
            Some((last, span)) if *last == name => *span += 1,
            _ => runs.push((name, 1)),
        }
    }
    let cell = |(name, span): (String, usize)| {
        if name.is_empty() {
            view! { <td colspan=span.to_string()></td> }.into_any()
        } else {
            view! { <th scope="colgroup" colspan=span.to_string()>{name}</th> }.into_any()
        }
    };
    runs.into_iter().map(cell).collect_view().into_any()
}

fn is_number(kind: &str) -> bool {
    matches!(kind, "int" | "decimal" | "percent" | "money")
}

fn cell(row: &Row, column: &Column, label: &str, figure: RwSignal<Option<Figure>>) -> AnyView {
    let value = row.cells.get(&column.key).unwrap_or(&Value::Null);
    let words = written(value, &column.kind);
    let head = titled(&column.label);
    if !row.has_records(&column.key) || value.is_null() || value.as_f64() == Some(0.0) {
        let class = if is_number(&column.kind) {
            "right number"
        } else {
            ""
        };
        return view! { <td class=class data-label=head>{words}</td> }.into_any();
    }
    let asked = Figure {
        row: row.key.clone(),
        column: column.key.clone(),
        title: format!("{label} – {head}"),
    };
    let spoken = t("report.behind_of", &[("what", &asked.title), ("figure", &words)]);
    let id = format!("figure:{}:{}", row.key, column.key);
    view! {
        <td class="right number" data-label=head>
            <button type="button" class="figure" data-id=id aria-label=spoken
                on:click=move |_| figure.set(Some(asked.clone()))>{words}</button>
        </td>
    }
    .into_any()
}

/// A figure as it is written here.
fn written(value: &Value, kind: &str) -> String {
    match (value, kind) {
        (Value::Null, _) => "–".to_owned(),
        (Value::Bool(yes), _) => t(if *yes { "ui.yes" } else { "ui.no" }, &[]),
        (Value::Number(amount), "money") => amount.as_i64().map_or_else(
            || amount.as_f64().map_or_else(String::new, number),
            |amount| money(amount).trim_end_matches(" đ").to_owned(),
        ),
        (Value::Number(share), "percent") => {
            let share = share.as_f64().unwrap_or_default();
            format!("{} %", number((share * 100.0).round() / 100.0))
        }
        (Value::Number(value), _) => number(value.as_f64().unwrap_or_default()),
        (Value::String(text), "date") => date(text),
        // Exact decimals come as text.
        (Value::String(text), kind) if is_number(kind) => text.parse().map_or_else(|_| text.clone(), number),
        (other, _) => titled(other),
    }
}

/// The records behind one figure.
#[component]
fn Behind(
    name: Memo<String>,
    asked: Memo<BTreeMap<String, String>>,
    figure: RwSignal<Option<Figure>>,
) -> impl IntoView {
    let desk = Desk::here();
    let page = Remote::<Page<RecordRow>>::new();
    let open = RwSignal::new(false);
    let ask = move || {
        let Some(figure) = figure.get_untracked() else {
            return;
        };
        let (name, mut asked) = (name.get_untracked(), asked.get_untracked());
        asked.insert("row".to_owned(), figure.row);
        asked.insert("column".to_owned(), figure.column);
        asked.insert("limit".to_owned(), "200".to_owned());
        page.ask(desk, async move { reports::behind(&name, &asked).await });
    };
    Effect::new(move |_| {
        if figure.with(Option::is_some) {
            page.forget();
            open.set(true);
            ask();
        }
    });
    Effect::new(move |_| {
        desk.place.track();
        open.set(false);
    });
    let title = Signal::derive(move || {
        figure
            .with(|figure| figure.as_ref().map(|figure| figure.title.clone()))
            .unwrap_or_default()
    });
    let show = move |found: Page<RecordRow>| {
        if found.items.is_empty() {
            return view! { <EmptyState title=say("report.behind_none") /> }.into_any();
        }
        let (items, more) = (found.items, found.next.is_some());
        let rows = Signal::derive(move || {
            desk.known
                .with(|known| items.iter().map(|row| record_row(known, row)).collect::<Vec<_>>())
        });
        view! {
            <Table id="behind" caption=say("report.behind") heads=heads() rows />
            {more.then(|| view! { <p class="hint">{say("queue.more")}</p> })}
        }
        .into_any()
    };
    view! {
        <Dialog id="behind:records" title open tall=true on_close=move |()| figure.set(None)>
            <p class="hint">{say("report.behind")}</p>
            <div>{loaded(page, ask, show)}</div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn figures_are_written_the_vietnamese_way() {
        for (value, kind, words) in [
            (json!(1234), "int", "1.234"),
            (json!(12.5), "decimal", "12,5"),
            (json!(66.666_7), "percent", "66,67 %"),
            (json!("12.50"), "decimal", "12,5"),
            (json!(1_500_000), "money", "1.500.000"),
            (json!("2024-06-30"), "date", "30/06/2024"),
            (json!(null), "int", "–"),
            (json!({"vi": "Hộ nghèo", "en": "Poor"}), "text", "Hộ nghèo"),
        ] {
            assert_eq!(written(&value, kind), words, "{kind}");
        }
    }

    #[test]
    fn a_period_is_said_however_it_comes() {
        assert_eq!(spoken(&json!("Năm 2024")), "Năm 2024");
        assert_eq!(
            spoken(&json!({"from": "2024-01-01", "to": "2024-06-30"})),
            "01/01/2024 – 30/06/2024"
        );
        assert_eq!(spoken(&json!({"vi": "Kế hoạch", "en": "Plan"})), "Kế hoạch");
    }
}
