//! The shape of the command line. The words of its help stand in `server/messages`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Where a server listens if not told.
pub(super) const LISTEN_DEFAULT: &str = "127.0.0.1:8080";

/// `soban`.
#[derive(Debug, Parser)]
#[command(name = "soban", version)]
pub(super) struct Args {
    /// Language of messages.
    #[arg(long, global = true, env = "SOBAN_LANG", value_parser = ["vi", "en"], default_value = "vi")]
    pub lang: String,
    #[command(subcommand)]
    pub command: Command,
}

/// Which register.
#[derive(Debug, clap::Args)]
pub(super) struct DataDir {
    /// The data directory.
    #[arg(long, env = "SOBAN_DATA", value_name = "DIR")]
    pub data: PathBuf,
}

/// How to serve.
#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    pub data: DataDir,
    #[arg(long, env = "SOBAN_LISTEN", value_name = "ADDR", default_value = LISTEN_DEFAULT)]
    pub listen: SocketAddr,
    #[arg(long, env = "SOBAN_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    #[arg(long, env = "SOBAN_BASE_PATH", value_name = "PATH", default_value = "")]
    pub base_path: String,
    #[arg(long, env = "SOBAN_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    #[arg(long, env = "SOBAN_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    #[arg(long, env = "SOBAN_METRICS", value_name = "ADDR")]
    pub metrics: Option<SocketAddr>,
    #[arg(long, env = "SOBAN_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,
    #[arg(long, env = "SOBAN_LOG_JSON")]
    pub log_json: bool,
}

/// What to export, and where to.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    pub data: DataDir,
    pub kind: String,
    pub file: PathBuf,
    #[arg(long, value_name = "CODE|ID")]
    pub unit: Option<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<String>,
    #[arg(long)]
    pub state: Option<String>,
    #[arg(long)]
    pub labels: bool,
    #[arg(long)]
    pub repeat: Option<String>,
    #[arg(long)]
    pub reason: Option<String>,
}

/// A demonstration, perhaps a large one.
#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    #[command(flatten)]
    pub serve: ServeArgs,
    #[arg(long, value_name = "N")]
    pub scale: Option<usize>,
}

/// Which report of which time.
#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    pub data: DataDir,
    #[arg(value_name = "NAME")]
    pub report: String,
    pub file: PathBuf,
    #[arg(long, value_name = "CODE|ID")]
    pub unit: Option<String>,
    #[arg(long, value_parser = ["plan", "units"])]
    pub scope: Option<String>,
    #[arg(long, value_name = "ID")]
    pub plan: Option<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<String>,
    #[arg(long)]
    pub year: Option<i16>,
    #[arg(long, value_parser = ["all", "approved"])]
    pub basis: Option<String>,
    #[arg(long)]
    pub reason: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Serve(ServeArgs),
    Demo(DemoArgs),
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    Enroll {
        #[command(flatten)]
        data: DataDir,
        login: String,
    },
    Device {
        #[command(subcommand)]
        command: DeviceCommand,
    },
    Import {
        #[command(subcommand)]
        command: ImportCommand,
    },
    Export(ExportArgs),
    Report(ReportArgs),
    Backup {
        #[command(flatten)]
        data: DataDir,
        file: PathBuf,
    },
    Restore {
        #[command(flatten)]
        data: DataDir,
        file: PathBuf,
    },
    Check {
        #[command(flatten)]
        data: DataDir,
    },
    Rebuild {
        #[command(flatten)]
        data: DataDir,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    Add {
        #[command(flatten)]
        data: DataDir,
        login: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        role: String,
        #[arg(long = "unit", value_name = "CODE|ID", num_args = 1..)]
        units: Vec<String>,
        #[arg(long)]
        password_stdin: bool,
    },
    List {
        #[command(flatten)]
        data: DataDir,
    },
    Disable {
        #[command(flatten)]
        data: DataDir,
        login: String,
    },
    Enable {
        #[command(flatten)]
        data: DataDir,
        login: String,
    },
    Password {
        #[command(flatten)]
        data: DataDir,
        login: String,
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum DeviceCommand {
    List {
        #[command(flatten)]
        data: DataDir,
    },
    Revoke {
        #[command(flatten)]
        data: DataDir,
        id: uuid::Uuid,
    },
}

/// A file to be imported.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    pub data: DataDir,
    pub file: PathBuf,
    #[arg(long)]
    pub preview: bool,
    #[arg(long)]
    pub partial: bool,
    #[arg(id = "login_as", long = "as", value_name = "LOGIN")]
    pub login_as: Option<String>,
    #[arg(long, value_name = "ID")]
    pub plan: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    Units(ImportArgs),
    Plan(ImportArgs),
    Form(ImportArgs),
    Xlsform(ImportArgs),
    Households(ImportArgs),
}
