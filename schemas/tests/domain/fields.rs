//! Every field of the domain page (§8.1–8.10) is asked, with its tags.

use schemas::catalog::{BUILTIN, Catalog};
use schemas::form::{ConflictRule, FieldKind, Form, Pii, Shared, Writer};

use super::form;

/// Kind and the fields of its table, as one text per kind.
const TABLES: [(&str, &str); 10] = [
    (
        "household",
        "village_id head_member_id head_name phone address_detail area_type ethnicity_code member_count \
         declared_count current_class recently_escaped_until no_labour_capacity certificate_no helper_user_id gps \
         move_status move_date related_household_id livestock roof",
    ),
    (
        "household_member",
        "household_id full_name other_names relation sex birth_date birth_precision id_number legacy_id \
         ethnicity_code literate schooling_now education_level skill_level has_health_insurance able_to_work \
         disability serious_illness malnourished monthly_allowance employment_status job_kind has_contract \
         work_place stable_income presence",
    ),
    (
        "household_visit",
        "household_id visit_type review_round_id visited_at visitor_id companions respondent_member_id outcome \
         standard_id request_form form_a_result score_a score_a_items dep_employment dep_dependents dep_nutrition \
         dep_health_insurance dep_adult_education dep_child_schooling dep_housing_quality dep_housing_area dep_water \
         dep_toilet dep_telecom dep_info_device dep_note score_b class_proposed class_previous transition \
         poverty_causes other_text house_wall house_pillar house_roof house_area_m2 water_source toilet_type \
         has_internet devices self_income_vnd aspirations difficulties needs proposed_measures next_visit_on \
         meeting_date meeting_agree meeting_total posted_from posted_to complaint class_recognised decision_no \
         decision_date",
    ),
    (
        "job_fair",
        "code fair_type name venue host_commune_id start_at end_at organiser partners employers lifecycle \
         headcount_declared budget_vnd funding",
    ),
    (
        "job_fair_attendance",
        "fair_id person_ref full_name sex birth_year id_number phone residence_village_id ethnicity_code \
         hh_class_at_event checked_in_at registered_by education_level skill_level employment_status needs \
         employers_met outcomes overseas_stage overseas_market follow_up_on consent_share_employer host_commune_id",
    ),
    (
        "labour_survey",
        "round person_ref full_name sex birth_year id_number phone ethnicity_code activity_status position \
         contract_kind months_without_work education_level skill_level trade_learned wants_training trade_wanted \
         wants_job job_wanted place_wanted expected_wage_vnd ready_from priority_groups",
    ),
    (
        "vocational_class",
        "code decision_no trade level provider commune_id place start_on end_on planned_days quota funding \
         employer_order lifecycle",
    ),
    (
        "vocational_enrolment",
        "class_id person_ref full_name id_number target_group days_attended support_vnd result certificate_no \
         job_after job_checked_on",
    ),
    (
        "support_measure",
        "household_id person_ref kind programme decision_no amount_vnd quantity unit provided_on provider stage",
    ),
    (
        "commune_indicator",
        "unit_id code period value_num value_bool denominator source_note evidence",
    ),
];

/// The names of fields and repeats outside repeats.
fn names(form: &Form) -> Vec<&str> {
    let items = form.items().iter();
    let outside = items.filter(|item| !item.schema_path.contains('/'));
    outside.map(schemas::form::Item::name).collect()
}

#[test]
fn every_field_of_the_tables() {
    assert_eq!(TABLES.len(), BUILTIN.len());
    for (kind, fields) in TABLES {
        let names = names(form(kind));
        for field in fields.split_whitespace() {
            assert!(names.contains(&field), "{kind}.{field}");
        }
    }
}

#[test]
fn every_record_keeps_its_commune_and_a_reason_for_voiding() {
    for form in Catalog::builtin().iter() {
        let embedded = form.settings.embedded_in.is_some();
        for field in ["commune_id_at_event", "void_reason"] {
            assert_eq!(
                form.field(field).is_some(),
                !embedded,
                "{} {field}",
                form.form_id()
            );
        }
    }
}

#[test]
fn units_and_sharing() {
    for (kind, unit, shared) in [
        ("household", "village_id", Shared::No),
        ("household_visit", "village_id", Shared::No),
        ("job_fair", "host_commune_id", Shared::Commune),
        ("job_fair_attendance", "host_commune_id", Shared::Commune),
        ("labour_survey", "village_id", Shared::No),
        ("vocational_class", "commune_id", Shared::Commune),
        ("vocational_enrolment", "commune_id", Shared::Commune),
        ("support_measure", "village_id", Shared::No),
        ("commune_indicator", "unit_id", Shared::No),
    ] {
        let settings = &form(kind).settings;
        assert_eq!(
            (settings.unit.as_deref(), settings.shared),
            (Some(unit), shared),
            "{kind}"
        );
    }
    let rows = &form("household_member").settings.embedded_in;
    assert_eq!(
        rows.as_ref().unwrap(),
        &("household".to_owned(), "members".to_owned())
    );
}

#[test]
fn personal_data_is_tagged_wherever_it_stands() {
    // Domain §6: names, numbers, births are basic; ethnic origin, health and location sensitive.
    let mut seen = 0;
    for form in Catalog::builtin().iter() {
        for (path, field) in form.fields() {
            let expected = match field.name.as_str() {
                "full_name" | "head_name" | "id_number" | "legacy_id" | "head_id_number" | "phone"
                | "birth_date" | "birth_year" | "head_birth_year" | "sex" | "address_detail" => Pii::Basic,
                "ethnicity_code"
                | "disability"
                | "serious_illness"
                | "malnourished"
                | "has_health_insurance"
                | "gps"
                | "aspirations"
                | "priority_groups"
                | "dep_nutrition"
                | "dep_health_insurance" => Pii::Sensitive,
                _ => continue,
            };
            seen += 1;
            assert_eq!(field.pii, expected, "{} {}", form.form_id(), path);
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn what_a_disagreement_needs() {
    for (kind, field, rule) in [
        ("household_member", "birth_date", ConflictRule::Review),
        ("household_member", "id_number", ConflictRule::Review),
        ("household_visit", "score_a", ConflictRule::Review),
        ("household_visit", "class_recognised", ConflictRule::Review),
        ("household_visit", "outcome", ConflictRule::Review),
        ("household_visit", "difficulties", ConflictRule::Auto),
        ("household", "phone", ConflictRule::Auto),
        ("job_fair_attendance", "full_name", ConflictRule::Review),
        // Three village heads register one person: who did it first is no disagreement.
        ("job_fair_attendance", "registered_by", ConflictRule::Auto),
        ("job_fair_attendance", "checked_in_at", ConflictRule::Auto),
        ("job_fair_attendance", "needs", ConflictRule::Auto),
    ] {
        assert_eq!(form(kind).field(field).unwrap().conflict, rule, "{kind}.{field}");
    }
}

#[test]
fn only_recognition_belongs_to_reviewers() {
    let mut reserved = Vec::new();
    for form in Catalog::builtin().iter() {
        let fields = form
            .fields()
            .filter(|(_, field)| field.writer == Writer::Reviewer);
        reserved.extend(fields.map(|(_, field)| field.name.as_str()));
    }
    assert_eq!(reserved, ["class_recognised", "decision_no", "decision_date"]);
}

#[test]
fn messages_are_in_the_official_register() {
    for (name, text) in BUILTIN {
        assert!(
            !text.contains('!') || !text.replace("!=", "").contains('!'),
            "{name}: an exclamation mark"
        );
        assert_eq!(schemas::text::nfc(text), text, "{name} is NFC");
    }
    for form in Catalog::builtin().iter() {
        for (path, field) in form.fields() {
            let message = field.constraint_message.get("vi").to_lowercase();
            let polite =
                message.is_empty() || message.contains("vui lòng") || message.contains("cần ít nhất");
            assert!(polite, "{} {}: {message}", form.form_id(), path);
        }
    }
}

#[test]
fn consent_has_no_default() {
    // Domain §6: no default-yes for anything optional.
    let consent = form("job_fair_attendance")
        .field("consent_share_employer")
        .unwrap();
    assert_eq!(consent.kind, FieldKind::Boolean);
    assert!(consent.prefill.is_none() && consent.calculation.is_none() && consent.required.is_some());
}
