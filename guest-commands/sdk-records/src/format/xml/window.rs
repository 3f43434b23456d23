//! The text under the XML parser: knows its line and byte, and refuses an event without end.

use std::io::{self, BufRead, Read};

use encargo_sdk::text;

use crate::encoding::Decoder;
use crate::problem::{Broken, Code};
use crate::record::MOST_BYTES;

/// A line and a byte in it, both from 1.
pub(super) type Place = (u64, u64);

/// The text under the parser.
pub(super) struct Window {
    text: Decoder,
    chunk: Vec<u8>,
    at: usize,
    now: Place,
    began: Place,
    since: usize,
    /// Whether the event is text and no tag.
    is_text: bool,
    cut: bool,
    /// Why reading failed, which the parser's own error cannot carry.
    pub(super) failure: Option<Broken>,
}

impl Window {
    /// The text from its start.
    pub(super) fn new(text: Decoder) -> Self {
        Self {
            text,
            chunk: Vec::new(),
            at: 0,
            now: (1, 1),
            began: (1, 1),
            since: 0,
            is_text: false,
            cut: false,
            failure: None,
        }
    }

    /// Begins an event and says where.
    pub(super) fn begin(&mut self) -> Place {
        (self.since, self.is_text, self.cut) = (0, false, false);
        self.began = self.now;
        self.began
    }

    /// Where the last event began.
    pub(super) fn began(&self) -> Place {
        self.began
    }

    /// Whether the last event was text of which not all was kept.
    pub(super) fn was_cut(&self) -> bool {
        self.cut
    }

    /// Goes to the end of a text that is too large, keeping nothing of it.
    fn drop_text(&mut self) -> io::Result<()> {
        self.cut = true;
        loop {
            self.fetch()?;
            let rest = &self.chunk[self.at..];
            let end = memchr::memchr2(b'<', b'&', rest);
            let dropped = end.unwrap_or(rest.len());
            self.count(dropped);
            if end.is_some() || dropped == 0 {
                return Ok(());
            }
        }
    }

    fn fetch(&mut self) -> io::Result<()> {
        if self.at == self.chunk.len() {
            match self.text.next_chunk() {
                Ok(chunk) => (self.chunk, self.at) = (chunk, 0),
                Err(error) => {
                    let broken = Broken::unreadable(self.now.0, error);
                    return Err(self.fail(broken));
                }
            }
        }
        Ok(())
    }

    /// Goes past bytes.
    fn count(&mut self, bytes: usize) {
        let taken = &self.chunk[self.at..self.at + bytes];
        self.now.1 += bytes as u64;
        let mut feeds = memchr::memchr_iter(b'\n', taken);
        if let Some(last) = feeds.next_back() {
            self.now = (self.now.0 + 1 + feeds.count() as u64, (bytes - last) as u64);
        }
        self.at += bytes;
    }

    /// The text itself.
    pub(super) fn text(&self) -> &Decoder {
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
            if !self.is_text {
                let broken = too_large(self.began);
                return Err(self.fail(broken));
            }
            self.drop_text()?;
        }
        self.fetch()?;
        Ok(&self.chunk[self.at..])
    }

    fn consume(&mut self, bytes: usize) {
        if self.since == 0
            && let Some(first) = self.chunk.get(self.at)
        {
            self.is_text = !matches!(first, b'<' | b'&');
        }
        self.count(bytes);
        self.since += bytes;
    }
}

/// The text or the tag that begins here is larger than is read.
pub(super) fn too_large((line, column): Place) -> Broken {
    let mebibytes = MOST_BYTES >> 20;
    let message = text!(
        "the text or the tag that begins here has more than {mebibytes} MiB",
        "el texto o la etiqueta que empieza aquí tiene más de {mebibytes} MiB"
    );
    Broken::new(Code::TooLarge, line, Some(column), message)
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
