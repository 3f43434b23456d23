//! What the engine asks of whoever runs it.

use std::path::Path;
use std::sync::Arc;

use encargo_backends::FilesHost;
use encargo_model::{
    Artefact, Board, Damage, Ended, Exit, LogLevel, LogLine, Progress, RunId, Signal, Text, Timestamp,
};

use crate::metrics::MetricsHost;
use crate::upkeep::UpkeepHost;

/// The run around an execution: `runs` implements it over the store and the terminal. It is called on the run's thread,
/// `signal` also on the watcher's, `abandoned` and `leave` only there.
pub trait RunHost: Send + Sync {
    /// Takes a line of the log.
    fn log(&self, line: LogLine);

    /// Whether anyone keeps or sees a line of this level.
    fn log_enabled(&self, level: LogLevel) -> bool;

    /// Takes how far the run is.
    fn progress(&self, progress: Progress);

    /// Takes how something stands that goes on, for whoever watches.
    fn show(&self, _: &Board) {}

    /// Takes a published file.
    fn artefact(&self, artefact: &Artefact);

    /// The SHA-256 in hexadecimal of what the same command published at this path: what its last run did, and what runs
    /// were about to that were killed before they could say that it was done.
    fn published_before(&self, path: &str) -> Vec<String>;

    /// Hears what the run is about to publish at a path.
    fn publishing(&self, path: &str, sha256: &str);

    /// Whether the question is answered with yes before the run has to be over.
    fn confirm(&self, question: &str, is_over: &dyn Fn() -> bool) -> bool;

    /// Whether someone asked the run to end.
    fn signal(&self) -> Option<Signal>;

    /// The administrator's password, where the operator gave one.
    fn admin_password(&self) -> Option<String>;

    /// The text of the configuration, where there is a file of it, perhaps without its secrets.
    fn configuration(&self, include_secrets: bool) -> Option<String>;

    /// Whether there is a terminal to show a password on.
    fn can_show_password(&self) -> bool;

    /// Shows a generated password, once.
    fn show_password(&self, email: &str, password: &str);

    /// Shows a key that was made, and in which file it is, once, where there is a terminal.
    fn show_key(&self, path: &Path, key: &str);

    /// Runs of others that change something and are under way, a few of them: each command with its run's id.
    ///
    /// # Errors
    /// A sentence when nobody can tell.
    fn others_at_work(&self) -> Result<Vec<(String, RunId)>, Text>;

    /// Takes over what another store of the same installation had: commands that were added, what was granted, and the
    /// history of runs.
    ///
    /// # Errors
    /// A sentence when it cannot be read, or the own one not written.
    fn adopt_engine_store(&self, path: &Path) -> Result<(), Text>;

    /// What of the commands, and of what was granted to them, is not as it should be.
    ///
    /// # Errors
    /// A sentence when nobody can tell.
    fn command_damage(&self) -> Result<Vec<Damage>, Text>;

    /// When a backup was last restored elsewhere without problems; none where that is not known to have been.
    ///
    /// # Errors
    /// A sentence when nobody can tell.
    fn last_drill(&self) -> Result<Option<Timestamp>, Text> {
        Ok(None)
    }

    /// What is remembered from run to run for the upkeep of tenants' rows; none where nothing is.
    fn upkeep(&self) -> Option<&dyn UpkeepHost> {
        None
    }

    /// What is known of runs and their statements; none where nothing is.
    fn metrics(&self) -> Option<&dyn MetricsHost> {
        None
    }

    /// Records how the run ended, whose thread is stuck: it had to end and did not, or its process ends with another
    /// one's. It must come back soon, whatever the store does.
    fn abandoned(&self, ended: &Ended);

    /// Ends the process at once, with all threads as they are; nothing that could wait is flushed.
    fn leave(&self, exit: Exit);
}

/// What a run's files see of the run around them.
pub(crate) struct AroundFiles(pub(crate) Arc<dyn RunHost>);

impl FilesHost for AroundFiles {
    fn is_asked_to_end(&self) -> bool {
        self.0.signal().is_some()
    }

    fn published_before(&self, path: &str) -> Vec<String> {
        self.0.published_before(path)
    }

    fn publishing(&self, path: &str, sha256: &str) {
        self.0.publishing(path, sha256);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::FakeHost;

    #[test]
    fn files_see_the_signal_and_what_was_published_of_the_run_around_them() {
        for signal in [None, Some(Signal::Terminate)] {
            let around = AroundFiles(Arc::new(FakeHost { signal, ..FakeHost::default() }));
            assert_eq!(around.is_asked_to_end(), signal.is_some());
            assert_eq!(around.published_before("/a"), ["hash of /a"]);
        }
    }
}
