//! Every target of the plan, once more from the raw log.

use std::collections::{BTreeMap, BTreeSet};

use super::naive::{Doc, END, Figures, Naive};
use super::naive_work::{attendances, distinct, few, until, within};

/// The latest figure of a commune for a code, of a year.
fn reported<'a>(naive: &'a Naive, commune: &str, code: &str, year: &str) -> Option<&'a Doc> {
    let mut own: Vec<&Doc> = naive
        .of("commune_indicator")
        .into_iter()
        .filter(|doc| {
            doc.text("unit_id") == commune && doc.text("code") == code && doc.text("period") == year
        })
        .collect();
    own.sort_by_key(|doc| doc.id.clone());
    own.pop()
}

fn share(part: f64, whole: f64) -> f64 {
    part / whole * 100.0
}

/// Every target in the column "cumulative", which for a whole year is the period's too.
pub fn plan_progress(naive: &Naive) -> Figures {
    let mut figures = Figures::new();
    let mut set = |key: &str, value: f64| {
        figures.insert(format!("{key} cumulative"), value);
    };
    let homes = naive.homes();
    let (mut start, mut end) = ((0.0, 0.0), (0.0, 0.0));
    let mut cuts = Vec::new();
    for commune in naive.communes() {
        let of_year = |year| {
            let doc = reported(naive, &commune, "poor_households", year)?;
            Some((doc.number("value_num"), doc.number("denominator")))
        };
        let counted = |day: &str| {
            let own = homes
                .iter()
                .filter(|home| home.commune == commune && home.present(day));
            let own: Vec<_> = own.collect();
            (
                few(own.iter().filter(|home| home.class(day) == "poor").count()),
                few(own.len()),
            )
        };
        let (from, to) = match (of_year("2024"), of_year("2025")) {
            (Some(from), Some(to)) => (from, to),
            _ => (counted("2024-12-31"), counted(END)),
        };
        start = (start.0 + from.0, start.1 + from.1);
        end = (end.0 + to.0, end.1 + to.1);
        if from.1 > 0.0 && to.1 > 0.0 {
            cuts.push(share(from.0, from.1) - share(to.0, to.1));
        }
    }
    set("T1", share(start.0, start.1) - share(end.0, end.1));
    set("T1.mean", cuts.iter().sum::<f64>() / few(cuts.len()));
    let communes = naive.communes();
    let gains: Vec<f64> = communes
        .iter()
        .filter_map(|commune| {
            let of_year = |year| reported(naive, commune, "ntm_criteria_met", year);
            Some(of_year("2025")?.number("value_num") - of_year("2024")?.number("value_num"))
        })
        .collect();
    if !gains.is_empty() {
        set("T2", gains.iter().sum::<f64>() / few(gains.len()));
    }
    for (target, code) in [
        ("T3", "villages_informed"),
        ("T4", "road_km_hardened"),
        ("T17", "villages_with_power"),
    ] {
        let docs: Vec<&Doc> = communes
            .iter()
            .filter_map(|commune| reported(naive, commune, code, "2025"))
            .collect();
        let sum = |path: &str| docs.iter().map(|doc| doc.number(path)).sum::<f64>();
        if !docs.is_empty() {
            set(target, share(sum("value_num"), sum("denominator")));
        }
    }
    let events = communes
        .iter()
        .filter_map(|commune| reported(naive, commune, "major_outbreaks", "2025"));
    let events: Vec<f64> = events.map(|doc| doc.number("value_num")).collect();
    if !events.is_empty() {
        set("T15", events.iter().sum());
    }
    for (target, code) in [("T6", "health_criteria_met"), ("T14", "preschool_age4_universal")] {
        let yes = communes
            .iter()
            .filter_map(|commune| reported(naive, commune, code, "2025"));
        let yes = few(yes.filter(|doc| doc.yes("value_bool")).count());
        set(target, if target == "T6" { share(yes, 10.0) } else { yes });
    }
    let weeks: Vec<f64> = naive
        .of("commune_indicator")
        .into_iter()
        .filter(|doc| doc.text("code") == "doctor_days_per_week")
        .map(|doc| doc.number("value_num"))
        .collect();
    if !weeks.is_empty() {
        set("T7", weeks.iter().sum::<f64>() / few(weeks.len()));
    }
    people(naive, &mut set);
    work(naive, &mut set);
    figures
}

fn people(naive: &Naive, set: &mut dyn FnMut(&str, f64)) {
    let homes = naive.homes();
    let present: Vec<_> = homes.iter().filter(|home| home.present(END)).collect();
    let (mut insured, mut asked, mut literate, mut known) = (0.0, 0.0, 0.0, 0.0);
    let (mut able_homes, mut stable_homes) = (0.0, 0.0);
    for home in &present {
        let mut able = false;
        let mut stable = false;
        for row in home.members() {
            let path = |field: &str| format!("members/{row}/{field}");
            let one = |yes: bool| f64::from(u8::from(yes));
            asked += one(home.doc.has(&path("has_health_insurance")));
            insured += one(home.member_yes(&row, "has_health_insurance"));
            let in_age = home.age(&row).is_some_and(|age| (15..=60).contains(&age));
            known += one(in_age && home.doc.has(&path("literate")));
            literate += one(in_age && home.member_yes(&row, "literate"));
            let can = home.able(&row);
            able |= can;
            let works = home.doc.text(&path("employment_status")) == "employed";
            stable |= can && works && home.member_yes(&row, "stable_income");
        }
        if ["poor", "near_poor"].contains(&home.class(END).as_str()) && able {
            able_homes += 1.0;
            stable_homes += f64::from(u8::from(stable));
        }
    }
    if asked > 0.0 {
        set("T5", share(insured, asked));
        set("T16", share(literate, known));
    }
    if able_homes > 0.0 {
        set("T11", share(stable_homes, able_homes));
        set("T11.with_able", able_homes);
    }
    let household_of = |member: &str| {
        let member = naive.member(member);
        let holds = |home: &&super::naive::Home<'_>| home.members().contains(&member);
        homes.iter().find(holds).map(|home| home.doc.id.clone())
    };
    let known: Vec<&Doc> = naive
        .of("labour_survey")
        .into_iter()
        .filter(|doc| until(&doc.day("surveyed_at")))
        .collect();
    let surveys: Vec<&Doc> = known
        .iter()
        .copied()
        .filter(|doc| within(&doc.day("surveyed_at")))
        .collect();
    let surveyed: BTreeSet<String> = surveys
        .iter()
        .filter(|doc| doc.has("person_ref"))
        .filter_map(|doc| household_of(doc.text("person_ref")))
        .collect();
    set("T8", few(surveyed.len()));
    set("T8.surveyed", distinct(naive, &known, &surveys));
    let wanting = surveys
        .iter()
        .copied()
        .filter(|doc| doc.text("activity_status") == "unemployed" && doc.yes("wants_job"));
    set(
        "T8.jobless_job",
        distinct(naive, &known, &wanting.collect::<Vec<_>>()),
    );
    for (target, kind) in [("T18", "housing"), ("T21", "credit")] {
        let given: Vec<&Doc> = naive
            .of("support_measure")
            .into_iter()
            .filter(|doc| doc.text("kind") == kind && doc.text("stage") == "delivered")
            .filter(|doc| within(&doc.day("provided_on")))
            .collect();
        let whose = given.iter().map(|doc| {
            if doc.has("household_id") {
                naive.survivor(doc.text("household_id"))
            } else {
                household_of(doc.text("person_ref")).unwrap_or_else(|| doc.text("person_ref").to_owned())
            }
        });
        let households: BTreeSet<String> = whose.collect();
        if kind == "housing" {
            set(target, few(households.len()));
        } else {
            set("T21", given.iter().map(|doc| doc.number("amount_vnd")).sum());
            set("T21.loans", few(given.len()));
            set("T21.borrowers", few(households.len()));
        }
    }
}

fn work(naive: &Naive, set: &mut dyn FnMut(&str, f64)) {
    let counted = ["transaction", "festival", "conference"];
    let fairs: Vec<&Doc> = naive
        .of("job_fair")
        .into_iter()
        .filter(|doc| doc.text("lifecycle") == "held" && within(&doc.day("start_at")))
        .collect();
    let about_work = fairs
        .iter()
        .filter(|doc| counted.contains(&doc.text("fair_type")));
    set("T9", few(about_work.clone().count()));
    let communes: BTreeSet<String> = about_work
        .filter_map(|doc| naive.commune(doc, "host_commune_id"))
        .collect();
    set("T9.communes", few(communes.len()));
    let guidance = fairs
        .iter()
        .filter(|doc| doc.text("fair_type") == "career_guidance");
    set("T19", few(guidance.clone().count()));
    set(
        "T19.pupils",
        guidance.map(|doc| doc.number("pupils_declared")).sum(),
    );
    let meant = |fair: &Doc| counted.contains(&fair.text("fair_type"));
    let known = attendances(naive, meant, until);
    let came = attendances(naive, meant, within);
    set("T10", few(came.len()));
    set("T10.persons", distinct(naive, &known, &came));
    let classes: BTreeMap<String, &Doc> = naive
        .of("vocational_class")
        .into_iter()
        .map(|doc| (doc.id.clone(), doc))
        .collect();
    let learners = naive.of("vocational_enrolment");
    let class_of = |doc: &Doc| classes.get(&naive.survivor(doc.text("class_id"))).copied();
    let in_class: Vec<&Doc> = learners
        .iter()
        .copied()
        .filter(|doc| class_of(doc).is_some())
        .collect();
    let completed: Vec<&Doc> = learners
        .iter()
        .copied()
        .filter(|doc| doc.text("result") == "completed")
        .filter(|doc| class_of(doc).is_some_and(|class| within(&class.day("end_on"))))
        .collect();
    set("T12", distinct(naive, &in_class, &completed));
    set("T12.completions", few(completed.len()));
    let begun: Vec<&Doc> = learners
        .iter()
        .copied()
        .filter(|doc| class_of(doc).is_some_and(|class| within(&class.day("start_on"))))
        .collect();
    set("T12.enrolled", distinct(naive, &in_class, &begun));
    let opened = classes
        .values()
        .filter(|class| ["running", "finished"].contains(&class.text("lifecycle")));
    set(
        "T13",
        few(opened.filter(|class| within(&class.day("start_on"))).count()),
    );
    let finished = classes
        .values()
        .filter(|class| class.text("lifecycle") == "finished");
    set(
        "T13.finished",
        few(finished.filter(|class| within(&class.day("end_on"))).count()),
    );
    let day = |doc: &Doc| doc.day("checked_in_at").max(doc.day("surveyed_at"));
    let abroad: Vec<&Doc> = naive
        .of("job_fair_attendance")
        .into_iter()
        .chain(naive.of("labour_survey"))
        .filter(|doc| doc.has("overseas_stage") && until(&day(doc)))
        .collect();
    let gone: Vec<&Doc> = abroad
        .iter()
        .copied()
        .filter(|doc| within(&day(doc)) && ["departed", "working"].contains(&doc.text("overseas_stage")))
        .collect();
    set("T20", distinct(naive, &abroad, &gone));
}
