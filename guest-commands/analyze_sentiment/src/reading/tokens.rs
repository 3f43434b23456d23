//! A message as words, numbers, emoji, emoticons and marks; addresses and handles are masked.

use std::ops::Range;

use super::folding::{Class, TILDE, class, folded};

/// Of a longer word only so many characters are looked at.
const LONGEST: usize = 32;

/// What a piece of a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, perhaps with digits.
    Word,
    /// Digits alone; which ones does not matter.
    Number,
    /// An address of the web or of mail.
    Address,
    /// Somebody's `@name`.
    Handle,
    /// An emoji or another sign that stands for itself.
    Symbol,
    /// `:)`, `:(`, `<3` and their like: how they feel, from -2 to 2.
    Emoticon(i8),
    /// `!`
    Exclamation,
    /// `?`
    Question,
    /// `...`
    Dots,
    /// Any other mark that ends what was said before it.
    Stop,
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its folded characters, within [`Tokens::folded`].
    pub folded: Range<usize>,
    /// Its bytes in the message.
    pub bytes: Range<usize>,
    /// Written in capitals throughout, two at least.
    pub is_loud: bool,
    /// With a letter three times or more in a row.
    pub is_stretched: bool,
}

impl Token {
    /// Whether it may be shown: links, addresses and handles may not.
    pub const fn is_shown(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Symbol | Kind::Emoticon(_) | Kind::Exclamation | Kind::Question)
    }
}

/// The pieces of one message after the other, in buffers that are used again.
#[derive(Debug, Default)]
pub struct Tokens {
    /// In the order of the message.
    pub all: Vec<Token>,
    /// The folded characters of all words.
    pub folded: Vec<u32>,
    /// Whether there is an `@` in the message, without which there is no address of mail.
    has_at: bool,
}

impl Tokens {
    /// Reads a message; what was read before is forgotten.
    pub fn read(&mut self, text: &str) {
        self.all.clear();
        self.folded.clear();
        self.has_at = text.contains('@');
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            at = match class(c) {
                Class::Space | Class::Silent => at + c.len_utf8(),
                Class::Letter | Class::Digit => self.word(text, at),
                Class::Mark => self.mark(text, at, c),
                Class::Symbol => {
                    let end = at + c.len_utf8();
                    self.push_one(Kind::Symbol, c as u32, at..end);
                    end
                }
            };
        }
    }

    fn push_one(&mut self, kind: Kind, folded: u32, bytes: Range<usize>) {
        let from = self.folded.len();
        self.folded.push(folded);
        self.all.push(Token { kind, folded: from..from + 1, bytes, is_loud: false, is_stretched: false });
    }

    /// A word or a number, an address or an emoticon that begins with a letter; answers where it ends.
    fn word(&mut self, text: &str, from: usize) -> usize {
        if let Some(end) = address(text, from, self.has_at) {
            self.push_one(Kind::Address, u32::from(b'/'), from..end);
            return end;
        }
        if let Some(end) = laughing_eyes(text, from) {
            self.push_one(Kind::Emoticon(2), u32::from(b'D'), from..end);
            return end;
        }
        let begun = self.folded.len();
        let (mut end, mut run, mut capitals, mut small) = (from, 0, 0, 0);
        let (mut has_letters, mut is_stretched) = (false, false);
        let mut rest = text[from..].chars().peekable();
        while let Some(c) = rest.next() {
            let mut of_word = folded(c);
            match class(c) {
                Class::Letter => has_letters = true,
                Class::Digit => of_word = u32::from(b'0'),
                Class::Silent => {
                    if c == TILDE && self.folded.len() > begun && self.folded.last() == Some(&u32::from(b'n')) {
                        self.folded.pop();
                        self.folded.push(0xF1);
                    }
                    end += c.len_utf8();
                    continue;
                }
                // An apostrophe within a word.
                Class::Mark if of_word == 0x27 && rest.peek().is_some_and(|&next| class(next) == Class::Letter) => {}
                _ => break,
            }
            end += c.len_utf8();
            if of_word != c as u32 && c.is_ascii_uppercase() {
                capitals += 1;
            } else if c.is_ascii_lowercase() {
                small += 1;
            }
            let last = if self.folded.len() > begun { self.folded.last().copied() } else { None };
            run = if last == Some(of_word) { run + 1 } else { 1 };
            if run >= 3 && of_word != u32::from(b'0') {
                // The second one goes too: `nooo` is `no`.
                if run == 3 {
                    self.folded.pop();
                }
                is_stretched = true;
                // The letters that follow are compared with the one that is left.
                continue;
            }
            if of_word == u32::from(b'0') && last == Some(of_word) {
                continue;
            }
            if self.folded.len() - begun < LONGEST {
                self.folded.push(of_word);
            }
        }
        let kind = if has_letters { Kind::Word } else { Kind::Number };
        let is_loud = capitals >= 2 && small == 0;
        self.all.push(Token { kind, folded: begun..self.folded.len(), bytes: from..end, is_loud, is_stretched });
        end
    }

    /// A mark, with what follows it where they belong together.
    fn mark(&mut self, text: &str, from: usize, c: char) -> usize {
        if c == '@'
            && let Some(end) = handle(text, from)
        {
            self.push_one(Kind::Handle, u32::from(b'@'), from..end);
            return end;
        }
        if let Some((feeling, end)) = emoticon(text, from) {
            let mouth = if feeling > 0 { b')' } else { b'(' };
            self.push_one(Kind::Emoticon(feeling), u32::from(mouth), from..end);
            return end;
        }
        let end = from + c.len_utf8();
        match c {
            '!' => self.push_one(Kind::Exclamation, u32::from(b'!'), from..end),
            '?' => self.push_one(Kind::Question, u32::from(b'?'), from..end),
            '\u{2026}' => self.push_one(Kind::Dots, u32::from(b'.'), from..end),
            '.' if text[end..].starts_with('.') => {
                let end = from + text[from..].bytes().take_while(|&byte| byte == b'.').count();
                self.push_one(Kind::Dots, u32::from(b'.'), from..end);
                return end;
            }
            '.' | ',' | ';' | ':' | '(' | ')' | '\u{A1}' | '\u{BF}' | '-' | '\u{2013}' | '\u{2014}' | '"' => {
                self.push_one(Kind::Stop, u32::from(b','), from..end);
            }
            _ => {}
        }
        end
    }
}

/// Where the address ends that begins here: `http`, `https` and `www.` with what follows, or `name@place`.
fn address(text: &str, from: usize, has_at: bool) -> Option<usize> {
    let rest = &text.as_bytes()[from..];
    let begins = |start: &[u8]| rest.len() >= start.len() && rest[..start.len()].eq_ignore_ascii_case(start);
    let end = || from + rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    if begins(b"http") || begins(b"www.") {
        let bare = rest.get(4).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte < 0x80);
        return (begins(b"https:") || begins(b"www.") || bare).then(end);
    }
    if !has_at {
        return None;
    }
    let name =
        rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+')))?;
    let is_mail = rest[name] == b'@' && rest.get(name + 1).is_some_and(u8::is_ascii_alphanumeric);
    is_mail.then(|| {
        let place = &rest[name + 1..];
        let length = place.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')));
        from + name + 1 + length.unwrap_or(place.len())
    })
}

/// Where the handle ends that begins here.
fn handle(text: &str, from: usize) -> Option<usize> {
    let rest = &text.as_bytes()[from + 1..];
    let length = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_')).unwrap_or(rest.len());
    (length > 0).then_some(from + 1 + length)
}

/// Where `xD` ends that begins here.
fn laughing_eyes(text: &str, from: usize) -> Option<usize> {
    let rest = &text.as_bytes()[from..];
    if !matches!(rest.first(), Some(b'x' | b'X')) {
        return None;
    }
    let mouths = rest[1..].iter().take_while(|&&byte| byte == b'D' || byte == b'd').count();
    let ends = rest.get(1 + mouths).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte < 0x80);
    (mouths > 0 && ends).then_some(from + 1 + mouths)
}

/// How the emoticon feels that begins here, and where it ends.
fn emoticon(text: &str, from: usize) -> Option<(i8, usize)> {
    let rest = &text.as_bytes()[from..];
    match rest {
        [b'<', b'3', ..] => return Some((2, from + 2)),
        [b'<', b'/', b'3', ..] => return Some((-2, from + 3)),
        [b'>', b':', b'(', ..] => return Some((-2, from + 3)),
        [b'^', b'^', ..] => return Some((1, from + 2)),
        [b'^', b'_', b'^', ..] => return Some((1, from + 3)),
        [b'-', b'_', b'-', ..] => return Some((-1, from + 3)),
        _ => {}
    }
    let (eyes, mut at) = (*rest.first()?, 1);
    if !matches!(eyes, b':' | b';' | b'=') {
        return None;
    }
    let tear = rest.get(at) == Some(&b'\'');
    if matches!(rest.get(at), Some(b'-' | b'o' | b'\'' | b'^')) {
        at += 1;
    }
    let mouth = *rest.get(at)?;
    let wide = rest[at..].iter().take_while(|&&byte| byte == mouth).count();
    let end = from + at + wide;
    let is_cut = |byte: u8| byte.is_ascii_alphanumeric() && rest.get(at + wide).is_some_and(u8::is_ascii_alphanumeric);
    if is_cut(mouth) {
        return None;
    }
    let feeling = match mouth {
        b')' | b']' if tear => 1,
        b')' | b']' | b'}' => 1 + i8::from(wide > 1),
        b'D' => 2,
        b'*' if eyes == b':' || eyes == b';' => 2,
        b'P' | b'p' if eyes != b'=' => 1,
        b'(' | b'[' | b'{' => -1 - i8::from(wide > 1 || tear),
        b'/' | b'\\' | b'|' if eyes != b';' && rest.get(at + 1) != Some(&b'/') => -1,
        b'S' | b's' if eyes == b':' => -1,
        _ => return None,
    };
    Some((feeling, end))
}
