//! From a tree of parsed rows to a form: the arena, the scopes, the order; and a form whose
//! repeats hold the rows of other forms.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::form::limits::{REPEAT_DEPTH_MAX, SURVEY_ROWS_MAX};
use crate::form::{
    Body, ChoiceList, Field, Form, Item, ItemId, Label, ROOT, Scope, ScopeId, Section, Settings,
};

/// A parsed row with what stands inside it.
#[derive(Debug, Clone)]
pub(crate) enum Draft {
    Section(Box<Section>, Vec<Draft>),
    Field(Box<Field>),
}

impl Form {
    /// Lays the tree out and works out the order of evaluation. Of two items with one name in one
    /// scope the first keeps the name; the linter has told the author.
    pub(crate) fn build(
        title: Label,
        settings: Settings,
        lists: BTreeMap<String, Arc<ChoiceList>>,
        drafts: Vec<Draft>,
    ) -> Self {
        let root = Scope {
            repeat: None,
            parent: None,
            names: BTreeMap::new(),
        };
        let mut form = Self {
            title,
            settings,
            lists,
            items: Vec::new(),
            roots: Vec::new(),
            scopes: vec![root],
            order: Vec::new(),
            cyclic: Vec::new(),
        };
        form.roots = form.lay_out(drafts, None, ROOT, "");
        (form.order, form.cyclic) = form.work_out_order();
        form
    }

    fn lay_out(
        &mut self,
        drafts: Vec<Draft>,
        parent: Option<ItemId>,
        scope: ScopeId,
        prefix: &str,
    ) -> Vec<ItemId> {
        let mut ids = Vec::with_capacity(drafts.len());
        for draft in drafts {
            if self.items.len() >= SURVEY_ROWS_MAX {
                break;
            }
            let id = self.items.len();
            let (body, inside) = match draft {
                Draft::Field(field) => (Body::Field(field), Vec::new()),
                Draft::Section(section, inside) => (Body::Section(section), inside),
            };
            let item = Item {
                schema_path: String::new(),
                parent,
                scope,
                body,
            };
            let schema_path = format!("{prefix}{}", item.name());
            self.scopes[scope]
                .names
                .entry(item.name().to_owned())
                .or_insert(id);
            self.items.push(Item {
                schema_path: schema_path.clone(),
                ..item
            });
            ids.push(id);
            self.open_section(id, inside, scope, prefix, &schema_path);
        }
        ids
    }

    fn open_section(
        &mut self,
        id: ItemId,
        inside: Vec<Draft>,
        outer: ScopeId,
        prefix: &str,
        schema_path: &str,
    ) {
        let Some(section) = self.items[id].section() else {
            return;
        };
        let (scope, children) = if section.is_repeat() {
            let scope = self.scopes.len();
            self.scopes.push(Scope {
                repeat: Some(id),
                parent: Some(outer),
                names: BTreeMap::new(),
            });
            (
                Some(scope),
                self.lay_out(inside, Some(id), scope, &format!("{schema_path}/")),
            )
        } else {
            (None, self.lay_out(inside, Some(id), outer, prefix))
        };
        if let Body::Section(section) = &mut self.items[id].body {
            section.scope = scope;
            section.children = children;
        }
    }

    /// The same form with every repeat that names another form holding that form's questions.
    /// Repeats whose form is not there stay empty. `find` gives the form as its file says it.
    pub fn expanded<'a>(&'a self, find: &dyn Fn(&str) -> Option<&'a Form>) -> Self {
        let drafts = self.drafts(&self.roots, find, 0);
        Self::build(
            self.title.clone(),
            self.settings.clone(),
            self.lists.clone(),
            drafts,
        )
    }

    fn drafts<'a>(
        &'a self,
        ids: &[ItemId],
        find: &dyn Fn(&str) -> Option<&'a Form>,
        depth: usize,
    ) -> Vec<Draft> {
        ids.iter()
            .map(|id| match &self.items[*id].body {
                Body::Field(field) => Draft::Field(field.clone()),
                Body::Section(section) => {
                    let inside = match section.row_form() {
                        Some(name) if depth < REPEAT_DEPTH_MAX => match find(name) {
                            Some(form) => form.drafts(&form.roots, find, depth + 1),
                            None => Vec::new(),
                        },
                        Some(_) => Vec::new(),
                        None => {
                            let deeper = depth + usize::from(section.is_repeat());
                            self.drafts(&section.children, find, deeper)
                        }
                    };
                    Draft::Section(section.clone(), inside)
                }
            })
            .collect()
    }
}
