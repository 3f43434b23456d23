//! Decompresses by the first bytes or the stored name's suffix.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

/// What is between a file and its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

/// The largest window of a zstd stream: 64 MiB, which every level but the two highest stays under.
const WINDOW_LOG: u32 = 26;
const BUFFER: usize = 128 << 10;

impl Compression {
    /// What a file's first bytes are the mark of, else what its name says.
    pub(super) fn of(file: &File, name: &str) -> io::Result<Self> {
        let mut first = [0; 4];
        let length = match file.read_at(&mut first, 0) {
            Err(error) if error.kind() == io::ErrorKind::NotSeekable => 0,
            read => read?,
        };
        Ok(match &first[..length] {
            [0x1F, 0x8B, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD] => Self::Zstd,
            _ => Self::by_suffix(name),
        })
    }

    /// What the suffix of a name says.
    pub(super) fn by_suffix(name: &str) -> Self {
        match name.rsplit_once('.').map(|(_, suffix)| suffix.to_ascii_lowercase()).as_deref() {
            Some("gz") => Self::Gzip,
            Some("zst") => Self::Zstd,
            _ => Self::None,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::None => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Decompressed bytes, and how many stored bytes were taken for them so far.
pub(super) type Decoded = (Box<dyn Read>, Rc<Cell<u64>>);

/// A reader of the decompressed bytes.
pub(super) fn reader(file: File, compression: Compression) -> io::Result<Decoded> {
    let taken = Rc::new(Cell::new(0));
    let counted = Counted { file, taken: Rc::clone(&taken) };
    let reader: Box<dyn Read> = match compression {
        Compression::None => Box::new(counted),
        Compression::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, counted))),
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(BufReader::with_capacity(BUFFER, counted))?;
            decoder.window_log_max(WINDOW_LOG)?;
            Box::new(decoder)
        }
    };
    Ok((reader, taken))
}

struct Counted {
    file: File,
    taken: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.taken.set(self.taken.get() + length as u64);
        Ok(length)
    }
}
