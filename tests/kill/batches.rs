//! A batch of test data that is killed at any moment is in the end what an undisturbed one is.

use std::time::{Duration, Instant};

use support::{Random, TestHost, copy_folder, rows, tenant_database};

use super::kill_after;
use crate::test_data::content;

const KILLS: u64 = 12;

fn line(more: &[&str]) -> Vec<String> {
    let words =
        ["create_test_data", "--tenant=demo", "--quiet", "--scenario=faults", "--chats=3000", "--messages=60000"];
    words.iter().chain(more).map(ToString::to_string).collect()
}

#[test]
fn a_batch_that_is_killed_goes_on_by_resume_or_by_the_same_line_again() {
    let template = TestHost::with_tenant();
    let undisturbed = TestHost::new();
    copy_folder(&template.data(), &undisturbed.data());
    let begun = Instant::now();
    let _ = undisturbed.run(line(&[])).exits(0);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");
    let expected = content(&undisturbed, "demo");

    let mut random = Random::new(20_261_126);
    let mut within = 0;
    for kill in 0..KILLS {
        let host = TestHost::new();
        copy_folder(&template.data(), &host.data());
        let process = host.command(line(&[])).spawn().expect("the binary can be started");
        let was_killed = kill_after(process, Duration::from_micros(random.below(length)));
        let database = tenant_database(&host.data(), "demo");
        let states = rows(&database, "SELECT state FROM journals");
        within += u32::from(was_killed && states == ["making"]);
        let again = host.run(line(if kill % 2 == 0 { &["--resume"] } else { &["--restart"] }));
        // Killed before it was recorded, or after its end was: there is nothing to go on with.
        if again.exit == 10 {
            let _ = host.run(line(&[])).exits(0);
        } else {
            let _ = again.exits(0);
        }
        assert!(content(&host, "demo") == expected, "kill {kill}: the rows differ in the end");
        assert_eq!(rows(&database, "SELECT state FROM journals"), ["made"]);

        let process = host.command(line(&[])[..2].iter().map(String::as_str).chain(["--remove"])).spawn();
        let _ =
            kill_after(process.expect("the binary can be started"), Duration::from_micros(random.below(length / 2)));
        let _ = host.run(["create_test_data", "--tenant=demo", "--remove", "--restart"]).exits(0);
        assert!(content(&host, "demo").values().all(Vec::is_empty), "kill {kill}: something is left");
    }
    assert!(within >= 3, "only {within} of {KILLS} kills fell between two transactions");
}
