//! A test that cannot run here counts as skipped, with its reason.

use std::fs::OpenOptions;
use std::io::Write;

/// Records that the calling test does not run here; it returns right after. `scripts/test` counts the reasons.
#[expect(clippy::print_stderr, reason = "for whoever runs a single test")]
pub fn skip(reason: &str) {
    eprintln!("SKIPPED: {reason}");
    #[expect(clippy::disallowed_methods, reason = "how `scripts/test` tells where to record it")]
    let Some(path) = std::env::var_os("ENCARGO_TEST_SKIPS") else { return };
    let mut file = OpenOptions::new().append(true).create(true).open(path).expect("the list of skips can be opened");
    file.write_all(format!("{reason}\n").as_bytes()).expect("the list of skips can be written");
}
