//! A connection of the host's own for long work on a tenant's file that a run asked for: it ends with the run, waits for
//! other writers no longer than a command does, and takes no more memory and temporary files than the run may.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use encargo_model::Limits;
use rusqlite::Connection;

use super::{budget, busy, functions, temporary};
use crate::Interrupt;

/// How many instructions of SQLite's machine pass between two looks at the flag.
const INSTRUCTIONS: i32 = 1_000;

/// What long work of the host's goes by: the flag that ends it, and what it may take.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// Ends it from another thread.
    pub interrupt: &'a Arc<Interrupt>,
    /// How much memory and how many bytes of temporary files it may take.
    pub limits: &'a Limits,
}

/// An open connection that ends what it does when the flag goes up.
pub(crate) struct Keeping {
    connection: Connection,
    interrupt: Arc<Interrupt>,
    ticket: u64,
}

impl Keeping {
    /// Sets up a connection that was opened for the host.
    pub(crate) fn new(connection: Connection, path: &Path, work: Work<'_>) -> rusqlite::Result<Self> {
        busy::watch(work.interrupt);
        connection.busy_handler(Some(busy::wait))?;
        budget::limit(work.limits.sql_memory_bytes, work.limits.temporary_bytes);
        budget::was_disk_refused();
        temporary::lie_in(path.parent().unwrap_or(path));
        let flag = Arc::clone(work.interrupt);
        connection.progress_handler(INSTRUCTIONS, Some(move || flag.is_raised()))?;
        let ticket = work.interrupt.register(connection.get_interrupt_handle());
        Ok(Self { connection, interrupt: Arc::clone(work.interrupt), ticket })
    }

    /// Makes it compile a command's statements as the connections of commands do, whose functions are the host's own.
    pub(crate) fn with_functions_of_commands(self, work: Work<'_>) -> rusqlite::Result<Self> {
        functions::replace_dangerous(&self.connection, work.interrupt, work.limits.value_bytes)?;
        Ok(self)
    }

    /// Whether the run is to end.
    pub(crate) fn is_over(&self) -> bool {
        self.interrupt.is_raised()
    }

    /// Whether a temporary file was refused since this was last asked, because it would have become too large.
    pub(crate) fn was_disk_refused(&self) -> bool {
        budget::was_disk_refused()
    }
}

impl Deref for Keeping {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        self.interrupt.forget(self.ticket);
    }
}
