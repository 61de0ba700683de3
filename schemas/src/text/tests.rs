use proptest::prelude::*;

use super::*;

#[test]
fn folding_follows_the_domain_page() {
    for (text, folded) in [
        ("Đào", "dao"),
        ("Nguyễn", "nguyen"),
        ("  Giàng\u{200b} A   Sình ", "giang a sinh"),
        ("LÙNG CẢI", "lung cai"),
        ("Nậm Chầy", "nam chay"),
        ("Hoà", "hoa"),
        ("ƯỚC MƠ", "uoc mo"),
        ("", ""),
    ] {
        assert_eq!(fold(text), folded, "{text}");
    }
    assert_eq!(fold_search("Lý"), fold_search("Lí"));
    assert_ne!(fold("Lý"), fold("Lí"));
}

#[test]
fn stored_text_is_nfc_and_keeps_identity() {
    assert_eq!(nfc("o\u{323}\u{302}"), "ộ");
    assert_eq!(nfc("o\u{302}\u{323}"), "ộ");
    assert_eq!(clean(" Ma\u{feff}\u{a0}A\t Đề\n"), "Ma A Đề");
    assert_ne!(clean("Hoà"), clean("Hòa"), "tone placement is not repaired");
    assert_eq!(clean("a \u{7} b"), "a b");
    assert_eq!(clean_lines("Một\r\n\n hai  ba \n\n"), "Một\n\nhai ba");
}

#[test]
fn vietnamese_order_of_letters_and_tones() {
    let sorted = [
        "a", "ba", "ba ba", "bà", "bả", "bã", "bá", "bạ", "ban", "bă", "bâ", "da", "đa", "e", "ê", "ơ", "u",
        "ư",
    ];
    for pair in sorted.windows(2) {
        assert!(
            collation_key(pair[0]) < collation_key(pair[1]),
            "{} < {}",
            pair[0],
            pair[1]
        );
    }
    assert!(collation_key("Đ") > collation_key("d"));
    assert!(collation_key("Đ") < collation_key("e"));
    assert!(collation_key("Thôn 2") < collation_key("Thôn A"));
}

#[test]
fn people_sort_by_given_name() {
    let mut names = [
        "Vàng A Sùng",
        "Giàng A Sình",
        "Ma A Đề",
        "Thào Thị Súa",
        "Lù A Sình",
        "Sùng Seo Dìn",
    ];
    names.sort_by_key(|name| person_sort_key(name));
    assert_eq!(
        names,
        [
            "Sùng Seo Dìn",
            "Ma A Đề",
            "Giàng A Sình",
            "Lù A Sình",
            "Thào Thị Súa",
            "Vàng A Sùng"
        ]
    );
}

#[test]
fn old_encodings_are_noticed_and_vietnamese_is_not() {
    for (text, found) in [
        ("Hµ Néi", Some(Legacy::Tcvn3)),
        ("Giµng A S×nh", Some(Legacy::Tcvn3)),
        ("x· B¶n XÌo", Some(Legacy::Tcvn3)),
        ("Vieät Nam, Laøo Cai", Some(Legacy::Vni)),
        ("Nguyeãn Thò Hoàng Ñöùc", Some(Legacy::Vni)),
        ("Khoâng", Some(Legacy::Vni)),
        ("Nguyễn Thị Hoà, xã Bản Xèo · thôn 1", None),
        ("Lào Cai·Yên Bái, 5 m², 3 µm", None),
        ("naïve café", None),
        ("Citroën", None),
    ] {
        assert_eq!(legacy_encoding(text), found, "{text}");
    }
    assert_eq!(looks_like_legacy_encoding("Dền Sáng".as_bytes()), None);
    assert_eq!(looks_like_legacy_encoding(b"H\xb5 N\xe9i"), Some(Legacy::Tcvn3));
    assert_eq!(
        looks_like_legacy_encoding(&[0xff, 0xfe, 0x41]),
        Some(Legacy::Unknown)
    );
}

const SYLLABLES: [&str; 24] = [
    "Giàng",
    "Sùng",
    "Thào",
    "Vàng",
    "Lù",
    "Má",
    "Cư",
    "Hảng",
    "Tráng",
    "Lầu",
    "Ly",
    "Lý",
    "A",
    "Thị",
    "Seo",
    "Sình",
    "Đề",
    "Dìn",
    "Súa",
    "Phượng",
    "Nghĩa",
    "Quỳnh",
    "Ước",
    "Diễm",
];

fn vietnamese() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&SYLLABLES[..]), 1..6).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(text in any::<String>()) {
        let once = clean(&text);
        prop_assert_eq!(clean(&once), once);
    }

    #[test]
    fn folded_vietnamese_is_ascii(text in vietnamese()) {
        prop_assert!(fold(&text).is_ascii());
        prop_assert!(fold(&text.to_uppercase()) == fold(&text));
        prop_assert_eq!(legacy_encoding(&text), None);
    }

    #[test]
    fn the_order_is_total_and_agrees_with_equality(a in vietnamese(), b in vietnamese()) {
        for key in [collation_key, person_sort_key] {
            prop_assert_eq!(key(&a) == key(&b), clean(&a) == clean(&b));
        }
    }

    #[test]
    fn the_order_does_not_depend_on_how_letters_were_typed(a in vietnamese()) {
        use unicode_normalization::UnicodeNormalization;
        let typed: String = a.nfd().collect();
        prop_assert_eq!(collation_key(&typed), collation_key(&a));
        prop_assert_eq!(fold(&typed), fold(&a));
    }
}

#[test]
fn every_vietnamese_letter_folds_to_ascii() {
    for letter in "aăâeêioôơuưyđ".chars() {
        for tone in ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"] {
            let typed = format!("{letter}{tone}");
            assert!(fold(&nfc(&typed)).is_ascii(), "{typed}");
            assert!(fold(&nfc(&typed).to_uppercase()).is_ascii(), "{typed}");
        }
    }
}
