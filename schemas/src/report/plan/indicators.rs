//! What communes report by hand: which of their figures holds, and what it makes over all communes.

use std::collections::BTreeMap;

use super::{Known, Seen};
use crate::report::fact::Indicator;
use crate::report::period::Days;

/// A span of days, and the day before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub from: i32,
    pub end: i32,
}

/// The period and the cumulative span.
pub(super) fn spans(days: &Days) -> [Span; 2] {
    let span = |from| Span { from, end: days.end };
    [span(days.from), span(days.since)]
}

impl Known<'_> {
    /// The figures that hold for a code in a span, by place. A figure of the commune itself goes before those of its
    /// parts; of several of a unit the latest holds.
    pub(super) fn holding(&self, code: &str, span: Span) -> BTreeMap<usize, Vec<&Seen<Indicator>>> {
        self.latest(code, |seen| {
            seen.day.is_some_and(|first| first <= span.end) && seen.body.end >= span.from
        })
    }

    /// The figures that held when a span began: the latest whose period was over.
    pub(super) fn held_before(&self, code: &str, span: Span) -> BTreeMap<usize, Vec<&Seen<Indicator>>> {
        self.latest(code, |seen| seen.body.end < span.from)
    }

    fn latest(
        &self,
        code: &str,
        counts: impl Fn(&Seen<Indicator>) -> bool,
    ) -> BTreeMap<usize, Vec<&Seen<Indicator>>> {
        let own = self.gathered.indicators.iter();
        let own = own.filter(|seen| seen.body.code == code && counts(seen));
        // By place and rank, then by what shows the unit: one figure per unit.
        let mut units: BTreeMap<(usize, u8), BTreeMap<_, &Seen<Indicator>>> = BTreeMap::new();
        for seen in own {
            let unit = units.entry((seen.stands.place, seen.stands.rank)).or_default();
            let newest = unit.entry(seen.unit).or_insert(seen);
            if (seen.body.end, seen.day, seen.record) > (newest.body.end, newest.day, newest.record) {
                *newest = seen;
            }
        }
        let mut holding = BTreeMap::new();
        for ((place, _), unit) in units {
            // The lowest rank comes first and keeps the place.
            holding
                .entry(place)
                .or_insert_with(|| unit.into_values().collect::<Vec<_>>());
        }
        holding
    }

    /// Every figure of a code in a span, where figures of several periods add up. Where a unit has figures of years
    /// and of parts of years, those of the longest periods count, so that nothing counts twice.
    pub(super) fn all(&self, code: &str, span: Span) -> Vec<&Seen<Indicator>> {
        let own: Vec<&Seen<Indicator>> = self
            .gathered
            .indicators
            .iter()
            .filter(|seen| {
                let begun = seen.day.is_some_and(|first| first <= span.end);
                seen.body.code == code && begun && seen.body.end >= span.from
            })
            .collect();
        let length = |seen: &Seen<Indicator>| seen.body.end - seen.day.unwrap_or(seen.body.end);
        let mut longest: BTreeMap<_, i32> = BTreeMap::new();
        let mut rank: BTreeMap<usize, u8> = BTreeMap::new();
        for seen in &own {
            let unit = longest.entry(seen.unit).or_insert(0);
            *unit = (*unit).max(class_of(length(seen)));
            let best = rank.entry(seen.stands.place).or_insert(seen.stands.rank);
            *best = (*best).min(seen.stands.rank);
        }
        own.into_iter()
            .filter(|seen| {
                class_of(length(seen)) == longest[&seen.unit] && seen.stands.rank == rank[&seen.stands.place]
            })
            .collect()
    }
}

/// Weeks, months, quarters, years: lengths of periods without the few days by which months differ.
fn class_of(days: i32) -> i32 {
    match days {
        ..=7 => 0,
        8..=31 => 1,
        32..=100 => 2,
        _ => 3,
    }
}

/// Number and denominator added up; none when nothing was reported.
pub(super) fn ratio<'a>(
    holding: impl IntoIterator<Item = &'a Seen<Indicator>>,
    whole: impl Fn(&Seen<Indicator>) -> Option<f64>,
) -> Option<(f64, f64)> {
    let pairs = holding
        .into_iter()
        .filter_map(|seen| Some((seen.body.value?, whole(seen).filter(|whole| *whole > 0.0)?)));
    pairs.fold(None, |sum, (part, whole)| {
        let (parts, wholes) = sum.unwrap_or((0.0, 0.0));
        Some((parts + part, wholes + whole))
    })
}
