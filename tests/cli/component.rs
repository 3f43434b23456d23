//! Files in `<data>/commands/` that are no command, ask for too much, or are one.

use std::fs;

use support::{TestHost, checkout};

use super::refused;

/// A component that imports an interface which nobody offers, described like a command.
fn with_an_import_that_is_not_offered() -> Vec<u8> {
    let packed = fs::read(checkout().join("target/commands/health_check.wasm")).expect("the component is built");
    // The name of the interface changes, its length does not, so the component stays well-formed.
    let (from, to) = (b"encargo:probes/probes@", b"encargo:prowes/probes@");
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
    host.file("encargo-data/commands/health_check.wasm", with_an_import_that_is_not_offered());
    let _ = refused(&host, &["health_check"], 14, "encargo:prowes/probes");
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
