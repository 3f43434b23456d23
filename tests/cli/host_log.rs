//! The host's own log: what happens to runs, for whoever runs the host, and nothing that a guest or a caller said.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use support::TestHost;

/// The lines of the log that is written.
#[track_caller]
fn logged(host: &TestHost) -> Vec<Value> {
    let text = fs::read_to_string(host.data().join("log/encargo.log")).expect("there is a log");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("`{line}` is JSON"))).collect()
}

fn of<'a>(lines: &'a [Value], message: &str, command: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["message"] == message && line["span"]["command"] == command).collect()
}

#[test]
fn a_run_is_logged_from_its_beginning_to_its_end_whoever_reads_its_output() {
    let host = TestHost::with_tenant();
    let run = host.run(["cleanup_old_data", "--days=30", "--json"]).exits(0).json_lines().pop().expect("a summary");
    let lines = logged(&host);
    let migrated = lines.iter().filter(|line| line["message"] == "a database was migrated");
    assert!(migrated.clone().any(|line| line["database"] == "engine" && line["from"] == 0), "{lines:?}");
    for message in ["the run began", "the run ended"] {
        let found = of(&lines, message, "cleanup_old_data");
        let [line] = found[..] else { panic!("{message}: {lines:?}") };
        assert_eq!(line["span"]["run"], run["run"]);
        // No tenant was named, so they are shares of a run of all of them; there is one.
        assert_eq!((&line["span"]["tenant"], &line["level"]), (&"demo".into(), &"INFO".into()), "{line}");
    }
    let ended = of(&lines, "the run ended", "cleanup_old_data")[0];
    assert!(ended["status"] == "succeeded" && ended["exit"] == 0 && ended["took_ms"].is_number(), "{ended}");
    let mode = fs::metadata(host.data().join("log/encargo.log")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let before = lines.len();
    let _ = host.command(["health_check"]).env("ENCARGO_LOG", "off").output().expect("the binary can be started");
    assert_eq!(logged(&host).len(), before);
    let _ = host.command(["health_check"]).env("ENCARGO_LOG", "debug").output().expect("the binary can be started");
    assert!(logged(&host).iter().any(|line| line["level"] == "DEBUG" && line["limit"] == "cpu"));
    let told = host.command(["health_check"]).env("ENCARGO_LOG", "a=b=c").output().expect("the binary can be started");
    assert!(told.status.success() && String::from_utf8_lossy(&told.stderr).contains("`ENCARGO_LOG`: `a=b=c`"));
}

#[test]
fn neither_a_guests_words_nor_a_callers_arguments_get_into_it_however_much_is_asked_for() {
    let host = TestHost::with_tenant();
    host.place("misbehave");
    for (more, exit) in [(&[][..], 0), (&["--panic"], 1), (&["--ask"], 13)] {
        let words = ["misbehave", "--tenant=demo", "--say=between us"].iter().chain(more);
        let output = host.command(words).env("ENCARGO_LOG", "trace").output().expect("the binary can be started");
        assert_eq!(output.status.code(), Some(exit), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let password = [("ENCARGO_LOG", "trace"), ("ENCARGO_ADMIN_PASSWORD", "open sesame, please")];
    let made = host.command(["init_system"]).envs(password).output().expect("the binary can be started");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let refused = ["import_knowledge", "--file=/nonexistent/private.csv"];
    let _ = host.command(refused).env("ENCARGO_LOG", "trace").output().expect("the binary can be started");

    let log = fs::read_to_string(host.data().join("log/encargo.log")).expect("there is a log");
    for words in ["between us", "sesame", "private.csv"] {
        assert!(!log.contains(words), "{log}");
    }
    let lines = logged(&host);
    assert_eq!(of(&lines, "the run ended", "misbehave").len(), 3, "{log}");
    let refusal = lines.iter().find(|line| line["message"] == "a run was refused").expect("it was refused");
    assert_eq!((&refusal["command"], &refusal["exit"]), (&"import_knowledge".into(), &10.into()), "{refusal}");
}

#[test]
fn a_log_that_cannot_be_written_fails_nothing_and_doctor_says_so() {
    let host = TestHost::with_tenant();
    let log = host.data().join("log/encargo.log");
    fs::remove_file(&log).expect("the log can be removed");
    fs::create_dir(&log).expect("a folder can be made");
    let run = host.run(["health_check"]).exits(0);
    assert!(!run.stderr.contains("log"), "{}", run.stderr);
    let doctor = host.run(["doctor"]).exits(0).stdout;
    assert!(doctor.lines().any(|line| line.starts_with("warning") && line.contains(" log ")), "{doctor}");
}

#[test]
fn a_lost_run_and_a_wait_for_a_lock_are_in_it() {
    let host = TestHost::with_tenant();
    host.place("misbehave");
    let looping = ["misbehave", "--tenant=demo", "--loop"];
    let mut process = host.command(looping).spawn().expect("the binary can be started");
    let begun = || of(&logged(&host), "the run began", "misbehave").len();
    let patience = std::time::Instant::now();
    while begun() == 0 {
        assert!(patience.elapsed().as_secs() < 60, "it does not begin");
        std::thread::yield_now();
    }
    let waiting = host.command(["misbehave", "--tenant=demo", "--wait-lock=60s"]).spawn().expect("it can be started");
    let has = |message: &str| logged(&host).iter().any(|line| line["message"] == message);
    while !has("a run waits for its lock") {
        assert!(patience.elapsed().as_secs() < 60, "it does not wait");
        std::thread::yield_now();
    }
    process.kill().expect("a process of our own can be killed");
    let _ = process.wait().expect("a process of our own can be waited for");
    let waited = waiting.wait_with_output().expect("a process of our own can be waited for");
    assert!(waited.status.success(), "{}", String::from_utf8_lossy(&waited.stderr));
    assert!(has("a run has its lock") && has("a run is lost: its lease was over or its process gone"));
}
