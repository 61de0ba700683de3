//! Reference data as files: units, whole plans, forms.

use schemas::finding::Severity;
use schemas::plan::Plan;
use schemas::unit::ImportChange;
use serde_json::{Map, Value, json};

use super::{Change, ImportError, Report, RowError, What, Wish, table};
use crate::app::App;
use crate::audit::Actor;
use crate::forms::{self, FormUnfit};
use crate::store::StoreError;
use crate::territory::{self, plans};
use crate::view::rebuild;

pub(super) fn units(app: &App, actor: Actor, bytes: &[u8], wish: &Wish) -> Result<Report, ImportError> {
    let csv = if bytes.starts_with(b"PK") {
        as_csv(bytes)?
    } else {
        bytes.to_vec()
    };
    let preview = territory::preview_csv(&app.store, app.clock.now(), &csv)?;
    let mut report = Report::default();
    let change = |row: usize, what, id: &str, title: String, after: Map<String, Value>| Change {
        row,
        what,
        id: id.to_owned(),
        title,
        before: Map::new(),
        after,
        like: Vec::new(),
    };
    let units = app.units()?;
    let title = |id: &str| {
        units
            .tree()
            .get(id)
            .map_or_else(String::new, |unit| unit.full_name())
    };
    let one = |key: &str, value: &str| Map::from_iter([(key.to_owned(), Value::from(value))]);
    for proposed in &preview.changes {
        report.changes.push(match proposed {
            ImportChange::Create { line, unit } => {
                let after = json!({
                    "level": unit.level.name(),
                    "name": unit.full_name(),
                    "code": unit.official_code,
                });
                let after = after.as_object().cloned().unwrap_or_default();
                change(*line, What::Created, "", unit.full_name(), after)
            }
            ImportChange::SetCode { line, id, code } => {
                change(*line, What::Changed, id, title(id), one("code", code))
            }
            ImportChange::AddAlias { line, id, alias } => {
                change(*line, What::Changed, id, title(id), one("alias", alias))
            }
            ImportChange::AddSuccessor { line, id, successor } => change(
                *line,
                What::Changed,
                id,
                title(id),
                one("successor", &title(successor)),
            ),
        });
    }
    let same = (0..preview.unchanged).map(|_| change(0, What::Unchanged, "", String::new(), Map::new()));
    report.changes.extend(same);
    report.errors = preview
        .problems
        .iter()
        .map(|problem| RowError {
            row: problem.line,
            column: String::new(),
            code: problem.code.to_owned(),
            message: problem.message.clone(),
        })
        .collect();
    if report.may_apply(wish)? {
        territory::import_preview(&app.store, app.clock.now(), actor, &preview)?;
        report.applied = true;
    }
    Ok(report)
}

/// A workbook as the text its reader takes; rows keep their numbers.
fn as_csv(bytes: &[u8]) -> Result<Vec<u8>, ImportError> {
    let rows = table::read(bytes)?.rows;
    let (mut text, mut line) = (String::new(), 1);
    for row in rows {
        while line < row.number {
            text.push('\n');
            line += 1;
        }
        let cells = row
            .cells
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push('\n');
        line += 1;
    }
    Ok(text.into_bytes())
}

pub(super) fn plan(app: &App, actor: Actor, bytes: &[u8], wish: &Wish) -> Result<Report, ImportError> {
    let (plan, text) = plans::check(&app.store, bytes)?;
    let known = plans::all(&app.store)?.remove(&plan.id);
    let sizes = |plan: &Plan| {
        let sizes = json!({
            "communes": plan.scope.len(),
            "targets": plan.targets.len(),
            "unit_targets": plan.unit_targets.len(),
        });
        sizes.as_object().cloned().unwrap_or_default()
    };
    let what = match &known {
        None => What::Created,
        Some((_, body)) if *body == text => What::Unchanged,
        Some(_) => What::Changed,
    };
    let mut report = Report {
        changes: vec![Change {
            row: 0,
            what,
            id: plan.id.clone(),
            title: plan.title.get("vi").to_owned(),
            before: known.as_ref().map(|(plan, _)| sizes(plan)).unwrap_or_default(),
            after: sizes(&plan),
            like: Vec::new(),
        }],
        ..Report::default()
    };
    if report.may_apply(wish)? {
        plans::import(&app.store, app.clock.now(), actor, bytes)?;
        report.applied = true;
    }
    Ok(report)
}

/// `row_of` says on which row of its file a path of the form stands.
pub(super) fn form(
    app: &App,
    actor: Actor,
    bytes: &[u8],
    wish: &Wish,
    row_of: &dyn Fn(&str) -> usize,
) -> Result<Report, ImportError> {
    let checked = match forms::check(&app.store, bytes) {
        Ok(checked) => checked,
        Err(FormUnfit::Findings(findings)) => {
            let broken = findings
                .into_iter()
                .filter(|finding| finding.severity == Severity::Error);
            let errors = broken.map(|finding| RowError {
                row: row_of(&finding.path),
                column: finding.path,
                code: finding.code,
                message: finding.message,
            });
            let report = Report {
                errors: errors.collect(),
                ..Report::default()
            };
            // There is no part of a form to be taken.
            let whole = Wish {
                partial: false,
                ..wish.clone()
            };
            report.may_apply(&whole)?;
            return Ok(report);
        }
        Err(error) => return Err(error.into()),
    };
    let known = app
        .catalog()?
        .form(&checked.form_id)
        .map(schemas::form::Form::version);
    let version = |version: Option<u32>| {
        let version = version.map(|version| ("version".to_owned(), Value::from(version)));
        version.into_iter().collect::<Map<_, _>>()
    };
    let what = match (checked.unchanged, known) {
        (true, _) => What::Unchanged,
        (false, None) => What::Created,
        (false, Some(_)) => What::Changed,
    };
    let mut report = Report {
        changes: vec![Change {
            row: 0,
            what,
            id: format!("{}@{}", checked.form_id, checked.version),
            title: checked.form_id.clone(),
            before: version(known),
            after: version(Some(checked.version)),
            like: Vec::new(),
        }],
        ..Report::default()
    };
    if report.may_apply(wish)? {
        let done = forms::import(&app.store, app.clock.now(), actor, bytes)?;
        if done.embedded {
            rebuild::rebuild(app).map_err(|error| StoreError::Internal(error.to_string()))?;
        }
        report.applied = true;
    }
    Ok(report)
}
