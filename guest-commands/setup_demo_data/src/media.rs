//! The files of the documents, among the tenant's media.

use encargo_sdk::media::{self, Made};
use encargo_sdk::prelude::*;

fn root() -> files::Root<'static> {
    files::root("media")
}

/// Makes a file.
pub(crate) fn make(name: &str, bytes: &[u8]) -> Result<Made> {
    media::make(&root(), name, bytes)
}

/// Removes a file if it is as it was made; answers whether it is gone.
pub(crate) fn remove(name: &str, hash: &str) -> Result<bool> {
    match media::sha256_of(&root(), name)? {
        Some(there) if there != hash => Ok(false),
        Some(_) => root().remove(name).map(|_| true),
        None => Ok(true),
    }
}
