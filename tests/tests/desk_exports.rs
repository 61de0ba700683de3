//! What leaves the desk, read by programs that are not ours: LibreOffice, an OData client, Schemathesis.

use std::process::Command;

use serde_json::Value;
use tests::programs::{Demo, OFFICER};
use tests::python;

const PASSWORD: &str = "chi-dung-de-thu";

/// The program of LibreOffice that runs without a screen.
fn office() -> String {
    std::env::var("SOBAN_SOFFICE").unwrap_or_else(|_| "soffice".to_owned())
}

#[test]
fn libreoffice_reads_a_workbook_with_types_heads_and_vietnamese() {
    let demo = Demo::start();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("household.xlsx");
    let name = file.display().to_string();
    let done = demo.command(&["export", "household", &name, "--labels", "--reason", "kiểm thử"]);
    assert_eq!(done["masked"], false, "{done}");
    let again = demo.command(&["export", "household", &name]);
    assert_eq!(
        again["error"]["code"], "file_exists",
        "a file that is there is left alone"
    );

    // Sheet by sheet, as text in UTF-8, with every cell as it is stored and text in quotes: numbers have none.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1";
    convert(folder.path(), &file, filter);
    let sheet = |name: &str| {
        let path = folder.path().join(format!("household-{name}.csv"));
        std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("there is no sheet {name}"))
    };
    let lines: Vec<String> = demo_heads(&sheet("Nhân khẩu"));
    assert!(
        lines[0].contains("\"Họ và tên\"") && lines[0].contains("\"Ngày sinh\""),
        "{}",
        lines[0]
    );
    let listed = done["records"].as_u64().expect("a number");
    let title = sheet_names(folder.path(), "household-")
        .into_iter()
        .find(|name| name != "Nhân khẩu" && name != "Ghi chú" && name.contains('ộ'));
    let main = sheet(&title.expect("the main sheet"));
    assert_eq!(demo_heads(&main).len() as u64, listed + 1);
    assert!(main.contains("\"Nông thôn\"") && !main.contains("•••"));
    let born = main
        .lines()
        .next()
        .expect("heads")
        .split(',')
        .position(|head| head.contains("Năm sinh chủ hộ"));
    if let Some(born) = born {
        let row = main.lines().nth(1).expect("a row");
        let year = row.split(',').nth(born).map(|cell| cell.trim_matches('"'));
        let year = year.filter(|year| !year.is_empty()).expect("a year");
        // What LibreOffice took the cells for, as it writes it down itself.
        convert(folder.path(), &file, "fods");
        let typed = std::fs::read_to_string(folder.path().join("household.fods")).expect("typed cells");
        let number = format!("office:value-type=\"float\" office:value=\"{year}\"");
        assert!(typed.contains(&number), "a year is a number");
        assert!(typed.contains("office:value-type=\"date\""), "a moment is a date");
    }
    assert!(sheet("Ghi chú").contains("kiểm thử"), "the note says why");
}

/// Lets LibreOffice write `file` in another format, beside it.
fn convert(folder: &std::path::Path, file: &std::path::Path, format: &str) {
    let output = Command::new(office())
        .arg(format!(
            "-env:UserInstallation=file://{}/profile",
            folder.display()
        ))
        .args(["--headless", "--convert-to", format, "--outdir"])
        .arg(folder)
        .arg(file)
        .output()
        .expect("LibreOffice is installed (SOBAN_SOFFICE says where)");
    python::said(&output).expect("LibreOffice converts");
}

fn demo_heads(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn sheet_names(folder: &std::path::Path, start: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    names
        .filter_map(|name| Some(name.strip_prefix(start)?.strip_suffix(".csv")?.to_owned()))
        .collect()
}

#[test]
fn a_client_that_knows_only_the_address_reads_the_feed() {
    let demo = Demo::start();
    let packages = python::environment("odata").expect("the client");
    let url = format!("{}/api/v1/odata/", demo.url);
    let said = python::script(&packages, "read_feed.py", &[&url, OFFICER, PASSWORD]).expect("reads");
    let said: Value = serde_json::from_str(&said).expect("JSON");
    let listed = demo.officer(OFFICER).get("odata/household?$count=true&$top=0");
    assert_eq!(said["households"], listed["@odata.count"]);
    assert!(
        said["sets"]
            .as_array()
            .is_some_and(|sets| sets.iter().any(|set| set == "household__members")),
        "{said}"
    );
    let poor = said["poor"].as_array().expect("rows");
    assert_eq!(poor.len(), 5);
    assert!(poor.iter().all(|row| row[0] == "poor" && row[2] == "•••"));
    assert!(
        poor.windows(2)
            .all(|pair| pair[0][1].as_i64() >= pair[1][1].as_i64()),
        "{poor:?}"
    );
}

#[test]
fn whatever_the_api_describes_it_answers_as_described() {
    let demo = Demo::start();
    let packages = python::environment("schemathesis").expect("Schemathesis");
    let cookie = demo.officer(OFFICER).cookie().to_owned();
    let checks =
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    let mut command = Command::new(packages.join("bin/schemathesis"));
    command
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", demo.url))
        .args(["--header", &format!("cookie: {cookie}"), "--checks", checks])
        .args([
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            "10",
            "--max-time",
            "60",
            "--seed",
            "1",
        ])
        .args(["--no-shrink", "--warnings", "off", "--continue-on-failure"])
        .current_dir(packages.join("bin"));
    // Frames have fuzzers of their own; the others would end the session that asks.
    for operation in [
        "sync_device",
        "delete_session",
        "update_user_password",
        "disable_user",
    ] {
        command.args(["--exclude-operation-id", operation]);
    }
    let output = command.output().expect("runs");
    if let Err(found) = python::said(&output) {
        panic!("{found}");
    }
}
