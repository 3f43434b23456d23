//! What a run's files ask of the run around them.

/// The run around its files.
pub trait FilesHost {
    /// Whether someone asked the run to end.
    fn is_asked_to_end(&self) -> bool;

    /// The SHA-256 in hexadecimal of what the same command published at this path: what its last run did, and what runs
    /// were about to that were killed before they could say that it was done.
    fn published_before(&self, path: &str) -> Vec<String>;

    /// Hears what the run is about to publish at a path.
    fn publishing(&self, path: &str, sha256: &str);
}
