//! What was found out, causes first: what stands on something that fails is blocked by it.

use encargo_sdk::prelude::*;
use encargo_sdk::probes::{Observation, Status};

/// From what on a service makes the check end with 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum FailLevel {
    /// A service that fails, or whose check crashed.
    Failed,
    /// A warning, too.
    Warning,
    /// What nothing is known of, too.
    Skipped,
}

/// One service, and what it stands on that is not well either.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) observation: Observation,
    /// The cause that lies deepest.
    pub(crate) blocked_by: Option<String>,
}

impl Seen {
    /// Whether it fails, and because of another one.
    fn is_blocked(&self) -> bool {
        self.blocked_by.is_some() && badness(self.observation.status) >= badness(Status::Crashed)
    }
}

/// Everything that was found out.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    /// Causes first, each before what it blocks; then what needs a look, what is well, and what nothing is known of.
    pub(crate) seen: Vec<Seen>,
}

/// How bad a status is.
fn badness(status: Status) -> u8 {
    match status {
        Status::Lost => 5,
        Status::Failed => 4,
        Status::Crashed => 3,
        Status::Warning => 2,
        Status::Ok => 1,
        Status::Skipped => 0,
    }
}

impl Verdict {
    pub(crate) fn of(observed: &[Observation]) -> Self {
        let mut seen: Vec<_> = observed
            .iter()
            .map(|observation| Seen { observation: observation.clone(), blocked_by: cause(observed, observation) })
            .collect();
        // The place of a dependant is behind its cause's; sorting keeps the order of what is alike.
        let place = |seen: &Seen| {
            let name = seen.blocked_by.as_ref().unwrap_or(&seen.observation.name);
            let of_cause = observed.iter().position(|one| one.name == *name);
            let bad = of_cause.map_or(0, |at| badness(observed[at].status));
            (u8::MAX - bad, of_cause, seen.blocked_by.is_some())
        };
        seen.sort_by_key(place);
        Self { seen }
    }

    /// How many have this status and do not fail because of another one.
    pub(crate) fn number(&self, status: Status) -> usize {
        self.seen.iter().filter(|seen| seen.observation.status == status && !seen.is_blocked()).count()
    }

    /// How many fail because of another one.
    pub(crate) fn blocked(&self) -> usize {
        self.seen.iter().filter(|seen| seen.is_blocked()).count()
    }

    /// How many fail, by whatever.
    pub(crate) fn failing(&self) -> usize {
        self.seen.iter().filter(|seen| badness(seen.observation.status) >= badness(Status::Crashed)).count()
    }

    pub(crate) fn has(&self, status: Status) -> bool {
        self.seen.iter().any(|seen| seen.observation.status == status)
    }

    /// Whether waiting may help: something fails now.
    pub(crate) fn is_failing(&self, level: FailLevel) -> bool {
        self.failing() > 0 || level != FailLevel::Failed && self.has(Status::Warning)
    }

    pub(crate) fn outcome(&self, level: FailLevel) -> Outcome {
        let fails = match level {
            FailLevel::Failed => self.failing() > 0,
            FailLevel::Warning => self.failing() > 0 || self.has(Status::Warning),
            FailLevel::Skipped => self.failing() > 0 || self.has(Status::Warning) || self.has(Status::Skipped),
        };
        match (self.has(Status::Lost), fails) {
            (true, _) => Outcome::VerificationFailed,
            (false, true) => Outcome::Problems,
            (false, false) => Outcome::Ok,
        }
    }
}

/// What lies deepest below a service that is not well and is as bad or worse.
fn cause(observed: &[Observation], observation: &Observation) -> Option<String> {
    let mut deepest = None;
    let mut at = observation;
    // Nothing stands on itself, so a chain is shorter than all there is.
    for _ in 0..observed.len() {
        let is_cause = |one: &&Observation| {
            at.needs.contains(&one.name) && badness(one.status) >= badness(at.status).max(badness(Status::Warning))
        };
        let below = observed.iter().filter(is_cause).max_by_key(|one| badness(one.status));
        match below {
            Some(below) if badness(at.status) >= badness(Status::Warning) => {
                deepest = Some(below.name.clone());
                at = below;
            }
            _ => break,
        }
    }
    deepest
}

/// What a person reads of one service.
pub(crate) fn sentence(seen: &Seen) -> String {
    let detail = &seen.observation.detail;
    match &seen.blocked_by {
        None => detail.clone(),
        Some(cause) => text!("blocked by `{cause}`: {detail}", "bloqueado por `{cause}`: {detail}"),
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    /// A service of these needs.
    pub(crate) fn observation(name: &str, status: Status, needs: &[&str]) -> Observation {
        Observation {
            name: name.to_owned(),
            kind: "tcp".to_owned(),
            status,
            detail: format!("said of {name}"),
            milliseconds: 0.25,
            measures: Vec::new(),
            needs: needs.iter().map(|&name| name.to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::observation;
    use super::*;

    #[test]
    fn causes_come_first_and_what_they_block_behind_them() {
        let verdict = Verdict::of(&[
            observation("well", Status::Ok, &[]),
            observation("jobs", Status::Failed, &["cache"]),
            observation("skipped", Status::Skipped, &["port"]),
            observation("warned", Status::Warning, &["well"]),
            observation("cache", Status::Failed, &["port"]),
            observation("fine", Status::Ok, &["port"]),
            observation("port", Status::Failed, &[]),
            observation("drill", Status::Warning, &["warned"]),
        ]);
        let told: Vec<_> =
            verdict.seen.iter().map(|seen| (seen.observation.name.as_str(), seen.blocked_by.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("port", None),
                ("jobs", Some("port")),
                ("cache", Some("port")),
                ("warned", None),
                ("drill", Some("warned")),
                ("well", None),
                ("fine", None),
                ("skipped", None),
            ]
        );
        assert_eq!((verdict.number(Status::Failed), verdict.blocked(), verdict.failing()), (1, 2, 3));
        assert_eq!(verdict.number(Status::Warning), 2);
        assert_eq!(sentence(&verdict.seen[1]), "blocked by `port`: said of jobs");
    }

    #[test]
    fn services_that_need_each_other_end_the_look_for_a_cause() {
        let verdict =
            Verdict::of(&[observation("a", Status::Failed, &["b"]), observation("b", Status::Failed, &["a"])]);
        assert_eq!(verdict.seen.len(), 2);
    }

    #[test]
    fn the_level_says_what_makes_the_check_fail_and_what_is_lost_is_worst() {
        let outcome = |status, level| Verdict::of(&[observation("a", status, &[])]).outcome(level);
        use FailLevel::{Failed, Skipped, Warning};
        for (status, level, expected) in [
            (Status::Ok, Skipped, Outcome::Ok),
            (Status::Warning, Failed, Outcome::Ok),
            (Status::Warning, Warning, Outcome::Problems),
            (Status::Skipped, Warning, Outcome::Ok),
            (Status::Skipped, Skipped, Outcome::Problems),
            (Status::Crashed, Failed, Outcome::Problems),
            (Status::Failed, Failed, Outcome::Problems),
            (Status::Lost, Failed, Outcome::VerificationFailed),
        ] {
            assert_eq!(outcome(status, level), expected, "{status:?} {level:?}");
        }
    }
}
