//! Tables: heads that stay, columns that sort the Vietnamese way, rows that become cards on a phone.

use leptos::prelude::*;
use leptos::text_prop::TextProp;
use parts::ui::{Badge, Tone};

use crate::words::say;

/// What a column is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub enum Sort {
    /// Text keys (`schemas::text`).
    Key(String),
    /// Numbers.
    Number(f64),
    /// Nothing: last.
    Nothing,
}

impl Sort {
    fn compare(&self, other: &Self) -> std::cmp::Ordering {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match (self, other) {
            (Self::Key(a), Self::Key(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Nothing, Self::Nothing) => Equal,
            (Self::Nothing, _) | (Self::Key(_), Self::Number(_)) => Greater,
            (_, Self::Nothing) | (Self::Number(_), Self::Key(_)) => Less,
        }
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    text: String,
    sub: String,
    tone: Option<Tone>,
    href: String,
    number: bool,
    sort: Sort,
}

impl Cell {
    /// Words, sorted as Vietnamese words.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let sort = if text.is_empty() {
            Sort::Nothing
        } else {
            Sort::Key(schemas::text::collation_key(&text))
        };
        Self {
            text,
            sub: String::new(),
            tone: None,
            href: String::new(),
            number: false,
            sort,
        }
    }

    /// A person's name, sorted by given name.
    #[must_use]
    pub fn person(name: impl Into<String>) -> Self {
        let cell = Self::text(name);
        let sort = Sort::Key(schemas::text::person_sort_key(&cell.text));
        Self { sort, ..cell }
    }

    /// A number as written, at the right.
    #[must_use]
    pub fn number(text: impl Into<String>, value: f64) -> Self {
        let cell = Self::text(text);
        Self {
            number: true,
            sort: Sort::Number(value),
            ..cell
        }
    }

    /// Words for a moment, sorted by the moment itself (RFC 3339).
    #[must_use]
    pub fn moment(iso: &str) -> Self {
        let cell = Self::text(crate::words::date_time(iso));
        let sort = if iso.is_empty() {
            Sort::Nothing
        } else {
            Sort::Key(iso.to_owned())
        };
        Self { sort, ..cell }
    }

    /// The same as a mark.
    #[must_use]
    pub fn toned(self, tone: Tone) -> Self {
        Self {
            tone: Some(tone),
            ..self
        }
    }

    /// The same with a second line.
    #[must_use]
    pub fn under(self, sub: impl Into<String>) -> Self {
        Self {
            sub: sub.into(),
            ..self
        }
    }

    /// The same as a link.
    #[must_use]
    pub fn to(self, href: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            ..self
        }
    }
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its words.
    pub label: String,
    /// Whether it can be sorted by.
    pub sorts: bool,
    /// Whether it holds numbers.
    pub number: bool,
}

impl Head {
    /// A column that sorts.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            sorts: true,
            number: false,
        }
    }

    /// The same for numbers.
    #[must_use]
    pub fn number(label: impl Into<String>) -> Self {
        Self {
            number: true,
            ..Self::new(label)
        }
    }

    /// A column in the order of its rows.
    #[must_use]
    pub fn still(self) -> Self {
        Self { sorts: false, ..self }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is of; the `data-id` is `row:<id>`.
    pub id: String,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// How far it stands in; a total is stronger.
    pub class: &'static str,
}

impl Row {
    /// A plain row.
    #[must_use]
    pub fn new(id: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self {
            id: id.into(),
            cells,
            class: "",
        }
    }
}

impl std::hash::Hash for Row {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl Eq for Row {}

/// A table.
#[component]
pub fn Table(
    /// The `data-id`.
    #[prop(into)]
    id: String,
    /// What it shows, for who cannot see it.
    #[prop(into)]
    caption: TextProp,
    /// Its heads.
    #[prop(into)]
    heads: Signal<Vec<Head>>,
    /// Its rows.
    #[prop(into)]
    rows: Signal<Vec<Row>>,
    /// A further cell at the end of each row, by the row's id.
    #[prop(optional, into)]
    last: Option<ViewFnOnce>,
) -> impl IntoView {
    let by = RwSignal::new(None::<(usize, bool)>);
    let sorted = Memo::new(move |_| {
        let mut rows = rows.get();
        if let Some((column, down)) = by.get() {
            rows.sort_by(|a, b| {
                let key = |row: &Row| {
                    row.cells
                        .get(column)
                        .map_or(Sort::Nothing, |cell| cell.sort.clone())
                };
                let order = key(a).compare(&key(b));
                if down { order.reverse() } else { order }
            });
        }
        rows
    });
    let labels = move || heads.with(|heads| heads.iter().map(|head| head.label.clone()).collect::<Vec<_>>());
    let head = move |(at, head): (usize, Head)| {
        let order = move || match by.get() {
            Some((column, down)) if column == at => Some(if down { "descending" } else { "ascending" }),
            _ => None,
        };
        let press = move |_| by.update(|by| *by = next_order(*by, at));
        let class = if head.number { "right" } else { "" };
        let inside = if head.sorts {
            view! {
                <button type="button" class="sort" on:click=press>
                    {head.label}
                    <span class="sort-mark" aria-hidden="true">
                        {move || match order() { Some("ascending") => "▲", Some(_) => "▼", None => "" }}
                    </span>
                </button>
            }
            .into_any()
        } else {
            view! { <span>{head.label}</span> }.into_any()
        };
        view! { <th scope="col" class=class aria-sort=order>{inside}</th> }
    };
    let has_last = last.is_some();
    let last = StoredValue::new(last);
    let row = move |row: Row| {
        let labels = labels();
        let id = row.id.clone();
        let cells = row.cells.into_iter().enumerate();
        let cells = cells.map(|(at, cell)| draw(cell, at, labels.get(at).cloned().unwrap_or_default()));
        let cells = cells.collect_view();
        let last = last.with_value(|last| {
            let view = last.as_ref().map(|last| last.run(&id));
            view.map(|view| view! { <td class="acts">{view}</td> })
        });
        view! { <tr class=row.class data-id=format!("row:{id}")>{cells}{last}</tr> }
    };
    let name = caption.clone();
    view! {
        <div class="sheet" tabindex="0" role="region" aria-label=move || name.get() data-id=id>
            <table class="table">
                <caption class="sr">{move || caption.get()}</caption>
                <thead><tr>
                    {move || heads.get().into_iter().enumerate().map(head).collect_view()}
                    {has_last.then(|| view! { <th scope="col"><span class="sr">{say("desk.acts")}</span></th> })}
                </tr></thead>
                <tbody><For each=move || sorted.get() key=Row::clone children=row /></tbody>
            </table>
        </div>
    }
}

/// Draws something for the row with an id.
#[derive(Clone)]
pub struct ViewFnOnce(std::sync::Arc<dyn Fn(&str) -> AnyView + Send + Sync>);

impl ViewFnOnce {
    fn run(&self, id: &str) -> AnyView {
        (self.0)(id)
    }
}

impl<F: Fn(&str) -> AnyView + Send + Sync + 'static> From<F> for ViewFnOnce {
    fn from(draw: F) -> Self {
        Self(std::sync::Arc::new(draw))
    }
}

/// Up, then down, then as it came.
fn next_order(by: Option<(usize, bool)>, at: usize) -> Option<(usize, bool)> {
    match by {
        Some((column, false)) if column == at => Some((at, true)),
        Some((column, true)) if column == at => None,
        _ => Some((at, false)),
    }
}

fn draw(cell: Cell, at: usize, label: String) -> AnyView {
    let words = match (cell.tone, cell.href.is_empty()) {
        (Some(tone), _) => view! { <Badge tone text=cell.text /> }.into_any(),
        (None, false) => view! { <a href=cell.href>{cell.text}</a> }.into_any(),
        (None, true) => view! { <span>{cell.text}</span> }.into_any(),
    };
    let sub = (!cell.sub.is_empty()).then(|| view! { <span class="sub">{cell.sub}</span> });
    let class = if cell.number { "right number" } else { "" };
    if at == 0 {
        view! { <th scope="row" class=class data-label=label>{words}{sub}</th> }.into_any()
    } else {
        view! { <td class=class data-label=label>{words}{sub}</td> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_stand_by_given_name_and_nothing_stands_last() {
        let mut cells = [
            Cell::text(""),
            Cell::person("Sùng A Dơ"),
            Cell::person("Vàng Thị Chứ"),
            Cell::person("Giàng A Đơ"),
        ];
        cells.sort_by(|a, b| a.sort.compare(&b.sort));
        let names: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(names, ["Vàng Thị Chứ", "Sùng A Dơ", "Giàng A Đơ", ""]);
        let (two, ten) = (Cell::number("2", 2.0), Cell::number("10", 10.0));
        assert!(two.sort.compare(&ten.sort).is_lt());
    }

    #[test]
    fn pressing_a_head_goes_round() {
        let first = next_order(None, 1);
        let second = next_order(first, 1);
        assert_eq!((first, second), (Some((1, false)), Some((1, true))));
        assert_eq!(next_order(second, 1), None);
        assert_eq!(next_order(second, 0), Some((0, false)));
    }
}
