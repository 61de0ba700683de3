//! Where the names in expressions point, and what depends on what.

use crate::expr::{Ast, Expr};
use crate::form::{Form, ItemId, ScopeId};

/// What a name means from where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// An item of the same row (`up` = 0) or of a row `up` repeats further out.
    Here { item: ItemId, up: usize },
    /// A field inside a repeat of the row `up` repeats further out: it stands for all its rows.
    Below { item: ItemId, up: usize },
}

impl Form {
    /// Looks a name up from a scope: outwards first, then inwards from each of these scopes.
    pub(crate) fn find(&self, scope: ScopeId, name: &str) -> Option<Found> {
        let scopes = self.scopes();
        let outwards = || std::iter::successors(Some(scope), |at| scopes[*at].parent);
        for (up, at) in outwards().enumerate() {
            if let Some(item) = scopes[at].names.get(name) {
                return Some(Found::Here { item: *item, up });
            }
        }
        for (up, at) in outwards().enumerate() {
            let inner = (at + 1..scopes.len()).filter(|inner| self.is_inside(*inner, at));
            for inner in inner {
                if let Some(item) = scopes[inner].names.get(name) {
                    return Some(Found::Below { item: *item, up });
                }
            }
        }
        None
    }

    /// True when the scope lies inside the other, however deep.
    pub(crate) fn is_inside(&self, scope: ScopeId, outer: ScopeId) -> bool {
        let mut above = std::iter::successors(self.scopes()[scope].parent, |at| self.scopes()[*at].parent);
        above.any(|at| at == outer)
    }

    /// The scope in which a predicate on `${name}` is read: that of the rows it filters.
    pub(crate) fn scope_of_rows(&self, scope: ScopeId, name: &str) -> Option<ScopeId> {
        let item = match self.find(scope, name)? {
            Found::Here { item, .. } | Found::Below { item, .. } => item,
        };
        let item = self.item(item);
        match item.section() {
            Some(section) => section.scope,
            None => Some(item.scope),
        }
    }

    /// Calls `seen` for every `${name}` of an expression with what it means, `None` for nothing.
    pub(crate) fn walk_names<'e>(
        &self,
        expr: &'e Expr,
        scope: ScopeId,
        seen: &mut dyn FnMut(&'e str, Option<Found>),
    ) {
        self.walk(expr.ast(), scope, seen);
    }

    fn walk<'e>(&self, ast: &'e Ast, scope: ScopeId, seen: &mut dyn FnMut(&'e str, Option<Found>)) {
        match ast {
            Ast::Name(name) | Ast::Lookup(name, _) => seen(name, self.find(scope, name)),
            Ast::Filter(name, predicate) => {
                seen(name, self.find(scope, name));
                if let Some(inner) = self.scope_of_rows(scope, name) {
                    self.walk(predicate, inner, seen);
                }
            }
            other => other.children(&mut |child| self.walk(child, scope, seen)),
        }
    }

    /// The items that must be worked out before this one: the section around it and every name in
    /// its relevance and calculation.
    pub(crate) fn dependencies(&self, id: ItemId) -> Vec<ItemId> {
        let item = self.item(id);
        let mut found: Vec<ItemId> = item.parent.into_iter().collect();
        for expr in [item.relevant(), item.calculation()].into_iter().flatten() {
            self.walk_names(expr, item.scope, &mut |_, target| match target {
                Some(Found::Here { item, .. } | Found::Below { item, .. }) => found.push(item),
                None => {}
            });
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
