//! Theo chỉ số thiếu hụt, and theo nguyên nhân nghèo (domain §7.3, §7.4): of the poor, how many lack or say what.

use super::fact::{Fact, Kind, codes};
use super::grid::{Col, Grid, Spec};
use super::homes::{Event, Homes};
use super::poverty_review::notes;
use super::question::{Finished, Fold, Question};
use super::table::{Chart, Table, Words};
use crate::poverty::Class;

/// Which of the two reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// The twelve indicators, of poor and near-poor households.
    Deprivations,
    /// The causes, of poor households.
    Causes,
}

/// Counts answers of the visit that gave a household its class.
pub struct Answered<'a> {
    asks: Asks,
    question: Question<'a>,
    homes: Homes,
}

/// Keys of columns: a household lacks it, and in percent.
type Pair = (&'static str, &'static str);

const POOR: [Pair; 12] = [
    ("poor_employment", "poor_employment_rate"),
    ("poor_dependents", "poor_dependents_rate"),
    ("poor_nutrition", "poor_nutrition_rate"),
    ("poor_health_insurance", "poor_health_insurance_rate"),
    ("poor_adult_education", "poor_adult_education_rate"),
    ("poor_child_schooling", "poor_child_schooling_rate"),
    ("poor_housing_quality", "poor_housing_quality_rate"),
    ("poor_housing_area", "poor_housing_area_rate"),
    ("poor_water", "poor_water_rate"),
    ("poor_toilet", "poor_toilet_rate"),
    ("poor_telecom", "poor_telecom_rate"),
    ("poor_info_device", "poor_info_device_rate"),
];
const NEAR: [Pair; 12] = [
    ("near_employment", "near_employment_rate"),
    ("near_dependents", "near_dependents_rate"),
    ("near_nutrition", "near_nutrition_rate"),
    ("near_health_insurance", "near_health_insurance_rate"),
    ("near_adult_education", "near_adult_education_rate"),
    ("near_child_schooling", "near_child_schooling_rate"),
    ("near_housing_quality", "near_housing_quality_rate"),
    ("near_housing_area", "near_housing_area_rate"),
    ("near_water", "near_water_rate"),
    ("near_toilet", "near_toilet_rate"),
    ("near_telecom", "near_telecom_rate"),
    ("near_info_device", "near_info_device_rate"),
];
const CAUSES: [Pair; 8] = [
    ("no_land", "no_land_rate"),
    ("no_capital", "no_capital_rate"),
    ("no_labour", "no_labour_rate"),
    ("no_tools", "no_tools_rate"),
    ("no_knowledge", "no_knowledge_rate"),
    ("no_skills", "no_skills_rate"),
    ("illness_accident", "illness_accident_rate"),
    ("other", "other_rate"),
];
const _: () = assert!(POOR.len() == codes::DEPRIVATIONS.len() && CAUSES.len() == codes::CAUSES.len());

/// A class and its columns: all households of it, those without a visit that says more, what they answer.
struct Part {
    class: Class,
    all: &'static str,
    silent: &'static str,
    pairs: &'static [Pair],
}

impl Asks {
    fn name(self) -> &'static str {
        match self {
            Self::Deprivations => "deprivation",
            Self::Causes => "causes",
        }
    }

    fn parts(self) -> Vec<Part> {
        let poor = |pairs| Part {
            class: Class::Poor,
            all: "poor",
            silent: "poor_silent",
            pairs,
        };
        match self {
            Self::Deprivations => vec![
                poor(&POOR),
                Part {
                    class: Class::NearPoor,
                    all: "near",
                    silent: "near_silent",
                    pairs: &NEAR,
                },
            ],
            Self::Causes => vec![poor(&CAUSES)],
        }
    }

    fn bits(self, event: &Event) -> u16 {
        match self {
            Self::Deprivations => event.deprived,
            Self::Causes => event.causes,
        }
    }

    fn specs(self) -> Vec<Spec> {
        let columns = self.parts().into_iter().flat_map(|part| {
            let pairs = part.pairs.iter().flat_map(move |(count, rate)| {
                [
                    (*count, *count, Col::Count),
                    (*rate, *count, Col::Rate(count, part.all)),
                ]
            });
            [(part.all, "", Col::Count), (part.silent, "", Col::Count)]
                .into_iter()
                .chain(pairs)
        });
        columns.collect()
    }
}

impl<'a> Answered<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(asks: Asks, question: Question<'a>) -> Self {
        Self {
            asks,
            question,
            homes: Homes::default(),
        }
    }
}

impl Fold for Answered<'_> {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Household, Kind::Assessment]
    }

    fn add(&mut self, fact: &Fact) {
        self.homes.add(&self.question, fact);
    }

    fn finish(self: Box<Self>) -> Finished {
        let (question, asks) = (self.question, self.asks);
        let end = question.days.end;
        let mut grid = Grid::new(asks.name(), asks.specs(), question.scope, false, question.want);
        let (homes, _) = self.homes.finish();
        let mut proposed = false;
        for part in asks.parts() {
            let [all, silent] = grid.columns([part.all, part.silent]);
            let columns: Vec<usize> = part
                .pairs
                .iter()
                .flat_map(|(count, _)| grid.columns([count]))
                .collect();
            for home in homes.iter().filter(|home| home.is(part.class, end)) {
                let leaf = grid.leaf(home.place, home.urban);
                grid.hit(leaf, all, home.record);
                let Some(event) = home.event(end) else {
                    grid.hit(leaf, silent, home.record);
                    continue;
                };
                proposed |= !event.recognised;
                let bits = asks.bits(event);
                for (_, column) in columns.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0) {
                    grid.hit(leaf, *column, home.record);
                }
            }
        }
        let mut notes = notes(&question, proposed);
        notes.push(Words::code("note.several_each"));
        notes.push(Words::code("note.silent"));
        let drawn = asks.parts()[0].pairs.iter().map(|(_, rate)| *rate);
        let table = Table {
            columns: grid.heads(),
            rows: grid.rows(question.scope),
            checks: Vec::new(),
            notes,
            charts: vec![Chart {
                kind: "bar",
                title: Words::code(format!("{}.chart", asks.name())),
                columns: drawn.collect(),
                rows: vec!["total".to_owned()],
            }],
        };
        Finished {
            behind: grid.behind(),
            table,
        }
    }
}
