//! Reports, as told over the wire. Words are given in both languages; numbers are plain, their marks are the screen's.

use std::collections::BTreeMap;

use schemas::report::{Behind, Report, Value, Words};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::{IntoParams, ToSchema};

use crate::messages::Lang;
use crate::report::{Ask, Made, said, title};

/// A text by language: `vi`, `en`.
pub type Texts = BTreeMap<&'static str, String>;

/// A report there is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportInfo {
    /// Its name in addresses.
    pub name: &'static str,
    /// Its title by language.
    #[schema(value_type = Object)]
    pub title: Texts,
    /// The parameters it takes.
    pub params: Vec<&'static str>,
    /// It lists people: observers are not told.
    pub names_people: bool,
}

/// What a report is asked.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// Only this unit and what lies under it: UUID or official code.
    pub unit: Option<String>,
    /// `plan` (the plan's communes as they were; if not said) or `units` (units in force on the last day).
    pub scope: Option<String>,
    /// The plan, by id; `plan-2024` if not said.
    pub plan: Option<String>,
    /// Nothing later is known (YYYY-MM-DD); today if not said.
    pub as_of: Option<String>,
    /// First day of the period (YYYY-MM-DD).
    pub from: Option<String>,
    /// Last day of the period (YYYY-MM-DD).
    pub to: Option<String>,
    /// A whole year; that of the last day if not said.
    pub year: Option<i16>,
    /// `all` (if not said) or `approved`.
    pub basis: Option<String>,
    /// Days without a word after which a device is silent; 7 if not said.
    pub silent_days: Option<i32>,
    /// A province officer sees names only with a reason, which is logged.
    pub reason: Option<String>,
    /// Language of a sheet: `vi` (if not said) or `en`.
    pub lang: Option<String>,
}

/// Which figure's records.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
    /// The key of the row.
    pub row: String,
    /// The key of the column.
    pub column: String,
    /// Rows on this page: 100 if not said, at most 500.
    pub limit: Option<usize>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
}

impl From<ReportQuery> for Ask {
    fn from(query: ReportQuery) -> Self {
        Self {
            unit: query.unit,
            scope: query.scope,
            plan: query.plan,
            as_of: query.as_of,
            from: query.from,
            to: query.to,
            year: query.year,
            basis: query.basis,
            silent_days: query.silent_days,
            reason: query.reason,
        }
    }
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportBody {
    /// Its name.
    pub name: &'static str,
    /// Its title by language.
    #[schema(value_type = Object)]
    pub title: Texts,
    /// The time it is about.
    pub period: PeriodBody,
    /// `plan` or `units`.
    pub scope: &'static str,
    /// `all` or `approved`.
    pub basis: &'static str,
    /// The plan it was held against.
    pub plan: String,
    /// The names of the units it was asked for; empty for everything.
    pub units: Vec<String>,
    /// When it was made (RFC 3339).
    pub generated_at: String,
    /// True if names are hidden.
    pub masked: bool,
    /// Its columns, without the head of the row.
    pub columns: Vec<ColumnBody>,
    /// Its rows.
    pub rows: Vec<RowBody>,
    /// What it checked of itself.
    pub checks: Vec<CheckBody>,
    /// What has to be said about it, by language.
    #[schema(value_type = Vec<Object>)]
    pub notes: Vec<Texts>,
    /// Pictures.
    pub charts: Vec<ChartBody>,
}

/// Days, YYYY-MM-DD.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodBody {
    /// First.
    pub from: String,
    /// Last.
    pub to: String,
    /// Nothing later is known.
    pub as_of: String,
}

/// A column.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnBody {
    /// Its key.
    pub key: String,
    /// Its head by language.
    #[schema(value_type = Object)]
    pub label: Texts,
    /// The head over it and its neighbours, by language.
    #[schema(value_type = Option<Object>)]
    pub group: Option<Texts>,
    /// `text`, `int`, `decimal`, `percent`, `money`, `date`, `bool`.
    pub kind: &'static str,
}

/// A row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowBody {
    /// Its key.
    pub key: String,
    /// What stands before it: `I`, `1`.
    pub number: String,
    /// Its head by language.
    #[schema(value_type = Object)]
    pub label: Texts,
    /// 0 for totals, 1 for groups, 2 for what is in them.
    pub level: u8,
    /// UUID of the unit it is about.
    pub unit: Option<String>,
    /// Values by column; null where nothing is known. Words are objects by language.
    #[schema(value_type = Object)]
    pub cells: serde_json::Map<String, Json>,
    /// Columns whose figure is the number of the records behind it.
    pub counted: Vec<String>,
    /// Columns whose figure is made of the records behind it, but is not their number: sums, distinct persons.
    pub made: Vec<String>,
}

/// Something the report checked of itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckBody {
    /// What.
    pub code: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// In words, by language.
    #[schema(value_type = Object)]
    pub message: Texts,
}

/// A picture of some figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChartBody {
    /// `bar`, `line` or `progress`.
    pub kind: &'static str,
    /// What it shows, by language.
    #[schema(value_type = Object)]
    pub title: Texts,
    /// One line of figures per column.
    pub series: Vec<SeriesBody>,
}

/// A line of figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesBody {
    /// The column it is of.
    pub key: &'static str,
    /// Its name by language.
    #[schema(value_type = Object)]
    pub label: Texts,
    /// One per row.
    pub points: Vec<PointBody>,
}

/// One figure of a picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointBody {
    /// The row.
    pub key: String,
    /// Its name by language.
    #[schema(value_type = Object)]
    pub label: Texts,
    /// The figure; null where nothing is known.
    pub value: Option<f64>,
}

fn texts(words: &Words) -> Texts {
    by_language(|lang| said(lang, words))
}

fn by_language(text: impl Fn(Lang) -> String) -> Texts {
    [Lang::Vi, Lang::En]
        .into_iter()
        .map(|lang| (lang.name(), text(lang)))
        .collect()
}

impl ReportInfo {
    /// What is said of a report.
    #[must_use]
    pub fn of(report: Report) -> Self {
        let mut params = vec!["unit", "scope", "plan", "as_of", "from", "to", "year", "basis"];
        match report {
            Report::DataQuality => params.push("silent_days"),
            Report::Households => params.push("reason"),
            _ => {}
        }
        Self {
            name: report.code(),
            title: by_language(|lang| title(lang, report)),
            params,
            names_people: report.names_people(),
        }
    }
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Int(number) => json!(number),
        Value::Decimal(number) => json!(number),
        Value::Words(words) => json!(texts(words)),
        Value::Date(day) => json!(day.to_string()),
        Value::Bool(yes) => json!(yes),
    }
}

impl From<Made> for ReportBody {
    fn from(made: Made) -> Self {
        let table = &made.table;
        let rows = table.rows.iter().map(|row| {
            let keyed = || table.columns.iter().map(|column| &column.key).zip(&row.cells);
            let with = |behind: Behind| {
                let own = keyed().filter(|(_, cell)| cell.behind == behind);
                own.map(|(key, _)| key.clone()).collect()
            };
            RowBody {
                key: row.key.clone(),
                number: row.number.clone(),
                label: texts(&row.label),
                level: row.level,
                unit: row.unit.clone(),
                cells: keyed()
                    .map(|(key, cell)| (key.clone(), json_of(&cell.value)))
                    .collect(),
                counted: with(Behind::Counted),
                made: with(Behind::Made),
            }
        });
        let columns = table.columns.iter().map(|column| ColumnBody {
            key: column.key.clone(),
            label: texts(&column.label),
            group: column.group.as_ref().map(texts),
            kind: column.kind.code(),
        });
        let checks = table.checks.iter().map(|check| CheckBody {
            code: check.code,
            ok: check.ok,
            message: texts(&check.message),
        });
        Self {
            name: made.report.code(),
            title: by_language(|lang| title(lang, made.report)),
            period: PeriodBody {
                from: made.period.from.to_string(),
                to: made.period.to.to_string(),
                as_of: made.period.as_of.to_string(),
            },
            scope: made.scope.code(),
            basis: if made.approved_only { "approved" } else { "all" },
            plan: made.plan.clone(),
            units: made.units.clone(),
            generated_at: made.generated_at.to_string(),
            masked: made.masked,
            columns: columns.collect(),
            rows: rows.collect(),
            checks: checks.collect(),
            notes: table.notes.iter().map(texts).collect(),
            charts: table
                .charts
                .iter()
                .map(|chart| chart_body(&made, chart))
                .collect(),
        }
    }
}

fn chart_body(made: &Made, chart: &schemas::report::Chart) -> ChartBody {
    let label_of = |key: &str| made.table.columns.iter().find(|column| column.key == key);
    let row_of = |key: &String| made.table.rows.iter().find(|row| row.key == *key);
    let series = chart.columns.iter().map(|column| SeriesBody {
        key: column,
        label: label_of(column).map_or_else(Texts::new, |column| {
            let group = column.group.as_ref().map(texts).unwrap_or_default();
            let joined = texts(&column.label).into_iter().map(|(lang, text)| {
                let over = group.get(lang);
                (
                    lang,
                    over.map_or_else(|| text.clone(), |over| format!("{over}: {text}")),
                )
            });
            joined.collect()
        }),
        points: chart
            .rows
            .iter()
            .map(|key| PointBody {
                key: key.clone(),
                label: row_of(key).map_or_else(Texts::new, |row| texts(&row.label)),
                value: made.table.decimal(key, column),
            })
            .collect(),
    });
    ChartBody {
        kind: chart.kind,
        title: texts(&chart.title),
        series: series.collect(),
    }
}
