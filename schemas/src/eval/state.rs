//! Visibility and calculated values, worked out item by item in the order of dependency.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::eval::Context;
use crate::eval::env::At;
use crate::eval::kind::{as_kind, ticked};
use crate::eval::rows::Rows;
use crate::expr::{Entry, Expr, RowRef, Value, evaluate};
use crate::form::limits::EVAL_STEPS_MAX;
use crate::form::{Body, Choice, Field, FieldKind, Form, Found, ItemId, ROOT, ScopeId};
use crate::path::outer_prefix;
use crate::value::Answers;

/// An evaluation under way.
pub(crate) struct State<'a> {
    pub(crate) form: &'a Form,
    pub(crate) answers: &'a Answers,
    pub(crate) context: &'a Context<'a>,
    pub(crate) rows: Rows,
    /// Rows of every scope with their positions, in scope order.
    pub(crate) instances: Vec<Rc<[(String, usize)]>>,
    pub(crate) visible: BTreeSet<String>,
    pub(crate) computed: Answers,
    steps: Cell<u32>,
}

impl<'a> State<'a> {
    pub(crate) fn new(form: &'a Form, answers: &'a Answers, context: &'a Context<'a>) -> Self {
        let rows = Rows::of(form, answers);
        let scopes = 0..form.scopes().len();
        let instances = scopes.map(|scope| rows.of_scope(form, scope).into()).collect();
        Self {
            form,
            answers,
            context,
            rows,
            instances,
            visible: BTreeSet::new(),
            computed: Answers::new(),
            steps: Cell::new(0),
        }
    }

    /// Works every item out, in every row it stands in.
    pub(crate) fn work_out(&mut self) {
        for id in self.form.order() {
            let instances = Rc::clone(&self.instances[self.form.item(*id).scope]);
            for (prefix, position) in instances.iter() {
                self.work_out_one(*id, prefix, *position);
            }
        }
    }

    fn work_out_one(&mut self, id: ItemId, prefix: &str, position: usize) {
        let item = self.form.item(id);
        let path = format!("{prefix}{}", item.name());
        let stored = || self.answers.get(&path).map_or(Value::Blank, Value::from);
        let at = || At::new(self, item.scope, prefix, position, stored());
        let asked = self.parent_is_visible(id, prefix)
            && item
                .relevant()
                .is_none_or(|relevant| evaluate(relevant, &at()).truth());
        if !asked {
            return;
        }
        let computed = match &item.body {
            Body::Field(field) if field.kind == FieldKind::Calculate || stored().is_blank() => {
                let worth = field.calculation.as_ref().map(|expr| evaluate(expr, &at()));
                worth.and_then(|worth| as_kind(&worth, &field.kind))
            }
            _ => None,
        };
        if let Some(value) = computed {
            self.computed.insert(path.clone(), value);
        }
        self.visible.insert(path);
    }

    /// True when the section around the item is asked. The section of a repeat's rows stands one
    /// row further out than what is inside it.
    fn parent_is_visible(&self, id: ItemId, prefix: &str) -> bool {
        let item = self.form.item(id);
        let Some(parent) = item.parent else { return true };
        let section = self.form.item(parent);
        let prefix = if section.scope == item.scope {
            prefix
        } else {
            outer_prefix(prefix)
        };
        self.visible.contains(&format!("{prefix}{}", section.name()))
    }

    /// The worth of `${name}` from a row.
    pub(crate) fn named(&self, name: &str, scope: ScopeId, prefix: &str) -> Value {
        match self.form.find(scope, name) {
            None => Value::Blank,
            Some(Found::Here { item, up }) => {
                let prefix = (0..up).fold(prefix, |prefix, _| outer_prefix(prefix));
                self.worth_of(item, prefix)
            }
            Some(Found::Below { item, up }) => {
                let prefix = (0..up).fold(prefix, |prefix, _| outer_prefix(prefix));
                Value::Nodes(self.entries_below(item, prefix))
            }
        }
    }

    /// A field's value, or the rows of a repeat, in the row with this prefix.
    pub(crate) fn worth_of(&self, id: ItemId, prefix: &str) -> Value {
        let item = self.form.item(id);
        let path = format!("{prefix}{}", item.name());
        if !self.visible.contains(&path) {
            return Value::Blank;
        }
        match &item.body {
            Body::Field(field) => self.answer(field, &path),
            Body::Section(section) => match section.scope {
                Some(scope) => {
                    let rows = self.rows.below(self.form, scope, prefix).into_iter();
                    let whole = |(prefix, position)| Entry {
                        row: RowRef {
                            scope,
                            prefix,
                            position,
                        },
                        value: Value::Blank,
                    };
                    Value::Nodes(rows.take_while(|_| self.spend()).map(whole).collect())
                }
                None => Value::Blank,
            },
        }
    }

    /// What counts as the answer of a visible field: what is stored, else what was worked out.
    pub(crate) fn answer(&self, field: &Field, path: &str) -> Value {
        match &field.kind {
            FieldKind::SelectMultiple(_) => {
                let ticked = ticked(self.answers, field, path);
                Value::text(ticked.join(" "))
            }
            FieldKind::Calculate => self.computed.get(path).map_or(Value::Blank, Value::from),
            _ => {
                let stored = self.answers.get(path).filter(|value| !value.is_blank());
                stored
                    .or_else(|| self.computed.get(path))
                    .map_or(Value::Blank, Value::from)
            }
        }
    }

    /// One entry per row below in which the field is asked.
    fn entries_below(&self, id: ItemId, prefix: &str) -> Vec<Entry> {
        let item = self.form.item(id);
        let rows = &self.instances[item.scope];
        let start = rows.partition_point(|(row, _)| row.as_str() < prefix);
        let rows = rows[start..]
            .iter()
            .take_while(|(row, _)| row.starts_with(prefix));
        let asked = rows.filter(|(row, _)| self.visible.contains(&format!("{row}{}", item.name())));
        let entry = |(row, position): &(String, usize)| Entry {
            row: RowRef {
                scope: item.scope,
                prefix: row.clone(),
                position: *position,
            },
            value: self.worth_of(id, row),
        };
        asked.take_while(|_| self.spend()).map(entry).collect()
    }

    /// Whether the choice filter of a field lets this choice through.
    pub(crate) fn offers(&self, field: &Field, choice: &Choice, scope: ScopeId, prefix: &str) -> bool {
        let Some(filter) = &field.choice_filter else {
            return true;
        };
        let position = self.position_of(scope, prefix);
        let at = At::new(self, scope, prefix, position, Value::Blank).with_choice(choice);
        evaluate(filter, &at).truth()
    }

    /// Whether an expression holds at a place where `.` is this value.
    pub(crate) fn holds(&self, expr: &Expr, scope: ScopeId, prefix: &str, this: Value) -> bool {
        let position = self.position_of(scope, prefix);
        evaluate(expr, &At::new(self, scope, prefix, position, this)).truth()
    }

    fn position_of(&self, scope: ScopeId, prefix: &str) -> usize {
        if scope == ROOT {
            return 0;
        }
        self.row(scope, prefix).unwrap_or(0)
    }

    /// The position of a row among those of its repeat; `None` when there is no such row. Rows of a
    /// scope stand in the order of their prefixes, because answers do.
    pub(crate) fn row(&self, scope: ScopeId, prefix: &str) -> Option<usize> {
        let rows = &self.instances[scope];
        let at = rows.binary_search_by(|(row, _)| row.as_str().cmp(prefix)).ok()?;
        Some(rows[at].1)
    }

    /// Counts a step; false when there are none left.
    pub(crate) fn spend(&self) -> bool {
        let steps = self.steps.get().saturating_add(1);
        self.steps.set(steps);
        steps <= EVAL_STEPS_MAX
    }

    /// True when the evaluation ran out of steps.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.steps.get() > EVAL_STEPS_MAX
    }
}
