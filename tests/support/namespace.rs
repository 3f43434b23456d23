//! File systems of a test's own: a mount namespace that ends with its process.

use std::process::Command;

use crate::{Output, TestHost, binary};

/// Runs a shell script in the host's folder where it may mount; `$encargo` is the binary. `None` where the kernel or
/// the container does not allow that.
pub fn in_namespace(host: &TestHost, script: &str) -> Option<Output> {
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        host.prepare(&mut command).args(["--map-root-user", "--mount", "sh", "-euc", script]).env("encargo", binary());
        command
    };
    let allowed = unshare("mkdir probe; mount -t tmpfs tmpfs probe; umount probe; rmdir probe").output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        return None;
    }
    Some(Output::of(&unshare(script).output().expect("what was allowed is allowed again")))
}
