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
    /// The most that it had at a time.
    pub(crate) peak: u64,
}

impl Limiter {
    pub(crate) fn new(control: &Arc<Control>, limit: u64) -> Self {
        Self { control: Arc::clone(control), limit, used: 0, peak: 0 }
    }

    fn grow(&mut self, bytes: usize) -> wasmtime::Result<bool> {
        let wanted = self.used.saturating_add(bytes as u64);
        if wanted > self.limit {
            // An error traps at once. Answering "no" would let the guest go on and end in its own words.
            self.control.end(FailureKind::MemoryLimit);
            return Err(wasmtime::Error::msg("the memory limit of the run"));
        }
        self.used = wanted;
        self.peak = self.peak.max(wanted);
        Ok(true)
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.grow(desired.saturating_sub(current))
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.grow(desired.saturating_sub(current).saturating_mul(ELEMENT_BYTES))
    }
}
