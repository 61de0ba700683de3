//! What a workbook says about itself: which register, who made it, when, of what, how to read it.

use super::cell::local;
use super::layout::Layout;
use super::record::Shelf;
use super::{Ask, Asker};
use crate::messages::{Lang, words};

/// Lines of two: what, and its value.
pub(super) fn lines(layout: &Layout, shelf: &Shelf<'_>, ask: &Ask, asker: &Asker) -> Vec<(String, String)> {
    let say = |key: &str| words(Lang::Vi, &format!("export.note.{key}"), &[]);
    let or_all = |value: Option<String>| value.unwrap_or_else(|| say("all"));
    let unit = ask.unit.and_then(|unit| shelf.units.get(unit));
    let period = layout.period.clone().unwrap_or_else(|| say("by_arrival"));
    let lines = [
        ("kind", format!("{} ({})", layout.title, layout.kind)),
        ("made_at", local(shelf.manner.now)),
        ("made_by", asker.name.clone()),
        ("unit", or_all(unit.map(schemas::unit::Unit::full_name))),
        ("from", or_all(ask.from.map(|day| day.to_string()))),
        ("to", or_all(ask.to.map(|day| day.to_string()))),
        ("period_field", period),
        ("state", or_all(ask.state.clone())),
        (
            "personal",
            say(if shelf.manner.masked { "masked" } else { "shown" }),
        ),
        ("reason", ask.reason.clone().unwrap_or_default()),
        ("multiple", say("multiple_how")),
    ];
    let lines = lines.into_iter().map(|(key, value)| (say(key), value));
    lines.collect()
}

/// The words for the number of records, which is known last, and for the sheet.
pub(super) fn word(key: &str) -> String {
    words(Lang::Vi, &format!("export.note.{key}"), &[])
}
