//! The Vietnamese order: a ă â b c d đ e ê …, tones level, huyền, hỏi, ngã, sắc, nặng (domain §5).
//!
//! Words are compared one after another, as dictionaries do: letters of the first word, its tone,
//! then the next word. Byte order would put Á and Đ after z.

use super::clean;
use super::unicode::{nfc, nfd};

/// Orders below every letter and digit, so that a shorter text stands first.
const END: char = '\u{1}';
/// Stands between two words.
const NEXT_WORD: char = '\u{2}';
/// Stands between the letters of a word and its tone.
const TONE: char = '\u{3}';
/// The first of the letters' weights; digits keep their own characters, which are lower.
const FIRST_LETTER: u8 = b'A';
/// Each vowel without a tone, then with each, in the order of [`TONES`].
const VOWELS: [&str; 12] = [
    "aàảãáạ",
    "ăằẳẵắặ",
    "âầẩẫấậ",
    "eèẻẽéẹ",
    "êềểễếệ",
    "iìỉĩíị",
    "oòỏõóọ",
    "ôồổỗốộ",
    "ơờởỡớợ",
    "uùủũúụ",
    "ưừửữứự",
    "yỳỷỹýỵ",
];
/// Level, huyền, hỏi, ngã, sắc, nặng.
const TONES: &str = "012345";
/// The alphabet; f, j, w and z stand where foreign words need them.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// A key whose byte order is the Vietnamese order. Two texts have the same key only when they are
/// the same after [`clean`], so the order is total. Capitals follow small letters.
#[must_use]
pub fn collation_key(text: &str) -> String {
    let text = clean(text);
    key_of(&mut text.split(' '), &text)
}

/// The key for lists of people: by given name, which is the last word, then by the rest.
#[must_use]
pub fn person_sort_key(full_name: &str) -> String {
    let name = clean(full_name);
    match name.rsplit_once(' ') {
        Some((rest, given)) => key_of(&mut std::iter::once(given).chain(rest.split(' ')), &name),
        None => key_of(&mut name.split(' '), &name),
    }
}

fn key_of(words: &mut dyn Iterator<Item = &str>, whole: &str) -> String {
    let mut key = String::with_capacity(whole.len() * 3);
    for (position, word) in words.enumerate() {
        if position > 0 {
            key.push(NEXT_WORD);
        }
        push_word(&mut key, word);
    }
    key.push(END);
    // Last, what letters and tones do not tell: capitals after small letters, then the text itself.
    key.extend(whole.chars().map(|c| if c.is_uppercase() { '1' } else { '0' }));
    key.push(END);
    key.push_str(whole);
    key
}

fn push_word(key: &mut String, word: &str) {
    let mut tones = String::new();
    let lower: String = word.chars().flat_map(char::to_lowercase).collect();
    for c in nfc(&lower).chars() {
        let (letter, tone) = letter_and_tone(c);
        if let Some(tone) = tone {
            tones.push(tone);
        }
        match ALPHABET.chars().position(|a| a == letter) {
            #[allow(clippy::cast_possible_truncation, reason = "the alphabet has 33 letters")]
            Some(place) => key.push(char::from(FIRST_LETTER + place as u8)),
            None if letter.is_ascii_digit() => key.push(letter),
            // Anything else follows the letters, by its code point.
            None => key.extend(['~', letter]),
        }
    }
    key.push(TONE);
    key.push_str(if tones.is_empty() { "0" } else { &tones });
}

/// Takes the tone off a letter: ộ is ô with nặng. The marks of ă â ê ô ơ ư belong to the letter.
fn letter_and_tone(c: char) -> (char, Option<char>) {
    if c.is_ascii() {
        return (c, None);
    }
    for vowel in VOWELS {
        if let Some(place) = vowel.chars().position(|typed| typed == c) {
            return (
                vowel.chars().next().unwrap_or(c),
                TONES.chars().nth(place).filter(|_| place > 0),
            );
        }
    }
    let mut tone = None;
    let letter: String = nfd(c.encode_utf8(&mut [0; 4]))
        .chars()
        .filter(|part| {
            let found = match part {
                '\u{300}' => '1',
                '\u{309}' => '2',
                '\u{303}' => '3',
                '\u{301}' => '4',
                '\u{323}' => '5',
                _ => return true,
            };
            tone = Some(found);
            false
        })
        .collect();
    (nfc(&letter).chars().next().unwrap_or(c), tone)
}
