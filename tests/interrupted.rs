//! Commands that are killed at any moment and begun again end where an undisturbed run ends.

use rusqlite::Connection;
use support::{TestHost, killed_and_run_again, rows, settle, tenant_database};

const KILLS: u64 = 8;

fn read(host: &TestHost, queries: &[&str]) -> Vec<Vec<String>> {
    let database = tenant_database(&host.data(), "demo");
    queries.iter().map(|sql| rows(&database, sql)).collect()
}

fn seeded(sql: &str) -> TestHost {
    let host = TestHost::with_tenant();
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file opens");
    database.execute_batch(sql).expect("the rows can be made");
    drop(database);
    settle(&host.data());
    host
}

#[test]
fn a_cleanup_that_is_killed_is_ended_by_the_next_one() {
    let template = seeded(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3000)
         INSERT INTO chats (id, status, created_at, updated_at) SELECT n, 'closed', 1, n FROM n;
         INSERT INTO messages (id, chat_id, role, body, created_at) SELECT id, id, 'user', 'x', 1 FROM chats;
         INSERT INTO logs (id, level, message, created_at) SELECT id, 'info', 'x', 1 FROM chats;",
    );
    let counts = ["SELECT count(*) FROM chats", "SELECT count(*) FROM messages", "SELECT count(*) FROM logs"];
    for more in ["--mode=delete", "--mode=anonymize"] {
        let line = ["cleanup_old_data", "--tenant=demo", "--batch-size=100", "--quiet", more];
        let content = |host: &TestHost| {
            let words = read(host, &["SELECT DISTINCT body FROM messages", "SELECT DISTINCT message FROM logs"]);
            (read(host, &counts), words)
        };
        killed_and_run_again(&template, &line, KILLS, content, |host, what| {
            let orphans = "SELECT count(*) FROM messages m LEFT JOIN chats c ON c.id = m.chat_id WHERE c.id IS NULL";
            assert_eq!(read(host, &[orphans]), [["0"]], "{what}");
        });
    }
}

#[test]
fn demo_data_that_is_killed_is_there_whole_or_not_at_all() {
    let template = TestHost::with_tenant();
    settle(&template.data());
    let counts = [
        "SELECT count(*) FROM agents",
        "SELECT count(*) FROM knowledge_items",
        "SELECT count(*) FROM chats",
        "SELECT count(*) FROM messages",
        "SELECT count(*) FROM files",
        "SELECT count(*) FROM journal_entries",
    ];
    let line = ["setup_demo_data", "--tenant=demo", "--quiet"];
    killed_and_run_again(
        &template,
        &line,
        KILLS,
        |host| read(host, &counts),
        |host, what| {
            let [agents, chats] = [0, 2].map(|at| read(host, &[counts[at]]).remove(0).remove(0));
            assert_eq!(agents == "0", chats == "0", "{what}: {agents} agents and {chats} chats");
        },
    );
}
