//! What is wrong with a record, and what keeps a file from being read on.

use encargo_sdk::error::{Error, ErrorCode};
use encargo_sdk::{Choice, text};

/// The longest value that is shown, in characters.
const SHOWN: usize = 60;

/// What kind of thing is wrong, for programs; its word stands in the errors file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub enum Code {
    /// A value that must be there is missing or blank.
    Missing,
    /// A value is longer than its column takes.
    TooLong,
    /// A control character.
    ControlCharacter,
    /// Not the shape of a language tag.
    Language,
    /// An external id that only Encargo itself gives.
    ExternalId,
    /// Bytes that are not UTF-8.
    Encoding,
    /// More or fewer cells than the header has columns.
    Columns,
    /// Quotes that do not match.
    Quotes,
    /// A quote that is never closed.
    UnclosedQuote,
    /// A name or an id that comes twice where each may come once.
    Repeated,
    /// A value of another type than its column takes.
    Type,
    /// A text that breaks its format's grammar.
    Syntax,
    /// Not base64, where the attribute says so.
    Base64,
    /// Nested deeper than is read.
    TooDeep,
    /// A document type definition.
    Doctype,
    /// A reference to an entity of a document type definition.
    Entity,
    /// A record larger than is read.
    TooLarge,
    /// A file that is not what its format looks like.
    Shape,
    /// A file that the host could not read.
    Unreadable,
}

/// One thing that is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The physical line on which the problem or, where only that is known, its record begins.
    pub line: u64,
    /// The record's number in the file, from 1.
    pub record: u64,
    /// The column's name as the file has it; empty when it is the whole record.
    pub column: String,
    /// What kind of thing is wrong.
    pub code: Code,
    /// The value, shortened.
    pub value: String,
    /// One sentence for a person.
    pub message: String,
}

/// A place in a file from which it cannot be read on.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The physical line, from 1.
    pub line: u64,
    /// The byte in that line, from 1, where it is known.
    pub column: Option<u64>,
    /// What kind of thing is wrong.
    pub code: Code,
    /// What a run that ends with it answers; its message has no place.
    pub error: Error,
}

impl Broken {
    /// A file that breaks its format's rules.
    pub fn new(code: Code, line: u64, column: Option<u64>, message: String) -> Self {
        let kind = if code == Code::TooLarge { ErrorCode::TooLarge } else { ErrorCode::Invalid };
        Self { line, column, code, error: Error::new(kind, message) }
    }

    /// The host's own error at a line.
    pub fn unreadable(line: u64, error: Error) -> Self {
        Self { line, column: None, code: Code::Unreadable, error }
    }

    /// Where it is in words: ``line 3, byte 14``.
    pub fn place(&self) -> String {
        let line = self.line;
        match self.column {
            Some(column) => text!("line {line}, byte {column}", "línea {line}, byte {column}"),
            None => text!("line {line}", "línea {line}"),
        }
    }
}

/// A value as it is shown: at most 60 characters, with control characters spelled out.
pub fn shown(value: &str) -> String {
    let mut shown = String::new();
    for (index, character) in value.chars().enumerate() {
        if index == SHOWN {
            shown.push('…');
            break;
        }
        match character {
            '\n' | '\r' | '\t' => shown.push(' '),
            control if control.is_control() => shown.extend(control.escape_unicode()),
            plain => shown.push(plain),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_on_one_short_line() {
        for (value, expected) in [
            ("plain", "plain".to_owned()),
            ("a\r\nb\tc", "a  b c".to_owned()),
            ("\u{1}é", "\\u{1}é".to_owned()),
            (&"é".repeat(61), format!("{}…", "é".repeat(60))),
        ] {
            assert_eq!(shown(value), expected);
        }
    }
}
