//! Poverty standards as data: lines, limits, days of validity, and where each figure is from.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::rule::{Indicator, IndicatorSet};
use crate::form::Label;
use crate::person::Sex;
use crate::value::Scalar;

/// Where a household lives: it decides the income line and the limit of score A.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Nông thôn.
    Rural,
    /// Thành thị.
    Urban,
}

impl Area {
    /// Reads the code of the forms: `rural`, `urban`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "rural" => Some(Self::Rural),
            "urban" => Some(Self::Urban),
            _ => None,
        }
    }
}

/// How a standard classifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Score A against a limit, score B from deprived indicators (Circular 07/2021).
    ScoreAB,
    /// A rule of an earlier period that this program does not compute.
    Other,
}

/// A figure per area.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ByArea {
    /// Rural.
    pub rural: i64,
    /// Urban.
    pub urban: i64,
    /// Where it is from.
    pub source: String,
    /// `V` verified, `Kh`/`Km`/`Kl` known but not verified.
    pub certainty: String,
}

impl ByArea {
    /// The figure of an area.
    #[must_use]
    pub fn of(&self, area: Area) -> i64 {
        match area {
            Area::Rural => self.rural,
            Area::Urban => self.urban,
        }
    }
}

/// A single figure.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Figure {
    /// The number.
    pub value: i64,
    /// Where it is from.
    pub source: String,
    /// `V` verified, `Kh`/`Km`/`Kl` known but not verified.
    pub certainty: String,
}

/// One poverty standard.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Standard {
    /// What records hold: `VN-2022-2025`.
    pub id: String,
    /// Its name.
    pub label: Label,
    /// First day.
    #[serde(with = "crate::day")]
    pub valid_from: Date,
    /// Last day; `None` is open.
    #[serde(default, with = "crate::day::option")]
    pub valid_to: Option<Date>,
    /// The decrees.
    pub basis: String,
    /// How it classifies.
    pub method: Method,
    /// The set of indicators, for [`Method::ScoreAB`].
    pub indicator_set: Option<String>,
    /// Income per person and month up to which a household may be poor.
    pub income_line_vnd: ByArea,
    /// Score A up to which a household may be poor.
    pub score_a_max: Option<ByArea>,
    /// Deprived indicators from which it is poor rather than near-poor.
    pub poor_min_deprived: Option<Figure>,
    /// Points of score B per deprived indicator.
    pub points_per_indicator: Option<Figure>,
    /// Income up to which a household has an average living standard.
    pub average_income_max_vnd: Option<ByArea>,
    /// Months during which a household counts as having left poverty recently.
    pub recently_escaped_months: Option<Figure>,
}

/// Where an income lies between the lines of a standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncomeBand {
    /// At or below the poverty line.
    UpToLine,
    /// Mức sống trung bình: above the line, up to its upper end.
    Average,
    /// Above.
    Above,
}

impl Standard {
    /// True on the days of the standard.
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|to| on <= to)
    }

    /// Score B from which a household is poor: 3 × 10 = 30.
    #[must_use]
    pub fn poor_score_b_min(&self) -> Option<i64> {
        Some(self.poor_min_deprived.as_ref()?.value * self.points_per_indicator.as_ref()?.value)
    }

    /// True when a figure that decides the class is not from a published source.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        let areas = self.score_a_max.iter().map(|figure| &figure.certainty);
        let figures = self.poor_min_deprived.iter().chain(&self.points_per_indicator);
        areas
            .chain(figures.map(|figure| &figure.certainty))
            .any(|certainty| certainty != "V")
    }

    /// The band of an income per person and month. Households in farming, forestry, fishery and
    /// salt work have an average living standard by their income of 12 months without state
    /// allowances (Circular 07/2021): a determination of its own, apart from poverty. `None` where
    /// the standard's upper end is not known.
    #[must_use]
    pub fn income_band(&self, area: Area, income_vnd: i64) -> Option<IncomeBand> {
        if income_vnd <= self.income_line_vnd.of(area) {
            return Some(IncomeBand::UpToLine);
        }
        let upper = self.average_income_max_vnd.as_ref()?.of(area);
        Some(if income_vnd <= upper {
            IncomeBand::Average
        } else {
            IncomeBand::Above
        })
    }
}

/// A dimension: two indicators each.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dimension {
    /// The code that indicators name.
    pub code: String,
    /// Its name.
    pub label: Label,
}

/// Until when people are of working age: it rises every year (Labour Code 2019 art. 169).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Retirement {
    from_year: i16,
    male_months: i32,
    female_months: i32,
    male_step: i32,
    female_step: i32,
    male_months_max: i32,
    female_months_max: i32,
    /// Where it is from.
    pub source: String,
    /// How sure that is.
    pub certainty: String,
}

impl Retirement {
    /// The retirement age in months in a year; the higher one while the sex is not known.
    #[must_use]
    pub fn months(&self, year: i16, sex: Option<Sex>) -> i32 {
        let years = i32::from((year - self.from_year).max(0));
        let male = (self.male_months + years * self.male_step).min(self.male_months_max);
        let female = (self.female_months + years * self.female_step).min(self.female_months_max);
        match sex {
            Some(Sex::Male) => male,
            Some(Sex::Female) => female,
            None => male.max(female),
        }
    }
}

/// All standards with their indicator sets.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Standards {
    /// Where the file is from.
    pub source: String,
    /// In order of time.
    pub standards: Vec<Standard>,
    /// The dimensions that indicators belong to.
    pub dimensions: Vec<Dimension>,
    /// Until when people are of working age.
    pub retirement: Retirement,
    /// Which indicators count, and how.
    pub indicator_sets: Vec<IndicatorSet>,
}

static BUILT_IN: LazyLock<Standards> = LazyLock::new(|| {
    Standards::from_json(include_str!("../../data/standards.json"))
        .expect("the file in the program is tested")
});

impl Standards {
    /// Reads a file of standards.
    ///
    /// # Errors
    /// JSON that is not such a file.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// The standards that come with the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// The standard in force on a day. VN-2022-2025 holds to 31 December 2026 (extended by Decree
    /// 351/2025), VN-2027-2030 from the day after.
    #[must_use]
    pub fn standard_for(&self, on: Date) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.in_force(on))
    }

    /// The standard that a record names.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Standard> {
        self.standards.iter().find(|standard| standard.id == id)
    }

    /// The indicators of a standard in the order of its annex; empty for other methods.
    #[must_use]
    pub fn indicators(&self, standard: &Standard) -> &[Indicator] {
        let id = standard.indicator_set.as_deref();
        self.indicator_sets
            .iter()
            .find(|set| Some(set.id.as_str()) == id)
            .map_or(&[], |set| &set.indicators)
    }

    /// What a form's `lookup(${standard_id}, 'path')` reads: `score_a_max/rural`,
    /// `score_a_max/urban`, `income_line_vnd/rural`, `income_line_vnd/urban`, `poor_score_b_min`,
    /// `points_per_indicator`, `valid_from`, `valid_to`.
    #[must_use]
    pub fn value(&self, id: &str, path: &str) -> Option<Scalar> {
        let standard = self.by_id(id)?;
        let (name, area) = path.split_once('/').unwrap_or((path, ""));
        let by_area = |figures: &ByArea| Area::parse(area).map(|area| Scalar::Int(figures.of(area)));
        match name {
            "score_a_max" => by_area(standard.score_a_max.as_ref()?),
            "income_line_vnd" => by_area(&standard.income_line_vnd),
            "poor_score_b_min" => standard.poor_score_b_min().map(Scalar::Int),
            "points_per_indicator" => standard
                .points_per_indicator
                .as_ref()
                .map(|figure| Scalar::Int(figure.value)),
            "valid_from" => Some(Scalar::Text(standard.valid_from.to_string())),
            "valid_to" => standard.valid_to.map(|day| Scalar::Text(day.to_string())),
            _ => None,
        }
    }
}
