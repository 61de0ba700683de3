//! `soban export`.

use std::fs::OpenOptions;
use std::io;
use std::sync::atomic::AtomicBool;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::args::ExportArgs;
use super::open;
use crate::access::people;
use crate::export::{Ask, Asker, Format, export as write};
use crate::problem::{Code, Problem};
use crate::store::StoreError;

/// Writes records of one kind to a new file; its ending says the format.
pub(super) fn export(args: ExportArgs) -> Result<Value, Problem> {
    let name = args
        .file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let format = Format::of_name(&name).map(|(_, format)| format);
    let format = format.ok_or_else(|| Problem::new(Code::ExportUnknown).with("name", &name))?;
    let app = open(&args.data.data)?;
    let units = app.units()?;
    let unit = args.unit.map(|unit| people::unit(&units, app.clock.now(), &unit));
    let ask = Ask {
        kind: args.kind,
        unit: unit.transpose()?,
        from: day(args.from, "from")?,
        to: day(args.to, "to")?,
        state: args.state,
        labels: args.labels,
        repeat: args.repeat.unwrap_or_default(),
        reason: args.reason,
    };
    // A file that is there is somebody's: it is left alone, and nothing is read for it.
    if args.file.exists() {
        return Err(StoreError::FileExists.into());
    }
    let mut done = write(&app, &Asker::cli(), &ask, format, &AtomicBool::new(false))?;
    let out = OpenOptions::new().write(true).create_new(true).open(&args.file);
    let mut out = out.map_err(StoreError::from)?;
    io::copy(&mut done.file, &mut out).map_err(StoreError::from)?;
    out.sync_all().map_err(StoreError::from)?;
    Ok(json!({"file": args.file, "records": done.records, "bytes": done.bytes, "masked": done.masked}))
}

fn day(text: Option<String>, name: &str) -> Result<Option<Date>, Problem> {
    let malformed = || Problem::new(Code::ParameterMalformed).with("detail", name);
    text.map(|text| text.parse().map_err(|_| malformed())).transpose()
}
