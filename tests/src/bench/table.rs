//! What was measured, beside what it should be.

use std::fmt;

use serde_json::{Value, json};

/// One measured thing.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// How much, in `unit`.
    pub value: f64,
    /// `ms`, `bytes`, …
    pub unit: &'static str,
    /// What it is to stay below, if something says so.
    pub bound: Option<f64>,
}

impl Figure {
    /// A figure without a bound.
    #[must_use]
    pub fn new(what: &str, value: f64, unit: &'static str) -> Self {
        Self {
            what: what.to_owned(),
            value,
            unit,
            bound: None,
        }
    }

    /// The same with what it is to stay below.
    #[must_use]
    pub const fn below(mut self, bound: f64) -> Self {
        self.bound = Some(bound);
        self
    }
}

/// What one benchmark measured.
#[derive(Debug, Clone)]
pub struct Table {
    /// What was done, and under which circumstances.
    pub title: String,
    /// Milliseconds that a piece of work known to all took in the same run, to compare machines by.
    pub baseline_ms: f64,
    /// In the order measured.
    pub figures: Vec<Figure>,
}

impl Table {
    /// As one JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let figures = self.figures.iter().map(|figure| {
            json!({ "what": figure.what, "value": figure.value, "unit": figure.unit, "bound": figure.bound,
                "times_baseline": self.ratio(figure) })
        });
        json!({ "title": self.title, "baseline_ms": self.baseline_ms, "figures": figures.collect::<Vec<_>>() })
    }

    fn ratio(&self, figure: &Figure) -> Option<f64> {
        (figure.unit == "ms" && self.baseline_ms > 0.0).then(|| figure.value / self.baseline_ms)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        writeln!(f, "baseline: {:.0} ms", self.baseline_ms)?;
        for figure in &self.figures {
            let bound = figure.bound.map_or_else(String::new, |bound| {
                let said = if figure.value < bound { "within" } else { "ABOVE" };
                format!("  {said} {bound:.0}")
            });
            let ratio = self
                .ratio(figure)
                .map_or_else(String::new, |ratio| format!("  {ratio:>6.2} × baseline"));
            writeln!(
                f,
                "{:>10.0} {:<5} {}{ratio}{bound}",
                figure.value, figure.unit, figure.what
            )?;
        }
        Ok(())
    }
}
