//! Which processes are still there.

use std::fs;
use std::path::Path;

use encargo_store::Worker;

/// This process, as the store knows it. Its host is the machine's name, this boot of it, and the namespace in which
/// process ids mean something: two containers may have one name, and both a process 7.
pub(crate) fn this_process() -> Worker {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let host = format!("{} {} {}", name.trim(), boot.trim(), namespace.display());
    Worker { host, pid: std::process::id() }
}

/// Whether a process of this machine exists.
pub(crate) fn is_alive(pid: u32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}
