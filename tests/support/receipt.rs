//! What is recorded of a run.

use std::path::Path;

use serde_json::{Value, json};

use crate::TestHost;

/// The rows and files of a run's receipt, children included; files without their folder, which names the run.
#[track_caller]
pub fn receipt(host: &TestHost, summary: &Value) -> Value {
    let Some(run) = summary["run"].as_str() else { return Value::Null };
    let shown = host.run(["runs", "show", run, "--json"]).exits(0).json_lines();
    let records = shown.iter().filter(|record| record["type"] == "run").map(|record| {
        let files = record["receipt"]["files"].as_array().into_iter().flatten();
        let files: Vec<Value> = files
            .map(|file| {
                let name = Path::new(file["path"].as_str().unwrap_or_default()).file_name();
                json!([file["change"], name.map(|name| name.to_string_lossy()), file["bytes"], file["sha256"]])
            })
            .collect();
        json!({ "tenant": record["tenant"], "tables": record["receipt"]["tables"], "files": files })
    });
    records.collect()
}

/// The record of the last run.
///
/// # Panics
/// When there is none.
#[track_caller]
pub fn last_run(host: &TestHost) -> Value {
    host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines().swap_remove(0)
}

/// What a recorded run used of a limit, and the limit.
///
/// # Panics
/// When the record has no such limit.
#[track_caller]
pub fn limit_used(run: &Value, name: &str) -> (u64, u64) {
    let limits = run["receipt"]["limits"].as_array().expect("limits are a list");
    let limit = limits.iter().find(|limit| limit["name"] == name).expect("the limit is recorded");
    (limit["used"].as_u64().expect("a number"), limit["limit"].as_u64().expect("a number"))
}
