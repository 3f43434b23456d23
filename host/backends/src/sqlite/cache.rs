//! Compiled statements, kept by their text.

use std::collections::VecDeque;
use std::time::Duration;

use encargo_model::Value;

use super::statement::{Fault, Statement};
use crate::statement_log::Slot;

/// How many statements a connection keeps, and how long their texts may be.
const KEPT: usize = 64;
const LONGEST: usize = 16 << 10;

/// Who wrote a statement. A command never gets one that the host wrote: it did not pass the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    Host,
    Command,
}

/// A compiled statement with what is known about it.
pub(super) struct Prepared {
    pub(super) author: Author,
    pub(super) sql: String,
    pub(super) statement: Statement,
    /// Which value each parameter takes, from 0.
    pub(super) numbers: Vec<usize>,
    pub(super) read_only: bool,
    /// How large its values may be, in bytes.
    pub(super) most_bytes: i32,
    /// Which of the run's statements it is, where that is remembered.
    pub(super) slot: Option<Slot>,
    /// How long the execution under way worked so far, and how many rows it had.
    pub(super) took: Duration,
    pub(super) rows: u64,
}

/// Statements that nobody is using, the latest used last.
#[derive(Default)]
pub(super) struct Cache {
    idle: VecDeque<Prepared>,
}

impl Cache {
    /// Takes a statement out: while one caller runs it, the next compiles its own.
    pub(super) fn take(&mut self, author: Author, sql: &str) -> Option<Prepared> {
        let at = self.idle.iter().position(|idle| idle.author == author && idle.sql == sql)?;
        self.idle.remove(at)
    }

    pub(super) fn give_back(&mut self, mut prepared: Prepared) {
        prepared.statement.reset();
        if prepared.sql.len() > LONGEST {
            return;
        }
        if self.idle.len() == KEPT {
            self.idle.pop_front();
        }
        self.idle.push_back(prepared);
    }
}

impl Prepared {
    /// Binds the values, which are as many as the highest placeholder says.
    pub(super) fn bind(&mut self, values: &[Value]) -> Result<(), Fault> {
        for (parameter, &number) in self.numbers.iter().enumerate() {
            self.statement.bind(parameter + 1, &values[number])?;
        }
        Ok(())
    }
}
