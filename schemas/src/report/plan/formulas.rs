//! The formulas of the plan's targets (domain §1.1), by the name the plan gives them.

mod people;
mod reported;
mod work;

use super::Known;
use super::lines::{Line, Progress, Said, Shows};
use crate::plan::Target;
use crate::report::table::{Behind, Words};

/// Makes the rows of one target.
pub(super) fn target(known: &Known<'_>, target: &Target, out: &mut Progress<'_>) {
    match target.formula.as_str() {
        "poor_rate_cut" => reported::poor_rate_cut(known, target, out),
        "gain_per_commune" => reported::gain_per_commune(known, target, out),
        "ratio_percent" => reported::ratio_percent(known, target, out),
        "communes_true_percent" => reported::communes_true(known, target, out),
        "weeks_reaching_value" => reported::weeks_reaching(known, target, out),
        "sum" => reported::sum(known, target, out),
        "status_text" => reported::status_text(known, target, out),
        "health_insured_percent" => people::health_insured(known, target, out),
        "literate_percent" => people::literate(known, target, out),
        "households_with_stable_worker_percent" => people::stable_workers(known, target, out),
        "households_supported" => people::households_supported(known, target, out),
        "loans_and_amount" => people::loans(known, target, out),
        "surveyed_households" => people::surveyed_households(known, target, out),
        "fairs_held" => work::fairs_held(known, target, out),
        "attendances_accepted" => work::attendances(known, target, out),
        "distinct_persons_completed" => work::persons_trained(known, target, out),
        "classes_opened" => work::classes_opened(known, target, out),
        "count_by_overseas_stage" => work::overseas(known, target, out),
        // A plan may name what this program does not know yet: the row says so.
        _ => out.row(
            target,
            [None, None],
            Behind::Nothing,
            said("note.formula_unknown"),
        ),
    }
}

fn said(code: &str) -> Said {
    Said {
        note: Some(Words::code(code)),
        ..Said::default()
    }
}

/// `part` of `whole` in percent, in both spans.
fn shares(part: &[Line], whole: &[Line], shows: Shows) -> super::lines::Pair {
    let (part, whole) = (
        Progress::figure(part, shows, None),
        Progress::figure(whole, shows, None),
    );
    [0, 1].map(|span| {
        let whole = whole[span].filter(|whole| *whole > 0.0)?;
        Some(part[span]? / whole * 100.0)
    })
}

/// The cumulative numbers of a share, as words.
fn of(part: &[Line], whole: &[Line], shows: Shows) -> Words {
    let number = |lines: &[Line]| {
        let [_, cumulative] = Progress::figure(lines, shows, None);
        format!("{}", cumulative.unwrap_or(0.0))
    };
    Words::with(
        "note.part_of_whole",
        [("part", number(part)), ("whole", number(whole))],
    )
}
