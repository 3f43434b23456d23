//! The time of the processors, and how many processes want it.

use procfs_core::{KernelStats, LoadAverage};

use super::Group;
use super::reading::{Files, Reading, TICK, figure};

/// What all processors did since the machine began, in microseconds.
pub(super) fn cpu(files: Files<'_>) -> Reading {
    let read = files.proc_with_sizes::<KernelStats>("stat").map(|stat| {
        let time = |ticks: u64| Some(ticks as f64 * TICK);
        let total = &stat.total;
        // Interrupts are work of the kernel; what guests of this machine use is in `user` already.
        let system = total.system + total.irq.unwrap_or(0) + total.softirq.unwrap_or(0);
        Reading::of(
            Group::Cpu,
            [
                ("count", figure(stat.cpu_time.len() as u64)),
                ("user", time(total.user + total.nice)),
                ("system", time(system)),
                ("idle", time(total.idle)),
                ("iowait", total.iowait.and_then(time)),
                ("steal", total.steal.and_then(time)),
                ("running", stat.procs_running.and_then(|n| figure(n.into()))),
                ("blocked", stat.procs_blocked.and_then(|n| figure(n.into()))),
            ],
        )
    });
    Reading::or_why(Group::Cpu, read)
}

/// How many processes ran or waited, on average over one, five and fifteen minutes.
pub(super) fn load(files: Files<'_>) -> Reading {
    let read = files.proc::<LoadAverage>("loadavg").map(|load| {
        let of = |load: f32| Some(f64::from(load));
        Reading::of(Group::Load, [("one", of(load.one)), ("five", of(load.five)), ("fifteen", of(load.fifteen))])
    });
    Reading::or_why(Group::Load, read)
}
