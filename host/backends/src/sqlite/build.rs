//! Whether SQLite was built as a stranger's SQL needs it.

use super::budget;
use super::statement::is_built_with;

/// Checks the build flags of the linked SQLite (`.cargo/config.toml` sets them), and bounds its memory, which can only be
/// done before it is first used.
///
/// # Errors
/// The flags that are not as they must be, each with what is wrong.
pub fn build_flags() -> Result<(), Vec<&'static str>> {
    let required = [(c"OMIT_LOAD_EXTENSION", "OMIT_LOAD_EXTENSION is missing")];
    let refused = [
        (c"ENABLE_FTS3", "ENABLE_FTS3 is set"),
        (c"ENABLE_FTS4", "ENABLE_FTS4 is set"),
        (c"ENABLE_FTS5", "ENABLE_FTS5 is set"),
        (c"ENABLE_RTREE", "ENABLE_RTREE is set"),
        (c"USE_URI", "USE_URI is set"),
    ];
    let missing = required.into_iter().filter(|(option, _)| !is_built_with(option));
    let present = refused.into_iter().filter(|(option, _)| is_built_with(option));
    let unbounded = (!budget::bound_memory()).then_some("SQLite was used before its memory was bounded");
    let wrong: Vec<_> = missing.chain(present).map(|(_, problem)| problem).chain(unbounded).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_build_has_the_flags() {
        assert_eq!(super::build_flags(), Ok(()));
    }
}
