//! The command line: one command, one JSON object, an exit code.
//!
//! Exit 0 when the act was done; 1 when it was refused, with `{"error":{"code","message","hint"}}`;
//! 2 when the command itself is not right.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sync_core::id::RecordId;

use crate::clock::{system_random, wall_clock};
use crate::error::DeviceError;
use crate::http::HttpTransport;
use crate::messages;
use crate::phone::Phone;

/// One phone of Sổ Bản, as a command.
#[derive(Debug, Parser)]
#[command(name = "soban-device", version, about)]
struct Cli {
    /// The phone: its directory. Delete it and the phone is gone
    #[arg(long, value_name = "DIR", global = true, default_value = ".")]
    home: PathBuf,
    /// The phone's clock, however wrong (RFC 3339)
    #[arg(long, value_name = "TIME", global = true)]
    now: Option<Timestamp>,
    /// Language of messages: vi or en
    #[arg(long, value_name = "LANG", global = true, default_value = "vi")]
    lang: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Swap a code for an identity
    Enroll {
        /// Address of the server
        #[arg(long)]
        server: String,
        /// The code, as handed out
        #[arg(long)]
        code: String,
        /// What to call this phone in lists
        #[arg(long)]
        name: Option<String>,
    },
    /// Write a new record
    New {
        /// The kind: the name of a form
        kind: String,
        /// The record's id, if it is to have a certain one
        #[arg(long)]
        id: Option<RecordId>,
        /// Answers as a JSON object in a file
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// Answers, field=value
        answers: Vec<String>,
    },
    /// Write answers to a record
    Set {
        /// The record
        id: RecordId,
        /// Answers, field=value
        #[arg(required = true)]
        answers: Vec<String>,
    },
    /// Show a record
    Show {
        /// The record
        id: RecordId,
    },
    /// Show who wrote what to a record
    History {
        /// The record
        id: RecordId,
    },
    /// List the records of a kind
    List {
        /// The kind: the name of a form
        kind: String,
        /// Only those with this value, field=value
        #[arg(long = "where", value_name = "FIELD=VALUE")]
        filter: Option<String>,
    },
    /// Send and receive
    Sync,
    /// Write a file for another phone or the server
    Export {
        /// The file
        file: PathBuf,
        /// Everything this phone holds, not only what the server has not confirmed
        #[arg(long)]
        all: bool,
    },
    /// Take in a file of another phone
    Import {
        /// The file
        file: PathBuf,
    },
    /// Show how the phone stands
    Status,
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// One JSON object.
    pub output: Value,
    /// The exit code.
    pub exit: u8,
}

/// Runs one command. Help and version texts are given as `{"text"}`.
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Outcome {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => {
            return Outcome {
                output: json!({ "text": error.to_string() }),
                exit: 0,
            };
        }
        Err(error) => return usage("vi", &error.to_string()),
    };
    if !messages::LANGUAGES.contains(&cli.lang.as_str()) {
        return usage("vi", &format!("--lang {}", messages::LANGUAGES.join("|")));
    }
    let language = cli.lang.clone();
    match act(cli) {
        Ok(output) => Outcome { output, exit: 0 },
        Err(Stop::Usage(detail)) => usage(&language, &detail),
        Err(Stop::Refused(error)) => Outcome {
            output: error.to_json(&language),
            exit: 1,
        },
    }
}

enum Stop {
    Usage(String),
    Refused(DeviceError),
}

impl From<DeviceError> for Stop {
    fn from(error: DeviceError) -> Self {
        Self::Refused(error)
    }
}

fn usage(language: &str, detail: &str) -> Outcome {
    let message = messages::text(language, "error.usage", &[("detail", detail.trim())]);
    let hint = messages::text(language, "error_hint.usage", &[]);
    Outcome {
        output: json!({ "error": { "code": "usage", "message": message, "hint": hint } }),
        exit: 2,
    }
}

fn act(cli: Cli) -> Result<Value, Stop> {
    let Cli {
        home,
        now,
        lang,
        command,
    } = cli;
    let clock = move || now.unwrap_or_else(wall_clock);
    let mut phone = Phone::open(&home, Box::new(clock), Box::new(system_random))?;
    Ok(match command {
        Command::Enroll { server, code, name } => {
            let mut http = HttpTransport::new(&server);
            let mut told = phone.enroll(&mut http, &server, &code, name.as_deref())?;
            // Units, people and records come with the first sync; without a link they come later.
            told["synced"] = Value::from(phone.sync(&mut http, &lang).is_ok());
            told
        }
        Command::New {
            kind,
            id,
            json,
            answers,
        } => {
            let mut object = match json {
                Some(file) => object_in(&file)?,
                None => Map::new(),
            };
            for (path, text) in pairs(&answers)? {
                object.insert(path, Value::from(text));
            }
            phone.new_record(&kind, id, &Value::Object(object))?
        }
        Command::Set { id, answers } => phone.set(id, &pairs(&answers)?)?,
        Command::Show { id } => phone.show(id, &lang)?,
        Command::History { id } => phone.history(id)?,
        Command::List { kind, filter } => match filter {
            Some(filter) => {
                let (path, text) = pair(&filter)?;
                phone.list(&kind, Some((&path, &text)))?
            }
            None => phone.list(&kind, None)?,
        },
        Command::Sync => {
            let mut http = HttpTransport::new(&phone.server()?);
            phone.sync(&mut http, &lang)?
        }
        Command::Export { file, all } => phone.export(&file, all)?,
        Command::Import { file } => phone.import(&file, &lang)?,
        Command::Status => phone.status(&lang)?,
    })
}

fn object_in(file: &std::path::Path) -> Result<Map<String, Value>, Stop> {
    let text = std::fs::read_to_string(file).map_err(|error| DeviceError::file(file, &error))?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Stop::Usage("--json: an object of answers".to_owned())),
        Err(error) => Err(Stop::Usage(format!("--json: {error}"))),
    }
}

fn pairs(answers: &[String]) -> Result<Vec<(String, String)>, Stop> {
    answers.iter().map(|answer| pair(answer)).collect()
}

fn pair(answer: &str) -> Result<(String, String), Stop> {
    let (path, text) = answer
        .split_once('=')
        .ok_or_else(|| Stop::Usage(format!("{answer}: field=value")))?;
    Ok((path.trim().to_owned(), text.to_owned()))
}
