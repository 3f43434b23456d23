//! What a command leaves that is killed, and where it ends when it is begun again.

use std::fmt::Debug;
use std::process::Child;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::{Random, TestHost, copy_folder};

/// Ends a process at a moment, unless it has ended by then; whether it was killed.
///
/// # Panics
/// When the system does not let a process of our own be ended.
pub fn kill_after(mut process: Child, moment: Duration) -> bool {
    let (never, nothing) = mpsc::channel::<()>();
    let _ = nothing.recv_timeout(moment);
    drop(never);
    process.kill().expect("a process of our own can be killed");
    !process.wait().expect("a process of our own can be waited for").success()
}

/// A host with the data of another one.
pub fn copy_of(template: &TestHost) -> TestHost {
    let host = TestHost::new();
    copy_folder(&template.data(), &host.data());
    host
}

/// Runs a command on copies of a host: once undisturbed, and then so often with a kill at a random moment of its time. After
/// each kill it is run again, with `--resume` where there is something to resume, and has to end with what the undisturbed
/// run left; `between` looks at what the kill left.
///
/// # Panics
/// When it does not.
pub fn killed_and_run_again<T: PartialEq + Debug>(
    template: &TestHost,
    arguments: &[&str],
    kills: u64,
    content: impl Fn(&TestHost) -> T,
    between: impl Fn(&TestHost, &str),
) {
    let undisturbed = copy_of(template);
    let begun = Instant::now();
    let _ = undisturbed.run(arguments).exits(0);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");
    let expected = content(&undisturbed);
    let mut random = Random::new(20_261_126);
    for kill in 0..kills {
        let host = copy_of(template);
        let moment = random.below(length);
        let process = host.command(arguments).spawn().expect("the binary can be started");
        let _ = kill_after(process, Duration::from_micros(moment));
        let what = format!("kill {kill} after {moment} us");
        between(&host, &what);
        let again = if kill % 2 == 0 { host.run(arguments.iter().chain(&["--resume"])) } else { host.run(arguments) };
        // Killed before it was recorded, or after its end was: there is nothing to go on with.
        let again = if again.exit == 10 && kill % 2 == 0 { host.run(arguments) } else { again };
        assert_eq!(again.exit, 0, "{what}: {}", again.stderr);
        let left = content(&host);
        assert!(left == expected, "{what}: {left:?} is not {expected:?}");
    }
}
