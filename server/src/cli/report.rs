//! `soban report`: one report into a file.

use std::fs::File;
use std::io::Write as _;

use serde_json::{Value, json};

use super::args::ReportArgs;
use super::open;
use crate::http::wire::report::ReportBody;
use crate::messages::Lang;
use crate::problem::Problem;
use crate::report::{self, Ask, Reader, ReportError};
use crate::store::StoreError;

pub(super) fn report(args: ReportArgs, lang: Lang) -> Result<Value, Problem> {
    let app = open(&args.data.data)?;
    let named = schemas::report::Report::parse(&args.report);
    let named = named.ok_or_else(|| ReportError::ReportUnknown(args.report.clone()))?;
    let ending = args.file.extension().and_then(std::ffi::OsStr::to_str);
    let as_sheet = match ending {
        Some("xlsx") => true,
        Some("json") => false,
        _ => return Err(ReportError::QuestionUnfit(args.file.display().to_string()).into()),
    };
    let ask = Ask {
        unit: args.unit,
        scope: args.scope,
        plan: args.plan,
        as_of: args.as_of,
        from: args.from,
        to: args.to,
        year: args.year,
        basis: args.basis,
        silent_days: None,
        reason: args.reason,
    };
    let reader = Reader::cli();
    let made = report::make(&app, &reader, named, &ask)?;
    let bytes = if as_sheet {
        report::sheet(&made, lang)?
    } else {
        let body = ReportBody::from(made.clone());
        serde_json::to_vec_pretty(&body).map_err(|error| StoreError::Internal(error.to_string()))?
    };
    // A report that is there already may be signed: it is never written over.
    let mut file = File::create_new(&args.file).map_err(StoreError::from)?;
    file.write_all(&bytes)
        .and_then(|()| file.sync_all())
        .map_err(StoreError::from)?;
    report::note_export(&app, &reader, &made)?;
    Ok(json!({
        "report": named.code(),
        "file": args.file,
        "bytes": bytes.len(),
        "rows": made.table.rows.len(),
        "checks_hold": made.table.checks.iter().all(|check| check.ok),
        "masked": made.masked,
    }))
}
