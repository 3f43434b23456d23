//! Every function of the contract, called by a guest: what each answers, and that none is left out.

use std::collections::BTreeSet;
use std::fs;

use support::{TestHost, contract};

/// A host with two tenants, the guest, a file to read and one in a named root.
fn host() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only", "tenants", "--tenant=other"]).exits(0);
    host.place("conformance");
    host.file("read.txt", "some text");
    host.file("encargo-data/temporary/1/old.tmp", "old");
    host.file("folder/a.txt", "a");
    host.file("folder/b.txt", "b");
    host
}

/// Every function of the contract, as the guest names it.
fn functions() -> BTreeSet<String> {
    let mut functions = BTreeSet::new();
    for (name, text) in contract() {
        let mut within = name.clone();
        for line in text.lines() {
            if let Some(resource) = line.trim().strip_prefix("resource ") {
                within = format!("{name}.{}", resource.trim_end_matches(" {"));
            } else if line == "    }" {
                within.clone_from(&name);
            } else if let Some((function, _)) = line.trim().split_once(": func(") {
                functions.insert(format!("{within}.{}", function.trim_start_matches('%')));
            }
        }
    }
    // The guest's own export.
    functions.remove("command.run");
    functions
}

#[test]
fn every_function_answers_as_the_contract_says() {
    let host = host();
    let arguments = ["--json", "--yes", "--file=read.txt", "--folder=folder", "--output=written/", "--tenant=demo"];
    let inside = host.run(["conformance"].iter().chain(&arguments)).exits(0).notes();
    let system = host.run(["conformance", "--json", "--yes"]).exits(0).notes();
    let answers = |notes: &[String], functions: &[&str]| -> Vec<String> {
        let is_wanted = |note: &&String| functions.iter().any(|function| note.starts_with(function));
        notes.iter().filter(is_wanted).cloned().collect()
    };
    let expected = [
        "run.show: ok, invalid, too-large",
        "run.ids: ok, invalid",
        "settings.get: ok, denied",
        "maintenance.check-integrity: not-found",
        "maintenance.check-commands: denied",
        "maintenance.keep-copy: ok",
        "maintenance.free-bytes: ok",
        "probes.check: ok, denied, denied",
        "probes.check-all: ok, denied, not-found",
        "database.open: ok",
        "database.database.dialect: ok",
        "database.database.rows: ok, syntax, denied, not-found, type-mismatch, too-large, invalid",
        "database.database.execute: ok, unique, check, not-null, foreign-key",
        "database.database.begin: ok, transaction-open",
        "database.transaction.execute: read-only, ok",
        "database.transaction.save-checkpoint: read-only, ok, invalid",
        "database.transaction.rollback: ok, invalid",
        "database.transaction.query: ok, invalid",
        "database.cursor.next: ok, invalid, invalid",
        "database.transaction.write: ok, denied, invalid",
        "database.transaction.commit: ok, invalid",
        "database.database.stream: ok, syntax",
        "files.entries: ok, invalid",
        "files.read: ok, not-found",
        "files.source.read: ok, ok",
        "files.source.read-text: ok",
        "files.output: ok, invalid",
        "files.create: ok, invalid",
        "files.create-beside: invalid",
        "files.sink.stored: invalid, ok",
        "files.sink.read-back: invalid, ok",
        "files.sink.write: ok, invalid",
        "files.sink.write-text: ok",
        "files.sink.publish: ok, invalid, ok, ok, ok, ok",
        "files.list-root: ok, denied, not-found",
        "files.read-root: ok, not-found",
        "files.create-root: ok, already-exists, denied, invalid",
        "files.move-entry: ok, not-found, invalid, invalid",
        "files.move-root: ok, not-found, denied",
        "files.remove-root: ok, not-found",
    ];
    let told =
        answers(&inside, &["run.ids", "run.show", "settings", "maintenance", "probes.check", "database", "files"]);
    assert_eq!(told, expected);
    let expected = [
        "database.open: invalid",
        "tenants.list: ok",
        "tenants.name: ok, not-found",
        "tenants.language: ok, not-found",
        "tenants.time-zone: ok, not-found",
        "tenants.open: ok, not-found, transaction-open",
        "tenants.open-beside: ok, not-found",
        "database.database.rows: ok",
        "database.database.execute: denied",
        "files.list-root: ok, not-found, not-found",
        "database.transaction.save-checkpoint: invalid",
        "maintenance.check-integrity: ok, not-found",
        "maintenance.check-commands: ok",
        "maintenance.keep-copy: invalid",
        "maintenance.free-bytes: invalid",
        "maintenance.storage: ok, not-found",
        "maintenance.check-structure: ok, not-found",
        "maintenance.analyze: ok, not-found",
        "maintenance.reindex: ok, not-found",
        "maintenance.compact: ok, not-found",
        "maintenance.flush-log: ok, not-found",
        "maintenance.slow-statements: ok, not-found",
        "maintenance.slow-runs: ok, not-found",
        "maintenance.advise: ok, not-found",
        "maintenance.orphans: ok",
        "maintenance.end-orphan: ok, ok, ok, invalid",
        "maintenance.begin-backup: ok",
        "maintenance.backup.platform: ok",
        "maintenance.backup.rows: ok, not-found",
        "maintenance.backup.media: ok, not-found",
        "maintenance.backup.configuration: ok",
        "maintenance.backup.commands: ok",
        "maintenance.backup.store: ok, invalid",
        "maintenance.prune-backups: ok",
        "maintenance.begin-restore: ok, not-found",
        "maintenance.restore.about: ok",
        "maintenance.restore.people: ok",
        "maintenance.restore.rows: ok, not-found",
        "maintenance.restore.media: ok, not-found",
        "maintenance.restore.rows-as: already-exists, already-exists",
        "maintenance.restore.commands: invalid",
        "maintenance.restore.extract: usage",
        "maintenance.restore.carry-out: ok",
        "tenants.create: ok, already-exists, invalid",
        "tenants.default: ok",
        "tenants.set-default: ok, not-found",
        "users.ensure-admin: ok",
    ];
    let of_metrics = |notes: &[String]| answers(notes, &["metrics"]);
    let expected_of_metrics = [
        "metrics.begin: ok, not-found, invalid, usage",
        "metrics.sampling.next: ok, ok, ok",
        "metrics.processes: ok",
        "metrics.statements: ok",
    ];
    assert_eq!(of_metrics(&system), expected_of_metrics);
    let denied =
        ["metrics.begin: denied, not-found, denied, denied", "metrics.processes: denied", "metrics.statements: denied"];
    assert_eq!(of_metrics(&inside), denied);
    assert_eq!(answers(&system, &["database", "tenants", "maintenance", "users", "files.list-root"]), expected);
    assert_eq!(fs::read_to_string(host.folder().join("written/written.txt")).expect("it is published"), "bytestext");

    let called = |notes: &[String]| notes.iter().filter_map(|note| Some(note.split_once(": ")?.0.to_owned())).collect();
    let all: BTreeSet<String> =
        [called(&inside), called(&system)].into_iter().flat_map(|called: BTreeSet<String>| called).collect();
    assert_eq!(functions().difference(&all).collect::<Vec<_>>(), Vec::<&String>::new(), "are called by nobody");
}

#[test]
fn what_a_guest_says_is_a_result_and_kept_with_the_run() {
    let host = host();
    let said = "said by the conformance guest";
    let shown = host.run(["conformance", "--yes", "--tenant=demo", "--file=read.txt"]).exits(0);
    assert!(shown.stdout.lines().any(|line| line == said), "{}", shown.stdout);
    let quiet = host.run(["conformance", "--yes", "--tenant=demo", "--file=read.txt", "-q"]);
    assert!(!quiet.stdout.contains(said), "{}", quiet.stdout);
    let log = host.run(["runs", "logs", "latest", "--level=said"]).exits(0);
    assert!(log.stdout.lines().any(|line| line.ends_with(said)), "{}", log.stdout);
}
