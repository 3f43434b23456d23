//! The text under the XML parser: knows its line and byte, and refuses an event without end.

use std::io::{self, BufRead, Read};

use encargo_sdk::text;

use crate::encoding::Decoder;
use crate::problem::{Broken, Code};
use crate::record::MOST_BYTES;

/// A line and a byte in it, both from 1.
pub type Place = (u64, u64);

/// The text under the parser.
pub struct Window {
    text: Decoder,
    chunk: Vec<u8>,
    at: usize,
    now: Place,
    began: Place,
    since: usize,
    /// Why reading failed, which the parser's own error cannot carry.
    pub failure: Option<Broken>,
}

impl Window {
    /// The text from its start.
    pub fn new(text: Decoder) -> Self {
        Self { text, chunk: Vec::new(), at: 0, now: (1, 1), began: (1, 1), since: 0, failure: None }
    }

    /// Begins an event and says where.
    pub fn begin(&mut self) -> Place {
        self.since = 0;
        self.began = self.now;
        self.began
    }

    /// Where the last event began.
    pub fn began(&self) -> Place {
        self.began
    }

    /// The text itself.
    pub fn text(&self) -> &Decoder {
        &self.text
    }

    fn fail(&mut self, broken: Broken) -> io::Error {
        self.failure = Some(broken);
        io::Error::other("the text under the parser failed")
    }
}

impl BufRead for Window {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > MOST_BYTES {
            let mebibytes = MOST_BYTES >> 20;
            let message = text!(
                "the text or the tag that begins here has more than {mebibytes} MiB",
                "el texto o la etiqueta que empieza aquí tiene más de {mebibytes} MiB"
            );
            let broken = Broken::new(Code::TooLarge, self.began.0, Some(self.began.1), message);
            return Err(self.fail(broken));
        }
        if self.at == self.chunk.len() {
            match self.text.next_chunk() {
                Ok(chunk) => (self.chunk, self.at) = (chunk, 0),
                Err(error) => {
                    let broken = Broken::unreadable(self.now.0, error);
                    return Err(self.fail(broken));
                }
            }
        }
        Ok(&self.chunk[self.at..])
    }

    fn consume(&mut self, bytes: usize) {
        let taken = &self.chunk[self.at..self.at + bytes];
        self.now.1 += bytes as u64;
        let mut feeds = memchr::memchr_iter(b'\n', taken);
        if let Some(last) = feeds.next_back() {
            self.now = (self.now.0 + 1 + feeds.count() as u64, (bytes - last) as u64);
        }
        self.at += bytes;
        self.since += bytes;
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&available[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}
