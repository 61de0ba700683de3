//! Targets of single units (the plan's Phụ biểu 01 and 02), for a plan that is known: unit, target, perhaps the
//! comparison, value.

use schemas::plan::{Plan, Target, TargetOp};
use schemas::text::fold;
use serde_json::{Map, Value, json};

use super::table::{Heads, Row, head_key};
use super::{Change, ImportError, Report, RowError, What, Wish, table};
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::store::{PlanRow, PlanStore as _};
use crate::territory::plans::{self, PlanError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Unit,
    Target,
    Op,
    Value,
}

fn known(key: &str) -> Option<Column> {
    match key {
        "unit" | "don vi" | "xa" | "ten xa" | "ma xa" | "ma don vi" => Some(Column::Unit),
        "indicator" | "target" | "chi tieu" | "ma chi tieu" | "ten chi tieu" => Some(Column::Target),
        "op" | "so sanh" | "phep so sanh" | "dieu kien" => Some(Column::Op),
        "value" | "gia tri" | "ke hoach" | "so giao" | "chi tieu giao" => Some(Column::Value),
        _ => None,
    }
}

pub(super) fn targets(app: &App, actor: Actor, bytes: &[u8], wish: &Wish) -> Result<Report, ImportError> {
    let table = table::read(bytes)?;
    let needed = [Column::Unit, Column::Target, Column::Value];
    let heads = Heads::find(&table, known)
        .filter(|heads| needed.iter().all(|column| heads.place(*column).is_some()))
        .ok_or_else(|| ImportError::Heads("Đơn vị, Chỉ tiêu, Giá trị".to_owned()))?;
    let mut plans = plans::all(&app.store)?;
    let id = match &wish.plan {
        Some(id) => id.clone(),
        None => plans
            .values()
            .max_by_key(|(plan, _)| plan.year)
            .map(|(plan, _)| plan.id.clone())
            .unwrap_or_default(),
    };
    let unknown = || PlanError::Unfit(id.clone());
    let (plan, body) = plans.remove(&id).ok_or_else(unknown)?;
    let mut report = Report {
        ignored: heads.unknown.clone(),
        ..Report::default()
    };
    let mut asked: Vec<(String, String, f64)> = Vec::new();
    for row in table.rows.iter().skip(heads.at + 1) {
        match read(&plan, &heads, row) {
            Ok((target, unit, value)) => {
                if asked.iter().any(|(t, u, _)| *t == target && *u == unit) {
                    let column = heads.written(Column::Target);
                    report
                        .errors
                        .push(RowError::new(row.number, column, "target_repeated", &target));
                    continue;
                }
                report
                    .changes
                    .push(change(&plan, row.number, &target, &unit, value));
                asked.push((target, unit, value));
            }
            Err(error) => report.errors.push(error),
        }
    }
    if report.may_apply(wish)? {
        let body = with_targets(&body, &asked).ok_or_else(unknown)?;
        let audit = AuditEntry::new(app.clock.now(), actor, Action::PlanImport, format!("plan:{id}"))
            .with("file", wish.name.as_str())
            .with("unit_targets", asked.len());
        app.store.put_plan(&PlanRow { id, body }, audit)?;
        report.applied = true;
    }
    Ok(report)
}

fn read(plan: &Plan, heads: &Heads<Column>, row: &Row) -> Result<(String, String, f64), RowError> {
    let cell = |column| heads.cell(row, column);
    let refused = |column, code| RowError::new(row.number, heads.written(column), code, cell(column));
    let unit = unit(plan, cell(Column::Unit)).map_err(|code| refused(Column::Unit, code))?;
    let target =
        target(plan, cell(Column::Target)).ok_or_else(|| refused(Column::Target, "target_unknown"))?;
    let op = cell(Column::Op);
    if !op.is_empty() && self::op(op) != Some(target.op) {
        return Err(refused(Column::Op, "op_differs"));
    }
    let value = number(cell(Column::Value)).ok_or_else(|| refused(Column::Value, "value_malformed"))?;
    Ok((target.id.clone(), unit, value))
}

/// A unit of the plan, by its code or name then, or by its id.
fn unit(plan: &Plan, text: &str) -> Result<String, &'static str> {
    let name = |text: &str| {
        let key = fold(text);
        key.strip_prefix("xa ").unwrap_or(&key).to_owned()
    };
    let exact = plan.scope.iter().filter(|scope| {
        scope.unit_id == text
            || scope.official_code == text
            || text.to_lowercase().trim_start_matches("xã ") == scope.name.to_lowercase()
    });
    let alike = plan.scope.iter().filter(|scope| name(&scope.name) == name(text));
    let mut found: Vec<_> = exact.collect();
    if found.is_empty() {
        found = alike.collect();
    }
    match found[..] {
        [one] => Ok(one.unit_id.clone()),
        [] => Err("plan_unit_unknown"),
        _ => Err("plan_unit_ambiguous"),
    }
}

/// A target by its id, its indicator or its name.
fn target<'a>(plan: &'a Plan, text: &str) -> Option<&'a Target> {
    let key = head_key(text);
    let named = |target: &&Target| {
        target.id.eq_ignore_ascii_case(text)
            || target.indicator == text
            || target.label.iter().any(|(_, name)| head_key(name) == key)
    };
    plan.targets.iter().find(named)
}

fn op(text: &str) -> Option<TargetOp> {
    match fold(text).as_str() {
        ">=" | "≥" | "at_least" | "toi thieu" | "it nhat" => Some(TargetOp::AtLeast),
        "<=" | "≤" | "at_most" | "toi da" | "khong qua" => Some(TargetOp::AtMost),
        "between" | "trong khoang" => Some(TargetOp::Between),
        "~" | "about" | "khoang" => Some(TargetOp::About),
        "is_true" | "dat" => Some(TargetOp::IsTrue),
        "report" | "bao cao" => Some(TargetOp::Report),
        _ => None,
    }
}

/// A number with a decimal comma or point, perhaps with a percent sign.
fn number(text: &str) -> Option<f64> {
    let text = text.trim_end_matches('%').trim().replace(',', ".");
    let number: f64 = text.parse().ok()?;
    (number.is_finite() && (0.0..=1e12).contains(&number)).then_some(number)
}

fn change(plan: &Plan, row: usize, target: &str, unit: &str, value: f64) -> Change {
    let known = plan
        .unit_targets
        .iter()
        .find(|known| known.target == target && known.unit_id == unit);
    let (mut before, mut after) = (Map::new(), Map::new());
    let what = match known {
        Some(known) if known.value.total_cmp(&value).is_eq() => What::Unchanged,
        Some(known) => {
            before.insert("value".to_owned(), json!(known.value));
            What::Changed
        }
        None => What::Created,
    };
    if what != What::Unchanged {
        after.insert("value".to_owned(), json!(value));
    }
    let name = plan
        .scope
        .iter()
        .find(|scope| scope.unit_id == unit)
        .map_or("", |scope| &scope.name);
    Change {
        row,
        what,
        id: format!("{}/{target}/{unit}", plan.id),
        title: format!("{target} {name}"),
        before,
        after,
        like: Vec::new(),
    }
}

/// The plan's file with these targets of units in it; everything else as it was written.
fn with_targets(body: &str, asked: &[(String, String, f64)]) -> Option<String> {
    let mut file: Value = serde_json::from_str(body).ok()?;
    let kept = file.get_mut("unit_targets")?.as_array_mut()?;
    for (target, unit, value) in asked {
        kept.retain(|known| known["target"] != target.as_str() || known["unit_id"] != unit.as_str());
        kept.push(json!({"target": target, "unit_id": unit, "value": value}));
    }
    serde_json::to_string_pretty(&file).ok()
}
