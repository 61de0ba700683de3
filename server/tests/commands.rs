//! The commands of `soban`, as whoever runs the machine types them.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::app::TestApp;

fn soban(dir: &Path, arguments: &[&str]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soban"));
    command
        .args(arguments)
        .arg("--data")
        .arg(dir)
        .env_remove("SOBAN_LANG")
        .env_remove("SOBAN_DATA");
    read(&command.stdin(Stdio::null()).output().expect("soban runs"))
}

fn read(output: &Output) -> (i32, Value) {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    assert_eq!(text.lines().count(), 1, "one JSON object: {text}");
    (
        output.status.code().expect("an exit code"),
        serde_json::from_str(&text).expect("JSON"),
    )
}

#[test]
fn people_and_devices_beside_a_running_server() {
    let test = TestApp::full();
    let dir = test.dir.path();
    let (exit, admin) = soban(
        dir,
        &["user", "add", "quantri", "--name", "Quản Trị", "--role", "admin"],
    );
    assert_eq!(exit, 0, "{admin}");
    assert_eq!(admin["password"].as_str().expect("a password").len(), 19);
    let cadre = [
        "user",
        "add",
        "cb",
        "--name",
        "Sùng Seo Dìn",
        "--role",
        "commune_cadre",
        "--unit",
        "02863",
    ];
    let (exit, cadre) = soban(dir, &cadre);
    assert_eq!(
        (exit, cadre["units"][0]["name"].as_str()),
        (0, Some("xã Hoàng Thu Phố"))
    );
    assert_eq!(cadre.get("password"), None);

    let (exit, code) = soban(dir, &["enroll", "cb"]);
    assert_eq!(exit, 0);
    assert_eq!(code["code"].as_str().expect("a code").len(), 12);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let device = runtime
        .block_on(test.anon().enroll(code["code"].as_str().expect("a code"), 1))
        .ok();
    let id = device["device_id"].as_str().expect("an id");
    assert_eq!(soban(dir, &["device", "list"]).1["items"][0]["id"], id);
    assert_eq!(soban(dir, &["device", "revoke", id]).1["id"], id);
    let phone = test.anon().phone(device["token"].as_str().expect("a token"));
    assert_eq!(
        runtime.block_on(phone.get("/api/v1/session")).code(),
        "device_revoked",
        "the server sees it"
    );

    assert_eq!(soban(dir, &["user", "disable", "cb"]).0, 0);
    let list = soban(dir, &["user", "list"]).1;
    assert_eq!(list["items"].as_array().expect("rows").len(), 2);
    assert_eq!(soban(dir, &["check"]).1["sound"], true);
}

#[test]
fn refusals_have_a_code_in_the_language_asked_for() {
    let test = TestApp::full();
    let (exit, refused) = soban(test.dir.path(), &["enroll", "khongco"]);
    assert_eq!(
        (exit, refused["error"]["code"].as_str()),
        (1, Some("user_unknown"))
    );
    assert_eq!(refused["error"]["message"], "Không có người dùng này");
    let (_, refused) = soban(test.dir.path(), &["--lang", "en", "enroll", "khongco"]);
    assert_eq!(refused["error"]["message"], "There is no such user");
    let (exit, usage) = soban(test.dir.path(), &["enroll"]);
    assert_eq!((exit, usage["error"]["code"].as_str()), (2, Some("usage")));
    let empty = tempfile::tempdir().expect("a directory");
    assert_eq!(
        soban(empty.path(), &["user", "list"]).1["error"]["code"],
        "data_dir_missing"
    );
}

#[test]
fn import_backup_and_restore() {
    let files = tempfile::tempdir().expect("a directory");
    let path = |name: &str| files.path().join(name).to_str().expect("UTF-8").to_owned();
    std::fs::write(
        path("villages.csv"),
        "level,code,name,parent_code,valid_from,valid_to\nvillage,,Bản Mẫu,02839,2025-07-01,\n",
    )
    .expect("a file");
    let test = TestApp::full();
    let dir = test.dir.path();
    assert_eq!(
        soban(dir, &["import", "units", &path("villages.csv")]).1["created"],
        1
    );
    assert_eq!(
        soban(dir, &["import", "units", &path("none.csv")]).1["error"]["code"],
        "file_missing"
    );
    assert_eq!(soban(dir, &["backup", &path("saved.db")]).0, 0);
    assert_eq!(
        soban(dir, &["backup", &path("saved.db")]).1["error"]["code"],
        "file_exists"
    );
    assert_eq!(
        soban(dir, &["restore", &path("saved.db")]).1["error"]["code"],
        "data_dir_in_use"
    );
    let elsewhere = files.path().join("new");
    assert_eq!(
        soban(&elsewhere, &["restore", &path("saved.db")]).1["kept"],
        Value::Null
    );
    assert_eq!(soban(&elsewhere, &["check"]).1["sound"], true);
}

#[test]
fn help_is_in_the_language_of_its_reader() {
    let help = |lang: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_soban"))
            .args(["--lang", lang, "--help"])
            .output();
        String::from_utf8(output.expect("soban runs").stdout).expect("UTF-8")
    };
    assert!(help("vi").contains("Sao lưu"), "{}", help("vi"));
    assert!(help("en").contains("Back up"), "{}", help("en"));
}
