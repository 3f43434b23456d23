//! Asks every service around the platform whether it is well.

mod findings;
pub mod sql;

use encargo_sdk::prelude::*;
use encargo_sdk::probes;
use findings::{Finding, Status, report};

/// What can be asked about, in the order of the report.
const SERVICES: [&str; 7] = ["database", "storage", "schema", "disk", "redis", "celery", "external"];

/// Check whether the services around the platform are well.
///
/// It asks the databases, the file storage, the schema's version and the disk. Redis, Celery and external services
/// are shown as skipped while they are not configured: nothing is known about them, so they are never shown as well.
/// A warning is worth a look and does not fail the check; a failure does, and
/// lost data before all else. With `--verbose` every answer is also a line
/// of the log. This installation itself is checked by `doctor`.
#[derive(Args)]
#[command(
    es = "Comprueba si los servicios de la plataforma están bien.",
    details_es = "Pregunta a las bases de datos, al almacén de archivos, a la versión del esquema y al disco. Redis, Celery y los servicios externos se muestran como omitidos mientras no estén configurados: nada se sabe de ellos, así que nunca se dan por buenos. Un aviso merece una mirada y no hace fallar la comprobación; un fallo sí, y antes que nada los datos perdidos. Con `--verbose` cada respuesta es también una línea del registro. Esta instalación la comprueba `doctor`.",
    scope = "system",
    criticality = "critical",
    effect = "read-only",
    idempotent = true,
    permissions(
        "check:database",
        "check:storage",
        "check:schema",
        "check:disk",
        "check:redis",
        "check:celery",
        "check:external"
    ),
    exit(4, en = "A service failed.", es = "Un servicio falla."),
    exit(
        5,
        en = "A file of the platform is gone, damaged or another's.",
        es = "Un archivo de la plataforma falta, está dañado o es de otro."
    ),
    example("health_check", en = "Check everything.", es = "Comprueba todo."),
    example(
        "health_check --service=database",
        en = "Check the databases only.",
        es = "Comprueba solo las bases de datos."
    )
)]
struct HealthCheck {
    /// Check only these services.
    #[arg(
        es = "Comprueba solo estos servicios.",
        choices("database", "storage", "schema", "disk", "redis", "celery", "external")
    )]
    service: Vec<String>,
}

impl Command for HealthCheck {
    fn run(self, run: &Run) -> Result<Report> {
        let wanted = |service: &&str| self.service.is_empty() || self.service.iter().any(|name| name == service);
        let services: Vec<_> = SERVICES.into_iter().filter(wanted).collect();
        let mut findings = Vec::new();
        let checking = Phase::new(text!("checking", "comprobando"), text!("services", "servicios"));
        for service in run.track(services, checking) {
            let finding = ask(service?)?;
            let (service, status, detail) = (finding.service, finding.status.code(), &finding.detail);
            info!("{service}: {status}, {detail}", service = service, status = status, ms = finding.milliseconds);
            findings.push(finding);
        }
        Ok(report(&findings))
    }
}

/// Asks about one service. A question that cannot be put is a failed service; what concerns the run itself ends it.
fn ask(service: &'static str) -> Result<Finding> {
    match probes::check(service) {
        Ok(found) => {
            let status = match found.status {
                probes::Status::Ok => Status::Ok,
                probes::Status::Warning => Status::Warning,
                probes::Status::Failed => Status::Failed,
                probes::Status::Lost => Status::Lost,
                probes::Status::Skipped => Status::Skipped,
            };
            Ok(Finding { service, status, detail: found.detail, milliseconds: found.milliseconds })
        }
        Err(error) if error.ends_run() => Err(error),
        Err(error) => Ok(Finding { service, status: Status::Failed, detail: error.message, milliseconds: 0.0 }),
    }
}

export_command!(HealthCheck);

#[cfg(test)]
mod tests {
    use encargo_sdk::args::Args;

    use super::*;

    #[test]
    fn every_service_can_be_chosen_and_asked_about() {
        let described: serde_json::Value = serde_json::from_str(HealthCheck::DESCRIPTION).unwrap();
        let texts = |list: &serde_json::Value| -> Vec<String> {
            list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let choices: Vec<_> =
            described["arguments"][0]["choices"].as_array().unwrap().iter().map(|choice| &choice["value"]).collect();
        assert_eq!(choices, SERVICES);
        assert_eq!(texts(&described["permissions"]), SERVICES.map(|service| format!("check:{service}")));
    }
}
