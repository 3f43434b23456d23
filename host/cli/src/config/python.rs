//! Finds what a Python file assigns to a name, where that is written in literals. Nothing of the file is ever run.
//!
//! A parser of our own, because the one that there is for all of Python (`rustpython-parser`) brings some sixty crates,
//! among them numbers under a licence that `deny.toml` refuses, and literals are a small part of the language.

mod cursor;
mod literal;
mod number;
mod string;

use encargo_model::{Text, text};

use cursor::{Cursor, Token};

/// Where something stands; both count from 1, and columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A literal, and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Literal {
    pub(crate) value: Value,
    pub(crate) place: Place,
}

/// What a literal says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    None,
    Truth(bool),
    Integer(i64),
    Real(f64),
    Text(String),
    /// A list or a tuple.
    List(Vec<Literal>),
    /// Keys and values in their order.
    Dict(Vec<(Literal, Literal)>),
}

/// Why a file is not read.
#[derive(Debug, PartialEq)]
pub(crate) struct Wrong {
    pub(crate) place: Place,
    pub(crate) sentence: Text,
}

/// What the file assigns to a name; none where the name does not stand in it.
///
/// One assignment at the beginning of a line is read, and any further use of the name is refused: it may change what was
/// assigned, and only whoever runs the file would know.
pub(crate) fn assigned(source: &str, name: &str) -> Result<Option<Literal>, Wrong> {
    let mut cursor = Cursor::new(source);
    let mut found = None;
    while let Some((token, place)) = cursor.token()? {
        if token != Token::Name(name) {
            continue;
        }
        let begins = place.column == 1 && cursor.is_first();
        if found.is_some() || !begins || !cursor.comes_assignment()? {
            let sentence = text!(
                "`{name}` is used here; only one assignment of literals at the beginning of a line is read, since the file is never run",
                "`{name}` se usa aquí; solo se lee una asignación de literales al principio de una línea, porque el archivo nunca se ejecuta"
            );
            return Err(Wrong { place, sentence });
        }
        found = Some(cursor.literal(0)?);
        cursor.ends()?;
    }
    Ok(found)
}

/// Where a file takes all names of another one behind a place: that one may assign the same name again.
pub(crate) fn imported_after(source: &str, place: Place) -> Option<Place> {
    let mut cursor = Cursor::new(source);
    let mut before = None;
    while let Ok(Some((token, at))) = cursor.token() {
        if token == Token::Sign('*') && before == Some(Token::Name("import")) && at.line > place.line {
            return Some(at);
        }
        before = Some(token);
    }
    None
}

#[cfg(test)]
mod tests;
