//! Goes through a Python file: names, texts and signs, in the logical lines that they stand in.

use encargo_model::text;

use super::{Place, Wrong};

/// The letters that may stand before the quote of a text, in small letters.
const PREFIXES: [&str; 9] = ["r", "u", "b", "br", "rb", "f", "fr", "rf", "t"];

/// A piece of a file; what a text says is not looked at.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    Name(&'a str),
    Text,
    Sign(char),
    /// The end of a logical line.
    Newline,
}

pub(super) struct Cursor<'a> {
    pub(super) rest: &'a str,
    pub(super) place: Place,
    /// How many brackets are open.
    open: usize,
    /// Tokens of the logical line so far.
    tokens: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let rest = source.strip_prefix('\u{feff}').unwrap_or(source);
        Self { rest, place: Place { line: 1, column: 1 }, open: 0, tokens: 0 }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = &self.rest[next.len_utf8()..];
        match next {
            '\n' => self.place = Place { line: self.place.line + 1, column: 1 },
            _ => self.place.column += 1,
        }
        Some(next)
    }

    /// Takes a text that comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let comes = self.rest.starts_with(text);
        if comes {
            for _ in text.chars() {
                self.next();
            }
        }
        comes
    }

    pub(super) fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let all = self.rest;
        while self.peek().is_some_and(&fits) {
            self.next();
        }
        &all[..all.len() - self.rest.len()]
    }

    /// Passes over blanks, comments and continued lines, within brackets over the ends of lines, too.
    pub(super) fn blanks(&mut self, within_brackets: bool) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\u{c}' | '\r') => {
                    self.next();
                }
                Some('\n') if within_brackets => {
                    self.next();
                }
                Some('#') => {
                    self.take_while(|c| c != '\n');
                }
                Some('\\') if self.rest.starts_with("\\\n") => {
                    self.take("\\\n");
                }
                Some('\\') if self.rest.starts_with("\\\r\n") => {
                    self.take("\\\r\n");
                }
                _ => return,
            }
        }
    }

    /// The next piece and where it begins.
    pub(super) fn token(&mut self) -> Result<Option<(Token<'a>, Place)>, Wrong> {
        self.blanks(self.open > 0);
        let place = self.place;
        let Some(next) = self.peek() else { return Ok(None) };
        self.tokens += 1;
        let token = match next {
            '\n' => {
                self.next();
                self.tokens = 0;
                Token::Newline
            }
            '"' | '\'' => {
                self.string("")?;
                Token::Text
            }
            c if is_name(c) => {
                let name = self.take_while(is_name);
                match self.peek() {
                    Some('"' | '\'') if is_prefix(name) => {
                        self.string(name)?;
                        Token::Text
                    }
                    _ => Token::Name(name),
                }
            }
            sign => {
                match sign {
                    '(' | '[' | '{' => self.open += 1,
                    ')' | ']' | '}' => self.open = self.open.saturating_sub(1),
                    ';' if self.open == 0 => self.tokens = 0,
                    _ => {}
                }
                self.next();
                Token::Sign(sign)
            }
        };
        Ok(Some((token, place)))
    }

    /// Whether the last token was the first one of its line.
    pub(super) const fn is_first(&self) -> bool {
        self.tokens == 1 && self.open == 0
    }

    /// Passes over `=`, and over an annotation before it; false where something else comes.
    pub(super) fn comes_assignment(&mut self) -> Result<bool, Wrong> {
        self.blanks(false);
        if self.take(":") {
            loop {
                match self.token()? {
                    Some((Token::Sign('='), _)) if self.open == 0 => return Ok(self.peek() != Some('=')),
                    None | Some((Token::Newline, _)) => return Ok(false),
                    Some(_) => {}
                }
            }
        }
        Ok(self.take("=") && self.peek() != Some('='))
    }

    /// Passes over the end of a statement.
    pub(super) fn ends(&mut self) -> Result<(), Wrong> {
        self.blanks(false);
        match self.peek() {
            None | Some('\n' | ';') => Ok(()),
            Some(_) => Err(self.not_a_literal()),
        }
    }

    /// What comes next is computed, and nothing is.
    pub(super) fn not_a_literal(&self) -> Wrong {
        let found: String = self.rest.chars().take_while(|c| is_name(*c)).take(40).collect();
        let found = if found.is_empty() { self.peek().map(String::from).unwrap_or_default() } else { found };
        let sentence = text!(
            "`{found}` is no literal, and nothing is computed; write the value itself",
            "`{found}` no es un literal, y no se calcula nada; escriba el valor mismo"
        );
        Wrong { place: self.place, sentence }
    }
}

/// Whether a name before a quote belongs to the text.
pub(super) fn is_prefix(name: &str) -> bool {
    PREFIXES.contains(&name.to_ascii_lowercase().as_str())
}

pub(super) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
