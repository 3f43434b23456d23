//! Who watches a run: the terminal, later the API.

use encargo_model::{Board, Ended, LogLevel, LogLine, Progress, Run, Signal};
use encargo_store::StoreError;

/// What a run tells and asks while it goes on. Several runs may speak at a time.
pub trait Observer: Send + Sync {
    /// A command's component is being compiled for more than a second, which is done once.
    fn compiling(&self, _command: &str) {}

    /// A run is recorded and begins.
    fn started(&self, _run: &Run) {}

    /// A line of its log.
    fn log(&self, run: &Run, line: &LogLine);

    /// The least grave level that anyone sees.
    fn least_level(&self) -> LogLevel;

    /// How far it is.
    fn progress(&self, run: &Run, progress: &Progress);

    /// How something stands that goes on.
    fn show(&self, _run: &Run, _board: &Board) {}

    /// Whether a question is answered with yes before the run has to be over.
    fn confirm(&self, run: &Run, question: &str, is_over: &dyn Fn() -> bool) -> bool;

    /// Whether someone asked for the end.
    fn signal(&self) -> Option<Signal>;

    /// The text of the configuration that the run was started with, where there is a file of it; without the values that
    /// are secrets unless they are asked for.
    fn configuration(&self, _include_secrets: bool) -> Option<String> {
        None
    }

    /// Whether there is a terminal to show a password on.
    fn can_show_password(&self) -> bool;

    /// Shows a generated password, once.
    fn show_password(&self, email: &str, password: &str);

    /// Shows a key that was made, and in which file it is, once, where there is a terminal.
    fn show_key(&self, _path: &std::path::Path, _key: &str) {}

    /// Runs of the same work that ended early are there, one a tenant, and this one begins anew.
    fn could_resume(&self, _earlier: &[Run]) {}

    /// A run that changes nothing goes on although it cannot be recorded, and why it cannot.
    fn unrecorded(&self, _run: &Run, _why: &StoreError) {}

    /// A run ended, and is recorded where that can be.
    fn finished(&self, run: &Run);

    /// A stuck run is given up with its process, on another thread than its own, which may hold any lock.
    fn abandoned(&self, _run: &Run, _ended: &Ended) {}
}
