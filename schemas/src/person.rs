//! Numbers that belong to people: personal ID, old identity card, phone; and the tax code of an
//! employer. What is hard to get wrong is a rule, everything else is a warning that never stops
//! anybody (domain §5).

use std::sync::LazyLock;

use serde::Deserialize;

/// Sex, as the ID number and the forms know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

impl Sex {
    /// Reads the code of the forms: `male`, `female`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "male" => Some(Self::Male),
            "female" => Some(Self::Female),
            _ => None,
        }
    }
}

/// What is odd about an ID number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdIssue {
    /// Not 12 digits: the only hard rule.
    NotTwelveDigits,
    /// The first three digits are neither a province nor a country of birth that we know.
    UnknownPrefix,
    /// The fourth digit says another sex.
    SexMismatch,
    /// The fourth to sixth digits say another year of birth.
    YearMismatch,
}

impl IdIssue {
    /// The stable code of a finding.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotTwelveDigits => "id_number_malformed",
            Self::UnknownPrefix => "id_number_prefix_unknown",
            Self::SexMismatch => "id_number_sex_mismatch",
            Self::YearMismatch => "id_number_year_mismatch",
        }
    }

    /// True for the rule, false for the warnings.
    #[must_use]
    pub fn is_error(self) -> bool {
        self == Self::NotTwelveDigits
    }
}

/// What 12 digits say: three of the place of birth registration, one of century and sex, two of the
/// year; the last six are random, and there is no check digit (Circular 07/2016/TT-BCA).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdParts {
    /// Province or country of birth registration; fixed for life, whatever merges.
    pub prefix: u16,
    /// The sex at registration.
    pub sex: Sex,
    /// The year of birth.
    pub birth_year: i16,
}

/// Takes an ID number apart. `None` unless it is 12 digits.
#[must_use]
pub fn id_parts(id_number: &str) -> Option<IdParts> {
    if id_number.len() != 12 || !is_digits(id_number) {
        return None;
    }
    let century_and_sex: i16 = id_number[3..4].parse().ok()?;
    let sex = if century_and_sex % 2 == 0 {
        Sex::Male
    } else {
        Sex::Female
    };
    let birth_year = 1900 + 100 * (century_and_sex / 2) + id_number[4..6].parse::<i16>().ok()?;
    Some(IdParts {
        prefix: id_number[..3].parse().ok()?,
        sex,
        birth_year,
    })
}

/// Everything odd about an ID number; nothing for an empty one, since many have none at hand.
#[must_use]
pub fn check_id_number(id_number: &str, sex: Option<Sex>, birth_year: Option<i16>) -> Vec<IdIssue> {
    if id_number.is_empty() {
        return Vec::new();
    }
    let Some(parts) = id_parts(id_number) else {
        return vec![IdIssue::NotTwelveDigits];
    };
    let mut issues = Vec::new();
    if !known_prefix(parts.prefix) {
        issues.push(IdIssue::UnknownPrefix);
    }
    if sex.is_some_and(|sex| sex != parts.sex) {
        issues.push(IdIssue::SexMismatch);
    }
    if birth_year.is_some_and(|year| year != parts.birth_year) {
        issues.push(IdIssue::YearMismatch);
    }
    issues
}

/// True for an old identity card number: 9 digits.
#[must_use]
pub fn is_legacy_id(text: &str) -> bool {
    text.len() == 9 && is_digits(text)
}

/// True for a tax code: 10 digits, or 10-3 for a branch.
#[must_use]
pub fn is_tax_code(text: &str) -> bool {
    match text.split_once('-') {
        Some((head, branch)) => head.len() == 10 && is_digits(head) && branch.len() == 3 && is_digits(branch),
        None => text.len() == 10 && is_digits(text),
    }
}

/// A phone number as it is stored: `0` and nine digits for a mobile, `02` and nine digits for a
/// landline. `+84`, `84`, spaces, dots and dashes are taken off. `None` for what is no Vietnamese
/// number. Phones are shared between households, so this is never an identity.
#[must_use]
pub fn normal_phone(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')' | '\u{a0}'))
        .collect();
    let digits = match digits.strip_prefix('+') {
        Some(international) => international.strip_prefix("84")?.to_owned(),
        None => digits,
    };
    if !is_digits(&digits) {
        return None;
    }
    // A number without its zero is national when its length says so: 84 912… but not 84 alone.
    let national = digits
        .strip_prefix('0')
        .or_else(|| digits.strip_prefix("84").filter(|rest| is_national(rest)))
        .unwrap_or(&digits);
    let with_zero =
        digits.starts_with('0') || national.len() < digits.len() || text.trim_start().starts_with('+');
    (with_zero && is_national(national)).then(|| format!("0{national}"))
}

/// A number without its zero: mobile 3 5 7 8 9 and eight digits, landline 2 and nine digits
/// (214 Lào Cai, 216 Yên Bái).
fn is_national(digits: &str) -> bool {
    match digits.as_bytes().first() {
        Some(b'3' | b'5' | b'7' | b'8' | b'9') => digits.len() == 9,
        Some(b'2') => digits.len() == 10,
        _ => false,
    }
}

/// How an ID number stands in lists: `010xxxxxx123`. Of a shorter number only the last three
/// digits are seen, and nothing of one with fewer than seven.
#[must_use]
pub fn mask_number(number: &str) -> String {
    let count = number.chars().count();
    let (head, tail) = match count {
        0..=6 => (0, 0),
        7..=10 => (0, 3),
        _ => (3, 3),
    };
    let seen = |place: usize| place < head || place >= count - tail;
    number
        .chars()
        .enumerate()
        .map(|(place, c)| if seen(place) { c } else { 'x' })
        .collect()
}

#[derive(Deserialize)]
struct Prefixes {
    first_country: u16,
    provinces: Vec<Prefix>,
}

#[derive(Deserialize)]
struct Prefix {
    prefix: String,
}

static PREFIXES: LazyLock<(u16, Vec<u16>)> = LazyLock::new(|| {
    let file: Prefixes = serde_json::from_str(include_str!("../data/id_prefixes.json"))
        .expect("the file in the program is tested");
    (
        file.first_country,
        file.provinces
            .iter()
            .filter_map(|known| known.prefix.parse().ok())
            .collect(),
    )
});

fn known_prefix(prefix: u16) -> bool {
    prefix >= PREFIXES.0 || PREFIXES.1.contains(&prefix)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_numbers() {
        // Invented numbers; the structure is domain §5.
        let male_1985 = "010085000123";
        for (id, sex, year, issues) in [
            (male_1985, Some(Sex::Male), Some(1985), vec![]),
            (male_1985, None, None, vec![]),
            (
                male_1985,
                Some(Sex::Female),
                Some(1985),
                vec![IdIssue::SexMismatch],
            ),
            (
                male_1985,
                Some(Sex::Male),
                Some(1986),
                vec![IdIssue::YearMismatch],
            ),
            ("015303000123", Some(Sex::Female), Some(2003), vec![]),
            ("003085000123", None, None, vec![IdIssue::UnknownPrefix]),
            ("140085000123", None, None, vec![]),
            ("", None, None, vec![]),
            ("01008500012", None, None, vec![IdIssue::NotTwelveDigits]),
            ("0100850001234", None, None, vec![IdIssue::NotTwelveDigits]),
            ("01008500012a", None, None, vec![IdIssue::NotTwelveDigits]),
            ("０10085000123", None, None, vec![IdIssue::NotTwelveDigits]),
        ] {
            assert_eq!(check_id_number(id, sex, year), issues, "{id} {sex:?} {year:?}");
        }
        assert!(IdIssue::NotTwelveDigits.is_error() && !IdIssue::SexMismatch.is_error());
    }

    #[test]
    fn prefixes_of_the_two_provinces() {
        assert!(known_prefix(10) && known_prefix(15));
        assert_eq!(PREFIXES.1.len(), 63, "the provinces of 2016");
    }

    #[test]
    fn phones() {
        for (text, stored) in [
            ("0912345678", Some("0912345678")),
            ("+84 912 345 678", Some("0912345678")),
            ("84912345678", Some("0912345678")),
            ("0912.345.678", Some("0912345678")),
            ("0214 3820 123", Some("02143820123")),
            ("+84 214 3820 123", Some("02143820123")),
            ("0845123456", Some("0845123456")),
            ("912345678", None),
            ("0112345678", None),
            ("09123", None),
            ("+1 202 555 0100", None),
            ("không có", None),
            ("", None),
        ] {
            assert_eq!(normal_phone(text).as_deref(), stored, "{text}");
        }
    }

    #[test]
    fn other_numbers() {
        assert!(is_legacy_id("063123456") && !is_legacy_id("06312345") && !is_legacy_id("06312345x"));
        assert!(is_tax_code("5300123456") && is_tax_code("5300123456-001"));
        assert!(!is_tax_code("5300123456-01") && !is_tax_code("530012345"));
    }

    #[test]
    fn masks() {
        for (number, masked) in [
            ("010085000123", "010xxxxxx123"),
            ("063123456", "xxxxxx456"),
            ("12345", "xxxxx"),
            ("", ""),
        ] {
            assert_eq!(mask_number(number), masked);
        }
    }
}
