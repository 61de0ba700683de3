//! The server as its users meet it: one binary, one file per resource, stories with actors.

mod app;
mod phone;

mod audit;
mod backup;
mod commands;
mod data_dir;
mod demo;
mod device_status;
mod devices;
mod enroll;
mod exports;
mod imports;
mod imports_reference;
mod listener;
mod live;
mod odata;
mod openapi;
mod people;
mod problems;
mod publish;
mod reference;
mod reports;
mod session;
mod shell;
mod users;

/// A story nobody runs proves nothing.
#[test]
fn every_file_here_is_part_of_this_binary() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let listed = include_str!("main.rs");
    for entry in std::fs::read_dir(dir).expect("the tests are here") {
        let name = entry
            .expect("a file")
            .file_name()
            .into_string()
            .expect("a name in UTF-8");
        if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") {
            assert!(
                listed.contains(&format!("mod {module};")),
                "tests/{name} is forgotten in main.rs"
            );
        }
    }
}
