//! Today's program writes the golden bytes of its version, and reads those of every version.

use std::fs;

use serde_json::Value;
use tests::corpus::{VERSION, all, describe, folder};

#[test]
fn today_s_bytes_are_the_golden_ones() {
    for golden in all() {
        let path = folder(VERSION).join(format!("{}.bin", golden.name));
        let frozen = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(
            golden.bytes == frozen,
            "{} is written differently today: readers in the field do not know that. If it must be, make a new version",
            golden.name
        );
    }
}

#[test]
fn every_version_is_read_to_the_same_content() {
    let versions = fs::read_dir(folder(VERSION).join("..")).expect("the corpus");
    let mut read = 0;
    for version in versions
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
    {
        for file in fs::read_dir(version.path())
            .expect("a version")
            .filter_map(Result::ok)
        {
            let path = file.path();
            if path.extension().is_none_or(|extension| extension != "bin") {
                continue;
            }
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
            let found = describe(name, &fs::read(&path).expect("bytes"));
            let found = found.unwrap_or_else(|error| panic!("{}: {error:#}", path.display()));
            let expected = fs::read(path.with_extension("json")).expect("its JSON");
            let expected: Value = serde_json::from_slice(&expected).expect("JSON");
            assert_eq!(found, expected, "{}", path.display());
            read += 1;
        }
    }
    assert!(read >= all().len());
}
