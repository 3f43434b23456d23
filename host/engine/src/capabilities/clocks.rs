//! WASI's monotonic clock, so that no guest sleeps past its deadline: a sleep is inside the host, where the epoch
//! does not reach it.

use std::time::Instant;

use wasmtime::component::{HasData, Linker, Resource};
use wasmtime_wasi::WasiView;
use wasmtime_wasi::p2::DynPollable;
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock as wasi;

use crate::state::State;

/// The clock of one run.
pub(crate) struct RunClock<'a>(&'a mut State);

struct HasRunClock;

impl HasData for HasRunClock {
    type Data<'a> = RunClock<'a>;
}

/// Puts this clock in the place of WASI's own.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    wasi::add_to_linker::<State, HasRunClock>(linker, |state| RunClock(state))?;
    linker.allow_shadowing(false);
    Ok(())
}

impl RunClock<'_> {
    /// Nanoseconds until the run has to be over.
    fn left(&self) -> u64 {
        let left = self.0.control.deadline.saturating_duration_since(Instant::now());
        u64::try_from(left.as_nanos()).unwrap_or(u64::MAX)
    }
}

impl wasi::Host for RunClock<'_> {
    fn now(&mut self) -> wasmtime::Result<u64> {
        wasi::Host::now(&mut self.0.ctx_clocks())
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        wasi::Host::resolution(&mut self.0.ctx_clocks())
    }

    fn subscribe_instant(&mut self, when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let now = wasi::Host::now(self)?;
        self.subscribe_duration(when.saturating_sub(now))
    }

    fn subscribe_duration(&mut self, nanoseconds: u64) -> wasmtime::Result<Resource<DynPollable>> {
        let nanoseconds = nanoseconds.min(self.left());
        wasi::Host::subscribe_duration(&mut self.0.ctx_clocks(), nanoseconds)
    }
}

impl State {
    fn ctx_clocks(&mut self) -> wasmtime_wasi::clocks::WasiClocksCtxView<'_> {
        let view = self.ctx();
        wasmtime_wasi::clocks::WasiClocksCtxView { ctx: view.ctx.clocks(), table: view.table }
    }
}

#[cfg(test)]
mod tests {
    use wasi::Host;

    use super::*;
    use crate::samples::Attempt;

    #[test]
    fn the_clock_goes_on_and_what_is_left_of_the_run_is_no_more_than_its_limit() {
        let mut attempt = Attempt::new(&[]);
        let limit = attempt.state.job.limits.wall_seconds;
        let mut clock = RunClock(&mut attempt.state);
        let first = clock.now().unwrap();
        while clock.now().unwrap() == first {
            std::thread::yield_now();
        }
        assert!(clock.now().unwrap() > first && clock.resolution().unwrap() > 0);
        let left = std::time::Duration::from_nanos(clock.left());
        assert!(left <= limit && left > limit / 2, "{left:?}");
    }
}
