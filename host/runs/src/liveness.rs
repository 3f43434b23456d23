//! Which processes are still there.

use std::fs;
use std::path::Path;

use encargo_store::Worker;

/// This process, as the store knows it.
pub(crate) fn this_process() -> Worker {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    Worker { host: host.trim().to_owned(), pid: std::process::id() }
}

/// Whether a process of this machine exists.
pub(crate) fn is_alive(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}
