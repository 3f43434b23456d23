//! Characters as the models know them: lower case, without the accents that people leave out, in composed form.

/// Begins and ends a word among its characters.
pub const EDGE: u32 = 0x20;

/// What a character is for the reading of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Part of a word.
    Letter,
    /// Part of a number or of a word.
    Digit,
    /// Between words.
    Space,
    /// Punctuation of ASCII and its relatives.
    Mark,
    /// An emoji, an arrow, a heart: stands for itself.
    Symbol,
    /// Has no meaning of its own: joiners, variation selectors, skin tones, direction marks, accents of their own.
    Silent,
}

/// What a character is. By ranges of its number, so that it is the same in every version of Unicode.
pub fn class(c: char) -> Class {
    ASCII.get(c as usize).copied().unwrap_or_else(|| class_of(c as u32))
}

/// The classes of ASCII, which most characters are.
const ASCII: [Class; 128] = {
    let mut classes = [Class::Space; 128];
    let mut at = 0;
    while at < 128 {
        classes[at] = class_of(at as u32);
        at += 1;
    }
    classes
};

const fn class_of(c: u32) -> Class {
    match c {
        0x30..=0x39 => Class::Digit,
        0x41..=0x5A | 0x61..=0x7A => Class::Letter,
        0x00..=0x20 | 0x7F..=0xA0 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 => Class::Space,
        0x21..=0x7E => Class::Mark,
        0xAA | 0xB5 | 0xBA | 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x2FF => Class::Letter,
        0xAD | 0x300..=0x36F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F => Class::Silent,
        0xFE00..=0xFE0F | 0xFEFF | 0x1F3FB..=0x1F3FF | 0xE0000..=0xE0FFF => Class::Silent,
        0xA1..=0xBF | 0xD7 | 0xF7 | 0x2010..=0x2027 | 0x2030..=0x205E => Class::Mark,
        0x370..=0x1FFF | 0x2C00..=0x2DFF | 0x3005..=0xD7FF | 0xF900..=0xFDFF | 0xFE70..=0xFEFC | 0xFF10..=0xFFDC => {
            Class::Letter
        }
        0x10000..=0x1EFFF | 0x20000..=0x3FFFF => Class::Letter,
        _ => Class::Symbol,
    }
}

/// A letter in lower case and without accent; ñ and ç stay letters of their own.
pub fn folded(c: char) -> u32 {
    let c = c as u32;
    match c {
        0x41..=0x5A => c + 0x20,
        0x00..=0x7F => c,
        0xC0..=0xDE if c != 0xD7 => plain(c + 0x20),
        0xE0..=0xFF => plain(c),
        0x391..=0x3A9 | 0x410..=0x42F => c + 0x20,
        0x2018 | 0x2019 | 0xB4 => 0x27,
        _ => c,
    }
}

/// A small letter of Latin-1 without its accent.
fn plain(c: u32) -> u32 {
    let letter = match c {
        0xE0..=0xE5 => 'a',
        0xE8..=0xEB => 'e',
        0xEC..=0xEF => 'i',
        0xF2..=0xF6 | 0xF8 => 'o',
        0xF9..=0xFC => 'u',
        0xFD | 0xFF => 'y',
        _ => return c,
    };
    letter as u32
}

/// ñ in place of the n before a tilde of its own.
pub const TILDE: char = '\u{303}';
