//! The twelve indicators of a review, filled in from what members and house say. Pure.

use schemas::poverty::Assessment;
use schemas::value::{Answers, Scalar};

use super::head::{Filled, put};

/// Fills in the indicators that are known, and takes back those that are known no more; what a person
/// stated stays. Only where the household was met: an empty house says nothing. True if anything
/// changed.
pub fn follow(answers: &mut Answers, filled: &mut Filled, assessment: &Assessment) -> bool {
    let before = answers.clone();
    for indicator in &assessment.indicators {
        let path = format!("dep_{}", indicator.code);
        match indicator.derived.filter(|_| was_met(answers)) {
            Some(deprived) => put(answers, filled, &path, deprived.into()),
            None => take_back(answers, filled, &path),
        }
    }
    *answers != before
}

/// Takes back every indicator that nobody stated, unless the household was met.
pub fn drop_unmet(answers: &mut Answers, filled: &mut Filled) {
    if was_met(answers) {
        return;
    }
    let paths: Vec<String> = filled
        .keys()
        .filter(|path| path.starts_with("dep_"))
        .cloned()
        .collect();
    for path in paths {
        take_back(answers, filled, &path);
    }
}

fn was_met(answers: &Answers) -> bool {
    answers.get("outcome").and_then(Scalar::as_text) == Some("met")
}

fn take_back(answers: &mut Answers, filled: &mut Filled, path: &str) {
    if let Some(value) = filled.remove(path)
        && answers.get(path) == Some(&value)
    {
        answers.remove(path);
    }
}

#[cfg(test)]
mod tests {
    use schemas::poverty::{Standards, assess_visit};

    use super::*;

    const ROW: &str = "members/0190b5d2-7c1a-7def-8a11-0123456789aa";

    fn household() -> Answers {
        Answers::from([
            (format!("{ROW}/full_name"), "Giàng A Páo".into()),
            (format!("{ROW}/birth_date"), "1980-05-05".into()),
            (format!("{ROW}/birth_precision"), "day".into()),
            (format!("{ROW}/has_health_insurance"), false.into()),
        ])
    }

    fn visit(outcome: &str) -> Answers {
        Answers::from([
            ("visited_at".to_owned(), "2026-11-23T08:00:00+07:00".into()),
            ("standard_id".to_owned(), "VN-2022-2025".into()),
            ("outcome".to_owned(), outcome.into()),
        ])
    }

    fn assess(visit: &Answers) -> Assessment {
        assess_visit(&household(), visit, &[], Standards::built_in())
    }

    #[test]
    fn what_is_known_is_filled_in_and_a_statement_stays() {
        let (mut answers, mut filled) = (visit("met"), Filled::new());
        let found = assess(&answers);
        assert!(follow(&mut answers, &mut filled, &found));
        assert_eq!(answers.get("dep_health_insurance"), Some(&Scalar::Bool(true)));
        assert_eq!(answers.get("dep_water"), None, "nobody asked about water yet");
        answers.insert("dep_health_insurance".to_owned(), false.into());
        answers.insert("water_source".to_owned(), "tap".into());
        let found = assess(&answers);
        assert!(follow(&mut answers, &mut filled, &found));
        assert_eq!(answers.get("dep_health_insurance"), Some(&Scalar::Bool(false)));
        assert_eq!(answers.get("dep_water"), Some(&Scalar::Bool(false)));
        answers.remove("water_source");
        let found = assess(&answers);
        assert!(follow(&mut answers, &mut filled, &found));
        assert_eq!(answers.get("dep_water"), None);
    }

    #[test]
    fn an_empty_house_says_nothing() {
        let (mut answers, mut filled) = (visit("absent"), Filled::new());
        let found = assess(&answers);
        assert!(!follow(&mut answers, &mut filled, &found));
        let (mut answers, mut filled) = (visit("met"), Filled::new());
        let found = assess(&answers);
        follow(&mut answers, &mut filled, &found);
        answers.insert("outcome".to_owned(), "absent".into());
        answers.insert("dep_toilet".to_owned(), true.into());
        drop_unmet(&mut answers, &mut filled);
        assert_eq!(answers.get("dep_health_insurance"), None);
        assert_eq!(
            answers.get("dep_toilet"),
            Some(&Scalar::Bool(true)),
            "a person said so"
        );
    }
}
