//! Why a run has to end: set once, by the watcher or a limit, and read on every way back into the guest.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use encargo_backends::Interrupt;
use encargo_model::{FailureKind, Limits};

/// The reasons in the order of their numbers; 0 is none.
const REASONS: [FailureKind; 5] = [
    FailureKind::WallLimit,
    FailureKind::CpuLimit,
    FailureKind::Interrupted,
    FailureKind::Terminated,
    FailureKind::MemoryLimit,
];

/// What ends one run, shared with the watcher.
pub(crate) struct Control {
    reason: AtomicU8,
    cpu_ns: AtomicU64,
    /// Ends the statement under way.
    pub(crate) interrupt: Arc<Interrupt>,
    /// When the run began.
    pub(crate) started: Instant,
    /// When it has to be over.
    pub(crate) deadline: Instant,
    /// How much CPU time it has.
    pub(crate) cpu_limit: Duration,
}

impl Control {
    pub(crate) fn new(limits: &Limits) -> Self {
        let started = Instant::now();
        Self {
            reason: AtomicU8::new(0),
            cpu_ns: AtomicU64::new(0),
            interrupt: Arc::new(Interrupt::new()),
            started,
            deadline: started + limits.wall_seconds.min(Duration::from_secs(366 * 86_400)),
            cpu_limit: limits.cpu_seconds,
        }
    }

    /// Ends the run for this reason; the first one stands.
    pub(crate) fn end(&self, reason: FailureKind) {
        let number = REASONS.iter().position(|&known| known == reason).map_or(0, |at| at as u8 + 1);
        if self.reason.compare_exchange(0, number, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            self.interrupt.raise();
        }
    }

    /// Why the run has to end, if it has to.
    pub(crate) fn reason(&self) -> Option<FailureKind> {
        let number = usize::from(self.reason.load(Ordering::Relaxed));
        number.checked_sub(1).map(|at| REASONS[at])
    }

    /// Records what the run's thread has used so far, and ends the run past its limit.
    pub(crate) fn used_cpu(&self, used: Duration) {
        self.cpu_ns.store(u64::try_from(used.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        if used > self.cpu_limit {
            self.end(FailureKind::CpuLimit);
        }
    }

    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_nanos(self.cpu_ns.load(Ordering::Relaxed))
    }
}
