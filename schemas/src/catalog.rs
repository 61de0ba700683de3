//! All forms that a machine knows, by name and version, with repeats holding the questions of the
//! forms they name.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::finding::Finding;
use crate::form::{Form, Item};
use crate::parse::{self, FormError};

/// The forms that come with the program. A form that is not in this list does not exist.
pub const BUILTIN: [(&str, &str); 10] = [
    ("household", include_str!("../forms/household.json")),
    ("household_member", include_str!("../forms/household_member.json")),
    ("household_visit", include_str!("../forms/household_visit.json")),
    ("job_fair", include_str!("../forms/job_fair.json")),
    (
        "job_fair_attendance",
        include_str!("../forms/job_fair_attendance.json"),
    ),
    ("labour_survey", include_str!("../forms/labour_survey.json")),
    ("vocational_class", include_str!("../forms/vocational_class.json")),
    (
        "vocational_enrolment",
        include_str!("../forms/vocational_enrolment.json"),
    ),
    ("support_measure", include_str!("../forms/support_measure.json")),
    (
        "commune_indicator",
        include_str!("../forms/commune_indicator.json"),
    ),
];

/// One version of a form: as its file says it, and with embedded forms filled in.
#[derive(Debug, Clone)]
struct Entry {
    plain: Form,
    expanded: Form,
}

/// Forms by name, then by version.
///
/// A repeat takes the newest version of the form it names. So the same set of forms gives the same
/// catalogue in whatever order they were added, and two machines with the same forms agree.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    forms: BTreeMap<String, BTreeMap<u32, Entry>>,
}

impl Catalog {
    /// A catalogue without forms.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The forms that come with the program. Read once per process.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| {
            let mut catalog = Self::new();
            for (_, text) in BUILTIN {
                // A built-in form that cannot be read fails this crate's tests, so it never ships.
                if let Ok((form, _)) = parse::parse(text) {
                    catalog.insert(form);
                }
            }
            catalog.expand_all();
            catalog
        })
    }

    /// Adds a version of a form, in place of the same version, and fills in embedded forms wherever
    /// they changed.
    pub fn add(&mut self, form: Form) {
        self.insert(form);
        self.expand_all();
    }

    /// Reads a form file and adds it. The findings are those of its rows and of the whole form
    /// among the others.
    ///
    /// # Errors
    /// When the text is not a form at all; nothing is added.
    pub fn add_json(&mut self, text: &str) -> Result<Vec<Finding>, FormError> {
        let (form, mut findings) = parse::parse(text)?;
        let (name, version) = (form.form_id().to_owned(), form.version());
        self.add(form);
        if let Some(form) = self.version(&name, version) {
            findings.extend(crate::lint::lint(form));
        }
        Ok(findings)
    }

    fn insert(&mut self, form: Form) {
        let versions = self.forms.entry(form.form_id().to_owned()).or_default();
        versions.insert(
            form.version(),
            Entry {
                expanded: form.clone(),
                plain: form,
            },
        );
    }

    /// Fills embedded forms in again. Catalogues hold tens of forms and change rarely.
    fn expand_all(&mut self) {
        let newest: BTreeMap<String, Form> = self
            .forms
            .iter()
            .filter_map(|(name, versions)| Some((name.clone(), versions.values().next_back()?.plain.clone())))
            .collect();
        for entry in self.forms.values_mut().flat_map(BTreeMap::values_mut) {
            if entry.plain.items().iter().any(takes_rows) {
                entry.expanded = entry.plain.expanded(&|name| newest.get(name));
            }
        }
    }

    /// The newest version of a form.
    #[must_use]
    pub fn form(&self, kind: &str) -> Option<&Form> {
        Some(&self.forms.get(kind)?.values().next_back()?.expanded)
    }

    /// One version of a form.
    #[must_use]
    pub fn version(&self, kind: &str, version: u32) -> Option<&Form> {
        Some(&self.forms.get(kind)?.get(&version)?.expanded)
    }

    /// The version a record names, or the newest when this machine does not hold that one: a record
    /// must always open.
    #[must_use]
    pub fn version_or_newest(&self, kind: &str, version: Option<u32>) -> Option<&Form> {
        version
            .and_then(|version| self.version(kind, version))
            .or_else(|| self.form(kind))
    }

    /// The newest version of every form, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Form> {
        self.forms
            .values()
            .filter_map(|versions| Some(&versions.values().next_back()?.expanded))
    }

    /// Every version of every form, by name, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = &Form> {
        self.forms
            .values()
            .flat_map(BTreeMap::values)
            .map(|entry| &entry.expanded)
    }

    /// The forms that records of their own are made of: all but those embedded in another.
    pub fn record_forms(&self) -> impl Iterator<Item = &Form> {
        self.iter().filter(|form| form.settings.embedded_in.is_none())
    }
}

fn takes_rows(item: &Item) -> bool {
    item.section().is_some_and(|section| section.row_form().is_some())
}
