//! Files that are to become commands and must not: whatever is in them, one sentence is said and nothing is kept.

use std::fs;
use std::process::Command;

use serde_json::json;
use support::{TestHost, in_namespace, rows, skip, test_component};

use super::added::redescribed;
use super::component::{described, functions, section};
use super::installation::NO_MOUNTS;
use super::{one_sentence, refused};

fn kept(host: &TestHost) -> (usize, Vec<String>) {
    let files = fs::read_dir(host.data().join("commands/versions")).map_or(0, Iterator::count);
    (files, rows(&host.data().join("engine.db"), "SELECT name FROM commands"))
}

fn description(name: &str) -> String {
    format!(
        r#"{{"schema":1,"name":"{name}","version":"1","summary":{{"en":"Do."}},"scope":"tenant","effect":"read-only","idempotent":true}}"#
    )
}

/// One function more than a tenant's own command may have.
pub(crate) fn many_functions() -> Vec<u8> {
    described(&description("many"), &functions(30_001))
}

#[test]
fn what_is_no_command_is_refused_and_not_kept() {
    let host = TestHost::with_tenant();
    let whole = fs::read(test_component("count_chats")).expect("a component can be read");
    let lies = description("lies").replace("\"schema\"", "\"permissions\":[\"delete:chats\"],\"schema\"");
    for (name, bytes, exit, words) in [
        ("text", b"these are notes".to_vec(), 2, "not a component"),
        ("empty", vec![], 2, "not a component"),
        ("core", b"\0asm\x01\0\0\0".to_vec(), 2, "core WebAssembly module"),
        ("bare", b"\0asm\x0d\0\x01\0".to_vec(), 2, "no description"),
        ("cut", whole[..whole.len() / 2].to_vec(), 2, "cut short or damaged"),
        ("twice", described(&description("twice"), &described(&description("twice"), &[])[8..]), 2, "2 descriptions"),
        ("idle", described(&description("idle"), &[]), 2, "not a command"),
        (
            "broken",
            described(&description("broken"), &section(1, b"\0asm\x01\0\0\0\x01\x05")),
            2,
            "not a WebAssembly component",
        ),
        ("lies", described(&lies, &[]), 2, "does not go together"),
        ("verb", redescribed("count_chats", &json!({"name": "runs"})), 2, "`runs` is a verb"),
        ("later", redescribed("count_chats", &json!({"name": "serve"})), 2, "`serve` is a verb"),
        ("slash", redescribed("count_chats", &json!({"name": "demo/count"})), 2, "the name `demo/count` is not"),
        ("dots", redescribed("count_chats", &json!({"name": "../../x"})), 2, "the name `../../x` is not"),
        ("terminal", redescribed("count_chats", &json!({"summary": {"en": "\u{1b}[2J"}})), 2, "control characters"),
        ("functions", described(&description("many"), &functions(200_001)), 14, "200001 functions; at most 200000"),
    ] {
        let file = format!("{name}.wasm");
        host.file(&file, bytes);
        let output = refused(&host, &["commands", "add", &file], exit, words);
        assert!(output.stdout.is_empty(), "{name}: nothing is shown of what is not taken: {}", output.stdout);
    }
    assert_eq!(kept(&host), (0, vec![]));
}

#[test]
fn a_tenants_file_is_bounded_more_narrowly() {
    let host = TestHost::with_tenant();
    let whole = fs::read(test_component("count_chats")).expect("a component can be read");
    let bulk = |bytes: usize| [whole.clone(), section(0, &[&b"\x05bulky"[..], &vec![0; bytes]].concat())].concat();
    host.file("large.wasm", bulk(8 << 20));
    host.file("many.wasm", many_functions());
    for (file, words) in [("large.wasm", "bytes; at most 8388608"), ("many.wasm", "30001 functions; at most 30000")] {
        let _ = refused(&host, &["commands", "add", file, "--tenant=demo"], 14, words);
    }
    let _ = host.run(["commands", "add", "large.wasm"]).exits(0);
    let sparse = fs::File::create(host.folder().join("vast.wasm")).expect("a file can be made");
    sparse.set_len(1 << 40).expect("it takes no room");
    let _ = refused(&host, &["commands", "add", "vast.wasm"], 2, "at most 67108864 are read");
    assert_eq!(kept(&host).1, ["count_chats"]);
    // What was compiled for the operator is no smaller for a tenant.
    let _ = refused(&host, &["commands", "add", "large.wasm", "--tenant=demo"], 14, "at most 8388608");
}

#[test]
fn what_is_no_file_is_refused() {
    let host = TestHost::with_tenant();
    fs::create_dir(host.folder().join("folder.wasm")).expect("a folder can be made");
    let _ = Command::new("mkfifo").arg(host.folder().join("fifo")).status().expect("a pipe can be made");
    let _ = refused(&host, &["commands", "add", "gone.wasm"], 10, "there is no file `gone.wasm`");
    let _ = refused(&host, &["commands", "add", "folder.wasm"], 2, "is a folder");
    let _ = refused(&host, &["commands", "add", "fifo"], 2, "not a regular file");
    let component = test_component("count_chats").display().to_string();
    let _ = refused(&host, &["commands", "add", &component, "--tenant=nobody"], 10, "there is no tenant `nobody`");
    for several in ["all", "demo,other"] {
        let _ = refused(&host, &["commands", "add", &component, "--tenant", several], 2, "names the one tenant");
    }
    let nowhere = TestHost::new();
    one_sentence(&nowhere.run(["commands", "add", &component]).exits(2), "there is no data directory");
}

#[test]
fn where_nothing_can_be_written_nothing_is_added_and_what_was_added_runs_on() {
    for (name, place, exit) in [
        (
            "read-only",
            "mount --bind encargo-data encargo-data; mount -o remount,ro,bind encargo-data; data=encargo-data",
            2,
        ),
        (
            "full",
            "mkdir -p full; mount -t tmpfs -o size=4m tmpfs full; cp -a encargo-data/. full
            dd if=/dev/zero of=full/fill bs=1k 2>/dev/null || true; data=full",
            1,
        ),
    ] {
        let host = TestHost::with_tenant();
        host.file("one.wasm", redescribed("count_chats", &json!({})));
        host.file("two.wasm", redescribed("count_chats", &json!({"version": "2.0.0"})));
        let _ = host.run(["commands", "add", "one.wasm"]).exits(0);
        let script = format!("{place}; exec \"$encargo\" commands add two.wasm --data-dir=$data");
        let Some(output) = in_namespace(&host, &script) else { return skip(NO_MOUNTS) };
        let output = output.exits(exit);
        assert_eq!(output.errors().len(), 1, "{name}: {}", output.stderr);
        let script = format!("{place}; exec \"$encargo\" count_chats --data-dir=$data");
        let ran = in_namespace(&host, &script).expect("it was possible before").exits(0);
        assert!(ran.stdout.contains("0 chats"), "{name}: {}", ran.stdout);
    }
}
