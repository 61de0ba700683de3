//! How a new record gets its first answers.

use schemas::eval::{Lookup, NoLookup, prefill};
use schemas::value::{Answers, Scalar};
use serde_json::json;

use crate::support::{answers, context, form_with};

/// One household in village `02995` of commune `xa`.
struct Village;

impl Lookup for Village {
    fn value(&self, kind: &str, id: &str, path: &str) -> Option<Scalar> {
        match (kind, id, path) {
            ("household", "0190b5d2-7c1a-7def-8a11-0123456789ab", "village_id") => {
                Some(Scalar::from("02995"))
            }
            ("household", _, "area_type") => Some(Scalar::from("unknown_area")),
            _ => None,
        }
    }

    fn commune_of(&self, unit_id: &str) -> Option<String> {
        (unit_id == "02995").then(|| "xa".to_owned())
    }
}

#[test]
fn every_kind_of_prefill() {
    let (form, findings) = form_with(
        json!({}),
        json!([
            {"type": "reference admin_unit", "name": "commune_id", "prefill": "commune_of(village_id)"},
            {"type": "reference household", "name": "household_id"},
            {"type": "reference admin_unit", "name": "village_id", "prefill": "household_id.village_id"},
            {"type": "select_one area", "name": "area", "prefill": "household_id.area_type"},
            {"type": "reference user", "name": "visitor", "prefill": "user()"},
            {"type": "dateTime", "name": "at", "prefill": "now()"},
            {"type": "date", "name": "day", "prefill": "today()"},
            {"type": "boolean", "name": "met", "prefill": "'true'"},
            {"type": "integer", "name": "count", "prefill": "'3'"},
            {"type": "text", "name": "kind", "prefill": "\"support\""},
        ]),
        json!({"area": ["rural"]}),
    );
    assert!(findings.is_empty(), "{findings:?}");
    let given = answers(json!({"household_id": "0190b5d2-7c1a-7def-8a11-0123456789ab", "count": 5}));
    let context = context().with_user("lan").with_lookup(&Village);
    let filled: Answers = prefill(&form, &given, &context).into_iter().collect();
    let expected = answers(json!({
        "village_id": "02995", "commune_id": "xa", "visitor": "lan", "at": "2024-03-05T08:30:00+07:00",
        "day": "2024-03-05", "met": true, "kind": "support",
    }));
    assert_eq!(
        filled, expected,
        "a choice that the list does not have is left out"
    );
    assert!(NoLookup.commune_of("02995").is_none());
}

#[test]
fn lookup_in_an_expression() {
    let (form, _) = form_with(
        json!({}),
        json!([
            {"type": "reference household", "name": "household_id"},
            {"type": "calculate", "name": "village", "calculation": "lookup(${household_id}, 'village_id')"},
        ]),
        json!({}),
    );
    let given = answers(json!({"household_id": "0190b5d2-7c1a-7def-8a11-0123456789ab"}));
    let found = schemas::eval::evaluate(&form, &given, &context().with_lookup(&Village));
    assert_eq!(found.computed["village"], Scalar::from("02995"));
    assert!(
        schemas::eval::evaluate(&form, &given, &context())
            .computed
            .is_empty()
    );
}
