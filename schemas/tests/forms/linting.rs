//! Whole-form checks, one small wrong form each.

use proptest::prelude::*;
use schemas::finding::{Finding, Severity};
use schemas::lint::lint;
use serde_json::{Value, json};

use crate::support::{codes, form_with};

/// Findings of a form with a good unit field and these rows.
fn found(rows: Value, choices: Value) -> Vec<Finding> {
    let mut all = vec![json!({"type": "reference admin_unit", "name": "unit"})];
    all.extend(rows.as_array().cloned().unwrap_or_default());
    let (form, _) = form_with(json!({"unit": "unit"}), json!(all), choices);
    lint(&form)
}

#[test]
fn what_the_linter_sees() {
    let none = json!({});
    let list = json!({"l": [{"name": "a", "label": {"vi": "x", "en": "x"}, "group": 1}]});
    for (rows, choices, expected) in [
        (json!([{"type": "text", "name": "x"}]), &none, vec![]),
        (
            json!([{"type": "text", "name": "x", "relevant": "${y} = 1"}]),
            &none,
            vec!["x dangling_name"],
        ),
        (
            json!([
                {"type": "begin_group", "name": "g"}, {"type": "end_group"},
                {"type": "text", "name": "x", "required": "${g} = 1"},
            ]),
            &none,
            vec!["x name_is_group"],
        ),
        (
            json!([{"type": "text", "name": "x", "label": {"vi": "x"}}]),
            &none,
            vec!["x missing_label"],
        ),
        (
            json!([{"type": "text", "name": "x", "hint": {"en": "x"}, "constraint": ". = 1"}]),
            &none,
            vec!["x missing_label", "x missing_message"],
        ),
        (
            json!([{"type": "calculate", "name": "x"}]),
            &none,
            vec!["x missing_calculation"],
        ),
        (
            json!([{"type": "text", "name": "x", "writer": "reviewer", "required": "true()"}]),
            &none,
            vec!["x reviewer_field"],
        ),
        (
            json!([{"type": "text", "name": "x", "prefill": "unit.name"}]),
            &none,
            vec![],
        ),
        (
            json!([{"type": "text", "name": "x", "prefill": "y.name"}]),
            &none,
            vec!["x invalid_prefill"],
        ),
        (
            json!([{"type": "text", "name": "x"}, {"type": "text", "name": "y", "prefill": "x.name"}]),
            &none,
            vec!["y invalid_prefill"],
        ),
        (
            json!([{"type": "select_one l", "name": "x", "choice_filter": "group = 1 and colour = 2"}]),
            &list,
            vec!["x unknown_column_name"],
        ),
        (
            json!([{"type": "text", "name": "x", "relevant": "y = 1"}]),
            &none,
            vec!["x unknown_column_name"],
        ),
        (json!([]), &list, vec!["choices/l unused_choice_list"]),
        (
            json!([{"type": "select_one m", "name": "x"}]),
            &json!({"m": [{"name": "a", "label": {"vi": "x"}}]}),
            vec!["choices/m missing_label"],
        ),
        (
            json!([{"type": "text", "name": "x"}, {"type": "text", "name": "y", "relevant": "lookup(${x}, 'z') = 1"}]),
            &none,
            vec!["y not_a_reference"],
        ),
        (
            json!([{"type": "begin_repeat", "name": "r", "form": "elsewhere"}, {"type": "end_repeat"}]),
            &none,
            vec!["r unknown_form"],
        ),
    ] {
        assert_eq!(codes(&found(rows.clone(), choices.clone())), expected, "{rows}");
    }
}

#[test]
fn settings_name_fields() {
    let settings = json!({
        "unit": "count", "title_field": "nope", "strong_key": [["r_field"]], "weak_keys": [["~nope"], ["needs"]],
    });
    let rows = json!([
        {"type": "integer", "name": "count"},
        {"type": "text", "name": "r_field", "writer": "reviewer"},
        {"type": "select_multiple l", "name": "needs"},
    ]);
    let (form, _) = form_with(settings, rows, json!({"l": ["a"]}));
    assert_eq!(
        codes(&lint(&form)),
        [
            "settings/unit unit_field",
            "settings/title_field dangling_name",
            "r_field reviewer_field",
            "settings/weak_keys unknown_key_field",
            "settings/weak_keys unknown_key_field",
        ]
    );
    let (form, _) = form_with(json!({}), json!([]), json!({}));
    assert_eq!(codes(&lint(&form)), ["settings/unit unit_field"]);
    let (form, _) = form_with(json!({"embedded_in": "a.b"}), json!([]), json!({}));
    assert_eq!(lint(&form), []);
}

#[test]
fn circles_are_shown_with_their_way() {
    let rows = json!([
        {"type": "calculate", "name": "a", "calculation": "${b} + 1"},
        {"type": "calculate", "name": "b", "calculation": "${c} + 1"},
        {"type": "text", "name": "c", "relevant": "${a} > 1"},
        {"type": "calculate", "name": "after", "calculation": "${a}"},
        {"type": "begin_group", "name": "g", "relevant": "${inside} = 1"},
        {"type": "integer", "name": "inside"},
        {"type": "end_group"},
        {"type": "calculate", "name": "own", "calculation": "${own} + 1"},
    ]);
    let findings = found(rows, json!({}));
    assert_eq!(
        codes(&findings),
        [
            "a form_cycle",
            "b form_cycle",
            "c form_cycle",
            "g form_cycle",
            "inside form_cycle",
            "own form_cycle"
        ]
    );
    assert!(
        findings[0].text("en").contains("a → b → c → a"),
        "{}",
        findings[0].text("en")
    );
    assert!(
        findings[5].text("vi").contains("own → own"),
        "{}",
        findings[5].text("vi")
    );
    assert!(findings.iter().all(|finding| finding.severity == Severity::Error));
}

#[test]
fn what_is_no_circle() {
    let rows = json!([
        {"type": "integer", "name": "a", "constraint": "${b} > ."},
        {"type": "integer", "name": "b", "required": "${a} > 1"},
        {"type": "calculate", "name": "kept", "calculation": "once(.)"},
        {"type": "begin_repeat", "name": "r"},
        {"type": "calculate", "name": "of", "calculation": "concat(position(..), '/', count(${r}))"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "all", "calculation": "join(' ', ${of})"},
    ]);
    let found = found(rows, json!({}));
    assert!(
        found.iter().all(|finding| finding.code != "form_cycle"),
        "{:?}",
        codes(&found)
    );
}

proptest! {
    /// Calculation `i` reads a set of others. There is a circle exactly when no order exists.
    #[test]
    fn circles_are_found_exactly(reads in prop::collection::vec(prop::collection::btree_set(0_usize..7, 0..3), 7)) {
        let rows: Vec<Value> = reads
            .iter()
            .enumerate()
            .map(|(at, reads)| {
                let sum: Vec<String> = reads.iter().map(|read| format!("${{f{read}}}")).collect();
                let calculation = if sum.is_empty() { "1".to_owned() } else { sum.join(" + ") };
                json!({"type": "calculate", "name": format!("f{at}"), "calculation": calculation})
            })
            .collect();
        let found = found(json!(rows), json!({}));
        let mut placed = std::collections::BTreeSet::new();
        for _ in 0..7 {
            for (at, reads) in reads.iter().enumerate() {
                if reads.iter().all(|read| placed.contains(read)) {
                    placed.insert(at);
                }
            }
        }
        prop_assert_eq!(found.iter().any(|finding| finding.code == "form_cycle"), placed.len() < 7);
    }
}
