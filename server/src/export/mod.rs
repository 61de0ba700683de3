//! (8) Records of one kind → a file: CSV, XLSX, GeoJSON or JSON lines.
//!
//! In: who asks for which records, and why. Out: a file beside the database that has no name, complete, with its number of
//! rows. The whole of it is read from one snapshot, at the speed of the disk: a reader at the other end of a slow link
//! waits for no store, and none waits for them. Memory is bounded by one record and by eight bytes for each place.
//! Personal answers are hidden unless the role may see them and a reason is given; every export is in the audit log
//! before its first byte leaves.

pub mod cell;
mod csv;
mod json;
pub mod layout;
mod note;
pub mod record;
mod xlsx;

pub(crate) use json::value as json_value;

use std::fs::File;
use std::io::{self, Seek as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use sync_core::id::UnitId;
use sync_core::policy::Role;

use self::layout::Layout;
use self::record::{Manner, Shelf, Shown};
use crate::access::AccessError;
use crate::app::App;
use crate::audit::{Action, Actor, AuditEntry};
use crate::review::Authors;
use crate::store::export::{ExportQuery, ExportReader as _};
use crate::store::reader::Reach;
use crate::store::{AuditStore as _, StoreError, User};

/// Longest reason that is kept.
pub const REASON_CHARS_MAX: usize = 500;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One table, UTF-8 with BOM, lines ended by CR LF.
    Csv,
    /// A workbook: a sheet for records, one for each repeat, a note.
    Xlsx,
    /// The records that say where they are, as a FeatureCollection.
    GeoJson,
    /// One record a line, nested.
    JsonLines,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::GeoJson, Self::JsonLines];

    /// The ending of a file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::GeoJson => "geojson",
            Self::JsonLines => "jsonl",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::GeoJson => "application/geo+json",
            Self::JsonLines => "application/x-ndjson",
        }
    }

    /// Kind of record and format of a file name: `household.csv`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<(&str, Self)> {
        let (kind, ending) = name.rsplit_once('.')?;
        let format = Self::ALL.into_iter().find(|format| format.ending() == ending)?;
        Some((kind, format))
    }
}

/// Which records somebody asks for.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The kind of record.
    pub kind: String,
    /// Only under this unit.
    pub unit: Option<UnitId>,
    /// Only from this day on.
    pub from: Option<Date>,
    /// Only up to this day.
    pub to: Option<Date>,
    /// Only in this review state.
    pub state: Option<String>,
    /// Labels in place of codes.
    pub labels: bool,
    /// The rows of this repeat in place of the records, for CSV.
    pub repeat: String,
    /// Why personal answers have to be seen.
    pub reason: Option<String>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Asker {
    /// As the audit log names them.
    pub actor: Actor,
    /// As a note in the file names them.
    pub name: String,
    /// What they may read.
    pub reach: Reach,
}

impl Asker {
    /// An officer. People of the field have their records at hand, observers and administrators read none.
    ///
    /// # Errors
    /// `RoleForbidden` for everybody else.
    pub fn officer(app: &App, user: &User, actor: Actor) -> Result<Self, AccessError> {
        match user.role {
            Role::DistrictOfficer | Role::ProvinceOfficer => Ok(Self {
                actor,
                name: user.name.clone(),
                reach: crate::review::reach(user, &*app.units()?, &app.shared_kinds()?)?,
            }),
            Role::VillageHead | Role::CommuneCadre | Role::Observer | Role::Admin => {
                Err(AccessError::RoleForbidden)
            }
        }
    }

    /// Whoever runs commands on the server's machine.
    #[must_use]
    pub fn cli() -> Self {
        Self {
            actor: Actor::Cli,
            name: "soban export".to_owned(),
            reach: Reach::All,
        }
    }
}

/// What a file holds.
#[derive(Debug)]
pub struct Done {
    /// The file, at its beginning.
    pub file: File,
    /// Its length.
    pub bytes: u64,
    /// Records in it.
    pub records: u64,
    /// Whether personal answers are hidden.
    pub masked: bool,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// They may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There are no records of that kind, or no such repeat in them.
    #[error("there is no {0} to export")]
    KindUnknown(String),
    /// Records of that kind do not say where they are.
    #[error("records of {0} have no place on a map")]
    NoGeopoint(String),
    /// The reason is longer than so many characters.
    #[error("the reason is longer than {0} characters")]
    ReasonTooLong(usize),
    /// The file could not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Nobody waits for it any more.
    #[error("nobody waits for the export any more")]
    GivenUp,
}

/// Takes records in and makes a file of them.
trait Sink {
    /// One more record.
    fn put(&mut self, record: &Shown<'_>) -> io::Result<()>;

    /// No more records.
    fn finish(self: Box<Self>, records: u64) -> io::Result<()>;
}

/// The reason somebody gave, if it says anything.
///
/// # Errors
/// When it is too long to be kept.
pub fn reason(given: Option<&str>) -> Result<Option<String>, ExportError> {
    let reason = given
        .map(schemas::text::clean)
        .filter(|reason| !reason.is_empty());
    match reason {
        Some(reason) if reason.chars().count() > REASON_CHARS_MAX => {
            Err(ExportError::ReasonTooLong(REASON_CHARS_MAX))
        }
        reason => Ok(reason),
    }
}

/// Writes a file and the audit entry about it. Blocks. `given_up` ends it early.
///
/// # Errors
/// When nobody may, there is nothing of that name, or disk or store fail: then there is no file.
pub fn export(
    app: &App,
    asker: &Asker,
    ask: &Ask,
    format: Format,
    given_up: &AtomicBool,
) -> Result<Done, ExportError> {
    let catalog = app.catalog()?;
    let unknown = |name: &str| ExportError::KindUnknown(name.to_owned());
    let layout = Layout::of(&catalog, &ask.kind).ok_or_else(|| unknown(&ask.kind))?;
    let units = app.units()?;
    let reason = reason(ask.reason.as_deref())?;
    let now = app.clock.now();
    let shelf = Shelf {
        catalog: &catalog,
        units: &units,
        authors: &Authors(app.devices.current(&app.store)?),
        manner: Manner {
            masked: reason.is_none(),
            labels: ask.labels,
            computed: true,
            now,
        },
    };
    let query = ExportQuery {
        reach: asker.reach.clone(),
        kind: ask.kind.clone(),
        units: ask.unit.map(|unit| units.under(&[unit]).into_iter().collect()),
        state: ask.state.clone(),
        id: None,
        after: 0,
        marks: true,
    };
    let mut file = tempfile::tempfile_in(app.store.dir())?;
    let sink = sink(app.store.dir(), &file, &layout, &shelf, ask, asker, format)?;
    let records = pour(app, &shelf, &layout, &query, ask, sink, given_up)?;
    let bytes = file.seek(io::SeekFrom::End(0))?;
    file.rewind()?;
    let done = Done {
        file,
        bytes,
        records,
        masked: reason.is_none(),
    };
    app.store.note(entry(asker, ask, format, &done, reason, now))?;
    app.metrics
        .add("soban_exports_total", &[("format", format.ending())], 1);
    Ok(done)
}

fn sink<'a>(
    dir: &Path,
    file: &File,
    layout: &'a Layout,
    shelf: &'a Shelf<'a>,
    ask: &'a Ask,
    asker: &'a Asker,
    format: Format,
) -> Result<Box<dyn Sink + 'a>, ExportError> {
    let out = io::BufWriter::with_capacity(1 << 18, file.try_clone()?);
    Ok(match format {
        Format::Csv => {
            let sheet = layout.sheet(&ask.repeat);
            let sheet = sheet.ok_or_else(|| ExportError::KindUnknown(ask.repeat.clone()))?;
            Box::new(csv::CsvSink::new(out, sheet, ask.labels)?)
        }
        Format::Xlsx => {
            let note = note::lines(layout, shelf, ask, asker);
            Box::new(xlsx::XlsxSink::new(out, dir, layout, ask.labels, note)?)
        }
        Format::GeoJson => {
            let place = layout.geopoint.as_ref();
            let place = place.ok_or_else(|| ExportError::NoGeopoint(layout.kind.clone()))?;
            Box::new(json::GeoSink::new(out, layout, place)?)
        }
        Format::JsonLines => Box::new(json::LinesSink::new(out, layout)),
    })
}

/// Every record that answers, into the sink. The number of them.
fn pour(
    app: &App,
    shelf: &Shelf<'_>,
    layout: &Layout,
    query: &ExportQuery,
    ask: &Ask,
    mut sink: Box<dyn Sink + '_>,
    given_up: &AtomicBool,
) -> Result<u64, ExportError> {
    let mut records = 0;
    let mut failed = None;
    let period = layout.period.as_deref();
    let dated = ask.from.is_some() || ask.to.is_some();
    app.store.export(query, &mut |row| {
        if given_up.load(Ordering::Relaxed) {
            failed = Some(ExportError::GivenUp);
            return ControlFlow::Break(());
        }
        let put = shelf
            .take(&query.kind, row)
            .map_err(ExportError::from)
            .and_then(|shown| {
                if dated && !shown.day(period).is_some_and(|day| within(day, ask)) {
                    return Ok(0);
                }
                sink.put(&shown)?;
                Ok(1)
            });
        match put {
            Ok(more) => {
                records += more;
                ControlFlow::Continue(())
            }
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    sink.finish(records)?;
    Ok(records)
}

fn within(day: Date, ask: &Ask) -> bool {
    ask.from.is_none_or(|from| from <= day) && ask.to.is_none_or(|to| day <= to)
}

fn entry(
    asker: &Asker,
    ask: &Ask,
    format: Format,
    done: &Done,
    reason: Option<String>,
    now: Timestamp,
) -> AuditEntry {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    AuditEntry::new(now, asker.actor, Action::Export, format!("kind:{}", ask.kind))
        .with("format", format.ending())
        .with("repeat", ask.repeat.clone())
        .with("unit", ask.unit.map(|unit| unit.to_string()))
        .with("from", day(ask.from))
        .with("to", day(ask.to))
        .with("state", ask.state.clone())
        .with("labels", ask.labels)
        .with("masked", done.masked)
        .with("reason", reason.unwrap_or_default())
        .with("records", done.records)
}
