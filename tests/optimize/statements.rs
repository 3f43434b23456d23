//! What statements took is remembered by tenant, without their values, also of runs that fail.

use support::{TestHost, rows};

fn remembered(host: &TestHost, sql: &str) -> Vec<String> {
    rows(&host.data().join("engine.db"), sql)
}

#[test]
fn what_statements_took_stays_apart_by_tenant_and_no_value_is_kept() {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--quiet", "--only=tenants", "--tenant=shop"]).exits(0);
    host.place("count_chats");
    let count = |tenant: &str, status: &str| {
        let _ = host.run(["count_chats", &format!("--tenant={tenant}"), &format!("--status={status}")]).exits(0);
    };
    count("demo", "open");
    count("demo", "closed");
    count("shop", "resolved");
    let by_tenant = "SELECT tenant, calls, command FROM statements WHERE text LIKE 'select count%' ORDER BY tenant";
    assert_eq!(remembered(&host, by_tenant), ["1|2|count_chats", "2|1|count_chats"]);
    let _ = host.run(["count_chats", "--tenant=demo", "--dry-run"]).exits(0);
    assert_eq!(remembered(&host, by_tenant), ["1|2|count_chats", "2|1|count_chats"], "a dry run says nothing");
    host.file("secret.csv", "title,body\na secret title,a secret body\n");
    let _ = host.run(["import_knowledge", "--tenant=demo", "--file=secret.csv"]).exits(0);
    assert_ne!(remembered(&host, "SELECT text FROM statements WHERE command = 'import_knowledge'"), [""; 0]);
    let with_values =
        "SELECT text FROM statements WHERE text LIKE '%secret%' OR text LIKE '%''%' OR text LIKE '%resolved%'";
    assert_eq!(remembered(&host, with_values), [""; 0]);
    let shown = host.run(["optimize_database", "--tenant=shop", "--json"]).exits(0).summary();
    let slow = shown["details"]["slow_statements"].as_array().expect("a list of statements");
    assert!(!slow.is_empty() && slow.iter().all(|one| one["tenant"] == "shop" && one["command"] == "count_chats"));
}

#[test]
fn what_a_run_took_that_failed_or_had_no_more_time_is_remembered() {
    let host = TestHost::with_tenant();
    let _ = host.run(["create_test_data", "--quiet", "--tenant=demo", "--volume=large", "--timeout=500ms"]).exits(124);
    let of_test_data = "SELECT count(*) > 0 FROM statements WHERE command = 'create_test_data' AND calls > 0";
    assert_eq!(remembered(&host, of_test_data), ["1"]);
}
