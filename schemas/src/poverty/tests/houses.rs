//! The six indicators that the house decides, both ways and at their limits: annex of Decree
//! 07/2021/NĐ-CP.

use super::*;

fn with_house(change: impl FnOnce(&mut House)) -> impl FnOnce(&mut AssessmentInput<'static>) {
    move |input| change(&mut input.house)
}

fn text(code: &str) -> Option<String> {
    Some(code.to_owned())
}

#[test]
fn housing_quality() {
    let (good, bad) = (Some(true), Some(false));
    for (case, durable, expected) in [
        ("annex 7: all durable", [good, good, good], Some(false)),
        ("annex 7: one of three", [bad, good, good], Some(false)),
        ("annex 7: two of three", [bad, good, bad], Some(true)),
        ("annex 7: all three", [bad, bad, bad], Some(true)),
        ("two known bad decide", [bad, bad, None], Some(true)),
        ("two known good decide", [good, good, None], Some(false)),
        ("open", [bad, good, None], None),
        ("not answered", [None, None, None], None),
    ] {
        assert_eq!(
            deprived("housing_quality", with_house(|house| house.durable = durable)),
            expected,
            "{case}"
        );
    }
}

#[test]
fn housing_area() {
    for (case, area_m2, expected) in [
        ("annex 8: exactly 8 m² per person", Some(16.0), Some(false)),
        ("annex 8: under 8 m² per person", Some(15.9), Some(true)),
        ("not answered", None, None),
    ] {
        assert_eq!(
            deprived("housing_area", with_house(|house| house.area_m2 = area_m2)),
            expected,
            "{case}"
        );
    }
    let declared = |input: &mut AssessmentInput<'static>| {
        input.members.clear();
        (input.declared_count, input.house.area_m2) = (Some(6), Some(47.0));
    };
    assert_eq!(
        deprived("housing_area", declared),
        Some(true),
        "by the declared number where nobody is listed"
    );
}

#[test]
fn water_and_toilet() {
    for (field, good, bad) in [
        (
            "water",
            vec![
                "tap",
                "drilled_well",
                "protected_dug_well",
                "protected_spring",
                "rain",
                "bottled",
            ],
            vec!["unprotected_dug_well", "unprotected_spring", "surface", "other"],
        ),
        (
            "toilet",
            vec![
                "septic",
                "semi_septic",
                "pour_flush",
                "vip",
                "pit_slab",
                "double_vault",
            ],
            vec!["other", "none"],
        ),
    ] {
        let answer = |code: Option<String>| {
            deprived(
                field,
                with_house(|house| {
                    if field == "water" {
                        house.water_source = code
                    } else {
                        house.toilet_type = code
                    }
                }),
            )
        };
        for code in good {
            assert_eq!(answer(text(code)), Some(false), "annex 9 and 10: {code}");
        }
        for code in bad {
            assert_eq!(answer(text(code)), Some(true), "annex 9 and 10: {code}");
        }
        assert_eq!(answer(None), None);
    }
}

#[test]
fn telecom_and_devices() {
    for (case, uses, expected) in [
        ("annex 11: a member uses the internet", Some(true), Some(false)),
        ("annex 11: nobody does", Some(false), Some(true)),
        ("not answered", None, None),
    ] {
        assert_eq!(
            deprived("telecom", with_house(|house| house.has_internet = uses)),
            expected,
            "{case}"
        );
    }
    for device in [
        "tv",
        "radio",
        "desktop",
        "phone",
        "laptop",
        "tablet",
        "smartphone",
    ] {
        let one = with_house(|house| house.devices = [device.to_owned()].into());
        assert_eq!(deprived("info_device", one), Some(false), "annex 12: {device}");
    }
    assert_eq!(
        deprived("info_device", with_house(|house| house.devices.clear())),
        Some(true),
        "annex 12: none"
    );
    let unopened = with_house(|house| (house.devices, house.has_internet) = (Default::default(), None));
    assert_eq!(deprived("info_device", unopened), None, "not asked");
}
