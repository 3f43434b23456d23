//! The report as lines of text.

use encargo_sdk::prelude::*;

use super::Told;
use crate::report;

/// A block for each issue that was found, in the order of the report.
pub(super) fn written(told: &Told<'_>) -> String {
    let mut lines = vec![report::summary(told.verdict)];
    for finding in &told.verdict.findings {
        let (issue, n, open) = (finding.issue(), finding.tallied.n, finding.open());
        let (severity, tenant) = (issue.severity.spoken(), &finding.tenant);
        lines.push(String::new());
        lines.push(format!("{} {severity} {tenant}", issue.id));
        lines.push(format!("  {}", (issue.means)()));
        lines.push(text!("  {n} found, {open} left", "  {n} hallados, quedan {open}"));
        lines.push(format!("  {}", report::places(finding)));
        lines.push(format!("  {}", (issue.advice)()));
    }
    for (tenant, crash) in &told.verdict.crashes {
        let (module, check, error) = (crash.module.word(), &crash.check, &crash.error);
        lines.push(String::new());
        lines.push(text!(
            "{module} {tenant}: {check} crashed: {error}",
            "{module} {tenant}: {check} no terminó: {error}"
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}
