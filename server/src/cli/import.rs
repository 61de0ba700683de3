//! `soban import`.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{ImportArgs, ImportCommand};
use super::open;
use crate::access::AccessError;
use crate::http::wire::import::ImportReport;
use crate::import::{Bringer, Kind, Wish, limits, run};
use crate::messages::Lang;
use crate::problem::Problem;
use crate::store::{StoreError, UserStore as _};

pub(super) fn import(command: ImportCommand, lang: Lang) -> Result<Value, Problem> {
    let (kind, args) = match command {
        ImportCommand::Units(args) => (Kind::Units, args),
        ImportCommand::Plan(args) => (Kind::Plan, args),
        ImportCommand::Form(args) | ImportCommand::Xlsform(args) => (Kind::Form, args),
        ImportCommand::Households(args) => (Kind::Households, args),
    };
    bring(kind, &args, lang)
}

fn bring(kind: Kind, args: &ImportArgs, lang: Lang) -> Result<Value, Problem> {
    let app = open(&args.data.data)?;
    let by = match &args.login_as {
        Some(login) => {
            let user = app.store.user_by_login(&login.trim().to_ascii_lowercase())?;
            Bringer::Person(user.ok_or(AccessError::UserUnknown)?)
        }
        None => Bringer::Machine,
    };
    let name = args
        .file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let wish = Wish {
        apply: !args.preview,
        partial: args.partial,
        plan: args.plan.clone(),
        name: name.unwrap_or_default(),
    };
    let report = run(&app, &by, kind, &read(&args.file)?, &wish)?;
    let report = ImportReport::of(report, lang);
    let mut shown = json!(report);
    // The sums stand on the outside too: that is what a script asks for.
    if let (Some(shown), Some(sums)) = (shown.as_object_mut(), json!(report.summary).as_object()) {
        shown.extend(sums.clone());
    }
    Ok(shown)
}

/// No file is read beyond what would be refused anyway.
fn read(file: &Path) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    File::open(file)?
        .take(limits::FILE_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
