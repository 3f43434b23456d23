//! SARIF 2.1.0: a rule for each issue that was looked for, a result for each that is left in a tenant.

use encargo_sdk::prelude::*;
use serde_json::{Value as Json, json};

use super::Told;
use crate::issues::{self, Issue};
use crate::severity::Severity;
use crate::verdict::Finding;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn written(told: &Told<'_>) -> Json {
    let modules = told.verdict.looked_at(told.modules);
    let rules: Vec<_> = issues::all().filter(|issue| modules.contains(&issue.module)).collect();
    let index = |issue: &Issue| rules.iter().position(|rule| *rule == issue).map_or(-1, |at| at as i64);
    let findings = told.verdict.findings.iter().filter(|finding| finding.open() > 0);
    let results: Vec<_> = findings.map(|finding| result(finding, index(finding.issue()))).collect();
    let notifications: Vec<_> = told
        .verdict
        .crashes
        .iter()
        .map(|(tenant, crash)| {
            let message = format!("{tenant}: {}: {}", crash.check, crash.error);
            json!({ "level": "error", "message": { "text": message } })
        })
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "validate_system",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|issue| rule(issue)).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": notifications.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Debug | Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error | Severity::Critical => "error",
    }
}

fn rule(issue: &Issue) -> Json {
    json!({
        "id": issue.id,
        "shortDescription": { "text": (issue.means)() },
        "help": { "text": (issue.advice)() },
        "defaultConfiguration": { "level": level(issue.severity) },
        "properties": { "tags": [issue.module.word()], "severity": issue.severity.word() },
    })
}

fn result(finding: &Finding, index: i64) -> Json {
    let (issue, n) = (finding.issue(), finding.open());
    let place = |place: &crate::found::Place| {
        let shown = if finding.tenant.is_empty() { String::new() } else { format!("{}/", finding.tenant) };
        let name = format!("{shown}{}", place.shown());
        json!({ "logicalLocations": [{ "fullyQualifiedName": name, "kind": "element" }] })
    };
    let suppressions: Vec<_> =
        finding.silenced.iter().map(|silence| json!({ "kind": "external", "justification": silence.reason })).collect();
    json!({
        "ruleId": issue.id,
        "ruleIndex": index,
        "level": level(issue.severity),
        "message": { "text": format!("{n}: {}; {}", (issue.means)(), (issue.advice)()) },
        "occurrenceCount": n,
        "locations": finding.tallied.sample.iter().map(place).collect::<Vec<_>>(),
        "suppressions": suppressions,
    })
}
