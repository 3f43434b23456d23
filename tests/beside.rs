//! Commands that change the same tenants at once: none takes anything from another, and they end where they would end
//! one after the other. What a dry run of each tells is what its run then does.

use rusqlite::Connection;
use serde_json::Value;
use support::{Output, Random, TestHost, copy_of, receipt, rows, settle, tenant_database};

const TENANTS: [&str; 2] = ["demo", "shop"];

/// Every command that changes a tenant's rows, in an order in which each finds something to do.
const LINES: [&[&str]; 7] = [
    &["setup_demo_data", "--tenant=demo,shop"],
    // Where a batch is copied to, the same one cannot be made: its keys are there.
    &["create_test_data", "--tenant=shop", "--chats=100", "--messages=1000"],
    &["import_knowledge", "--tenant=demo,shop", "--file=faq.csv"],
    &["migrate_tenant_data", "--from=demo", "--to=shop"],
    // Before the migration, which works all hashes out again. A media file whose row is about to be committed beside it is
    // a warning, by which it does not fail.
    &["validate_system", "--fix-issues"],
    &["migrate_knowledge_base", "--tenant=demo,shop"],
    &["cleanup_old_data", "--tenant=demo,shop"],
];

/// What tenants have in the end, without ids and without what depends on when it came.
const CONTENT: [&str; 10] = [
    "SELECT slug, name FROM agents ORDER BY 1",
    "SELECT slug, name FROM tools ORDER BY 1",
    "SELECT a.slug, t.slug FROM agent_tools l
     JOIN agents a ON a.id = l.agent_id JOIN tools t ON t.id = l.tool_id ORDER BY 1, 2",
    "SELECT external_id, title, body, content_hash, format_version FROM knowledge_items ORDER BY 1",
    "SELECT title FROM documents ORDER BY 1",
    "SELECT name, sha256 FROM files ORDER BY 1, 2",
    "SELECT name, value FROM settings ORDER BY 1",
    "SELECT count(*) FROM chats",
    "SELECT count(*) FROM messages",
    "SELECT count(*) FROM logs",
];

/// Two tenants with what each command finds something to do in: old rows, faults, items to import and to migrate.
fn filled() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=shop"]).exits(0);
    let items = (0..500).map(|item| format!("{item:04},Question {item},Answer {item} of some length\n"));
    host.file("faq.csv", format!("external_id,title,body\n{}", items.collect::<String>()));
    for (tenant, slug) in TENANTS.into_iter().zip(["sales", "help"]) {
        let database = Connection::open(tenant_database(&host.data(), tenant)).expect("the file opens");
        let sql = format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             INSERT INTO chats (id, status, created_at, updated_at) SELECT i, 'closed', 1, i FROM n;
             INSERT INTO messages (id, chat_id, role, body, created_at) SELECT id, id, 'user', 'x', 1 FROM chats;
             INSERT INTO logs (id, level, message, created_at) SELECT id, 'info', 'x', 1 FROM chats;
             INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at)
             SELECT id + 1000, '{slug}-' || id, 'Title ' || id, 'Text of {slug} ' || id, '{slug} wrong ' || id, 1, 1 FROM chats;
             INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (900, '{slug}', '{slug}', 1, 1);"
        );
        database.execute_batch(&sql).expect("the rows can be made");
    }
    settle(&host.data());
    host
}

/// A copy of a host with the file that is imported.
fn copied(template: &TestHost) -> TestHost {
    let host = copy_of(template);
    let file = std::fs::read(template.folder().join("faq.csv")).expect("the file is there");
    host.file("faq.csv", file);
    host
}

fn content(host: &TestHost) -> Vec<Vec<String>> {
    let of = |tenant: &str| {
        let database = tenant_database(&host.data(), tenant);
        CONTENT.map(|sql| rows(&database, sql))
    };
    TENANTS.into_iter().flat_map(of).collect()
}

fn run(host: &TestHost, line: &[&str], more: &[&str]) -> Output {
    host.run(line.iter().chain(more).chain(&["--json"])).exits(0)
}

/// The rows that the runs of a summary changed, by what the host counted.
fn changed(host: &TestHost, output: &Output) -> Vec<Value> {
    let of_runs = receipt(host, &output.summary());
    let tables = of_runs.as_array().expect("a list of runs").iter().flat_map(|run| run["tables"].as_array());
    tables.flatten().cloned().collect()
}

/// Runs all once more, one after the other, and then looks that each has nothing left to do.
fn settled(host: &TestHost) -> Vec<Vec<String>> {
    let _ = LINES.map(|line| run(host, line, &[]));
    let _ = run(host, &["validate_system", "--fail-level=warning"], &[]);
    for line in LINES {
        let mut again = changed(host, &run(host, line, &[]));
        // A copy of nothing has a journal, so that its run can be taken back as any other.
        again.retain(|table| table["table"] != "journals");
        assert_eq!(again, Vec::<Value>::new(), "{line:?} has something to do again");
    }
    content(host)
}

#[test]
fn commands_that_change_the_same_tenants_at_once_end_where_they_end_one_after_the_other() {
    let template = filled();
    let quiet = copied(&template);
    let _ = LINES.map(|line| run(&quiet, line, &[]));
    let expected = settled(&quiet);
    let mut random = Random::new(20_261_126);
    for round in 0..4 {
        let host = copied(&template);
        let mut order: Vec<_> = LINES.iter().collect();
        for at in (1..order.len()).rev() {
            order.swap(at, usize::try_from(random.below(at as u64 + 1)).expect("it is below the length"));
        }
        let start = |line: &&'static [&'static str]| {
            (*line, host.command(line.iter().chain(&["--json"])).spawn().expect("the binary can be started"))
        };
        for (line, process) in order.into_iter().map(start).collect::<Vec<_>>() {
            let output = Output::of(&process.wait_with_output().expect("a process of our own can be waited for"));
            assert_eq!(output.exit, 0, "round {round}: {line:?}: {}\n{}", output.stdout, output.stderr);
        }
        let _ = run(&host, &["validate_system", "--fail-level=warning"], &[]);
        let engine = host.data().join("engine.db");
        assert_eq!(rows(&engine, "SELECT count(*) FROM locks"), ["0"]);
        assert_eq!(rows(&engine, "SELECT count(*) FROM attempts WHERE ended_at IS NULL"), ["0"]);
        let left = settled(&host);
        for (at, (left, expected)) in left.iter().zip(&expected).enumerate() {
            let (tenant, sql) = (TENANTS[at / CONTENT.len()], CONTENT[at % CONTENT.len()]);
            assert!(
                left == expected,
                "round {round}: `{tenant}` differs in {sql}: {} and {}",
                left.len(),
                expected.len()
            );
        }
    }
}

#[test]
fn a_dry_run_of_each_tells_what_its_run_then_does() {
    let host = filled();
    for line in LINES {
        let before = content(&host);
        let dry = run(&host, line, &["--dry-run"]);
        assert!(content(&host) == before, "{line:?} changes something in a dry run");
        let real = run(&host, line, &[]);
        assert_eq!(changed(&host, &dry), changed(&host, &real), "{line:?}");
        assert_eq!(dry.summary()["counts"], real.summary()["counts"], "{line:?}");
        assert_ne!(changed(&host, &real), Vec::<Value>::new(), "{line:?} has nothing to do");
    }
}
