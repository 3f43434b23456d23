//! Files of a named root, with their SHA-256, by which rows know them.

use std::io::Write as _;

use sha2::Digest as _;

use crate::error::{ErrorCode, Result};
use crate::files::{Root, Source};

/// A SHA-256 in the making.
#[derive(Debug, Clone, Default)]
pub struct Sha256(sha2::Sha256);

impl Sha256 {
    /// Takes in bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Its 64 hexadecimal digits.
    pub fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The SHA-256 of bytes, in 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let mut hash = Sha256::default();
    hash.add(bytes);
    hash.finish()
}

/// The SHA-256 of a file as it is stored; none where there is no such file.
///
/// # Errors
/// What reading it says.
pub fn sha256_of(root: &Root<'_>, name: &str) -> Result<Option<String>> {
    let Some(mut bytes) = open(root, name)? else { return Ok(None) };
    let mut hash = Sha256::default();
    copy(&mut bytes, |chunk| {
        hash.add(chunk);
        Ok(())
    })?;
    Ok(Some(hash.finish()))
}

/// Opens a file as it is stored; none where there is no such file.
///
/// # Errors
/// What opening it says.
pub fn open(root: &Root<'_>, name: &str) -> Result<Option<Source>> {
    match root.read_as_is(name) {
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        source => source.map(Some),
    }
}

/// Hands over all bytes of a source, a piece at a time.
///
/// # Errors
/// What reading says, and what `take` answers.
pub fn copy(source: &mut Source, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    loop {
        let chunk = source.next_chunk()?;
        if chunk.is_empty() {
            return Ok(());
        }
        take(&chunk)?;
    }
}

/// What became of a file that was to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It was made.
    Now,
    /// One of this name and these bytes was there, which is as good.
    Before,
    /// One of this name has other bytes, and stays.
    Not,
}

/// Makes a file of these bytes; what has the name already is never replaced.
///
/// # Errors
/// What writing says.
pub fn make(root: &Root<'_>, name: &str, bytes: &[u8]) -> Result<Made> {
    let made = root.create(name).and_then(|mut sink| {
        sink.write_all(bytes)?;
        sink.publish()
    });
    match made {
        Err(error) if error.code() == ErrorCode::AlreadyExists => {
            let is_same = sha256_of(root, name)?.is_some_and(|there| there == sha256(bytes));
            Ok(if is_same { Made::Before } else { Made::Not })
        }
        made => made.map(|()| Made::Now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_standard() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256(b""), empty);
        let mut hash = Sha256::default();
        for piece in ["he", "", "llo"] {
            hash.add(piece.as_bytes());
        }
        assert_eq!(hash.finish(), sha256(b"hello"));
    }
}
