//! Ctrl-C, SIGTERM, and SIGHUP, which is the same as SIGTERM: the first one asks the run to end, the second one ends the process.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use encargo_model::{Exit, Signal};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// Which signals came.
#[derive(Debug)]
pub(super) struct Signals {
    interrupt: Arc<AtomicBool>,
    terminate: Arc<AtomicBool>,
}

impl Signals {
    /// Listens from here on.
    pub(super) fn listen() -> io::Result<Self> {
        let signals = Self { interrupt: Arc::default(), terminate: Arc::default() };
        for (signal, seen, exit) in [
            (SIGINT, &signals.interrupt, Exit::Interrupted),
            (SIGTERM, &signals.terminate, Exit::Terminated),
            (SIGHUP, &signals.terminate, Exit::Terminated),
        ] {
            // `nohup` asks for that.
            if signal == SIGHUP && is_ignored(signal) {
                continue;
            }
            // Actions run in the order of their registration: the first signal only sets the flag, the second finds it set.
            flag::register_conditional_shutdown(signal, i32::from(exit.code()), Arc::clone(seen))?;
            flag::register(signal, Arc::clone(seen))?;
        }
        Ok(signals)
    }

    /// The signal that came; SIGTERM when both did.
    pub(super) fn seen(&self) -> Option<Signal> {
        if self.terminate.load(Ordering::Relaxed) {
            return Some(Signal::Terminate);
        }
        self.interrupt.load(Ordering::Relaxed).then_some(Signal::Interrupt)
    }
}

/// Whether whoever started the process had it ignore a signal.
fn is_ignored(signal: i32) -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores(&status, signal))
}

/// The same in the text of `/proc/<id>/status`: a bit for each signal, from 1 on, in hexadecimal.
fn ignores(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (signal - 1) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigterm_outweighs_ctrl_c() {
        let signals = Signals { interrupt: Arc::default(), terminate: Arc::default() };
        assert_eq!(signals.seen(), None);
        signals.interrupt.store(true, Ordering::Relaxed);
        assert_eq!(signals.seen(), Some(Signal::Interrupt));
        signals.terminate.store(true, Ordering::Relaxed);
        assert_eq!(signals.seen(), Some(Signal::Terminate));
    }

    #[test]
    fn a_signal_that_is_ignored_stays_so() {
        for (mask, ignored) in [("0000000000000001", true), ("0000000000000002", false), ("", false)] {
            assert_eq!(ignores(&format!("Name:\tencargo\nSigIgn:\t{mask}\n"), SIGHUP), ignored, "{mask}");
        }
        assert!(!ignores("", SIGHUP));
    }
}
