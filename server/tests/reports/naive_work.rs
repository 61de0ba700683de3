//! Job fairs, training, support, figures of communes and the plan, once more from the raw log.

use std::collections::{BTreeMap, BTreeSet};

use super::naive::{Doc, END, FROM, Figures, Naive, count};

pub fn within(day: &str) -> bool {
    !day.is_empty() && (FROM..=END).contains(&day)
}

pub fn until(day: &str) -> bool {
    !day.is_empty() && day <= END
}

pub fn few(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("few"))
}

/// How many different people `docs` are of, as all records of `known` together tell: groups that share a name of a
/// person, joined until nothing joins.
pub fn distinct(naive: &Naive, known: &[&Doc], docs: &[&Doc]) -> f64 {
    let mut groups: Vec<(BTreeSet<String>, BTreeSet<&str>)> = Vec::new();
    for doc in known {
        let mut names = BTreeSet::new();
        if doc.has("person_ref") {
            names.insert(format!("member {}", naive.member(doc.text("person_ref"))));
        }
        if doc.has("id_number") {
            names.insert(format!("card {}", doc.text("id_number")));
        }
        if names.is_empty() {
            names.insert(format!("record {}", doc.id));
        }
        let (joined, apart): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|(group, _)| !group.is_disjoint(&names));
        let mut records = BTreeSet::from([doc.id.as_str()]);
        for (group, own) in joined {
            names.extend(group);
            records.extend(own);
        }
        groups = apart;
        groups.push((names, records));
    }
    let with_one = groups
        .iter()
        .filter(|(_, own)| docs.iter().any(|doc| own.contains(doc.id.as_str())));
    few(with_one.count())
}

/// Attendances in the period whose fair counts, is about work and was not cancelled; or of these types.
pub fn attendances(naive: &Naive, counts: impl Fn(&Doc) -> bool, day: impl Fn(&str) -> bool) -> Vec<&Doc> {
    let fairs: BTreeMap<String, &Doc> = naive
        .of("job_fair")
        .into_iter()
        .map(|doc| (doc.id.clone(), doc))
        .collect();
    let came = naive.of("job_fair_attendance").into_iter().filter(|doc| {
        let fair = fairs.get(&naive.survivor(doc.text("fair_id")));
        day(&doc.day("checked_in_at")) && fair.is_some_and(|fair| counts(fair))
    });
    came.collect()
}

fn minority(doc: &Doc) -> bool {
    !["01", "55", "56", ""].contains(&doc.text("ethnicity_code"))
}

fn outcomes(doc: &Doc) -> BTreeSet<String> {
    let rows = doc.rows("outcomes").into_iter();
    rows.map(|row| doc.text(&format!("outcomes/{row}/code")).to_owned())
        .collect()
}

pub fn job_fairs(naive: &Naive) -> Figures {
    let mut figures = Figures::new();
    for fair in naive.of("job_fair") {
        let held = fair.text("lifecycle") == "held" && fair.text("fair_type") != "career_guidance";
        let Some(commune) = naive.commune(fair, "host_commune_id").filter(|_| held) else {
            continue;
        };
        if !within(&fair.day("start_at")) {
            continue;
        }
        for row in ["total", &commune] {
            count(&mut figures, row, "sessions", 1.0);
            count(&mut figures, row, "employers", few(fair.rows("employers").len()));
            for employer in fair.rows("employers") {
                let vacancies = fair.number(&format!("employers/{employer}/vacancies"));
                count(&mut figures, row, "vacancies", vacancies);
            }
        }
    }
    let came = attendances(
        naive,
        |fair| fair.text("fair_type") != "career_guidance" && fair.text("lifecycle") != "cancelled",
        within,
    );
    let mut by_row: BTreeMap<String, Vec<&Doc>> = BTreeMap::new();
    for doc in &came {
        let commune = naive.commune(doc, "host_commune_id").expect("of the plan");
        let outcomes = outcomes(doc);
        let has = |names: &[&str]| names.iter().any(|name| outcomes.contains(*name));
        let step = if has(&["hired", "started_work"]) {
            "hired"
        } else if has(&["interviewed", "shortlisted"]) {
            "interviewed"
        } else if has(&["counselled"]) {
            "counselled"
        } else {
            "none"
        };
        for row in ["total", &commune] {
            by_row.entry(row.to_owned()).or_default().push(doc);
            let mut add =
                |column: &str, yes: bool| count(&mut figures, row, column, f64::from(u8::from(yes)));
            add("attendances", true);
            add("women", doc.text("sex") == "female");
            add("minority", minority(doc));
            add("poor", doc.text("hh_class_at_event") == "poor");
            add("near_poor", doc.text("hh_class_at_event") == "near_poor");
            add("training", has(&["training_registered"]));
            add("overseas", has(&["overseas_registered"]));
            for column in ["counselled", "interviewed", "hired"] {
                add(column, step == column);
            }
        }
    }
    for (row, docs) in by_row {
        count(&mut figures, &row, "persons", distinct(naive, &came, &docs));
    }
    figures
}

pub fn training(naive: &Naive) -> Figures {
    let mut figures = Figures::new();
    let mut everybody: Vec<&Doc> = Vec::new();
    let mut classes = Vec::new();
    let learners = naive.of("vocational_enrolment");
    for class in naive.of("vocational_class") {
        let opened = ["running", "finished"].contains(&class.text("lifecycle"));
        if !opened || class.day("start_on").as_str() > END || class.day("end_on").as_str() < FROM {
            continue;
        }
        let own: Vec<&Doc> = learners
            .iter()
            .copied()
            .filter(|doc| naive.survivor(doc.text("class_id")) == class.id)
            .collect();
        for doc in &own {
            for row in [class.id.as_str(), "total"] {
                let mut add =
                    |column: &str, yes: bool| count(&mut figures, row, column, f64::from(u8::from(yes)));
                let completed = doc.text("result") == "completed";
                add("learners", true);
                add("women", doc.text("sex") == "female");
                add("minority", minority(doc));
                add("poor", doc.text("target_group") == "poor");
                add("near_poor", doc.text("target_group") == "near_poor");
                add("completed", completed);
                add("employed", completed && doc.text("job_after") != "none");
            }
        }
        classes.push((class.id.clone(), own.clone()));
        everybody.extend(own);
    }
    for (class, own) in classes {
        count(&mut figures, &class, "persons", distinct(naive, &everybody, &own));
    }
    count(
        &mut figures,
        "total",
        "persons",
        distinct(naive, &everybody, &everybody),
    );
    figures
}

pub fn data_quality(naive: &Naive) -> Figures {
    let mut figures = Figures::new();
    let unit_field = |kind: &str| match kind {
        "household" | "household_visit" | "support_measure" | "labour_survey" => "village_id",
        "job_fair" | "job_fair_attendance" => "host_commune_id",
        "commune_indicator" => "unit_id",
        _ => "commune_id",
    };
    for doc in &naive.all {
        let Some(commune) = naive.commune(doc, unit_field(&doc.kind)) else {
            continue;
        };
        let days = [
            "visited_at",
            "start_at",
            "checked_in_at",
            "surveyed_at",
            "start_on",
            "provided_on",
        ];
        if days.iter().any(|path| doc.day(path).as_str() > END) {
            continue;
        }
        let lost = naive.same.contains_key(&doc.id);
        let out = doc.state == "void" || doc.state == "rejected";
        for row in ["total", &commune] {
            count(&mut figures, row, "records", 1.0);
            count(&mut figures, row, &doc.state, 1.0);
            count(&mut figures, row, "merged", f64::from(u8::from(lost)));
            count(
                &mut figures,
                row,
                "conflicts",
                f64::from(u8::from(doc.hard_conflict && !lost && !out)),
            );
        }
    }
    figures
}
