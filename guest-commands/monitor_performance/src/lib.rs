//! Watches the machine, the process, the database and the runs for a while, and says what holds them up.

mod alerts;
mod baseline;
mod board;
mod consumers;
mod figures;
mod metric;
mod output;
mod probe;
mod responses;
mod series;
mod sql;
mod told;
mod unavailable;
mod verdict;
mod watching;

use alerts::Rule;
use baseline::Baseline;
use encargo_sdk::metrics;
use encargo_sdk::prelude::*;
use output::Writing;
use told::Told;
use watching::Times;

/// Watch the machine, this process, the database and the runs for a while, and say what holds them up.
///
/// It takes a sample each `--interval`: the processor with what was stolen of it, memory, swap, the disk of the data
/// directory, the network, how long processes waited for what, the limits of the container, the storage of the tenants'
/// rows with the time of a small read, and the runs. The times of the samples are fixed; one that comes late moves none
/// behind it, and one that was missed is counted. What this system does not tell is said, and is never 0.
///
/// An alert is raised where the processor, memory, swap, disk or container was at `--alert-threshold` percent or more in
/// `--alert-samples` of the last `--alert-window` samples, and is over where as many were `--alert-margin` below it. It
/// says who used most. The next one of the same figure within `--cool-down` stands as well and is not said again.
///
/// At the end, also after Ctrl-C, each figure has its least, mean, 95th percentile and most; each resource has what was
/// used of it, what waited for it and what failed in it, and the one that holds up the others is named. Response times are
/// those of the messages of the last `--responses`, and statements those of runs that ended meanwhile.
///
/// On a terminal a table stays where it is; elsewhere each sample is a line, or a record with `--json`. `--output` writes
/// the samples to a file, which `--baseline` compares another time with. What watching itself costs is told at the end.
#[derive(Args)]
#[command(
    scope = "system",
    effect = "read-only",
    idempotent = true,
    permissions("check:machine,process,runs,space,statements", "list:tenants", "read:chats,messages"),
    exit(3, "The rows of some tenants could not be read, or the samples not be written; all else was watched."),
    exit(4, "An alert stands at the end."),
    exit(130, "Ctrl-C ended it; what was seen till then is told."),
    example("monitor_performance", "Watch for ten seconds."),
    example("monitor_performance --duration=60", "Watch for a minute."),
    example("monitor_performance --alert-threshold=90", "End with 4 where something is used up to 90 % for long."),
    example("monitor_performance --duration=1h --interval=10s --output=today.csv", "Keep the samples of an hour."),
    example("monitor_performance --baseline=today.csv", "Compare with them.")
)]
struct MonitorPerformance {
    /// For how long, such as `90s` or `1h`; a number alone is one of seconds. Ten seconds by default.
    #[arg(min = "100ms")]
    duration: Option<Duration>,

    /// How far apart samples are.
    #[arg(default = "1s", min = "100ms")]
    interval: Duration,

    /// How many samples at most; without a duration for as long as they take.
    #[arg(min = 1)]
    count: Option<u64>,

    /// From how many percent of use on an alert is raised.
    #[arg(default = 90, min = 1, max = 100, settings = "alert_threshold")]
    alert_threshold: f64,

    /// In how many of the last samples it has to be reached.
    #[arg(default = 3, min = 1, max = 1000, settings = "alert_samples")]
    alert_samples: u32,

    /// How many of the last samples are looked at.
    #[arg(default = 5, min = 1, max = 1000, settings = "alert_window")]
    alert_window: u32,

    /// How many percent below the threshold an alert is over.
    #[arg(default = 5, min = 0, max = 99, settings = "alert_margin")]
    alert_margin: f64,

    /// For how long the next alert of the same figure is not said.
    #[arg(default = "60s", settings = "cool_down")]
    cool_down: Duration,

    /// Of how long ago on response times are read; with `0s` they are not.
    #[arg(default = "24h", settings = "responses")]
    responses: Duration,

    /// A file that ends with `.jsonl` or `.csv`, into which each sample is written.
    output: Option<Output>,

    /// A file of an earlier `--output`, to compare with.
    baseline: Option<InputFile>,
}

/// For how long without a word.
const DURATION: Duration = Duration::from_micros(10_000_000);
/// How many statements are told.
const STATEMENTS: u32 = 5;

impl Command for MonitorPerformance {
    fn run(self, run: &Run) -> Result<Report> {
        let times = self.times()?;
        let rule = self.rule()?;
        let baseline = self.baseline.map(Baseline::read).transpose()?;
        let file = self.output.map(Writing::begin).transpose()?;
        let watched = watching::watch(run, times, rule, file)?;
        // Who was asked to end says what it has, and reads no more.
        let asks = self.responses.micros() > 0 && !run.cancelled();
        let mut found = asks.then(|| responses::read(run, run.started_at() - self.responses)).transpose()?;
        let is_cancelled = run.cancelled();
        if let Some(found) = &mut found {
            found.is_cut |= is_cancelled;
        }
        let statements = metrics::statements(run.started_at(), STATEMENTS);
        let (statements, no_statements) = match statements {
            Err(error) if error.ends_run() => return Err(error),
            Err(error) => (Vec::new(), Some(error.message)),
            Ok(statements) => (statements, None),
        };
        let told = Told {
            watched: &watched,
            responses: found.as_ref(),
            statements: &statements,
            no_statements: no_statements.as_deref(),
            baseline: baseline.as_ref(),
            is_cancelled,
            in_detail: run.verbosity() > 1,
        };
        Ok(told.report())
    }
}

impl MonitorPerformance {
    fn times(&self) -> Result<Times> {
        let interval = self.interval;
        let fit = |duration: Duration| u64::try_from(duration.micros() / interval.micros().max(1)).unwrap_or_default();
        let count = match (self.count, self.duration) {
            (Some(count), duration) => duration.map_or(count, |duration| fit(duration).min(count)),
            (None, duration) => fit(duration.unwrap_or(DURATION)),
        };
        ensure!(
            count > 0,
            Usage,
            "`--interval` is longer than `--duration`, so there is no sample",
            "`--interval` es más largo que `--duration`, así que no hay ninguna muestra"
        );
        Ok(Times { interval, count })
    }

    fn rule(&self) -> Result<Rule> {
        let (samples, window) = (self.alert_samples, self.alert_window);
        ensure!(
            samples <= window,
            Usage,
            "`--alert-samples` is {samples}, and `--alert-window` has only {window}",
            "`--alert-samples` es {samples}, y `--alert-window` tiene solo {window}"
        );
        let threshold = self.alert_threshold;
        Ok(Rule {
            threshold,
            recovery: (threshold - self.alert_margin).max(0.0),
            samples: samples as usize,
            window: window as usize,
            cool_down: self.cool_down,
        })
    }
}

export_command!(MonitorPerformance);
