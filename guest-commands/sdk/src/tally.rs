//! What became of things: counted while the work goes on, told at its end.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::report::{Action, Outcome, Report};
use crate::text;

/// What became of things, by what they are and what happened to them. It may stand in a checkpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    counts: Vec<(String, Action, u64)>,
    notes: Vec<String>,
    failed: bool,
}

impl Tally {
    /// Counts `n` things; `subject` is a plural noun as in the names of the relations. Nothing is counted too: what did
    /// not happen is part of a report.
    pub fn add(&mut self, subject: &str, action: Action, n: u64) {
        self.failed |= action == Action::Failed && n > 0;
        match self.counts.iter_mut().find(|count| count.0 == subject && count.1 == action) {
            Some(count) => count.2 += n,
            None => self.counts.push((subject.to_owned(), action, n)),
        }
    }

    /// Takes in another tally.
    pub fn take_in(&mut self, other: &Self) {
        for (subject, action, n) in &other.counts {
            self.add(subject, *action, *n);
        }
        self.notes.extend(other.notes.iter().cloned());
        self.failed |= other.failed;
    }

    /// How many of these things this happened to.
    pub fn of(&self, subject: &str, action: Action) -> u64 {
        self.counts.iter().find(|count| count.0 == subject && count.1 == action).map_or(0, |count| count.2)
    }

    /// How many things of all kinds this happened to.
    pub fn all(&self, action: Action) -> u64 {
        self.counts.iter().filter(|count| count.1 == action).map(|count| count.2).sum()
    }

    /// What was counted, in the order in which it came up.
    pub fn subjects(&self) -> Vec<&str> {
        let mut subjects = Vec::new();
        for (subject, ..) in &self.counts {
            if !subjects.contains(&subject.as_str()) {
                subjects.push(subject);
            }
        }
        subjects
    }

    /// Something worth knowing.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Notes that a part of the work failed, which makes the outcome partial.
    pub fn fail(&mut self, part: &str, error: &Error) {
        let message = &error.message;
        self.note(text!("{part} failed: {message}", "{part} falló: {message}"));
        self.failed = true;
    }

    /// The report: the counts in the order in which they came up, the notes, and `partial` where something failed.
    pub fn report(self, summary: impl Into<String>) -> Report {
        let outcome = if self.failed { Outcome::Partial } else { Outcome::Ok };
        let report = Report::new(summary).outcome(outcome);
        let report =
            self.counts.into_iter().fold(report, |report, (subject, action, n)| report.count(&subject, action, n));
        self.notes.into_iter().fold(report, Report::note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    #[test]
    fn what_is_the_same_is_added_up_in_the_order_in_which_it_came() {
        let mut tally = Tally::default();
        tally.add("chats", Action::Deleted, 2);
        tally.add("messages", Action::Deleted, 0);
        tally.add("chats", Action::Kept, 1);
        let mut other = tally.clone();
        other.note("seen");
        tally.take_in(&other);
        assert_eq!((tally.of("chats", Action::Deleted), tally.of("chats", Action::Failed)), (4, 0));
        tally.add("logs", Action::Deleted, 5);
        assert_eq!(tally.all(Action::Deleted), 9);
        assert_eq!(tally.subjects(), ["chats", "messages", "logs"]);
        let read_back: Tally = serde_json::from_str(&serde_json::to_string(&tally).unwrap()).unwrap();
        assert_eq!(read_back, tally);
        let report = tally.report("done");
        let counts: Vec<_> =
            report.counts.iter().map(|count| (count.subject.as_str(), count.action, count.n)).collect();
        let expected = [
            ("chats", Action::Deleted, 4),
            ("messages", Action::Deleted, 0),
            ("chats", Action::Kept, 2),
            ("logs", Action::Deleted, 5),
        ];
        assert_eq!(counts, expected);
        assert_eq!((report.outcome, report.notes), (Outcome::Ok, vec!["seen".to_owned()]));
    }

    #[test]
    fn what_failed_makes_the_outcome_partial_however_it_is_told() {
        let mut counted = Tally::default();
        counted.add("files", Action::Failed, 0);
        assert_eq!(counted.clone().report("done").outcome, Outcome::Ok);
        counted.add("files", Action::Failed, 1);
        assert_eq!(counted.clone().report("done").outcome, Outcome::Partial);
        let mut whole = Tally::default();
        whole.take_in(&counted);
        assert_eq!(whole.report("done").outcome, Outcome::Partial);
        let mut part = Tally::default();
        part.fail("logs", &Error::new(ErrorCode::Busy, "another writer holds the database"));
        let report = part.report("done");
        assert_eq!(report.outcome, Outcome::Partial);
        assert_eq!(report.notes, ["logs failed: another writer holds the database"]);
    }
}
