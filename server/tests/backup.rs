//! The whole register into one file and back.

use server::access::enrol;
use server::audit::{Action, Actor, AuditEntry};
use server::store::sqlite::restore;
use server::store::{DeviceStore as _, MetaStore as _, StoreError, UserStore as _};
use server::{App, clock::Clock, config::Config};

use crate::app::{HOANG_THU_PHO, TestApp};

fn entry(test: &TestApp, action: Action) -> AuditEntry {
    AuditEntry::new(test.app.clock.now(), Actor::Cli, action, "project")
}

#[tokio::test]
async fn a_restored_register_is_as_it_was_in_a_new_epoch() {
    let test = TestApp::full();
    let cadre = test.add("cb", "commune_cadre", &[HOANG_THU_PHO]);
    let code = enrol::issue(&test.app.store, test.app.clock.now(), Actor::Cli, cadre.id)
        .expect("a code")
        .code;
    test.anon().enroll(&code.grouped(), 1).await.ok();
    let files = tempfile::tempdir().expect("a directory");
    let file = files.path().join("saved.db");
    test.app
        .store
        .backup(&file, entry(&test, Action::Backup))
        .expect("a backup while the server runs");
    test.add("sau", "admin", &[]);

    let restored = entry(&test, Action::Restore);
    let refused = restore(test.dir.path(), &file, [7; 16], &restored).expect_err("the server runs");
    assert_eq!(refused, StoreError::InUse);
    let newest = test.app.store.certs_since(0, 10).expect("certificates")[0].serial;
    let epoch = test.app.keys.epoch;
    let TestApp { app, router, dir, .. } = test;
    drop((app, router));

    let kept = restore(dir.path(), &file, [7; 16], &restored)
        .expect("restored")
        .expect("the old one is kept");
    assert!(
        kept.file_name()
            .expect("a name")
            .to_string_lossy()
            .starts_with("soban.db.before-restore-")
    );
    let app = App::open(Config::new(dir.path()), Clock::system()).expect("a register");
    assert_eq!(app.store.keys().expect("keys").epoch, [7; 16]);
    assert_ne!(epoch, [7; 16]);
    assert!(app.store.user_by_login("cb").expect("store").is_some());
    assert!(app.store.user_by_login("sau").expect("store").is_none());
    let certs = app.store.certs_since(newest, 10).expect("certificates");
    assert_eq!(
        certs.len(),
        1,
        "phones take the certificates of the restored register for newer"
    );
    assert!(server::view::rebuild::check(&app).expect("readable").is_sound());
}

#[test]
fn nothing_is_overwritten() {
    let test = TestApp::full();
    let file = test.dir.path().join("saved.db");
    std::fs::write(&file, "của người khác").expect("a file");
    let refused = test
        .app
        .store
        .backup(&file, entry(&test, Action::Backup))
        .expect_err("there already");
    assert_eq!(refused, StoreError::FileExists);
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), "của người khác");
}

#[test]
fn what_is_no_backup_replaces_nothing() {
    let test = TestApp::full();
    let files = tempfile::tempdir().expect("a directory");
    let file = files.path().join("broken.db");
    let restored = entry(&test, Action::Restore);
    let TestApp { app, router, dir, .. } = test;
    let project = app.keys.project;
    drop((app, router));
    assert_eq!(
        restore(dir.path(), &file, [7; 16], &restored),
        Err(StoreError::FileMissing)
    );
    std::fs::write(&file, "không phải bản sao lưu").expect("a file");
    assert!(matches!(
        restore(dir.path(), &file, [7; 16], &restored),
        Err(StoreError::Damaged(_))
    ));
    let app = App::open(Config::new(dir.path()), Clock::system()).expect("the old register");
    assert_eq!(app.keys.project, project);
    let left: Vec<_> = std::fs::read_dir(dir.path())
        .expect("a directory")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().contains("restoring")),
        "{left:?}"
    );
}
