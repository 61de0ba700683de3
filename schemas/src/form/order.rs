//! The order in which a form is worked out, found once when it is read.

use std::collections::BTreeSet;

use crate::form::{Form, ItemId};

impl Form {
    /// Every item after what it depends on, earliest in the document first; and the items that
    /// stand on a cycle. Those that a cycle blocks come last in document order: the form is wrong,
    /// but every replica must still say the same about its records.
    pub(super) fn work_out_order(&self) -> (Vec<ItemId>, Vec<ItemId>) {
        let count = self.items().len();
        let needs: Vec<Vec<ItemId>> = (0..count).map(|id| self.dependencies(id)).collect();
        let mut needed_by = vec![Vec::new(); count];
        let mut open: Vec<usize> = needs.iter().map(Vec::len).collect();
        for (id, needs) in needs.iter().enumerate() {
            for need in needs {
                needed_by[*need].push(id);
            }
        }
        let mut ready: BTreeSet<ItemId> = (0..count).filter(|id| open[*id] == 0).collect();
        let mut order = Vec::with_capacity(count);
        while let Some(id) = ready.pop_first() {
            order.push(id);
            for after in &needed_by[id] {
                open[*after] -= 1;
                if open[*after] == 0 {
                    ready.insert(*after);
                }
            }
        }
        let blocked: BTreeSet<ItemId> = (0..count).filter(|id| open[*id] > 0).collect();
        order.extend(&blocked);
        let cyclic = blocked
            .iter()
            .copied()
            .filter(|id| reaches(&needs, *id))
            .collect();
        (order, cyclic)
    }
}

/// True when an item depends on itself, through whatever chain.
fn reaches(needs: &[Vec<ItemId>], start: ItemId) -> bool {
    let mut seen = BTreeSet::new();
    let mut stack: Vec<ItemId> = needs[start].clone();
    while let Some(id) = stack.pop() {
        if id == start {
            return true;
        }
        if seen.insert(id) {
            stack.extend(&needs[id]);
        }
    }
    false
}
