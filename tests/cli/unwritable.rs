//! Data directories where nothing can be written: what reads works and says what is not recorded, what changes is
//! refused before it begins, and `doctor` sees it.

use std::fs;
use std::process::Command;

use rusqlite::Connection;
use support::{Output, TestHost, finished, in_namespace, platform_state, settle, skip};

use super::installation::NO_MOUNTS;

/// Puts the data directory where a file system says: after it `$data` is there.
const PLACES: [(&str, &str, i32, &str); 4] = [
    // As others use it: with a log and its index.
    (
        "read-only",
        "mount --bind encargo-data encargo-data; mount -o remount,ro,bind encargo-data; data=encargo-data",
        2,
        "the data directory cannot be written",
    ),
    // After a loss of power: with a log that has no index.
    (
        "read-only, unsettled",
        "mkdir left; cp -a encargo-data/. left; rm -f left/*-shm left/tenants/*-shm
        mount --bind left left; mount -o remount,ro,bind left; data=left",
        2,
        "the data directory cannot be written",
    ),
    (
        "full",
        "mkdir full; mount -t tmpfs -o size=3m tmpfs full; cp -a encargo-data/. full; rm -f full/*-shm
        dd if=/dev/zero of=full/fill bs=1k 2>/dev/null || true; data=full",
        1,
        "the disk is full",
    ),
    (
        "without inodes",
        "mkdir full; mount -t tmpfs -o nr_inodes=60 tmpfs full; cp -a encargo-data/. full; rm -f full/*-shm
        i=0; while touch full/$i 2>/dev/null; do i=$((i+1)); done; data=full",
        1,
        "the disk has no inodes left",
    ),
];

/// One tenant with a few rows and two runs, the newest still in the log.
fn installation() -> TestHost {
    let host = TestHost::with_tenant();
    host.file("a.csv", "id,title,body\n1,a,b\n2,c,d\n");
    let _ = host.run(["import_knowledge", "--file=a.csv"]).exits(0);
    host
}

/// Runs `encargo` in each place; `then` sees how it ended.
fn in_each_place(arguments: &str, then: impl Fn(&str, Output, i32, &str)) {
    in_each_place_of(installation, arguments, then);
}

fn in_each_place_of(made: impl Fn() -> TestHost, arguments: &str, then: impl Fn(&str, Output, i32, &str)) {
    for (name, place, refused, why) in PLACES {
        let host = made();
        let script = format!("{place}; exec \"$encargo\" {arguments} --data-dir=$data");
        let Some(output) = in_namespace(&host, &script) else { return skip(NO_MOUNTS) };
        then(name, output, refused, why);
        if arguments.contains("out.jsonl") {
            let exported = fs::read_to_string(host.folder().join("out.jsonl")).expect("it was exported");
            assert_eq!(exported.lines().count(), 2, "{name}: {exported}");
        }
    }
}

#[test]
fn recorded_runs_are_read_with_what_is_still_in_the_log() {
    in_each_place("runs list --json", |name, output, _, _| {
        let output = output.exits(0);
        let runs: Vec<_> = output.json_lines().into_iter().filter(|line| line["type"] == "run").collect();
        assert_eq!(runs.len(), 2, "{name}: {runs:?}");
        assert_eq!(runs[0]["command"], "import_knowledge", "{name}");
        assert_eq!(output.stderr, "", "{name}");
    });
    in_each_place("runs show latest", |_, output, _, _| drop(output.exits(0)));
    in_each_place("runs logs latest", |_, output, _, _| drop(output.exits(0)));
}

#[test]
fn a_run_whose_process_is_gone_is_shown_as_lost_although_that_cannot_be_recorded() {
    let with_a_lost_run = || {
        let host = installation();
        let store = Connection::open(host.data().join("engine.db")).expect("the store can be opened");
        let gone = "UPDATE runs SET status = 'running', ended_at = NULL, lease_until = 0 WHERE command = 'init_system'";
        assert_eq!(store.execute(gone, []).expect("the store can be written"), 1);
        host
    };
    for (status, runs) in [("lost", 1), ("running", 0), ("succeeded", 1)] {
        in_each_place_of(with_a_lost_run, &format!("runs list --json --status={status}"), |name, output, _, _| {
            let found = output.exits(0).json_lines().into_iter().filter(|line| line["type"] == "run").count();
            assert_eq!(found, runs, "{name} {status}");
        });
    }
}

#[test]
fn a_health_check_answers_without_a_record_and_tells_the_truth_about_the_disk() {
    in_each_place("health_check --json", |name, output, _, why| {
        let output = output.exits(4);
        assert_eq!(output.remarks(), format!("warning: this run is not recorded: {why}\n"), "{name}");
        let summary = output.summary();
        let services = summary["details"]["services"].as_array().expect("each service has a finding").clone();
        let status = |service: &str| {
            let found = services.iter().find(|found| found["service"] == service).expect("it was asked");
            found["status"].as_str().expect("a word").to_owned()
        };
        assert_eq!((status("database"), status("schema")), ("ok".to_owned(), "ok".to_owned()), "{name}: {services:?}");
        assert_eq!(status("storage"), "failed", "{name}: {services:?}");
        assert!(name.starts_with("read-only") || status("disk") == "failed", "{name}: {services:?}");
    });
}

#[test]
fn the_data_is_checked_unless_it_is_to_be_fixed() {
    in_each_place("validate_system --tenant=demo", |name, output, _, why| {
        assert_eq!(output.exits(0).remarks(), format!("warning: this run is not recorded: {why}\n"), "{name}");
    });
}

#[test]
fn an_export_to_elsewhere_has_every_row() {
    in_each_place(
        "export_data --type=knowledge --tenant=demo --output=out.jsonl --format=jsonl",
        |name, output, _, why| {
            assert_eq!(output.exits(0).remarks(), format!("warning: this run is not recorded: {why}\n"), "{name}");
        },
    );
}

#[test]
fn a_dry_run_works_with_its_scratch_elsewhere_also_of_standard_input() {
    for input in ["--file=a.csv", "--file=- <a.csv"] {
        in_each_place(&format!("import_knowledge --dry-run --json {input}"), |name, output, _, why| {
            let output = output.exits(0);
            assert_eq!(output.count("knowledge_items", "unchanged"), 2, "{name} {input}");
            assert!(output.stderr.contains(&format!("this run is not recorded: {why}")), "{name}: {}", output.stderr);
        });
    }
}

#[test]
fn what_changes_is_refused_before_it_begins() {
    for arguments in
        ["import_knowledge --file=a.csv", "cleanup_old_data", "commands revoke import_knowledge update:knowledge_items"]
    {
        in_each_place(arguments, |name, output, refused, why| {
            let output = output.exits(refused);
            assert_eq!(output.errors().len(), 1, "{name} {arguments}: {}", output.stderr);
            assert!(refused == 2 || output.error().contains(why), "{name} {arguments}: {}", output.stderr);
        });
    }
}

#[test]
fn doctor_sees_it() {
    in_each_place("doctor --json", |name, output, _, _| {
        let output = output.exits(4);
        let failed: Vec<_> = output
            .json_lines()
            .into_iter()
            .filter(|line| line["status"] == "failed")
            .map(|line| line["name"].as_str().expect("a check has a name").to_owned())
            .collect();
        let expected: &[&str] =
            if name.starts_with("read-only") { &["folders", "writing"] } else { &["disk", "writing"] };
        assert_eq!(failed, expected, "{name}: {}", output.stdout);
    });
}

/// Another user's process, or `None` where that is not allowed.
fn as_another(host: &TestHost) -> Option<Command> {
    let another = || {
        let mut command = Command::new("setpriv");
        host.prepare(&mut command).args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
        command
    };
    let probe = another().current_dir("/").arg(support::binary()).arg("--version").status();
    probe.is_ok_and(|status| status.success()).then(another)
}

#[test]
fn a_user_who_may_only_read_reads_and_changes_nothing() {
    let host = installation();
    settle(&host.data());
    let Some(mut command) = as_another(&host) else { return skip("running as another user is not allowed here") };
    let chmod = Command::new("chmod").args(["-R", "a+rX"]).arg(host.folder()).status();
    assert!(chmod.is_ok_and(|status| status.success()));
    let before = platform_state(&host.data());
    command.env("TMPDIR", "/tmp").env("HOME", "/nonexistent").env_remove("XDG_CACHE_HOME");
    command.arg(support::binary()).args([
        "export_data",
        "--type=knowledge",
        "--tenant=demo",
        "--format=jsonl",
        "--output=-",
    ]);
    let output = finished(&mut command).exits(0);
    assert_eq!(output.stdout.lines().count(), 2, "{}", output.stdout);
    assert!(
        output.stderr.contains("this run is not recorded: the data directory cannot be written"),
        "{}",
        output.stderr
    );
    assert_eq!(platform_state(&host.data()), before);
}

#[test]
fn compiled_components_have_a_place_whatever_the_home_is() {
    let host = TestHost::with_tenant();
    let own = host.folder().join("own");
    fs::create_dir(&own).expect("a folder can be made");
    let [beside, in_home] = [host.data().join("cache"), own.join(".cache/encargo")];
    for (home, place) in [(None, &beside), (Some("/nonexistent"), &beside), (own.to_str(), &in_home)] {
        let mut command = host.command(["health_check", "--service=schema"]);
        command.env_remove("XDG_CACHE_HOME").env_remove("HOME");
        command.envs(home.map(|home| ("HOME", home)));
        let output = finished(&mut command).exits(0);
        assert_eq!(output.remarks(), "", "{home:?}");
        assert!(place.is_dir(), "{home:?}");
        let mut command = host.command(["doctor"]);
        command.env_remove("XDG_CACHE_HOME").env_remove("HOME").envs(home.map(|home| ("HOME", home)));
        let doctor = finished(&mut command).exits(0);
        assert!(doctor.stdout.contains(&format!("`{}`", place.display())), "{home:?}: {}", doctor.stdout);
    }
}

#[test]
fn a_home_of_another_user_is_passed_over() {
    let host = TestHost::with_tenant();
    let theirs = host.folder().join("theirs");
    fs::create_dir(&theirs).expect("a folder can be made");
    if std::os::unix::fs::chown(&theirs, Some(65_534), None).is_err() {
        return skip("giving a folder to another user is not allowed here");
    }
    let mut command = host.command(["health_check", "--service=schema"]);
    command.env_remove("XDG_CACHE_HOME").env("HOME", &theirs);
    assert_eq!(finished(&mut command).exits(0).remarks(), "");
    assert!(host.data().join("cache").is_dir() && fs::read_dir(&theirs).expect("it is there").next().is_none());
}

#[test]
fn a_held_store_is_a_held_lock_for_commands_and_a_problem_for_doctor() {
    let host = TestHost::with_tenant();
    let holding = Connection::open(host.data().join("engine.db")).expect("the store can be opened");
    holding.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    let output = host.run(["health_check"]).exits(11);
    assert!(output.error().contains("engine.db") && output.error().contains("is held by"), "{}", output.stderr);
    let doctor = host.run(["doctor"]).exits(4);
    assert!(doctor.stdout.contains("is held by"), "{}", doctor.stdout);
    let _ = host.run(["runs", "list"]).exits(0);
    holding.execute_batch("ROLLBACK").expect("it can be given up");
    let _ = host.run(["health_check"]).exits(0);
}
