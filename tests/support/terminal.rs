//! A terminal of a test's own.

use std::process::Command;

use crate::{Output, TestHost, binary};

/// Runs a shell script in the host's folder at a terminal of 160 columns; `$encargo` is the binary, and stdout is what the
/// terminal was sent. `None` where there is no program that makes terminals.
pub fn at_terminal(host: &TestHost, script: &str) -> Option<Output> {
    let mut command = Command::new("script");
    let script = format!("stty rows 24 cols 160; {script}");
    host.prepare(&mut command).args(["--quiet", "--return", "--command", &script, "/dev/null"]);
    let output = command.env("encargo", binary()).env("TERM", "xterm").output();
    output.ok().map(|output| Output::of(&output))
}
