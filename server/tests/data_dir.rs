//! A data directory that cannot be served says why, and is left as it was.

use std::path::Path;

use server::App;
use server::clock::Clock;
use server::config::Config;
use server::store::sqlite::LATEST;
use server::store::{MetaStore as _, StoreError};

use crate::app::TestApp;

fn open(dir: &Path) -> Result<App, StoreError> {
    App::open(Config::new(dir), Clock::system())
}

#[test]
fn a_second_start_finds_the_same_register() {
    let dir = tempfile::tempdir().expect("a directory");
    let first = open(dir.path()).expect("a register").store.keys().expect("keys");
    let again = open(dir.path())
        .expect("the same register")
        .store
        .keys()
        .expect("keys");
    assert_eq!((first.project, first.epoch), (again.project, again.epoch));
}

#[test]
fn two_servers_on_one_directory() {
    let test = TestApp::full();
    assert_eq!(
        open(test.dir.path()).expect_err("held").to_string(),
        StoreError::InUse.to_string()
    );
    let command = App::open_command(Config::new(test.dir.path()), Clock::system());
    assert!(command.is_ok(), "commands work beside a server");
    drop((test.app, test.router));
    assert!(open(test.dir.path()).is_ok(), "free again");
}

#[test]
fn data_of_a_newer_version() {
    let dir = tempfile::tempdir().expect("a directory");
    drop(open(dir.path()).expect("a register"));
    let raw = rusqlite::Connection::open(dir.path().join("soban.db")).expect("the database");
    raw.pragma_update(None, "user_version", LATEST + 1)
        .expect("a newer version");
    drop(raw);
    let refused = open(dir.path()).expect_err("newer");
    assert_eq!(
        refused,
        StoreError::Newer {
            found: LATEST + 1,
            known: LATEST
        }
    );
}

#[test]
fn a_file_that_is_no_register() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(
        dir.path().join("soban.db"),
        "đây không phải cơ sở dữ liệu ".repeat(100),
    )
    .expect("a file");
    assert!(matches!(open(dir.path()), Err(StoreError::Damaged(_))));

    let other = tempfile::tempdir().expect("a directory");
    let raw = rusqlite::Connection::open(other.path().join("soban.db")).expect("a database");
    raw.execute_batch("CREATE TABLE somebody_elses (x)")
        .expect("a table");
    drop(raw);
    assert!(matches!(open(other.path()), Err(StoreError::Damaged(_))));
}

#[test]
fn a_directory_without_a_register_is_nothing_for_a_command() {
    let dir = tempfile::tempdir().expect("a directory");
    let refused = App::open_command(Config::new(dir.path()), Clock::system()).expect_err("nothing there");
    assert_eq!(refused, StoreError::Missing);
    assert_eq!(
        std::fs::read_dir(dir.path()).expect("a directory").count(),
        0,
        "nothing was made"
    );
}

#[test]
fn a_full_disk_refuses_and_keeps_what_was_saved() {
    let dir = tempfile::tempdir().expect("a directory");
    drop(open(dir.path()).expect("a register"));
    let pages = std::fs::metadata(dir.path().join("soban.db"))
        .expect("a file")
        .len()
        / 4096;
    let mut config = Config::new(dir.path());
    config.pages_max = Some(u32::try_from(pages).expect("few pages") + 4);
    let app = App::open(config, Clock::system()).expect("a register");
    let csv = |from: usize| {
        let rows = (from..from + 50).map(|number| format!("village,,Thôn Mẫu {number},02839,2025-07-01,\n"));
        format!(
            "level,code,name,parent_code,valid_from,valid_to\n{}",
            rows.collect::<String>()
        )
    };
    let import = |from: usize| {
        let now = app.clock.now();
        server::territory::import_csv(&app.store, now, server::audit::Actor::Cli, csv(from).as_bytes())
    };
    let full = (0..20)
        .find_map(|round| import(round * 50).err())
        .expect("the disk fills up");
    assert_eq!(server::problem::Problem::from(full).code.name(), "disk_full");
    let report = server::view::rebuild::check(&app).expect("readable");
    assert!(report.is_sound(), "{report:?}");
}

#[cfg(unix)]
#[test]
fn a_read_only_directory() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    let dir = tempfile::tempdir().expect("a directory");
    let mode =
        |bits| std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(bits)).expect("own it");
    mode(0o555);
    if std::fs::metadata(dir.path()).expect("there").uid() != 0 {
        assert_eq!(open(dir.path()).expect_err("read-only"), StoreError::ReadOnly);
    } else {
        // Root writes everywhere, so somebody else has to try.
        let mut soban = std::process::Command::new(env!("CARGO_BIN_EXE_soban"));
        soban
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(dir.path().join("data"))
            .uid(65534);
        match soban.output() {
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stdout).into_owned();
                assert!(said.contains("data_dir_read_only"), "{said}");
            }
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied, "{error}"),
        }
        let refused = StoreError::from(std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem));
        assert_eq!(refused, StoreError::ReadOnly);
    }
    mode(0o755);
}
