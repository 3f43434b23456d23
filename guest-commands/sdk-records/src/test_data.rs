//! The larger real inputs that some tests read, where they are there.

use std::io::Write;
use std::path::{Path, PathBuf};

/// `$ENCARGO_TEST_DATA`, else `shared/data` beside the checkout; none, said and counted, where there is neither.
#[expect(clippy::disallowed_methods, reason = "how `scripts/test` tells where the data is and where to count a skip")]
pub(crate) fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("ENCARGO_TEST_DATA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    let reason = "no test data (`ENCARGO_TEST_DATA`)";
    println!("SKIPPED: {reason}");
    if let Some(list) = std::env::var_os("ENCARGO_TEST_SKIPS") {
        let mut list =
            std::fs::OpenOptions::new().append(true).create(true).open(list).expect("the list of skips can be opened");
        writeln!(list, "{reason}").expect("the list of skips can be written");
    }
    None
}
