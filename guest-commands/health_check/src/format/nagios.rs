//! The one line of a Nagios plugin: `WORD - sentence | performance data`, whose word says what the plugin ends with.

use encargo_sdk::prelude::*;
use encargo_sdk::probes::Status;

use super::plain;
use crate::report::summary;
use crate::verdict::{FailLevel, Verdict, sentence};

/// The line; what only warns is WARNING, and where nothing is known it is UNKNOWN.
pub(super) fn line(verdict: &Verdict, level: FailLevel) -> String {
    let is_known = verdict.seen.iter().any(|seen| seen.observation.status != Status::Skipped);
    let word = match verdict.outcome(level) {
        Outcome::Ok if !is_known => "UNKNOWN",
        Outcome::Ok if verdict.has(Status::Warning) => "WARNING",
        Outcome::Ok => "OK",
        _ => "CRITICAL",
    };
    let worst = verdict.seen.iter().find(|seen| !matches!(seen.observation.status, Status::Ok | Status::Skipped));
    let worst = worst.map(|seen| format!("; {}: {}", seen.observation.name, sentence(seen))).unwrap_or_default();
    // A bar begins the performance data.
    let told = plain(&format!("{}{worst}", summary(verdict))).replace('|', "/");
    let asked = verdict.seen.iter().filter(|seen| seen.observation.status != Status::Skipped);
    let data: Vec<_> =
        asked.map(|seen| format!("'{}'={:.1}ms", seen.observation.name, seen.observation.milliseconds)).collect();
    format!("HEALTH {word} - {told} | {}\n", data.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::samples::observation;

    #[test]
    fn the_word_says_how_the_plugin_ends() {
        let of = |status| line(&Verdict::of(&[observation("cache", status, &[])]), FailLevel::Failed);
        assert_eq!(of(Status::Ok), "HEALTH OK - 1 of 1 services well | 'cache'=0.2ms\n");
        assert!(of(Status::Warning).starts_with("HEALTH WARNING - "));
        assert!(of(Status::Failed).starts_with("HEALTH CRITICAL - 0 of 1 services well, 1 failed; cache: said"));
        assert!(of(Status::Skipped).starts_with("HEALTH UNKNOWN - "));
    }
}
