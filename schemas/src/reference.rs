//! What forms may look up in reference data: units, poverty standards, review rounds, ethnic groups.
//!
//! Phones and the server answer `lookup(${standard_id}, 'score_a_max/rural')` from the same place,
//! so that a form says the same on both. Records are not here: each keeps its own.

use crate::ethnic::ethnic_group;
use crate::poverty::Standards;
use crate::round::{ReviewRound, RoundKind};
use crate::unit::UnitTree;
use crate::value::Scalar;

/// The value at a path of a reference datum. `None` for kinds that are records, and for what is
/// not known.
///
/// | kind | paths |
/// |---|---|
/// | `admin_unit` | `level`, `name`, `code`, `kind`, `valid_from`, `valid_to` |
/// | `poverty_standard` | those of [`Standards::value`] |
/// | `review_round` | `kind`, `year`, `from`, `to` |
/// | `ethnic_group` | `name`, `minority` |
#[must_use]
pub fn reference_value(units: &UnitTree, kind: &str, id: &str, path: &str) -> Option<Scalar> {
    match kind {
        "admin_unit" => of_unit(units, id, path),
        "poverty_standard" => Standards::built_in().value(id, path),
        "review_round" => of_round(id, path),
        "ethnic_group" => of_group(id, path),
        _ => None,
    }
}

fn of_unit(units: &UnitTree, id: &str, path: &str) -> Option<Scalar> {
    let unit = units.get(id)?;
    match path {
        "level" => Some(unit.level.name().into()),
        "name" => Some(unit.name.as_str().into()),
        "code" => unit.official_code.as_deref().map(Scalar::from),
        "kind" => Some(unit.kind.as_str().into()),
        "valid_from" => unit.valid_from.map(|day| Scalar::Text(day.to_string())),
        "valid_to" => unit.valid_to.map(|day| Scalar::Text(day.to_string())),
        _ => None,
    }
}

fn of_round(id: &str, path: &str) -> Option<Scalar> {
    let round = ReviewRound::by_id(id)?;
    match path {
        "kind" => Some(match round.kind {
            RoundKind::Periodic => "periodic".into(),
            RoundKind::Regular => "regular".into(),
        }),
        "year" => Some(Scalar::Int(round.year.into())),
        "from" => Some(Scalar::Text(round.from.to_string())),
        "to" => Some(Scalar::Text(round.to.to_string())),
        _ => None,
    }
}

fn of_group(code: &str, path: &str) -> Option<Scalar> {
    let group = ethnic_group(code)?;
    match path {
        "name" => Some(group.label.get("vi").into()),
        "minority" => group.minority.map(Scalar::Bool),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::UNITS_JSON;

    #[test]
    fn what_can_be_looked_up() {
        let units = UnitTree::from_json(UNITS_JSON).unwrap();
        let lung_cai = units.iter().find(|unit| unit.name == "Lùng Cải").unwrap();
        let value = |kind, id: &str, path| reference_value(&units, kind, id, path);
        for (kind, id, path, expected) in [
            (
                "admin_unit",
                lung_cai.id.as_str(),
                "level",
                Some("commune".into()),
            ),
            ("admin_unit", &lung_cai.id, "code", Some("02842".into())),
            ("admin_unit", &lung_cai.id, "valid_to", Some("2025-06-30".into())),
            ("admin_unit", &lung_cai.id, "valid_from", None),
            (
                "poverty_standard",
                "VN-2022-2025",
                "score_a_max/rural",
                Some(Scalar::Int(140)),
            ),
            ("review_round", "periodic-2026", "from", Some("2026-09-01".into())),
            ("review_round", "regular-2026-03", "kind", Some("regular".into())),
            ("ethnic_group", "08", "name", Some("Mông".into())),
            ("ethnic_group", "56", "minority", None),
            ("household", "08", "head_name", None),
        ] {
            assert_eq!(value(kind, id, path), expected, "{kind} {id} {path}");
        }
    }
}
