//! One record on its way out: its answers with what the form works out, its rows, and where it comes from.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use schemas::catalog::Catalog;
use schemas::eval::{Context, compute};
use schemas::expr::{LOCAL_OFFSET, local_date};
use schemas::form::{Field, FieldKind, Form};
use schemas::message;
use schemas::path::{FieldPath, REMOVED};
use schemas::value::{Answers, Scalar};
use sync_core::chunk;
use sync_core::id::Actor;

use super::cell::Cell;
use super::layout::{Column, Meta, Source};
use crate::clock::moment;
use crate::review::Authors;
use crate::store::StoreError;
use crate::store::export::{ExportedRecord, Mark};
use crate::territory::Units;
use crate::view::ReferenceData;

/// The last day on which the communes of the plan stood as the plan names them.
const OLD_UNITS_UNTIL: Date = date(2025, 6, 30);
/// Where a merge says which record stands for this one.
const SAME_AS: &str = "review/same_as";

/// How records are shown.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Personal answers are hidden.
    pub masked: bool,
    /// Labels of choices and names of units in place of codes and ids.
    pub labels: bool,
    /// Whether what forms work out is worked out.
    pub computed: bool,
    /// The moment of the whole export: what a form works out from today is from this day.
    pub now: Timestamp,
}

/// Everything that showing records needs beside the records.
#[derive(Debug)]
pub struct Shelf<'a> {
    /// The forms.
    pub catalog: &'a Catalog,
    /// The units.
    pub units: &'a Units,
    /// Who the authors are.
    pub authors: &'a Authors,
    /// How to show.
    pub manner: Manner,
}

/// A record, ready to be shown.
#[derive(Debug)]
pub struct Shown<'a> {
    /// As stored.
    pub row: ExportedRecord,
    /// Its form.
    pub form: &'a Form,
    /// Its answers with what the form works out.
    pub answers: Answers,
    shelf: &'a Shelf<'a>,
    first: Wrote,
    last: Wrote,
}

/// Who wrote a change, where and when.
#[derive(Debug, Clone, Default)]
struct Wrote {
    author: String,
    device: String,
    claimed: Option<Timestamp>,
    received: Option<Timestamp>,
}

impl<'a> Shelf<'a> {
    /// Makes a record ready.
    ///
    /// # Errors
    /// When what is stored of it cannot be read.
    pub fn take(&'a self, kind: &str, row: ExportedRecord) -> Result<Shown<'a>, StoreError> {
        let damaged = |what: String| StoreError::Damaged(what);
        let mut answers: Answers =
            serde_json::from_str(&row.answers).map_err(|error| damaged(error.to_string()))?;
        let form = self.catalog.version_or_newest(kind, Some(row.form));
        let form = form.ok_or_else(|| damaged(format!("a record of no form: {kind}")))?;
        if self.manner.computed {
            let reference = ReferenceData(self.units);
            let context = Context::at(self.manner.now).with_lookup(&reference);
            answers.extend(compute(form, &answers, &context));
        }
        let first = row
            .first
            .as_ref()
            .map_or_else(Wrote::default, |mark| self.wrote(mark));
        let last = row
            .last
            .as_ref()
            .map_or_else(|| first.clone(), |mark| self.wrote(mark));
        Ok(Shown {
            row,
            form,
            answers,
            shelf: self,
            first,
            last,
        })
    }

    fn wrote(&self, mark: &Mark) -> Wrote {
        let received = Some(moment(mark.received_at_ms));
        let Ok((_, parts)) = chunk::open(&mark.bytes) else {
            return Wrote {
                received,
                ..Wrote::default()
            };
        };
        let author = Actor::from_slice(parts.actor).map(|actor| self.authors.of(actor));
        let (author, device) = author.map_or_else(Default::default, |author| (author.name, author.device));
        Wrote {
            author,
            device: device.unwrap_or_default(),
            claimed: Some(moment(parts.time_s.saturating_mul(1000))),
            received,
        }
    }
}

impl Shown<'_> {
    /// The day by which the record belongs to a period.
    #[must_use]
    pub fn day(&self, period: Option<&str>) -> Option<Date> {
        match period {
            Some(field) => self
                .answers
                .get(field)
                .and_then(Scalar::as_text)
                .and_then(local_date),
            None => Some(LOCAL_OFFSET.to_datetime(moment(self.row.settled_at_ms)).date()),
        }
    }

    /// True if personal answers are hidden.
    #[must_use]
    pub fn is_masked(&self) -> bool {
        self.shelf.manner.masked
    }

    /// The value of a column in the row with this prefix: empty for the record itself.
    #[must_use]
    pub fn cell(&self, column: &Column, prefix: &str) -> Cell {
        let cell = match &column.source {
            Source::Meta(meta) => return self.meta(*meta, prefix),
            Source::Field(field) if field.kind.is_multiple() => self.ticked(field, prefix),
            Source::Field(field) => self.answer(field, column, prefix),
            Source::Geopoint(name, part) => self.geopoint(&format!("{prefix}{name}"), *part),
        };
        if column.personal && self.is_masked() && cell != Cell::Empty {
            Cell::Masked
        } else {
            cell
        }
    }

    fn answer(&self, field: &Field, column: &Column, prefix: &str) -> Cell {
        let stored = if prefix.is_empty() {
            self.answers.get(&field.name)
        } else {
            self.answers.get(&format!("{prefix}{}", field.name))
        };
        let Some(value) = stored else { return Cell::Empty };
        if !self.shelf.manner.labels {
            return Cell::of(value, column.kind);
        }
        match (value, &field.kind) {
            (Scalar::Bool(truth), _) => {
                Cell::text(message::text("vi", if *truth { "yes" } else { "no" }, &[]))
            }
            (Scalar::Text(code), FieldKind::SelectOne(_)) => {
                let list = field.choices.as_deref();
                Cell::text(list.map_or(code.as_str(), |list| list.label(code, "vi")))
            }
            (Scalar::Text(id), FieldKind::Reference(kind)) if kind == "admin_unit" => {
                let unit = self.shelf.units.tree().get(id);
                Cell::text(unit.map_or_else(|| id.clone(), schemas::unit::Unit::full_name))
            }
            _ => Cell::of(value, column.kind),
        }
    }

    /// What was ticked, in the order of the list: codes with spaces between them, as ODK writes them, or labels with
    /// semicolons.
    fn ticked(&self, field: &Field, prefix: &str) -> Cell {
        let path = format!("{prefix}{}/", field.name);
        let options = self.answers.range(path.clone()..);
        let options = options.take_while(|(key, _)| key.starts_with(&path));
        let mut names: Vec<&str> = options
            .filter(|(_, value)| **value == Scalar::Bool(true))
            .map(|(key, _)| &key[path.len()..])
            .collect();
        let list = field.choices.as_deref();
        let place = |name: &str| {
            let choices = list.map(|list| list.choices.as_slice()).unwrap_or_default();
            choices
                .iter()
                .position(|choice| choice.name == name)
                .unwrap_or(usize::MAX)
        };
        names.sort_by_key(|name| place(name));
        if !self.shelf.manner.labels {
            return Cell::text(names.join(" "));
        }
        let labels: Vec<&str> = names
            .into_iter()
            .map(|name| list.map_or(name, |list| list.label(name, "vi")))
            .collect();
        Cell::text(labels.join("; "))
    }

    fn geopoint(&self, path: &str, part: usize) -> Cell {
        let text = self
            .answers
            .get(path)
            .and_then(Scalar::as_text)
            .unwrap_or_default();
        let number = text
            .split_whitespace()
            .nth(part)
            .and_then(|word| word.parse::<f64>().ok());
        number
            .filter(|number| number.is_finite())
            .map_or(Cell::Empty, Cell::Decimal)
    }

    /// Longitude and latitude of a geopoint.
    #[must_use]
    pub fn point(&self, path: &str) -> Option<[f64; 2]> {
        match (self.geopoint(path, 1), self.geopoint(path, 0)) {
            (Cell::Decimal(longitude), Cell::Decimal(latitude)) => Some([longitude, latitude]),
            _ => None,
        }
    }

    fn meta(&self, meta: Meta, prefix: &str) -> Cell {
        let (units, unit) = (self.shelf.units, self.row.unit);
        let known = || unit.and_then(|unit| units.get(unit));
        let at = |time: Option<Timestamp>| time.map_or(Cell::Empty, Cell::Moment);
        match meta {
            Meta::Id | Meta::RecordId => Cell::Text(self.row.id.to_string()),
            Meta::FormVersion => Cell::Int(i64::from(self.row.form)),
            Meta::UnitCode => Cell::text(
                known()
                    .and_then(|unit| unit.official_code.clone())
                    .unwrap_or_default(),
            ),
            Meta::Unit => Cell::text(known().map(schemas::unit::Unit::full_name).unwrap_or_default()),
            Meta::OldCommune => Cell::text(self.old_commune().unwrap_or_default()),
            Meta::ReviewState => Cell::text(self.row.state.clone()),
            Meta::SameAs => self
                .answers
                .get(SAME_AS)
                .map_or(Cell::Empty, |id| Cell::of(id, super::layout::Kind::Text)),
            Meta::FirstAuthor => Cell::text(self.first.author.clone()),
            Meta::LastAuthor => Cell::text(self.last.author.clone()),
            Meta::FirstDevice => Cell::text(self.first.device.clone()),
            Meta::LastDevice => Cell::text(self.last.device.clone()),
            Meta::FirstClaimed => at(self.first.claimed),
            Meta::FirstReceived => at(self.first.received),
            Meta::LastClaimed => at(self.last.claimed),
            Meta::LastReceived => at(self.last.received),
            Meta::Conflicts => Cell::count(self.row.conflicts),
            Meta::Findings => Cell::count(self.row.findings),
            Meta::RowId => Cell::text(prefix.split('/').rev().nth(1).unwrap_or_default()),
            Meta::ParentRowId => Cell::text(prefix.split('/').rev().nth(3).unwrap_or_default()),
        }
    }

    fn old_commune(&self) -> Option<String> {
        let tree = self.shelf.units.tree();
        let commune = tree.commune_of(&self.row.unit?.to_string(), Some(OLD_UNITS_UNTIL))?;
        Some(commune.full_name())
    }

    /// The prefixes of the rows of every repeat, by its schema path, in path order. Rows that were taken out are not among
    /// them, with all they hold.
    #[must_use]
    pub fn rows(&self) -> BTreeMap<String, BTreeSet<&str>> {
        let mut rows: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let mut removed: Vec<&str> = Vec::new();
        for (path, value) in &self.answers {
            if !path.contains('/') {
                continue;
            }
            let Some(parsed) = FieldPath::parse(path) else {
                continue;
            };
            if parsed.leaf == REMOVED && *value == Scalar::Bool(true) {
                removed.push(&path[..parsed.prefix_len]);
            }
            let (mut end, mut repeat) = (0, String::new());
            for step in &parsed.rows {
                end += step.repeat.len() + step.row.len() + 2;
                if !repeat.is_empty() {
                    repeat.push('/');
                }
                repeat.push_str(step.repeat);
                match rows.get_mut(&repeat) {
                    Some(known) => {
                        known.insert(&path[..end]);
                    }
                    None => {
                        rows.insert(repeat.clone(), BTreeSet::from([&path[..end]]));
                    }
                }
            }
        }
        if !removed.is_empty() {
            for known in rows.values_mut() {
                known.retain(|row| !removed.iter().any(|gone| row.starts_with(gone)));
            }
        }
        rows
    }

    /// The answers for a nested view, masked where they have to be. Of paths that the form does not know, only those of the
    /// review go out while personal answers are hidden.
    #[must_use]
    pub fn nested(&self) -> serde_json::Value {
        if !self.is_masked() {
            return schemas::project::project(self.form, &self.answers);
        }
        let mut hidden = crate::review::masked(self.form, &self.answers);
        hidden
            .retain(|path, _| path == SAME_AS || path == "review/state" || self.form.resolve(path).is_some());
        schemas::project::project(self.form, &hidden)
    }
}
