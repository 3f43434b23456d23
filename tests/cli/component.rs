//! Files in `<data>/commands/` that are no command, ask for too much, or are one.

use std::fs;

use support::{TestHost, checkout};

use super::refused;

/// A packaged command that imports an interface by another name.
fn importing(to: &[u8]) -> Vec<u8> {
    let packed = fs::read(checkout().join("target/commands/health_check.wasm")).expect("the component is built");
    // The name of the interface changes, its length does not, so the component stays well-formed.
    let from = b"encargo:probes/probes@0.2.0";
    assert_eq!(from.len(), to.len());
    let mut changed = packed.clone();
    for at in 0..packed.len() - from.len() {
        if packed[at..].starts_with(from) {
            changed[at..at + to.len()].copy_from_slice(to);
        }
    }
    assert_ne!(packed, changed, "the component imports the interface");
    changed
}

#[test]
fn a_file_that_is_not_a_component_is_named() {
    let host = TestHost::with_tenant();
    host.file("encargo-data/commands/notes.wasm", "these are notes");
    let _ = refused(&host, &["notes"], 2, "notes");
    let _ = host.run(["health_check"]).exits(0);
}

#[test]
fn a_component_that_needs_what_is_not_offered_is_refused_with_the_import() {
    let host = TestHost::with_tenant();
    host.file("encargo-data/commands/health_check.wasm", importing(b"encargo:prowes/probes@0.2.0"));
    let _ = refused(&host, &["health_check"], 14, "encargo:prowes/probes");
}

#[test]
fn a_component_of_another_contract_is_refused_with_the_version_that_it_wants() {
    let host = TestHost::with_tenant();
    host.file("encargo-data/commands/health_check.wasm", importing(b"encargo:probes/probes@0.1.0"));
    let sentence = "it was built for version 0.1.0 of the contract, and this `encargo` offers 0.2.0";
    let _ = refused(&host, &["health_check"], 2, sentence);
}

#[test]
fn a_large_component_that_was_not_compiled_here_does_not_keep_others_from_running() {
    let host = TestHost::with_tenant();
    let export = fs::read(checkout().join("target/commands/export_data.wasm")).expect("the component is built");
    let bulk = section(0, &[&b"\x05bulky"[..], &vec![0; 18 << 20]].concat());
    host.file("encargo-data/commands/export_data.wasm", [export, bulk].concat());
    let _ = host.run(["health_check"]).exits(0);
    let _ = host.run(["export_data", "--type=knowledge", "--tenant=demo", "--output=-"]).exits(0);
}

#[test]
fn a_component_in_the_data_directory_runs_and_a_revoked_one_does_not() {
    let host = TestHost::with_tenant();
    let component = fs::read(checkout().join("target/commands/export_data.wasm")).expect("the component is built");
    host.file("encargo-data/commands/mine.wasm", component);
    let export = ["export_data", "--type=knowledge", "--tenant=demo", "--output=-"];
    let _ = host.run(export).exits(0);
    let shown = host.run(["commands", "show", "export_data"]).exits(0).stdout;
    assert!(shown.contains("mine.wasm"), "{shown}");

    let _ = host.run(["commands", "revoke", "export_data", "read:knowledge_items"]).exits(0);
    let output = refused(&host, &export, 14, "read:knowledge_items");
    let sentence = "encargo commands grant export_data read:knowledge_items";
    assert!(output.stderr.contains(sentence), "{}", output.stderr);
    let _ = host.run(["commands", "grant", "export_data", "read:knowledge_items"]).exits(0);
    let _ = host.run(export).exits(0);
}

/// A component that describes itself and has whatever else is given, and does nothing.
pub(crate) fn described(description: &str, more: &[u8]) -> Vec<u8> {
    let custom = [&[15][..], b"encargo:command", description.as_bytes()].concat();
    [b"\0asm\x0d\0\x01\0".to_vec(), section(0, &custom), more.to_vec()].concat()
}

pub(crate) fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    [&[id][..], &leb128(contents.len()), contents].concat()
}

pub(crate) fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 127 {
        bytes.push(number as u8 & 127 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn asking_for(permission: &str) -> String {
    format!(
        r#"{{"schema":1,"name":"placed","version":"1","summary":{{"en":"Do."}},"scope":"tenant","effect":"read-only","idempotent":true,"permissions":["{permission}"]}}"#
    )
}

#[test]
fn a_component_that_asks_for_what_does_not_go_together_or_is_not_there_is_refused() {
    let host = TestHost::with_tenant();
    for (permission, words) in [
        ("delete:logs", "the effect `read-only` does not go together with the permission `delete:logs`"),
        ("read:chatz", "there is no table `chatz`; did you mean `chats`?"),
        ("list-files:import", "there is no root `import`; did you mean `imports`?"),
        ("check:redes", "there is no service `redes`; did you mean `redis`?"),
    ] {
        host.file("encargo-data/commands/placed.wasm", described(&asking_for(permission), &[]));
        let _ = refused(&host, &["placed", "--tenant=demo"], 2, words);
    }
}

/// A module of so many functions that do nothing, as a section of a component.
pub(crate) fn functions(count: usize) -> Vec<u8> {
    let many = leb128(count);
    let module = [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &[1, 0x60, 0, 0]),
        section(3, &[many.clone(), vec![0; count]].concat()),
        section(10, &[many, [2, 0, 0x0b].repeat(count)].concat()),
    ];
    section(1, &module.concat())
}

#[test]
fn a_component_of_a_million_functions_is_refused_before_it_is_compiled() {
    let host = TestHost::with_tenant();
    let component = described(&asking_for("read:chats"), &functions(1_000_000));
    host.file("encargo-data/commands/placed.wasm", component);
    let _ = refused(&host, &["placed", "--tenant=demo"], 14, "1000000 functions; at most 200000");
}
