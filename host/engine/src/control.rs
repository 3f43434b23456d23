//! Why a run has to end: set once, by the watcher or a limit, and read on every way back into the guest.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use encargo_backends::{Interrupt, Meter};
use encargo_model::{FailureKind, Language, Limits};

/// The reasons in the order of their numbers; 0 is none.
const REASONS: [FailureKind; 8] = [
    FailureKind::WallLimit,
    FailureKind::CpuLimit,
    FailureKind::Interrupted,
    FailureKind::Terminated,
    FailureKind::MemoryLimit,
    FailureKind::OutOfMemory,
    FailureKind::HostCallsLimit,
    FailureKind::TransactionLimit,
];

/// What ends one run, shared with the watcher.
pub(crate) struct Control {
    reason: AtomicU8,
    cpu_ns: AtomicU64,
    calls: AtomicU64,
    most_calls: u64,
    /// Whether the run waits in the host for a time, and looks itself whether it has to end.
    resting: AtomicBool,
    /// Ends the statement under way.
    pub(crate) interrupt: Arc<Interrupt>,
    /// Times its transactions.
    pub(crate) meter: Arc<Meter>,
    /// For how long one may be open.
    transaction_limit: Duration,
    /// When the run began.
    pub(crate) started: Instant,
    /// When it has to be over.
    pub(crate) deadline: Instant,
    /// How much CPU time it has.
    pub(crate) cpu_limit: Duration,
    /// In which language it is told why it ended.
    pub(crate) language: Language,
}

impl Control {
    /// Of a run whose wall time began so long ago: its component may have been compiled first.
    pub(crate) fn new(limits: &Limits, spent: Duration) -> Self {
        let now = Instant::now();
        let started = now.checked_sub(spent).unwrap_or(now);
        Self {
            reason: AtomicU8::new(0),
            cpu_ns: AtomicU64::new(0),
            calls: AtomicU64::new(0),
            most_calls: limits.host_calls,
            resting: AtomicBool::new(false),
            interrupt: Arc::new(Interrupt::new()),
            meter: Arc::default(),
            transaction_limit: limits.transaction_seconds,
            started,
            deadline: started + limits.wall_seconds.min(Duration::from_secs(366 * 86_400)),
            cpu_limit: limits.cpu_seconds,
            language: Language::default(),
        }
    }

    /// The same of a run in another language.
    pub(crate) fn speaking(self, language: Language) -> Self {
        Self { language, ..self }
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

    /// Counts a call of the host, and ends the run past its limit. The run's thread alone calls, so no other one adds.
    pub(crate) fn called(&self) {
        let calls = self.calls.load(Ordering::Relaxed) + 1;
        self.calls.store(calls, Ordering::Relaxed);
        if calls > self.most_calls {
            self.end(FailureKind::HostCallsLimit);
        }
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Ends the run when it, or a transaction of its, is past its time at this instant.
    pub(crate) fn keep_time(&self, now: Instant) {
        if now >= self.deadline {
            self.end(FailureKind::WallLimit);
        }
        if self.meter.longest_transaction(now) > self.transaction_limit {
            self.end(FailureKind::TransactionLimit);
        }
    }

    /// Records what the run's thread has used so far, and ends the run past its limit.
    pub(crate) fn used_cpu(&self, used: Duration) {
        self.cpu_ns.store(u64::try_from(used.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        if used > self.cpu_limit {
            self.end(FailureKind::CpuLimit);
        }
    }

    /// Says that the run waits from here on, or that it does not any more.
    pub(crate) fn rest(&self, rests: bool) {
        self.resting.store(rests, Ordering::Relaxed);
    }

    /// Whether the run waits.
    pub(crate) fn rests(&self) -> bool {
        self.resting.load(Ordering::Relaxed)
    }

    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_nanos(self.cpu_ns.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Attempt, FakeHost, tenant};

    fn control(limits: &Limits, spent: u64) -> Control {
        Control::new(limits, Duration::from_secs(spent))
    }

    #[test]
    fn a_run_is_past_its_deadline_from_that_instant_on() {
        let limits = Limits { wall_seconds: Duration::from_secs(60), ..Limits::default() };
        let control = control(&limits, 0);
        control.keep_time(control.deadline - Duration::from_nanos(1));
        assert_eq!(control.reason(), None);
        control.keep_time(control.deadline);
        assert_eq!(control.reason(), Some(FailureKind::WallLimit));
    }

    #[test]
    fn a_transaction_that_is_open_for_too_long_ends_the_run_also_when_it_is_over() {
        let limits = Limits { transaction_seconds: Duration::ZERO, ..Limits::default() };
        let control = control(&limits, 0);
        control.keep_time(Instant::now());
        assert_eq!(control.reason(), None, "there is none");
        let attempt = Attempt::of(&["read:chats"], FakeHost::default(), |job| {
            (job.tenant, job.limits) = (Some(tenant("acme")), limits);
        });
        let mut state = attempt.state;
        let transaction = state.own().unwrap().begin(false).unwrap();
        transaction.rollback().unwrap();
        state.control.keep_time(state.control.started);
        assert_eq!(state.control.reason(), Some(FailureKind::TransactionLimit));
    }

    #[test]
    fn a_run_is_told_why_it_ended_in_its_language() {
        let spoken = [Language::En, Language::Es].map(|language| control(&Limits::default(), 0).speaking(language));
        assert_eq!(spoken.map(|control| control.language), [Language::En, Language::Es]);
    }

    #[test]
    fn time_that_was_spent_compiling_is_the_runs() {
        let limits = Limits { wall_seconds: Duration::from_secs(60), ..Limits::default() };
        let control = control(&limits, 59);
        assert!(control.deadline < Instant::now() + Duration::from_secs(2));
        assert_eq!(control.deadline - control.started, Duration::from_secs(60));
    }

    #[test]
    fn a_run_has_as_many_calls_as_its_limit_and_ends_with_the_next() {
        let control = control(&Limits { host_calls: 2, ..Limits::default() }, 0);
        control.called();
        control.called();
        assert_eq!((control.reason(), control.calls()), (None, 2));
        control.called();
        assert_eq!(control.reason(), Some(FailureKind::HostCallsLimit));
    }

    #[test]
    fn the_first_reason_stands_and_a_limit_is_passed_only_above_it() {
        let limits = Limits { cpu_seconds: Duration::from_secs(1), ..Limits::default() };
        let control = control(&limits, 0);
        control.used_cpu(limits.cpu_seconds);
        assert_eq!((control.reason(), control.cpu()), (None, limits.cpu_seconds));
        control.used_cpu(limits.cpu_seconds + Duration::from_nanos(1));
        control.end(FailureKind::Interrupted);
        assert_eq!(control.reason(), Some(FailureKind::CpuLimit));
    }
}
