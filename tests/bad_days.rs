//! What a restore and a pruning do where the disk is full or cannot be written, or where they are killed.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use support::{Random, TestHost, copy_of, in_namespace, kill_after, platform_state, skip};

const NO_MOUNTS: &str = "file systems cannot be mounted here";

/// An installation with rows, media and a backup of them, changed since.
fn host() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["create_test_data", "--quiet", "--tenant=demo", "--volume=small"]).exits(0);
    let _ = host.run(["backup_data", "--quiet"]).exits(0);
    let _ = host.run(["create_test_data", "--quiet", "--tenant=demo", "--seed=2"]).exits(0);
    support::settle(&host.data());
    host
}

/// The rows of the tenants, and their media.
fn state(data: &Path) -> BTreeMap<String, String> {
    let mut state = platform_state(&data.join("tenants"));
    state.retain(|name, _| name.contains(".db "));
    state.extend(platform_state(&data.join("media")));
    state
}

#[test]
fn a_restore_on_a_full_disk_changes_nothing_and_says_so_in_one_sentence() {
    let host = host();
    let script = "mkdir full; mount -t tmpfs -o size=24m tmpfs full; cp -a encargo-data/. full
        code=0; \"$encargo\" restore_data --yes --data-dir=full || code=$?
        ls -A full/tmp > left; umask 0; mkdir after; cp -a full/. after/; exit $code";
    let Some(output) = in_namespace(&host, script) else { return skip(NO_MOUNTS) };
    let output = output.exits(1);
    assert!(output.error().contains("the disk is full"), "{}", output.stderr);
    assert_eq!(state(&host.folder().join("after")), state(&host.data()));
    assert_eq!(std::fs::read_to_string(host.folder().join("left")).expect("the script lists it"), "");
}

#[test]
fn a_restore_into_what_cannot_be_written_is_refused_and_a_dry_run_of_it_is_not() {
    let host = host();
    let script = |line: &str| {
        format!(
            "mkdir -p fixed; mount --bind encargo-data fixed; mount -o remount,bind,ro fixed
            exec \"$encargo\" restore_data {line} --data-dir=fixed"
        )
    };
    let Some(output) = in_namespace(&host, &script("--yes")) else { return skip(NO_MOUNTS) };
    let before = state(&host.data());
    assert!(output.exits(2).error().contains("cannot be written"));
    let dry = in_namespace(&host, &script("--yes --dry-run")).expect("it was possible before").exits(0);
    assert!(dry.stdout.contains("Would restore"), "{}", dry.stdout);
    assert_eq!(state(&host.data()), before);
}

#[test]
fn a_pruning_that_is_killed_leaves_every_backup_whole_or_gone() {
    let template = host();
    for seed in ["--seed=3", "--seed=4"] {
        let _ = template.run(["backup_data", "--quiet"]).exits(0);
        let _ = template.run(["create_test_data", "--quiet", "--tenant=demo", seed]).exits(0);
    }
    let _ = template.run(["backup_data", "--quiet"]).exits(0);
    let line = ["backups", "prune", "--keep-last=1", "--quiet"];
    let undisturbed = copy_of(&template);
    let begun = Instant::now();
    let _ = undisturbed.run(line).exits(0);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");
    let mut random = Random::new(20_261_127);
    for kill in 0..20 {
        let host = copy_of(&template);
        let moment = random.below(length);
        let process = host.command(line).spawn().expect("the binary can be started");
        let _ = kill_after(process, Duration::from_micros(moment));
        let listed = host.run(["backups", "list", "--json"]).exits(0).json_lines();
        let left: Vec<_> = listed.iter().filter(|line| line["type"] == "backup").collect();
        assert!(!left.is_empty(), "kill {kill} after {moment} us");
        for backup in left {
            let id = backup["id"].as_str().expect("a backup has an id");
            let verified = host.run(["backups", "verify", id]);
            assert_eq!(verified.exit, 0, "kill {kill} after {moment} us: {}", verified.stderr);
        }
        let _ = host.run(line).exits(0);
        let _ = host.run(["restore_data", "--yes", "--no-safety-backup"]).exits(0);
    }
}
