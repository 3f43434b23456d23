//! Files that an import moves away: never before what they hold is committed, never over another file, never out of their
//! folder.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use support::{TestHost, in_namespace, killed_and_run_again, rows, settle, skip, tenant_database};

use crate::cli::installation::NO_MOUNTS;

const KILLS: u64 = 24;
const FILES: usize = 60;

/// The files of a folder and of the folders in it, with how many bytes each has.
fn files(folder: &Path) -> BTreeMap<String, u64> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry can be read")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let metadata = fs::symlink_metadata(entry.path()).expect("an entry has metadata");
        if metadata.is_dir() {
            files.extend(
                self::files(&entry.path()).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)),
            );
        } else {
            files.insert(name, metadata.len());
        }
    }
    files
}

#[test]
fn an_import_that_is_killed_moves_each_file_once_and_after_its_rows() {
    let template = TestHost::with_tenant();
    for file in 0..FILES {
        let line = |item: usize| format!("{file:02}-{item},Title {item},{}\n", "text ".repeat(20));
        let text = format!("id,title,body\n{}", (0..20).map(line).collect::<String>());
        template.file(&format!("encargo-data/imports/demo/{file:02}.csv"), text);
    }
    settle(&template.data());
    let imports = |host: &TestHost| files(&host.data().join("imports/demo"));
    let held = |host: &TestHost| {
        let sql = "SELECT DISTINCT substr(external_id, 1, 2) FROM knowledge_items ORDER BY 1";
        rows(&tenant_database(&host.data(), "demo"), sql)
    };
    let content = |host: &TestHost| {
        let sql = "SELECT external_id, body FROM knowledge_items ORDER BY 1";
        (imports(host), rows(&tenant_database(&host.data(), "demo"), sql))
    };
    let line = ["import_knowledge", "--tenant=demo", "--quiet", "--move", "--batch-size=50"];
    killed_and_run_again(&template, &line, KILLS, content, |host, what| {
        let (there, held) = (imports(host), held(host));
        assert_eq!(there.len(), FILES, "{what}: {there:?}");
        for name in there.keys().filter_map(|name| name.strip_prefix("done/")) {
            assert!(held.iter().any(|file| name.starts_with(file.as_str())), "{what}: {name} is not imported");
        }
    });
}

/// A folder with one file, which a run imports and cannot move.
fn cannot_move(prepare: impl FnOnce(&TestHost) -> Option<support::Output>, why: &str) {
    let host = TestHost::with_tenant();
    host.file("inbox/a.csv", "id,title,body\n1,a,b\n");
    let Some(output) = prepare(&host) else { return skip(NO_MOUNTS) };
    let output = output.exits(3);
    assert!(output.stdout.contains("`a.csv`") && output.stdout.contains(why), "{}", output.stdout);
    assert_eq!(rows(&tenant_database(&host.data(), "demo"), "SELECT external_id FROM knowledge_items"), ["1"]);
    assert!(host.folder().join("inbox/a.csv").is_file());
}

#[test]
fn what_cannot_be_moved_is_imported_and_named() {
    let line = ["import_knowledge", "--tenant=demo", "--directory=inbox", "--move"];
    let script = |before: &str| format!("{before}; exec \"$encargo\" {}", line.join(" "));
    let link = |host: &TestHost| {
        fs::create_dir(host.folder().join("inbox/other")).expect("a folder can be made");
        symlink("other", host.folder().join("inbox/done")).expect("a link can be made");
        Some(host.run(line))
    };
    cannot_move(link, "is a link or no folder");
    let other = "mkdir inbox/done; mount -t tmpfs tmpfs inbox/done";
    cannot_move(|host| in_namespace(host, &script(other)), "another file system");
    let read_only = "mount --bind inbox inbox; mount -o remount,ro,bind inbox";
    cannot_move(|host| in_namespace(host, &script(read_only)), "by this user");
}

#[test]
fn a_link_stays_and_the_file_that_it_leads_to_is_moved() {
    let host = TestHost::with_tenant();
    host.file("inbox/a.csv", "id,title,body\n1,a,b\n");
    symlink("a.csv", host.folder().join("inbox/b.csv")).expect("a link can be made");
    let output = host.run(["import_knowledge", "--tenant=demo", "--directory=inbox", "--move"]).exits(3);
    assert!(output.stdout.contains("`b.csv` is a link"), "{}", output.stdout);
    assert_eq!(files(&host.folder().join("inbox")).keys().collect::<Vec<_>>(), ["b.csv", "done/a.csv"]);
}

#[test]
fn tenants_that_share_a_folder_move_nothing_of_it() {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=shop"]).exits(0);
    for name in ["a", "b"] {
        host.file(&format!("inbox/{name}.csv"), format!("id,title,body\n{name},a,b\n"));
    }
    let output = host.run(["import_knowledge", "--tenant=all", "--directory=inbox", "--move"]).exits(3);
    assert!(output.stdout.contains("of several tenants"), "{}", output.stdout);
    for tenant in ["demo", "shop"] {
        assert_eq!(rows(&tenant_database(&host.data(), tenant), "SELECT count(*) FROM knowledge_items"), ["2"]);
    }
    assert_eq!(files(&host.folder().join("inbox")).len(), 2);
    assert!(!host.folder().join("inbox/done").exists());
}
