//! Which processes are still there.

use std::fs;

use encargo_store::Worker;

/// This process, as the store knows it. Its host is the machine's name, this boot of it, and the namespace in which
/// process ids mean something: two containers may have one name, and both a process 7.
pub(crate) fn this_process() -> Worker {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let host = format!("{} {} {}", name.trim(), boot.trim(), namespace.display());
    Worker { host, pid: std::process::id(), started: began("self") }
}

/// Whether the process of this machine is there and the same as it was. One that ended and that its parent has not yet
/// taken notice of is gone.
pub(crate) fn is_alive(worker: &Worker) -> bool {
    match fs::read_to_string(format!("/proc/{}/stat", worker.pid)) {
        Ok(stat) => is_same(&stat, worker.started),
        Err(_) => false,
    }
}

/// When a process began, in ticks since the machine was started.
fn began(process: &str) -> Option<i64> {
    fs::read_to_string(format!("/proc/{process}/stat")).ok().as_deref().and_then(parsed).map(|(_, began)| began)
}

/// Whether `/proc/<id>/stat` is of a living process that began then.
fn is_same(stat: &str, started: Option<i64>) -> bool {
    // What cannot be read is taken for alive: its lease tells.
    parsed(stat).is_none_or(|(state, began)| !matches!(state, "Z" | "X" | "x") && started.is_none_or(|s| s == began))
}

/// The state and the start in `/proc/<id>/stat`. The second field is the program's name, which may hold anything.
fn parsed(stat: &str) -> Option<(&str, i64)> {
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_whitespace();
    let state = fields.next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn this_process_is_alive_and_one_that_began_at_another_time_is_not_it() {
        let this = this_process();
        assert!(this.started.is_some() && is_alive(&this));
        assert!(is_alive(&Worker { started: None, ..this.clone() }));
        assert!(!is_alive(&Worker { started: this.started.map(|started| started + 1), ..this }));
    }

    #[test]
    fn a_process_that_its_parent_has_not_reaped_is_dead() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let worker = Worker { pid: child.id(), started: began(&child.id().to_string()), ..this_process() };
        assert!(is_alive(&worker));
        child.kill().unwrap();
        // Its output ends when it has ended; it stays a zombie until it is waited for.
        std::io::copy(child.stdout.as_mut().unwrap(), &mut std::io::sink()).unwrap();
        while is_alive(&worker) {
            std::thread::yield_now();
        }
        assert!(fs::exists(format!("/proc/{}", worker.pid)).unwrap());
        child.wait().unwrap();
        assert!(!is_alive(&worker));
    }

    #[test]
    fn a_name_with_anything_in_it_does_not_hide_the_state() {
        let rest = "1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 4711 0";
        for (state, started, is) in [
            ("S", Some(4711), true),
            ("R", None, true),
            ("S", Some(1), false),
            ("Z", Some(4711), false),
            ("X", None, false),
        ] {
            assert_eq!(is_same(&format!("7 (a) S (b) {state} {rest}"), started), is, "{state} {started:?}");
        }
    }
}
