//! Ctrl-C and SIGTERM: the first one asks the run to end, the second one ends the process.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use encargo_model::{Exit, Signal};
use signal_hook::consts::{SIGINT, SIGTERM};
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
        for (signal, seen, exit) in
            [(SIGINT, &signals.interrupt, Exit::Interrupted), (SIGTERM, &signals.terminate, Exit::Terminated)]
        {
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
}
