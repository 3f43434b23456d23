//! A restore brings back what was backed up, all of it or nothing, wherever it is killed, and with nothing but the
//! repository and its key.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use support::{Random, TestHost, copy_of, kill_after, platform_state, rows, tenant_database};

/// Two tenants with rows and media, and a backup of them.
fn host() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--quiet", "--tenant=shop"]).exits(0);
    for tenant in ["--tenant=demo", "--tenant=shop"] {
        let _ = host.run(["create_test_data", "--quiet", "--volume=small", tenant]).exits(0);
    }
    let _ = host.run(["backup_data", "--quiet"]).exits(0);
    host
}

/// Every row of tenants and people, and every file of media: what a restore brings back.
fn state(host: &TestHost) -> BTreeMap<String, String> {
    let data = host.data();
    let mut state = BTreeMap::new();
    for folder in ["tenants", "media"] {
        let of_folder = platform_state(&data.join(folder)).into_iter();
        // The bytes of a database differ where its rows do not.
        let of_folder = of_folder.filter(|(name, _)| folder == "media" || name.contains(".db "));
        state.extend(of_folder.map(|(name, content)| (format!("{folder}/{name}"), content)));
    }
    let people = data.join("platform.db");
    for table in ["installation", "tenants", "users", "memberships"] {
        state.insert(format!("platform.db {table}"), rows(&people, &format!("SELECT * FROM {table}")).join("\n"));
    }
    state
}

/// Something else in both tenants.
fn change(host: &TestHost) {
    let _ = host.run(["create_test_data", "--quiet", "--seed=5", "--tenant=demo"]).exits(0);
    let _ = host.run(["cleanup_old_data", "--quiet", "--tenant=shop", "--days=1"]).exits(0);
    let _ = host.run(["create_test_data", "--quiet", "--seed=6", "--tenant=shop"]).exits(0);
}

#[test]
fn what_was_backed_up_comes_back_row_for_row_and_the_safety_backup_takes_that_back() {
    let host = host();
    let backed_up = state(&host);
    change(&host);
    let changed = state(&host);
    assert_ne!(changed, backed_up);
    let dry = host.run(["restore_data", "--yes", "--dry-run", "--json"]).exits(0).summary();
    assert_eq!(state(&host), changed, "a dry run changes nothing");
    let done = host.run(["restore_data", "--yes", "--json"]).exits(0).summary();
    assert_eq!(dry["counts"], done["counts"]);
    assert_eq!(state(&host), backed_up);
    let _ = host.run(["validate_system", "--contents"]).exits(0);
    let safety = done["details"]["safety_backup"].as_str().expect("the state before was backed up").to_owned();
    let _ = host.run(["restore_data", "--yes", "--backup", &safety]).exits(0);
    assert_eq!(state(&host), changed);
}

#[test]
fn a_restore_that_is_killed_leaves_the_old_state_or_the_new_one() {
    let template = host();
    let new = state(&template);
    change(&template);
    let old = state(&template);
    let line = ["restore_data", "--yes", "--no-safety-backup", "--quiet"];
    let undisturbed = copy_of(&template);
    let begun = Instant::now();
    let _ = undisturbed.run(line).exits(0);
    assert_eq!(state(&undisturbed), new);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");
    let (mut random, mut within, mut kept, mut restored) = (Random::new(20_261_126), 0, 0, 0);
    for kill in 0..100 {
        let host = copy_of(&template);
        let moment = random.below(length);
        let process = host.command(line).spawn().expect("the binary can be started");
        within += usize::from(kill_after(process, Duration::from_micros(moment)));
        // Whatever opens the platform next finishes what was begun.
        let _ = host.run(["tenants", "list"]).exits(0);
        let left = state(&host);
        let differ = |other: &BTreeMap<String, String>| -> Vec<String> {
            let names = left.keys().chain(other.keys());
            names.filter(|&name| left.get(name) != other.get(name)).cloned().collect()
        };
        let is_one = left == old || left == new;
        assert!(is_one, "kill {kill} after {moment} us: {:?} is not old, {:?} not new", differ(&old), differ(&new));
        if left == new {
            restored += 1;
        } else {
            kept += 1;
        }
        assert!(!host.data().join("restoring").exists());
        if kill % 10 == 0 {
            let _ = host.run(line).exits(0);
            assert_eq!(state(&host), new, "kill {kill} after {moment} us");
            let left = std::fs::read_dir(host.data().join("tmp")).expect("there is a folder for scratch").count();
            assert_eq!(left, 0, "kill {kill} after {moment} us");
        }
    }
    assert!(within > 50 && kept > 10, "{within} came before the end, {kept} before it began, {restored} after");
}

#[test]
fn everything_comes_back_from_nothing_but_the_repository_and_its_key() {
    let host = host();
    host.place("count_chats");
    let component = support::test_component("wander").display().to_string();
    let _ = host.run(["commands", "add", &component, "--yes"]).exits(0);
    let _ = host.run(["commands", "revoke", "count_chats", "read:chats"]).exits(0);
    let _ = host.run(["backup_data", "--quiet"]).exits(0);
    let commands = host.run(["commands", "list"]).exits(0).stdout;
    let backed_up = state(&host);
    let (from, to) = (host.data(), TestHost::new());
    support::copy_folder(&from.join("backups"), &to.folder().join("repository"));
    std::fs::copy(from.join("keys/backups.key"), to.folder().join("key")).expect("a file can be copied");
    let line = ["restore_data", "--repository=repository", "--key-file=key", "--quiet"];
    let _ = to.run(line).exits(0);
    // The engine store is another one.
    let without_store = |mut state: BTreeMap<String, String>| state.remove("platform.db installation").map(|_| state);
    assert_eq!(without_store(state(&to)), without_store(backed_up));
    let _ = to.run(["validate_system", "--contents"]).exits(0);
    let _ = to.run(["health_check"]).exits(0);
    assert_eq!(to.run(["commands", "list"]).exits(0).stdout, commands);
    let _ = to.run(["count_chats", "--tenant=demo"]).exits(14);
    let history = to.run(["runs", "list"]).exits(0).stdout;
    assert!(history.contains("create_test_data") && history.contains("restore_data"), "{history}");
    // Where there are tenants of another installation, only copies come in.
    let other = TestHost::with_tenant();
    support::copy_folder(&from.join("backups"), &other.folder().join("repository"));
    std::fs::copy(from.join("keys/backups.key"), other.folder().join("key")).expect("a file can be copied");
    let id = host.run(["backups", "list", "--json"]).json_lines()[0]["id"].as_str().expect("it has an id").to_owned();
    let line = ["restore_data", "--repository=repository", "--key-file=key", "--yes", "--backup", &id];
    let refused = other.run(line).exits(2);
    assert!(refused.error().contains("another installation"), "{}", refused.stderr);
    let copied = [&line[..], &["--tenant=shop", "--as-tenant=shop-copy"]].concat();
    let _ = other.run(copied).exits(0);
    let _ = other.run(["validate_system", "--tenant=shop-copy", "--contents"]).exits(0);
}

#[test]
fn one_tenant_comes_back_alone_also_when_its_file_is_gone() {
    let host = host();
    let backed_up = state(&host);
    change(&host);
    let changed = state(&host);
    std::fs::remove_file(tenant_database(&host.data(), "demo")).expect("a file can be removed");
    for end in ["-wal", "-shm"] {
        let mut beside = tenant_database(&host.data(), "demo").into_os_string();
        beside.push(end);
        let _ = std::fs::remove_file(beside);
    }
    let told = host.run(["restore_data", "--tenant=demo", "--yes"]).exits(0);
    assert!(told.stdout.contains("`demo` could not be read any more"), "{}", told.stdout);
    let restored = state(&host);
    for (name, content) in &restored {
        let expected = if name.contains("tenants/2") || name.contains("media/2") { &changed } else { &backed_up };
        assert_eq!(Some(content), expected.get(name), "{name}");
    }
}

#[test]
fn what_cannot_be_restored_is_refused_with_an_exit_of_its_own_and_nothing_is_changed() {
    let host = host();
    change(&host);
    let before = state(&host);
    for (line, exit, words) in [
        (&["--backup=zzzz", "--yes"][..], 10, "there is no backup `zzzz`"),
        (&["--at=2020-01-01", "--yes"], 10, "none of the backups"),
        (&["--tenant=nobody", "--yes"], 10, "has no tenant `nobody`"),
        (&["--as-tenant=copy"], 2, "that `--tenant` names"),
        (&["--tenant=demo", "--as-tenant=shop"], 1, "there is a tenant `shop` already"),
        (&["--tenant=demo", "--as-tenant=No Slug"], 2, "No Slug"),
        (&["--repository=nowhere", "--yes"], 10, "nowhere"),
        (&[], 13, "not confirmed"),
    ] {
        let refused = host.run([&["restore_data"], line].concat()).exits(exit);
        assert!(refused.error().contains(words), "{line:?}: {}", refused.stderr);
        assert_eq!(state(&host), before, "{line:?}");
    }
    let key = host.data().join("keys/backups.key");
    let own = std::fs::read(&key).expect("there is a key");
    for (content, words) in [("another\n", "does not open"), ("", "is empty")] {
        std::fs::write(&key, content).expect("a file can be written");
        let refused = host.run(["restore_data", "--yes"]).exits(12);
        assert!(refused.error().contains(words), "{}", refused.stderr);
    }
    std::fs::write(&key, own).expect("a file can be written");
    assert_eq!(state(&host), before);
}

#[test]
fn nothing_is_replaced_while_another_run_changes_something() {
    let host = host();
    let before = state(&host);
    let mut other = host.command(["create_test_data", "--quiet", "--tenant=shop", "--volume=large"]).spawn();
    let other = other.as_mut().expect("the binary can be started");
    let deadline = Instant::now() + Duration::from_secs(30);
    // The other one is recorded and has its lock once it is listed as running.
    while !host.run(["runs", "list", "--json", "--status=running"]).stdout.contains("create_test_data") {
        assert!(Instant::now() < deadline && other.try_wait().expect("it can be asked").is_none(), "it never began");
    }
    let refused = host.run(["restore_data", "--yes", "--tenant=demo"]).exits(11);
    assert!(refused.error().contains("`create_test_data` (run "), "{}", refused.stderr);
    other.kill().expect("a process of our own can be killed");
    let _ = other.wait();
    let _ = host.run(["restore_data", "--yes"]).exits(0);
    let after = state(&host);
    let differ: Vec<_> =
        before.keys().chain(after.keys()).filter(|name| before.get(*name) != after.get(*name)).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

#[test]
fn a_drill_proves_that_a_backup_can_be_restored_and_the_proof_is_listed() {
    let host = host();
    let before = state(&host);
    let told = host.run(["backups", "drill", "--json"]).exits(0).json_lines();
    let drill = told.iter().find(|line| line["type"] == "drill").expect("a drill is a record");
    assert_eq!(drill["outcome"], "restored");
    let (files, counted) = (drill["files"].as_u64(), drill["rows"].as_u64());
    assert!(files > Some(3) && counted > Some(10_000), "{drill}");
    let listed = host.run(["backups", "list", "--json"]).exits(0).json_lines();
    assert_eq!(listed[0]["drilled_at"], drill["at"]);
    assert_eq!(state(&host), before);
    assert_eq!(std::fs::read_dir(host.data().join("tmp")).expect("there is scratch").count(), 0);

    // What was damaged before it was backed up is found by the drill.
    let database = rusqlite::Connection::open(tenant_database(&host.data(), "shop")).expect("a database can be opened");
    database.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM chats").expect("rows can be deleted");
    drop(database);
    let _ = host.run(["backup_data", "--quiet"]).exits(0);
    let refused = host.run(["backups", "drill"]).exits(5);
    assert!(refused.error().contains("cannot be restored whole"), "{}", refused.stderr);
}

#[test]
fn a_key_that_is_made_is_shown_on_a_terminal_and_nowhere_else() {
    let host = TestHost::with_tenant();
    let quiet = host.run(["backup_data"]).exits(0);
    let key = std::fs::read_to_string(host.data().join("keys/backups.key")).expect("there is a key");
    assert!(!quiet.stdout.contains(key.trim()) && !quiet.stderr.contains(key.trim()));
    let other = TestHost::with_tenant();
    let Some(shown) = support::at_terminal(&other, "\"$encargo\" backup_data") else { return };
    let key = std::fs::read_to_string(other.data().join("keys/backups.key")).expect("there is a key");
    assert!(shown.stdout.contains(key.trim()), "{}", shown.stdout);
    for entry in std::fs::read_dir(other.data().join("log")).expect("there is a log") {
        let log = std::fs::read_to_string(entry.expect("an entry can be read").path()).expect("a log can be read");
        assert!(!log.contains(key.trim()), "the key is in the log");
    }
}

#[test]
fn what_a_migration_changed_comes_back_from_the_backup_that_it_took_first() {
    let host = host();
    let _ =
        host.run(["migrate_knowledge_base", "--version=2.0", "--quiet", "--tenant=demo,shop", "--parallel=2"]).exits(0);
    let before = state(&host);
    let done = host.run(["migrate_knowledge_base", "--version=2.1", "--tenant=demo"]).exits(0);
    assert_ne!(state(&host), before);
    let told = done.stdout + &done.stderr;
    let line = told.split('`').find(|part| part.starts_with("encargo restore_data --backup=")).expect("it says how");
    let _ = host.run(line.split(' ').skip(1)).exits(0);
    assert_eq!(state(&host), before);
}
