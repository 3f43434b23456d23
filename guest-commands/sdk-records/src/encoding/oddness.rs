//! Whether a text that was read as Windows-1252 reads like one: a guess that is wrong gives words that nobody writes.

/// How a text reads so far.
#[derive(Debug, Default)]
pub(super) struct Oddness {
    first: Option<String>,
    /// Words with something beyond ASCII that look odd, and those that do not.
    odd: u64,
    plain: u64,
}

/// The longest word that is kept, in characters.
const LONGEST: usize = 40;

impl Oddness {
    /// Looks at more of the text; a word that its end cuts is two.
    pub(super) fn look_at(&mut self, text: &str) {
        if text.is_ascii() {
            return;
        }
        let breaks =
            |character: char| character.is_whitespace() || (character.is_ascii() && !character.is_ascii_alphanumeric());
        for word in text.split(breaks).filter(|word| !word.is_ascii()) {
            if is_odd(word) {
                self.odd += 1;
                self.first.get_or_insert_with(|| word.chars().take(LONGEST).collect());
            } else {
                self.plain += 1;
            }
        }
    }

    /// The first odd word, when most are.
    pub(super) fn word(&self) -> Option<&str> {
        self.first.as_deref().filter(|_| self.odd > self.plain)
    }
}

/// Whether hardly anybody writes such a word in a Western language.
fn is_odd(word: &str) -> bool {
    let characters: Vec<char> = word.chars().collect();
    let is_foreign_letter = |character: char| character.is_alphabetic() && !character.is_ascii();
    // Other scripts become rows of accented letters, or whole words of them.
    if characters.windows(3).any(|three| three.iter().all(|&character| is_foreign_letter(character)))
        || (characters.len() > 1 && characters.iter().all(|&character| is_foreign_letter(character)))
    {
        return true;
    }
    // Bytes that Windows-1252 has no character for.
    if characters.iter().any(|character| ('\u{80}'..='\u{9F}').contains(character)) {
        return true;
    }
    let is_joint = |character: char| matches!(character, '’' | '‘' | '´' | '·' | 'ª' | 'º' | '\u{AD}');
    characters.windows(2).any(|two| {
        let (left, right) = (two[0], two[1]);
        // A capital inside of a word: `ñ` of a Macintosh is a dash, its `é` a `Ž`.
        left.is_ascii_lowercase() && !right.is_ascii() && right.is_uppercase()
    }) || characters.windows(3).any(|three| {
        let symbol = three[1];
        three[0].is_alphabetic()
            && three[2].is_alphabetic()
            && !symbol.is_alphabetic()
            && !symbol.is_ascii()
            && !is_joint(symbol)
    }) || characters.windows(2).any(|two| {
        // Two symbols in a row before or behind a letter: a script of two bytes a character.
        two.iter().all(|&character| !character.is_ascii() && !character.is_alphanumeric() && !is_common(character))
    })
}

/// Symbols that often stand beside each other.
fn is_common(character: char) -> bool {
    matches!(
        character,
        '¿' | '¡'
            | '«'
            | '»'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '„'
            | '‚'
            | '…'
            | '–'
            | '—'
            | '\u{A0}'
            | '•'
            | '€'
            | '®'
            | '™'
            | '©'
    )
}

#[cfg(test)]
mod tests {
    use encoding_rs::Encoding;

    use super::*;

    /// The odd word of a text in this encoding when it is read as Windows-1252.
    fn odd_word(text: &str, label: &str) -> Option<String> {
        let encoding = Encoding::for_label(label.as_bytes()).expect("there is such an encoding");
        let (bytes, _, lost) = encoding.encode(text);
        assert!(!lost, "{label} can write it");
        let (read, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
        let mut oddness = Oddness::default();
        oddness.look_at(&read);
        oddness.word().map(str::to_owned)
    }

    #[test]
    fn other_encodings_read_as_windows_1252_are_odd() {
        for (text, label) in [
            ("вопрос,ответ\nКак дела?,Хорошо", "windows-1251"),
            ("вопрос,ответ\nКак дела?,Хорошо", "koi8-r"),
            ("質問,回答\nお元気ですか", "shift_jis"),
            ("¿Cómo añado un teléfono? Así, señor", "macintosh"),
            ("Ερώτηση και απάντηση", "windows-1253"),
            ("Jak założyć konto? Dłuższy, żółty, różne", "windows-1250"),
            ("año, teléfono", "utf-8"),
        ] {
            assert!(odd_word(text, label).is_some(), "{label}");
        }
    }

    #[test]
    fn western_texts_are_not() {
        for text in [
            "¿Cómo añado un agente a mi espacio? «Así»… 5 € — ¡ya!",
            "L’été, une créée naïve; Œuvre à 20 °C, n° 5 – ça va",
            "Straße, Übergröße, ÄÖÜ 100 ½",
            "São Paulo: coração, não; £5 ±2 · 3ª “planta”",
            "Madrid 10–12 h, señor®, marca™",
        ] {
            assert_eq!(odd_word(text, "windows-1252"), None, "{text}");
        }
    }
}
