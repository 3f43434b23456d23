//! One thread that keeps the deadlines of all runs: it moves the epoch every 10 ms while there are any.
//!
//! Its last resort: a run that had to end and is still there two seconds later is stuck where nothing interrupts it. It
//! is recorded, the others of the process beside it, and the process ends.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use encargo_model::{CommandError, Ended, ErrorCode, Failure, FailureKind, LimitUse, Receipt, Signal, text};

use crate::control::Control;
use crate::cpu::{ThreadClock, ThreadTime};
use crate::host::RunHost;

/// How often the epoch moves.
const TICK: Duration = Duration::from_millis(10);
/// The same while every run waits for a time: a watcher of the machine should not be what keeps it busy.
const REST: Duration = Duration::from_millis(50);
/// How long a run may take to end by itself after Ctrl-C or SIGTERM.
const GRACE: Duration = Duration::from_secs(10);
/// How long a run may take to end once it has to.
const LAST_RESORT: Duration = Duration::from_secs(2);

/// The thread, and the runs that it watches. It ends when this is dropped.
pub(crate) struct Watcher {
    shared: Arc<Shared>,
}

struct Shared {
    watched: Mutex<Vec<Watched>>,
    wake: Condvar,
    engine: wasmtime::EngineWeak,
}

struct Watched {
    id: u64,
    control: Arc<Control>,
    host: Arc<dyn RunHost>,
    /// The run's thread, seen from the watcher's.
    thread: ThreadTime,
    signalled_at: Option<(Instant, Signal)>,
    /// When it was first seen that the run has to end.
    ending_since: Option<Instant>,
}

/// Keeps a run watched until it is dropped, on the run's thread.
pub(crate) struct Watch {
    shared: Arc<Shared>,
    control: Arc<Control>,
    clock: ThreadClock,
    id: u64,
}

impl Watcher {
    pub(crate) fn start(engine: &wasmtime::Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { watched: Mutex::default(), wake: Condvar::new(), engine: engine.weak() });
        let weak = Arc::downgrade(&shared);
        thread::Builder::new().name("encargo-watcher".to_owned()).spawn(move || watch(&weak))?;
        Ok(Self { shared })
    }

    /// Watches the run of the calling thread.
    pub(crate) fn watch(&self, control: &Arc<Control>, host: &Arc<dyn RunHost>) -> Watch {
        let mut watched = self.shared.watched();
        let id = watched.iter().map(|run| run.id + 1).max().unwrap_or(0);
        watched.push(Watched::new(id, control, host));
        self.shared.wake.notify_one();
        Watch { shared: Arc::clone(&self.shared), control: Arc::clone(control), clock: ThreadClock::start(), id }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.shared.wake.notify_one();
    }
}

impl Watch {
    /// What the watcher would see at this instant, before it is decided how the run ended.
    pub(crate) fn look(&self, now: Instant) {
        self.control.used_cpu(self.clock.used());
        self.control.keep_time(now);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.control.used_cpu(self.clock.used());
        self.shared.watched().retain(|run| run.id != self.id);
    }
}

impl Shared {
    fn watched(&self) -> MutexGuard<'_, Vec<Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn watch(weak: &Weak<Shared>) {
    // The strong reference is given up at every turn, so that dropping the `Watcher` ends the thread.
    while let Some(shared) = weak.upgrade() {
        let Some(engine) = shared.engine.upgrade() else { return };
        let watched = shared.watched();
        // With nothing to watch the thread sleeps until a run begins; the long turn ends it after its engine is gone.
        let turn = turn(&watched);
        let (mut watched, _) = shared.wake.wait_timeout(watched, turn).unwrap_or_else(PoisonError::into_inner);
        look(&mut watched, Instant::now());
        if !watched.is_empty() {
            engine.increment_epoch();
        }
    }
}

/// How long the watcher waits before it looks again.
fn turn(watched: &[Watched]) -> Duration {
    match watched {
        [] => Duration::from_millis(250),
        all if all.iter().all(|run| run.control.rests()) => REST,
        _ => TICK,
    }
}

/// Looks at every run, and gives up the process when one of them is stuck.
fn look(watched: &mut [Watched], now: Instant) {
    watched.iter_mut().for_each(|run| run.look(now));
    let Some((stuck, kind)) = watched.iter().find_map(|run| Some((run, run.stuck(now)?))) else { return };
    for run in watched.iter() {
        run.host.abandoned(&run.abandoned(now));
    }
    stuck.host.leave(failure(kind, "").exit());
}

impl Watched {
    fn new(id: u64, control: &Arc<Control>, host: &Arc<dyn RunHost>) -> Self {
        let (control, host) = (Arc::clone(control), Arc::clone(host));
        Self { id, control, host, thread: ThreadTime::of_this_thread(), signalled_at: None, ending_since: None }
    }

    fn look(&mut self, now: Instant) {
        self.control.keep_time(now);
        // Who waits uses nothing, and looking costs more than the wait.
        let used = if self.control.rests() { None } else { self.thread.used() };
        if let Some(used) = used {
            self.control.used_cpu(used);
        }
        match (self.signalled_at, self.host.signal()) {
            (None, Some(signal)) => self.signalled_at = Some((now, signal)),
            (Some((at, signal)), _) if now >= at + GRACE => self.control.end(match signal {
                Signal::Interrupt => FailureKind::Interrupted,
                Signal::Terminate => FailureKind::Terminated,
            }),
            _ => {}
        }
        if self.ending_since.is_none() && self.control.reason().is_some() {
            self.ending_since = Some(now);
        }
    }

    /// Why the run has to end, when it is still there long after that.
    fn stuck(&self, now: Instant) -> Option<FailureKind> {
        self.ending_since.filter(|&since| now >= since + LAST_RESORT).and_then(|_| self.control.reason())
    }

    /// How the run ended whose process is given up.
    fn abandoned(&self, now: Instant) -> Ended {
        let (kind, words) = match self.control.reason() {
            Some(kind) => (
                kind,
                text!(
                    "the run had to end (`{}`) and was stuck, so its process was ended; what was committed stays, and the receipt does not count its rows",
                    "la ejecución tenía que terminar (`{}`) y estaba atascada, así que se terminó su proceso; lo confirmado queda, y el recibo no cuenta sus filas";
                    kind.as_str()
                ),
            ),
            None => (
                FailureKind::Interrupted,
                text!(
                    "another run of the same process was stuck, so the process was ended; what was committed stays, and the receipt does not count its rows",
                    "otra ejecución del mismo proceso estaba atascada, así que se terminó el proceso; lo confirmado queda, y el recibo no cuenta sus filas"
                ),
            ),
        };
        let failure = failure(kind, words.get(self.control.language));
        let used = |name: &str, used: Duration, limit: Duration| LimitUse {
            name: name.to_owned(),
            used: milliseconds(used),
            limit: milliseconds(limit),
            unit: "ms".to_owned(),
        };
        let control = &self.control;
        let limits = vec![
            used("cpu", control.cpu(), control.cpu_limit),
            used("wall", now.saturating_duration_since(control.started), control.deadline - control.started),
        ];
        Ended { result: Err(failure), receipt: Receipt { limits, ..Receipt::default() } }
    }
}

fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

fn failure(kind: FailureKind, message: &str) -> Failure {
    let code = match kind {
        FailureKind::WallLimit => ErrorCode::Timeout,
        FailureKind::Interrupted | FailureKind::Terminated => ErrorCode::Cancelled,
        _ => ErrorCode::Quota,
    };
    Failure { kind, error: CommandError::new(code, message), backtrace: None }
}

#[cfg(test)]
mod tests;
