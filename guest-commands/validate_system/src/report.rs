//! What the run says at its end.

use encargo_sdk::choice::Choices;
use encargo_sdk::prelude::*;
use encargo_sdk::table::Table;
use serde_json::{Value as Json, json};

use crate::found::Place;
use crate::module::Module;
use crate::severity::Severity;
use crate::verdict::{Finding, Verdict};

/// The report: a row for each issue and tenant, a sentence for each issue, and all of it as JSON.
pub(crate) fn report(verdict: &Verdict, modules: &Choices<Module>, fail_level: Severity) -> Report {
    let mut report = Report::new(summary(verdict)).outcome(verdict.outcome(fail_level));
    if !verdict.findings.is_empty() {
        report = report.table(table(verdict));
    }
    if !verdict.crashes.is_empty() {
        report = report.table(crashes(verdict));
    }
    report
        .count("tenants", Action::Read, verdict.tenants.len() as u64)
        .count(
            "problems",
            Action::Failed,
            verdict.sum(|finding| if finding.silenced.is_none() { finding.open() } else { 0 }),
        )
        .count("problems", Action::Updated, verdict.sum(|finding| finding.fixed))
        .count(
            "problems",
            Action::Kept,
            verdict.sum(|finding| if finding.silenced.is_some() { finding.open() } else { 0 }),
        )
        .count("checks", Action::Failed, verdict.crashes.len() as u64)
        .notes(notes(verdict))
        .details(&details(verdict, modules))
}

/// What came of it, in one sentence.
pub(crate) fn summary(verdict: &Verdict) -> String {
    let (open, fixed) = (
        verdict.sum(|finding| if finding.silenced.is_none() { finding.open() } else { 0 }),
        verdict.sum(|finding| finding.fixed),
    );
    let (tenants, crashed) = (verdict.tenants.len(), verdict.crashes.len());
    let mut summary = match (open, tenants) {
        (0, 1) => text!("No problems in 1 tenant", "Ningún problema en 1 inquilino"),
        (0, _) => text!("No problems in {tenants} tenants", "Ningún problema en {tenants} inquilinos"),
        (1, _) => text!("1 problem", "1 problema"),
        _ => text!("{open} problems", "{open} problemas"),
    };
    if fixed > 0 {
        summary += &text!(", {fixed} fixed", ", {fixed} corregidos");
    }
    let silenced = verdict.sum(|finding| if finding.silenced.is_some() { finding.open() } else { 0 });
    if silenced > 0 {
        summary += &text!(", {silenced} silenced", ", {silenced} silenciados");
    }
    if crashed > 0 {
        summary += &text!("; {crashed} checks crashed", "; {crashed} comprobaciones no terminaron");
    }
    summary
}

fn table(verdict: &Verdict) -> Table {
    let mut table = table!(
        "Problems" / "Problemas":
        "issue" / "problema", "severity" / "gravedad", "tenant" / "inquilino", "found" / "hallados", "left" / "quedan",
        "where" / "dónde",
    );
    for finding in &verdict.findings {
        let (issue, n, open) = (finding.issue(), finding.tallied.n, finding.open());
        let severity = match &finding.silenced {
            Some(_) => text!("silenced", "silenciado"),
            None => issue.severity.spoken(),
        };
        table.row(&[&issue.id, &severity, &finding.tenant, &n, &open, &places(finding)]);
    }
    table
}

/// The first places, and that there are more.
pub(crate) fn places(finding: &Finding) -> String {
    let mut shown: Vec<_> = finding.tallied.sample.iter().map(Place::shown).collect();
    if finding.tallied.n > finding.tallied.sample.len() as u64 {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

fn crashes(verdict: &Verdict) -> Table {
    let mut table = table!(
        "Crashed checks" / "Comprobaciones que no terminaron":
        "module" / "módulo", "tenant" / "inquilino", "check" / "comprobación", "error" / "error",
    );
    for (tenant, crash) in &verdict.crashes {
        table.row(&[&crash.module.word(), tenant, &crash.check, &crash.error]);
    }
    table
}

/// What each issue means and what to do, once; then what concerns the run.
fn notes(verdict: &Verdict) -> Vec<String> {
    let mut notes = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for finding in &verdict.findings {
        let issue = finding.issue();
        if !told.contains(&issue.id) {
            told.push(issue.id);
            notes.push(format!("{}: {}; {}", issue.id, (issue.means)(), (issue.advice)()));
        }
    }
    for finding in &verdict.findings {
        if let Some(silence) = &finding.silenced {
            let (id, reason, until) = (silence.issue.id, &silence.reason, silence.until);
            notes.push(text!(
                "{id} is silenced until {until}: {reason}",
                "{id} está silenciado hasta {until}: {reason}"
            ));
        }
    }
    for (tenant, silence) in &verdict.expired {
        let (id, until) = (silence.issue.id, silence.until);
        notes.push(text!(
            "the silence of {id} in `{tenant}` ended at {until}, so it counts again",
            "el silencio de {id} en `{tenant}` terminó el {until}, así que cuenta de nuevo"
        ));
    }
    for failed in &verdict.failed_fixes {
        let (tenant, relation, error) = (&failed.tenant, failed.relation, &failed.error);
        notes.push(text!(
            "{relation} in `{tenant}` could not be fixed and is as it was: {error}",
            "{relation} en `{tenant}` no se pudo corregir y está como estaba: {error}"
        ));
    }
    notes.dedup();
    notes
}

/// All of it for programs.
pub(crate) fn details(verdict: &Verdict, modules: &Choices<Module>) -> Json {
    let findings = verdict.findings.iter().map(|finding| {
        let issue = finding.issue();
        let sample = finding
            .tallied
            .sample
            .iter()
            .map(|place| json!({ "relation": place.relation, "id": place.key, "detail": place.detail }));
        json!({
            "issue": issue.id,
            "severity": issue.severity.word(),
            "module": issue.module.word(),
            "tenant": finding.tenant,
            "n": finding.tallied.n,
            "fixed": finding.fixed,
            "fixable": issue.fixable,
            "silenced": finding.silenced.as_ref().map(|silence| {
                json!({ "reason": silence.reason, "until": silence.until.rfc3339() })
            }),
            "means": (issue.means)(),
            "advice": (issue.advice)(),
            "sample": sample.collect::<Vec<_>>(),
        })
    });
    let crashes = verdict.crashes.iter().map(|(tenant, crash)| {
        json!({ "tenant": tenant, "module": crash.module.word(), "check": crash.check, "error": crash.error })
    });
    json!({
        "modules": verdict.looked_at(modules).into_iter().map(Module::word).collect::<Vec<_>>(),
        "tenants": verdict.tenants,
        "issues": findings.collect::<Vec<_>>(),
        "crashes": crashes.collect::<Vec<_>>(),
    })
}
