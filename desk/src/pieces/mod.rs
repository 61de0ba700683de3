//! Pieces of the desk's screens, beside those that every program has (`parts::ui`): what is on its way, tables, small
//! choices, charts.

mod chart;
mod loaded;
mod pick;
mod shape;
mod table;

pub use chart::charts;
pub use loaded::{Said, loaded};
pub use pick::{Pick, UnitPick};
pub use shape::{Shape, ShapeView};
pub use table::{Cell, Head, Row, Sort, Table};

use parts::ui::Tone;

use crate::words::name;

/// The words and the tone of a review state.
#[must_use]
pub fn state_words(state: &str) -> (String, Tone) {
    let tone = match state {
        "approved" | "locked" => Tone::Good,
        "has_issues" | "edited" => Tone::Warn,
        "rejected" | "void" => Tone::Bad,
        _ => Tone::Info,
    };
    (name("desk.state", state), tone)
}
