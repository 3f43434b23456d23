//! From a file's bytes to UTF-8: byte order marks, and Windows-1252 where the text is not UTF-8.

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::text;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::bytes::is_ascii;
use crate::chunks::Chunks;

/// How much of a file is looked at to tell its format.
const SAMPLE: usize = 4 << 10;

/// What a file's characters are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, and what is ASCII only.
    Utf8,
    /// The Western European code page of Windows, which Excel saves by default.
    Windows1252,
    /// UTF-16 with a byte order mark.
    Utf16,
}

impl Encoding {
    /// The name, as people write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
            Self::Utf16 => "UTF-16",
        }
    }
}

enum State {
    Start,
    /// Only ASCII so far: the first other character decides.
    Ascii,
    Utf8,
    Other(Box<encoding_rs::Decoder>),
    End,
}

/// A file's text as UTF-8, without its byte order mark.
///
/// In a file without a mark the first chunk with anything beyond ASCII decides: UTF-8 when more of it is well-formed
/// than not (what is not is then a problem of its record), else Windows-1252.
pub struct Decoder {
    chunks: Box<dyn Chunks>,
    state: State,
    ahead: Vec<u8>,
    /// What the text was found to be so far.
    pub encoding: Encoding,
}

impl Decoder {
    /// The text of these bytes.
    pub fn new(chunks: Box<dyn Chunks>) -> Self {
        Self { chunks, state: State::Start, ahead: Vec::new(), encoding: Encoding::Utf8 }
    }

    /// The first text, some kilobytes or the whole of it, without taking it.
    ///
    /// # Errors
    /// As `next_chunk`.
    pub fn peek(&mut self) -> Result<&[u8]> {
        while self.ahead.len() < SAMPLE {
            let more = self.decode()?;
            if more.is_empty() {
                break;
            }
            if self.ahead.is_empty() { self.ahead = more } else { self.ahead.extend_from_slice(&more) }
        }
        Ok(&self.ahead)
    }

    /// The next text; empty at the end. It may end inside a character.
    ///
    /// # Errors
    /// `invalid` for what is no text; whatever the source deserves.
    pub fn next_chunk(&mut self) -> Result<Vec<u8>> {
        if self.ahead.is_empty() { self.decode() } else { Ok(std::mem::take(&mut self.ahead)) }
    }

    fn decode(&mut self) -> Result<Vec<u8>> {
        loop {
            if matches!(self.state, State::End) {
                return Ok(Vec::new());
            }
            let mut chunk = self.chunks.next_chunk()?;
            let last = chunk.is_empty();
            if matches!(self.state, State::Start) {
                self.complete(&mut chunk, |chunk| chunk.len() >= 4)?;
                self.start(&mut chunk)?;
            }
            if matches!(self.state, State::Ascii) && !is_ascii(&chunk) {
                self.complete(&mut chunk, |chunk| votes(chunk) != (0, 0))?;
                let (for_utf8, against) = votes(&chunk);
                let utf8 = for_utf8 > 0 && for_utf8 >= against;
                self.state = if utf8 { State::Utf8 } else { self.windows_1252() };
            }
            let decoded = match &mut self.state {
                State::Other(decoder) => {
                    let room = decoder.max_utf8_buffer_length(chunk.len()).unwrap_or(usize::MAX);
                    let mut decoded = String::with_capacity(room);
                    let _ = decoder.decode_to_string(&chunk, &mut decoded, last);
                    decoded.into_bytes()
                }
                _ => chunk,
            };
            if last {
                self.state = State::End;
            }
            if last || !decoded.is_empty() {
                return Ok(decoded);
            }
        }
    }

    /// Adds to the chunk until it is enough to decide on, or the file ends.
    fn complete(&mut self, chunk: &mut Vec<u8>, enough: impl Fn(&[u8]) -> bool) -> Result<()> {
        while !enough(chunk) {
            let more = self.chunks.next_chunk()?;
            if more.is_empty() {
                break;
            }
            chunk.extend_from_slice(&more);
        }
        Ok(())
    }

    fn windows_1252(&mut self) -> State {
        self.encoding = Encoding::Windows1252;
        State::Other(Box::new(WINDOWS_1252.new_decoder_without_bom_handling()))
    }

    fn start(&mut self, chunk: &mut Vec<u8>) -> Result<()> {
        self.state = State::Ascii;
        if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(chunk) {
            chunk.drain(..mark);
            self.state = State::Utf8;
            if encoding != UTF_8 {
                self.encoding = Encoding::Utf16;
                self.state = State::Other(Box::new(encoding.new_decoder_without_bom_handling()));
            }
            return Ok(());
        }
        let head = &chunk[..chunk.len().min(SAMPLE)];
        if head.starts_with(b"PK\x03\x04") {
            return Err(Error::new(
                ErrorCode::Invalid,
                text!(
                    "it is a spreadsheet or a zip archive, not a text: save it as CSV",
                    "es una hoja de cálculo o un archivo zip, no un texto: guárdalo como CSV"
                ),
            ));
        }
        // In UTF-16 every other byte of Western text is zero; a lone zero in UTF-8 is left to the record that has it.
        if head.len() >= 4 && head.iter().filter(|&&byte| byte == 0).count() >= head.len() / 4 {
            let names = if head[0] == 0 { UTF_16BE.name() } else { UTF_16LE.name() };
            return Err(Error::new(
                ErrorCode::Invalid,
                text!(
                    "it is not a text, or {names} without a byte order mark: save it as UTF-8",
                    "no es un texto, o es {names} sin marca de orden de bytes: guárdalo como UTF-8"
                ),
            ));
        }
        Ok(())
    }
}

/// How many characters beyond ASCII are well-formed UTF-8, and how many bytes are not. A character that the end of
/// the bytes cuts is neither.
fn votes(mut bytes: &[u8]) -> (usize, usize) {
    let (mut well, mut ill) = (0, 0);
    loop {
        let (valid, rest) = match std::str::from_utf8(bytes) {
            Ok(valid) => (valid, None),
            Err(error) => {
                let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
                (valid, error.error_len().map(|length| error.valid_up_to() + length))
            }
        };
        well += valid.chars().filter(|character| !character.is_ascii()).count();
        let Some(rest) = rest else { return (well, ill) };
        ill += 1;
        bytes = &bytes[rest..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunks::Pieces;

    fn decoded(bytes: &[u8], size: usize) -> Result<(String, Encoding)> {
        let mut decoder = Decoder::new(Box::new(Pieces(bytes.to_vec(), size)));
        let mut all = decoder.peek()?[..0].to_vec();
        loop {
            let chunk = decoder.next_chunk()?;
            if chunk.is_empty() {
                return Ok((String::from_utf8_lossy(&all).into_owned(), decoder.encoding));
            }
            all.extend(chunk);
        }
    }

    #[test]
    fn every_encoding_is_told_and_read_however_it_is_cut() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        for (bytes, text, encoding) in [
            (b"plain".to_vec(), "plain", Encoding::Utf8),
            (b"".to_vec(), "", Encoding::Utf8),
            ("año 😀".as_bytes().to_vec(), "año 😀", Encoding::Utf8),
            (b"\xEF\xBB\xBFa\xC3\xB1o".to_vec(), "año", Encoding::Utf8),
            (b"a\xF1o, 5 \x80".to_vec(), "año, 5 €", Encoding::Windows1252),
            (b"caf\xE9".to_vec(), "café", Encoding::Windows1252),
            ([b"\xFF\xFE".to_vec(), utf16("año 😀")].concat(), "año 😀", Encoding::Utf16),
            // One bad byte in UTF-8 is a problem of its record, not another encoding.
            (b"\xC3\xB1 \xC3\xA9 \xFF".to_vec(), "ñ é \u{FFFD}", Encoding::Utf8),
        ] {
            for size in [1, 2, 3, 7, 100] {
                let found = decoded(&bytes, size).map_err(|error| error.message);
                assert_eq!(found, Ok((text.to_owned(), encoding)), "by {size}");
            }
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_the_way_out() {
        let utf16 = "title,body".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        for (bytes, way_out) in [(&b"PK\x03\x04 and so on"[..], "save it as CSV"), (&utf16, "UTF-16BE without")] {
            let error = decoded(bytes, 100).expect_err("it is no text");
            assert!(error.message.contains(way_out), "{}", error.message);
        }
    }
}
