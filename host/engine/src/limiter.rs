//! One limit over all memories and tables of a run together.

use std::sync::Arc;

use encargo_model::FailureKind;
use wasmtime::ResourceLimiter;

use crate::control::Control;

/// What a table's element takes.
const ELEMENT_BYTES: usize = 8;

/// Adds up what the guest has, and ends the run when it asks for more than its limit.
pub(crate) struct Limiter {
    control: Arc<Control>,
    limit: u64,
    used: u64,
    /// What was allowed last, to be taken back where it then could not be given.
    last: u64,
    /// The most that it had at a time.
    pub(crate) peak: u64,
}

impl Limiter {
    pub(crate) fn new(control: &Arc<Control>, limit: u64) -> Self {
        Self { control: Arc::clone(control), limit, used: 0, last: 0, peak: 0 }
    }

    fn grow(&mut self, bytes: usize) -> wasmtime::Result<bool> {
        let wanted = self.used.saturating_add(bytes as u64);
        if wanted > self.limit {
            // An error traps at once. Answering "no" would let the guest go on and end in its own words.
            self.control.end(FailureKind::MemoryLimit);
            return Err(wasmtime::Error::msg("the memory limit of the run"));
        }
        (self.used, self.last) = (wanted, bytes as u64);
        self.peak = self.peak.max(wanted);
        Ok(true)
    }

    /// What was allowed could not be given. The guest is told so, as of a memory that has reached its own maximum; only
    /// where the machine has none left does the run end, since the guest would take that for its own fault.
    fn failed(&mut self, error: &wasmtime::Error) -> wasmtime::Result<()> {
        self.used -= self.last;
        self.last = 0;
        if is_out_of_memory(error) {
            self.control.end(FailureKind::OutOfMemory);
            return Err(wasmtime::Error::msg("the machine has no memory left"));
        }
        Ok(())
    }
}

/// Whether the system refused memory.
pub(crate) fn is_out_of_memory(error: &wasmtime::Error) -> bool {
    /// ENOMEM, as every error of the system is written.
    const NO_MEMORY: &str = "(os error 12)";
    error.is::<wasmtime::OutOfMemory>() || format!("{error:#}").contains(NO_MEMORY)
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.grow(desired.saturating_sub(current))
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.failed(&error)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.grow(desired.saturating_sub(current).saturating_mul(ELEMENT_BYTES))
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.failed(&error)
    }
}

#[cfg(test)]
mod tests {
    use encargo_model::Limits;

    use super::*;

    fn limiter(limit: u64) -> Limiter {
        Limiter::new(&Arc::new(Control::new(&Limits::default(), std::time::Duration::ZERO)), limit)
    }

    #[test]
    fn memories_and_tables_share_one_limit_to_its_last_byte() {
        let mut limiter = limiter(1_000);
        assert!(limiter.memory_growing(0, 600, None).unwrap());
        assert!(limiter.table_growing(10, 60, None).unwrap());
        assert_eq!((limiter.peak, limiter.control.reason()), (1_000, None));
        assert!(limiter.memory_growing(600, 601, None).is_err());
        assert_eq!((limiter.peak, limiter.control.reason()), (1_000, Some(FailureKind::MemoryLimit)));
    }

    #[test]
    fn what_could_not_be_given_is_not_counted() {
        let mut limiter = limiter(1_000);
        assert!(limiter.memory_growing(0, 400, None).unwrap());
        assert!(limiter.memory_growing(400, 900, Some(800)).unwrap());
        assert!(limiter.memory_grow_failed(wasmtime::Error::msg("Memory maximum size exceeded")).is_ok());
        // A failure that nothing was allowed for takes nothing back.
        assert!(limiter.table_grow_failed(wasmtime::Error::msg("Table maximum size exceeded")).is_ok());
        assert_eq!((limiter.used, limiter.control.reason()), (400, None));
        assert!(limiter.memory_growing(400, 1_000, None).unwrap());
    }

    #[test]
    fn a_machine_without_memory_is_not_the_commands_fault() {
        let refused = || wasmtime::Error::from(std::io::Error::from_raw_os_error(12)).context("mprotect failed");
        for failed in [Limiter::memory_grow_failed, Limiter::table_grow_failed] {
            let mut limiter = limiter(1_000);
            assert!(limiter.memory_growing(0, 400, None).unwrap());
            assert!(failed(&mut limiter, refused()).is_err());
            assert_eq!(limiter.control.reason(), Some(FailureKind::OutOfMemory));
        }
        let other = wasmtime::Error::from(std::io::Error::from_raw_os_error(13));
        assert!(!is_out_of_memory(&other) && is_out_of_memory(&refused()));
    }
}
