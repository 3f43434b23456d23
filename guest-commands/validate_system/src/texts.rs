//! Texts that are not what somebody wrote: read in the wrong encoding, or with control characters.

/// What is wrong with a text, if anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// U+FFFD stands where bytes could not be read.
    Replaced,
    /// UTF-8 that was read as Windows-1252: `Ã±` for `ñ`.
    Misread,
    /// A control character other than tab and the ends of lines.
    Control,
}

/// How many bytes are looked at at once where all of them are plain.
const CHUNK: usize = 64;

/// Looks at a text. Plain ASCII, nearly all of most texts, is passed over in strides.
pub(crate) fn damage(text: &str) -> Option<Damage> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if let Some(chunk) = bytes.get(at..at + CHUNK)
            && chunk.iter().fold(true, |plain, byte| plain & (0x20..0x7f).contains(byte))
        {
            at += CHUNK;
            continue;
        }
        let end = bytes.len().min(at + CHUNK);
        while at < end {
            if let Some(damage) = at_byte(text, at) {
                return Some(damage);
            }
            at += 1;
        }
    }
    None
}

/// What begins at this byte and is wrong.
fn at_byte(text: &str, at: usize) -> Option<Damage> {
    let bytes = text.as_bytes();
    let next = |n: usize| bytes.get(at + n).copied().unwrap_or(0);
    match bytes[at] {
        b'\t' | b'\n' | b'\r' => None,
        0..0x20 | 0x7f => Some(Damage::Control),
        // U+0080 to U+009F, but for the end of line U+0085 and where Windows-1252 has none and misread text keeps them.
        0xc2 if next(1) < 0xa0 && next(1) != 0x85 => Some(Damage::Control),
        0xef if next(1) == 0xbf && next(2) == 0xbd => Some(Damage::Replaced),
        // `Â`, `Ã`, `â` and `ï`: the first bytes of what is misread.
        0xc3 if matches!(next(1), 0x82 | 0x83 | 0xa2 | 0xaf) => is_misread(text, at).then_some(Damage::Misread),
        _ => None,
    }
}

/// Whether characters of Windows-1252 from here on are a character of UTF-8.
///
/// `Ã` and `Â` end words in Portuguese capitals, and a quote or an ellipsis may follow: behind a capital they count only
/// where a word goes on. Three bytes count where they make punctuation (`â€œ`) or a byte order mark; others are words
/// such as `vérité »` too.
fn is_misread(text: &str, at: usize) -> bool {
    let mut from = text[at..].chars();
    let lead = from.next();
    let Some(second) = from.next().and_then(windows_1252) else { return false };
    let third = from.clone().next();
    match lead {
        Some('Â' | 'Ã') => {
            let after_capital = text[..at].chars().next_back().is_some_and(char::is_uppercase);
            (0x80..0xc0).contains(&second) && (!after_capital || third.is_some_and(char::is_alphabetic))
        }
        Some('â') => {
            matches!(second, 0x80 | 0x82) && third.and_then(windows_1252).is_some_and(|c| (0x80..0xc0).contains(&c))
        }
        Some('ï') => second == 0xbb && third == Some('¿'),
        _ => false,
    }
}

/// The byte that a character is in Windows-1252.
fn windows_1252(character: char) -> Option<u8> {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    if let Some(at) = HIGH.iter().position(|high| *high == character) {
        return u8::try_from(0x80 + at).ok();
    }
    u8::try_from(u32::from(character)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_in_the_wrong_encoding_is_found_wherever_it_stands() {
        for (text, expected) in [
            ("el ni\u{c3}\u{b1}o", Damage::Misread),
            ("Â¿Qué?", Damage::Misread),
            ("itâ€™s", Damage::Misread),
            ("ESPAÃ‘A", Damage::Misread),
            ("ï»¿id", Damage::Misread),
            ("caf\u{fffd}", Damage::Replaced),
            ("a\u{0}b", Damage::Control),
            ("a\u{1b}[31m", Damage::Control),
            ("a\u{92}s", Damage::Control),
        ] {
            for before in [0, 1, 62, 63, 64, 65, 200] {
                let text = format!("{}{text}{}", "x ".repeat(before / 2), " y".repeat(60));
                assert_eq!(damage(&text), Some(expected), "{text}");
            }
        }
    }

    #[test]
    fn text_in_any_language_is_well() {
        for text in [
            "",
            "plain",
            "línea 1\r\nlínea 2\tfin",
            "¿Cómo está el niño? ¡Bien!",
            "« vérité\u{a0}»",
            "« l'été…»",
            "AMANHÃ”",
            "IRMÃ…",
            "MAÇÃ\u{a0}",
            "Â",
            "Ãé",
            "naïve",
            "château",
            "日本語",
            "emoji 👩‍👩‍👧",
            "\u{feff}bom",
            "10 °C",
            "â€",
            "a\u{85}b",
            "PÃO",
            "não",
            "Â, Ã",
        ] {
            assert_eq!(damage(text), None, "{text}");
            let long = format!("{}{text}", "palabra ".repeat(40));
            assert_eq!(damage(&long), None, "{long}");
        }
    }
}
