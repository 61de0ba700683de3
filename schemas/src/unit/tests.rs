use jiff::civil::{Date, date};

use super::*;

fn tree() -> UnitTree {
    UnitTree::from_json_files(&[UNITS_JSON, DEMO_VILLAGES_JSON]).unwrap()
}

const BEFORE: Date = date(2024, 6, 30);
const LAST_OLD_DAY: Date = date(2025, 6, 30);
const FIRST_NEW_DAY: Date = date(2025, 7, 1);
const TODAY: Date = date(2026, 11, 23);

fn named<'t>(tree: &'t UnitTree, level: Level, name: &str) -> &'t Unit {
    let found: Vec<&Unit> = tree
        .iter()
        .filter(|unit| unit.level == level && unit.name == name)
        .collect();
    assert_eq!(found.len(), 1, "{name}");
    found[0]
}

#[test]
fn codes_belong_to_a_time() {
    let tree = tree();
    let name = |code: &str, on| tree.by_code(code, on).unwrap().full_name();
    assert_eq!(name("02842", TODAY), "xã Tả Củ Tỷ", "domain §0.5");
    assert_eq!(name("02842", BEFORE), "xã Lùng Cải");
    assert_eq!(name("02842", LAST_OLD_DAY), "xã Lùng Cải");
    assert_eq!(name("02842", FIRST_NEW_DAY), "xã Tả Củ Tỷ");
    assert_eq!(name("02854", TODAY), "xã Tả Củ Tỷ", "the only past holder");
    assert_eq!(name("10", TODAY), "tỉnh Lào Cai");
    assert_eq!(name("03076", BEFORE), "xã Nậm Chầy");
    assert_eq!(name("03076", TODAY), "xã Nậm Chày");
    assert_eq!(
        tree.by_code("99999", TODAY),
        Err(CodeError::Unknown("99999".into()))
    );
    assert!(
        matches!(tree.by_code("15", BEFORE), Err(CodeError::NotYet { candidates, .. }) if candidates.len() == 1)
    );
}

#[test]
fn a_code_with_two_past_holders_is_left_to_a_person() {
    let file = r#"{"units":[
        {"id":"a","level":"commune","official_code":"00001","name":"A","kind":"xã","valid_to":"2000-12-31"},
        {"id":"b","level":"commune","official_code":"00001","name":"B","kind":"xã","valid_from":"2001-01-01","valid_to":"2010-12-31"}]}"#;
    let tree = UnitTree::from_json(file).unwrap();
    assert_eq!(tree.by_code("00001", date(2005, 1, 1)).unwrap().id, "b");
    let Err(CodeError::Ambiguous { candidates, .. }) = tree.by_code("00001", TODAY) else {
        panic!("ambiguous")
    };
    assert_eq!(candidates, ["a", "b"]);
}

#[test]
fn the_ten_communes_of_the_plan_and_their_successors() {
    // Domain §4.3, row by row.
    let tree = tree();
    for (old, old_code, district, new, new_code) in [
        ("Hoàng Thu Phố", "02863", "085", "Bắc Hà", "02839"),
        ("Lùng Cải", "02842", "085", "Tả Củ Tỷ", "02842"),
        ("Dền Thàng", "02722", "082", "Dền Sáng", "02707"),
        ("Pa Cheo", "02737", "082", "Bản Xèo", "02725"),
        ("Nậm Chầy", "03076", "089", "Nậm Chày", "03076"),
        ("La Pan Tẩn", "02791", "083", "Cao Sơn", "02782"),
        ("Tả Thàng", "02794", "083", "Cao Sơn", "02782"),
        ("Lùng Khấu Nhin", "02776", "083", "Cao Sơn", "02782"),
        ("Tả Ngải Chồ", "02755", "083", "Pha Long", "02752"),
        ("Dìn Chin", "02764", "083", "Pha Long", "02752"),
    ] {
        let unit = tree.by_code(old_code, BEFORE).unwrap();
        assert_eq!(unit.name, old);
        let next = tree.by_code(new_code, TODAY).unwrap();
        assert_eq!(
            (next.name.as_str(), &unit.successors),
            (new, &vec![next.id.clone()])
        );
        let district = tree.by_code(district, BEFORE).unwrap();
        let province = tree.by_code("15", TODAY).unwrap();
        assert!(
            tree.covers(&district.id, &unit.id)
                && tree.covers(&next.id, &unit.id)
                && tree.covers(&province.id, &unit.id)
        );
        assert!(!tree.covers(&unit.id, &next.id) && !tree.covers(&district.id, &next.id));
        let villages = tree.descendants(&unit.id);
        assert!(
            (4..=6).contains(&villages.len()),
            "{old}: {} villages",
            villages.len()
        );
        for village in villages {
            assert_eq!(
                tree.commune_of(village, Some(BEFORE)).unwrap().id,
                unit.id,
                "the plan's old commune"
            );
            assert_eq!(tree.commune_of(village, Some(TODAY)).unwrap().id, next.id);
            assert_eq!(tree.commune_of(village, None).unwrap().id, next.id);
            assert!(tree.covers(&next.id, village) && tree.covers(&unit.id, village));
            assert!(tree.get(village).unwrap().invented);
        }
    }
}

#[test]
fn communes_of_communes() {
    let tree = tree();
    let old = named(&tree, Level::Commune, "Lùng Cải");
    assert_eq!(
        tree.commune_of(&old.id, None).unwrap().name,
        "Tả Củ Tỷ",
        "an ended commune stands for its successor"
    );
    assert_eq!(tree.commune_of(&old.id, Some(BEFORE)).unwrap().id, old.id);
    let new = named(&tree, Level::Commune, "Nậm Chày");
    assert_eq!(
        tree.commune_of(&new.id, Some(BEFORE)),
        None,
        "which of its parts is a guess"
    );
    assert_eq!(
        tree.commune_of(&tree.by_code("085", BEFORE).unwrap().id, None),
        None
    );
    assert_eq!(tree.commune_of("nothing", None), None);
}

#[test]
fn names_are_searched_folded_and_never_decide() {
    let tree = tree();
    let found: Vec<&str> = tree
        .by_name("nam chay")
        .iter()
        .map(|unit| unit.name.as_str())
        .collect();
    assert_eq!(found.len(), 2, "old and new commune: {found:?}");
    assert!(tree.by_name("xã Tả Củ Tỷ").len() == 2);
    assert!(
        tree.by_name("Tả Ngài Chồ")
            .iter()
            .any(|unit| unit.name == "Tả Ngải Chồ"),
        "aliases count"
    );
}

#[test]
fn containment_is_reflexive_and_transitive_and_the_two_ways_agree() {
    let tree = tree();
    for unit in tree.iter() {
        assert!(tree.covers(&unit.id, &unit.id));
        for above in tree.ancestors(&unit.id) {
            assert!(tree.descendants(above).contains(unit.id.as_str()));
            assert!(tree.ancestors(above).is_subset(&tree.ancestors(&unit.id)));
        }
    }
    assert!(!tree.covers("nothing", "nothing"));
}

#[test]
fn a_file_that_is_no_tree_is_refused() {
    let unit = |rest: &str| format!(r#"{{"id":"a","level":"commune","name":"A","kind":"xã"{rest}}}"#);
    let load = |units: &[String]| UnitTree::from_json(&format!(r#"{{"units":[{}]}}"#, units.join(",")));
    assert!(matches!(
        load(&[unit(""), unit("")]),
        Err(UnitsError::DuplicateId(_))
    ));
    assert!(matches!(
        load(&[unit(r#","successors":["b"]"#)]),
        Err(UnitsError::Dangling { .. })
    ));
    assert!(matches!(
        load(&[unit(r#","successors":["a"]"#)]),
        Err(UnitsError::Cycle(_))
    ));
    assert!(matches!(
        load(&[unit(r#","official_code":"123"#.to_owned().as_str()).replace("123", "123\"")]),
        Err(UnitsError::BadCode { .. })
    ));
    assert!(matches!(
        load(&[unit(r#","valid_from":"2020-01-02","valid_to":"2020-01-01""#)]),
        Err(UnitsError::Backwards(_))
    ));
    let twice = [
        unit(r#","official_code":"00001""#),
        unit(r#","official_code":"00001""#).replace(r#""id":"a""#, r#""id":"b""#),
    ];
    assert!(matches!(load(&twice), Err(UnitsError::CodeTwice { .. })));
    assert!(matches!(UnitTree::from_json("[]"), Err(UnitsError::Json(_))));
}

#[test]
fn every_unit_file_is_nfc_and_says_its_source() {
    for file in [UNITS_JSON, DEMO_VILLAGES_JSON] {
        assert_eq!(crate::text::nfc(file), file);
        assert!(file.contains("\"source\""));
    }
    for unit in tree().iter() {
        assert!(
            !unit.source.is_empty() && !unit.certainty.is_empty(),
            "{}",
            unit.name
        );
    }
}

mod import;
