//! One thread that keeps the deadlines of all runs: it moves the epoch every 10 ms while there are any.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use encargo_model::{FailureKind, Signal};

use crate::control::Control;
use crate::host::RunHost;

/// How often the epoch moves.
const TICK: Duration = Duration::from_millis(10);
/// How long a run may take to end by itself after Ctrl-C or SIGTERM.
const GRACE: Duration = Duration::from_secs(10);

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
    /// The run's thread's own clock: nanoseconds on the CPU, the first number of the file.
    schedstat: PathBuf,
    /// What that clock showed when the run began.
    cpu_before: Duration,
    signalled_at: Option<(Instant, Signal)>,
}

/// Keeps a run watched until it is dropped.
pub(crate) struct Watch {
    shared: Arc<Shared>,
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
        let thread = rustix::thread::gettid().as_raw_nonzero();
        let schedstat = PathBuf::from(format!("/proc/self/task/{thread}/schedstat"));
        let mut watched = self.shared.watched();
        let id = watched.iter().map(|run| run.id + 1).max().unwrap_or(0);
        watched.push(Watched {
            id,
            control: Arc::clone(control),
            host: Arc::clone(host),
            cpu_before: thread_cpu(),
            schedstat,
            signalled_at: None,
        });
        self.shared.wake.notify_one();
        Watch { shared: Arc::clone(&self.shared), id }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.shared.wake.notify_one();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = self.shared.watched();
        if let Some(at) = watched.iter().position(|run| run.id == self.id) {
            let run = watched.swap_remove(at);
            run.control.used_cpu(thread_cpu().saturating_sub(run.cpu_before));
        }
    }
}

impl Shared {
    fn watched(&self) -> MutexGuard<'_, Vec<Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// CPU time of the calling thread.
fn thread_cpu() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

fn watch(weak: &Weak<Shared>) {
    // The strong reference is given up at every turn, so that dropping the `Watcher` ends the thread.
    while let Some(shared) = weak.upgrade() {
        let Some(engine) = shared.engine.upgrade() else { return };
        let watched = shared.watched();
        // With nothing to watch the thread sleeps until a run begins; the long turn ends it after its engine is gone.
        let turn = if watched.is_empty() { Duration::from_millis(250) } else { TICK };
        let (mut watched, _) = shared.wake.wait_timeout(watched, turn).unwrap_or_else(PoisonError::into_inner);
        watched.iter_mut().for_each(Watched::look);
        if !watched.is_empty() {
            engine.increment_epoch();
        }
    }
}

impl Watched {
    fn look(&mut self) {
        let now = Instant::now();
        if now >= self.control.deadline {
            self.control.end(FailureKind::WallLimit);
        }
        if let Some(used) = fs::read_to_string(&self.schedstat).ok().as_deref().and_then(on_cpu) {
            self.control.used_cpu(used.saturating_sub(self.cpu_before));
        }
        match (self.signalled_at, self.host.signal()) {
            (None, Some(signal)) => self.signalled_at = Some((now, signal)),
            (Some((at, signal)), _) if now >= at + GRACE => self.control.end(match signal {
                Signal::Interrupt => FailureKind::Interrupted,
                Signal::Terminate => FailureKind::Terminated,
            }),
            _ => {}
        }
    }
}

fn on_cpu(schedstat: &str) -> Option<Duration> {
    schedstat.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_schedstat_is_the_time_on_the_cpu() {
        assert_eq!(on_cpu("1500000 20 3\n"), Some(Duration::from_micros(1_500)));
        assert_eq!(on_cpu(""), None);
    }
}
