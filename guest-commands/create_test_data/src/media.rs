//! Files among the tenant's media.

use encargo_sdk::media::{self, Made};
use encargo_sdk::prelude::*;

fn root() -> files::Root<'static> {
    files::root("media")
}

/// Makes a file. One of this name and these bytes is left from an interrupted run, and as good.
pub(crate) fn make(name: &str, bytes: &[u8]) -> Result<()> {
    ensure!(
        media::make(&root(), name, bytes)? != Made::Not,
        AlreadyExists,
        "the media have another file `{name}` already; remove it, or take another `--seed`",
        "los medios ya tienen otro archivo `{name}`; bórrelo, o elija otra `--seed`"
    );
    Ok(())
}

/// Removes a file; answers whether there was one.
pub(crate) fn remove(name: &str) -> Result<bool> {
    match root().remove(name) {
        Err(error) if error.code() == ErrorCode::NotFound => Ok(false),
        removed => removed.map(|_| true),
    }
}
