//! Data directories that are missing, broken, full or read-only.

use std::fs;
use std::process::Command;

use support::{TestHost, in_namespace, platform_state, settle, skip, tenant_database};

use super::{one_sentence, refused};

pub(crate) const NO_MOUNTS: &str = "mounting in a namespace is not allowed here";

/// Many rows, so that an import needs room.
fn large_input(host: &TestHost) {
    let row = |item: u32| format!("{item},Question {item},{}\n", "x".repeat(400));
    host.file("large.csv", "id,title,body\n".to_owned() + &(0..20_000).map(row).collect::<String>());
}

#[test]
fn without_a_data_directory_a_command_says_where_it_looked_and_makes_none() {
    let host = TestHost::new();
    for arguments in [&["health_check"][..], &["export_data"], &["cleanup_old_data", "--dry-run"], &["runs", "list"]] {
        let _ = refused(&host, arguments, 2, "encargo-data");
        assert!(!host.data().exists(), "{arguments:?} made a data directory");
    }
}

#[test]
fn a_dry_run_makes_no_data_directory() {
    let host = TestHost::new();
    let _ = host.run(["init_system", "--dry-run"]).exits(0);
    assert!(!host.data().exists());
}

#[test]
fn a_corrupt_database_is_found_and_left_alone() {
    for name in ["engine.db", "platform.db", "tenant"] {
        let host = TestHost::with_tenant();
        settle(&host.data());
        let path = if name == "tenant" { tenant_database(&host.data(), "demo") } else { host.data().join(name) };
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", path.display()));
        }
        let garbage = "This is not a database. ".repeat(1_000);
        fs::write(&path, &garbage).expect("the file can be written");
        let output = host.run(["export_data", "--type=agents", "--tenant=demo", "--output=-"]).exits(5);
        one_sentence(&output, path.file_name().and_then(|name| name.to_str()).expect("it has a name"));
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some(garbage.as_str()), "{name} was changed");
    }
}

#[test]
fn a_full_disk_ends_an_import_with_whole_batches() {
    let host = TestHost::with_tenant();
    large_input(&host);
    settle(&host.data());
    let script = "mkdir full; mount -t tmpfs -o size=3m tmpfs full; cp -a encargo-data/. full/
        code=0; \"$encargo\" import_knowledge --file=large.csv --batch-size=500 --data-dir=full || code=$?
        umask 0; mkdir after; cp -a full/. after/; exit $code";
    let Some(output) = in_namespace(&host, script) else { return skip(NO_MOUNTS) };
    let output = output.exits(1);
    one_sentence(&output, "full");
    let database = tenant_database(&host.folder().join("after"), "demo");
    let left: usize = support::rows(&database, "SELECT count(*) FROM knowledge_items")[0].parse().expect("a number");
    assert_eq!(left % 500, 0, "{left} rows");
    assert!(left < 20_000);
    assert_eq!(support::rows(&database, "PRAGMA integrity_check"), ["ok"]);
}

#[test]
fn a_full_disk_leaves_no_half_of_an_export() {
    let host = TestHost::with_tenant();
    large_input(&host);
    let _ = host.run(["import_knowledge", "--file=large.csv"]).exits(0);
    let script = "mkdir full; mount -t tmpfs -o size=1m tmpfs full; code=0
        \"$encargo\" export_data --type=knowledge --tenant=demo --output=full/out.csv || code=$?
        ls -A full > left; exit $code";
    let Some(output) = in_namespace(&host, script) else { return skip(NO_MOUNTS) };
    one_sentence(&output.exits(1), "full");
    assert_eq!(fs::read_to_string(host.folder().join("left")).expect("the script lists it"), "");
}

#[test]
fn a_read_only_data_directory_is_refused() {
    let host = TestHost::with_tenant();
    host.file("a.csv", "title,body\na,b\n");
    settle(&host.data());
    let before = platform_state(&host.data());
    let script = "mount --bind encargo-data encargo-data; mount -o remount,ro,bind encargo-data
        exec \"$encargo\" import_knowledge --file=a.csv";
    let Some(output) = in_namespace(&host, script) else { return skip(NO_MOUNTS) };
    one_sentence(&output.exits(2), "encargo-data");
    assert_eq!(platform_state(&host.data()), before);
}

#[test]
fn a_data_directory_of_someone_else_is_refused() {
    let host = TestHost::with_tenant();
    settle(&host.data());
    let before = platform_state(&host.data());
    let mut command = Command::new("setpriv");
    host.prepare(&mut command).args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    let probe = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(support::binary())
        .arg("--version")
        .output();
    if !probe.is_ok_and(|output| output.status.success()) {
        return skip("running as another user is not allowed here");
    }
    let output = command.arg(support::binary()).args(["health_check", "--data-dir"]).arg(host.data()).output();
    let output = output.expect("what was allowed is allowed again");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    assert_eq!(platform_state(&host.data()), before);
}

#[test]
fn doctor_is_quiet_when_it_is_asked_to_be_and_all_is_well() {
    let host = TestHost::with_tenant();
    let quiet = host.run(["doctor", "-q"]).exits(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let _ = fs::remove_file(tenant_database(&host.data(), "demo"));
    let told = host.run(["doctor", "-q"]).exits(5);
    assert!(told.stdout.contains("demo") && told.stdout.lines().count() < 5, "{}", told.stdout);
}
