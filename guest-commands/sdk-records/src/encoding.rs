//! From a file's bytes to UTF-8: byte order marks, an encoding that was asked for, and Windows-1252 where the text is not
//! UTF-8. What is no text is told by its first bytes.

mod oddness;
mod other_kinds;

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::text;
use encoding_rs::{DecoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::bytes::is_ascii;
use crate::chunks::Chunks;
use oddness::Oddness;

/// How much of a file is looked at to tell its format.
const SAMPLE: usize = 4 << 10;

/// Stands for bytes that are no character in their encoding; in UTF-8 it is none either, so its record is refused.
const NO_CHARACTER: u8 = 0xFF;

/// The encoding that was asked for.
///
/// # Errors
/// `invalid` for a word that is none.
pub fn asked_for(word: Option<&str>) -> Result<Option<&'static encoding_rs::Encoding>> {
    let Some(word) = word else { return Ok(None) };
    let message = || text!("there is no encoding `{word}`", "no hay codificación `{word}`");
    let label = if word == "latin-1" { "latin1" } else { word };
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes());
    encoding.map(Some).ok_or_else(|| Error::new(ErrorCode::Invalid, message()))
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
    asked_for: Option<&'static encoding_rs::Encoding>,
    /// The name of what the text was found to be so far.
    pub encoding: &'static str,
    /// How it reads, where Windows-1252 was a guess.
    oddness: Option<Oddness>,
}

impl Decoder {
    /// The text of these bytes, in this encoding or in what they tell.
    pub fn new(chunks: Box<dyn Chunks>, asked_for: Option<&'static encoding_rs::Encoding>) -> Self {
        Self { chunks, state: State::Start, ahead: Vec::new(), asked_for, encoding: "UTF-8", oddness: None }
    }

    /// A word that hardly anybody wrote so, where the encoding was guessed and more words are odd than not.
    pub fn odd_word(&self) -> Option<&str> {
        self.oddness.as_ref().and_then(Oddness::word)
    }

    /// The first text, some kilobytes or the whole of it, without taking it, and whether it is the whole.
    ///
    /// # Errors
    /// As `next_chunk`.
    pub fn peek(&mut self) -> Result<(&[u8], bool)> {
        while self.ahead.len() < SAMPLE {
            let more = self.decode()?;
            if more.is_empty() {
                break;
            }
            if self.ahead.is_empty() { self.ahead = more } else { self.ahead.extend_from_slice(&more) }
        }
        Ok((&self.ahead, matches!(self.state, State::End)))
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
                self.complete(&mut chunk, |chunk| chunk.len() >= other_kinds::LONGEST)?;
                self.start(&mut chunk)?;
            }
            if matches!(self.state, State::Ascii) && !is_ascii(&chunk) {
                self.complete(&mut chunk, |chunk| votes(chunk) != (0, 0))?;
                let (for_utf8, against) = votes(&chunk);
                let utf8 = for_utf8 > 0 && for_utf8 >= against;
                self.state = if utf8 { State::Utf8 } else { self.windows_1252() };
            }
            let decoded = match &mut self.state {
                State::Other(decoder) => decoded(decoder, &chunk, last),
                _ => chunk,
            };
            if let Some(oddness) = &mut self.oddness {
                oddness.look_at(&String::from_utf8_lossy(&decoded));
            }
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
        self.encoding = "Windows-1252";
        self.oddness = Some(Oddness::default());
        State::Other(Box::new(WINDOWS_1252.new_decoder_without_bom_handling()))
    }

    fn start(&mut self, chunk: &mut Vec<u8>) -> Result<()> {
        let refused = |message| Err(Error::new(ErrorCode::Invalid, message));
        if let Some(message) = other_kinds::told_by(chunk) {
            return refused(message);
        }
        let marked = encoding_rs::Encoding::for_bom(chunk);
        if let Some((_, mark)) = marked {
            chunk.drain(..mark);
        }
        if let Some(encoding) = marked.map(|(encoding, _)| encoding).or(self.asked_for) {
            self.state = State::Utf8;
            if encoding != UTF_8 {
                self.encoding = if marked.is_some() { "UTF-16" } else { encoding.name() };
                self.state = State::Other(Box::new(encoding.new_decoder_without_bom_handling()));
            }
            return Ok(());
        }
        self.state = State::Ascii;
        let head = &chunk[..chunk.len().min(SAMPLE)];
        // In UTF-16 every other byte of Western text is zero; a lone zero in UTF-8 is left to the record that has it.
        if head.len() >= 4 && head.iter().filter(|&&byte| byte == 0).count() >= head.len() / 4 {
            let name = if head[0] == 0 { UTF_16BE.name() } else { UTF_16LE.name() };
            return refused(text!(
                "it is not a text, or {name} without a byte order mark: save it as UTF-8, or give `--encoding`",
                "no es un texto, o es {name} sin marca de orden de bytes: guárdelo como UTF-8, o indique `--encoding`"
            ));
        }
        Ok(())
    }
}

/// The text of a chunk, with what is no character marked.
fn decoded(decoder: &mut encoding_rs::Decoder, mut chunk: &[u8], last: bool) -> Vec<u8> {
    let mut text = Vec::new();
    loop {
        let written = text.len();
        let room = decoder.max_utf8_buffer_length_without_replacement(chunk.len()).unwrap_or(chunk.len());
        text.resize(written + room.max(16), 0);
        let (result, read, more) = decoder.decode_to_utf8_without_replacement(chunk, &mut text[written..], last);
        text.truncate(written + more);
        chunk = &chunk[read..];
        match result {
            DecoderResult::InputEmpty => return text,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => text.push(NO_CHARACTER),
        }
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

    fn decoded(bytes: &[u8], size: usize) -> Result<(String, &'static str)> {
        let mut decoder = Decoder::new(Box::new(Pieces(bytes.to_vec(), size)), None);
        let mut all = decoder.peek()?.0[..0].to_vec();
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
            (b"plain".to_vec(), "plain", "UTF-8"),
            (b"".to_vec(), "", "UTF-8"),
            ("año 😀".as_bytes().to_vec(), "año 😀", "UTF-8"),
            (b"\xEF\xBB\xBFa\xC3\xB1o".to_vec(), "año", "UTF-8"),
            (b"a\xF1o, 5 \x80".to_vec(), "año, 5 €", "Windows-1252"),
            (b"caf\xE9".to_vec(), "café", "Windows-1252"),
            ([b"\xFF\xFE".to_vec(), utf16("año 😀")].concat(), "año 😀", "UTF-16"),
            // A lone surrogate, and a byte too many.
            (b"\xFF\xFEa\0\0\xD8b\0c".to_vec(), "a\u{FFFD}b\u{FFFD}", "UTF-16"),
            // One bad byte in UTF-8 is a problem of its record, not another encoding.
            (b"\xC3\xB1 \xC3\xA9 \xFF".to_vec(), "ñ é \u{FFFD}", "UTF-8"),
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

    #[test]
    fn an_encoding_that_was_asked_for_is_read_and_what_is_no_character_in_it_is_marked() {
        for (label, bytes, text) in [
            ("windows-1251", &b"\xC2\xEE\xEF\xF0\xEE\xF1"[..], "Вопрос"),
            ("macintosh", b"a\x96o", "año"),
            ("shift_jis", b"\x8E\xBF\x96\xE2", "質問"),
            ("shift_jis", b"a\x81", "a\u{FFFD}"),
            ("utf-16le", b"a\0\xF1\0", "añ"),
            ("windows-1252", b"\xC3\xB1", "Ã±"),
            ("utf-8", b"\xF1a\xF1", "\u{FFFD}a\u{FFFD}"),
        ] {
            for size in [1, 2, 100] {
                let encoding = encoding_rs::Encoding::for_label(label.as_bytes());
                assert!(encoding.is_some(), "{label}");
                let mut decoder = Decoder::new(Box::new(Pieces(bytes.to_vec(), size)), encoding);
                let mut all = Vec::new();
                loop {
                    let chunk = decoder.next_chunk().expect("it can be read");
                    if chunk.is_empty() {
                        break;
                    }
                    all.extend(chunk);
                }
                assert_eq!(String::from_utf8_lossy(&all), text, "{label} by {size}");
                assert_eq!(decoder.odd_word(), None, "{label}");
            }
        }
    }
}
