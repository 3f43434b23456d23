//! Commands that the operator adds: versions by digest, what each asks for, rollback, removal, and what is lost.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use support::{Output, TestHost, rows, test_component};

use super::one_sentence;

/// A guest of the tests that describes itself otherwise.
pub(crate) fn redescribed(guest: &str, changes: &Value) -> Vec<u8> {
    let component = fs::read(test_component(guest)).expect("a component can be read");
    let described = encargo_pack::read(std::io::Cursor::new(&component)).expect("a guest describes itself");
    let mut description: Value = serde_json::from_slice(&described.json).expect("a description is JSON");
    for (field, value) in changes.as_object().expect("the changes are fields") {
        description[field] = value.clone();
    }
    let custom = [&[15][..], b"encargo:command", description.to_string().as_bytes()].concat();
    let section = super::component::section(0, &custom);
    [&component[..described.section.start], &section, &component[described.section.end..]].concat()
}

/// `count_chats` as a version that asks for these permissions.
pub(crate) fn version(host: &TestHost, version: &str, permissions: &[&str]) -> String {
    let effect = if permissions.iter().any(|its| its.starts_with("delete")) { "destroys" } else { "read-only" };
    let changes = json!({"version": version, "permissions": permissions, "effect": effect});
    let name = format!("{version}.wasm");
    host.file(&name, redescribed("count_chats", &changes));
    name
}

/// The record of a version that a line answered.
#[track_caller]
pub(crate) fn record(output: &Output) -> Value {
    output.json_lines().into_iter().find(|line| line["type"] == "version").expect("a version is told")
}

/// The version that the last run was of.
fn digest_that_ran(host: &TestHost) -> Value {
    host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines()[0]["digest"].clone()
}

fn files(host: &TestHost) -> Vec<PathBuf> {
    let folder = fs::read_dir(host.data().join("commands/versions"));
    folder.map(|entries| entries.map(|entry| entry.expect("it can be read").path()).collect()).unwrap_or_default()
}

#[test]
fn a_first_version_runs_and_one_that_asks_for_more_waits_while_it_does() {
    let host = TestHost::with_tenant();
    let one = version(&host, "1.0.0", &["read:chats"]);
    let added = host.run(["commands", "add", &one]).exits(0).stdout;
    for words in ["asks to be allowed to:\n  read chats", "may not:", "is in force"] {
        assert!(added.contains(words), "{words}: {added}");
    }
    let _ = host.run(["count_chats"]).exits(0);
    let first = digest_that_ran(&host);

    let two = version(&host, "2.0.0", &["read:chats", "delete:logs", "delete:chats"]);
    let shown = host.run(["commands", "add", &two]).exits(0).stdout;
    let line = "encargo commands grant count_chats delete:chats delete:logs";
    for words in ["more than the version before:\n  delete:chats  (delete chats)", line, "stays in force"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let _ = host.run(["count_chats"]).exits(0);
    assert_eq!(digest_that_ran(&host), first);
    let _ = host.run(line.split(' ').skip(1)).exits(0);
    let _ = host.run(["count_chats", "--tenant=demo"]).exits(0);
    assert_ne!(digest_that_ran(&host), first);

    // One that asks for less is in force at once, and the way back is as well.
    let three = version(&host, "3.0.0", &["read:chats"]);
    let third = record(&host.run(["commands", "add", &three, "--json"]).exits(0));
    assert_eq!((&third["state"], &third["less"]), (&json!("in-force"), &json!(["delete:chats", "delete:logs"])));
    let back = record(&host.run(["commands", "rollback", "count_chats", "--json"]).exits(0));
    assert_eq!((&back["version"], &back["state"]), (&json!("2.0.0"), &json!("in-force")));
    let listed = host.run(["commands", "versions", "count_chats", "--json"]).exits(0).json_lines();
    let states: Vec<_> = listed.iter().map(|line| (line["version"].clone(), line["state"].clone())).collect();
    let of = |version: &str, state: &str| (json!(version), json!(state));
    assert_eq!(states[..3], [of("2.0.0", "in-force"), of("1.0.0", "earlier"), of("3.0.0", "rolled-back")]);
}

#[test]
fn the_same_file_twice_changes_nothing_and_a_dry_run_neither() {
    let host = TestHost::with_tenant();
    let one = version(&host, "1.0.0", &["read:chats"]);
    let dry = host.run(["commands", "add", &one, "--dry-run", "--json"]).exits(0);
    assert_eq!(dry.summary()["dry_run"], true);
    let dry = record(&dry);
    assert_eq!((&dry["state"], &dry["undecided"]), (&json!("not-added"), &json!([])));
    assert!(files(&host).is_empty());
    let _ = host.run(["count_chats"]).exits(2);
    let _ = host.run(["commands", "add", &one]).exits(0);
    let again = host.run(["commands", "add", &one]).exits(0).stdout;
    assert!(again.contains("has the version") && again.contains("already"), "{again}");
    assert_eq!(files(&host).len(), 1);
    let alone = host.run(["commands", "rollback", "count_chats"]).exits(10);
    one_sentence(&alone, "there is no version of `count_chats` before");
}

#[test]
fn a_removed_command_is_gone_with_its_grants_and_its_runs_stay() {
    let host = TestHost::with_tenant();
    let one = version(&host, "1.0.0", &["read:chats"]);
    let _ = host.run(["commands", "add", &one]).exits(0);
    let _ = host.run(["count_chats"]).exits(0);
    let digest = digest_that_ran(&host);
    let _ = host.run(["commands", "remove", "count_chats"]).exits(0);
    assert!(files(&host).is_empty());
    assert_eq!(digest_that_ran(&host), digest);
    let _ = host.run(["count_chats"]).exits(2);
    one_sentence(&host.run(["commands", "remove", "count_chats"]).exits(10), "`count_chats`");
    one_sentence(&host.run(["commands", "remove", "export_data"]).exits(2), "the packaged one");
    one_sentence(&host.run(["commands", "rollback", "export_data"]).exits(2), "the packaged one");
    let grants = "SELECT count(*) FROM grants WHERE command = 'count_chats'";
    assert_eq!(rows(&host.data().join("engine.db"), grants), ["0"]);
}

#[test]
fn a_packaged_command_is_replaced_with_a_yes_and_what_was_revoked_from_it_stays_revoked() {
    let host = TestHost::with_tenant();
    let _ = host.run(["commands", "revoke", "health_check", "check:redis"]).exits(0);
    host.file("mine.wasm", redescribed("count_chats", &json!({"name": "health_check"})));
    one_sentence(&host.run(["commands", "add", "mine.wasm"]).exits(13), "`health_check` is a packaged command");
    let _ = host.run(["commands", "add", "mine.wasm", "--yes"]).exits(0);
    assert!(host.run(["health_check"]).exits(0).stdout.contains("0 chats"));
    let removed = host.run(["commands", "remove", "health_check"]).exits(0).stdout;
    assert!(removed.contains("the packaged one runs again"), "{removed}");
    let shown = host.run(["commands", "show", "health_check"]).exits(0).stdout;
    assert!(shown.contains("requested but not granted:\n  check:redis"), "{shown}");
}

#[test]
fn what_was_placed_and_added_under_one_name_runs_as_neither() {
    let host = TestHost::with_tenant();
    let one = version(&host, "1.0.0", &["read:chats"]);
    let placed = host.place("count_chats");
    one_sentence(&host.run(["commands", "add", &one]).exits(2), "calls itself that too");
    fs::remove_file(&placed).expect("it can be removed");
    let _ = host.run(["commands", "add", &one]).exits(0);
    host.place("count_chats");
    one_sentence(&host.run(["count_chats"]).exits(2), "calls itself that too");
    let _ = host.run(["commands", "remove", "count_chats"]).exits(0);
    let _ = host.run(["count_chats"]).exits(0);
}

#[test]
fn a_version_whose_file_is_lost_or_changed_is_refused_and_can_be_added_again() {
    let host = TestHost::with_tenant();
    let one = version(&host, "1.0.0", &["read:chats"]);
    let more = version(&host, "2.0.0", &["read:chats", "read:messages", "read:logs"]);
    let _ = host.run(["commands", "add", &one]).exits(0);
    let _ = host.run(["count_chats"]).exits(0);
    let file = files(&host).swap_remove(0);
    for damage in [None, Some(fs::read(host.folder().join(&more)).expect("it can be read")), Some(b"text".to_vec())] {
        match damage {
            None => fs::remove_file(&file).expect("it can be removed"),
            Some(bytes) => fs::write(&file, bytes).expect("it can be written"),
        }
        one_sentence(&host.run(["count_chats"]).exits(5), "is lost");
        let _ = host.run(["health_check"]).exits(0);
        let _ = host.run(["commands", "list"]).exits(0);
        let _ = host.run(["commands", "add", &one]).exits(0);
        let _ = host.run(["count_chats"]).exits(0);
    }
}

#[test]
fn a_lost_engine_store_grants_nothing_again() {
    let host = TestHost::with_tenant();
    let one = version(&host, "1.0.0", &["read:chats"]);
    let _ = host.run(["commands", "add", &one]).exits(0);
    let _ = host.run(["commands", "add", &one, "--tenant=demo"]).exits(0);
    let _ = host.run(["commands", "grant", "demo/count_chats", "read:chats"]).exits(0);
    let _ = host.run(["demo/count_chats"]).exits(0);
    support::settle(&host.data());
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(host.data().join(format!("engine.db{end}")));
    }
    for name in ["count_chats", "demo/count_chats"] {
        one_sentence(&host.run([name]).exits(5), "engine.db` is gone");
    }
    let _ = host.run(["migrate", "--new-engine-store"]).exits(0);
    for name in ["count_chats", "demo/count_chats"] {
        one_sentence(&host.run([name]).exits(2), "there is no command");
    }
    let _ = host.run(["commands", "add", &one, "--tenant=demo"]).exits(0);
    one_sentence(&host.run(["demo/count_chats"]).exits(14), "encargo commands grant demo/count_chats read:chats");
}

#[test]
fn two_that_add_at_once_both_do() {
    let host = TestHost::with_tenant();
    let names: Vec<_> = (0..6).map(|n| version(&host, &format!("{n}.0.0"), &["read:chats"])).collect();
    let add = |name: &String| host.command(["commands", "add", name, "--json"]).spawn().expect("it can be started");
    let processes: Vec<_> = names.iter().map(add).collect();
    for process in processes {
        let output = process.wait_with_output().expect("it can be waited for");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let listed = host.run(["commands", "versions", "count_chats", "--json"]).exits(0).json_lines();
    let states: Vec<_> = listed.iter().filter_map(|line| line["state"].as_str()).collect();
    assert_eq!(states, ["in-force", "earlier", "earlier", "earlier", "earlier", "earlier"]);
    assert_eq!(files(&host).len(), 6);
    let _ = host.run(["count_chats"]).exits(0);
}

#[test]
fn a_flag_that_a_word_has_no_use_for_is_refused() {
    let host = TestHost::with_tenant();
    for line in [
        &["commands", "show", "export_data", "--tenant=demo"][..],
        &["commands", "remove", "export_data", "--yes"],
        &["commands", "list", "--dry-run"],
    ] {
        one_sentence(&host.run(line).exits(2), "does not take");
    }
}
