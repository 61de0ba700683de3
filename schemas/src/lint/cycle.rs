//! Calculations and conditions that depend on themselves, each with the way round.

use std::collections::{BTreeMap, VecDeque};

use crate::finding::{Finding, Severity, code};
use crate::form::{Form, ItemId};

/// One finding for every item on a circle.
pub(super) fn cycles(form: &Form) -> Vec<Finding> {
    let found = form.cyclic().iter().map(|id| {
        let way: Vec<&str> = chain(form, *id)
            .into_iter()
            .map(|id| form.item(id).name())
            .collect();
        let item = form.item(*id);
        let params = [("field", item.name()), ("chain", &way.join(" → "))];
        Finding::new(&item.schema_path, code::FORM_CYCLE, Severity::Error, &params)
    });
    found.collect()
}

/// The way from an item back to itself, through items that stand on a circle.
fn chain(form: &Form, start: ItemId) -> Vec<ItemId> {
    let mut came_from = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in form.dependencies(at) {
            if next == start {
                let mut back = vec![start, at];
                let mut at = at;
                while at != start {
                    at = came_from[&at];
                    back.push(at);
                }
                back.reverse();
                return back;
            }
            if form.cyclic().contains(&next) && !came_from.contains_key(&next) {
                came_from.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    vec![start]
}
