//! Copies and moves between two tenants: taken back, they leave both as they were; killed at any moment, the next run or
//! taking them back ends where an undisturbed one ends.

use std::collections::BTreeMap;
use std::fs;

use rusqlite::Connection;
use support::{TestHost, copy_of, killed_and_run_again, rows, settle, tenant_database};

const KILLS: u64 = 20;
const ITEMS: usize = 2_000;

/// What tenants have that can be copied, without ids and without what depends on when it came.
const CONTENT: [&str; 6] = [
    "SELECT slug, name, description, created_at FROM agents ORDER BY 1",
    "SELECT slug, name, kind, configuration FROM tools ORDER BY 1",
    "SELECT a.slug, t.slug FROM agent_tools l JOIN agents a ON a.id = l.agent_id JOIN tools t ON t.id = l.tool_id ORDER BY 1, 2",
    "SELECT external_id, title, body, content_hash FROM knowledge_items ORDER BY 1",
    "SELECT f.name, f.sha256, d.title FROM files f LEFT JOIN documents d ON d.id = f.document_id ORDER BY 1",
    "SELECT name, value FROM settings ORDER BY 1",
];

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn fill(host: &TestHost) {
    for tenant in ["demo", "shop"] {
        let _ = host.run(["init_system", "--only=tenants", "--tenant", tenant]).exits(0);
    }
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file opens");
    let files: Vec<String> = (0..20).map(|n| format!("({n}, 'f{n}.txt', 5, '{HELLO}', {n}, 5)")).collect();
    let sql = format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {ITEMS})
         INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at)
         SELECT n, 'item-' || n, 'Item ' || n, 'Text ' || n, 'h' || n, 5, 6 FROM n;
         INSERT INTO agents (id, slug, name, created_at, updated_at)
         VALUES (1, 'sales', 'Sales', 5, 6), (2, 'help', 'Help', 5, 6);
         INSERT INTO tools (id, slug, name, kind, created_at, updated_at)
         VALUES (1, 'search', 'Search', 'http', 5, 6), (2, 'clock', 'Clock', 'builtin', 5, 6);
         INSERT INTO agent_tools (agent_id, tool_id, created_at) VALUES (1, 1, 5), (1, 2, 5), (2, 2, 5);
         WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 19)
         INSERT INTO documents (id, title, media_type, created_at, updated_at) SELECT n, 'Doc ' || n, 'text/plain', 5, 6 FROM n;
         INSERT INTO files (id, name, bytes, sha256, document_id, created_at) VALUES {};
         INSERT INTO settings (name, value, updated_at) VALUES ('theme', '\"dark\"', 5);",
        files.join(", ")
    );
    database.execute_batch(&sql).expect("the rows can be made");
    let media = media(host, "demo");
    fs::create_dir_all(&media).expect("a folder can be made");
    for n in 0..20 {
        fs::write(media.join(format!("f{n}.txt")), "hello").expect("a file can be written");
    }
    let shop = Connection::open(tenant_database(&host.data(), "shop")).expect("the file opens");
    let ours = "INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (7, 'sales', 'Ours', 1, 1);
                INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at)
                VALUES (9, 'item-3', 'Ours', 'ours', 'h', 1, 1);";
    shop.execute_batch(ours).expect("the rows can be made");
    drop((database, shop));
    settle(&host.data());
}

fn media(host: &TestHost, tenant: &str) -> std::path::PathBuf {
    let database = tenant_database(&host.data(), tenant);
    let id = database.file_stem().expect("a tenant's file has its id").to_owned();
    host.data().join("media").join(id)
}

/// What a tenant has, media included.
fn content(host: &TestHost, tenant: &str) -> Vec<Vec<String>> {
    let database = tenant_database(&host.data(), tenant);
    let mut all: Vec<_> = CONTENT.iter().map(|sql| rows(&database, sql)).collect();
    let mut names = BTreeMap::new();
    for entry in fs::read_dir(media(host, tenant)).into_iter().flatten() {
        let entry = entry.expect("an entry can be read");
        let name = entry.file_name().to_string_lossy().into_owned();
        // What was in the making when a process was killed goes with the next one that writes there.
        if !name.starts_with(".encargo-") {
            names.insert(name, fs::read_to_string(entry.path()).expect("a file can be read"));
        }
    }
    all.push(names.into_iter().map(|(name, text)| format!("{name}|{text}")).collect());
    all
}

fn filled() -> TestHost {
    let host = TestHost::with_tenant();
    fill(&host);
    host
}

const COPY: [&str; 4] = ["migrate_tenant_data", "--from=demo", "--to=shop", "--json"];

fn undo(host: &TestHost, run: &str) {
    let _ = host.run(["migrate_tenant_data", "--json", &format!("--undo={run}")]).exits(0);
}

#[test]
fn what_was_copied_or_moved_and_is_taken_back_leaves_both_tenants_as_they_were() {
    let template = filled();
    let before = (content(&template, "demo"), content(&template, "shop"));
    for options in
        [&["--on-conflict=skip"][..], &["--on-conflict=overwrite"], &["--on-conflict=rename", "--move", "--yes"]]
    {
        let host = copy_of(&template);
        let copied = host.run(COPY.iter().chain(options)).exits(0).summary();
        assert_ne!(content(&host, "shop"), before.1, "{options:?}");
        if options.contains(&"--move") {
            assert_eq!(rows(&tenant_database(&host.data(), "demo"), "SELECT count(*) FROM knowledge_items"), ["0"]);
            assert_eq!(rows(&tenant_database(&host.data(), "demo"), "SELECT count(*) FROM files"), ["0"]);
            assert!(fs::read_dir(media(&host, "demo")).expect("it is there").next().is_none(), "media is left");
        }
        undo(&host, copied["run"].as_str().expect("a run has an id"));
        assert!((content(&host, "demo"), content(&host, "shop")) == before, "{options:?}");
        let linked = "SELECT DISTINCT created_at FROM agent_tools";
        assert_eq!(rows(&tenant_database(&host.data(), "demo"), linked), ["5"], "links are as they were, too");
        for tenant in ["demo", "shop"] {
            assert_eq!(
                rows(&tenant_database(&host.data(), tenant), "SELECT count(*) FROM journals"),
                ["0"],
                "{tenant}"
            );
        }
    }
}

#[test]
fn what_people_changed_since_stays_when_a_copy_is_taken_back() {
    let host = filled();
    let copied = host.run(COPY).exits(0).summary();
    let shop = Connection::open(tenant_database(&host.data(), "shop")).expect("the file opens");
    let changes = "UPDATE knowledge_items SET body = 'mine' WHERE external_id = 'item-5';
                   INSERT INTO chats (id, agent_id, created_at, updated_at) SELECT 1, id, 1, 1 FROM agents WHERE slug = 'help';";
    shop.execute_batch(changes).expect("the rows can be changed");
    let run = copied["run"].as_str().expect("a run has an id").to_owned();
    let undone = host.run(["migrate_tenant_data", "--json", &format!("--undo={run}")]).exits(0);
    assert_eq!((undone.count("knowledge_items", "kept"), undone.count("agents", "kept")), (1, 1));
    let shop = tenant_database(&host.data(), "shop");
    assert_eq!(rows(&shop, "SELECT external_id, body FROM knowledge_items ORDER BY 1"), ["item-3|ours", "item-5|mine"]);
    assert_eq!(rows(&shop, "SELECT slug FROM agents ORDER BY 1"), ["help", "sales"]);
    let again = host.run(["migrate_tenant_data", &format!("--undo={run}")]).exits(10);
    assert!(again.stderr.contains("no tenant has a copy"), "{}", again.stderr);
}

#[test]
fn a_move_asks_and_what_makes_no_sense_is_refused_before_anything_is_written() {
    let host = filled();
    let before = (content(&host, "demo"), content(&host, "shop"));
    for (arguments, exit) in [
        (&["--from=demo", "--to=shop", "--move"][..], 13),
        (&["--from=demo"], 2),
        (&["--move"], 2),
        (&["--from=demo", "--to=nobody"], 10),
        (&["--from=demo", "--to=shop", "--type=chats"], 2),
        (&["--undo=06ywnothere", "--from=demo"], 2),
        (&["--undo=06ywnothere"], 10),
    ] {
        let _ = host.run(["migrate_tenant_data"].iter().chain(arguments)).exits(exit);
    }
    assert!((content(&host, "demo"), content(&host, "shop")) == before);
}

#[test]
fn a_move_that_is_killed_is_ended_by_the_next_one_or_by_taking_it_back() {
    let template = filled();
    let before = (content(&template, "demo"), content(&template, "shop"));
    let mv: Vec<&str> = COPY.into_iter().chain(["--on-conflict=rename", "--move", "--yes"]).collect();
    let both = |host: &TestHost| (content(host, "demo"), content(host, "shop"));
    killed_and_run_again(&template, &mv, KILLS, both, |host, what| {
        // Nothing is ever in neither tenant.
        let [demo, shop] = ["demo", "shop"].map(|tenant| {
            let count = rows(&tenant_database(&host.data(), tenant), "SELECT count(*) FROM knowledge_items");
            count[0].parse::<usize>().expect("a count")
        });
        assert!(demo == ITEMS || shop >= ITEMS, "{what}: {demo} and {shop}");

        let other = copy_of(host);
        let left = rows(&tenant_database(&other.data(), "shop"), "SELECT name FROM journals");
        for run in &left {
            undo(&other, run);
        }
        assert!(both(&other) == before, "{what}, taken back");
    });
}
