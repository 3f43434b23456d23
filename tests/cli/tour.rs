//! The first lines that a newcomer types, on the project's own examples.

use std::fs;
use std::path::Path;

use support::{TestHost, checkout, tenant_database};

#[test]
fn a_second_init_system_finds_everything_unchanged() {
    let host = TestHost::new();
    let first = host.run(["init_system", "--json"]).exits(0);
    assert_eq!([first.count("agents", "created"), first.count("tools", "created")], [3, 4]);
    let second = host.run(["init_system", "--json"]).exits(0);
    let counts = second.summary()["counts"].clone();
    for count in counts.as_array().expect("counts are a list") {
        assert!(count["action"] == "unchanged" || count["n"] == 0, "{count}");
    }
}

#[test]
fn a_password_is_neither_shown_nor_stored() {
    let host = TestHost::new();
    let mut command = host.command(["init_system", "--json"]);
    let output = command.env("ENCARGO_ADMIN_PASSWORD", "correct-horse-battery").output().expect("the binary starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for stream in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(stream).contains("correct-horse"));
    }
    for name in ["engine.db", "engine.db-wal", "platform.db", "platform.db-wal"] {
        let bytes = fs::read(host.data().join(name)).unwrap_or_default();
        assert!(!bytes.windows(13).any(|window| window == b"correct-horse"), "{name} holds the password");
    }
}

#[test]
fn the_bundled_examples_are_imported() {
    let host = TestHost::with_tenant();
    let examples = checkout().join("scripts/examples");
    let mut imported = 0;
    for entry in fs::read_dir(&examples).expect("the examples are there") {
        let path = entry.expect("an entry can be read").path();
        let known =
            path.extension().and_then(|end| end.to_str()).is_some_and(|end| ["csv", "json", "xml"].contains(&end));
        let broken = path.file_name().is_some_and(|name| name == "broken.csv");
        if known {
            let file = path.display().to_string();
            let mut line = vec!["import_knowledge", "--json", "--file", &file];
            // Its fields are nobody's title and text, as README tells.
            if file.ends_with("menu.json") {
                line.extend(["--title-from=nombre", "--body-from=*"]);
            }
            let output = host.run(line);
            assert!(output.exit == i32::from(broken), "{}: {}", path.display(), output.stderr);
            assert_eq!(output.count("knowledge_items", "created") > 0, !broken, "{}", path.display());
            imported += 1;
        }
    }
    assert!(imported >= 3, "{} has {imported} examples", examples.display());
}

#[test]
fn several_tenants_make_a_line_each_and_one_sum() {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=other"]).exits(0);
    let output = host.run(["cleanup_old_data", "--tenant=all", "--json"]).exits(0);
    let lines = output.json_lines();
    let tenants: Vec<_> = lines.iter().filter(|line| line["type"] == "tenant").map(|line| &line["tenant"]).collect();
    assert_eq!(tenants, ["demo", "other"]);
    let output = host.run(["export_data", "--type=knowledge", "--output=one.csv"]).exits(2);
    super::one_sentence(&output, "one.csv");
}

#[test]
fn tenants_that_fail_fast_left_out_are_in_the_sum() {
    let host = TestHost::with_tenant();
    for tenant in ["later", "last"] {
        let _ = host.run(["init_system", "--only=tenants", "--tenant", tenant]).exits(0);
    }
    fs::write(tenant_database(&host.data(), "demo"), "This is not a database. ".repeat(1_000))
        .expect("it can be written");
    let output = host.run(["cleanup_old_data", "--tenant=all", "--fail-fast", "--json"]).exits(5);
    assert_eq!(output.summary()["summary"], "0 of 3 tenants done");
    let output = host.run(["cleanup_old_data", "--tenant=all", "--parallel=1000000", "--json"]).exits(3);
    assert_eq!(output.summary()["summary"], "2 of 3 tenants done");
}

#[test]
fn help_speaks_both_languages() {
    let host = TestHost::with_tenant();
    for (language, word) in [("en", "Import knowledge"), ("es", "Importa conocimientos")] {
        let output = host.run(["import_knowledge", "--help", "--lang", language]).exits(0);
        assert!(output.stdout.contains(word), "{}", output.stdout);
    }
}

#[test]
fn a_command_that_picks_a_tenant_names_it_and_a_hundred_tenants_are_no_flood() {
    let host = TestHost::with_tenant();
    host.file("faq.csv", "title,body\na,b\n");
    let picked = host.run(["import_knowledge", "--file=faq.csv"]).exits(0);
    assert!(picked.stdout.starts_with("demo: imported"), "{}", picked.stdout);
    let named = host.run(["import_knowledge", "--file=faq.csv", "--tenant=demo"]).exits(0);
    assert!(named.stdout.starts_with("imported"), "{}", named.stdout);
    let help = host.run(["import_knowledge", "--help"]).exits(0).stdout;
    assert!(
        help.split_whitespace().collect::<Vec<_>>().join(" ").contains("[without it: the default tenant]"),
        "{help}"
    );

    let slugs: Vec<_> = (0..20).map(|number| format!("t{number}")).collect();
    let _ = host.run(["init_system", "--only=tenants", &format!("--tenant={}", slugs.join(","))]).exits(0);
    let brief = host.run(["cleanup_old_data"]).exits(0).stdout;
    assert!(brief.lines().count() < 10 && brief.contains("(21 more tenants had nothing to tell"), "{brief}");
    let full = host.run(["cleanup_old_data", "-v2"]).exits(0).stdout;
    assert!(slugs.iter().all(|slug| full.contains(&format!("{slug}: "))), "{full}");
    let json = host.run(["cleanup_old_data", "--json"]).exits(0).json_lines();
    assert_eq!(json.iter().filter(|line| line["type"] == "tenant").count(), 21);
}

#[test]
fn a_log_without_lines_says_so_and_several_tenants_lines_are_in_order() {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=other"]).exits(0);
    let _ = host.run(["health_check", "--quiet"]).exits(0);
    let log = host.run(["runs", "logs", "latest", "--level=error"]).exits(0).stdout;
    assert_eq!(log.trim(), "the run has no line in its log that fits");
    let _ = host.run(["cleanup_old_data", "--tenant=all", "--parallel=2", "--quiet"]).exits(0);
    let lines = host.run(["runs", "logs", "latest", "--json"]).exits(0).json_lines();
    let times: Vec<_> = lines.iter().filter(|line| line["type"] == "log").map(|line| line["at"].to_string()).collect();
    assert!(times.len() >= 2 && times.is_sorted(), "{times:?}");
}

#[test]
fn a_new_command_is_the_one_of_the_readme_and_it_builds_and_runs() {
    let host = TestHost::with_tenant();
    host.file("guest-commands/sdk/Cargo.toml", "");
    let made = host.run(["commands", "new", "count_chats"]).exits(0);
    assert!(made.stderr.contains("`scripts/test cases`"), "{}", made.stderr);
    // The guest of the tests of this name was built from the same files.
    let (mine, built) = (host.folder().join("guest-commands/count_chats"), checkout().join("tests/guests/count_chats"));
    let files: Vec<_> =
        made.stdout.lines().filter_map(|line| line.strip_prefix("guest-commands/count_chats/")).collect();
    assert_eq!(files.len(), 4, "{}", made.stdout);
    for file in files {
        let read = |folder: &Path| fs::read_to_string(folder.join(file)).expect("the file can be read");
        assert_eq!(read(&mine), read(&built), "{file}");
    }
    let readme = fs::read_to_string(checkout().join("README.md")).expect("it can be read");
    let source = fs::read_to_string(mine.join("src/lib.rs")).expect("the file can be read");
    assert!(readme.contains(&format!("```rust\n{source}```\n")), "README has another one than `commands new` makes");

    host.place("count_chats");
    rusqlite::Connection::open(tenant_database(&host.data(), "demo"))
        .and_then(|rows| {
            rows.execute("INSERT INTO chats (id, status, created_at, updated_at) VALUES (1, 'open', 1, 1)", [])
        })
        .expect("a chat can be added");
    assert_eq!(host.run(["count_chats"]).exits(0).stdout.lines().next(), Some("demo: 1 chats"));
    assert_eq!(host.run(["commands", "new", "count_chats"]).exits(2).errors().len(), 1);
}
