//! Figures as pictures, drawn here: bars, progress and lines in SVG. The same figures stand in the table beside them,
//! so a picture is named and described, not read point by point.

use leptos::prelude::*;
use serde_json::Value;

use crate::api::reports::Chart;
use crate::words::{number, titled};

/// One figure of a picture.
#[derive(Debug, Clone, PartialEq)]
struct Point {
    label: String,
    value: f64,
    /// What it is measured against, for progress.
    of: Option<f64>,
}

/// The pictures of a report.
pub fn charts(all: &[Chart]) -> impl IntoView + use<> {
    all.iter().filter_map(chart).collect_view()
}

fn chart(chart: &Chart) -> Option<AnyView> {
    let points = points(&chart.series);
    if points.is_empty() {
        return None;
    }
    let title = titled(&chart.title);
    let drawn = if chart.kind == "progress" {
        progress(&points)
    } else {
        bars(&points)
    };
    let described = points
        .iter()
        .map(|point| format!("{}: {}", point.label, number(point.value)))
        .collect::<Vec<_>>()
        .join("; ");
    let figure = view! {
        <figure class="chart">
            <figcaption>{title}</figcaption>
            <p class="sr">{described}</p>
            {drawn}
        </figure>
    };
    Some(figure.into_any())
}

/// The figures of a series, whichever of the usual shapes they come in: `{label, value}`, `{label, values: […]}`,
/// `{name, points: [{x, y}]}`.
fn points(series: &[Value]) -> Vec<Point> {
    let mut found = Vec::new();
    for one in series {
        let inner = ["points", "values", "data"]
            .iter()
            .find_map(|name| one[*name].as_array());
        match inner {
            Some(inner) => found.extend(inner.iter().filter_map(point)),
            None => found.extend(point(one)),
        }
    }
    found
}

fn point(one: &Value) -> Option<Point> {
    let first = |names: &[&str]| names.iter().find_map(|name| one.get(*name)).cloned();
    let label = first(&["label", "name", "x", "key"]).unwrap_or_default();
    let label = match &label {
        Value::Number(value) => value.to_string(),
        other => titled(other),
    };
    Some(Point {
        label,
        value: first(&["value", "y"])?.as_f64()?,
        of: first(&["of", "target", "max"]).and_then(|of| of.as_f64()),
    })
}

/// One line of a picture is this high, in its own measure.
const LINE: f64 = 30.0;
const WIDTH: f64 = 600.0;

fn bars(points: &[Point]) -> AnyView {
    let most = points.iter().map(|point| point.value.abs()).fold(1.0, f64::max);
    lines(
        points,
        |point| point.value.abs() / most,
        |point| number(point.value),
    )
}

fn progress(points: &[Point]) -> AnyView {
    let share = |point: &Point| {
        let of = point.of.unwrap_or(100.0);
        if of > 0.0 { point.value / of } else { 0.0 }
    };
    lines(
        points,
        move |point| share(point).clamp(0.0, 1.0),
        move |point| format!("{} %", number((share(point) * 1000.0).round() / 10.0)),
    )
}

fn lines(points: &[Point], share: impl Fn(&Point) -> f64, words: impl Fn(&Point) -> String) -> AnyView {
    // The words stand beside the drawing, so that they have the page's size and can be chosen.
    let line = |point: &Point| {
        let length = format!("{:.1}", share(point) * WIDTH);
        view! {
            <li>
                <span class="chart-name">{point.label.clone()}</span>
                <svg class="bar" viewBox=format!("0 0 {WIDTH} {LINE}") preserveAspectRatio="none" aria-hidden="true">
                    <rect class="bar-all" width=WIDTH height=LINE />
                    <rect class="bar-part" width=length height=LINE />
                </svg>
                <span class="chart-value">{words(point)}</span>
            </li>
        }
    };
    view! { <ul class="bars">{points.iter().map(line).collect_view()}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn figures_are_found_in_the_usual_shapes() {
        let flat = [
            json!({"label": "T1", "value": 12.5, "target": 20}),
            json!({"label": "T2"}),
        ];
        assert_eq!(
            points(&flat),
            [Point {
                label: "T1".into(),
                value: 12.5,
                of: Some(20.0)
            }]
        );
        let nested =
            [json!({"name": {"vi": "Hộ nghèo"}, "points": [{"x": 2024, "y": 3}, {"x": 2025, "y": 2}]})];
        let labels: Vec<String> = points(&nested).into_iter().map(|point| point.label).collect();
        assert_eq!(labels, ["2024", "2025"]);
    }
}
