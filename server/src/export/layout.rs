//! Which columns an export has: those of a form, in its order, then where the record comes from.
//!
//! In: every version of a form. Out: a main sheet and one for each repeat. Columns follow the newest version; what only
//! older versions ask stands after them, because records stay in the version they were written in.

use std::collections::BTreeSet;

use schemas::catalog::Catalog;
use schemas::form::{Body, Field, FieldKind, Form, ItemId, KeyForm, Pii};

/// The parts of a geopoint, a column each.
const GEOPOINT: [(&str, &str); 4] = [
    ("latitude", "vĩ độ"),
    ("longitude", "kinh độ"),
    ("altitude", "độ cao"),
    ("accuracy", "sai số"),
];

/// Everything that records of one kind have.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The id of the form.
    pub kind: String,
    /// The title of its newest version, in Vietnamese.
    pub title: String,
    /// One row for each record.
    pub main: Sheet,
    /// One row for each row of a repeat.
    pub repeats: Vec<Sheet>,
    /// The field that says when what the record tells of happened; none if only its arrival says so.
    pub period: Option<String>,
    /// The first geopoint outside every repeat.
    pub geopoint: Option<Geopoint>,
}

/// The field that says where a record is.
#[derive(Debug, Clone)]
pub struct Geopoint {
    /// Its path.
    pub path: String,
    /// True if it is personal.
    pub personal: bool,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The names of the repeats around its rows: `members`; empty for the main sheet.
    pub repeat: String,
    /// What people call it, in Vietnamese.
    pub label: String,
    /// In order.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Unique in its sheet: the field's path within the row, or `__` and what it says about the record.
    pub name: String,
    /// The question, in Vietnamese.
    pub label: String,
    /// Where its values come from.
    pub source: Source,
    /// What they are.
    pub kind: Kind,
    /// True if they are personal data.
    pub personal: bool,
}

/// Where a column's values come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// An answer.
    Field(Box<Field>),
    /// The n-th number of a geopoint.
    Geopoint(String, usize),
    /// The record itself.
    Meta(Meta),
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Whole numbers.
    Int,
    /// Decimal numbers.
    Decimal,
    /// True or false.
    Bool,
    /// Days.
    Date,
    /// Moments.
    Moment,
}

macro_rules! meta {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $kind:ident, $label:literal;)*) => {
        /// What a column says about the record itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Meta { $($(#[$doc])* $name,)* }

        impl Meta {
            /// Every one, in the order of columns.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name of the column.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }

            /// The key of its words in `server/messages`.
            const fn words(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }
    };
}

meta! {
    /// Its id.
    Id = "__id", Text, "export.id";
    /// The version of the form it is in.
    FormVersion = "__form_version", Int, "export.form_version";
    /// The official code of its unit.
    UnitCode = "__unit_code", Text, "export.unit_code";
    /// The name of its unit.
    Unit = "__unit", Text, "export.unit";
    /// The commune it lay in before 1 July 2025.
    OldCommune = "__old_commune", Text, "export.old_commune";
    /// Its review state.
    ReviewState = "__review_state", Text, "export.review_state";
    /// The record that stands for it since the two were merged.
    SameAs = "__same_as", Text, "export.same_as";
    /// Who wrote its first change.
    FirstAuthor = "__first_author", Text, "export.first_author";
    /// Who wrote its last change.
    LastAuthor = "__last_author", Text, "export.last_author";
    /// The device of the first change.
    FirstDevice = "__first_device", Text, "export.first_device";
    /// The device of the last change.
    LastDevice = "__last_device", Text, "export.last_device";
    /// When the first change was written, by the device's clock.
    FirstClaimed = "__first_claimed_at", Moment, "export.first_claimed_at";
    /// When the first change was received.
    FirstReceived = "__first_received_at", Moment, "export.first_received_at";
    /// When the last change was written, by the device's clock.
    LastClaimed = "__last_claimed_at", Moment, "export.last_claimed_at";
    /// When the last change was received.
    LastReceived = "__last_received_at", Moment, "export.last_received_at";
    /// On how many fields people disagree.
    Conflicts = "__conflicts_open", Int, "export.conflicts_open";
    /// How many rules its answers break.
    Findings = "__findings", Int, "export.findings";
    /// In a repeat: the record.
    RecordId = "__record_id", Text, "export.record_id";
    /// In a repeat: the row.
    RowId = "__row_id", Text, "export.row_id";
    /// In a repeat within a repeat: the row around it.
    ParentRowId = "__parent_row_id", Text, "export.parent_row_id";
}

impl Meta {
    /// True if it is about a row of a repeat.
    const fn is_of_row(self) -> bool {
        matches!(self, Self::RecordId | Self::RowId | Self::ParentRowId)
    }

    /// True if only the log says it.
    #[must_use]
    pub const fn is_of_log(self) -> bool {
        matches!(
            self,
            Self::FirstAuthor
                | Self::LastAuthor
                | Self::FirstDevice
                | Self::LastDevice
                | Self::FirstClaimed
                | Self::FirstReceived
                | Self::LastClaimed
                | Self::LastReceived
        )
    }

    fn column(self) -> Column {
        Column {
            name: self.name().to_owned(),
            label: crate::messages::words(crate::messages::Lang::Vi, self.words(), &[]),
            source: Source::Meta(self),
            kind: self.kind(),
            personal: false,
        }
    }
}

impl Layout {
    /// The layout of a kind of record; none if there is no such kind, or its questions stand inside another form.
    #[must_use]
    pub fn of(catalog: &Catalog, kind: &str) -> Option<Self> {
        let newest = catalog.record_forms().find(|form| form.form_id() == kind)?;
        let mut versions: Vec<&Form> = catalog.versions().filter(|form| form.form_id() == kind).collect();
        versions.reverse();
        let mut layout = Self {
            kind: kind.to_owned(),
            title: newest.title.get("vi").to_owned(),
            main: Sheet::new("", newest.title.get("vi")),
            repeats: Vec::new(),
            period: period(newest),
            geopoint: None,
        };
        for form in versions {
            layout.add(form, form.roots(), "");
        }
        layout.finish();
        Some(layout)
    }

    fn add(&mut self, form: &Form, ids: &[ItemId], repeat: &str) {
        for id in ids {
            match &form.item(*id).body {
                Body::Section(section) if section.is_repeat() => {
                    let inner = if repeat.is_empty() {
                        section.name.clone()
                    } else {
                        format!("{repeat}/{}", section.name)
                    };
                    if !self.repeats.iter().any(|sheet| sheet.repeat == inner) {
                        let label = section.label.get("vi");
                        let label = if label.is_empty() { &section.name } else { label };
                        self.repeats.push(Sheet::new(&inner, label));
                    }
                    self.add(form, &section.children, &inner);
                }
                Body::Section(section) => self.add(form, &section.children, repeat),
                Body::Field(field) if field.kind == FieldKind::Note => (),
                Body::Field(field) => self.field(field, repeat),
            }
        }
    }

    fn field(&mut self, field: &Field, repeat: &str) {
        let personal = field.pii != Pii::None;
        if field.kind == FieldKind::Geopoint && repeat.is_empty() && self.geopoint.is_none() {
            self.geopoint = Some(Geopoint {
                path: field.name.clone(),
                personal,
            });
        }
        let sheet = self.repeats.iter_mut().find(|sheet| sheet.repeat == repeat);
        let sheet = sheet.unwrap_or(&mut self.main);
        let known = sheet.columns.iter().any(|column| match &column.source {
            Source::Field(known) => known.name == field.name,
            Source::Geopoint(name, _) => *name == field.name,
            Source::Meta(_) => false,
        });
        if known {
            return;
        }
        let label = field.label.get("vi");
        let label = if label.is_empty() { &field.name } else { label };
        if field.kind == FieldKind::Geopoint {
            let parts = GEOPOINT.iter().enumerate();
            sheet.columns.extend(parts.map(|(at, (name, words))| Column {
                name: format!("{}_{name}", field.name),
                label: format!("{label} – {words}"),
                source: Source::Geopoint(field.name.clone(), at),
                kind: Kind::Decimal,
                personal,
            }));
            return;
        }
        sheet.columns.push(Column {
            name: field.name.clone(),
            label: label.to_owned(),
            source: Source::Field(Box::new(field.clone())),
            kind: kind(&field.kind),
            personal,
        });
    }

    /// Puts what is said of record and row around the answers, and makes heads unique.
    fn finish(&mut self) {
        let of_record = Meta::ALL.iter().filter(|meta| !meta.is_of_row());
        self.main.columns.extend(of_record.map(|meta| meta.column()));
        self.main.unique();
        for sheet in &mut self.repeats {
            let nested = sheet.repeat.contains('/');
            let keys = Meta::ALL.iter().filter(|meta| meta.is_of_row());
            let keys = keys.filter(|meta| nested || **meta != Meta::ParentRowId);
            let keys: Vec<Column> = keys.map(|meta| meta.column()).collect();
            sheet.columns.splice(0..0, keys);
            sheet.unique();
        }
    }

    /// The table of a repeat, or the main one for an empty name.
    #[must_use]
    pub fn sheet(&self, repeat: &str) -> Option<&Sheet> {
        if repeat.is_empty() {
            return Some(&self.main);
        }
        self.repeats.iter().find(|sheet| sheet.repeat == repeat)
    }
}

impl Sheet {
    fn new(repeat: &str, label: &str) -> Self {
        Self {
            repeat: repeat.to_owned(),
            label: label.to_owned(),
            columns: Vec::new(),
        }
    }

    /// Two questions with the same words are told apart by their names.
    fn unique(&mut self) {
        let mut seen = BTreeSet::new();
        for column in &mut self.columns {
            if !seen.insert(column.label.clone()) {
                column.label = format!("{} ({})", column.label, column.name);
                seen.insert(column.label.clone());
            }
        }
    }
}

const fn kind(kind: &FieldKind) -> Kind {
    match kind {
        FieldKind::Integer | FieldKind::Money => Kind::Int,
        FieldKind::Decimal => Kind::Decimal,
        FieldKind::Boolean => Kind::Bool,
        FieldKind::Date => Kind::Date,
        FieldKind::DateTime => Kind::Moment,
        FieldKind::Text
        | FieldKind::SelectOne(_)
        | FieldKind::SelectMultiple(_)
        | FieldKind::Geopoint
        | FieldKind::Image
        | FieldKind::File
        | FieldKind::Calculate
        | FieldKind::Note
        | FieldKind::Hidden
        | FieldKind::Reference(_) => Kind::Text,
    }
}

/// The field by which a record belongs to a period: the day that is part of its keys, or else the first day that has to
/// be answered whatever else is.
fn period(form: &Form) -> Option<String> {
    let settings = &form.settings;
    let keys = settings.strong_key.iter().chain(&settings.weak_keys).flatten();
    let days = keys.filter(|part| matches!(part.form, KeyForm::Day | KeyForm::Month | KeyForm::Year));
    let timed = |field: &Field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
    let named = days
        .map(|part| part.field.as_str())
        .find(|name| form.field(name).is_some_and(timed));
    let always = |field: &Field| {
        let required = field.required.as_ref();
        timed(field) && required.is_some_and(|rule| rule.source() == "true()")
    };
    let first = || {
        let outside = form.fields().filter(|(path, _)| !path.contains('/'));
        outside.map(|(_, field)| field).find(|field| always(field))
    };
    named
        .map(str::to_owned)
        .or_else(|| first().map(|field| field.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(kind: &str) -> Layout {
        Layout::of(Catalog::builtin(), kind).expect("a built-in form")
    }

    #[test]
    fn every_field_has_its_place_in_the_order_of_the_form() {
        let household = layout("household");
        let names: Vec<&str> = household
            .main
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        assert!(names.contains(&"gps_latitude") && !names.contains(&"gps"));
        let place = |name: &str| names.iter().position(|known| *known == name);
        assert!(place("head_name") < place("gps_latitude"));
        assert!(place("gps_latitude") < place("__id"));
        let members = household.sheet("members").expect("members");
        assert_eq!(members.columns[0].name, "__record_id");
        assert!(
            members
                .columns
                .iter()
                .any(|column| column.name == "full_name" && column.personal)
        );
        assert!(household.sheet("nobody").is_none());
        assert!(Layout::of(Catalog::builtin(), "household_member").is_none());
    }

    #[test]
    fn heads_are_unique_in_names_and_in_words() {
        for form in Catalog::builtin().record_forms() {
            let layout = layout(form.form_id());
            for sheet in std::iter::once(&layout.main).chain(&layout.repeats) {
                let names: BTreeSet<_> = sheet.columns.iter().map(|column| &column.name).collect();
                let labels: BTreeSet<_> = sheet.columns.iter().map(|column| &column.label).collect();
                assert_eq!(
                    names.len(),
                    sheet.columns.len(),
                    "{} {}",
                    layout.kind,
                    sheet.repeat
                );
                assert_eq!(
                    labels.len(),
                    sheet.columns.len(),
                    "{} {}",
                    layout.kind,
                    sheet.repeat
                );
            }
        }
    }

    #[test]
    fn a_visit_belongs_to_the_day_it_was_made() {
        for (kind, field) in [
            ("household_visit", Some("visited_at")),
            ("job_fair", Some("start_at")),
            ("job_fair_attendance", Some("checked_in_at")),
            ("support_measure", Some("provided_on")),
            ("household", None),
        ] {
            assert_eq!(layout(kind).period.as_deref(), field, "{kind}");
        }
    }
}
