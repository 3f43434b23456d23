//! What was found out, and what the report says of it.

use encargo_sdk::prelude::*;
use serde_json::json;

/// How a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Ok,
    Warning,
    Failed,
    /// What was there is gone, damaged or another's.
    Lost,
    /// Not configured: nothing is known.
    Skipped,
}

impl Status {
    /// The code in JSON and log fields.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Lost => "lost",
            Self::Skipped => "skipped",
        }
    }

    /// The word in the table and in the log.
    pub(crate) fn word(self) -> String {
        match self {
            Self::Ok => text!("ok", "bien"),
            Self::Warning => text!("warning", "aviso"),
            Self::Failed => text!("failed", "falla"),
            Self::Lost => text!("lost", "perdido"),
            Self::Skipped => text!("skipped", "omitido"),
        }
    }
}

/// What was found out about one service.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    pub(crate) service: &'static str,
    pub(crate) status: Status,
    pub(crate) detail: String,
    pub(crate) milliseconds: f64,
}

/// The report: a row a service; a problem when one of them failed, and a failed verification when one lost data.
pub(crate) fn report(findings: &[Finding]) -> Report {
    let number = |status| findings.iter().filter(|finding| finding.status == status).count();
    let (failed, lost) = (number(Status::Failed), number(Status::Lost));
    let outcome = match (lost, failed) {
        (0, 0) => Outcome::Ok,
        (0, _) => Outcome::Problems,
        _ => Outcome::VerificationFailed,
    };
    let columns =
        vec![text!("service", "servicio"), text!("status", "estado"), text!("detail", "detalle"), text!("ms", "ms")];
    let row = |finding: &Finding| {
        let milliseconds = finding.milliseconds;
        vec![finding.service.to_owned(), finding.status.word(), finding.detail.clone(), format!("{milliseconds:.1}")]
    };
    let services: Vec<_> = findings
        .iter()
        .map(|finding| {
            json!({
                "service": finding.service,
                "status": finding.status.code(),
                "detail": finding.detail,
                "milliseconds": finding.milliseconds,
            })
        })
        .collect();
    Report::new(summary(findings.len(), &number))
        .outcome(outcome)
        .count("services", Action::Read, findings.len() as u64)
        .count("services", Action::Failed, (failed + lost) as u64)
        .count("services", Action::Skipped, number(Status::Skipped) as u64)
        .table(text!("Services", "Servicios"), columns, findings.iter().map(row).collect())
        .details(&json!({ "services": services }))
}

/// Only services that answered well count as well; one that is not configured was not asked.
fn summary(all: usize, number: &dyn Fn(Status) -> usize) -> String {
    let (well, skipped) = (number(Status::Ok), number(Status::Skipped));
    let (warned, failed, lost) = (number(Status::Warning), number(Status::Failed), number(Status::Lost));
    if skipped == all {
        return text!("Nothing is known: {skipped} not configured", "No se sabe nada: {skipped} sin configurar");
    }
    let asked = all - skipped;
    let mut summary = text!("{well} of {asked} services are well", "{well} de {asked} servicios están bien");
    for (n, part) in [
        (lost, text!("{lost} lost data", "{lost} con datos perdidos")),
        (failed, text!("{failed} failed", "{failed} con fallo")),
        (warned, text!("{warned} with a warning", "{warned} con aviso")),
        (skipped, text!("{skipped} not configured", "{skipped} sin configurar")),
    ] {
        if n > 0 {
            summary += ", ";
            summary += &part;
        }
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(service: &'static str, status: Status) -> Finding {
        Finding { service, status, detail: "said so".to_owned(), milliseconds: 0.25 }
    }

    #[test]
    fn only_a_failure_is_a_problem_and_a_skipped_service_is_not_well() {
        for (statuses, outcome, summary) in [
            (&[Status::Ok, Status::Ok][..], Outcome::Ok, "2 of 2 services are well"),
            (&[Status::Ok, Status::Warning], Outcome::Ok, "1 of 2 services are well, 1 with a warning"),
            (&[Status::Skipped], Outcome::Ok, "Nothing is known: 1 not configured"),
            (
                &[Status::Ok, Status::Failed, Status::Skipped],
                Outcome::Problems,
                "1 of 2 services are well, 1 failed, 1 not configured",
            ),
            (
                &[Status::Failed, Status::Lost],
                Outcome::VerificationFailed,
                "0 of 2 services are well, 1 lost data, 1 failed",
            ),
        ] {
            let findings: Vec<_> = statuses.iter().map(|&status| finding("disk", status)).collect();
            let report = report(&findings);
            assert_eq!((report.outcome, report.summary.as_str()), (outcome, summary));
        }
    }

    #[test]
    fn the_table_speaks_to_people_and_the_details_to_programs() {
        let report = report(&[finding("redis", Status::Skipped)]);
        assert_eq!(report.tables[0].rows, [["redis", "skipped", "said so", "0.2"]]);
        let details: serde_json::Value = serde_json::from_str(&report.details.unwrap()).unwrap();
        assert_eq!(details["services"][0]["status"], "skipped");
        assert_eq!(details["services"][0]["milliseconds"], 0.25);
    }
}
