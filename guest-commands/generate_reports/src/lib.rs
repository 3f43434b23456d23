//! Reports on a tenant's chats, agents and people: read in one snapshot, added up as they come, written whole or not at all.

mod agents;
mod buckets;
mod checks;
mod document;
mod making;
mod moment;
mod performance;
mod period;
mod quantiles;
mod reading;
mod satisfaction;
mod share;
mod shown;
mod sql;
mod sums;
mod told;
mod usage;
mod written;

use encargo_sdk::prelude::*;
use making::Asked;
use period::Period;
use written::Format;

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Type {
    /// Chats, messages, tokens, when they came.
    Usage,
    /// Response times, and the runs and statements that took longest.
    Performance,
    /// What each agent did.
    Agents,
    /// Ratings, deflection, sentiment.
    Satisfaction,
}

/// Report on use, performance, agents and satisfaction.
///
/// A report is about one period and compares it with the one before. Without `--since` it is the last that is complete: of
/// `--period=monthly`, which is the default, the last month. With `--since` it is the period that this time lies in, and with
/// `--period=custom` the time from `--since` until before `--until`. Periods begin with a day in the tenant's time zone, or
/// that of `--tz`; weeks are those of ISO 8601, and days on which clocks change have 23 or 25 hours. `--since` and `--until`
/// take `2026-01-31` (the beginning of that day there), `2026-01-31T06:00` (there), a time with an offset, or `7d` (seven days
/// ago).
///
/// Chats belong to the period in which they were begun, whatever became of them later; messages and ratings to the one in
/// which they were written. Each figure stands beside its definition. Shares have the number of what they are a share of, and
/// the interval in which they lie with a probability of 95 % (Wilson). Percentiles are exact up to 4,096 values and within
/// 0.1 % beyond.
///
/// What agents did sums to the tenant's totals, and these to what the database itself counts: where they do not, nothing is
/// written, and the run ends with 5. The file does not say when it was made, so the same rows give the same bytes. What took
/// longest comes from what the host remembers: runs inside the tenant that began in the period, and statements in all runs, not
/// in the period alone. Those of this command are left out, and all of them with `--slowest=0`.
///
/// HTML is one page without scripts that fetches nothing, in light and dark, for a mail, a telephone and a printer. Several
/// tenants have a file each.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "all",
    effect = "read-only",
    idempotent = true,
    permissions("read:agents,chats,messages,feedback,sentiments", "check:statements"),
    exit(2, "Options make no sense together, or a time or time zone is none."),
    exit(5, "Parts do not sum to their totals, and no report was written."),
    example("generate_reports", "Report on the last month, on everything, of every tenant."),
    example("generate_reports --type=usage --period=weekly", "Report on the use in the last week."),
    example(
        "generate_reports --tenant=demo --period=custom --since=2026-01-01 --until=2026-02-15 --output=report.md",
        "Report on a time of one's own, as Markdown."
    ),
    example("generate_reports --format=json --output=-", "Write figures for programs to standard output.")
)]
struct GenerateReports {
    /// Report only on these.
    #[arg(name = "type")]
    type_: Choices<Type>,

    /// How long the period is; monthly by default, and custom where `--until` is given.
    period: Option<Period>,

    /// The time that the period lies in, or from when on it is with `--period=custom`.
    since: Option<String>,

    /// Until before when it is; now by default.
    until: Option<String>,

    /// The time zone, such as `Europe/Madrid`; the tenant's by default.
    tz: Option<String>,

    /// How many of the runs and statements that took longest are shown.
    #[arg(default = 10, min = 0, max = 100)]
    slowest: u32,

    /// The format; by default that of the file's suffix, else HTML, and text on standard output.
    format: Option<Format>,

    /// A file, a folder, or `-` for standard output; by default the run's folder among the exports.
    output: Option<Output>,
}

impl Command for GenerateReports {
    fn run(self, run: &Run) -> Result<Report> {
        let asked = Asked {
            types: self.type_,
            period: self.period,
            since: self.since,
            until: self.until,
            tz: self.tz,
            slowest: self.slowest,
        };
        let argument = self.output.map_or("output", |output| output.argument);
        making::make(run, &asked, self.format, argument)
    }
}

export_command!(GenerateReports);
