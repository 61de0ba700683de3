//! From a path of a record to what the form says about it: map look-ups only, because sync asks
//! for every path of every change.

use crate::form::{Body, ConflictRule, Field, Form, ItemId, ROOT, Section};
use crate::path::{FieldPath, REMOVED, RowStep};

/// What a path points at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target<'a> {
    /// A field's answer.
    Field(&'a Field),
    /// One option of a multiple choice. The list need not know it: a newer form may.
    Option(&'a Field, &'a str),
    /// The mark that takes a row out of this repeat.
    Removed(&'a Section),
}

/// A path of a record as the form sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved<'a> {
    /// What it points at.
    pub target: Target<'a>,
    /// The rows it goes through, outermost first.
    pub rows: Vec<RowStep<'a>>,
    /// The item in the form: the field, or the repeat of a removed row.
    pub item: ItemId,
    /// The part of the path before the leaf: `members/<uuid>/` or nothing.
    pub prefix: &'a str,
}

impl<'a> Resolved<'a> {
    /// The field, unless the path is the mark of a removed row.
    #[must_use]
    pub fn field(&self) -> Option<&'a Field> {
        match self.target {
            Target::Field(field) | Target::Option(field, _) => Some(field),
            Target::Removed(_) => None,
        }
    }
}

impl Form {
    /// True if a disagreement on this field needs somebody to decide (`conflict: review`); so does one on a field
    /// the form does not know.
    #[must_use]
    pub fn asks_for_review(&self, path: &str) -> bool {
        self.resolve(path)
            .and_then(|resolved| resolved.field().map(|field| field.conflict))
            .is_none_or(|rule| rule == ConflictRule::Review)
    }

    /// What the form says about a field path; `None` for paths the form does not know, and for
    /// system and review paths.
    #[must_use]
    pub fn resolve<'a>(&'a self, path: &'a str) -> Option<Resolved<'a>> {
        let parsed = FieldPath::parse(path)?;
        let mut scope = ROOT;
        let mut repeat = None;
        for step in &parsed.rows {
            let id = *self.scopes()[scope].names.get(step.repeat)?;
            let section = self.item(id).section()?;
            scope = section.scope?;
            repeat = Some((id, section));
        }
        let prefix = &path[..parsed.prefix_len];
        if parsed.leaf == REMOVED {
            let (item, section) = repeat?;
            let target = Target::Removed(section);
            return Some(Resolved {
                target,
                rows: parsed.rows,
                item,
                prefix,
            });
        }
        let item = *self.scopes()[scope].names.get(parsed.leaf)?;
        let Body::Field(field) = &self.item(item).body else {
            return None;
        };
        let target = match parsed.option {
            Some(option) if field.kind.is_multiple() => Target::Option(field, option),
            Some(_) => return None,
            None => Target::Field(field),
        };
        Some(Resolved {
            target,
            rows: parsed.rows,
            item,
            prefix,
        })
    }
}
