//! A process that is killed leaves whole batches behind, and a resume ends where an undisturbed run ends.

mod batches;
mod installations;
mod media;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use support::{Random, TestHost, copy_folder, kill_after, rows, tenant_database};

use crate::cli::added::version;

const ITEMS: usize = 8_000;
const BATCH: usize = 250;
const KILLS: u64 = 50;

/// What an import leaves, without what depends on when it ran.
const KNOWLEDGE: &str =
    "SELECT external_id, title, body, language, tags, source, content_hash FROM knowledge_items ORDER BY external_id";

fn input(host: &TestHost) -> String {
    let mut text = "external_id,title,body\n".to_owned();
    for item in 0..ITEMS {
        writeln!(text, "{item:06},Question {item},{}", "An answer of some length. ".repeat(10)).expect("a text grows");
    }
    host.file("items.csv", text).display().to_string()
}

fn import(file: &str, batch: usize, more: &[&str]) -> Vec<String> {
    let batch = format!("--batch-size={batch}");
    let words = ["import_knowledge", "--quiet", &batch, "--file", file].into_iter();
    words.chain(more.iter().copied()).map(str::to_owned).collect()
}

#[test]
fn an_import_that_is_killed_leaves_whole_batches_and_is_resumed() {
    let template = TestHost::with_tenant();
    let file = input(&template);
    let undisturbed = TestHost::new();
    copy_folder(&template.data(), &undisturbed.data());
    let begun = Instant::now();
    let _ = undisturbed.run(import(&file, BATCH, &[])).exits(0);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");
    let expected = rows(&tenant_database(&undisturbed.data(), "demo"), KNOWLEDGE);
    assert_eq!(expected.len(), ITEMS);

    let mut random = Random::new(20_261_124);
    let (mut killed_within, mut resumed) = (0, 0);
    for kill in 0..KILLS {
        let host = TestHost::new();
        copy_folder(&template.data(), &host.data());
        let process = host.command(import(&file, BATCH, &[])).spawn().expect("the binary can be started");
        let moment = random.below(length);
        let was_killed = kill_after(process, Duration::from_micros(moment));

        let database = tenant_database(&host.data(), "demo");
        assert_eq!(rows(&database, "PRAGMA integrity_check"), ["ok"], "kill {kill} after {moment} us");
        let left = rows(&database, KNOWLEDGE);
        assert_eq!(left.len() % BATCH, 0, "kill {kill} after {moment} us left a half batch: {} rows", left.len());
        assert!(left == expected[..left.len()], "kill {kill} after {moment} us left rows that are not the first ones");
        if was_killed && !left.is_empty() && left.len() < ITEMS {
            killed_within += 1;
        }

        let again = host.run(import(&file, BATCH, &["--resume"]));
        // Killed before it was recorded, or after its end was: there is nothing to go on with.
        if again.exit == 10 && again.stderr.contains("--resume") {
            let _ = host.run(import(&file, BATCH, &[])).exits(0);
        } else {
            let _ = again.exits(0);
            resumed += 1;
        }
        assert!(rows(&database, KNOWLEDGE) == expected, "kill {kill} after {moment} us: the rows differ in the end");
        assert_eq!(rows(&database, "SELECT count(*) FROM checkpoints"), ["0"], "a finished import has no checkpoint");
    }
    assert!(killed_within >= KILLS / 5, "only {killed_within} of {KILLS} kills fell between two batches");
    assert!(resumed >= KILLS / 5, "only {resumed} of {KILLS} kills left something to resume");
}

#[test]
fn a_version_whose_adding_is_killed_is_there_or_is_not() {
    let host = TestHost::with_tenant();
    let first = version(&host, "0.0.0", &["read:chats"]);
    let begun = Instant::now();
    let _ = host.run(["commands", "add", &first]).exits(0);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");
    let in_force = || {
        let _ = host.run(["count_chats", "--quiet"]).exits(0);
        host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines()[0]["version"].clone()
    };
    let mut random = Random::new(20_261_126);
    let (mut there, mut missing, mut before) = (0, 0, in_force());
    for kill in 1..=30 {
        let name = version(&host, &format!("{kill}.0.0"), &["read:chats"]);
        let process = host.command(["commands", "add", &name]).spawn().expect("the binary can be started");
        // A busy machine may take longer than it did at first, and some are to come to their end.
        let was_killed = kill_after(process, Duration::from_micros(random.below(3 * length)));
        let now = in_force();
        let is_there = now == format!("{kill}.0.0");
        assert!(is_there || (was_killed && now == before), "kill {kill}: {now} after {before}");
        *(if is_there { &mut there } else { &mut missing }) += 1;
        before = now;
    }
    assert!(there > 0 && missing > 0, "{there} are there, {missing} are not");
    let last = version(&host, "99.0.0", &["read:chats"]);
    let _ = host.run(["commands", "add", &last]).exits(0);
    let files = std::fs::read_dir(host.data().join("commands/versions")).expect("the folder is there");
    let names = files.map(|file| file.expect("it can be read").file_name().into_string().expect("it is text"));
    let rows = rows(&host.data().join("engine.db"), "SELECT digest || '.wasm' FROM command_versions");
    let names: Vec<_> = names.collect();
    assert!(rows.iter().all(|row| names.contains(row)), "a version has no file");
    assert!(names.iter().all(|name| name.ends_with(".wasm") && !name.starts_with('.')), "{names:?}");
}

/// Starts an import of one row a transaction, and waits until it has begun to write.
fn slow_import(host: &TestHost, file: &str) -> (Child, PathBuf) {
    let process = host.command(import(file, 1, &[])).spawn().expect("the binary can be started");
    let database = tenant_database(&host.data(), "demo");
    let patience = Instant::now();
    while rows(&database, "SELECT count(*) FROM knowledge_items") == ["0"] {
        assert!(patience.elapsed() < Duration::from_secs(30), "the import does not begin");
        thread::yield_now();
    }
    (process, database)
}

#[test]
fn a_signal_ends_an_import_cleanly_and_it_goes_on_later() {
    for (signal, exit) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 143)] {
        let host = TestHost::with_tenant();
        let file = input(&host);
        let (process, database) = slow_import(&host, &file);
        let id = i32::try_from(process.id()).ok().and_then(Pid::from_raw).expect("a process has an id");
        kill_process(id, signal).expect("a process of our own can be signalled");
        let output = process.wait_with_output().expect("a process of our own can be waited for");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{stderr}");
        assert!(stderr.contains("--resume"), "{stderr}");

        let left = rows(&database, KNOWLEDGE).len();
        assert!(left > 0 && left < ITEMS, "{left} rows");
        let status = host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines();
        assert_eq!(status[0]["status"], "interrupted");
        let anew = ["import_knowledge", "--file", &file];
        if signal == Signal::INT {
            let _ = host.run(import(&file, BATCH, &["--resume"])).exits(0);
        } else {
            let told = host.run(anew).exits(0);
            assert!(told.stderr.contains("--restart"), "{}", told.stderr);
        }
        assert_eq!(rows(&database, KNOWLEDGE).len(), ITEMS);
        // The work is done, so nobody is told of the earlier run any more.
        let again = host.run(anew).exits(0);
        assert!(!again.stderr.contains("--restart"), "{}", again.stderr);
    }
}

#[test]
fn a_process_that_was_killed_and_not_waited_for_holds_no_lock() {
    let host = TestHost::with_tenant();
    let file = input(&host);
    let (mut process, database) = slow_import(&host, &file);
    process.kill().expect("a process of our own can be killed");
    let stat = format!("/proc/{}/stat", process.id());
    let patience = Instant::now();
    while !std::fs::read_to_string(&stat).expect("it is still listed").contains(") Z ") {
        assert!(patience.elapsed() < Duration::from_secs(30), "it does not die");
        thread::yield_now();
    }
    let _ = host.run(import(&file, BATCH, &["--restart"])).exits(0);
    assert_eq!(rows(&database, KNOWLEDGE).len(), ITEMS);
    let _ = process.wait().expect("a process of our own can be waited for");
}

#[test]
fn what_a_killed_dry_run_left_is_removed_by_the_next_run_of_any_command() {
    let host = TestHost::with_tenant();
    host.place("misbehave");
    let folders = || std::fs::read_dir(host.data().join("tmp")).expect("the folder is there").count();
    let dry = ["misbehave", "--tenant=demo", "--dry-run", "--loop"];
    let mut process = host.command(dry).spawn().expect("the binary can be started");
    let patience = Instant::now();
    while folders() == 0 {
        assert!(patience.elapsed() < Duration::from_secs(60), "it makes no copy");
        thread::yield_now();
    }
    process.kill().expect("a process of our own can be killed");
    let _ = process.wait().expect("a process of our own can be waited for");
    assert_eq!(folders(), 1);
    let _ = host.run(["health_check"]).exits(0);
    assert_eq!(folders(), 0);
}

/// Old rows of every kind that a cleanup deletes, and files.
const OLD: u64 = 400;

fn seed_old(host: &TestHost) {
    let database = tenant_database(&host.data(), "demo");
    let connection = rusqlite::Connection::open(&database).expect("the tenant's file can be opened");
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {OLD})");
    let sql = format!(
        "INSERT INTO chats (id, status, created_at, updated_at) {numbers} SELECT i, iif(i % 10, 'closed', 'open'), i, i FROM n;
         INSERT INTO messages (id, chat_id, role, body, created_at) {numbers} SELECT i, i, 'user', 'hi', i FROM n;
         INSERT INTO logs (id, level, message, created_at) {numbers} SELECT i, 'info', 'old', i FROM n;
         INSERT INTO analytics_events (id, name, created_at) {numbers} SELECT i, 'seen', i FROM n;"
    );
    connection.execute_batch(&sql).expect("old rows can be added");
    let id = rows(&host.data().join("platform.db"), "SELECT id FROM tenants WHERE slug = 'demo'").swap_remove(0);
    for n in 0..5 {
        let _ = host.file(&format!("encargo-data/temporary/{id}/{n}.tmp"), "old");
    }
}

/// Makes a tenant's temporary files old, each of its own age; copies are as new as they are.
fn age_files(host: &TestHost) {
    let tenants = std::fs::read_dir(host.data().join("temporary")).expect("the folder is there");
    for folder in tenants.filter_map(Result::ok) {
        for n in 0..5 {
            let file = std::fs::File::options().append(true).open(folder.path().join(format!("{n}.tmp")));
            let Ok(file) = file else { continue };
            file.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(n)).expect("its age can be set");
        }
    }
}

#[test]
fn a_cleanup_that_is_interrupted_in_any_of_its_loops_reports_what_an_undisturbed_one_does() {
    let template = TestHost::with_tenant();
    seed_old(&template);
    let copied = || {
        let host = TestHost::new();
        copy_folder(&template.data(), &host.data());
        age_files(&host);
        host
    };
    let told = |output: &support::Output| {
        let mut summary = output.summary();
        // Each run has its own now, and with it another time before which things are old.
        for row in summary["tables"][0]["rows"].as_array_mut().expect("there is a table") {
            row[2].take();
        }
        (summary["counts"].clone(), summary["tables"].clone())
    };
    let cleanup = ["cleanup_old_data", "--tenant=demo", "--batch-size=1", "--json"];
    let undisturbed = copied().run(cleanup).exits(0);
    assert_eq!(undisturbed.count("logs", "deleted"), OLD);
    for table in ["chats", "logs", "analytics_events"] {
        let host = copied();
        let process = host.command(cleanup).spawn().expect("the binary can be started");
        let database = tenant_database(&host.data(), "demo");
        let patience = Instant::now();
        while rows(&database, &format!("SELECT count(*) FROM {table}")) == [OLD.to_string()] {
            assert!(patience.elapsed() < Duration::from_secs(30), "{table}: the cleanup does not come to it");
            thread::yield_now();
        }
        let id = i32::try_from(process.id()).ok().and_then(Pid::from_raw).expect("it has an id");
        kill_process(id, Signal::INT).expect("a process of our own");
        let output = process.wait_with_output().expect("a process of our own can be waited for");
        assert_eq!(output.status.code(), Some(130), "{table}: {output:?}");
        let resumed = host.run(cleanup.iter().chain(&["--resume"])).exits(0);
        assert_eq!(told(&resumed), told(&undisturbed), "interrupted in {table}");
        assert_eq!(rows(&database, "SELECT count(*) FROM checkpoints"), ["0"], "{table}");
    }
}
