//! Vietnamese text: one stored form, one search form, one order.
//!
//! What comes in is whatever a keyboard, a paper list or an old office file gave; what goes out is
//! NFC text to store ([`nfc`], [`clean`]), folded text to search by ([`fold`], [`fold_search`]) and
//! keys to sort by ([`collation_key`], [`person_sort_key`]). Folded text never identifies a unit
//! or a person: Nậm Chảy and Nậm Chầy are two communes.

mod collate;
mod legacy;
mod unicode;

pub use self::collate::{collation_key, person_sort_key};
pub use self::legacy::{Legacy, legacy_encoding, looks_like_legacy_encoding};
pub use self::unicode::nfc;

/// One line of text as it is stored: NFC, no zero-width or control characters, single spaces, no
/// space at either end.
#[must_use]
pub fn clean(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let mut line = String::with_capacity(visible.len());
    for word in visible.split(char::is_whitespace).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|c| !c.is_control()));
    }
    let line = nfc(&line);
    // A word made only of control characters leaves a space behind.
    if line.ends_with(' ') || line.contains("  ") {
        return clean(&line);
    }
    line
}

/// Several lines as they are stored: every line is [`clean`], empty lines at the end go.
#[must_use]
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(clean).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// The search key: lower case, no marks, đ as d, single spaces. For Vietnamese text the result is
/// ASCII. The rule is NFD → drop combining marks → đ→d → lower case → single spaces; lower case
/// comes first here because a few foreign capitals grow a mark when they are lowered.
#[must_use]
pub fn fold(text: &str) -> String {
    let folded = fold_once(text);
    // Rare characters decompose into something that folds again; Vietnamese never does.
    if folded.is_ascii() {
        folded
    } else {
        fold_once(&folded)
    }
}

/// [`fold`] with y as i, so that Lý finds Lí. For searching only.
#[must_use]
pub fn fold_search(text: &str) -> String {
    fold(text).replace('y', "i")
}

fn fold_once(text: &str) -> String {
    let lower: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .flat_map(char::to_lowercase)
        .collect();
    let bare: String = unicode::without_marks(&lower)
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    clean(&bare)
}

/// Characters that take no room and only make equal words differ.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
