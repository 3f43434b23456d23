//! The lines of the original brief, as they were run with `python manage.py`, each with its own arguments.

use std::fs;

use rusqlite::Connection;
use support::{TestHost, tenant_database};

/// All lines of the brief, in its order. `/path/to` is a folder of the test's own; what comes behind `+` is added to shorten
/// the run.
const LINES: &str = "
python manage.py init_system
python manage.py init_system --skip-admin  # Omite creación de admin
python manage.py init_system --tenant=demo  # Solo para tenant específico
python manage.py setup_demo_data
python manage.py setup_demo_data --tenant=demo
python manage.py cleanup_old_data
python manage.py cleanup_old_data --days=30
python manage.py cleanup_old_data --type=chats
python manage.py cleanup_old_data --tenant=specific_tenant
python manage.py backup_data
python manage.py backup_data --tenant=all
python manage.py backup_data --type=database
python manage.py backup_data --output=/path/to/backup
python manage.py optimize_database
python manage.py optimize_database --analyze
python manage.py optimize_database --reindex
python manage.py import_knowledge --file=data.csv
python manage.py import_knowledge --directory=/path/to/files
python manage.py import_knowledge --tenant=specific_tenant
python manage.py export_data --type=chats
python manage.py export_data --format=json
python manage.py export_data --tenant=demo --output=/path/to/export
python manage.py generate_reports
python manage.py generate_reports --type=usage
python manage.py generate_reports --period=monthly
python manage.py generate_reports --tenant=all
python manage.py analyze_sentiment
python manage.py analyze_sentiment --days=7
python manage.py analyze_sentiment --agent=specific_agent
python manage.py migrate_knowledge_base
python manage.py migrate_knowledge_base --version=2.0
python manage.py migrate_knowledge_base --validate-only
python manage.py migrate_tenant_data --from=old_tenant --to=new_tenant
python manage.py migrate_tenant_data --type=agents
python manage.py health_check
python manage.py health_check --service=database
python manage.py health_check --verbose
python manage.py monitor_performance + --duration=1
python manage.py monitor_performance --duration=60 + --count=1
python manage.py monitor_performance --alert-threshold=90 + --duration=2
python manage.py create_test_data
python manage.py create_test_data --volume=large + --chats=300 --messages=2000
python manage.py create_test_data --scenario=high_load
python manage.py validate_system
python manage.py validate_system --fix-issues
python manage.py validate_system --module=agents
";

/// Tenants that lines name.
const TENANTS: [&str; 3] = ["specific_tenant", "old_tenant", "new_tenant"];

#[test]
fn every_line_of_the_brief_works_as_it_stands() {
    let host = TestHost::new();
    let rows = "title,body\nA question,An answer\n";
    host.file("data.csv", rows);
    host.file("scratch/files/more.csv", rows);
    let scratch = host.folder().join("scratch");
    assert_eq!(LINES.trim().lines().count(), 46);
    for (at, line) in LINES.trim().lines().enumerate() {
        let line = line.split("  #").next().unwrap_or_default().replace(" + ", " ");
        let line = line.replace("/path/to", &scratch.display().to_string());
        let words: Vec<&str> = line.split_whitespace().skip(2).collect();
        let output = host.run(&words);
        // On a machine that is as busy as one that tests, an alert may stand, which is 4.
        let is_right = output.exit == 0 || (words[0] == "monitor_performance" && output.exit == 4);
        assert!(is_right, "{line}\n{}\n{}", output.stdout, output.stderr);
        if at == 0 {
            for tenant in TENANTS {
                let _ = host.run(["init_system", "--quiet", "--tenant", tenant]).exits(0);
            }
            let database = Connection::open(tenant_database(&host.data(), "old_tenant")).expect("the file opens");
            let agent =
                "INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (9, 'specific_agent', 'A', 5, 5)";
            database.execute_batch(agent).expect("an agent can be made");
        }
    }
    let written = fs::read_dir(scratch.join("export")).expect("the export is there").count();
    assert!(written >= 3, "{written} files are exported");
}
