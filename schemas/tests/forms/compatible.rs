//! Version N+1 beside version N.

use schemas::compat::{compare, may_follow};
use schemas::form::Form;
use serde_json::{Value, json};

use crate::support::{codes, form_with};

fn version(version: u32, mut settings: Value, rows: Value, choices: Value) -> Form {
    settings["version"] = json!(version);
    form_with(settings, rows, choices).0
}

fn old() -> Form {
    version(
        1,
        json!({"unit": "village_id", "strong_key": [["code"]]}),
        json!([
            {"type": "reference admin_unit", "name": "village_id"},
            {"type": "text", "name": "code"},
            {"type": "integer", "name": "count"},
            {"type": "select_one kinds", "name": "kind"},
            {"type": "begin_repeat", "name": "rows"},
            {"type": "text", "name": "value"},
            {"type": "end_repeat"},
        ]),
        json!({"kinds": ["a", "b"]}),
    )
}

#[test]
fn additions_may_follow() {
    let new = version(
        2,
        json!({"unit": "village_id", "strong_key": [["code"]]}),
        json!([
            {"type": "begin_group", "name": "g"},
            {"type": "reference admin_unit", "name": "village_id"},
            {"type": "text", "name": "code", "required": "true()"},
            {"type": "end_group"},
            {"type": "money", "name": "count"},
            {"type": "select_one other", "name": "kind"},
            {"type": "begin_repeat", "name": "rows"},
            {"type": "text", "name": "value"},
            {"type": "text", "name": "more"},
            {"type": "end_repeat"},
        ]),
        json!({"other": ["a", "b", "c"]}),
    );
    let found = compare(&old(), &new);
    assert_eq!(codes(&found), ["code became_required"]);
    assert!(may_follow(&found));
}

#[test]
fn what_may_not_follow() {
    let new = version(
        1,
        json!({"form_id": "other", "unit": "code", "shared": "commune", "weak_keys": [["code"]]}),
        json!([
            {"type": "text", "name": "code", "writer": "reviewer"},
            {"type": "decimal", "name": "count"},
            {"type": "select_multiple kinds", "name": "kind"},
            {"type": "text", "name": "rows"},
        ]),
        json!({"kinds": ["a"]}),
    );
    let found = compare(&old(), &new);
    assert_eq!(
        codes(&found),
        [
            "settings/form_id form_id_changed",
            "settings/version version_not_newer",
            "settings/strong_key key_changed",
            "settings/weak_keys key_changed",
            "settings/unit scope_changed",
            "settings/shared scope_changed",
            "village_id field_removed",
            "code writer_changed",
            "count type_changed",
            "kind type_changed",
            "kind choice_removed",
            "rows type_changed",
            "rows/value field_removed",
        ]
    );
    assert!(!may_follow(&found));
    let severities: Vec<bool> = found
        .iter()
        .map(|finding| may_follow(std::slice::from_ref(finding)))
        .collect();
    assert!(severities[8], "integer to decimal loses nothing");
    assert!(!severities[9], "one choice cannot become several");
}

#[test]
fn a_form_follows_itself_but_for_its_number() {
    for form in schemas::catalog::Catalog::builtin().iter() {
        assert_eq!(
            codes(&compare(form, form)),
            ["settings/version version_not_newer"]
        );
    }
}
