//! `cargo xtask start`: from a fresh clone to a running demonstration in one command.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::{run, web};

/// Where the demonstration keeps its data and listens.
#[derive(Args)]
pub struct Options {
    /// Folder of the data; made when missing, kept between starts [default: .demo in the workspace]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Builds the field app quickly, for the work on it
    #[arg(long)]
    pub dev: bool,
    /// Arguments handed on to `soban demo`
    #[arg(last = true, value_name = "EXTRA")]
    pub extra: Vec<String>,
}

/// Builds the field app and both programs, says where they are, and becomes `soban demo`.
pub fn start(options: &Options) -> Result<()> {
    // First, because the server embeds it.
    web::ensure(web::Profile::of(options.dev))?;
    eprintln!("start: building soban and soban-device (the first time takes some minutes)");
    let built = run::build(&["--package", "server", "--package", "device", "--bins"])?;
    let (soban, device) = (
        run::program(&built, "soban")?,
        run::program(&built, "soban-device")?,
    );
    let data = options.data.clone().unwrap_or_else(|| run::root().join(".demo"));
    eprintln!("start: server  {}", soban.display());
    eprintln!("start: device  {}", device.display());
    eprintln!("start: data    {}", data.display());
    eprintln!("start: address http://{} (Ctrl-C stops it)", options.listen);
    let mut demo = Command::new(soban);
    demo.arg("demo")
        .arg("--data")
        .arg(data)
        .args(["--listen", &options.listen])
        .args(&options.extra);
    run::become_program(demo)
}
