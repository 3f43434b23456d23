//! An installation whose making was killed at any moment is made by the next that is asked to, with nothing lost.

use std::time::{Duration, Instant};

use support::{Random, TestHost};

use super::kill_after;

const KILLS: u64 = 60;

#[test]
fn a_killed_making_is_taken_up_by_the_next() {
    let undisturbed = TestHost::new();
    let begun = Instant::now();
    let _ = undisturbed.run(["migrate"]).exits(0);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");

    let mut random = Random::new(20_261_128);
    let mut killed_within = 0;
    for _ in 0..KILLS {
        let host = TestHost::new();
        let process = host.command(["migrate"]).spawn().expect("the binary can be started");
        killed_within += u32::from(kill_after(process, Duration::from_micros(random.below(length))));
        let _ = host.run(["migrate"]).exits(0);
        let _ = host.run(["migrate", "--plan"]).exits(0);
        let _ = host.run(["runs", "list"]).exits(0);
    }
    assert!(killed_within >= 10, "only {killed_within} of {KILLS} were killed within");
}
