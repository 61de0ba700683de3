//! Ethnic groups by their two-digit code: 54 of them, and 55 foreign, 56 unknown (domain §5).
//! Ethnic origin is sensitive personal data (Decree 356/2025 art. 4).

use std::sync::LazyLock;

use serde::Deserialize;

use crate::form::Label;
use crate::text::fold;

/// One ethnic group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EthnicGroup {
    /// Two digits, with the leading zero.
    pub code: String,
    /// Its name per language.
    pub label: Label,
    /// Other spellings, and local groups counted with it.
    pub aliases: Vec<String>,
    /// DTTS: every group but 01 Kinh; `None` for foreign and unknown.
    pub minority: Option<bool>,
    /// Living in Lào Cai in numbers, so worth offering first.
    pub in_lao_cai: bool,
}

#[derive(Deserialize)]
struct File {
    groups: Vec<EthnicGroup>,
}

static GROUPS: LazyLock<Vec<EthnicGroup>> = LazyLock::new(|| {
    let file: File =
        serde_json::from_str(include_str!("../data/ethnic.json")).expect("the file in the program is tested");
    file.groups
});

/// All groups in order of code.
#[must_use]
pub fn ethnic_groups() -> &'static [EthnicGroup] {
    &GROUPS
}

/// The group with this code.
#[must_use]
pub fn ethnic_group(code: &str) -> Option<&'static EthnicGroup> {
    GROUPS.iter().find(|group| group.code == code)
}

/// Whether the code is an ethnic minority (dân tộc thiểu số); `None` when that cannot be said.
#[must_use]
pub fn is_minority(code: &str) -> Option<bool> {
    ethnic_group(code)?.minority
}

/// The group that a paper list means: by code, name or alias, however it is spelt.
#[must_use]
pub fn ethnic_group_named(text: &str) -> Option<&'static EthnicGroup> {
    let wanted = fold(text);
    let named = |group: &&EthnicGroup| {
        let names = group
            .label
            .iter()
            .map(|(_, name)| name)
            .chain(group.aliases.iter().map(String::as_str));
        names.map(fold).any(|name| name == wanted)
    };
    ethnic_group(text.trim()).or_else(|| GROUPS.iter().find(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_four_groups_and_two_more() {
        let codes: Vec<String> = ethnic_groups().iter().map(|group| group.code.clone()).collect();
        let expected: Vec<String> = (1..=56).map(|code| format!("{code:02}")).collect();
        assert_eq!(codes, expected);
        let minorities = ethnic_groups()
            .iter()
            .filter(|group| group.minority == Some(true))
            .count();
        assert_eq!(minorities, 53);
    }

    #[test]
    fn codes_of_lao_cai() {
        // Domain §5.
        for (code, name) in [
            ("01", "Kinh"),
            ("02", "Tày"),
            ("03", "Thái"),
            ("04", "Hoa"),
            ("06", "Mường"),
            ("07", "Nùng"),
            ("08", "Mông"),
            ("09", "Dao"),
            ("25", "Giáy"),
            ("35", "Hà Nhì"),
            ("37", "Lào"),
            ("38", "La Chí"),
            ("40", "Phù Lá"),
            ("43", "Lô Lô"),
            ("49", "Bố Y"),
        ] {
            let group = ethnic_group(code).unwrap();
            assert_eq!(group.label.get("vi"), name);
            assert!(group.in_lao_cai);
        }
    }

    #[test]
    fn names_on_paper_lists() {
        for (text, code) in [
            ("H'Mông", "08"),
            ("hmông", "08"),
            ("MÔNG", "08"),
            ("Pa Dí", "02"),
            ("Tu Dí", "49"),
            ("9", ""),
            ("09", "09"),
        ] {
            assert_eq!(
                ethnic_group_named(text).map_or("", |group| &group.code),
                code,
                "{text}"
            );
        }
        assert_eq!(is_minority("01"), Some(false));
        assert_eq!(is_minority("08"), Some(true));
        assert_eq!(is_minority("56"), None);
        assert_eq!(is_minority("99"), None);
    }
}
