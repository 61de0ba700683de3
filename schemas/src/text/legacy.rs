//! Text from before Unicode. TCVN3 (fonts named `.VnTime`) and VNI put Vietnamese letters in the
//! places of Western ones; read as Unicode they look like `Hµ Néi` and `Haø Noäi`. Such text is
//! detected and refused, never guessed at (domain §5).

/// How text that is not Unicode is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legacy {
    /// TCVN 5712:1993, fonts `.VnTime` and their like.
    Tcvn3,
    /// VNI, fonts `VNI-Times` and their like.
    Vni,
    /// Bytes that are not UTF-8, with no sign of which encoding.
    Unknown,
}

/// Looks at bytes of a file. UTF-8 is looked at as text; other bytes as the Western characters an
/// old program would show, and are always some [`Legacy`].
#[must_use]
pub fn looks_like_legacy_encoding(bytes: &[u8]) -> Option<Legacy> {
    match std::str::from_utf8(bytes) {
        Ok(text) => legacy_encoding(text),
        Err(_) => {
            let western: String = bytes.iter().map(|byte| char::from(*byte)).collect();
            Some(legacy_encoding(&western).unwrap_or(Legacy::Unknown))
        }
    }
}

/// Looks for old-encoded words in Unicode text, where they arrive by copying from an old document.
/// One odd character is not enough, unless it is one that no Unicode word of any kind holds there.
#[must_use]
pub fn legacy_encoding(text: &str) -> Option<Legacy> {
    let (mut tcvn3, mut vni) = (0, 0);
    for word in text.split(char::is_whitespace) {
        tcvn3 += tcvn3_signs(word);
        vni += vni_signs(word);
    }
    match (tcvn3, vni) {
        (0 | 1, 0 | 1) => None,
        (tcvn3, vni) if tcvn3 >= vni => Some(Legacy::Tcvn3),
        _ => Some(Legacy::Vni),
    }
}

/// Points for TCVN3: `¸ µ ¶ ¹ © ª « ¬ ® ¨` right after a Latin letter count two, a middle dot (ã)
/// one, since people also write it between words; letters of other languages count one.
fn tcvn3_signs(word: &str) -> u32 {
    pairs(word).fold(0, |points, (before, c)| match c {
        '¸' | 'µ' | '¶' | '¹' | '¨' | '©' | 'ª' | '«' | '¬' if is_latin(before) => points + 2,
        '®' if is_latin(before)
            || word.starts_with('®') && word.chars().nth(1).is_some_and(is_sign_or_latin) =>
        {
            points + 2
        }
        '·' | 'Æ' | 'Ç' | 'Ë' | 'Î' | 'Ï' | 'Ñ' | 'Ö' | '×' | 'Ø' | 'Ü' | 'Þ' | 'ß' | 'ä' | 'å' | 'æ'
        | 'ç'
            if is_latin(before) =>
        {
            points + 1
        }
        _ => points,
    })
}

/// Points for VNI: a vowel followed by one of the characters that carry its mark there.
fn vni_signs(word: &str) -> u32 {
    pairs(word).fold(0, |points, (before, c)| {
        let vowel = matches!(before.to_ascii_lowercase(), 'a' | 'e' | 'o' | 'u' | 'y')
            || matches!(before, 'ö' | 'ô' | 'Ö' | 'Ô');
        match c.to_lowercase().next().unwrap_or(c) {
            'ø' | 'û' if vowel => points + 2,
            'ï' | 'ä' | 'å' | 'æ' | 'ë' | 'ü' if vowel => points + 1,
            'â' if matches!(before.to_ascii_lowercase(), 'a' | 'e' | 'o') => points + 2,
            'ñ' | 'ö' => points + 1,
            _ => points,
        }
    })
}

/// Every character with the one before it; a space before the first.
fn pairs(word: &str) -> impl Iterator<Item = (char, char)> {
    std::iter::once(' ').chain(word.chars()).zip(word.chars())
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '®' | '\u{c0}'..='\u{ff}')
}

fn is_sign_or_latin(c: char) -> bool {
    is_latin(c) || matches!(c, '\u{a1}'..='\u{bf}')
}
