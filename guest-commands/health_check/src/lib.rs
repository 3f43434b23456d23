//! Asks every service around the platform whether it is well.

mod findings;

use encargo_sdk::prelude::*;
use encargo_sdk::probes;
use findings::{Service, report};

/// Check whether the services around the platform are well.
///
/// It asks the databases, the file storage, the schema's version and the disk. Redis, Celery and external services
/// are shown as skipped while they are not configured: nothing is known about them, so they are never shown as well.
/// A warning is worth a look and does not fail the check; a failure does, and
/// lost data before all else. With `--verbose` every answer is also a line
/// of the log. This installation itself is checked by `doctor`.
#[derive(Args)]
#[command(
    scope = "system",
    criticality = "critical",
    effect = "read-only",
    idempotent = true,
    permissions("check:database,storage,schema,disk,redis,celery,external"),
    exit(4, "A service failed."),
    exit(5, "A file of the platform is gone, damaged or another's."),
    example("health_check", "Check everything."),
    example("health_check --service=database", "Check the databases only.")
)]
struct HealthCheck {
    /// Check only these services.
    service: Choices<Service>,
}

impl Command for HealthCheck {
    fn run(self, run: &Run) -> Result<Report> {
        let checking = Phase::new(text!("checking", "comprobando"), text!("services", "servicios"));
        let mut findings = Vec::new();
        for service in run.track(self.service.iter(), checking) {
            let service = service?;
            let finding = ask(service)?;
            let (name, status, detail) = (service.word(), finding.status.spoken(), &finding.detail);
            let code = finding.status.word();
            info!("{name}: {status}, {detail}", service = name, status = code, ms = finding.milliseconds);
            findings.push((service, finding));
        }
        Ok(report(&findings))
    }
}

/// Asks about one service. A question that cannot be put is a failed service; what concerns the run itself ends it.
fn ask(service: Service) -> Result<probes::Finding> {
    probes::check(service.word()).or_else(|error| match error.ends_run() {
        true => Err(error),
        false => Ok(probes::Finding { status: probes::Status::Failed, detail: error.message, milliseconds: 0.0 }),
    })
}

export_command!(HealthCheck);

#[cfg(test)]
mod tests {
    use encargo_sdk::args::Args;

    use super::*;

    #[test]
    fn every_service_may_be_asked_about() {
        let described: serde_json::Value = serde_json::from_str(HealthCheck::DESCRIPTION).unwrap();
        let permissions: Vec<_> =
            described["permissions"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        let services: Vec<_> = Service::ALL.iter().map(|service| format!("check:{}", service.word())).collect();
        assert_eq!(permissions, services);
    }
}
