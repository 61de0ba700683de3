//! The home directory: locks, versions, full disks, damage.

use serde_json::json;
use sync_core::policy::Role;

use crate::world::{Link, World, open, village};

#[test]
fn enrolment_survives_a_lost_reply_with_the_same_key() {
    let world = World::new();
    let mut a = world.unenrolled("Sùng", Role::CommuneCadre, village().1);
    assert_eq!(a.status_code(), "not_enrolled");
    a.line.link = Link::Dead;
    assert_eq!(a.enroll("Sùng").expect_err("lost").code(), "connection_cut");
    let first = world
        .server
        .borrow()
        .certs
        .values()
        .next()
        .expect("enrolled")
        .public_key;
    let mut a = a.restart();
    a.line.link = Link::Good;
    assert_eq!(
        a.enroll("sai mã").expect_err("no such code").code(),
        "enrolment_code_unknown"
    );
    a.enroll("Sùng").expect("the same code again");
    assert!(
        world
            .server
            .borrow()
            .certs
            .values()
            .all(|cert| cert.public_key == first)
    );
    assert_eq!(a.enroll("Sùng").expect_err("twice").code(), "already_enrolled");
    let a = a.restart();
    assert_eq!(a.status()["units"][0]["id"], village().1.to_string());
}

impl crate::world::Held {
    fn status_code(&self) -> String {
        self.phone.status("vi").expect_err("an error").code()
    }
}

#[test]
fn a_home_in_use_is_not_opened_twice() {
    let world = World::new();
    let a = world.cadre("Sùng");
    let error = open(a.home.path(), &a.clock, 9).err().expect("in use");
    assert_eq!(error.code(), "home_in_use");
}

#[test]
fn a_full_disk_refuses_the_new_and_keeps_the_old() {
    let world = World::new();
    let mut a = world.cadre("Sùng");
    let id = a.household(json!({ "head_name": "Lý A Sì" }));
    a.phone.store().limit_pages(1).expect("a limit");
    let long = "ngô ".repeat(20);
    let mut code = String::new();
    for _ in 0..200 {
        let answers = json!({ "village_id": village().0.to_string(), "head_name": long });
        if let Err(error) = a.phone.new_record("household", None, &answers) {
            code = error.code();
            break;
        }
    }
    assert_eq!(code, "disk_full");
    let a = a.restart();
    assert_eq!(a.data(&id, "head_name"), "Lý A Sì");
}

#[test]
fn a_later_version_a_foreign_file_and_damage_have_names_and_are_not_touched() {
    let clock = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(1));
    let code = |home: &std::path::Path| open(home, &clock, 1).err().map(|error| error.code());
    let home = tempfile::tempdir().expect("a directory");
    drop(open(home.path(), &clock, 1).expect("a fresh home"));
    let file = home.path().join("phone.db");
    let db = rusqlite::Connection::open(&file).expect("the database");
    db.pragma_update(None, "user_version", 99).expect("a version");
    drop(db);
    let before = std::fs::read(&file).expect("bytes");
    assert_eq!(code(home.path()).as_deref(), Some("home_newer"));
    assert_eq!(std::fs::read(&file).expect("bytes"), before);

    let foreign = tempfile::tempdir().expect("a directory");
    let db = rusqlite::Connection::open(foreign.path().join("phone.db")).expect("a database");
    db.execute_batch("CREATE TABLE song (title TEXT)")
        .expect("a table");
    drop(db);
    assert_eq!(code(foreign.path()).as_deref(), Some("home_damaged"));

    let damaged = tempfile::tempdir().expect("a directory");
    std::fs::write(
        damaged.path().join("phone.db"),
        b"not a database at all, but long enough to be read as one..",
    )
    .expect("a file");
    assert_eq!(code(damaged.path()).as_deref(), Some("home_damaged"));

    let blocked = tempfile::tempdir().expect("a directory");
    std::fs::write(blocked.path().join("home"), b"a file").expect("a file");
    assert!(code(&blocked.path().join("home")).is_some());
}

#[test]
fn a_damaged_bundle_has_a_name_and_keeps_what_came_before() {
    let world = World::new();
    let (mut a, mut b) = (world.cadre("Sùng"), world.head("Páo"));
    let folder = tempfile::tempdir().expect("a directory");
    let file = folder.path().join("a.sbb");
    for number in 0..5 {
        a.household(json!({ "livestock": number }));
        a.phone
            .export(&file, false)
            .expect("each export closes an envelope");
    }
    b.sync();
    let bytes = std::fs::read(&file).expect("a bundle");
    let import = |b: &mut crate::world::Held, bytes: &[u8]| {
        let file = folder.path().join("b.sbb");
        std::fs::write(&file, bytes).expect("a file");
        b.phone.import(&file, "vi").map_err(|error| error.code())
    };
    assert_eq!(
        import(&mut b, &bytes[..bytes.len() * 3 / 4]),
        Err("bundle_truncated".to_owned())
    );
    let some = b.phone.list("household", None).expect("a list")["items"]
        .as_array()
        .map_or(0, Vec::len);
    assert!((1..5).contains(&some), "{some}");
    let mut flipped = bytes.clone();
    let at = bytes.len() * 3 / 4;
    flipped[at] ^= 1;
    assert_eq!(import(&mut b, &flipped), Err("bundle_damaged".to_owned()));
    assert_eq!(import(&mut b, b"a photo"), Err("not_a_bundle".to_owned()));
    let missing = b
        .phone
        .import(&folder.path().join("none"), "vi")
        .expect_err("no file");
    assert_eq!(missing.code(), "file_missing");
    let told = import(&mut b, &bytes).expect("whole");
    assert_eq!(told["refused"], json!([]));
    assert_eq!(
        b.phone.list("household", None).expect("a list")["items"]
            .as_array()
            .map(Vec::len),
        Some(5)
    );
    let unwritable = a
        .phone
        .export(&folder.path().join("no/such/folder"), false)
        .expect_err("no folder");
    assert_eq!(unwritable.code(), "file_missing");
}
