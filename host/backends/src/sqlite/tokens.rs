//! Cuts SQL into SQLite's own tokens, as its `tokenize.c` does; a test holds the two against each other.

/// A part of a statement's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// White space or a comment.
    Blank(&'a str),
    /// A keyword or an unquoted name.
    Word(&'a str),
    /// A name in quotes of some kind, with them.
    Quoted(&'a str),
    /// A string, a number, a blob, a placeholder, or what no SQL has.
    Other(&'a str),
    /// A parenthesis, an operator, a comma.
    Symbol(&'a str),
}

impl<'a> Token<'a> {
    #[cfg(test)]
    const fn text(self) -> &'a str {
        match self {
            Self::Blank(text) | Self::Word(text) | Self::Quoted(text) | Self::Other(text) | Self::Symbol(text) => text,
        }
    }

    pub(super) fn is_word(self, word: &str) -> bool {
        matches!(self, Self::Word(text) if text.eq_ignore_ascii_case(word))
    }

    pub(super) fn is_symbol(self, symbol: &str) -> bool {
        matches!(self, Self::Symbol(text) if text == symbol)
    }

    /// What it names where a name is taken: in lower case and without quotes. SQLite takes strings for names too.
    pub(super) fn name(self) -> Option<String> {
        let bare = match self {
            Self::Word(word) => return Some(word.to_ascii_lowercase()),
            Self::Quoted(quoted) => quoted,
            Self::Other(string) if string.starts_with('\'') => string,
            _ => return None,
        };
        let quote = bare.get(..1)?;
        let inside = bare.get(1..bare.len().max(2) - 1)?;
        Some(inside.replace(&quote.repeat(2), quote).to_ascii_lowercase())
    }
}

/// The tokens of a text without NUL characters, one after the other, blanks too.
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) const fn of(text: &'a str) -> Self {
        Self { rest: text }
    }
}

/// The tokens that are no blanks.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    Tokens::of(text).filter(|token| !matches!(token, Token::Blank(_))).collect()
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.rest.as_bytes();
        let first = *bytes.first()?;
        let second = bytes.get(1).copied().unwrap_or(0);
        let take = |length: usize| self.rest.split_at(length.min(bytes.len()));
        let ((text, rest), kind): (_, fn(&'a str) -> Token<'a>) = match first {
            b' ' | b'\t' | b'\n' | b'\x0c' | b'\r' => (take(run(bytes, 1, is_space)), Token::Blank),
            // A byte order mark is white space wherever a token begins, and part of a name inside one.
            0xef if bytes.starts_with(b"\xef\xbb\xbf") => (take(3), Token::Blank),
            b'-' if second == b'-' => (take(run(bytes, 2, |byte| byte != b'\n')), Token::Blank),
            b'/' if second == b'*' && bytes.len() > 2 => {
                (take(self.rest[2..].find("*/").map_or(bytes.len(), |end| end + 4)), Token::Blank)
            }
            b'\'' => (take(quoted(bytes, first)), Token::Other),
            b'"' | b'`' => (take(quoted(bytes, first)), Token::Quoted),
            b'[' => (take(run(bytes, 1, |byte| byte != b']') + 1), Token::Quoted),
            b'0'..=b'9' => (take(number(bytes)), Token::Other),
            b'.' if second.is_ascii_digit() => (take(number(bytes)), Token::Other),
            b'?' => (take(run(bytes, 1, |byte| byte.is_ascii_digit())), Token::Other),
            b'$' | b'@' | b':' | b'#' => (take(placeholder(bytes)), Token::Other),
            b'x' | b'X' if second == b'\'' => (take(blob(bytes)), Token::Other),
            _ if is_name(first) => (take(run(bytes, 1, is_name)), Token::Word),
            _ => (take(symbol(bytes)), Token::Symbol),
        };
        self.rest = rest;
        Some(kind(text))
    }
}

/// Where the bytes from `from` on stop to fit.
fn run(bytes: &[u8], from: usize, fits: impl Fn(u8) -> bool) -> usize {
    bytes[from..].iter().position(|&byte| !fits(byte)).map_or(bytes.len(), |end| from + end)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// The length of a quoted token: a doubled quote stands for itself.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match (bytes[at] == quote, bytes.get(at + 1) == Some(&quote)) {
            (true, true) => at += 2,
            (true, false) => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn number(bytes: &[u8]) -> usize {
    let at = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let digits = |from: usize| run(bytes, from, |byte| byte.is_ascii_digit() || byte == b'_');
    let mut end = digits(0);
    if at(end) == b'.' {
        end = digits(end + 1);
    }
    let sign = usize::from(matches!(at(end + 1), b'+' | b'-'));
    if matches!(at(end), b'e' | b'E') && at(end + 1 + sign).is_ascii_digit() {
        end = digits(end + 2);
    }
    // Letters behind a number are part of the token: of `0x1f`, and of what is then none of SQL's.
    run(bytes, end, is_name)
}

/// `$1`, `:name`, and Tcl's `$name::part(index)`.
fn placeholder(bytes: &[u8]) -> usize {
    let mut named = false;
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        if is_name(byte) {
            named = true;
        } else if byte == b'(' && named {
            let end = run(bytes, at, |byte| !is_space(byte) && byte != b')');
            return end + usize::from(bytes.get(end) == Some(&b')'));
        } else if byte == b':' && bytes.get(at + 1) == Some(&b':') {
            at += 1;
        } else {
            break;
        }
        at += 1;
    }
    at
}

fn blob(bytes: &[u8]) -> usize {
    run(bytes, 2, |byte| byte != b'\'') + 1
}

fn symbol(bytes: &[u8]) -> usize {
    const LONG: [&[u8]; 10] = [b"->>", b"->", b"==", b"<=", b"<>", b"<<", b">=", b">>", b"!=", b"||"];
    LONG.iter().find(|long| bytes.starts_with(long)).map_or(1, |long| long.len())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    fn database() -> Connection {
        crate::sqlite::bound_memory();
        Connection::open_in_memory().unwrap()
    }

    #[test]
    fn a_comment_that_has_only_begun_is_two_signs() {
        let cut = |text| Tokens::of(text).map(|token| matches!(token, Token::Symbol(_))).collect::<Vec<_>>();
        assert_eq!((cut("/*"), cut("/* ")), (vec![true, true], vec![false]));
    }

    /// The first token of a text as SQLite cuts it, and where it begins. Nothing but a semicolon may follow
    /// `RELEASE a`, so that the parser stops at the token and names it; the comment ends every token before it.
    fn sqlites(connection: &Connection, text: &str) -> Option<(usize, String)> {
        const BEFORE: &str = "RELEASE a/**/";
        let sql = format!("{BEFORE}{text}");
        match connection.prepare(&sql) {
            Ok(_) => None,
            Err(rusqlite::Error::SqlInputError { msg, offset, .. }) => {
                let (_, rest) = msg.split_once('"').unwrap_or_else(|| panic!("{text:?}: {msg}"));
                let token = rest.rsplit_once('"').map_or(rest, |(token, _)| token);
                Some((usize::try_from(offset).unwrap() - BEFORE.len(), token.to_owned()))
            }
            Err(other) => panic!("{text:?}: {other}"),
        }
    }

    /// Holds our tokens of a text against SQLite's, as far as the first semicolon.
    fn compare(connection: &Connection, text: &str) {
        let (mut at, mut ours) = (0, Tokens::of(text).peekable());
        loop {
            while let Some(Token::Blank(blank)) = ours.peek() {
                at += blank.len();
                ours.next();
            }
            let mine = ours.next().map(Token::text);
            if mine == Some(";") {
                return;
            }
            let theirs = sqlites(connection, &text[at..]);
            assert_eq!(mine.map(|mine| (0, mine.to_owned())), theirs, "{text:?} at {at}");
            match mine {
                None => return,
                Some(mine) => at += mine.len(),
            }
        }
    }

    #[test]
    fn every_character_is_cut_as_sqlite_cuts_it() {
        let connection = database();
        for character in ('\u{1}'..=char::MAX).filter(|c| u32::from(*c) < 0x3_0000 || u32::from(*c) % 251 == 0) {
            let text = format!("{character}OR{character}R{character} x");
            compare(&connection, &text);
        }
    }

    #[test]
    fn every_three_parts_are_cut_as_sqlite_cuts_them() {
        const PARTS: [&str; 46] = [
            " ", "\n", "\u{b}", "\u{feff}", "é", "\u{2028}", "a", "or", "REPLACE", "x", "x'", "x'00'", "'", "''", "\"",
            "`", "[", "]", "--", "-", ">", "/*", "*/", "/", "*", "$", "$1", "(", ")", ":", "::", "@", "#", "?", "0",
            "0x", "1e", "e5", ".5", ".", "_", "||", "<", "=", "!", "\\",
        ];
        let connection = database();
        for first in PARTS {
            for second in PARTS {
                for third in PARTS {
                    compare(&connection, &format!("{first}{second}{third}"));
                }
            }
        }
    }

    #[test]
    fn a_name_is_the_same_however_it_is_quoted() {
        for (text, name) in
            [("Abc", "abc"), ("\"A\"\"b\"", "a\"b"), ("[a b]", "a b"), ("`a`", "a"), ("'it''s'", "it's")]
        {
            assert_eq!(tokens(text)[0].name().as_deref(), Some(name), "{text}");
        }
        assert_eq!(tokens("12")[0].name(), None);
        for (text, pieces) in [("\u{fb01}x", 1), ("\u{feff}x", 1), ("0x1F_fx+1", 3), ("$a::b(c,d)e", 2), ("$a::b(c", 1)]
        {
            assert_eq!(tokens(text).len(), pieces, "{text}");
        }
        assert_eq!(tokens("\u{fb01}x")[0].name().as_deref(), Some("\u{fb01}x"));
        assert_eq!(tokens("'")[0].name().as_deref(), Some(""));
    }
}
