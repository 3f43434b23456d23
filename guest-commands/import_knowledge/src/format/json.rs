//! JSON: an array of objects, or an object of which one member is such an array. One object is in memory at a time.

pub mod extent;
pub mod object;

use encargo_sdk::text;

use crate::columns::{Columns, listed};
use crate::encoding::{Decoder, Encoding};
use crate::problem::{Broken, Code, shown};
use crate::record::{MOST_BYTES, Record, Records};
use extent::{End, Extent, MOST_DEPTH};

enum State {
    /// Before the first value.
    Start,
    /// In the outer object, before a member; whether one came before.
    Members(bool),
    /// In the array of records, before an element; whether one came before.
    Elements(bool),
    /// After the outer value.
    Done,
}

/// The records of a JSON file.
pub struct Json {
    text: Text,
    state: State,
    /// The member of the outer object that holds the records.
    member: Option<String>,
    columns: Columns,
    number: u64,
}

impl Json {
    /// The records of this text.
    pub fn new(text: Decoder) -> Self {
        let text = Text { source: text, buffer: Vec::new(), at: 0, line: 1, line_began: 0, dropped: 0 };
        Self { text, state: State::Start, member: None, columns: Columns::default(), number: 0 }
    }

    /// Goes to the next element of the array of records; false at the end of all.
    fn seek(&mut self) -> Result<bool, Broken> {
        loop {
            let byte = self.text.peek()?;
            match (&self.state, byte) {
                (State::Start, Some(b'[')) => self.to(State::Elements(false)),
                (State::Start, Some(b'{')) => self.to(State::Members(false)),
                (State::Start, _) => {
                    return Err(self.text.broken(
                        Code::Shape,
                        text!(
                            "an array of objects is expected, or an object with one such array",
                            "se espera una lista de objetos, o un objeto con una lista de objetos"
                        ),
                    ));
                }
                (State::Elements(_), Some(b']')) if self.member.is_some() => self.to(State::Members(true)),
                (State::Elements(_), Some(b']')) => self.to(State::Done),
                (State::Elements(false), Some(_)) => return Ok(true),
                (State::Elements(true), Some(b',')) => self.to(State::Elements(false)),
                (State::Members(_), Some(b'}')) => self.to(State::Done),
                (State::Members(false), Some(b'"')) => self.member()?,
                (State::Members(true), Some(b',')) => self.to(State::Members(false)),
                (State::Done, None) => return Ok(false),
                _ => return Err(self.unexpected(byte)),
            }
        }
    }

    fn to(&mut self, state: State) {
        self.text.advance(1);
        self.state = state;
    }

    /// Reads a member of the outer object: skips its value, or enters the array of records.
    fn member(&mut self) -> Result<(), Broken> {
        let name = self.text.value()?;
        let name: String = serde_json::from_slice(&self.text.buffer[self.text.at..self.text.at + name])
            .map_err(|_| self.unexpected(Some(b'"')))?;
        self.text.skip_value()?;
        if self.text.peek()? != Some(b':') {
            let byte = self.text.peek()?;
            return Err(self.unexpected(byte));
        }
        self.text.advance(1);
        self.state = State::Members(true);
        if self.text.peek()? != Some(b'[') {
            return self.text.skip_value();
        }
        self.text.advance(1);
        if self.text.peek()? != Some(b'{') {
            return self.text.skip(Extent::inside());
        }
        if let Some(first) = self.member.take() {
            let names = listed(&[first, name]);
            let message = text!(
                "there are two arrays of objects, {names}: keep one",
                "hay dos listas de objetos, {names}: deja una"
            );
            return Err(self.text.broken(Code::Shape, message));
        }
        self.member = Some(name);
        self.state = State::Elements(false);
        Ok(())
    }

    fn unexpected(&self, byte: Option<u8>) -> Broken {
        let Some(byte) = byte else {
            let message = text!("the file ends in the middle", "el archivo termina a la mitad");
            return self.text.broken(Code::Syntax, message);
        };
        let found = shown(&String::from_utf8_lossy(&[byte]));
        self.text.broken(Code::Syntax, text!("not JSON: `{found}` is out of place", "no es JSON: `{found}` sobra"))
    }
}

impl Records for Json {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        if !self.seek()? {
            return Ok(false);
        }
        self.number += 1;
        let length = self.text.value()?;
        record.begin(self.number, self.text.line);
        let element = &self.text.buffer[self.text.at..self.text.at + length];
        object::fill(element, record, &mut self.columns);
        self.text.advance(length);
        self.state = State::Elements(true);
        Ok(true)
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn encoding(&self) -> Encoding {
        self.text.source.encoding
    }
}

/// A window on the text, and where it is.
struct Text {
    source: Decoder,
    buffer: Vec<u8>,
    at: usize,
    line: u64,
    /// The place in the whole text at which the line began.
    line_began: u64,
    /// How much of the whole text came before the buffer.
    dropped: u64,
}

impl Text {
    /// The next byte that is not white space; none at the end.
    fn peek(&mut self) -> Result<Option<u8>, Broken> {
        loop {
            let rest = &self.buffer[self.at..];
            let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
            let found = rest.get(blank).copied();
            self.advance(blank);
            if found.is_some() || !self.more()? {
                return Ok(found);
            }
        }
    }

    /// Fetches the next chunk; false at the end.
    fn more(&mut self) -> Result<bool, Broken> {
        let chunk = self.source.next_chunk().map_err(|error| Broken::unreadable(self.line, error))?;
        self.dropped += self.at as u64;
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(&chunk);
        Ok(!chunk.is_empty())
    }

    fn advance(&mut self, bytes: usize) {
        for feed in memchr::memchr_iter(b'\n', &self.buffer[self.at..self.at + bytes]) {
            self.line += 1;
            self.line_began = self.dropped + (self.at + feed) as u64 + 1;
        }
        self.at += bytes;
    }

    /// How long the value at hand is, after fetching all of it.
    fn value(&mut self) -> Result<usize, Broken> {
        let mut extent = Extent::default();
        let mut searched = 0;
        loop {
            match extent.find(&self.buffer[self.at + searched..]) {
                End::At(end) => return Ok(searched + end),
                End::TooDeep(byte) => return Err(self.too_deep(searched + byte)),
                End::Later => searched = self.buffer.len() - self.at,
            }
            if searched > MOST_BYTES {
                let mebibytes = MOST_BYTES >> 20;
                let message = text!(
                    "the value that begins here has more than {mebibytes} MiB",
                    "el valor que empieza aquí tiene más de {mebibytes} MiB"
                );
                return Err(self.broken(Code::TooLarge, message));
            }
            if !self.more()? {
                self.advance(searched);
                let message = text!("the file ends in the middle", "el archivo termina a la mitad");
                return Err(self.broken(Code::Syntax, message));
            }
        }
    }

    fn skip_value(&mut self) -> Result<(), Broken> {
        self.peek()?;
        self.skip(Extent::default())
    }

    /// Goes past a value of any size.
    fn skip(&mut self, mut extent: Extent) -> Result<(), Broken> {
        loop {
            match extent.find(&self.buffer[self.at..]) {
                End::At(end) => {
                    self.advance(end);
                    return Ok(());
                }
                End::TooDeep(byte) => return Err(self.too_deep(byte)),
                End::Later => self.advance(self.buffer.len() - self.at),
            }
            if !self.more()? {
                let message = text!("the file ends in the middle", "el archivo termina a la mitad");
                return Err(self.broken(Code::Syntax, message));
            }
        }
    }

    fn too_deep(&mut self, byte: usize) -> Broken {
        self.advance(byte);
        let message = text!(
            "it is nested deeper than the {MOST_DEPTH} levels that are read",
            "está anidado a más de los {MOST_DEPTH} niveles que se leen"
        );
        self.broken(Code::TooDeep, message)
    }

    fn broken(&self, code: Code, message: String) -> Broken {
        let column = self.dropped + self.at as u64 + 1 - self.line_began;
        Broken::new(code, self.line, Some(column), message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunks::Pieces;
    use crate::record::Field;

    fn read(text: &str, size: usize) -> Result<Vec<(u64, String)>, Broken> {
        let mut json = Json::new(Decoder::new(Box::new(Pieces(text.into(), size))));
        let (mut record, mut all) = (Record::default(), Vec::new());
        while json.next(&mut record)? {
            let problem = record.problems.first().map(|problem| format!("{}: ", problem.code.as_str()));
            all.push((record.line, problem.unwrap_or_default() + &record.lossy(Field::Title)));
        }
        Ok(all)
    }

    #[test]
    fn an_array_is_found_bare_or_in_an_object_however_it_is_cut() {
        for (text, expected) in [
            (r#"[{"title":"a"},{"title":"b]}"}]"#, &[(1, "a"), (1, "b]}")][..]),
            (" [ ] ", &[]),
            (
                "{\"version\": 1.5, \"deep\": [[1], {}],\n \"data\" : [ {\"title\":\"a\"}\n,\n{\"title\":\"b\"} ], \"x\": {\"y\": [{}]}}",
                &[(2, "a"), (4, "b")],
            ),
            (r#"{"meta": [], "data": [{"title":"a"}]}"#, &[(1, "a")]),
            (
                "[{\"title\":\"a\"}, 7,\n null, {\"title\": x}, {\"title\":\"b\"}]",
                &[(1, "a"), (1, "type: "), (2, "type: "), (2, "syntax: "), (2, "b")],
            ),
        ] {
            let expected: Vec<_> = expected.iter().map(|&(line, title)| (line, title.to_owned())).collect();
            for size in 1..=text.len() {
                let found = read(text, size).map_err(|broken| broken.error.message);
                assert_eq!(found, Ok(expected.clone()), "{text} by {size}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_on_is_refused_with_line_and_byte() {
        let deep = format!("[{{\"title\": {}", "[".repeat(100_000));
        let deep_beside = format!("{{\"x\": {}", "[".repeat(100_000));
        let huge = format!("[\n{{\"title\": \"{}", "x".repeat(6 << 20));
        for (text, place, code, words) in [
            ("", (1, 1), Code::Shape, "an array of objects is expected"),
            ("\n  \"a\"", (2, 3), Code::Shape, "an array of objects is expected"),
            ("[{\"title\":\"a\"}\n {}]", (2, 2), Code::Syntax, "`{` is out of place"),
            ("[{}] x", (1, 6), Code::Syntax, "`x` is out of place"),
            ("[{}", (1, 4), Code::Syntax, "ends in the middle"),
            ("[\n{\"title\": \"a", (2, 13), Code::Syntax, "ends in the middle"),
            ("{\"a\": [{}],\n\"b\": [{}]}", (2, 7), Code::Shape, "two arrays of objects, `a`, `b`"),
            (&deep, (1, 27), Code::TooDeep, "deeper than the 16 levels"),
            (&deep_beside, (1, 23), Code::TooDeep, "deeper than the 16 levels"),
            (&huge, (2, 1), Code::TooLarge, "more than 4 MiB"),
        ] {
            for size in [7, 64 << 10] {
                if text.len() > 1 << 20 && size == 7 {
                    continue;
                }
                let broken = read(text, size).expect_err("it is refused");
                let shown = &text[..text.len().min(40)];
                assert_eq!(
                    (broken.line, broken.column, broken.code),
                    (place.0, Some(place.1), code),
                    "{shown} by {size}"
                );
                assert!(broken.error.message.contains(words), "{shown}: {}", broken.error.message);
            }
        }
    }
}
