//! What the report says.

use encargo_sdk::prelude::*;
use encargo_sdk::probes::Status;
use serde_json::{Map, Value, json};

use crate::verdict::{FailLevel, Seen, Verdict, sentence};

/// The report: a row a service.
pub(crate) fn report(verdict: &Verdict, level: FailLevel) -> Report {
    let mut table = table!("Services" / "Servicios": "service" / "servicio", "status" / "estado", "ms" / "ms", "detail" / "detalle");
    for seen in &verdict.seen {
        let one = &seen.observation;
        table.row(&[&one.name, &one.status.spoken(), &format_args!("{:.1}", one.milliseconds), &sentence(seen)]);
    }
    Report::new(summary(verdict))
        .outcome(verdict.outcome(level))
        .count("services", Action::Read, verdict.seen.len() as u64)
        .count("services", Action::Failed, verdict.failing() as u64)
        .count("services", Action::Skipped, verdict.number(Status::Skipped) as u64)
        .table(table)
        .details(&details(verdict))
}

/// What a program reads: the services in the order of the report.
pub(crate) fn details(verdict: &Verdict) -> Value {
    let service = |seen: &Seen| {
        let one = &seen.observation;
        let measures: Map<String, Value> = one
            .measures
            .iter()
            .map(|one| (one.name.clone(), json!({ "value": one.value, "unit": one.unit })))
            .collect();
        json!({
            "service": one.name,
            "kind": one.kind,
            "status": one.status.word(),
            "detail": one.detail,
            "blocked_by": seen.blocked_by,
            "milliseconds": one.milliseconds,
            "measures": measures,
        })
    };
    json!({ "services": verdict.seen.iter().map(service).collect::<Vec<_>>() })
}

/// Only services that answered well count as well; one that is not configured was not asked.
pub(crate) fn summary(verdict: &Verdict) -> String {
    let (all, skipped) = (verdict.seen.len(), verdict.number(Status::Skipped));
    if skipped == all {
        return text!("Nothing is known: {skipped} not configured", "No se sabe nada: {skipped} sin configurar");
    }
    let (well, asked) = (verdict.number(Status::Ok), all - skipped);
    let mut summary = text!("{well} of {asked} services well", "{well} de {asked} servicios bien");
    let number = |status| verdict.number(status);
    let [lost, failed, crashed, warned] = [Status::Lost, Status::Failed, Status::Crashed, Status::Warning].map(number);
    let blocked = verdict.blocked();
    for (n, part) in [
        (lost, text!("{lost} lost data", "{lost} con datos perdidos")),
        (failed, text!("{failed} failed", "{failed} con fallo")),
        (crashed, text!("{crashed} crashed", "{crashed} sin terminar")),
        (blocked, text!("{blocked} blocked", "{blocked} bloqueados")),
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
    use crate::verdict::samples::observation;

    #[test]
    fn a_skipped_service_is_not_well() {
        for (statuses, summary) in [
            (&[Status::Ok, Status::Ok][..], "2 of 2 services well"),
            (&[Status::Ok, Status::Warning], "1 of 2 services well, 1 with a warning"),
            (&[Status::Skipped], "Nothing is known: 1 not configured"),
            (&[Status::Ok, Status::Failed, Status::Skipped], "1 of 2 services well, 1 failed, 1 not configured"),
            (&[Status::Crashed, Status::Lost], "0 of 2 services well, 1 lost data, 1 crashed"),
        ] {
            let observed: Vec<_> = statuses.iter().map(|&status| observation("a", status, &[])).collect();
            assert_eq!(super::summary(&Verdict::of(&observed)), summary);
        }
    }

    #[test]
    fn the_table_speaks_to_people_and_the_details_to_programs() {
        let observed = [observation("cache", Status::Failed, &[]), observation("jobs", Status::Failed, &["cache"])];
        let report = report(&Verdict::of(&observed), FailLevel::Failed);
        assert_eq!(report.tables[0].rows[1], ["jobs", "failed", "0.2", "blocked by `cache`: said of jobs"]);
        let details: Value = serde_json::from_str(&report.details.unwrap()).unwrap();
        assert_eq!(details["services"][1]["blocked_by"], "cache");
        assert_eq!(details["services"][0]["milliseconds"], 0.25);
    }
}
