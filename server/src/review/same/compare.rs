//! Two records side by side.

use std::collections::BTreeSet;

use schemas::form::Form;
use schemas::likeness::{Likeness, likeness, same_people};
use schemas::path::{FieldPath, PathClass, REMOVED, path_class};
use schemas::value::{Answers, Scalar};
use sync_core::id::RecordId;
use sync_core::record::Record;

use crate::app::App;
use crate::review::{Desk, ReviewError};
use crate::store::User;
use crate::store::record::RecordView;

/// What was said of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing yet.
    Proposed,
    /// They are one.
    Merged,
    /// They are not.
    Dismissed,
}

impl Standing {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Merged => "merged",
            Self::Dismissed => "dismissed",
        }
    }
}

/// One field of both.
#[derive(Debug, Clone)]
pub struct FieldPair {
    /// The field.
    pub path: String,
    /// Its label in Vietnamese.
    pub label: String,
    /// The answer of the first.
    pub first: Option<Scalar>,
    /// The answer of the second.
    pub second: Option<Scalar>,
}

/// A person of one of them or of both.
#[derive(Debug, Clone)]
pub struct PersonPair {
    /// The row in the first.
    pub first: Option<String>,
    /// The row in the second.
    pub second: Option<String>,
    /// The name.
    pub name: String,
}

/// Two records side by side.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The first with its document.
    pub first: (RecordView, Record),
    /// The second with its document.
    pub second: (RecordView, Record),
    /// How alike they are.
    pub likeness: Likeness,
    /// Fields outside of rows that one of them answers, in the form's order.
    pub fields: Vec<FieldPair>,
    /// The people in their rows.
    pub people: Vec<PersonPair>,
    /// What was said of them.
    pub standing: Standing,
}

/// Puts two records side by side. Blocks.
///
/// # Errors
/// When the person may not, one is not within reach, or they are of different kinds.
pub fn compare(
    app: &App,
    user: &User,
    (first, second): (RecordId, RecordId),
) -> Result<Comparison, ReviewError> {
    let desk = Desk::of(app, user)?;
    let (first, second) = (desk.find(first)?, desk.find(second)?);
    let catalog = app.catalog()?;
    let form = catalog
        .form(&first.0.kind)
        .filter(|_| first.0.kind == second.0.kind)
        .ok_or(ReviewError::PairUnfit)?;
    let (ours, theirs) = (first.1.answers(), second.1.answers());
    let keyed = !first
        .0
        .weak_keys
        .iter()
        .all(|key| !second.0.weak_keys.contains(key));
    let standing = if first.0.same_as == Some(second.0.id) || second.0.same_as == Some(first.0.id) {
        Standing::Merged
    } else if first.0.not_same.contains(&second.0.id) || second.0.not_same.contains(&first.0.id) {
        Standing::Dismissed
    } else {
        Standing::Proposed
    };
    Ok(Comparison {
        likeness: likeness(form, &ours, &theirs, keyed),
        fields: fields(form, &ours, &theirs),
        people: people(&ours, &theirs),
        standing,
        first,
        second,
    })
}

fn fields(form: &Form, ours: &Answers, theirs: &Answers) -> Vec<FieldPair> {
    let mut left: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    left.retain(|path| {
        path_class(path) == PathClass::Field
            && FieldPath::parse(path).is_some_and(|field| field.rows.is_empty())
    });
    let mut pairs = Vec::new();
    for (name, field) in form.fields() {
        let of_field = |path: &&&String| {
            path.as_str() == name || path.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
        };
        let paths: Vec<&String> = left.iter().filter(of_field).copied().collect();
        for path in paths {
            pairs.push(FieldPair {
                path: path.clone(),
                label: field.label.get("vi").to_owned(),
                first: ours.get(path).cloned(),
                second: theirs.get(path).cloned(),
            });
        }
    }
    pairs
}

fn people(ours: &Answers, theirs: &Answers) -> Vec<PersonPair> {
    let both = same_people(ours, theirs);
    let (mine, yours) = (names(ours), names(theirs));
    let name = |names: &[(String, String)], row: &str| {
        let named = names.iter().find(|(known, _)| known == row);
        named.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let mut people: Vec<PersonPair> = both
        .iter()
        .map(|(first, second)| PersonPair {
            name: name(&mine, first),
            first: Some(first.clone()),
            second: Some(second.clone()),
        })
        .collect();
    let alone = |row: &str| !both.iter().any(|(first, second)| first == row || second == row);
    people.extend(
        mine.iter()
            .filter(|(row, _)| alone(row))
            .map(|(row, name)| PersonPair {
                first: Some(row.clone()),
                second: None,
                name: name.clone(),
            }),
    );
    people.extend(
        yours
            .iter()
            .filter(|(row, _)| alone(row))
            .map(|(row, name)| PersonPair {
                first: None,
                second: Some(row.clone()),
                name: name.clone(),
            }),
    );
    people
}

/// Rows that were not taken out, with the name of the person in each.
fn names(answers: &Answers) -> Vec<(String, String)> {
    let named = answers.iter().filter_map(|(path, value)| {
        let field = FieldPath::parse(path)?;
        let [step] = field.rows.as_slice() else {
            return None;
        };
        let removed = format!("{}/{}/{REMOVED}", step.repeat, step.row);
        let stands = answers.get(&removed) != Some(&Scalar::Bool(true));
        (field.leaf == "full_name" && stands).then(|| {
            (
                step.row.to_owned(),
                value.as_text().unwrap_or_default().to_owned(),
            )
        })
    });
    named.collect()
}
