//! Starting other programs: where the workspace is, which `cargo` to call, and how a failure is told.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The workspace's folder.
pub fn root() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map(Path::to_path_buf).unwrap_or(xtask)
}

/// `cargo` with these arguments, in the workspace.
pub fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Whether the command can be started and succeeds; its output is not shown.
pub fn works(mut command: Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Runs the command with the terminal as its own and fails if it does.
pub fn run(mut command: Command) -> Result<()> {
    let shown = shown(&command);
    let status = command
        .status()
        .with_context(|| format!("cannot start: {shown}"))?;
    succeeded(status, &shown)
}

/// Like [`run`], but stops the program when the time is over, which is a failure too.
pub fn run_for(mut command: Command, limit: Duration) -> Result<()> {
    let shown = shown(&command);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start: {shown}"))?;
    let Some(status) = wait_until(&mut child, Instant::now() + limit)? else {
        child.kill()?;
        child.wait()?;
        bail!(
            "still running after {} s, so it was stopped: {shown}",
            limit.as_secs()
        );
    };
    succeeded(status, &shown)
}

/// Gives this process to the command, so that Ctrl-C and every other signal reach it and nobody else.
#[cfg(unix)]
pub fn become_program(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let shown = shown(&command);
    Err(command.exec()).with_context(|| format!("cannot start: {shown}"))
}

/// Runs the command; the console sends Ctrl-C to both programs.
#[cfg(not(unix))]
pub fn become_program(command: Command) -> Result<()> {
    run(command)
}

/// Builds with `cargo build` and these arguments; gives name and path of every program built.
pub fn build(arguments: &[&str]) -> Result<Vec<(String, PathBuf)>> {
    let mut command = cargo(&["build", "--message-format", "json-render-diagnostics"]);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    let output = command.output().context("cannot start cargo")?;
    succeeded(output.status, &format!("cargo build {}", arguments.join(" ")))?;
    let messages = String::from_utf8(output.stdout).context("cargo's messages are not UTF-8")?;
    Ok(messages.lines().filter_map(program_built).collect())
}

/// The path of one program among those built.
pub fn program(built: &[(String, PathBuf)], name: &str) -> Result<PathBuf> {
    let found = built
        .iter()
        .find(|(built, _)| built == name)
        .map(|(_, path)| path.clone());
    found.with_context(|| format!("cargo built no program named {name}"))
}

fn program_built(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = message.get("executable")?.as_str()?;
    let name = message.get("target")?.get("name")?.as_str()?;
    Some((name.to_owned(), PathBuf::from(path)))
}

fn wait_until(child: &mut Child, end: Instant) -> Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= end {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn succeeded(status: ExitStatus, shown: &str) -> Result<()> {
    if !status.success() {
        bail!("failed ({status}): {shown}");
    }
    Ok(())
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_stem()
        .unwrap_or(command.get_program());
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program.to_string_lossy().into_owned())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_this_crate() {
        assert!(root().join("xtask/Cargo.toml").is_file());
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = run(cargo(&["no-such-command"])).unwrap_err().to_string();
        assert!(error.contains("cargo no-such-command"), "{error}");
    }

    #[test]
    fn a_program_that_does_not_end_is_stopped() {
        let mut command = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let error = run_for(command, Duration::ZERO).unwrap_err().to_string();
        assert!(error.contains("it was stopped"), "{error}");
    }

    #[test]
    fn programs_are_read_from_the_messages_of_cargo() {
        let message =
            r#"{"reason":"compiler-artifact","target":{"name":"soban"},"executable":"/t/debug/soban"}"#;
        assert_eq!(
            program_built(message),
            Some(("soban".to_owned(), PathBuf::from("/t/debug/soban")))
        );
        assert_eq!(
            program_built(r#"{"reason":"build-finished","success":true}"#),
            None
        );
        assert!(program(&[], "soban").is_err());
    }
}
