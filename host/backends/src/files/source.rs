//! Bytes to be read.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::rc::Rc;

use encargo_model::{ErrorCode, text};

use super::decode::{Compression, reader};
use super::error;
use super::open::OpenFile;
use crate::BackendError;

/// The most bytes of one call.
const MOST: usize = 1 << 20;
/// How much more comes out of a compressed file than went in, at most, once this many bytes have come. Rows that say
/// nearly the same shrink to a four-hundredth; a bomb of gzip grows 1,030 times, and one of zstd without end.
const RATIO: u64 = 500;
const FREE: u64 = 512 << 20;

/// Bytes to be read from a file.
pub struct Source {
    name: String,
    reader: Box<dyn Read>,
    compression: Compression,
    /// Stored bytes taken so far.
    taken: Rc<Cell<u64>>,
    /// Those of them that the command is done with.
    done_with: u64,
    /// The same of all sources of the run.
    read: Rc<Cell<u64>>,
    /// The most decompressed bytes; what the run wrote itself has no bounds and is no bomb.
    most: u64,
    /// Bytes that came out of the reader.
    produced: u64,
    /// Bytes handed out.
    handed_out: u64,
    /// The beginning of a character whose end is still to come.
    held: Vec<u8>,
    /// Counts it as open.
    _open: OpenFile,
}

impl Source {
    /// Reads a file that was opened; with a cap its bytes are decompressed, by their mark or by its suffix.
    pub(super) fn open(
        (file, open): (io::Result<File>, OpenFile),
        name: &str,
        decode_up_to: Option<u64>,
        read: &Rc<Cell<u64>>,
    ) -> Result<Self, BackendError> {
        let file = file.map_err(|error| error::reading(name, &error))?;
        let compression = match decode_up_to {
            Some(_) => Compression::of(&file, name).map_err(|error| error::reading(name, &error))?,
            None => Compression::None,
        };
        let (reader, taken) = reader(file, compression).map_err(|error| error::reading(name, &error))?;
        Ok(Self {
            name: name.to_owned(),
            reader,
            compression,
            taken,
            done_with: 0,
            read: Rc::clone(read),
            most: decode_up_to.filter(|_| compression != Compression::None).unwrap_or(u64::MAX),
            produced: 0,
            handed_out: 0,
            held: Vec::new(),
            _open: open,
        })
    }

    /// The next bytes, at most `max`; empty at the end.
    ///
    /// # Errors
    /// `invalid` for a damaged compressed file, `too-large` past the cap or the ratio.
    pub fn read(&mut self, max: u32) -> Result<Vec<u8>, BackendError> {
        let bytes = self.fill((max as usize).clamp(1, MOST))?;
        self.handed_out += bytes.len() as u64;
        Ok(bytes)
    }

    /// The next text, at most `max` bytes (but at least a character), cut on a character boundary; empty at the end.
    ///
    /// # Errors
    /// `invalid` with the position of bytes that are not UTF-8, and those of [`Source::read`].
    pub fn read_text(&mut self, max: u32) -> Result<String, BackendError> {
        let bytes = self.fill((max as usize).clamp(4, MOST))?;
        let length = bytes.len();
        let text = String::from_utf8(bytes).or_else(|error| {
            let at = error.utf8_error().valid_up_to();
            // Less than a character is left and more bytes are to come.
            let cut = error.utf8_error().error_len().is_none() && at > 0;
            let mut bytes = error.into_bytes();
            if cut {
                self.held = bytes.split_off(at);
            }
            String::from_utf8(bytes).map_err(|_| {
                let position = self.handed_out + at as u64;
                let message = text!(
                    "`{}` is not UTF-8 at byte {position} (of {length} read)",
                    "`{}` no es UTF-8 en el byte {position} (de {length} leídos)";
                    self.name
                );
                BackendError::new(ErrorCode::Invalid, message)
            })
        })?;
        self.handed_out += text.len() as u64;
        Ok(text)
    }

    /// Whoever asks for more is done with what came before.
    fn count_read(&mut self) {
        let taken = self.taken.get();
        self.read.set(self.read.get() + (taken - self.done_with));
        self.done_with = taken;
    }

    /// Held bytes and as many more as fit and are there.
    fn fill(&mut self, most: usize) -> Result<Vec<u8>, BackendError> {
        self.count_read();
        let mut bytes = std::mem::take(&mut self.held);
        if bytes.len() > most {
            self.held = bytes.split_off(most);
            return Ok(bytes);
        }
        let mut filled = bytes.len();
        bytes.resize(most, 0);
        while filled < most {
            match self.reader.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(length) => {
                    filled += length;
                    self.produced += length as u64;
                    self.check_size()?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.error_of(&error)),
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }

    fn check_size(&self) -> Result<(), BackendError> {
        let problem = if self.produced > self.most {
            text!(
                "`{}` has more than {} bytes when it is decompressed",
                "`{}` tiene más de {} bytes descomprimido";
                self.name, self.most
            )
        } else if self.most < u64::MAX && is_bomb(self.produced, self.taken.get()) {
            text!(
                "`{}` grows more than {RATIO} times when it is decompressed",
                "`{}` crece más de {RATIO} veces al descomprimirse";
                self.name
            )
        } else {
            return Ok(());
        };
        Err(BackendError::new(ErrorCode::TooLarge, problem))
    }

    fn error_of(&self, error: &io::Error) -> BackendError {
        let (name, compression) = (&self.name, self.compression.name());
        if self.compression == Compression::None || error.raw_os_error().is_some() {
            return error::reading(name, error);
        }
        let problem = match error.kind() {
            io::ErrorKind::UnexpectedEof => text!(
                "`{name}` ends in the middle of its {compression} data",
                "`{name}` termina en medio de sus datos {compression}"
            ),
            _ => text!(
                "`{name}` is damaged or not {compression} data",
                "`{name}` está dañado o no contiene datos {compression}"
            ),
        };
        BackendError::new(ErrorCode::Invalid, problem)
    }
}

/// Whether more came out than anybody wrote.
fn is_bomb(produced: u64, taken: u64) -> bool {
    produced > FREE.saturating_add(taken.saturating_mul(RATIO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_repetition_is_no_bomb_at_any_size() {
        for (produced, taken, expected) in [
            (FREE, 1, false),
            (FREE + 500, 1, false),
            (FREE + 501, 1, true),
            (400 << 30, 1 << 30, false),
            (10 << 30, 10 << 20, true),
            (u64::MAX, u64::MAX, false),
        ] {
            assert_eq!(is_bomb(produced, taken), expected, "{produced} of {taken}");
        }
    }
}
