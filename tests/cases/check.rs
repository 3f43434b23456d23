//! Runs one case and compares.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Output, TestHost, copy_folder, platform_state, receipt, rows, settle, tenant_database};

use super::case::{Case, Counts};

/// What of a case does not hold.
pub(super) fn check(command: &str, case: &Case, template: &TestHost) -> Result<(), String> {
    let host = TestHost::new();
    copy_folder(&template.data(), &host.data());
    case.prepare(&host)?;
    settle(&host.data());
    let run = |flags: &[&str]| run(command, case, &host, flags);

    let before = (platform_state(&host.data()), folder_of(&host));
    let dry = run(&["--dry-run", "--json"]);
    let after = (platform_state(&host.data()), folder_of(&host));
    equal("the platform after a dry run", &after.0, &before.0)?;
    equal("the folder after a dry run", &after.1, &before.1)?;

    let real = run(&["--json"]);
    equal(&format!("the exit code, with stderr\n{}", real.stderr), &real.exit, &case.exit)?;
    equal("the exit code of the dry run", &dry.exit, &case.exit)?;
    let (dry, real) = (dry.summary(), real.summary());
    equal("the counts of the dry run", &dry["counts"], &real["counts"])?;
    equal("the receipt of the dry run", &receipt(&host, &dry), &receipt(&host, &real))?;

    if let Some(part) = &case.error {
        let message = real["error"]["message"].as_str().unwrap_or_default();
        if !message.contains(part) {
            return Err(format!("the error is `{message}` and should contain `{part}`"));
        }
    }
    counts(&real, &case.counts)?;
    rows_of(&host, "demo", &case.rows)?;
    for (slug, tenant) in &case.tenants {
        rows_of(&host, slug, &tenant.rows)?;
    }
    for (name, expected) in &case.output_files {
        let content = fs::read_to_string(host.folder().join(name)).map_err(|error| format!("`{name}`: {error}"))?;
        equal(&format!("the file `{name}`"), &content, expected)?;
    }
    if let Some(again) = &case.again {
        counts(&run(&["--json"]).summary(), &again.counts).map_err(|problem| format!("the second time: {problem}"))?;
    }
    Ok(())
}

/// Whether queries give in a tenant's database what they should.
fn rows_of(host: &TestHost, slug: &str, queries: &BTreeMap<String, Vec<Vec<toml::Value>>>) -> Result<(), String> {
    let database = tenant_database(&host.data(), slug);
    for (sql, expected) in queries {
        let expected: Vec<String> =
            expected.iter().map(|row| row.iter().map(written).collect::<Vec<_>>().join("|")).collect();
        equal(&format!("`{sql}` in `{slug}`"), &rows(&database, sql), &expected)?;
    }
    Ok(())
}

fn run(command: &str, case: &Case, host: &TestHost, flags: &[&str]) -> Output {
    let mut arguments = vec![command.to_owned()];
    arguments.extend(case.arguments(host.folder()));
    arguments.extend(flags.iter().map(|&flag| flag.to_owned()));
    host.run_with_input(arguments, case.stdin.as_deref().unwrap_or_default().as_bytes())
}

/// The files of the case's own folder, beside the data directory, with their contents.
fn folder_of(host: &TestHost) -> BTreeMap<String, Vec<u8>> {
    fn collect(folder: &Path, under: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let entry = entry.expect("an entry can be read");
            let name = format!("{under}{}", entry.file_name().to_string_lossy());
            if entry.path().is_file() {
                files.insert(name, fs::read(entry.path()).expect("a file can be read"));
            } else if name != "encargo-data" {
                collect(&entry.path(), &format!("{name}/"), files);
            }
        }
    }
    let mut files = BTreeMap::new();
    collect(host.folder(), "", &mut files);
    files
}

/// Whether each expected count is as expected; one that is not reported is 0.
fn counts(summary: &Value, expected: &Counts) -> Result<(), String> {
    let reported = summary["counts"].as_array().ok_or("the summary has no counts")?;
    for (subject, actions) in expected {
        for (action, n) in actions {
            let found = reported.iter().find(|count| count["subject"] == **subject && count["action"] == **action);
            let found = found.and_then(|count| count["n"].as_u64()).unwrap_or(0);
            equal(&format!("{subject} {action}"), &found, n)?;
        }
    }
    Ok(())
}

fn written(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}:\n  found    {found:?}\n  expected {expected:?}"))
}
