//! What a review visit proposes: score B, class and transition, worked out from the visit, the
//! household's members and the classes recognised before.

use schemas::poverty::{Assessment, Class, ClassRecord, Standards, assess_visit, class_history};
use schemas::value::Answers;
use serde_json::{Value, json};
use sync_core::id::RecordId;
use sync_core::phone::shown;

use crate::error::DeviceError;
use crate::phone::Phone;
use crate::store::StoreError;

/// Kinds of visit that assess a household (domain page §8.3).
const REVIEWS: [&str; 3] = ["periodic_review", "regular_review", "recheck"];

impl Phone {
    /// The assessment of a visit with these answers; none for visits that review nothing.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn assessment(&self, visit: &Answers, language: &str) -> Result<Option<Value>, DeviceError> {
        let text = |path: &str| visit.get(path).and_then(|value| value.as_text());
        if !text("visit_type").is_some_and(|kind| REVIEWS.contains(&kind)) {
            return Ok(None);
        }
        let household = match text("household_id").and_then(|id| id.parse::<RecordId>().ok()) {
            Some(id) => self.answers_of(id)?,
            None => Answers::new(),
        };
        let history = class_history(visit, &household, self.recognised(visit)?);
        let assessment = assess_visit(&household, visit, &history, Standards::built_in());
        Ok(Some(shown_assessment(&assessment, language)))
    }

    fn answers_of(&self, id: RecordId) -> Result<Answers, DeviceError> {
        let Some(row) = self.store.record(id)? else {
            return Ok(Answers::new());
        };
        Ok(shown(&row.open(id).map_err(StoreError::from)?).answers())
    }

    /// Classes recognised for the household of this visit by the visits that are on this phone.
    fn recognised(&self, visit: &Answers) -> Result<Vec<ClassRecord>, DeviceError> {
        let mut classes = Vec::new();
        for (id, row) in self.store.records_of("household_visit")? {
            let other = shown(&row.open(id).map_err(StoreError::from)?).answers();
            if other.get("household_id") == visit.get("household_id") {
                let text = |path: &str| other.get(path).and_then(|value| value.as_text());
                classes.extend(ClassRecord::read(text("class_recognised"), text("decision_date")));
            }
        }
        Ok(classes)
    }
}

fn shown_assessment(assessment: &Assessment, language: &str) -> Value {
    let indicators: Vec<_> = assessment
        .indicators
        .iter()
        .map(|one| json!({ "code": one.code, "label": one.label.get(language), "deprived": one.deprived }))
        .collect();
    let reasons: Vec<_> = assessment
        .reasons
        .iter()
        .map(|one| json!({ "path": one.path, "code": one.code, "message": one.message.get(language) }))
        .collect();
    let findings: Vec<_> = assessment
        .findings
        .iter()
        .map(|one| json!({ "path": one.path, "code": one.code, "message": one.text(language) }))
        .collect();
    json!({
        "standard_id": assessment.standard_id,
        "score_b": assessment.score_b,
        "score_b_complete": assessment.score_b_complete,
        "class_proposed": assessment.class_proposed.map(Class::code),
        "class_previous": assessment.class_previous.map(Class::code),
        "transition": assessment.transition,
        "no_labour_capacity": assessment.no_labour_capacity,
        "indicators": indicators,
        "reasons": reasons,
        "findings": findings,
    })
}
