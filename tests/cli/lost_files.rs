//! Databases that are gone, empty, cut off or another's: a loss is named with the way out, and nothing is made anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use support::{TestHost, checkout, copy_folder, rows, settle, tenant_database};

use super::one_sentence;

/// An installation with the tenants `demo` and `beta`.
fn two_tenants() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only", "tenants", "--tenant=beta"]).exits(0);
    settle(&host.data());
    host
}

fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", path.display()));
    }
}

/// The bytes of the platform's files and whether there is an engine store; SQLite's logs are made by readers, too.
fn bytes(data: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut bytes = BTreeMap::new();
    for folder in [data.to_owned(), data.join("tenants")] {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry can be read").path();
            let name = path.to_string_lossy().into_owned();
            if path.is_file() && name.ends_with("db") {
                let is_engine = name.ends_with("engine.db");
                let read = fs::read(&path).expect("a file can be read");
                bytes.insert(path, if is_engine { vec![u8::from(!read.is_empty())] } else { read });
            }
        }
    }
    bytes
}

/// Every kind of command and verb ends with this code, names the subject, and makes nothing.
#[track_caller]
fn all_refuse(host: &TestHost, lines: &[&[&str]], exit: i32, subject: &str) {
    let before = bytes(&host.data());
    for line in lines {
        let output = host.run(*line).exits(exit);
        let all = format!("{}{}", output.stdout, output.stderr);
        assert!(all.contains(subject), "{line:?} does not name `{subject}`: {all}");
        assert!(!all.contains("panicked"), "{all}");
        assert!(bytes(&host.data()) == before, "{line:?} has changed something");
    }
}

/// Commands of every kind that go to the tenant, and what migrates.
const TO_DEMO: [&[&str]; 8] = [
    &["export_data", "--type=agents", "--tenant=demo", "--output=-"],
    &["export_data", "--type=agents", "--tenant=demo", "--output=-", "--dry-run"],
    &["cleanup_old_data", "--tenant=demo"],
    &["cleanup_old_data", "--tenant=demo", "--dry-run"],
    &["migrate"],
    &["migrate", "--plan"],
    &["tenants", "list"],
    &["doctor"],
];

/// What opens the data directory, whatever it is for.
const EVERYTHING: [&[&str]; 14] = [
    &["export_data", "--type=agents", "--tenant=demo", "--output=-"],
    &["cleanup_old_data", "--tenant=all"],
    &["cleanup_old_data", "--tenant=demo", "--dry-run"],
    &["health_check"],
    &["init_system"],
    &["init_system", "--dry-run"],
    &["migrate"],
    &["migrate", "--plan"],
    &["doctor"],
    &["runs", "list"],
    &["users", "list"],
    &["tenants", "list"],
    &["commands", "show", "export_data"],
    &["commands", "revoke", "export_data", "read:chats"],
];

#[test]
fn a_tenants_file_that_is_gone_or_empty_or_cut_off_is_named_and_left_alone() {
    type Loss = fn(&Path);
    let losses: [(Loss, &str); 3] = [
        (remove, "is gone"),
        (|path| fs::write(path, "").expect("it can be emptied"), "no bytes"),
        (
            |path| {
                let file = fs::OpenOptions::new().write(true).open(path).expect("it is there");
                file.set_len(40_000).expect("it can be cut");
            },
            "damaged",
        ),
    ];
    for (lose, words) in losses {
        let host = two_tenants();
        let file = tenant_database(&host.data(), "demo");
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", file.display()));
        }
        lose(&file);
        all_refuse(&host, &TO_DEMO, 5, words);
        all_refuse(&host, &[&["health_check"]], 5, words.trim_start_matches("is "));
        // The other tenant's share is done.
        let output = host.run(["cleanup_old_data", "--tenant=all", "--json"]).exits(3);
        assert!(output.stdout.contains(words), "{}", output.stdout);
        let _ = host.run(["export_data", "--type=agents", "--tenant=beta", "--output=-"]).exits(0);
    }
}

#[test]
fn a_lost_tenant_is_restored_or_forgotten() {
    let host = two_tenants();
    let file = tenant_database(&host.data(), "demo");
    let backup = fs::read(&file).expect("it can be read");
    remove(&file);
    let refused = host.run(["tenants", "forget", "demo"]).exits(13);
    one_sentence(&refused, "`demo`");
    fs::write(&file, &backup).expect("it can be restored");
    let _ = host.run(["migrate"]).exits(0);
    let _ = host.run(["export_data", "--type=agents", "--tenant=demo", "--output=-"]).exits(0);

    remove(&file);
    let _ = host.run(["tenants", "forget", "gone", "--yes"]).exits(10);
    let _ = host.run(["tenants", "forget", "demo", "--yes"]).exits(0);
    let listed = host.run(["tenants", "list", "--json"]).exits(0).json_lines();
    assert_eq!((listed[0]["slug"].as_str(), listed[0]["file"].as_str()), (Some("beta"), Some("ok")));
    let _ = host.run(["migrate"]).exits(0);
    let _ = host.run(["init_system", "--only", "tenants", "--tenant=demo"]).exits(0);
    assert_eq!(rows(&host.data().join("platform.db"), "SELECT id FROM tenants ORDER BY slug"), ["2", "3"]);
}

#[test]
fn another_tenants_file_is_refused_by_every_kind_of_command() {
    let host = two_tenants();
    let file = tenant_database(&host.data(), "demo");
    remove(&file);
    fs::copy(tenant_database(&host.data(), "beta"), &file).expect("it can be copied");
    all_refuse(&host, &TO_DEMO, 5, "it is that of `beta` (tenant 2)");
    all_refuse(&host, &[&["health_check"]], 5, "it is that of `beta` (tenant 2)");
}

#[test]
fn a_lost_list_of_tenants_is_named_by_everything_and_made_again() {
    let host = two_tenants();
    let _ = host.run(["import_knowledge", "--tenant=demo", "--file", &example()]).exits(0);
    settle(&host.data());
    let of_demo = ["export_data", "--type=knowledge", "--tenant=demo", "--output=-"];
    let before = host.run(of_demo).exits(0).stdout;
    remove(&host.data().join("platform.db"));
    all_refuse(&host, &EVERYTHING, 5, "platform.db` is gone");

    let rebuilt = host.run(["migrate", "--rebuild-platform"]).exits(0);
    assert!(rebuilt.stdout.contains("registered `beta` again") && rebuilt.stderr.contains("passwords"));
    assert_eq!(host.run(of_demo).exits(0).stdout, before);
    let again = host.run(["migrate", "--rebuild-platform"]).exits(2);
    one_sentence(&again, "platform.db` is there");
}

#[test]
fn a_new_tenant_never_gets_an_old_ones_rows() {
    let host = two_tenants();
    let kept = host.data().join("tenants-of-before");
    copy_folder(&host.data().join("tenants"), &kept);
    let other = TestHost::new();
    copy_folder(&kept, &other.data().join("tenants"));
    let refused = other.run(["init_system", "--only", "tenants", "--tenant=new"]).exits(5);
    one_sentence(&refused, "platform.db` is gone");
    // The list of tenants of another installation, where the same ids are others'.
    let strangers = TestHost::new();
    let _ = strangers.run(["init_system", "--only", "tenants", "--tenant=new"]).exits(0);
    settle(&strangers.data());
    remove(&host.data().join("platform.db"));
    fs::copy(strangers.data().join("platform.db"), host.data().join("platform.db")).expect("it can be copied");
    let export = ["export_data", "--type=agents", "--tenant=new", "--output=-"];
    let _ = host.run(export).exits(5);
}

#[test]
fn a_lost_engine_store_is_named_by_everything_and_not_made_anew_without_a_word() {
    for empty in [false, true] {
        let host = two_tenants();
        host.place("misbehave");
        for (command, permission) in [("misbehave", "read:chats"), ("export_data", "read:chats")] {
            let _ = host.run(["commands", "revoke", command, permission]).exits(0);
        }
        let store = host.data().join("engine.db");
        settle(&host.data());
        remove(&store);
        if empty {
            fs::write(&store, "").expect("it can be emptied");
        }
        all_refuse(&host, &EVERYTHING, 5, "engine.db` is gone");

        let made = host.run(["migrate", "--new-engine-store"]).exits(0);
        for words in ["history", "revoked from a packaged command is granted again", "`misbehave` may no longer"] {
            assert!(made.stderr.contains(words), "{words}: {}", made.stderr);
        }
        // A placed command may nothing until it is granted, a packaged one what it requests.
        let shown = |name| host.run(["commands", "show", name, "--json"]).exits(0).json_lines().swap_remove(0);
        assert_eq!(shown("misbehave")["granted"].as_array().map(Vec::len), Some(0));
        assert!(shown("export_data")["granted"].to_string().contains("read:chats"));
        let _ = host.run(["misbehave", "--tenant=demo", "--trespass"]).exits(14);
        let _ = host.run(["commands", "grant", "misbehave", "read:chats"]).exits(0);
        assert_eq!(shown("misbehave")["granted"].as_array().map(Vec::len), Some(1));
        let again = host.run(["migrate", "--new-engine-store"]).exits(2);
        one_sentence(&again, "engine.db` is there");
        let _ = host.run(["migrate"]).exits(0);
    }
}

#[test]
fn another_installations_engine_store_is_refused() {
    let (host, other) = (two_tenants(), two_tenants());
    let store = host.data().join("engine.db");
    remove(&store);
    fs::copy(other.data().join("engine.db"), &store).expect("it can be copied");
    all_refuse(&host, &EVERYTHING[..3], 5, "another installation's");
    all_refuse(&host, &[&["migrate"], &["runs", "list"]], 5, "another installation's");
}

fn example() -> String {
    let examples: PathBuf = checkout().join("scripts/examples");
    examples.join("faq_en.csv").display().to_string()
}
