//! What holds questions together: groups, and repeats with their rows.

use crate::expr::Expr;
use crate::form::{ItemId, Label, ScopeId};

/// A group or a repeat.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The name; a part of paths for repeats, only a heading for groups.
    pub name: String,
    /// Group or repeat.
    pub kind: SectionKind,
    /// The heading.
    pub label: Label,
    /// Help under the heading.
    pub hint: Label,
    /// When the section is shown at all.
    pub relevant: Option<Expr>,
    /// For repeats: when at least one row must be there.
    pub required: Option<Expr>,
    /// For repeats: what all rows together must satisfy.
    pub constraint: Option<Expr>,
    /// What to say when the constraint does not hold.
    pub constraint_message: Label,
    /// What is inside, in order.
    pub children: Vec<ItemId>,
    /// For repeats: the scope of the names inside a row.
    pub scope: Option<ScopeId>,
}

/// Group or repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SectionKind {
    /// Asked once; its name is no part of a path.
    Group,
    /// Asked once per row.
    Repeat {
        /// The form whose questions are the rows', when the repeat takes another form's.
        form: Option<String>,
    },
}

impl Section {
    /// A section that says nothing else.
    #[must_use]
    pub fn new(name: &str, kind: SectionKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            label: Label::default(),
            hint: Label::default(),
            relevant: None,
            required: None,
            constraint: None,
            constraint_message: Label::default(),
            children: Vec::new(),
            scope: None,
        }
    }

    /// True for a repeat.
    #[must_use]
    pub fn is_repeat(&self) -> bool {
        matches!(self.kind, SectionKind::Repeat { .. })
    }

    /// The form whose rows the repeat takes.
    #[must_use]
    pub fn row_form(&self) -> Option<&str> {
        match &self.kind {
            SectionKind::Repeat { form } => form.as_deref(),
            SectionKind::Group => None,
        }
    }
}
