//! Files among the tenant's media.

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

/// Makes a file. One of this name and these bytes is left from an interrupted run, and as good.
pub(crate) fn make(name: &str, bytes: &[u8]) -> Result<()> {
    let there = |error: &Error| error.code() == ErrorCode::AlreadyExists;
    match media().create(name) {
        Ok(mut sink) => {
            sink.write_all(bytes)?;
            match sink.publish() {
                Err(error) if there(&error) => {}
                published => return published,
            }
        }
        Err(error) if there(&error) => {}
        Err(error) => return Err(error),
    }
    let mut found = Vec::new();
    media().read_as_is(name)?.take(bytes.len() as u64 + 1).read_to_end(&mut found)?;
    ensure!(
        found == bytes,
        AlreadyExists,
        "the media have another file `{name}` already; remove it, or take another `--seed`",
        "los medios ya tienen otro archivo `{name}`; bórrelo, o elija otra `--seed`"
    );
    Ok(())
}

/// Removes a file; answers whether there was one.
pub(crate) fn remove(name: &str) -> Result<bool> {
    match media().remove(name) {
        Err(error) if error.code() == ErrorCode::NotFound => Ok(false),
        removed => removed.map(|_| true),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_hash_is_that_of_the_standard() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(super::sha256(b""), empty);
    }
}
