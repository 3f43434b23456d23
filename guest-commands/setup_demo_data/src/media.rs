//! The files of the documents, among the tenant's media.

use std::io::{Read, Write};

use encargo_sdk::prelude::*;
use sha2::{Digest, Sha256};

fn media() -> files::Root<'static> {
    files::root("media")
}

/// The hash of a file's bytes, in 64 hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What became of a file that was to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    /// It was made.
    Now,
    /// One of this name and these bytes was there, which is as good.
    Before,
    /// One of this name is somebody else's, and stays.
    Not,
}

/// Makes a file.
pub(crate) fn make(name: &str, bytes: &[u8]) -> Result<Made> {
    match media().create(name) {
        Ok(mut sink) => {
            sink.write_all(bytes)?;
            match sink.publish() {
                Err(error) if error.code() == ErrorCode::AlreadyExists => {}
                published => return published.map(|()| Made::Now),
            }
        }
        Err(error) if error.code() == ErrorCode::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    Ok(if bytes_of(name)?.is_some_and(|there| there == bytes) { Made::Before } else { Made::Not })
}

/// Removes a file if it is as it was made; answers whether it is gone.
pub(crate) fn remove(name: &str, hash: &str) -> Result<bool> {
    match bytes_of(name)? {
        Some(bytes) if sha256(&bytes) != hash => Ok(false),
        Some(_) => media().remove(name).map(|_| true),
        None => Ok(true),
    }
}

/// The bytes of a file; none when it is not there.
fn bytes_of(name: &str) -> Result<Option<Vec<u8>>> {
    let source = match media().read_as_is(name) {
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        source => source?,
    };
    // The demo's own files are small; of a larger one its first bytes tell that it is not one of them.
    let mut bytes = Vec::new();
    source.take(1 << 20).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_hash_is_that_of_the_standard() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(super::sha256(b""), empty);
    }
}
