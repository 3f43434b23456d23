//! Says how messages of customers feel.

mod agents;
mod analysing;
pub mod engine;
mod explaining;
mod metrics;
pub mod reading;
mod sql;
mod told;

use encargo_sdk::prelude::*;

/// Say how the messages of customers feel, and how agents, days and chats fare by that.
///
/// Each message that a customer wrote in Spanish or English gets a label (negative, neutral, positive), a score from -1 to 1, a
/// confidence from 0 to 1 and the version of the engine. Where the engine is too unsure, where a message is in another
/// language, or where there is nothing in it to be read (links, numbers), the label is `unknown`: such messages are counted
/// apart and are in no mean. The same text in the same chat has the same result on every machine. Of a message the first 20,000
/// characters count; links, addresses and `@names` are masked.
///
/// What this version has judged is not judged again, and what others have said of a message, people for instance, stays as it
/// is. So a second run changes nothing; `--reanalyze` judges everything of its own anew. Messages are judged in batches, a
/// transaction each: a run that is interrupted keeps what it did, and messages that come meanwhile are the next run's.
///
/// The tables tell of the messages of the chosen time and agent, also of those that were judged before. The worst chats are
/// those whose customers' mean is the lowest, where one of a few messages counts for less. How far the engine can be trusted
/// stands in `guest-commands/analyze_sentiment/model/CARD.md`.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "all",
    effect = "changes",
    idempotent = true,
    permissions("read:messages,chats,agents,sentiments", "insert,update:sentiments"),
    conflicts("days", "since"),
    conflicts("days", "until"),
    exit(10, "There is no such agent in any of the tenants."),
    example("analyze_sentiment", "Judge all messages that were not judged yet, in every tenant."),
    example("analyze_sentiment --days=7", "Judge the messages of the last seven days."),
    example(
        "analyze_sentiment --tenant=demo --agent=sales --explain",
        "Show what one agent's unhappiest customers said."
    ),
    example("analyze_sentiment --since=2026-01-01 --until=2026-02-01", "Judge the messages of a month.")
)]
struct AnalyzeSentiment {
    /// Only the messages of the last so many days.
    #[arg(min = 1, max = 36500)]
    days: Option<u32>,

    /// Only the chats of this agent: its id, its slug or its name.
    agent: Option<String>,

    /// Only messages of this time or later.
    since: Option<Instant>,

    /// Only messages before this time.
    until: Option<Instant>,

    /// Judge again what this or an earlier version has judged.
    reanalyze: bool,

    /// Show the unhappiest messages with the words that made them so.
    explain: bool,

    /// How many of the worst chats are shown, and with `--explain` how many messages.
    #[arg(default = 10, min = 0, max = 1000)]
    worst: u32,

    /// Judge so many messages in one transaction.
    #[arg(default = 5000, min = 1, max = 100_000, tuning)]
    batch_size: u32,
}

/// Which messages are meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen {
    since: i64,
    until: i64,
    /// None is 0.
    agent: i64,
}

impl Command for AnalyzeSentiment {
    fn run(self, run: &Run) -> Result<Report> {
        let database = run.database()?;
        let agent = match self.agent.as_deref() {
            Some(word) => match agents::named(&database, word)? {
                Some(agent) => agent,
                None => return agents::nobody(&database, word),
            },
            None => 0,
        };
        let days = self.days.map(|days| run.started_at() - Duration::days(days.into()));
        let chosen = Chosen {
            since: days.or(self.since).map_or(i64::MIN, Instant::micros),
            until: self.until.map_or(i64::MAX, Instant::micros),
            agent,
        };
        ensure!(
            chosen.since < chosen.until,
            Usage,
            "`--since` is not before `--until`",
            "`--since` no es anterior a `--until`"
        );
        let done = analysing::analyse(run, &database, chosen, self.reanalyze, self.batch_size)?;
        let shown =
            metrics::Shown { chats: self.worst as usize, messages: if self.explain { self.worst as usize } else { 0 } };
        let metrics = metrics::gather(run, &database, chosen, shown)?;
        let reasons = explaining::reasons(&database, &metrics.unhappiest)?;
        Ok(told::report(&done, &metrics, &reasons, &agents::all(&database)?))
    }
}

export_command!(AnalyzeSentiment);
