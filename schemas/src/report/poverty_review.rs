//! Tổng hợp kết quả rà soát hộ nghèo, hộ cận nghèo (domain §7.1, §7.2).

use super::fact::{Fact, Kind};
use super::grid::{Col, Grid, Spec};
use super::homes::{Home, Homes};
use super::question::{Finished, Fold, Question};
use super::table::{Chart, Check, Table, Words};
use crate::poverty::Class;

/// How a class changes over the period, in columns. Of every household at most one is true.
struct Change {
    before: bool,
    after: bool,
    left: bool,
    fell: bool,
    new: bool,
    came: bool,
    went: bool,
}

impl Change {
    fn of(home: &Home, class: Class, question: &Question<'_>) -> Self {
        let (start, end) = (question.days.before, question.days.end);
        let (before, after) = (home.is(class, start), home.is(class, end));
        let lived = home.present(start);
        let came = !lived && after && home.since().is_some_and(|since| home.class(since) == class);
        let risen = after && !before && !came;
        let again = home.ever(class, start);
        Self {
            before,
            after,
            left: before && !after && home.present(end),
            went: before && !home.present(end),
            fell: risen && again,
            new: risen && !again,
            came,
        }
    }
}

/// Counts poor and near-poor households at both ends of a period and what happened between.
pub struct PovertyReview<'a> {
    question: Question<'a>,
    homes: Homes,
}

impl<'a> PovertyReview<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(question: Question<'a>) -> Self {
        Self {
            question,
            homes: Homes::default(),
        }
    }
}

const NAME: &str = "poverty_review";

fn specs() -> Vec<Spec> {
    use Col::{Count, Rate};
    vec![
        ("households_start", "households", Count),
        ("households", "households", Count),
        ("minority", "households", Count),
        ("poor_start", "poor_start", Count),
        (
            "poor_start_rate",
            "poor_start",
            Rate("poor_start", "households_start"),
        ),
        ("poor_start_minority", "poor_start", Count),
        (
            "poor_start_minority_rate",
            "poor_start",
            Rate("poor_start_minority", "poor_start"),
        ),
        ("poor_left", "poor_change", Count),
        ("poor_left_rate", "poor_change", Rate("poor_left", "poor_start")),
        ("poor_fell", "poor_change", Count),
        ("poor_fell_rate", "poor_change", Rate("poor_fell", "poor_end")),
        ("poor_new", "poor_change", Count),
        ("poor_new_rate", "poor_change", Rate("poor_new", "poor_end")),
        ("poor_came", "poor_change", Count),
        ("poor_went", "poor_change", Count),
        ("poor_end", "poor_end", Count),
        ("poor_end_rate", "poor_end", Rate("poor_end", "households")),
        ("poor_end_minority", "poor_end", Count),
        (
            "poor_end_minority_rate",
            "poor_end",
            Rate("poor_end_minority", "poor_end"),
        ),
        ("near_start", "near_start", Count),
        (
            "near_start_rate",
            "near_start",
            Rate("near_start", "households_start"),
        ),
        ("near_start_minority", "near_start", Count),
        (
            "near_start_minority_rate",
            "near_start",
            Rate("near_start_minority", "near_start"),
        ),
        ("near_left", "near_change", Count),
        ("near_left_rate", "near_change", Rate("near_left", "near_start")),
        ("near_fell", "near_change", Count),
        ("near_fell_rate", "near_change", Rate("near_fell", "near_end")),
        ("near_new", "near_change", Count),
        ("near_new_rate", "near_change", Rate("near_new", "near_end")),
        ("near_came", "near_change", Count),
        ("near_went", "near_change", Count),
        ("near_end", "near_end", Count),
        ("near_end_rate", "near_end", Rate("near_end", "households")),
        ("near_end_minority", "near_end", Count),
        (
            "near_end_minority_rate",
            "near_end",
            Rate("near_end_minority", "near_end"),
        ),
        ("both_end", "both_end", Count),
        ("both_end_rate", "both_end", Rate("both_end", "households")),
    ]
}

impl Fold for PovertyReview<'_> {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Household, Kind::Assessment]
    }

    fn add(&mut self, fact: &Fact) {
        self.homes.add(&self.question, fact);
    }

    fn finish(self: Box<Self>) -> Finished {
        let question = self.question;
        let mut grid = Grid::new(NAME, specs(), question.scope, true, question.want);
        let (homes, _) = self.homes.finish();
        let both = grid.columns(["both_end"])[0];
        let of_all = grid.columns(["households_start", "households", "minority"]);
        let poor = columns(&grid, "poor");
        let near = columns(&grid, "near");
        let mut proposed = false;
        for home in &homes {
            let leaf = grid.leaf(home.place, home.urban);
            let (start, end) = (
                home.present(question.days.before),
                home.present(question.days.end),
            );
            let all = [start, end, end && home.minority()];
            for (column, _) in of_all.iter().zip(all).filter(|(_, yes)| *yes) {
                grid.hit(leaf, *column, home.record);
            }
            for (class, columns) in [(Class::Poor, &poor), (Class::NearPoor, &near)] {
                count(
                    &mut grid,
                    columns,
                    leaf,
                    home,
                    &Change::of(home, class, &question),
                );
            }
            let classed = matches!(home.class(question.days.end), Class::Poor | Class::NearPoor);
            if end && classed {
                grid.hit(leaf, both, home.record);
            }
            proposed |= home
                .event(question.days.end)
                .is_some_and(|event| !event.recognised);
        }
        let checks = [("poor", "identity_poor"), ("near", "identity_near")];
        let mut table = Table {
            columns: grid.heads(),
            rows: grid.rows(question.scope),
            checks: checks
                .map(|(prefix, code)| identity(&grid, prefix, code))
                .to_vec(),
            notes: notes(&question, proposed),
            charts: Vec::new(),
        };
        let rows = table.rows.iter().filter(|row| row.unit.is_some());
        table.charts = vec![Chart {
            kind: "bar",
            title: Words::code("poverty_review.chart"),
            columns: vec!["poor_start_rate", "poor_end_rate"],
            rows: rows.map(|row| row.key.clone()).collect(),
        }];
        Finished {
            behind: grid.behind(),
            table,
        }
    }
}

/// What has to be said wherever classes are counted.
pub(super) fn notes(question: &Question<'_>, proposed: bool) -> Vec<Words> {
    let mut notes = vec![Words::code("note.members_now")];
    notes.push(Words::code(if question.approved_only {
        "note.recognised_only"
    } else {
        "note.with_proposed"
    }));
    if proposed {
        notes.push(Words::code("note.proposed_inside"));
    }
    notes
}

fn columns(grid: &Grid, class: &str) -> [usize; 9] {
    let keys: [&'static str; 9] = match class {
        "poor" => [
            "poor_start",
            "poor_start_minority",
            "poor_left",
            "poor_fell",
            "poor_new",
            "poor_came",
            "poor_went",
            "poor_end",
            "poor_end_minority",
        ],
        _ => [
            "near_start",
            "near_start_minority",
            "near_left",
            "near_fell",
            "near_new",
            "near_came",
            "near_went",
            "near_end",
            "near_end_minority",
        ],
    };
    grid.columns(keys)
}

fn count(grid: &mut Grid, columns: &[usize; 9], leaf: usize, home: &Home, change: &Change) {
    let minority = home.minority();
    let answers = [
        change.before,
        change.before && minority,
        change.left,
        change.fell,
        change.new,
        change.came,
        change.went,
        change.after,
        change.after && minority,
    ];
    for (column, _) in columns.iter().zip(answers).filter(|(_, yes)| *yes) {
        grid.hit(leaf, *column, home.record);
    }
}

/// Start − left + fell back + newly arisen (+ moved in − moved out) is the end.
fn identity(grid: &Grid, prefix: &str, code: &'static str) -> Check {
    let of = |what: &str| grid.total_of(&format!("{prefix}_{what}"));
    let (start, end) = (of("start"), of("end"));
    let made = start - of("left") + of("fell") + of("new") + of("came") - of("went");
    let params = [
        ("start", start.to_string()),
        ("left", of("left").to_string()),
        ("fell", of("fell").to_string()),
        ("new", of("new").to_string()),
        ("came", of("came").to_string()),
        ("went", of("went").to_string()),
        ("end", end.to_string()),
    ];
    Check {
        code,
        ok: made == end,
        message: Words::with(&format!("check.{code}"), params),
    }
}
