//! A new version of a form, and a form that is new: taken in at the office, on the phones at their next sync.

use serde_json::{Value, json};
use server::audit::Actor;
use server::forms::{FormUnfit, import};
use server::store::{AuditQuery, AuditStore as _, FormStore as _};
use server::view::rebuild;

use super::{Scene, scene};

/// The visit form as it comes with the program, in another version and with one more question at its end.
fn visit_form(version: u32, question: &str) -> String {
    let builtin = schemas::catalog::BUILTIN;
    let (_, text) = builtin
        .iter()
        .find(|(name, _)| *name == "household_visit")
        .expect("built in");
    let mut form: Value = serde_json::from_str(text).expect("JSON");
    form["settings"]["version"] = json!(version);
    let survey = form["survey"].as_array_mut().expect("rows");
    survey.push(
        json!({ "type": "text", "name": question, "label": { "vi": "Câu hỏi mới", "en": "New question" } }),
    );
    form.to_string()
}

/// A form that no program was built with.
fn well_form() -> String {
    json!({
        "settings": { "form_id": "village_well", "version": 1, "title": { "vi": "Giếng nước", "en": "Well" },
            "unit": "village_id", "title_field": "name" },
        "survey": [
            { "type": "reference admin_unit", "name": "village_id", "label": { "vi": "Thôn", "en": "Village" },
              "required": "true()", "conflict": "review" },
            { "type": "text", "name": "name", "label": { "vi": "Tên giếng", "en": "Name" }, "conflict": "review" },
        ],
    })
    .to_string()
}

fn take_in(scene: &Scene, text: &str) -> Result<server::forms::Imported, FormUnfit> {
    let office = scene.town.office.borrow();
    let app = office.app();
    import(&app.store, app.clock.now(), Actor::Cli, text.as_bytes())
}

#[test]
fn a_new_version_arrives_with_sync_and_a_draft_stays_with_its_own() {
    let mut scene = scene();
    scene.tab.sync();
    let household = scene.households[0];
    let village = scene.tab.answer(household, "village_id").expect("a village");
    let answers = |day: &str| {
        json!({ "household_id": household, "village_id": village.as_text(), "visit_type": "support",
            "visited_at": format!("2026-11-{day}T08:00:00+07:00"), "outcome": "met" })
    };
    let begun = scene.tab.draft("household_visit", &answers("20"));
    assert_eq!(begun.version, 1);

    let taken = take_in(&scene, &visit_form(2, "spring_water")).expect("it may follow");
    assert!(!taken.unchanged, "{taken:?}");
    assert!(
        take_in(&scene, &visit_form(2, "spring_water"))
            .expect("the same again")
            .unchanged
    );
    scene.tab.sync();
    assert_eq!(
        scene
            .tab
            .register
            .form("household_visit", None)
            .expect("a form")
            .version(),
        2
    );

    // What was begun before goes on in its own version, also after a restart.
    let tab = scene.tab.reopened();
    assert_eq!(
        tab.register
            .form("household_visit", None)
            .expect("a form")
            .version(),
        2
    );
    let old = tab.submit(&begun).expect("the draft goes in").id;
    let mut said = answers("21");
    said["spring_water"] = json!("Mó nước đầu thôn");
    let new = tab.draft("household_visit", &said);
    assert_eq!(new.version, 2);
    let new = tab.submit(&new).expect("a visit").id;
    tab.sync();
    assert_eq!(tab.register.index().counts(None).pending_changes, 0);
    let on_server = |id| scene.town.answers(id).expect("merged");
    assert_eq!(on_server(new)["spring_water"].as_text(), Some("Mó nước đầu thôn"));
    assert!(!on_server(old).contains_key("spring_water"));

    // The other driver's phone learns it the same way, and reads what was written with it.
    scene.town.sync_phone(&mut scene.other);
    let shown = scene.other.phone_mut().show(new, "vi").expect("a record");
    assert_eq!(shown["data"]["spring_water"], "Mó nước đầu thôn");
    let mut said = answers("22");
    said["spring_water"] = json!("Không có");
    let written = scene.other.phone_mut().new_record("household_visit", None, &said);
    assert!(written.is_ok(), "{written:?}");
    scene.town.sync_phone(&mut scene.other);
    tab.sync();
    tab.check();
    let office = scene.town.office.borrow();
    assert!(rebuild::check(office.app()).expect("checks").is_sound());
}

#[test]
fn a_form_nobody_knew_is_written_and_read_after_one_sync() {
    let mut scene = scene();
    scene.tab.sync();
    take_in(&scene, &well_form()).expect("a form");
    scene.tab.sync();
    let village = scene.town.village(0);
    let draft = scene.tab.draft(
        "village_well",
        &json!({ "village_id": village, "name": "Giếng Cây Đa" }),
    );
    let id = scene.tab.submit(&draft).expect("a well").id;
    scene.tab.sync();
    scene.town.sync_phone(&mut scene.other);
    let shown = scene.other.phone_mut().show(id, "vi").expect("a record");
    assert_eq!(shown["data"]["name"], "Giếng Cây Đa");
}

#[test]
fn a_phone_that_knows_a_form_is_not_sent_it_again() {
    let scene = scene();
    scene.tab.sync();
    let quiet = scene.tab.sync().bytes_down;
    take_in(&scene, &visit_form(2, "spring_water")).expect("it may follow");
    let with_form = scene.tab.sync().bytes_down;
    let after = scene.tab.sync().bytes_down;
    assert!(with_form > quiet + 1000, "{with_form} after {quiet}");
    assert_eq!(after, quiet);
}

#[test]
fn what_cannot_be_a_form_or_may_not_follow_changes_nothing() {
    let scene = scene();
    let refused = |text: &str| take_in(&scene, text).expect_err("refused");
    assert!(matches!(refused("no form"), FormUnfit::NotAForm(_)));
    let codes = |error: FormUnfit| match error {
        FormUnfit::Findings(findings) => findings.into_iter().map(|finding| finding.code).collect(),
        other => vec![other.to_string()],
    };
    let same_version = codes(refused(&visit_form(1, "spring_water")));
    assert!(
        same_version.iter().any(|code| code == "version_not_newer"),
        "{same_version:?}"
    );
    let other_kind = visit_form(2, "spring_water").replace(
        "{\"type\":\"dateTime\",\"name\":\"visited_at\"",
        "{\"type\":\"integer\",\"name\":\"visited_at\"",
    );
    assert!(!codes(refused(&other_kind)).is_empty());
    let office = scene.town.office.borrow();
    let store = &office.app().store;
    assert_eq!(store.forms_after(0).expect("reads").1, Vec::new());
    assert_eq!(store.forms_version().expect("reads"), 0);
    let noted = store.audit_lines(&AuditQuery {
        action: Some("form_import".to_owned()),
        limit: 10,
        ..AuditQuery::default()
    });
    assert_eq!(noted.expect("reads").len(), 0);
}
