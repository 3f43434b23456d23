//! Backups are taken while others write, are all there or not at all after a kill, and are what restic's own program reads.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use support::{Random, TestHost, copy_of, kill_after, rows, skip, tenant_database};

fn host() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["create_test_data", "--quiet", "--tenant=demo", "--volume=small"]).exits(0);
    host
}

fn ids(host: &TestHost) -> Vec<String> {
    let listed = host.run(["backups", "list", "--json"]);
    // Killed before there was a repository, or its key.
    if listed.exit == 10 {
        return Vec::new();
    }
    let lines = listed.exits(0).json_lines();
    let of_backup = lines.iter().filter(|line| line["type"] == "backup");
    of_backup.map(|line| line["id"].as_str().expect("a backup has an id").to_owned()).collect()
}

/// restic's own program with the key of a host's backups; none where it is not installed.
fn restic(host: &TestHost) -> Option<Command> {
    if Command::new("restic").arg("version").output().is_err() {
        skip("restic is not installed");
        return None;
    }
    let mut restic = Command::new("restic");
    restic.arg("--no-cache").arg("--no-lock").arg("-r").arg(host.data().join("backups"));
    restic.env("RESTIC_PASSWORD_FILE", host.data().join("keys/backups.key"));
    Some(restic)
}

fn succeeds(command: &mut Command) {
    let output = command.output().expect("restic can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What the manifest of a restored backup says of its files.
fn manifest(folder: &Path) -> serde_json::Value {
    let text = std::fs::read(folder.join("manifest.json")).expect("a backup has a manifest");
    serde_json::from_slice(&text).expect("the manifest is JSON")
}

#[test]
fn what_was_backed_up_while_others_wrote_is_checked_and_restored_by_restic() {
    let host = host();
    let Some(mut check) = restic(&host) else { return };
    let seeds = ["--seed=2", "--volume=medium", "--tenant=demo", "--quiet"];
    let mut writer =
        host.command(["create_test_data"].iter().chain(&seeds)).spawn().expect("the binary can be started");
    for _ in 0..3 {
        let _ = host.run(["backup_data", "--quiet"]).exits(0);
    }
    assert!(writer.wait().expect("a process of our own can be waited for").success());
    assert_eq!(ids(&host).len(), 3);
    succeeds(check.args(["check", "--read-data"]));

    let out = host.folder().join("restored");
    let mut restore = restic(&host).expect("it was there a moment ago");
    succeeds(restore.args(["restore", "latest", "--target"]).arg(&out));
    let restored = out.join("encargo");
    let database = restored.join("databases/tenants/1.db");
    assert_eq!(rows(&database, "PRAGMA integrity_check"), ["ok"]);
    assert_eq!(rows(&database, "PRAGMA foreign_key_check"), Vec::<String>::new());
    let manifest = manifest(&restored);
    let parts = manifest["parts"].as_array().expect("a manifest names its files");
    let of_tenant = parts.iter().find(|part| part["tenant"] == "demo" && part["kind"] == "tenant");
    for table in ["chats", "messages", "knowledge_items"] {
        let expected = &of_tenant.expect("the tenant's rows were backed up")["rows"][table];
        assert_eq!(rows(&database, &format!("SELECT count(*) FROM {table}")), [expected.to_string()], "{table}");
    }
    assert!(parts.iter().any(|part| part["kind"] == "media"), "test data has media");
    for part in parts {
        let path = restored.join(part["path"].as_str().expect("a file has a path"));
        let bytes = std::fs::metadata(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).len();
        assert_eq!(part["bytes"], bytes, "{}", path.display());
    }
}

#[test]
fn a_backup_that_is_killed_is_whole_or_is_none() {
    let template = host();
    let _ = template.run(["backup_data", "--quiet"]).exits(0);
    let undisturbed = copy_of(&template);
    let begun = Instant::now();
    let _ = undisturbed.run(["backup_data", "--quiet"]).exits(0);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");
    let (mut random, mut within) = (Random::new(20_261_126), 0);
    for kill in 0..100 {
        let host = copy_of(&template);
        let before = ids(&host);
        // A writer beside it, so that there is something to store and a kill may fall among it.
        let mut writer = host.command(["create_test_data", "--quiet", "--tenant=demo", "--seed=3"]);
        let mut writer = writer.spawn().expect("the binary can be started");
        let moment = random.below(length);
        let process = host.command(["backup_data", "--quiet"]).spawn().expect("the binary can be started");
        within += usize::from(kill_after(process, Duration::from_micros(moment)));
        assert!(writer.wait().expect("a process of our own can be waited for").success());
        let after = ids(&host);
        assert!(
            after.len() - before.len() <= 1 && after.ends_with(&before),
            "kill {kill} after {moment} us: {after:?}"
        );
        if after.len() > before.len() {
            let verified = host.run(["backups", "drill"]);
            assert_eq!(verified.exit, 0, "kill {kill} after {moment} us: {}", verified.stderr);
        }
        if kill % 10 == 0 {
            let _ = host.run(["backup_data", "--quiet"]).exits(0);
            assert_eq!(ids(&host).len(), after.len() + 1, "kill {kill} after {moment} us");
            let left: Vec<PathBuf> = scratch(&host);
            assert!(left.is_empty(), "kill {kill} after {moment} us left {left:?}");
        }
    }
    assert!(within > 50, "only {within} kills came before the end");
}

#[test]
fn a_tenant_that_is_lost_is_told_and_keeps_neither_the_others_nor_its_last_backup_from_being_there() {
    let host = host();
    let _ = host.run(["init_system", "--quiet", "--tenant=shop"]).exits(0);
    let _ = host.run(["backup_data", "--quiet"]).exits(0);
    std::fs::remove_file(tenant_database(&host.data(), "shop")).expect("a file can be removed");
    let told = host.run(["backup_data", "--keep-last=1"]).exits(3);
    assert!(told.stdout.contains("`shop` is not in the backup") || told.stderr.contains("`shop` is not in the backup"));
    let shown = host.run(["backups", "show", "--json"]).exits(0).json_lines();
    let tenants: Vec<_> = shown.iter().filter_map(|line| line["tenant"].as_str()).collect();
    assert!(tenants.contains(&"demo") && !tenants.contains(&"shop"), "{tenants:?}");
    assert_eq!(ids(&host).len(), 2, "the one that has the lost tenant stays");
}

fn scratch(host: &TestHost) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(host.data().join("tmp")).expect("a data directory has a folder for scratch");
    entries.map(|entry| entry.expect("an entry can be read").path()).collect()
}

#[test]
fn a_dry_run_stores_nothing_and_makes_no_key() {
    let host = host();
    let dry = host.run(["backup_data", "--dry-run", "--json"]).exits(0).summary();
    assert!(!host.data().join("backups/config").exists() && !host.data().join("keys/backups.key").exists());
    let real = host.run(["backup_data", "--json"]).exits(0).summary();
    assert_eq!(dry["counts"], real["counts"]);
    assert_eq!(dry["details"]["rows"], real["details"]["rows"]);
}

#[test]
fn the_lines_of_the_brief_make_their_folders_and_the_next_backup_adds_little() {
    let host = host();
    let place = host.folder().join("path/to/backup");
    let output = format!("--output={}", place.display());
    let full = host.run(["backup_data", &output, "--json"]).exits(0).summary();
    let again = host.run(["backup_data", &output, "--json"]).exits(0).summary();
    let added = |summary: &serde_json::Value| summary["details"]["added"].as_u64().expect("what was added is a number");
    assert!(added(&again) * 20 < added(&full), "{} of {}", added(&again), added(&full));
    let kinds = ["--type=database", "--type=media", "--type=config", "--tenant=all"];
    for kind in kinds {
        let _ = host.run(["backup_data", kind, &output]).exits(0);
    }
    let repository = format!("--repository={}", place.display());
    let listed = host.run(["backups", "list", &repository, "--json"]).exits(0).json_lines();
    assert_eq!(listed.iter().filter(|line| line["type"] == "backup").count(), 2 + kinds.len());
    let shown = host.run(["backups", "show", &repository]).exits(0);
    assert!(shown.stdout.contains("databases/platform.db"), "{}", shown.stdout);
    let run = rows(&tenant_database(&host.data(), "demo"), "SELECT count(*) FROM chats");
    assert_ne!(run, ["0"]);
}

#[test]
fn without_its_key_or_with_another_one_there_is_no_backup() {
    let host = host();
    let _ = host.run(["backup_data", "--quiet"]).exits(0);
    let key = host.data().join("keys/backups.key");
    let kept = std::fs::read(&key).expect("the key can be read");
    std::fs::remove_file(&key).expect("the key can be removed");
    let refused = host.run(["backup_data"]).exits(12);
    assert!(refused.error().contains("no key"), "{}", refused.error());
    std::fs::write(&key, "another").expect("the key can be written");
    let _ = host.run(["backup_data"]).exits(12);
    let _ = host.run(["backups", "verify"]).exits(12);
    std::fs::write(&key, kept).expect("the key can be written");
    assert_eq!(ids(&host).len(), 1);
    let _ = host.run(["backups", "key"]).exits(0);
}

#[test]
fn a_media_file_that_cannot_be_read_ends_the_backup_with_its_name() {
    let host = host();
    let folder = host.data().join("media/1");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    std::os::unix::fs::symlink("/nowhere", folder.join("link.pdf")).expect("a link can be made");
    // A link is no file of the tenant's; it is told and not followed.
    let told = host.run(["backup_data", "--type=media"]);
    assert_eq!(told.exit, 3, "{}", told.stderr);
    assert!(told.stdout.contains("link.pdf") || told.stderr.contains("link.pdf"), "{}{}", told.stdout, told.stderr);
}
