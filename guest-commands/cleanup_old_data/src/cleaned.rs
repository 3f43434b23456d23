//! What is cleaned, and what was done to it.

use encargo_sdk::prelude::*;
use encargo_sdk::table::Table;
use serde::{Deserialize, Serialize};

/// One of the things that grow old, in the order in which they are cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Choice)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Target {
    Chats,
    Logs,
    Files,
    Media,
    Analytics,
}

impl Target {
    /// What is counted.
    const fn subject(self) -> &'static str {
        match self {
            Self::Chats => "chats",
            Self::Logs => "logs",
            Self::Files => "temporary_files",
            Self::Media => "media_files",
            Self::Analytics => "analytics_events",
        }
    }
}

/// Why something old is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    LegalHold,
    Pinned,
    Open,
    ExpiresLater,
    UnknownAge,
    /// One of the newest, which are kept however old.
    Last,
    /// What it is now, or what goes with it, is not in the archive.
    NotArchived,
    /// The run was to end before it came to it.
    Later,
}

impl Reason {
    fn words(self, n: u64) -> String {
        match self {
            Self::LegalHold => text!("{n} on legal hold", "{n} en retención legal"),
            Self::Pinned => text!("{n} pinned", "{n} fijados"),
            Self::Open => text!("{n} open", "{n} abiertos"),
            Self::ExpiresLater => text!("{n} expiring later", "{n} que caducan después"),
            Self::Last => text!("{n} among the last", "{n} entre los últimos"),
            Self::NotArchived => text!("{n} not as archived", "{n} no como se archivaron"),
            Self::Later => text!("{n} left for the next run", "{n} para la próxima ejecución"),
            Self::UnknownAge => text!("{n} of unknown age", "{n} de edad desconocida"),
        }
    }
}

/// What was done to one target. Filled in as the work goes on, so that it is right even where that ends early, and kept in
/// the checkpoint of the target's loop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cleaned {
    pub(crate) target: Target,
    /// Old things, whatever became of them.
    pub(crate) matched: u64,
    pub(crate) deleted: u64,
    /// What was deleted with them.
    pub(crate) messages: u64,
    /// Each old thing that is kept is counted under its first reason.
    pub(crate) kept: Vec<(Reason, u64)>,
    /// What could not be deleted.
    pub(crate) failed: u64,
    pub(crate) bytes: u64,
    /// Whether the run was to end before it had come to all.
    #[serde(default)]
    pub(crate) is_cut_short: bool,
    /// What is older than this is old.
    pub(crate) cutoff: Instant,
    pub(crate) oldest: Option<Instant>,
    pub(crate) newest: Option<Instant>,
}

/// What the loop over a target keeps in its checkpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Totals {
    pub(crate) cleaned: Cleaned,
    /// The id up to which to go; none when there was nothing to delete.
    pub(crate) last: Option<i64>,
}

impl Cleaned {
    pub(crate) fn new(target: Target, cutoff: Instant) -> Self {
        Self {
            target,
            matched: 0,
            deleted: 0,
            messages: 0,
            kept: Vec::new(),
            failed: 0,
            bytes: 0,
            is_cut_short: false,
            cutoff,
            oldest: None,
            newest: None,
        }
    }

    /// Takes a deleted thing's age into the oldest and the newest.
    pub(crate) fn age(&mut self, at: Instant) {
        self.oldest = Some(self.oldest.map_or(at, |oldest| oldest.min(at)));
        self.newest = Some(self.newest.map_or(at, |newest| newest.max(at)));
    }

    /// Counts what a run that ended early leaves to the next one. Of files, what was not looked at is not known.
    pub(crate) fn leave_the_rest(&mut self) {
        let left = self.matched.saturating_sub(self.kept() + self.deleted + self.failed);
        if self.is_cut_short && left > 0 {
            self.kept.push((Reason::Later, left));
        }
    }

    /// Counts what is kept for a reason that came up on the way.
    pub(crate) fn keep(&mut self, reason: Reason, n: u64) {
        match self.kept.iter_mut().find(|kept| kept.0 == reason) {
            Some(kept) => kept.1 += n,
            None if n > 0 => self.kept.push((reason, n)),
            None => {}
        }
    }

    pub(crate) fn kept(&self) -> u64 {
        self.kept.iter().map(|(_, n)| n).sum()
    }

    /// The phase in which what is old and not kept is deleted, in this unit.
    pub(crate) fn deleting(&self, unit: &str) -> Phase {
        Phase::new(text!("deleting", "borrando"), unit).of(self.matched.saturating_sub(self.kept()))
    }

    /// Adds a row to the report's table, and what was done, which is this action, to the counts.
    pub(crate) fn tell(&self, tenant: &str, action: Action, table: &mut Table, tally: &mut Tally) {
        let reasons: Vec<_> = self.kept.iter().filter(|(_, n)| *n > 0).map(|&(reason, n)| reason.words(n)).collect();
        let kept = if reasons.is_empty() { "0".to_owned() } else { reasons.join(", ") };
        let time = |at: Option<Instant>| at.map_or_else(|| "-".to_owned(), Instant::rfc3339);
        let (oldest, newest) = (time(self.oldest), time(self.newest));
        let before = self.cutoff.rfc3339();
        let cells: [&dyn std::fmt::Display; 9] =
            [&tenant, &self.target.word(), &before, &self.matched, &self.deleted, &kept, &self.bytes, &oldest, &newest];
        table.row(&cells);

        let subject = self.target.subject();
        tally.add(subject, action, self.deleted);
        if self.target == Target::Chats {
            tally.add("messages", action, self.messages);
        }
        for (action, n) in [(Action::Kept, self.kept()), (Action::Failed, self.failed)] {
            if n > 0 {
                tally.add(subject, action, n);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The row of one target, and the subjects that are counted for it.
    fn told(cleaned: &Cleaned) -> (Vec<String>, Vec<String>) {
        let columns = vec![String::new(); 9];
        let (mut table, mut tally) = (Table { title: String::new(), columns, rows: Vec::new() }, Tally::default());
        cleaned.tell("demo", Action::Deleted, &mut table, &mut tally);
        let subjects = tally.report("").counts.into_iter().map(|count| count.subject).collect();
        (table.rows.remove(0), subjects)
    }

    #[test]
    fn a_row_names_the_reasons_for_which_something_was_kept() {
        let mut chats = Cleaned::new(Target::Chats, Instant::from_micros(3_000_000));
        assert_eq!(told(&chats).0, ["demo", "chats", "1970-01-01T00:00:03Z", "0", "0", "0", "0", "-", "-"]);
        (chats.matched, chats.deleted, chats.bytes) = (6, 3, 12);
        chats.kept = vec![(Reason::LegalHold, 0), (Reason::Pinned, 1), (Reason::Open, 2)];
        chats.age(Instant::from_micros(2_000_000));
        chats.age(Instant::from_micros(1_000_000));
        let row = told(&chats).0;
        assert_eq!(row[3..7], ["6", "3", "1 pinned, 2 open", "12"]);
        assert_eq!(row[7..], ["1970-01-01T00:00:01Z", "1970-01-01T00:00:02Z"]);
    }

    #[test]
    fn what_is_kept_is_not_to_be_deleted() {
        let mut chats = Cleaned { matched: 6, ..Cleaned::new(Target::Chats, Instant::from_micros(0)) };
        assert_eq!(chats.deleting("chats"), Phase::new("deleting", "chats").of(6));
        chats.kept = vec![(Reason::LegalHold, 1), (Reason::Open, 2)];
        assert_eq!(chats.deleting("chats"), Phase::new("deleting", "chats").of(3));
    }

    #[test]
    fn messages_are_counted_with_their_chats_and_with_nothing_else() {
        let subjects = |target| told(&Cleaned::new(target, Instant::from_micros(0))).1;
        assert_eq!(subjects(Target::Chats), ["chats", "messages"]);
        assert_eq!(subjects(Target::Files), ["temporary_files"]);
    }

    #[test]
    fn what_a_run_that_ended_early_has_not_come_to_is_the_next_ones() {
        let whole =
            Cleaned { matched: 9, deleted: 3, failed: 1, ..Cleaned::new(Target::Logs, Instant::from_micros(0)) };
        let mut cut = Cleaned { is_cut_short: true, kept: vec![(Reason::ExpiresLater, 2)], ..whole.clone() };
        for cleaned in [&mut cut, &mut whole.clone()] {
            cleaned.leave_the_rest();
        }
        assert_eq!(cut.kept, [(Reason::ExpiresLater, 2), (Reason::Later, 3)]);
        assert_eq!(whole.kept(), 0);
    }
}
