use super::*;

/// Runs an import with ids `new-1`, `new-2` …
fn import(bytes: &[u8]) -> Result<ImportPreview, ImportError> {
    let mut count = 0;
    import_units_csv(bytes, &tree(), &mut || {
        count += 1;
        format!("new-{count}")
    })
}

fn created(preview: &ImportPreview) -> Vec<&Unit> {
    let units = preview.changes.iter().filter_map(|change| match change {
        ImportChange::Create { unit, .. } => Some(&**unit),
        _ => None,
    });
    units.collect()
}

/// Invented units in the columns of a table of mergers; the last row is real (domain §4.3).
const MERGERS: &str = "\
old_code,old_name,old_district_code,old_district,old_valid_to,new_code,new_name,new_valid_from,in_plan
09901,Phường Mẫu Một,099,TP Mẫu,2025-06-30,09990,Phường Mẫu Lớn,2025-07-01,0
09902,\"Xã Mẫu, Hai\",099,TP Mẫu,30/06/2025,09990,Phường Mẫu Lớn,01/07/2025,0
02863,Xã Hoàng Thu Phố,085,Huyện Bắc Hà,2025-06-30,02839,Xã Bắc Hà,2025-07-01,1
";

#[test]
fn a_table_of_mergers_makes_units_once_and_knows_ours() {
    let preview = import(MERGERS.as_bytes()).unwrap();
    assert_eq!(preview.problems, []);
    let units = created(&preview);
    let names: Vec<String> = units.iter().map(|unit| unit.full_name()).collect();
    assert_eq!(
        names,
        ["phường Mẫu Lớn", "thành phố Mẫu", "phường Mẫu Một", "xã Mẫu, Hai"]
    );
    assert_eq!(units[2].successors, ["new-1"]);
    assert_eq!(units[2].parents[0].id, "new-2");
    assert_eq!(units[0].parents[0].id, tree().by_code("15", TODAY).unwrap().id);
    assert_eq!(
        preview.unchanged, 3,
        "Hoàng Thu Phố, Bắc Hà district and Bắc Hà commune are known"
    );
    // What is proposed stands together with what we have.
    let all = tree().iter().cloned().chain(units.into_iter().cloned()).collect();
    assert!(UnitTree::from_units(all).is_ok());
}

#[test]
fn a_known_unit_learns_its_code_and_another_spelling() {
    // The code 09903 is invented; the merger is real.
    let csv = "old_code,old_name,old_district_code,old_district,old_valid_to,new_code,new_name,new_valid_from\n\
        09903,Na Hối,085,Bắc Hà,2025-06-30,02839,Bắc Hà,2025-07-01\n\
        02755,Tả Ngải Trồ,083,Mường Khương,2025-06-30,02752,Pha Long,2025-07-01\n";
    let preview = import(csv.as_bytes()).unwrap();
    let tree = tree();
    let (na_hoi, ta_ngai_cho) = (
        named(&tree, Level::Commune, "Na Hối"),
        named(&tree, Level::Commune, "Tả Ngải Chồ"),
    );
    assert_eq!(
        preview.changes,
        [
            ImportChange::SetCode {
                line: 2,
                id: na_hoi.id.clone(),
                code: "09903".into()
            },
            ImportChange::AddAlias {
                line: 3,
                id: ta_ngai_cho.id.clone(),
                alias: "Tả Ngải Trồ".into()
            },
        ]
    );
}

#[test]
fn a_commune_that_keeps_code_and_name_is_two_units() {
    // Invented: Mẫu takes in another commune and keeps its own code and name.
    let csv = "old_code,old_name,old_district_code,old_district,old_valid_to,new_code,new_name,new_valid_from\n\
        09990,Xã Mẫu,099,Mẫu,2025-06-30,09990,Xã Mẫu,2025-07-01\n\
        09991,Xã Mẫu Hai,099,Mẫu,2025-06-30,09990,Xã Mẫu,2025-07-01\n";
    let preview = import(csv.as_bytes()).unwrap();
    let communes: Vec<&Unit> = created(&preview)
        .into_iter()
        .filter(|unit| unit.level == Level::Commune)
        .collect();
    assert_eq!(communes.len(), 3);
    let old: Vec<&&Unit> = communes
        .iter()
        .filter(|unit| unit.valid_to == Some(LAST_OLD_DAY))
        .collect();
    assert_eq!(old.len(), 2);
    assert!(old.iter().all(|unit| unit.successors == ["new-1"]));
}

#[test]
fn a_plain_list_of_villages() {
    let csv = "\u{feff}level;code;name;parent_code;valid_from;valid_to\r\n\
        village;;Thôn Mẫu Mới;02842;01/07/2025;\r\n\
        village;;Bản Mẫu Cũ;02842;;30/06/2025\r\n\
        review_area;KV1;Khu vực 1;15;01/07/2025;\r\n";
    let preview = import(csv.as_bytes()).unwrap();
    assert_eq!(preview.problems, []);
    let units = created(&preview);
    assert_eq!(
        (units[0].name.as_str(), units[0].kind.as_str()),
        ("Mẫu Mới", "thôn")
    );
    let tree = tree();
    assert_eq!(
        units[0].parents[0].id,
        named(&tree, Level::Commune, "Lùng Cải").successors[0]
    );
    assert_eq!(
        units[1].parents[0].id,
        named(&tree, Level::Commune, "Lùng Cải").id
    );
    assert_eq!(units[2].level, Level::ReviewArea);
}

#[test]
fn villages_without_a_code_are_told_apart_by_their_commune() {
    let csv = "level,code,name,parent_code,valid_from,valid_to\n\
        village,,Bản Mẫu,02839,2025-07-01,\n\
        village,,Bản Mẫu,02842,2025-07-01,\n";
    let first = import(csv.as_bytes()).unwrap();
    let made = created(&first);
    assert_eq!(made.len(), 2, "one name, two communes");

    let known: Vec<Unit> = tree().iter().chain(made).cloned().collect();
    let known = UnitTree::from_units(known).unwrap();
    let again = import_units_csv(csv.as_bytes(), &known, &mut || unreachable!("nothing is new")).unwrap();
    assert_eq!((again.changes.as_slice(), again.unchanged), (&[][..], 2));
}

#[test]
fn every_bad_row_is_named_with_its_line_and_the_others_go_on() {
    let csv = "level,code,name,parent_code,valid_from,valid_to\n\
        xa,02842,A,,,\n\
        commune,2842,A,15,2025-07-01,\n\
        commune,09990,,15,2025-07-01,\n\
        commune,09991,A,15,2025-13-01,\n\
        commune,09992,A,15,2025-07-01,2025-06-30\n\
        village,,A,02855,2025-07-01,\n\
        commune,09993,Mẫu,15,2025-07-01,\n";
    let preview = import(csv.as_bytes()).unwrap();
    let problems: Vec<(usize, &str)> = preview
        .problems
        .iter()
        .map(|problem| (problem.line, problem.code))
        .collect();
    assert_eq!(
        problems,
        [
            (2, "level_unknown"),
            (3, "code_malformed"),
            (4, "name_missing"),
            (5, "date_malformed"),
            (6, "dates_backwards"),
            (7, "parent_unknown"),
        ]
    );
    assert_eq!(created(&preview).len(), 1);
    assert!(
        preview
            .problems
            .iter()
            .all(|problem| problem.message.has("vi") && problem.message.has("en"))
    );
}

#[test]
fn a_bad_row_of_mergers_changes_nothing() {
    let head =
        "old_code,old_name,old_district_code,old_district,old_valid_to,new_code,new_name,new_valid_from\n";
    for (row, code) in [
        (
            "0990,Mẫu,099,Mẫu,2025-06-30,09990,Mẫu Lớn,2025-07-01",
            "code_malformed",
        ),
        (
            "09901,Mẫu,099,Mẫu,2025-07-01,09990,Mẫu Lớn,2025-07-01",
            "dates_backwards",
        ),
        ("09901,Mẫu,099,Mẫu,,09990,Mẫu Lớn,2025-07-01", "date_malformed"),
        ("09901,Mẫu", "date_malformed"),
    ] {
        let preview = import(format!("{head}{row}\n").as_bytes()).unwrap();
        assert_eq!(
            (preview.changes.len(), preview.problems[0].code),
            (0, code),
            "{row}"
        );
    }
}

#[test]
fn files_that_cannot_be_read_say_what_to_do() {
    let head = b"level,code,name,parent_code,valid_from,valid_to\n".to_vec();
    let with = |row: &[u8]| [head.clone(), row.to_vec()].concat();
    for (bytes, code, line) in [
        (
            with(b"commune,09990,H\xb5 Th\xb5nh,15,,\n"),
            "text_not_unicode",
            None,
        ),
        (
            with("commune,09990,Hµ Thµnh,15,,\n".as_bytes()),
            "text_not_unicode",
            Some(2),
        ),
        (
            with("commune,09990,Laøo Cai,15,,\n".as_bytes()),
            "text_not_unicode",
            Some(2),
        ),
        (with(b"commune,\"09990,A,15,,\n"), "csv_malformed", Some(2)),
        (b"a,b\n1,2\n".to_vec(), "columns_missing", Some(1)),
        (Vec::new(), "columns_missing", Some(1)),
        (vec![b'a'; UNIT_CSV_BYTES_MAX + 1], "file_too_large", None),
    ] {
        let error = import(&bytes).unwrap_err();
        assert_eq!((error.code, error.line), (code, line));
        assert!(error.message.get("vi").contains("vui lòng"), "{code}");
    }
}
