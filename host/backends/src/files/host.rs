//! What a run's files ask of the run around them.

/// The run around its files.
pub trait FilesHost {
    /// Whether someone asked the run to end.
    fn is_asked_to_end(&self) -> bool;

    /// The SHA-256 in hexadecimal with which an earlier run of the same command last published a file at this path.
    fn published_before(&self, path: &str) -> Option<String>;
}
