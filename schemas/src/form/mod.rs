//! The definition of a form: questions, sections, choice lists, and where each name points.
//!
//! A form is an arena of items in document order. Names live in scopes: the form itself is one,
//! every repeat opens another. `${x}` means the nearest `x` outwards; only when there is none does
//! it mean the values of a field inside a repeat further in.

mod build;
mod choice;
mod field;
mod label;
pub mod limits;
mod names;
mod order;
mod resolve;
mod section;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::choice::{Choice, ChoiceList};
pub use self::field::{ConflictRule, Field, FieldKey, FieldKind, Pii, Prefill, REFERENCE_DATA, Writer};
pub use self::label::Label;
pub use self::resolve::{Resolved, Target};
pub use self::section::{Section, SectionKind};
pub use self::settings::{KeyForm, KeyPart, Settings, Shared};

pub(crate) use self::build::Draft;
pub(crate) use self::names::Found;

use crate::expr::Expr;

/// The position of an item in its form, in document order.
pub type ItemId = usize;
/// The position of a scope in its form; [`ROOT`] is the form itself.
pub type ScopeId = usize;
/// The scope of names outside every repeat.
pub const ROOT: ScopeId = 0;

/// A section or a field, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Names of the repeats around it and its own: `members/full_name`.
    pub schema_path: String,
    /// The section around it.
    pub parent: Option<ItemId>,
    /// The scope its name lives in.
    pub scope: ScopeId,
    /// The section or field itself.
    pub body: Body,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A group or a repeat.
    Section(Box<Section>),
    /// A question.
    Field(Box<Field>),
}

impl Item {
    /// The item's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.body {
            Body::Section(section) => &section.name,
            Body::Field(field) => &field.name,
        }
    }

    /// The words shown for it.
    #[must_use]
    pub fn label(&self) -> &Label {
        match &self.body {
            Body::Section(section) => &section.label,
            Body::Field(field) => &field.label,
        }
    }

    /// When it is asked.
    #[must_use]
    pub fn relevant(&self) -> Option<&Expr> {
        match &self.body {
            Body::Section(section) => section.relevant.as_ref(),
            Body::Field(field) => field.relevant.as_ref(),
        }
    }

    /// The field, if it is one.
    #[must_use]
    pub fn field(&self) -> Option<&Field> {
        match &self.body {
            Body::Field(field) => Some(field),
            Body::Section(_) => None,
        }
    }

    /// The section, if it is one.
    #[must_use]
    pub fn section(&self) -> Option<&Section> {
        match &self.body {
            Body::Section(section) => Some(section),
            Body::Field(_) => None,
        }
    }

    /// What works out its value.
    pub(crate) fn calculation(&self) -> Option<&Expr> {
        self.field().and_then(|field| field.calculation.as_ref())
    }
}

/// The names that live together: those of the form, or those of one repeat's rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scope {
    /// The repeat that opens the scope; none for the form itself.
    pub(crate) repeat: Option<ItemId>,
    /// The scope around it.
    pub(crate) parent: Option<ScopeId>,
    /// Where each name points.
    pub(crate) names: BTreeMap<String, ItemId>,
}

/// A form, ready to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The form's title.
    pub title: Label,
    /// What it says about itself.
    pub settings: Settings,
    lists: BTreeMap<String, Arc<ChoiceList>>,
    items: Vec<Item>,
    roots: Vec<ItemId>,
    scopes: Vec<Scope>,
    order: Vec<ItemId>,
    cyclic: Vec<ItemId>,
}

impl Form {
    /// The form's name.
    #[must_use]
    pub fn form_id(&self) -> &str {
        self.settings.form_id.as_str()
    }

    /// The form's version.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.settings.version
    }

    /// What stands at the top, in order.
    #[must_use]
    pub fn roots(&self) -> &[ItemId] {
        &self.roots
    }

    /// One item. The ids come from this form, so it is there.
    #[must_use]
    pub fn item(&self, id: ItemId) -> &Item {
        &self.items[id]
    }

    /// All items in document order.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// All fields in document order with their schema paths.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.items
            .iter()
            .filter_map(|item| Some((item.schema_path.as_str(), item.field()?)))
    }

    /// The choice lists of the file, by name.
    #[must_use]
    pub fn lists(&self) -> &BTreeMap<String, Arc<ChoiceList>> {
        &self.lists
    }

    /// A field outside every repeat, by name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let id = *self.scopes[ROOT].names.get(name)?;
        self.items[id].field()
    }

    /// Whether the item with this schema path exists; `members/full_name`, `members`.
    #[must_use]
    pub fn by_schema_path(&self, schema_path: &str) -> Option<&Item> {
        let mut scope = ROOT;
        let (sections, name) = match schema_path.rsplit_once('/') {
            Some((sections, name)) => (sections, name),
            None => ("", schema_path),
        };
        for repeat in sections.split('/').filter(|part| !part.is_empty()) {
            let id = *self.scopes[scope].names.get(repeat)?;
            scope = self.items[id].section()?.scope?;
        }
        Some(&self.items[*self.scopes[scope].names.get(name)?])
    }

    /// Items in an order in which everything stands after what it depends on.
    pub(crate) fn order(&self) -> &[ItemId] {
        &self.order
    }

    /// Items whose calculation or relevance depends on itself.
    pub(crate) fn cyclic(&self) -> &[ItemId] {
        &self.cyclic
    }

    pub(crate) fn scopes(&self) -> &[Scope] {
        &self.scopes
    }
}
