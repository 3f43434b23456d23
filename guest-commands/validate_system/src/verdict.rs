//! What becomes of what was found: silenced, mended, or open and then counted by how bad it is.

use encargo_sdk::choice::Choices;
use encargo_sdk::prelude::*;

use crate::found::{Crash, Found, Tallied};
use crate::issues::{Issue, storage};
use crate::module::Module;
use crate::severity::Severity;
use crate::silences::Silence;

/// An issue in one tenant, or in the installation.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// Empty for the installation.
    pub(crate) tenant: String,
    pub(crate) tallied: Tallied,
    /// How many of them were mended.
    pub(crate) fixed: u64,
    /// Why it does not count.
    pub(crate) silenced: Option<Silence>,
}

impl Finding {
    /// How many are left.
    pub(crate) fn open(&self) -> u64 {
        self.tallied.n - self.fixed
    }

    /// Whether it makes a run end with problems.
    pub(crate) fn counts(&self, fail_level: Severity) -> bool {
        self.silenced.is_none() && self.open() > 0 && self.tallied.issue.severity >= fail_level
    }

    /// Whether it is one of this tenant's that can be mended and is not accepted as it is.
    pub(crate) fn is_mendable(&self, tenant: &str) -> bool {
        self.tenant == tenant && self.silenced.is_none() && self.tallied.issue.fixable
    }

    pub(crate) fn issue(&self) -> &'static Issue {
        self.tallied.issue
    }
}

/// A mending that did not succeed and was taken back.
#[derive(Debug, Clone)]
pub(crate) struct FailedFix {
    pub(crate) tenant: String,
    pub(crate) relation: &'static str,
    pub(crate) error: String,
}

/// All that was found.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) tenants: Vec<String>,
    /// Whether the commands were looked at, too.
    pub(crate) of_installation: bool,
    pub(crate) findings: Vec<Finding>,
    /// With the tenant.
    pub(crate) crashes: Vec<(String, Crash)>,
    pub(crate) failed_fixes: Vec<FailedFix>,
    /// Silences that are over, with the tenant.
    pub(crate) expired: Vec<(String, Silence)>,
}

impl Verdict {
    /// Takes in what was found in one tenant.
    pub(crate) fn take_in(&mut self, tenant: &str, found: Found, silences: &[Silence], now: Instant) {
        for tallied in found.issues {
            let of_issue = || silences.iter().filter(|silence| silence.issue == tallied.issue);
            let silenced = of_issue().find(|silence| silence.until > now).cloned();
            if silenced.is_none() {
                self.expired.extend(of_issue().map(|silence| (tenant.to_owned(), silence.clone())));
            }
            self.findings.push(Finding { tenant: tenant.to_owned(), tallied, fixed: 0, silenced });
        }
        self.crashes.extend(found.crashes.into_iter().map(|crash| (tenant.to_owned(), crash)));
    }

    /// A mending that failed leaves the run partial; a problem that counts, or a look that was not taken, makes it one
    /// with problems.
    pub(crate) fn outcome(&self, fail_level: Severity) -> Outcome {
        if !self.failed_fixes.is_empty() {
            Outcome::Partial
        } else if !self.crashes.is_empty() || self.findings.iter().any(|finding| finding.counts(fail_level)) {
            Outcome::Problems
        } else {
            Outcome::Ok
        }
    }

    /// Those of the modules that were looked at.
    pub(crate) fn looked_at(&self, modules: &Choices<Module>) -> Vec<Module> {
        modules.iter().filter(|module| *module != Module::Commands || self.of_installation).collect()
    }

    /// Whether nothing of a tenant could be looked at.
    pub(crate) fn is_unopened(&self, tenant: &str) -> bool {
        self.findings.iter().any(|finding| finding.tenant == tenant && *finding.issue() == storage::UNOPENED)
    }

    /// How many faults a choice of the findings has.
    pub(crate) fn sum(&self, of: impl Fn(&Finding) -> u64) -> u64 {
        self.findings.iter().map(of).sum()
    }

    /// The worst first, then by id and tenant.
    pub(crate) fn sort(&mut self) {
        self.findings.sort_by(|one, other| {
            let rank = |finding: &Finding| (std::cmp::Reverse(finding.issue().severity), finding.issue().id);
            rank(one).cmp(&rank(other)).then_with(|| one.tenant.cmp(&other.tenant))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issues::{chats, media};

    fn found(issues: &[&'static Issue]) -> Found {
        let mut found = Found::new(5);
        issues.iter().for_each(|issue| found.note(issue, "chats", "", || "1".to_owned()));
        found
    }

    fn verdict(found: Found, silences: &[Silence]) -> Verdict {
        let mut verdict = Verdict::default();
        verdict.take_in("demo", found, silences, Instant::from_micros(100));
        verdict
    }

    #[test]
    fn what_is_bad_enough_counts_and_a_crash_and_a_failed_fix_always_do() {
        let outcome = |verdict: &Verdict| verdict.outcome(Severity::Error);
        assert_eq!(outcome(&verdict(found(&[]), &[])), Outcome::Ok);
        assert_eq!(outcome(&verdict(found(&[&media::UNKNOWN]), &[])), Outcome::Ok);
        assert_eq!(verdict(found(&[&media::UNKNOWN]), &[]).outcome(Severity::Warning), Outcome::Problems);
        let mut fixed = verdict(found(&[&chats::WITHOUT_AGENT]), &[]);
        assert_eq!(outcome(&fixed), Outcome::Problems);
        fixed.findings[0].fixed = 1;
        assert_eq!(outcome(&fixed), Outcome::Ok);
        let error = || "broken".to_owned();
        fixed.crashes = vec![("demo".to_owned(), Crash { module: Module::Logs, check: error(), error: error() })];
        assert_eq!(fixed.outcome(Severity::Critical), Outcome::Problems);
        fixed.failed_fixes = vec![FailedFix { tenant: error(), relation: "chats", error: error() }];
        assert_eq!(outcome(&fixed), Outcome::Partial);
    }

    #[test]
    fn a_silence_holds_until_its_time_and_then_the_issue_counts_and_the_silence_is_told() {
        let silence = |until| Silence {
            issue: &chats::WITHOUT_AGENT,
            reason: "known".to_owned(),
            until: Instant::from_micros(until),
        };
        let held = verdict(found(&[&chats::WITHOUT_AGENT]), &[silence(50), silence(101)]);
        assert_eq!((held.outcome(Severity::Error), held.expired.len()), (Outcome::Ok, 0));
        let over = verdict(found(&[&chats::WITHOUT_AGENT]), &[silence(100)]);
        assert_eq!((over.outcome(Severity::Error), over.expired.len()), (Outcome::Problems, 1));
    }

    #[test]
    fn the_worst_comes_first() {
        let mut verdict = verdict(found(&[&media::UNKNOWN, &chats::WITHOUT_AGENT, &media::SIZE, &chats::CROSSED]), &[]);
        verdict.sort();
        let ids: Vec<_> = verdict.findings.iter().map(|finding| finding.issue().id).collect();
        assert_eq!(ids, ["chats.C006", "chats.E001", "media.E003", "media.W002"]);
    }
}
