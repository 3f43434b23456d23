//! Compiling inside a run's deadline: the compiler cannot be interrupted, so it works on a thread of its own, which whoever
//! waits for it may leave behind.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use encargo_model::{Signal, text};

use crate::error::LoadError;

/// How often a signal is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// A compilation that takes longer than this is told of.
const SILENT_FOR: Duration = Duration::from_secs(1);

/// Who waits for a compilation, and how long.
pub struct Waiting<'a> {
    /// How long it may take; the run's wall limit.
    pub most: Duration,
    /// Whether someone asked for the end.
    pub signal: &'a dyn Fn() -> Option<Signal>,
    /// Called once when it takes longer than a second.
    pub slow: &'a dyn Fn(),
}

impl Waiting<'_> {
    /// What the work makes, unless the time is up or a signal comes first; the thread then goes on until its process ends.
    pub(crate) fn await_work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, LoadError> + Send + 'static,
    ) -> Result<T, LoadError> {
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new()
            .name("encargo-compiler".to_owned())
            .spawn(move || {
                // Nobody listens any more when the time is up.
                let _ = sender.send(work());
            })
            .map_err(|error| LoadError::NoThread(error.to_string()))?;
        let began = Instant::now();
        let mut told = false;
        loop {
            match receiver.recv_timeout(LOOK_EVERY.min(self.most.saturating_sub(began.elapsed()))) {
                Ok(done) => return done,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(LoadError::NotAComponent(text!(
                        "the compiler failed on it",
                        "el compilador falló con él"
                    )));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some(signal) = (self.signal)() {
                return Err(LoadError::Stopped(signal));
            }
            let waited = began.elapsed();
            if waited >= self.most {
                return Err(LoadError::Late(self.most));
            }
            if !told && waited >= SILENT_FOR {
                told = true;
                (self.slow)();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use encargo_model::Exit;

    use super::*;

    const LONG: Duration = Duration::from_secs(3_600);

    /// Work that never ends by itself, and what ends it after the test.
    fn endless() -> (mpsc::Sender<()>, impl FnOnce() -> Result<(), LoadError> + Send) {
        let (end, ended) = mpsc::channel::<()>();
        (end, move || {
            let _ = ended.recv();
            Ok(())
        })
    }

    #[test]
    fn work_that_is_done_is_handed_over_with_its_error() {
        let waiting = Waiting { most: LONG, signal: &|| None, slow: &|| panic!("it was quick") };
        assert_eq!(waiting.await_work(|| Ok(7)).unwrap(), 7);
        let refused = waiting.await_work(|| Err::<(), _>(LoadError::NotACommand("x".to_owned()))).unwrap_err();
        assert!(matches!(refused, LoadError::NotACommand(_)));
    }

    #[test]
    fn a_compiler_that_panics_is_an_error() {
        let waiting = Waiting { most: LONG, signal: &|| None, slow: &|| () };
        let refused = waiting.await_work(|| -> Result<(), _> { panic!("on purpose") }).unwrap_err();
        assert!(matches!(refused, LoadError::NotAComponent(_)));
    }

    #[test]
    fn work_past_its_time_is_left_behind_with_124() {
        let (_end, work) = endless();
        let waiting = Waiting { most: Duration::from_millis(30), signal: &|| None, slow: &|| () };
        let late = waiting.await_work(work).unwrap_err();
        assert_eq!((late.exit(), late.word()), (Exit::TimedOut, "wall-limit"));
    }

    #[test]
    fn a_signal_ends_the_wait_with_its_own_code() {
        for (signal, exit) in [(Signal::Interrupt, Exit::Interrupted), (Signal::Terminate, Exit::Terminated)] {
            let (_end, work) = endless();
            let signals = move || Some(signal);
            let waiting = Waiting { most: LONG, signal: &signals, slow: &|| () };
            assert_eq!(waiting.await_work(work).unwrap_err().exit(), exit);
        }
    }

    #[test]
    fn what_takes_longer_than_a_second_is_told_once() {
        let (_end, work) = endless();
        let (began, told) = (Instant::now(), Cell::new(0));
        let after_that = || (told.get() > 0).then_some(Signal::Terminate);
        let tell = || {
            assert!(began.elapsed() >= SILENT_FOR);
            told.set(told.get() + 1);
        };
        let _ = Waiting { most: LONG, signal: &after_that, slow: &tell }.await_work(work);
        assert_eq!(told.get(), 1);
    }
}
