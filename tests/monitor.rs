//! `monitor_performance`: what it shows in a pipe, to programs and at a terminal, how it ends, and what it keeps.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{Output, TestHost, at_terminal, skip};

const QUICK: [&str; 2] = ["monitor_performance", "--interval=100ms"];

/// More samples than any of these tests takes, so that a busy machine raises no alert.
const CALM: [&str; 2] = ["--alert-samples=1000", "--alert-window=1000"];

fn watch(host: &TestHost, more: &[&str]) -> Output {
    host.run(QUICK.iter().chain(&CALM).chain(more))
}

fn watch_for_alerts(host: &TestHost, more: &[&str]) -> Output {
    host.run(QUICK.iter().chain(&["--alert-threshold=1", "--alert-margin=0"]).chain(more))
}

fn samples(output: &Output) -> Vec<Value> {
    output.json_lines().into_iter().filter(|line| line["type"] == "sample").collect()
}

#[test]
fn each_sample_is_a_line_of_results_and_for_programs_a_record() {
    let host = TestHost::with_tenant();
    for (language, words) in [("en", ["memory", "load"]), ("es", ["memoria", "carga"])] {
        let language = format!("--lang={language}");
        let output = watch(&host, &["--count=3", &language]).exits(0);
        let of_sample = |line: &&str| line.as_bytes().get(2) == Some(&b':') && line.contains(" CPU ");
        let lines: Vec<_> = output.stdout.lines().filter(of_sample).collect();
        assert!(!lines.is_empty() && lines.len() <= 3, "{}", output.stdout);
        for line in lines {
            assert!(words.iter().all(|word| line.contains(word)) && line.chars().count() < 80, "{line}");
        }
    }
    let output = watch(&host, &["--count=3", "--json"]).exits(0);
    let (records, summary) = (samples(&output), output.summary());
    assert_eq!(output.count("samples", "read"), records.len() as u64);
    let taken = summary["details"]["samples"].as_u64().zip(summary["details"]["missed"].as_u64());
    assert_eq!(taken.map(|(samples, missed)| samples + missed), Some(3), "{summary}");
    let memory = |record: &Value| record["memory_percent"].as_f64();
    assert!(records.iter().all(|record| memory(record).is_some_and(|percent| percent > 0.0)), "{}", output.stdout);
    assert!(summary["details"]["own"]["cpu_percent"].is_number());
    // What is not told is null, and why it is not is said.
    let unavailable = summary["details"]["unavailable"].as_object().expect("an object");
    let is_null = |key: &str| records[0][key].is_null();
    assert_eq!(is_null("swap_percent"), unavailable.contains_key("swap"), "{summary}");
    assert_eq!(is_null("pressure_io_percent"), unavailable.contains_key("pressure io"), "{summary}");
    assert!(watch(&host, &["--count=1", "--quiet"]).exits(0).stdout.is_empty());
}

#[test]
fn how_the_cache_did_is_told_of_the_runs_that_ended_meanwhile() {
    let host = TestHost::with_tenant();
    let line = QUICK.iter().chain(&CALM).chain(&["--duration=1h", "--json"]);
    let mut watching = host.command(line).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut lines = BufReader::new(watching.stdout.take().expect("it is piped")).lines();
    let mut cache = || -> Value {
        let line = lines.next().expect("a line").expect("it can be read");
        serde_json::from_str::<Value>(&line).expect("it is JSON")["database_cache_percent"].clone()
    };
    assert!(cache().is_null(), "no run ended");
    let _ = host.run(["export_data", "--type=agents", "--output=-"]).exits(0);
    let told = (0..600).map(|_| cache()).find(|told| !told.is_null()).expect("a run ended");
    assert!(told.as_f64().is_some_and(|percent| percent > 0.0 && percent < 100.0), "{told}");
    watching.kill().expect("it is under way");
    watching.wait().expect("it ends");
    let shown = host.run(["runs", "list", "--command=export_data", "--json"]).exits(0).json_lines();
    let id = shown[0]["run"].as_str().expect("an id").to_owned();
    let run = host.run(["runs", "show", &id, "--json"]).exits(0).json_lines();
    assert!(run[0]["receipt"]["pages"]["read"].as_u64() > Some(0), "{run:?}");
    assert!(host.run(["runs", "show", &id]).exits(0).stdout.contains("read from its file"));
}

#[test]
fn samples_are_a_fixed_time_apart_and_none_is_put_off_by_the_one_before() {
    let host = TestHost::with_tenant();
    let output = watch(&host, &["--count=10", "--json"]).exits(0);
    let mut tick = 0;
    for sample in samples(&output) {
        tick += 1 + sample["missed"].as_u64().expect("a number");
        let at = sample["elapsed_s"].as_f64().expect("a number") * 10.0;
        // Late by whatever the machine took, and never before its time or counted from another one.
        assert!(at >= tick as f64 && at < tick as f64 + 1.0, "sample {tick} at {at}: {}", output.stdout);
    }
    assert_eq!(tick, 10, "{}", output.stdout);
}

#[test]
fn an_alert_that_stands_is_told_with_its_limit_and_who_uses_most_and_ends_with_4() {
    let host = TestHost::with_tenant();
    // Memory is in use on every machine.
    let output = watch_for_alerts(&host, &["--count=3", "--alert-samples=1"]).exits(4);
    let of_memory = |line: &&str| line.starts_with("warning: alert: memory is at ");
    let told: Vec<_> = output.stderr.lines().filter(of_memory).collect();
    assert!(told.len() == 1 && told[0].contains("the limit is 1 %") && told[0].contains("; most by "), "{told:?}");
    assert!(output.stdout.contains(" alerts stand") || output.stdout.contains("1 alert stands"), "{}", output.stdout);
    let quiet = watch_for_alerts(&host, &["--count=3", "--alert-samples=1", "--quiet"]).exits(4);
    assert!(quiet.stdout.is_empty() && quiet.stderr.contains("stand"), "{}", quiet.stderr);
    // Too few samples for an alert.
    let _ = watch_for_alerts(&host, &["--count=2"]).exits(0);
}

/// Starts watching for an hour, sends a signal once there is a sample, and gives what it wrote and how it ended.
fn signalled(host: &TestHost, signal: &str, more: &[&str]) -> (String, Option<i32>) {
    let mut command = host.command(QUICK.iter().chain(&["--duration=1h"]).chain(more));
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary can be started");
    let mut lines = BufReader::new(process.stdout.take().expect("it is piped"));
    let mut written = String::new();
    lines.read_line(&mut written).expect("there is a first line");
    let kill = Command::new("kill").args([signal, &process.id().to_string()]).status().expect("there is kill");
    assert!(kill.success());
    lines.read_to_string(&mut written).expect("the rest can be read");
    (written, process.wait().expect("it ends").code())
}

#[test]
fn ctrl_c_gives_the_summary_and_the_file_with_130_and_sigterm_with_143() {
    let host = TestHost::with_tenant();
    let (written, exit) = signalled(&host, "-INT", &["--output=until.csv"]);
    assert_eq!(exit, Some(130), "{written}");
    assert!(written.contains("\nResources\n") && written.contains("watching took "), "{written}");
    let file = fs::read_to_string(host.folder().join("until.csv")).expect("it is published");
    assert!(file.lines().count() >= 2, "{file}");
    let (written, exit) = signalled(&host, "-TERM", &["--json"]);
    let summary: Value = serde_json::from_str(written.lines().last().expect("a line")).expect("it is JSON");
    assert_eq!((exit, &summary["exit_code"], &summary["status"]), (Some(143), &143.into(), &"interrupted".into()));
    assert!(summary["details"]["samples"].as_u64() >= Some(1) && summary["error"].is_null(), "{summary}");
    let runs = host.run(["runs", "list", "--json"]).exits(0);
    assert!(!runs.stdout.contains("\"running\""), "{}", runs.stdout);
}

#[test]
fn a_file_of_samples_is_compared_with_later_ones_whatever_its_format() {
    let host = TestHost::with_tenant();
    for name in ["before.jsonl", "before.csv", "before.csv.gz", "before.jsonl.zst"] {
        let (output, baseline) = (format!("--output={name}"), format!("--baseline={name}"));
        let before = watch(&host, &["--count=2", "--json", &output]).exits(0).summary();
        let compared = watch(&host, &["--count=2", "--json", &baseline]).exits(0).summary();
        let of = |summary: &Value, place: &str| summary["details"].pointer(place).and_then(Value::as_f64);
        assert_eq!(compared["details"]["baseline"]["samples"], before["details"]["samples"], "{name}");
        let mean = "/figures/memory_percent/mean";
        let read = of(&compared, &format!("/baseline{mean}")).zip(of(&before, mean));
        assert!(read.is_some_and(|(read, written)| (read - written).abs() < 1e-3), "{name}: {read:?}");
        let shown = watch(&host, &["--count=1", &baseline]).exits(0);
        assert!(shown.stdout.contains("Compared with the baseline"), "{}", shown.stdout);
    }
    let dry = watch(&host, &["--count=1", "--output=dry.csv", "--dry-run"]).exits(0);
    assert!(dry.stdout.contains("dry.csv") && !host.folder().join("dry.csv").exists(), "{}", dry.stdout);
    let streamed = watch(&host, &["--count=1", "--output=-"]).exits(0);
    assert!(streamed.stdout.lines().all(|line| line.starts_with('{')), "{}", streamed.stdout);
}

#[test]
fn a_terminal_of_80_columns_has_a_table_with_sparklines_that_stays_in_its_place() {
    let host = TestHost::with_tenant();
    for (language, colours, heading) in
        [("en", "--force-color", "last 20"), ("en", "--no-color", "last 20"), ("es", "--no-color", "últimas 20")]
    {
        let watching = [&QUICK[..], &CALM, &["--count=4"]].concat().join(" ");
        let script = format!("stty cols 80; exec \"$encargo\" {watching} --lang={language} {colours}");
        let Some(output) = at_terminal(&host, &script) else { return skip("there is no `script` to make a terminal") };
        let output = output.exits(0);
        let plain = without_codes(&output.stdout);
        assert!(plain.contains(heading) && plain.contains('▁'), "{plain}");
        // Each line of the table is filled up to the terminal's width, so none is wider.
        let first = plain.split("monitor_performance").nth(1).unwrap_or_default();
        let drawn = first.chars().filter(|c| !c.is_control()).count() + "monitor_performance".len();
        assert!(drawn > 0 && drawn.is_multiple_of(80), "{drawn}: {first}");
        assert_eq!(output.stdout.contains("\u{1b}[1m"), colours == "--force-color", "{:?}", output.stdout);
        // The table goes, and the summary stays.
        let end = output.stdout.rsplit("\u{1b}[2K").next().unwrap_or_default();
        assert!(without_codes(end).contains(if language == "en" { "Resources" } else { "Recursos" }), "{end}");
    }
}

/// Without the codes that move the cursor and colour the text.
fn without_codes(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| c.is_ascii_alphabetic()).map_or(part.len(), |at| at + 1);
        plain.push_str(&part[end..]);
    }
    plain
}

#[test]
fn what_is_longer_than_the_run_may_take_is_refused_before_it_begins() {
    let host = TestHost::with_tenant();
    let refused = watch(&host, &["--duration=7h"]).exits(2);
    assert!(refused.error().contains("--timeout"), "{}", refused.stderr);
    let refused = watch(&host, &["--duration=20s", "--timeout=5s"]).exits(2);
    assert!(refused.error().contains("20 s"), "{}", refused.stderr);
}

#[test]
fn a_tenant_whose_rows_cannot_be_read_is_told_and_all_else_is_watched() {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=other"]).exits(0);
    fs::write(support::tenant_database(&host.data(), "other"), "no database").expect("a file can be written");
    let output = watch(&host, &["--count=3", "--json"]).exits(3).summary();
    let unread = output["details"]["responses"]["unread"].as_object().expect("an object");
    assert!(unread.contains_key("other") && !unread.contains_key("demo"), "{output}");
    let _ = watch(&host, &["--count=1", "--tenant=demo"]).exits(0);
    let _ = watch(&host, &["--count=1", "--tenant=nobody"]).exits(10);
}
