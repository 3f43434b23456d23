//! The text under a JSON document: one value of it is in memory at a time, and it knows its line and byte.

use encargo_sdk::text;

use super::extent::{End, Extent};
use crate::encoding::Decoder;
use crate::problem::{Broken, Code, shown};
use crate::record::MOST_BYTES;

/// How a value that begins at hand ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// It is in memory and has so many bytes.
    Whole(usize),
    /// It is nested deeper than is read, and has so many bytes.
    TooDeep(usize),
    /// It has more bytes than are read.
    TooLarge,
    /// The text ends in it.
    Cut,
}

/// A window on the text, and where it is.
pub(super) struct Window {
    pub(super) source: Decoder,
    pub(super) line: u64,
    buffer: Vec<u8>,
    at: usize,
    /// The place in the whole text at which the line began.
    line_began: u64,
    /// How much of the whole text came before the buffer.
    dropped: u64,
}

impl Window {
    pub(super) fn new(source: Decoder) -> Self {
        Self { source, line: 1, buffer: Vec::new(), at: 0, line_began: 0, dropped: 0 }
    }

    /// The next bytes, so many as were found to be there.
    pub(super) fn bytes(&self, length: usize) -> &[u8] {
        &self.buffer[self.at..self.at + length]
    }

    /// So many of the next bytes, of which none is taken, or all that there are.
    pub(super) fn ahead(&mut self, bytes: usize) -> Result<&[u8], Broken> {
        while self.buffer.len() - self.at < bytes && self.more()? {}
        let end = self.buffer.len().min(self.at + bytes);
        Ok(&self.buffer[self.at..end])
    }

    /// The next byte that is not white space; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Broken> {
        loop {
            let rest = &self.buffer[self.at..];
            let blank = rest.iter().take_while(|byte| is_blank(**byte)).count();
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

    pub(super) fn advance(&mut self, bytes: usize) {
        for feed in memchr::memchr_iter(b'\n', &self.buffer[self.at..self.at + bytes]) {
            self.line += 1;
            self.line_began = self.dropped + (self.at + feed) as u64 + 1;
        }
        self.at += bytes;
    }

    /// Fetches the value at hand.
    pub(super) fn value(&mut self) -> Result<Value, Broken> {
        self.value_behind(0)
    }

    /// Fetches the value that begins so many bytes later.
    fn value_behind(&mut self, behind: usize) -> Result<Value, Broken> {
        let mut extent = Extent::default();
        let mut searched = behind;
        loop {
            match extent.find(&self.buffer[self.at + searched..]) {
                End::At(end) if extent.is_too_deep() => return Ok(Value::TooDeep(searched + end - behind)),
                End::At(end) => return Ok(Value::Whole(searched + end - behind)),
                End::Later => searched = self.buffer.len() - self.at,
            }
            if searched > MOST_BYTES {
                return Ok(Value::TooLarge);
            }
            if !self.more()? {
                return Ok(Value::Cut);
            }
        }
    }

    /// The first element that is not null of the array at hand, of which no byte is taken; none when it has no such
    /// element or that one is not whole in memory.
    pub(super) fn first_element(&mut self) -> Result<Option<&[u8]>, Broken> {
        let mut behind = 1;
        loop {
            while self.buffer.get(self.at + behind).is_none_or(|byte| is_blank(*byte) || *byte == b',') {
                if self.at + behind < self.buffer.len() {
                    behind += 1;
                } else if behind > MOST_BYTES || !self.more()? {
                    return Ok(None);
                }
            }
            if self.buffer[self.at + behind] == b']' {
                return Ok(None);
            }
            let Value::Whole(length) = self.value_behind(behind)? else { return Ok(None) };
            if length == 0 {
                return Ok(None);
            }
            let element = self.at + behind..self.at + behind + length;
            if &self.buffer[element.clone()] != b"null" {
                return Ok(Some(&self.buffer[element]));
            }
            behind += length;
        }
    }

    /// Reads the name of a member, and goes to its value.
    pub(super) fn key(&mut self) -> Result<String, Broken> {
        let Value::Whole(length) = self.value()? else { return Err(self.cut()) };
        let name = serde_json::from_slice(self.bytes(length)).map_err(|error| self.not_json(&error))?;
        self.advance(length);
        match self.peek()? {
            Some(b':') => self.advance(1),
            other => return Err(self.unexpected(other)),
        }
        Ok(name)
    }

    /// The value at hand is no JSON.
    pub(super) fn not_json(&self, error: &serde_json::Error) -> Broken {
        let english = error.to_string();
        let what = english.rsplit_once(" at line ").map_or(english.as_str(), |(what, _)| what);
        self.broken(Code::Syntax, text!("not JSON: {what}", "no es JSON: {what}"))
    }

    /// Goes past a value of any size.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        let mut extent = Extent::default();
        loop {
            match extent.find(&self.buffer[self.at..]) {
                End::At(end) => {
                    self.advance(end);
                    return Ok(());
                }
                End::Later => self.advance(self.buffer.len() - self.at),
            }
            if !self.more()? {
                return Err(self.cut());
            }
        }
    }

    /// The text ends where it may not.
    pub(super) fn cut(&mut self) -> Broken {
        self.advance(self.buffer.len() - self.at);
        self.broken(Code::Syntax, text!("the file ends in the middle", "el archivo termina a la mitad"))
    }

    /// This byte may not come next.
    pub(super) fn unexpected(&mut self, byte: Option<u8>) -> Broken {
        let Some(byte) = byte else { return self.cut() };
        let found = shown(&String::from_utf8_lossy(&[byte]));
        self.broken(Code::Syntax, text!("not JSON: `{found}` is out of place", "no es JSON: `{found}` sobra"))
    }

    /// Something is wrong at the next byte.
    pub(super) fn broken(&self, code: Code, message: String) -> Broken {
        let column = self.dropped + self.at as u64 + 1 - self.line_began;
        Broken::new(code, self.line, Some(column), message)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
