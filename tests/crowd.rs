//! Processes that start at once: each has its record, its rows and its exit.

use std::collections::BTreeMap;
use std::process::Child;

use support::{Output, TestHost, rows, tenant_database};

const TENANTS: usize = 40;
/// What each tenant is asked for at the same moment; the two that only read need no tenant's lock.
const LINES: [&[&str]; 5] = [
    &["cleanup_old_data"],
    &["import_knowledge", "--file=faq.csv"],
    &["export_data", "--type=agents", "--output=-"],
    &["cleanup_old_data", "--dry-run"],
    &["health_check", "--service=schema"],
];

fn started(host: &TestHost, line: &[&str], tenant: &str) -> Child {
    let mut words: Vec<String> = line.iter().map(|word| (*word).to_owned()).collect();
    if line[0] != "health_check" {
        words.push(format!("--tenant={tenant}"));
    }
    words.push("--quiet".to_owned());
    host.command(words).spawn().expect("the binary can be started")
}

#[test]
fn two_hundred_that_start_at_once_take_nothing_from_each_other() {
    let host = TestHost::with_tenant();
    let slugs: Vec<_> = (0..TENANTS).map(|number| format!("t{number}")).collect();
    let _ = host.run(["init_system", "--only=tenants", &format!("--tenant={}", slugs.join(","))]).exits(0);
    host.file("faq.csv", "title,body\nwhat,this\nwhich,that\n");
    let before =
        rows(&host.data().join("engine.db"), "SELECT count(*) FROM runs")[0].parse::<usize>().expect("a number");

    let lines = slugs.iter().flat_map(|slug| LINES.map(|line| (line, slug)));
    let processes: Vec<_> = lines.map(|(line, slug)| (line, slug, started(&host, line, slug))).collect();
    assert_eq!(processes.len(), 200);
    for (line, slug, process) in processes {
        let output = Output::of(&process.wait_with_output().expect("a process of our own can be waited for"));
        assert_eq!(output.exit, 0, "{line:?} of {slug}: {}", output.stderr);
    }

    let engine = host.data().join("engine.db");
    let recorded = rows(
        &engine,
        "SELECT command, dry_run, status, exit_code, count(*) FROM runs WHERE tenant LIKE 't%' OR command = 'health_check' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2",
    );
    let of_each = |line: &str| format!("{line}|{TENANTS}");
    assert_eq!(
        recorded,
        [
            "cleanup_old_data|0|succeeded|0",
            "cleanup_old_data|1|succeeded|0",
            "export_data|0|succeeded|0",
            "health_check|0|succeeded|0",
            "import_knowledge|0|succeeded|0"
        ]
        .map(of_each)
    );
    assert_eq!(rows(&engine, "SELECT count(*) FROM runs"), [(before + 200).to_string()]);
    assert_eq!(rows(&engine, "SELECT count(*) FROM attempts WHERE ended_at IS NULL"), ["0"]);
    assert_eq!(rows(&engine, "SELECT count(*) FROM locks"), ["0"]);
    let stored: BTreeMap<_, _> = slugs
        .iter()
        .map(|slug| (slug, rows(&tenant_database(&host.data(), slug), "SELECT count(*) FROM knowledge_items")))
        .collect();
    assert!(stored.values().all(|count| *count == ["2"]), "{stored:?}");
}

#[test]
fn an_installation_may_be_made_by_many_at_once() {
    for _ in 0..10 {
        let host = TestHost::new();
        let start = |_| host.command(["migrate"]).spawn().expect("the binary can be started");
        let processes: Vec<_> = (0..6).map(start).collect();
        for process in processes {
            let output = Output::of(&process.wait_with_output().expect("a process of our own can be waited for"));
            assert_eq!(output.exit, 0, "{}", output.stderr);
        }
        let _ = host.run(["migrate", "--plan"]).exits(0);
    }
}
