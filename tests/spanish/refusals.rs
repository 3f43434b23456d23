//! What goes wrong goes wrong in Spanish: bad lines, guests that misbehave, files that are lost, held or not writable.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::json;
use support::{TestHost, copy_folder, in_namespace, settle, skip, tenant_database};

use super::listener::Listener;
use crate::cli::added::redescribed;
use crate::cli::hostile::many_functions;
use crate::cli::installation::NO_MOUNTS;

/// Lines that are refused, with their exit codes.
const LINES: [(&[&str], i32); 70] = [
    (&["imprt_knowledge"], 2),
    (&["nothing_like_it"], 2),
    (&["doktor"], 2),
    (&["generate_reports", "--period=custom"], 2),
    (&["backups", "list"], 10),
    (&["backups", "prune"], 2),
    (&["backups", "list", "--dry-run"], 2),
    (&["backup_data", "--encryption=false"], 2),
    (&["createsuperuser"], 2),
    (&["runs"], 2),
    (&["runs", "shw"], 2),
    (&["runs", "show", "zzzzzzzzzzz"], 10),
    (&["runs", "show", "?"], 10),
    (&["runs", "show", "0"], 2),
    (&["runs", "list", "--status=odd"], 2),
    (&["commands", "show", "nothing_like_it"], 10),
    (&["commands", "grant", "export_data", "read:logs"], 2),
    (&["commands", "grant", "export_data", "fly:chats"], 2),
    (&["commands", "grant", "export_data", "chats"], 2),
    (&["commands", "add", "gone.wasm"], 10),
    (&["commands", "add", "."], 2),
    (&["commands", "add", "fifo"], 2),
    (&["commands", "add", "a.csv"], 2),
    (&["commands", "add", "verb.wasm"], 2),
    (&["commands", "add", "packaged.wasm"], 13),
    (&["commands", "add", "same.wasm"], 2),
    (&["commands", "add", "same.wasm", "--tenant=nobody"], 10),
    (&["commands", "add", "same.wasm", "--tenant=all"], 2),
    (&["commands", "add", "greedy.wasm", "--tenant=demo"], 14),
    (&["commands", "add", "many.wasm", "--tenant=demo"], 14),
    (&["commands", "list", "--yes"], 2),
    (&["commands", "remove", "export_data"], 2),
    (&["commands", "rollback", "nothing_like_it"], 10),
    (&["config", "import", "gone.py"], 10),
    (&["config", "import", "a.csv"], 10),
    (&["config", "import", "computed.py"], 2),
    (&["config", "import", "wrong.py"], 2),
    (&["tenants", "forget", "nobody", "--yes"], 10),
    (&["users", "set-password", "nobody@localhost", "--password-file=password"], 10),
    (&["users", "set-password", "admin@localhost", "--password-file=short"], 1),
    (&["users", "set-password", "admin@localhost"], 2),
    (&["cleanup_old_data", "--days=0"], 2),
    (&["cleanup_old_data", "--days=many"], 2),
    (&["cleanup_old_data", "--dayz=3"], 2),
    (&["cleanup_old_data", "--days=3", "--days=4"], 2),
    (&["cleanup_old_data", "--days"], 2),
    (&["cleanup_old_data", "stray"], 2),
    (&["cleanup_old_data", "--type=odd"], 2),
    (&["cleanup_old_data", "--tenant=dmo"], 10),
    (&["cleanup_old_data", "--tenant=No Name"], 2),
    (&["cleanup_old_data", "--tenant=demo", "--resume"], 10),
    (&["cleanup_old_data", "--timeout=soon"], 2),
    (&["cleanup_old_data", "--parallel=0"], 2),
    (&["cleanup_old_data", "--config=gone.toml"], 2),
    (&["cleanup_old_data", "--config=odd.toml"], 2),
    (&["cleanup_old_data", "--archive-to=a.csv", "--tenant=demo"], 2),
    (&["import_knowledge", "--undo=06zzzzzzzzz"], 10),
    (&["import_knowledge", "--file=a.csv", "--move"], 2),
    (&["export_data", "--since=yesterday"], 2),
    (&["export_data", "--since=2026-02-30"], 2),
    (&["export_data", "--output=a.csv", "--tenant=all"], 2),
    (&["export_data", "--type=agents", "--tenant=demo", "--manifest", "--output=-"], 2),
    (&["import_knowledge", "--file=gone.csv"], 10),
    (&["import_knowledge", "--file=."], 2),
    (&["import_knowledge", "--file=fifo"], 2),
    (&["import_knowledge", "--directory=a.csv"], 2),
    (&["import_knowledge", "--directory=leaves"], 2),
    (&["import_knowledge", "--file=cut.csv.gz"], 1),
    (&["export_data", "--type=agents", "--output=/proc/none/out.csv"], 2),
    (&["init_system", "--admin-email=nobody", "--isolated=300"], 2),
];

/// An installation with the tenants `demo` and `beta` and the guest that misbehaves.
fn installation() -> TestHost {
    let host = TestHost::new();
    for tenant in ["demo", "beta"] {
        let _ = host.run(["init_system", "--lang=es", "--tenant", tenant]).exits(0);
    }
    host.place("misbehave");
    host.file("a.csv", "id,title,body\n1,a,b\n");
    settle(&host.data());
    host
}

#[test]
fn every_refused_line_is_in_spanish() {
    let mut listener = Listener::new();
    listener.quote(&["unknown field", "expected one of", "No such file or directory", "os error"]);
    let host = installation();
    host.file("password", "long enough\n");
    host.file("short", "short\n");
    host.file("verb.wasm", redescribed("misbehave", &json!({"name": "runs"})));
    host.file("packaged.wasm", redescribed("misbehave", &json!({"name": "export_data"})));
    host.file("same.wasm", redescribed("misbehave", &json!({})));
    let argument =
        json!({"name": "days", "help": {"en": "x"}, "kind": "integer", "env": "DAYS", "settings": "batch_size"});
    let greedy = json!({"scope": "system", "permissions": ["list:tenants"], "arguments": [argument]});
    host.file("greedy.wasm", redescribed("misbehave", &greedy));
    host.file("many.wasm", many_functions());
    host.file("computed.py", "MANAGEMENT_COMMANDS = {'cleanup': {'days': int('3')}}\n");
    host.file("wrong.py", "MANAGEMENT_COMMANDS = {'cleanup': {'dayz': 3}}\n");
    host.file("odd.toml", "[limits]\nmemory = 3\n");
    host.file("cut.csv.gz", [0x1F, 0x8B, 8, 0]);
    host.file("leaves/a.csv", "id,title,body\n");
    std::os::unix::fs::symlink("/etc/passwd", host.folder().join("leaves/b.csv")).expect("a link can be made");
    let _ = std::process::Command::new("mkfifo").arg(host.folder().join("fifo")).status().expect("a pipe can be made");
    for (line, exit) in LINES {
        let _ = listener.hear(&host, line, exit);
    }
    listener.ends();
}

#[test]
fn every_ending_of_a_guest_is_in_spanish() {
    let mut listener = Listener::new();
    // The guest's own words and wasmtime's.
    listener.quote(&[
        "the guest's own words",
        "in the middle of a transaction",
        "thread '<unnamed>' (1) panicked at",
        "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
        "EOF while parsing an object at line 1 column 1",
    ]);
    let host = installation();
    let limits = "cpu_seconds = 0.3\nmemory_bytes = 50000000\nlog_bytes = 100000\nresult_bytes = 1000000\n";
    host.file("encargo.toml", format!("[limits]\n{limits}"));
    for (switch, exit) in [
        (&["--loop"][..], 14),
        (&["--panic"], 1),
        (&["--allocate"], 14),
        (&["--recurse"], 14),
        (&["--garbage"], 1),
        (&["--long"], 14),
        (&["--exit=7"], 1),
        (&["--trap-in-transaction"], 1),
        (&["--trespass"], 14),
        (&["--misspell"], 1),
    ] {
        let _ = listener.hear(&host, &[&["misbehave", "--tenant=demo"], switch].concat(), exit);
        let _ = listener.hear(&host, &["runs", "show", "latest"], 0);
    }
    let _ = listener.hear(&host, &["misbehave", "--tenant=demo,beta", "--misspell", "--fail-fast"], 1);
    host.file("encargo.toml", "");
    let _ = listener.hear(&host, &["misbehave", "--tenant=demo", "--loop", "--timeout=1s"], 124);
    let _ = listener.hear(&host, &["runs", "list"], 0);
    listener.ends();
}

#[test]
fn every_component_that_is_refused_is_refused_in_spanish() {
    let mut listener = Listener::new();
    // The parser's words for what is no JSON.
    listener.quote(&["invalid type", "missing field", "expected", "line 1 column"]);
    let host = installation();
    host.file("encargo-data/commands/notes.wasm", "these are notes");
    host.file("encargo-data/commands/core.wasm", b"\0asm\x01\0\0\0");
    host.file("encargo-data/commands/bare.wasm", b"\0asm\x0d\0\x01\0");
    for name in ["notes", "core", "bare"] {
        let _ = listener.hear(&host, &[name], 2);
    }
    let _ = listener.hear(&host, &["commands", "list"], 0);
    let _ = listener.hear(&host, &["doctor"], 4);
    listener.ends();
}

/// What befalls a data directory.
type Misfortune = fn(&Path);

/// What becomes of an installation, and the code with which a command in `demo` ends.
const MISFORTUNES: [(Misfortune, i32); 9] = [
    (|data| remove(&tenant_database(data, "demo")), 5),
    (|data| fs::write(tenant_database(data, "demo"), "").expect("a file can be written"), 5),
    (|data| fs::write(tenant_database(data, "demo"), "no database at all").expect("a file can be written"), 5),
    (|data| assert!(fs::copy(tenant_database(data, "beta"), tenant_database(data, "demo")).is_ok()), 5),
    (|data| set_version(&tenant_database(data, "demo"), 2), 2),
    (|data| set_version(&tenant_database(data, "demo"), 99), 2),
    (|data| remove(&data.join("platform.db")), 5),
    (|data| remove(&data.join("engine.db")), 5),
    (|data| fs::write(data.join("engine.db"), "no database at all").expect("a file can be written"), 5),
];

fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", path.display()));
    }
}

fn set_version(path: &Path, version: u32) {
    let database = Connection::open(path).expect("a database can be opened");
    if version < 5 {
        let later = "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE type = 'trigger' \
            AND (name LIKE '%_changed_silently' OR name IN ('feedback_deleted', 'settings_deleted'))";
        let mut statement = database.prepare(later).expect("the triggers can be listed");
        let drops =
            statement.query_map([], |row| row.get::<_, String>(0)).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        for drop in drops.expect("the triggers can be listed") {
            database.execute_batch(&drop).expect("triggers of later versions go");
        }
        database.execute_batch("DROP TABLE silent_changes").expect("tables of later versions go");
    }
    if version < 4 {
        database.execute_batch("DROP TABLE journal_entries; DROP TABLE journals").expect("tables of later versions go");
    }
    database.pragma_update(None, "user_version", version).expect("a version can be written");
}

#[test]
fn every_loss_is_in_spanish() {
    let mut listener = Listener::new();
    // SQLite's words.
    listener.quote(&["file is not a database", "error returned from database", "(code: 26)"]);
    let template = installation();
    for (number, (befalls, exit)) in MISFORTUNES.into_iter().enumerate() {
        let host = TestHost::new();
        copy_folder(&template.data(), &host.data());
        befalls(&host.data());
        for line in [&["cleanup_old_data", "--tenant=demo"][..], &["cleanup_old_data", "--tenant=demo", "--dry-run"]] {
            let output = listener.hear(&host, line, exit);
            assert!(output.stderr.contains("error: "), "{number}: {output:?}");
        }
        for line in [
            &["doctor"][..],
            &["health_check"],
            &["tenants", "list"],
            &["runs", "list"],
            &["migrate", "--plan"],
            &["migrate"],
        ] {
            let output = host.run(line.iter().chain(&["--lang=es"]));
            listener.listen(&format!("{} after misfortune {number}", line.join(" ")), &output);
        }
        for remedy in ["--rebuild-platform", "--new-engine-store"] {
            let output = host.run(["migrate", remedy, "--lang=es"]);
            listener.listen(&format!("migrate {remedy} after misfortune {number}"), &output);
        }
    }
    listener.ends();
}

#[test]
fn what_is_held_or_cannot_be_written_is_in_spanish() {
    let mut listener = Listener::new();
    // SQLite's words.
    listener.quote(&["database is locked"]);
    let host = installation();
    for (name, line, exit) in [
        ("engine.db", &["cleanup_old_data", "--tenant=demo"][..], 11),
        ("platform.db", &["tenants", "forget", "beta", "--yes"], 1),
    ] {
        let mut held = Connection::open(host.data().join(name)).expect("a database can be opened");
        let writing = held.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).expect("nobody writes");
        let _ = listener.hear(&host, line, exit);
        let _ = listener.hear(&host, &["doctor"], 4);
        drop(writing);
    }
    let mut running =
        host.command(["misbehave", "--tenant=demo", "--loop", "--lang=es"]).spawn().expect("the binary can be started");
    while !host.run(["runs", "list"]).stdout.contains("running") {}
    let _ = listener.hear(&host, &["misbehave", "--tenant=demo", "--loop"], 11);
    running.kill().expect("a process of our own can be killed");
    let _ = running.wait().expect("a process of our own can be waited for");
    let _ = listener.hear(&host, &["runs", "show", "latest"], 0);

    let places = [
        "mount --bind encargo-data encargo-data; mount -o remount,ro,bind encargo-data; data=encargo-data",
        "mkdir full; mount -t tmpfs -o size=3m tmpfs full; cp -a encargo-data/. full; rm -f full/*-shm
        dd if=/dev/zero of=full/fill bs=1k 2>/dev/null || true; data=full",
    ];
    for place in places {
        for line in
            ["health_check", "cleanup_old_data --tenant=demo", "cleanup_old_data --tenant=demo --dry-run", "doctor"]
        {
            let host = installation();
            let script = format!("{place}; exec \"$encargo\" {line} --lang=es --data-dir=$data");
            let Some(output) = in_namespace(&host, &script) else { return skip(NO_MOUNTS) };
            listener.listen(line, &output);
        }
    }
    listener.ends();
}
