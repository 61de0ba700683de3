//! (8) Facts × a question → a report on screen, as JSON or as a sheet, and the records behind a figure.
//!
//! In: who asks and what. Out: a [`Made`] report, counted in one reading of facts that do not change meanwhile. What
//! the figures mean is the business of `schemas::report`; this knows rights, units, plans and words. An officer of a
//! review scope counts that scope, the province and observers everything; only those who may read records are told
//! which stand behind a figure, and names are put in last, for those who may read them.

mod people;
mod words;
mod xlsx;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use schemas::report::{
    Around, Asked, Finished, Holding, Key, Merged, Period, Question, Report, Scope, ScopeKind, Table, Want,
    day_number,
};
use sync_core::id::UnitId;
use sync_core::policy::Role;

pub use words::{said, title};
pub use xlsx::sheet;

use crate::access::AccessError;
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::review::reach;
use crate::store::fact::{FactReader, FactStore as _};
use crate::store::reader::{Reach, RecordSummary};
use crate::store::{AuditStore as _, StoreError, User};
use crate::territory::{Units, plans, today};

/// Days without a word after which a device counts as silent, if not asked otherwise.
pub const SILENT_DAYS: i32 = 7;
/// The plan whose communes and targets are meant, if not asked otherwise.
pub const PLAN: &str = "plan-2024";

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Not for this person.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// No report has this name.
    #[error("no report {0}")]
    ReportUnknown(String),
    /// The report has no such figure, or not one that records stand behind.
    #[error("no figure {0}")]
    FigureUnknown(String),
    /// A part of the question makes no sense.
    #[error("{0}")]
    QuestionUnfit(String),
    /// The sheet could not be written.
    #[error("{0}")]
    Sheet(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is asked, as the request says it.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Only this unit and what lies under it: id or official code.
    pub unit: Option<String>,
    /// `plan` or `units`.
    pub scope: Option<String>,
    /// The plan, by id.
    pub plan: Option<String>,
    /// Nothing later is known.
    pub as_of: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// A whole year.
    pub year: Option<i16>,
    /// `all` or `approved`.
    pub basis: Option<String>,
    /// Days without a word.
    pub silent_days: Option<i32>,
    /// Why personal data is read.
    pub reason: Option<String>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Whose records are counted; all if none.
    pub within: Option<Vec<UnitId>>,
    /// Whose records may be named; nobody's if none.
    pub reach: Option<Reach>,
    /// May read names without saying why.
    pub names: bool,
    /// As the audit log names them.
    pub actor: Actor,
}

impl Reader {
    /// What a person who is signed in may be told.
    ///
    /// # Errors
    /// `RoleForbidden` for those who are told nothing: administrators, and people of the field, who hold their own.
    pub fn of(
        user: &User,
        units: &Units,
        shared_kinds: &[String],
        actor: Actor,
    ) -> Result<Self, AccessError> {
        let within = match user.role {
            Role::DistrictOfficer => Some(user.units.clone()),
            Role::ProvinceOfficer | Role::Observer => None,
            Role::VillageHead | Role::CommuneCadre | Role::Admin => return Err(AccessError::RoleForbidden),
        };
        Ok(Self {
            within,
            reach: reach(user, units, shared_kinds).ok(),
            names: user.role == Role::DistrictOfficer,
            actor,
        })
    }

    /// Whoever may run commands on the machine of the register.
    #[must_use]
    pub fn cli() -> Self {
        Self {
            within: None,
            reach: Some(Reach::All),
            names: false,
            actor: Actor::Cli,
        }
    }
}

/// A report that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Which.
    pub report: Report,
    /// The time it is about.
    pub period: Period,
    /// By old communes or by units.
    pub scope: ScopeKind,
    /// The names of the units it was asked for; none for everything.
    pub units: Vec<String>,
    /// The plan it was held against.
    pub plan: String,
    /// Only what was approved counts.
    pub approved_only: bool,
    /// When it was made.
    pub generated_at: Timestamp,
    /// Personal data is hidden.
    pub masked: bool,
    /// The figures.
    pub table: Table,
}

/// Makes a report. Blocks.
///
/// # Errors
/// When it is not for this reader, the question makes no sense, or the store fails.
pub fn make(app: &App, reader: &Reader, report: Report, ask: &Ask) -> Result<Made, ReportError> {
    if report.names_people() && reader.reach.is_none() {
        return Err(AccessError::RoleForbidden.into());
    }
    let plain = Plain::of(app, reader, report, ask)?;
    let mut made = None;
    let mut heads = Vec::new();
    app.store.facts(&mut |facts| {
        let finished = plain.count(facts, None)?;
        if report.names_people() {
            let households: Vec<Key> = finished
                .table
                .rows
                .iter()
                .filter_map(|row| Key::parse(&row.key))
                .collect();
            heads = facts.heads(&households)?;
        }
        made = Some(finished.table);
        Ok(())
    })?;
    let mut table = made.unwrap_or_default();
    let reason = ask
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    let masked = report.names_people() && !reader.names && reason.is_none();
    if report.names_people() {
        if masked {
            people::mask(&mut table);
        } else {
            let entry = AuditEntry::new(app.clock.now(), reader.actor, Action::ReportRead, object(report));
            let entry = entry.with("reason", reason.unwrap_or_default());
            app.store.note(entry.with("households", heads.len()))?;
            people::name(&mut table, &heads);
        }
    }
    Ok(Made {
        report,
        period: plain.period,
        scope: plain.scope.kind(),
        units: plain.names,
        plan: plain.plan.id.clone(),
        approved_only: plain.approved_only,
        generated_at: app.clock.now(),
        masked,
        table,
    })
}

/// A page of the records behind a figure. Blocks.
///
/// # Errors
/// As [`make`]; when nobody may name records to this reader; when there is no such figure.
pub fn records(
    app: &App,
    reader: &Reader,
    report: Report,
    ask: &Ask,
    want: &Want,
    page: (Option<Key>, usize),
) -> Result<Vec<RecordSummary>, ReportError> {
    let reach = reader.reach.as_ref().ok_or(AccessError::RoleForbidden)?;
    let plain = Plain::of(app, reader, report, ask)?;
    let mut found = None;
    app.store.facts(&mut |facts| {
        if let Some(behind) = plain.count(facts, Some(want))?.behind {
            found = Some(facts.summaries(reach, &behind, page.0, page.1)?);
        }
        Ok(())
    })?;
    found.ok_or_else(|| ReportError::FigureUnknown(format!("{} {}", want.row, want.column)))
}

/// Notes in the audit log that a report left the house as a file.
///
/// # Errors
/// When the store fails.
pub fn note_export(app: &App, reader: &Reader, made: &Made) -> Result<(), StoreError> {
    let entry = AuditEntry::new(
        app.clock.now(),
        reader.actor,
        Action::ReportExport,
        object(made.report),
    );
    app.store.note(entry.with("masked", made.masked))
}

fn object(report: Report) -> String {
    format!("report:{}", report.code())
}

/// A question whose words were understood.
struct Plain {
    report: Report,
    period: Period,
    scope: Scope,
    plan: schemas::plan::Plan,
    approved_only: bool,
    silent_days: i32,
    names: Vec<String>,
}

impl Plain {
    fn of(app: &App, reader: &Reader, report: Report, ask: &Ask) -> Result<Self, ReportError> {
        let now = app.clock.now();
        let units = app.units()?;
        let asked = match ask.unit.as_deref().filter(|unit| !unit.is_empty()) {
            Some(unit) => Some(crate::access::people::unit(&units, now, unit)?),
            None => None,
        };
        let own = reader.within.as_ref().map(|own| units.under(own));
        let wanted = asked.map(|unit| units.under(&[unit]));
        let within: Option<BTreeSet<UnitId>> = match (own, wanted) {
            (Some(own), Some(wanted)) => Some(own.intersection(&wanted).copied().collect()),
            (some, None) | (None, some) => some,
        };
        if asked.is_some() && within.as_ref().is_some_and(BTreeSet::is_empty) {
            return Err(AccessError::OutOfScope.into());
        }
        let within = within.map(|within| within.iter().map(ToString::to_string).collect());
        let plan_id = ask.plan.as_deref().unwrap_or(PLAN);
        let known = plans::all(&app.store)?.remove(plan_id);
        let (plan, _) = known.ok_or_else(|| ReportError::QuestionUnfit(format!("plan {plan_id}")))?;
        let kind = match ask.scope.as_deref() {
            None => ScopeKind::Plan,
            Some(scope) => ScopeKind::parse(scope).ok_or_else(|| unfit("scope", scope))?,
        };
        let period = period(ask, today(now))?;
        let scope = Scope::of(
            units.tree(),
            &Asked {
                kind,
                plan: &plan,
                within: within.as_ref(),
                on: period.end(),
                by_village: report.by_village(),
            },
        );
        let named = asked.map_or_else(|| reader.within.clone().unwrap_or_default(), |unit| vec![unit]);
        Ok(Self {
            report,
            period,
            scope,
            plan,
            approved_only: match ask.basis.as_deref() {
                None | Some("all") => false,
                Some("approved") => true,
                Some(other) => return Err(unfit("basis", other)),
            },
            silent_days: ask.silent_days.unwrap_or(SILENT_DAYS).clamp(1, 3650),
            names: named
                .iter()
                .filter_map(|unit| units.get(*unit))
                .map(schemas::unit::Unit::full_name)
                .collect(),
        })
    }

    /// Reads the facts once.
    fn count(&self, facts: &dyn FactReader, want: Option<&Want>) -> Result<Finished, StoreError> {
        let lost = facts.lost()?;
        let merged = Merged::of(&lost);
        let around = self.around(facts)?;
        let question = Question {
            scope: &self.scope,
            days: self.period.days(),
            merged: &merged,
            plan: &self.plan,
            approved_only: self.approved_only,
            want,
        };
        let mut fold = self.report.fold(question, &around);
        let (kinds, all) = (fold.kinds(), fold.sees_all());
        facts.scan(kinds, &mut |fact| {
            if all || question.counts(fact) {
                fold.add(fact);
            }
        })?;
        Ok(fold.finish())
    }

    fn around(&self, facts: &dyn FactReader) -> Result<Around, StoreError> {
        if self.report != Report::DataQuality {
            return Ok(Around::default());
        }
        let devices = facts.held_devices()?.into_iter().map(|held| Holding {
            units: held.units.iter().map(|unit| Key(*unit.bytes())).collect(),
            heard: held
                .heard_at_ms
                .map(|at| day_number(today(crate::clock::moment(at)))),
            pending: None,
        });
        Ok(Around {
            doubles: facts.doubles()?,
            devices: devices.collect(),
            silent_days: self.silent_days,
        })
    }
}

fn unfit(name: &str, value: &str) -> ReportError {
    ReportError::QuestionUnfit(format!("{name}={value}"))
}

fn period(ask: &Ask, today: Date) -> Result<Period, ReportError> {
    let day = |name: &str, text: &Option<String>| match text.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => text.parse::<Date>().map(Some).map_err(|_| unfit(name, text)),
        None => Ok(None),
    };
    let (from, to) = (day("from", &ask.from)?, day("to", &ask.to)?);
    let as_of = day("as_of", &ask.as_of)?.unwrap_or(today);
    let year = match ask.year {
        Some(year) if !(1970..=2200).contains(&year) => return Err(unfit("year", &year.to_string())),
        Some(year) => year,
        None => to.unwrap_or(as_of).year(),
    };
    let whole = Period::year(year, as_of);
    let period = Period {
        from: from.unwrap_or(whole.from),
        to: to.unwrap_or(whole.to),
        as_of,
    };
    if period.from > period.to || period.from > period.as_of {
        return Err(unfit("from", &period.from.to_string()));
    }
    Ok(period)
}
