//! Whatever a guest does becomes a recorded outcome with its own error and exit code, and the host goes on.

use serde_json::Value;
use support::{Output, TestHost, last_run, limit_used, rows, tenant_database};

/// A host with the guest in its data directory and limits that are soon reached.
fn host() -> TestHost {
    let host = TestHost::with_tenant();
    host.place("misbehave");
    let limits = "cpu_seconds = 0.3\nmemory_bytes = 50000000\nlog_bytes = 100000\nresult_bytes = 1000000\n";
    host.file("encargo.toml", format!("[limits]\n{limits}"));
    host
}

fn misbehave(host: &TestHost, more: &[&str]) -> Output {
    host.run(["misbehave", "--tenant=demo", "--json"].iter().chain(more))
}

#[test]
fn every_misbehaviour_has_its_own_outcome() {
    let host = host();
    for (switch, exit, code, words) in [
        (&["--loop"][..], 14, "cpu-limit", "cpu_seconds"),
        (&["--call"], 14, "cpu-limit", "cpu_seconds"),
        (&["--panic"], 1, "trap", "the guest's own words"),
        (&["--allocate"], 14, "memory-limit", "memory_bytes"),
        (&["--recurse"], 14, "stack-limit", "stack_bytes"),
        (&["--garbage"], 1, "garbage", "not JSON"),
        (&["--long"], 14, "result-limit", "result_bytes"),
        (&["--exit=0"], 1, "exited", "code 0"),
        (&["--exit=7"], 1, "exited", "code"),
        (&["--trap-in-transaction"], 1, "trap", "in the middle of a transaction"),
        (&["--trespass"], 14, "denied", "messages"),
        (&["--misspell"], 1, "syntax", "near `SELEC`: SELEC id FROM chats"),
    ] {
        let output = misbehave(&host, switch).exits(exit);
        let error = &output.summary()["error"];
        assert_eq!(error["code"], code, "{switch:?}: {error}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{switch:?}: {error}");
        let record = last_run(&host);
        assert_eq!(
            (&record["exit_code"], &record["error"]["code"]),
            (&Value::from(exit), &Value::from(code)),
            "{switch:?}"
        );
    }
    let _ = misbehave(&host, &[]).exits(0);
}

#[test]
fn a_stack_of_any_size_that_may_be_configured_ends_with_its_limit() {
    let host = host();
    let _ = host.run(["init_system", "--only", "tenants", "--tenant=other"]).exits(0);
    // With 8 MiB the guest first comes to the end of the 1 MiB that it keeps for a stack in its own memory, and traps.
    for (stack_bytes, exit, code) in [(64 << 10, 14, "stack-limit"), (2 << 20, 14, "stack-limit"), (8 << 20, 1, "trap")]
    {
        host.file("encargo.toml", format!("[limits]\nstack_bytes = {stack_bytes}"));
        let several = host.run(["misbehave", "--tenant=demo,other", "--parallel=2", "--recurse", "--json"]).exits(exit);
        assert_eq!(several.summary()["exit_code"], exit, "{stack_bytes}");
        let one = misbehave(&host, &["--recurse"]).exits(exit);
        assert_eq!(one.summary()["error"]["code"], code, "{stack_bytes}");
    }
    for absurd in ["1", "9000000000000"] {
        host.file("encargo.toml", format!("[limits]\nstack_bytes = {absurd}"));
        let refused = host.run(["health_check"]).exits(2);
        assert!(refused.error().contains("from 65536 to 67108864"), "{}", refused.stderr);
    }
}

#[test]
fn a_machine_without_memory_is_not_the_commands_fault() {
    let host = host();
    host.file("encargo.toml", "[limits]\nmemory_bytes = 4000000000");
    // The system gives this process 300 MB of data and no more.
    let mut limited = std::process::Command::new("sh");
    let words = ["-c", "ulimit -d 300000 && exec \"$@\"", "sh"];
    let command = host.command(["misbehave", "--tenant=demo", "--json", "--allocate"]);
    host.prepare(&mut limited).args(words).arg(command.get_program()).args(command.get_args());
    let output = limited.output().expect("a shell can be started");
    let last = String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned();
    let summary: Value = serde_json::from_str(&last).unwrap_or_else(|_| panic!("no summary: {output:?}"));
    assert_eq!(
        (output.status.code(), &summary["error"]["code"]),
        (Some(1), &Value::from("out-of-memory")),
        "{summary}"
    );
    assert_eq!(last_run(&host)["error"]["code"], "out-of-memory");
}

#[test]
fn a_trap_in_a_transaction_leaves_nothing_of_it() {
    let host = host();
    let _ = misbehave(&host, &["--trap-in-transaction"]).exits(1);
    assert_eq!(rows(&tenant_database(&host.data(), "demo"), "SELECT count(*) FROM chats"), ["0"]);
    let _ = host.run(["cleanup_old_data", "--tenant=demo"]).exits(0);
}

#[test]
fn a_backtrace_is_shown_when_it_is_asked_for() {
    let host = host();
    let shown = host.run(["misbehave", "--tenant=demo", "--panic", "--traceback"]).exits(1);
    assert!(shown.stderr.contains("misbehave"), "{}", shown.stderr);
    assert!(shown.stderr.contains("the guest's own words"), "{}", shown.stderr);
    let plain = host.run(["misbehave", "--tenant=demo", "--panic"]).exits(1);
    assert!(plain.stderr.len() < shown.stderr.len(), "{}", plain.stderr);
}

#[test]
fn a_flood_of_log_lines_is_cut_and_counted_and_the_run_ends_as_it_would() {
    let host = host();
    let output = misbehave(&host, &["--log-flood=5000", "-v", "2"]).exits(0);
    let lines = output.json_lines();
    let of_level = |level| lines.iter().filter(move |line| line["type"] == "log" && line["level"] == level);
    let kept = of_level("info").count();
    assert!(kept > 0 && kept < 1_000, "{kept} lines were kept");
    let counted = format!("{} more lines", 5_000 - kept);
    let told = |line: &Value| line["message"].as_str().is_some_and(|message| message.contains(&counted));
    assert!(of_level("warning").any(told), "no warning counts {counted}");
    let log = host.run(["runs", "logs", "latest"]).exits(0).stdout;
    assert!(log.contains(&counted) && log.lines().count() == kept + 1, "{} lines are recorded", log.lines().count());
}

#[test]
fn what_a_guest_prints_is_in_the_log_however_much_it_is() {
    let host = host();
    let _ = misbehave(&host, &["--print-flood=2000"]).exits(0);
    let log = host.run(["runs", "logs", "latest"]).exits(0).stdout;
    assert_eq!(log.lines().count(), 2_000);
    assert!(log.lines().last().is_some_and(|line| line.ends_with("line 1999 of what is printed")), "{log}");
}

#[test]
fn the_wall_clock_ends_a_run_whose_log_nobody_reads() {
    let host = host();
    host.file("encargo.toml", "[limits]\nlog_bytes = 100000000\n");
    let flood = ["misbehave", "--tenant=demo", "--print-flood=2000000", "-v3", "--timeout=1s"];
    let mut process = host.command(flood).spawn().expect("the binary can be started");
    let never_read = process.stderr.take();
    let output = process.wait_with_output().expect("a process of our own can be waited for");
    drop(never_read);
    assert_eq!(output.status.code(), Some(124));
    assert_eq!(last_run(&host)["status"], "timed-out");
}

#[test]
fn the_wall_clock_ends_a_run_that_does_not_end() {
    let host = host();
    host.file("encargo.toml", "");
    let output = misbehave(&host, &["--loop", "--timeout=1s"]).exits(124);
    assert_eq!(output.summary()["error"]["code"], "wall-limit");
    assert_eq!(last_run(&host)["status"], "timed-out");
}

#[test]
fn each_limit_of_sql_files_and_the_log_is_kept_and_stands_in_the_record() {
    let host = host();
    let limits = "statement_seconds = 0.2\ntransaction_seconds = 0.4\nstatements = 5\noutput_files = 3\n\
                  open_files = 2\nlog_burst_lines = 10\nlog_lines_per_second = 1\n";
    host.file("encargo.toml", format!("[limits]\n{limits}"));
    for (switch, code, words, name, most) in [
        (&["--hold"][..], "transaction-limit", "transaction_seconds", "transaction", 400),
        (&["--hold", "--swallow"], "transaction-limit", "transaction_seconds", "transaction", 400),
        (&["--slow=1"], "quota", "statement_seconds", "statement", 200),
        (&["--statements=6"], "quota", "`statements`", "statements", 5),
        (&["--files=4"], "quota", "output_files", "files", 3),
        (&["--open-files=3"], "quota", "open_files", "open-files", 2),
    ] {
        let output = misbehave(&host, switch).exits(14);
        let error = &output.summary()["error"];
        assert_eq!(error["code"], code, "{switch:?}: {error}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{switch:?}: {error}");
        let used = limit_used(&last_run(&host), name);
        assert_eq!((used.1, used.0 >= most), (most, true), "{switch:?}: {} of {name}", used.0);
    }
    for switches in [&["--slow=2"][..], &["--statements=7"], &["--files=5"], &["--open-files=4"]] {
        let output = misbehave(&host, &[switches, &["--swallow"]].concat()).exits(0);
        assert!(output.stdout.contains("refused 2 times"), "{switches:?}: {}", output.stdout);
    }
    let published = host.data().join("exports");
    assert!(published.exists(), "what was within the limit is there");
    let _ = misbehave(&host, &["--log-flood=50"]).exits(0);
    let log = host.run(["runs", "logs", "latest"]).exits(0).stdout;
    let last = log.lines().last().unwrap_or_default();
    let counted = format!("more than 1 lines a second: {} more lines", 50 - (log.lines().count() - 1));
    assert!(last.contains(&counted), "{counted}: {last}");
    assert_eq!(limit_used(&last_run(&host), "log-lines"), (10, 10));
}
