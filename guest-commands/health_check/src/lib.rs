//! Asks every service around the platform whether it is well.

mod format;
mod report;
mod verdict;
mod waiting;

use encargo_sdk::prelude::*;
use encargo_sdk::probes;
use format::Format;
use verdict::{FailLevel, sentence};
use waiting::Question;

/// Check whether the services around the platform are well.
///
/// It asks the databases, the file storage, the schema's version, the disk, the clock, and how old the newest backup and
/// the last drill are; and of the network what the operator named in `[services]` of `encargo.toml` or in variables, all
/// at once: Redis, Celery's queues and the heartbeats of its workers, mail servers, addresses of the web with their
/// certificates, and ports. Nothing is enqueued, sent or changed. No other address can be asked. What is not
/// configured is skipped: nothing is known about it, so it is never shown as well. A service that hangs has failed when
/// its time is over.
///
/// What fails comes first, and what stands on it is told as blocked by it. A warning, such as a missing backup, is worth
/// a look and does not fail the check unless `--fail-level` says so; a failure does, and lost data before all else. With
/// `--verbose` every answer is shown, and is a line of the log. This installation itself is checked by `doctor`.
#[derive(Args)]
#[command(
    scope = "system",
    criticality = "critical",
    effect = "read-only",
    idempotent = true,
    permissions(
        "check:database,storage,schema,disk,clock,backup,drill,redis,celery,smtp,external,tcp,scheduler,workers"
    ),
    requires("output", "format"),
    exit(2, "There is no such service."),
    exit(4, "A service failed, or its check did not come to its end."),
    exit(5, "A file of the platform is gone, damaged or another's."),
    example("health_check", "Check everything."),
    example("health_check --service=database", "Check the databases only."),
    example("health_check --service=redis --wait=60s", "Wait for Redis, for a minute at most."),
    example("health_check --format=openmetrics --output=health.prom", "Write metrics for Prometheus.")
)]
struct HealthCheck {
    /// Check only these: a service's name, or a kind such as `external` for all services of it.
    service: Vec<String>,

    /// From what on the check ends with 4.
    #[arg(default = "failed")]
    fail_level: FailLevel,

    /// How long one service may take to answer.
    #[arg(default = "5s", min = "1ms", max = "1h")]
    service_timeout: Duration,

    /// How long all of them may take.
    #[arg(default = "15s", min = "1ms", max = "1h")]
    deadline: Duration,

    /// Ask again each second until nothing fails, for this long at most.
    wait: Option<Duration>,

    /// Write the answer for other programs.
    format: Option<Format>,

    /// Where to: a file, a folder, or `-` for standard output.
    #[arg(default = "-")]
    output: Output,
}

impl Command for HealthCheck {
    fn run(self, run: &Run) -> Result<Report> {
        let names = match self.service.as_slice() {
            [] => probes::list(),
            names if names.iter().any(|name| name == "all") => probes::list(),
            names => names.to_vec(),
        };
        let (each, all, wait, level) = (self.service_timeout, self.deadline, self.wait, self.fail_level);
        let verdict = waiting::ask(run, &Question { names, each, all, wait, level })?;
        for seen in &verdict.seen {
            let one = &seen.observation;
            let (name, status, detail) = (&one.name, one.status.spoken(), sentence(seen));
            let code = one.status.word();
            info!("{name}: {status}, {detail}", service = name, status = code, ms = one.milliseconds);
        }
        if let Some(format) = self.format {
            format::write(format, self.output, run, &verdict, level)?;
        }
        Ok(report::report(&verdict, level))
    }
}

export_command!(HealthCheck);

#[cfg(test)]
mod tests {
    use encargo_sdk::args::Args;

    use super::*;

    #[test]
    fn no_address_can_be_given_and_each_kind_is_a_permission_of_its_own() {
        let described: serde_json::Value = serde_json::from_str(HealthCheck::DESCRIPTION).unwrap();
        let permissions = described["permissions"].as_array().unwrap();
        assert_eq!(permissions.len(), 14);
        assert!(permissions.iter().all(|permission| permission.as_str().unwrap().starts_with("check:")));
    }
}
