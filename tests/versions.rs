//! Knowledge that is taken to another version of its format: killed at any moment, the next run ends it; there and back
//! again, it says what it said.

use rusqlite::Connection;
use support::{TestHost, killed_and_run_again, rows, settle, tenant_database};

const KILLS: u64 = 10;

const ITEMS: &str = "SELECT id, external_id, title, body, language, tags, source, content_hash, format_version, legacy \
                     FROM knowledge_items ORDER BY id";
const SAID: &str = "SELECT id, title, body, language, tags, source, format_version FROM knowledge_items ORDER BY id";

fn filled(items: usize) -> TestHost {
    let host = TestHost::with_tenant();
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file opens");
    let sql = format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {items})
         INSERT INTO knowledge_items (id, external_id, title, body, tags, content_hash, created_at, updated_at)
         SELECT n, 'item-' || n, ' Pregunta  ' || n, 'Abre los ajustes y elige tu agente; guarda los cambios después.',
                'Pagos; Agente ' || (n % 7), 'h' || n, 5, 6 FROM n"
    );
    database.execute_batch(&sql).expect("the rows can be made");
    drop(database);
    settle(&host.data());
    host
}

fn read(host: &TestHost, sql: &str) -> Vec<String> {
    rows(&tenant_database(&host.data(), "demo"), sql)
}

#[test]
fn a_migration_that_is_killed_is_ended_by_the_next_one() {
    let template = filled(5_000);
    let line = ["migrate_knowledge_base", "--tenant=demo", "--json"];
    killed_and_run_again(
        &template,
        &line,
        KILLS,
        |host| read(host, ITEMS),
        |host, what| {
            // Pages of 500 items are migrated whole or not at all.
            let migrated = read(host, "SELECT count(*) FROM knowledge_items WHERE format_version = 3");
            assert_eq!(migrated[0].parse::<usize>().expect("a count") % 500, 0, "{what}");
        },
    );
}

#[test]
fn there_and_back_again_the_knowledge_says_what_it_said() {
    let host = filled(700);
    let before = read(&host, SAID);
    let migrate = |version: &str| {
        let output = host.run(["migrate_knowledge_base", "--tenant=demo", "--json", "--version", version]).exits(0);
        output.count("knowledge_items", "updated")
    };
    assert_eq!((migrate("2.1"), migrate("2.1")), (700, 0));
    let newest = read(&host, SAID);
    assert!(newest != before && newest[0].contains(r#"["pagos","agente 1"]"#), "{}", newest[0]);
    assert_eq!((migrate("1.0"), migrate("2.1")), (700, 700));
    assert!(read(&host, SAID) == newest);
    assert_eq!((migrate("2.0"), migrate("1.0")), (700, 700));
    assert!(read(&host, SAID) == before);
}
