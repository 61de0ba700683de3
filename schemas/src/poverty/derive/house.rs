//! Rules about the house: one answer each, or a few.

use super::super::household::House;
use super::super::wording;
use super::{Derived, Reason, Seen};

pub(super) fn structure(house: &House, non_durable_min: usize) -> Derived {
    let fields = ["house_wall", "house_pillar", "house_roof"];
    let which = |wanted: Option<bool>, code: &'static str| -> Vec<Reason> {
        let fields = fields
            .iter()
            .zip(house.durable)
            .filter(|(_, durable)| *durable == wanted);
        fields.map(|(field, _)| of_visit(field, code)).collect()
    };
    let bad = which(Some(false), "not_durable");
    let missing = which(None, "answer_missing");
    let (deprived, reasons) = if bad.len() >= non_durable_min {
        (Some(true), bad)
    } else if bad.len() + missing.len() < non_durable_min {
        (Some(false), Vec::new())
    } else {
        (None, missing)
    };
    Derived {
        deprived,
        reasons,
        uncertain_ages: Vec::new(),
    }
}

pub(super) fn area(seen: Seen, m2_min: f64) -> Derived {
    // Households have tens of people; the cast is exact.
    #[allow(clippy::cast_precision_loss, reason = "a household is small")]
    let needed = seen.people as f64 * m2_min;
    let known = seen.house.area_m2.filter(|_| seen.people > 0);
    of_house(known.map(|area| area < needed), "house_area_m2", "area_too_small")
}

/// An indicator that one answer about the house decides.
pub(super) fn of_house(deprived: Option<bool>, field: &str, code: &'static str) -> Derived {
    let reasons = match deprived {
        Some(true) => vec![of_visit(field, code)],
        Some(false) => Vec::new(),
        None => vec![of_visit(field, "answer_missing")],
    };
    Derived {
        deprived,
        reasons,
        uncertain_ages: Vec::new(),
    }
}

fn of_visit(field: &str, code: &'static str) -> Reason {
    Reason {
        path: field.to_owned(),
        code,
        member: None,
        message: wording::words(code),
    }
}
