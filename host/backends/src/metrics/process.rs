//! This process.

use std::fs;

use procfs_core::process::{LimitValue, Limits, Status};
use rustix::time::{ClockId, clock_gettime};

use super::Group;
use super::reading::{Files, Reading, figure};

/// The CPU time that it has used, in microseconds, by a clock that is finer than what `/proc` tells.
pub fn cpu_time() -> u64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    used.tv_sec.unsigned_abs() * 1_000_000 + used.tv_nsec.unsigned_abs() / 1_000
}

/// What it has in use.
pub(super) fn process(files: Files<'_>) -> Reading {
    let read = files.proc::<Status>("self/status").map(|status| {
        let limit = files.proc::<Limits>("self/limits").ok().map(|limits| limits.max_open_files.soft_limit);
        let limit = limit.and_then(|limit| match limit {
            LimitValue::Value(limit) => figure(limit),
            LimitValue::Unlimited => None,
        });
        // The folder's own handle is one of them while it is read.
        let open = fs::read_dir(files.proc.join("self/fd")).ok().map(|open| open.count().saturating_sub(1));
        Reading::of(
            Group::Process,
            [
                ("cpu", figure(cpu_time())),
                ("memory", status.vmrss.and_then(|kibibytes| figure(kibibytes * 1024))),
                ("files", open.and_then(|open| figure(open as u64))),
                ("files-limit", limit),
                ("threads", figure(status.threads)),
            ],
        )
    });
    Reading::or_why(Group::Process, read)
}
