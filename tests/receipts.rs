//! Imports that are taken back by their receipts: what they did is undone, what people did since stays, and whoever is killed
//! on the way there or back ends where an undisturbed run ends.

use std::fmt::Write as _;

use rusqlite::Connection;
use support::{TestHost, copy_of, killed_and_run_again, rows, settle, tenant_database};

const KILLS: u64 = 10;
const ITEMS: usize = 3_000;

/// All that a tenant knows, ids and times included.
const ALL: &str = "SELECT * FROM knowledge_items ORDER BY id";

fn known(host: &TestHost) -> Vec<String> {
    rows(&tenant_database(&host.data(), "demo"), ALL)
}

fn change(host: &TestHost, sql: &str) {
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file opens");
    // What `deletions` is written by, the host gives its own connections.
    database.execute_batch(sql).expect("rows can be changed");
    drop(database);
    settle(&host.data());
}

/// A tenant with a thousand items of every third number, in another version of the format.
fn filled() -> TestHost {
    let host = TestHost::with_tenant();
    change(
        &host,
        &format!(
            "WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 3 FROM n WHERE n < {ITEMS} - 3)
             INSERT INTO knowledge_items (id, external_id, title, body, language, tags, source, content_hash, format_version,
             legacy, created_at, updated_at)
             SELECT n + 1, printf('%05d', n), 'Item ' || n, 'Old', 'es', '[\"a\"]', 'web', 'h', 2, '{{}}', 5, 6 FROM n;
             INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at)
             VALUES (9001, 'only here', 'Only here', 'Old', 'h', 5, 6);"
        ),
    );
    host
}

/// A file in the data directory, so that copies of the host have it.
fn input(host: &TestHost) -> String {
    let mut text = "external_id,title,body\n".to_owned();
    for item in 0..ITEMS {
        writeln!(text, "{item:05},Item {item},New").expect("a text grows");
    }
    host.file("encargo-data/faq.csv", text).display().to_string()
}

fn receipts(host: &TestHost) -> Vec<String> {
    rows(
        &tenant_database(&host.data(), "demo"),
        "SELECT name FROM journals WHERE state <> 'undone' ORDER BY created_at DESC, id DESC",
    )
}

fn undo(host: &TestHost, receipt: &str) -> support::Output {
    host.run(["import_knowledge", "--json", "--tenant=demo", &format!("--undo={receipt}")]).exits(0)
}

#[test]
fn an_import_of_any_mode_that_is_taken_back_leaves_all_as_it_was() {
    let template = filled();
    let file = input(&template);
    let before = known(&template);
    for (options, [deleted, updated, created]) in [
        (&["--mode=upsert"][..], [2_000, 1_000, 0]),
        (&["--mode=replace", "--batch-size=30"], [2_000, 1_000, 0]),
        (&["--mode=insert"], [2_000, 0, 0]),
        (&["--mode=update"], [0, 1_000, 0]),
        (&["--delete-missing", "--yes"], [2_000, 1_000, 1]),
    ] {
        let host = copy_of(&template);
        let line = ["import_knowledge", "--tenant=demo", "--json", "--receipt", "--file", &file];
        let imported = host.run(line.iter().chain(options)).exits(0);
        assert_ne!(known(&host), before, "{options:?}");
        let receipt = imported.summary()["run"].as_str().expect("a run has an id").to_owned();
        assert_eq!(imported.summary()["details"]["receipt"], *receipt);
        let told = format!("--undo={receipt}");
        assert!(imported.notes().iter().any(|note| note.ends_with(&told)), "{:?}", imported.notes());

        let dry = host.run(["import_knowledge", "--json", "--tenant=demo", "--dry-run", &told]).exits(0);
        assert_ne!(known(&host), before, "{options:?}");
        let undone = undo(&host, &receipt);
        assert_eq!(dry.summary()["counts"], undone.summary()["counts"]);
        let counts = ["deleted", "updated", "created"].map(|action| undone.count("knowledge_items", action));
        assert_eq!(counts, [deleted, updated, created], "{options:?}");
        assert!(known(&host) == before, "{options:?}");
        let left = rows(&tenant_database(&host.data(), "demo"), "SELECT count(*) FROM journal_entries");
        assert_eq!(left, ["0"], "{options:?}");
        assert!(undo(&host, &receipt).summary()["summary"].as_str().expect("a text").contains("nothing to do"));
        assert!(known(&host) == before, "{options:?}, again");
    }
}

#[test]
fn what_people_changed_since_stays_and_is_counted() {
    let host = filled();
    let file = input(&host);
    let line =
        ["import_knowledge", "--tenant=demo", "--json", "--receipt", "--delete-missing", "--yes", "--file", &file];
    let imported = host.run(line).exits(0);
    change(
        &host,
        "UPDATE knowledge_items SET body = 'Mine' WHERE external_id IN ('00000', '00001');
         UPDATE knowledge_items SET content_hash = 'mended' WHERE external_id IN ('00003', '00004');
         INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at)
         VALUES (9002, 'only here', 'Mine', 'Mine', 'h', 7, 7);",
    );
    let undone = undo(&host, imported.summary()["run"].as_str().expect("a run has an id"));
    assert_eq!(undone.count("knowledge_items", "kept"), 3);
    assert!(undone.notes().iter().any(|note| note.starts_with("3 items were changed since")), "{:?}", undone.notes());
    let database = tenant_database(&host.data(), "demo");
    let mine = rows(&database, "SELECT external_id FROM knowledge_items WHERE body = 'Mine' ORDER BY 1");
    assert_eq!(mine, ["00000", "00001", "only here"]);
    assert_eq!(rows(&database, "SELECT count(*) FROM knowledge_items WHERE body = 'New'"), ["0"]);
    let item = "SELECT body, content_hash, updated_at FROM knowledge_items WHERE external_id = '00003'";
    assert_eq!(rows(&database, item), ["Old|h|6"], "a mended hash is no change of a person's");
}

#[test]
fn a_later_import_is_taken_back_before_an_earlier_one() {
    let host = filled();
    let before = known(&host);
    let file = input(&host);
    let line =
        |file: &str| ["import_knowledge", "--tenant=demo", "--quiet", "--receipt", "--file", file].map(str::to_owned);
    let _ = host.run(line(&file)).exits(0);
    let between = known(&host);
    let other = host.file("other.csv", "id,title,body\n00003,Item 3,Newer\n00004,Item 4,Newer\n").display().to_string();
    let _ = host.run(line(&other)).exits(0);
    let [later, earlier] = &receipts(&host)[..] else { panic!("two receipts are expected") };
    let undone = undo(&copy_of(&host), earlier);
    assert_eq!(undone.count("knowledge_items", "kept"), 2, "what the later one changed stays");
    let _ = undo(&host, later);
    assert!(known(&host) == between);
    let _ = undo(&host, earlier);
    assert!(known(&host) == before);
}

#[test]
fn an_import_that_is_killed_has_receipts_that_take_all_of_it_back() {
    let template = filled();
    let before = known(&template);
    let file = input(&template);
    let line = [
        "import_knowledge",
        "--tenant=demo",
        "--quiet",
        "--receipt",
        "--batch-size=100",
        "--delete-missing",
        "--yes",
        "--file",
        &file,
    ];
    let content = |host: &TestHost| {
        let sql = "SELECT external_id, title, body, language, format_version FROM knowledge_items ORDER BY external_id";
        let done = rows(&tenant_database(&host.data(), "demo"), sql);
        let other = copy_of(host);
        for receipt in receipts(&other) {
            let _ = undo(&other, &receipt);
        }
        (done, known(&other) == before)
    };
    killed_and_run_again(&template, &line, KILLS, content, |host, what| {
        let other = copy_of(host);
        for receipt in receipts(&other) {
            let _ = undo(&other, &receipt);
        }
        assert!(known(&other) == before, "{what}, taken back at once");
    });
}

#[test]
fn taking_an_import_back_can_be_killed_and_is_ended_by_the_next_run() {
    let template = filled();
    let before = known(&template);
    let file = input(&template);
    let line =
        ["import_knowledge", "--tenant=demo", "--quiet", "--receipt", "--delete-missing", "--yes", "--file", &file];
    let _ = template.run(line).exits(0);
    settle(&template.data());
    let undo = format!("--undo={}", receipts(&template)[0]);
    let line = ["import_knowledge", "--tenant=demo", "--quiet", &undo];
    killed_and_run_again(&template, &line, KILLS, |host| known(host) == before, |_, _| {});
}

#[test]
fn an_interrupted_import_that_was_taken_back_is_not_gone_on_with() {
    let template = filled();
    let file = input(&template);
    let line = ["import_knowledge", "--tenant=demo", "--quiet", "--receipt", "--batch-size=1", "--file", &file];
    let process = template.command(line).spawn().expect("the binary can be started");
    let database = tenant_database(&template.data(), "demo");
    let patience = std::time::Instant::now();
    while rows(&database, "SELECT count(*) FROM journals") == ["0"] {
        assert!(patience.elapsed() < std::time::Duration::from_secs(30), "the import does not begin");
        std::thread::yield_now();
    }
    assert!(support::kill_after(process, std::time::Duration::ZERO), "it was at work");
    let _ = undo(&template, &receipts(&template)[0]);
    let resumed = template.run(line.iter().chain(&["--resume"])).exits(13);
    assert!(resumed.error().contains("--restart"), "{}", resumed.stderr);
    let _ = template.run(line.iter().chain(&["--restart"])).exits(0);
}
