//! Standard input and output that nobody serves keep no run from its end, and all tenants read the same input.

use std::io::Read as _;
use std::process::{Child, Stdio};
use std::thread;

use support::{TestHost, rows, tenant_database};

const ITEMS: &str = "external_id,title,body\n1,One,First\n2,Two,Second\n";

fn terminate(process: &Child) {
    let id = i32::try_from(process.id()).ok().and_then(rustix::process::Pid::from_raw).expect("a process has an id");
    rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("a process of our own can be ended");
}

#[test]
fn a_deadline_ends_the_wait_for_standard_input() {
    let host = TestHost::with_tenant();
    let mut command = host.command(["import_knowledge", "--file=-", "--timeout=1s"]);
    let mut process = command.stdin(Stdio::piped()).spawn().expect("the binary can be started");
    let never_written = process.stdin.take();
    let output = process.wait_with_output().expect("a process of our own can be waited for");
    drop(never_written);
    assert_eq!(output.status.code(), Some(124), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_signal_ends_the_wait_for_standard_input() {
    let host = TestHost::with_tenant();
    let mut command = host.command(["import_knowledge", "--file=-", "-v", "2"]);
    let mut process = command.stdin(Stdio::piped()).spawn().expect("the binary can be started");
    let never_written = process.stdin.take();
    // The first line says that the run began.
    let mut first = [0; 4];
    process.stderr.as_mut().expect("stderr is piped").read_exact(&mut first).expect("a line is written");
    terminate(&process);
    let output = process.wait_with_output().expect("a process of our own can be waited for");
    drop(never_written);
    assert_eq!(output.status.code(), Some(143), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_deadline_ends_the_wait_for_whoever_does_not_read() {
    let host = TestHost::with_tenant();
    let long = "An answer. ".repeat(1_000);
    let rows: String = (0..200).map(|row| format!("{row},Question {row},{long}\n")).collect();
    let file = host.file("items.csv", format!("external_id,title,body\n{rows}"));
    let _ = host.run(["import_knowledge", "--file", &file.display().to_string()]).exits(0);
    let export = ["export_data", "--type=knowledge", "--output=-"];
    let mut command = host.command(export.iter().chain(&["--timeout=1s"]));
    let mut process = command.spawn().expect("the binary can be started");
    let never_read = process.stdout.take();
    let output = process.wait_with_output().expect("a process of our own can be waited for");
    drop(never_read);
    assert_eq!(output.status.code(), Some(124), "{}", String::from_utf8_lossy(&output.stderr));

    let whole = host.run(export).exits(0).stdout;
    let mut slow = host.command(export).spawn().expect("the binary can be started");
    let mut stdout = slow.stdout.take().expect("stdout is piped");
    let reader = thread::spawn(move || {
        let (mut read, mut few) = (Vec::new(), [0; 500]);
        loop {
            match stdout.read(&mut few).expect("a pipe can be read") {
                0 => return read,
                length => read.extend_from_slice(&few[..length]),
            }
        }
    });
    assert!(slow.wait().expect("a process of our own can be waited for").success());
    assert!(reader.join().expect("the reader reads to the end") == whole.as_bytes());
}

#[test]
fn a_reader_that_has_what_it_wanted_ends_the_run_without_a_word() {
    let host = TestHost::with_tenant();
    let long = "An answer. ".repeat(1_000);
    let rows: String = (0..200).map(|row| format!("{row},Question {row},{long}\n")).collect();
    let file = host.file("items.csv", format!("external_id,title,body\n{rows}"));
    let _ = host.run(["import_knowledge", "--file", &file.display().to_string()]).exits(0);
    let mut process =
        host.command(["export_data", "--type=knowledge", "--output=-"]).spawn().expect("the binary can be started");
    let mut reader = process.stdout.take().expect("stdout is piped");
    reader.read_exact(&mut [0; 100]).expect("a pipe can be read");
    drop(reader);
    let output = process.wait_with_output().expect("a process of our own can be waited for");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), said.as_ref()), (Some(130), ""));
    let run = host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines().swap_remove(0);
    assert_eq!((&run["status"], &run["error"]["code"]), (&"cancelled".into(), &"cancelled".into()));
    // The next one is told nothing of it.
    let next = host.run(["export_data", "--type=knowledge", "--output=-"]).exits(0);
    assert!(!next.stderr.contains("--resume"), "{}", next.stderr);
}

#[test]
fn an_output_files_folder_is_made_as_an_output_folder_is() {
    let host = TestHost::with_tenant();
    let _ = host.run(["export_data", "--type=agents", "--output=new/folder/agents.csv"]).exits(0);
    assert!(host.folder().join("new/folder/agents.csv").is_file());
}

#[test]
fn an_output_that_the_configuration_sends_to_standard_output_has_it_alone() {
    let host = TestHost::with_tenant();
    let settings = "[commands.export_data]\noutput = \"-\"\ntype = \"agents\"\nformat = \"json\"\n[commands.health_check]\nformat = \"json\"\n";
    host.file("encargo.toml", settings);
    for line in
        [&["export_data", "--config=encargo.toml"][..], &["health_check", "--service=disk", "--config=encargo.toml"]]
    {
        let output = host.run(line).exits(0);
        let data: serde_json::Value =
            serde_json::from_str(&output.stdout).expect("it is one document and nothing else");
        assert!(data.is_object() || data.is_array(), "{}", output.stdout);
        let refused = host.run(line.iter().chain(&["--json"])).exits(2);
        assert!(refused.stdout.contains("cannot both have stdout"), "{}", refused.stdout);
    }
}

#[test]
fn a_password_file_that_the_configuration_names_is_read() {
    let host = TestHost::new();
    host.file("password", "long enough\n");
    host.file("encargo.toml", "[commands.init_system]\npassword_file = \"password\"\n");
    let output = host.run(["init_system", "--config=encargo.toml"]).exits(0);
    assert!(!output.stderr.contains("has none"), "{}", output.stderr);
    let changed = "SELECT count(*) FROM users WHERE password_hash IS NOT NULL";
    assert_eq!(rows(&host.data().join("platform.db"), changed), ["1"]);
}

#[test]
fn every_tenant_is_given_all_of_standard_input() {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=other"]).exits(0);
    for parallel in ["--parallel=1", "--parallel=2"] {
        let import = ["import_knowledge", "--tenant=all", "--file=-", "--json", parallel];
        let output = host.run_with_input(import, ITEMS.as_bytes()).exits(0);
        assert_eq!(
            output.count("records", "read").max(output.count("knowledge_items", "read")),
            4,
            "{}",
            output.stdout
        );
    }
    for tenant in ["demo", "other"] {
        assert_eq!(rows(&tenant_database(&host.data(), tenant), "SELECT count(*) FROM knowledge_items"), ["2"]);
    }
}
