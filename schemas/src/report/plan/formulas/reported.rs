//! Targets that communes report figures for.

use std::collections::BTreeMap;

use super::super::indicators::{Span, ratio, spans};
use super::super::lines::{Line, Pair, Progress, Said, Shows};
use super::super::{Known, Seen};
use super::said;
use crate::plan::Target;
use crate::poverty::Class;
use crate::report::fact::Indicator;
use crate::report::table::{Behind, Words};

/// The figures behind a row, as lines that count in the spans they hold in.
fn lines(spans: [Vec<&Seen<Indicator>>; 2], amount: impl Fn(&Seen<Indicator>) -> Option<f64>) -> Vec<Line> {
    let mut lines: BTreeMap<_, Line> = BTreeMap::new();
    for (at, seens) in spans.into_iter().enumerate() {
        for seen in seens {
            let Some(amount) = amount(seen) else { continue };
            let line = lines.entry(seen.record).or_insert(Line {
                place: seen.stands.place,
                within: [false; 2],
                amount,
                who: None,
                record: seen.record,
            });
            line.within[at] = true;
        }
    }
    lines.into_values().collect()
}

fn flat(holding: BTreeMap<usize, Vec<&Seen<Indicator>>>) -> Vec<&Seen<Indicator>> {
    holding.into_values().flatten().collect()
}

/// Σ part / Σ whole over the communes.
pub(super) fn ratio_percent(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let code = target.indicator.as_str();
    let holding = spans(&known.question.days).map(|span| flat(known.holding(code, span)));
    // Roads may be reported as two numbers rather than one with its denominator.
    let roads = spans(&known.question.days).map(|span| known.holding("road_km_total", span));
    let pair: Pair = [0, 1].map(|span| {
        let whole = |seen: &Seen<Indicator>| {
            let total = (code == "road_km_hardened")
                .then(|| roads[span].get(&seen.stands.place))
                .flatten();
            let total =
                total.and_then(|seens| seens.iter().find(|total| total.unit == seen.unit)?.body.value);
            seen.body.denominator.or(total)
        };
        ratio(holding[span].iter().copied(), whole).map(|(part, whole)| part / whole * 100.0)
    });
    let lines = lines(holding, |seen| seen.body.value);
    let note = if lines.is_empty() {
        "note.not_reported"
    } else {
        "note.reported_by_communes"
    };
    out.note_behind(&target.id, &lines, Shows::Sum, None);
    out.row(target, pair, Behind::Made, said(note));
}

/// Events added up over all periods.
pub(super) fn sum(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let all = spans(&known.question.days).map(|span| known.all(&target.indicator, span));
    let lines = lines(all, |seen| seen.body.value);
    if lines.is_empty() {
        out.row(target, [None, None], Behind::Nothing, said("note.not_reported"));
    } else {
        out.target(target, &lines, Shows::Sum, said("note.reported_by_communes"));
    }
}

/// Communes that say yes, of all communes.
pub(super) fn communes_true(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let holding = spans(&known.question.days).map(|span| flat(known.holding(&target.indicator, span)));
    let lines = lines(holding, |seen| (seen.body.yes == Some(true)).then_some(1.0));
    let communes = known.question.scope.places().len();
    let [period, cumulative] = Progress::figure(&lines, Shows::Records, None);
    let share = |yes: Option<f64>| yes.map(|yes| yes / count(communes.max(1)) * 100.0);
    let in_percent = target.unit.get("vi") == "%";
    let pair = if in_percent {
        [share(period), share(cumulative)]
    } else {
        [period, cumulative]
    };
    let params = [
        ("part", format!("{}", cumulative.unwrap_or(0.0))),
        ("whole", communes.to_string()),
    ];
    out.note_behind(&target.id, &lines, Shows::Records, None);
    let behind = if in_percent { Behind::Made } else { Behind::Counted };
    let said = Said {
        percent: share(cumulative),
        reached: cumulative.map(|yes| communes > 0 && yes >= count(communes)),
        note: Some(Words::with("note.communes_of", params)),
    };
    out.row(target, pair, behind, said);
}

/// What a commune gained over the span: the mean of the communes, and how many reach what is asked of each.
pub(super) fn gain_per_commune(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let code = target.indicator.as_str();
    let asked = target.value.unwrap_or(1.0);
    let gains = spans(&known.question.days).map(|span| {
        let (before, after) = (known.held_before(code, span), known.holding(code, span));
        let value =
            |seens: &Vec<&Seen<Indicator>>| seens.iter().filter_map(|seen| seen.body.value).sum::<f64>();
        let gains = after
            .iter()
            .filter_map(|(place, seens)| Some(value(seens) - value(before.get(place)?)));
        gains.collect::<Vec<f64>>()
    });
    let mean = |gains: &Vec<f64>| (!gains.is_empty()).then(|| gains.iter().sum::<f64>() / count(gains.len()));
    let communes = known.question.scope.places().len();
    let reaching = gains[1].iter().filter(|gain| **gain >= asked).count();
    let holding = spans(&known.question.days).map(|span| flat(known.holding(code, span)));
    let lines = lines(holding, |seen| seen.body.value);
    out.note_behind(&target.id, &lines, Shows::Sum, None);
    let params = [("part", reaching.to_string()), ("whole", communes.to_string())];
    let said = Said {
        percent: (!gains[1].is_empty()).then(|| count(reaching) / count(communes.max(1)) * 100.0),
        reached: (!gains[1].is_empty()).then_some(communes > 0 && reaching == communes),
        note: Some(Words::with("note.communes_of", params)),
    };
    out.row(target, [mean(&gains[0]), mean(&gains[1])], Behind::Made, said);
}

/// Weeks that reach the number, of those reported; the figure is the mean.
pub(super) fn weeks_reaching(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let all = spans(&known.question.days).map(|span| known.all(&target.indicator, span));
    let lines = lines(all, |seen| seen.body.value);
    let asked = target.value.unwrap_or(0.0);
    let mean = [0, 1].map(|span| {
        let weeks: Vec<f64> = lines
            .iter()
            .filter(|line| line.within[span])
            .map(|line| line.amount)
            .collect();
        (!weeks.is_empty()).then(|| weeks.iter().sum::<f64>() / count(weeks.len()))
    });
    let cumulative: Vec<&Line> = lines.iter().filter(|line| line.within[1]).collect();
    let reaching = cumulative.iter().filter(|line| line.amount >= asked).count();
    let params = [
        ("part", reaching.to_string()),
        ("whole", cumulative.len().to_string()),
    ];
    out.note_behind(&target.id, &lines, Shows::Sum, None);
    let said = Said {
        percent: (!cumulative.is_empty()).then(|| count(reaching) / count(cumulative.len()) * 100.0),
        reached: (!cumulative.is_empty()).then_some(reaching == cumulative.len()),
        note: Some(Words::with("note.weeks_of", params)),
    };
    out.row(target, mean, Behind::Made, said);
}

/// Words that communes report.
pub(super) fn status_text(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let holding = spans(&known.question.days).map(|span| flat(known.holding(&target.indicator, span)));
    let words: Vec<String> = holding[1]
        .iter()
        .filter_map(|seen| {
            let place = &known.question.scope.places()[seen.stands.place].name;
            Some(format!("{place}: {}", seen.body.words.as_ref()?))
        })
        .collect();
    let note = if words.is_empty() {
        Words::code("note.not_reported")
    } else {
        Words::Name(words.join("; "))
    };
    let lines = lines(holding, |_| Some(1.0));
    let said = Said {
        note: Some(note),
        ..Said::default()
    };
    out.note_behind(&target.id, &lines, Shows::Records, None);
    let pair = Progress::figure(&lines, Shows::Records, None);
    out.row(target, pair, Behind::Counted, said);
}

/// Poor and all households of a commune when a span began and when it ended.
struct Rates {
    start: (f64, f64),
    end: (f64, f64),
    reported: bool,
}

/// How far the rate of poor households fell: pooled over the communes, and the mean of theirs.
pub(super) fn poor_rate_cut(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    let rates = spans(&known.question.days).map(|span| rates(known, span));
    let rate = |(poor, all): (f64, f64)| poor / all * 100.0;
    let pooled = [0, 1].map(|span| {
        let add = |of: fn(&Rates) -> (f64, f64)| {
            let sums = rates[span].iter().map(of);
            sums.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
        };
        let (start, end) = (add(|rates| rates.start), add(|rates| rates.end));
        (start.1 > 0.0 && end.1 > 0.0).then(|| rate(start) - rate(end))
    });
    let mean = [0, 1].map(|span| {
        let cuts: Vec<f64> = rates[span]
            .iter()
            .map(|rates| rate(rates.start) - rate(rates.end))
            .collect();
        (!cuts.is_empty()).then(|| cuts.iter().sum::<f64>() / count(cuts.len()))
    });
    let reported = rates[1].iter().filter(|rates| rates.reported).count();
    let params = [
        ("reported", reported.to_string()),
        ("counted", (rates[1].len() - reported).to_string()),
    ];
    let said = Said {
        note: Some(Words::with("note.rate_from", params)),
        ..Said::default()
    };
    let chosen = if target.setting("aggregate") == Some("mean") {
        mean
    } else {
        pooled
    };
    out.row(target, chosen, Behind::Nothing, said);
    out.more_figure(target, "pooled", "points", pooled, Behind::Nothing);
    out.more_figure(target, "mean", "points", mean, Behind::Nothing);
}

/// Of each commune that can be told: as it reported both ends, or as its register says.
fn rates(known: &Known<'_>, span: Span) -> Vec<Rates> {
    let code = "poor_households";
    let (before, after) = (known.held_before(code, span), known.holding(code, span));
    let sums = |holding: &BTreeMap<usize, Vec<&Seen<Indicator>>>, place: usize| {
        let seens = holding.get(&place)?;
        ratio(seens.iter().copied(), |seen| seen.body.denominator)
    };
    let places = known.question.scope.places().len();
    let mut counted = vec![[(0.0, 0.0); 2]; places];
    for home in &known.homes {
        for (sum, day) in counted[home.place].iter_mut().zip([span.from - 1, span.end]) {
            if home.present(day) {
                sum.0 += f64::from(u8::from(home.class(day) == Class::Poor));
                sum.1 += 1.0;
            }
        }
    }
    let of_place = |place: usize| {
        if let (Some(start), Some(end)) = (sums(&before, place), sums(&after, place)) {
            return Some(Rates {
                start,
                end,
                reported: true,
            });
        }
        let [start, end] = counted[place];
        (start.1 > 0.0 && end.1 > 0.0).then_some(Rates {
            start,
            end,
            reported: false,
        })
    };
    (0..places).filter_map(of_place).collect()
}

#[allow(
    clippy::cast_precision_loss,
    reason = "counts of communes and weeks are small"
)]
pub(super) fn count(number: usize) -> f64 {
    number as f64
}
