//! The place where an expression stands during an evaluation.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::eval::state::State;
use crate::expr::{Entry, Env, Value};
use crate::form::{Choice, FieldKind, Found, ScopeId};

/// A row (or the record itself), with the value that `.` means.
pub(crate) struct At<'s, 'a> {
    state: &'s State<'a>,
    scope: ScopeId,
    prefix: &'s str,
    position: usize,
    this: Value,
    choice: Option<&'s Choice>,
}

impl<'s, 'a> At<'s, 'a> {
    pub(crate) fn new(
        state: &'s State<'a>,
        scope: ScopeId,
        prefix: &'s str,
        position: usize,
        this: Value,
    ) -> Self {
        Self {
            state,
            scope,
            prefix,
            position,
            this,
            choice: None,
        }
    }

    /// The same place while one choice of a list is being looked at.
    pub(crate) fn with_choice(self, choice: &'s Choice) -> Self {
        Self {
            choice: Some(choice),
            ..self
        }
    }
}

impl Env for At<'_, '_> {
    fn today(&self) -> Date {
        self.state.context.today
    }

    fn now(&self) -> Timestamp {
        self.state.context.now
    }

    fn value(&self, name: &str) -> Value {
        self.state.named(name, self.scope, self.prefix)
    }

    fn this(&self) -> Value {
        self.this.clone()
    }

    fn column(&self, name: &str) -> Value {
        let Some(choice) = self.choice else {
            return Value::Blank;
        };
        match choice.extra.get(name) {
            Some(value) => Value::from(value),
            None if name == "name" => Value::text(choice.name.as_str()),
            None => Value::Blank,
        }
    }

    fn position(&self) -> Option<usize> {
        (self.position > 0).then_some(self.position)
    }

    fn lookup(&self, name: &str, path: &str) -> Value {
        let item = match self.state.form.find(self.scope, name) {
            Some(Found::Here { item, .. }) => item,
            _ => return Value::Blank,
        };
        let Some(FieldKind::Reference(kind)) = self.state.form.item(item).field().map(|f| &f.kind) else {
            return Value::Blank;
        };
        let id = self.value(name).as_text();
        let found = self.state.context.lookup.value(kind, &id, path);
        found.as_ref().map_or(Value::Blank, Value::from)
    }

    fn inside(&self, entry: &Entry, test: &mut dyn FnMut(&dyn Env) -> bool) -> bool {
        test(&At {
            state: self.state,
            scope: entry.row.scope,
            prefix: &entry.row.prefix,
            position: entry.row.position,
            this: entry.value.clone(),
            choice: self.choice,
        })
    }

    fn spend(&self) -> bool {
        self.state.spend()
    }
}
