//! `application/health+json` (draft-inadarei-api-health-check-06).

use encargo_sdk::prelude::*;
use encargo_sdk::probes::Status;
use serde_json::{Map, Value, json};

use super::super::report::summary;
use crate::verdict::{FailLevel, Seen, Verdict, sentence};

/// The document. What nothing is known of warns: the format has no word for it, and it is never a pass.
pub(super) fn document(at: Instant, verdict: &Verdict, level: FailLevel) -> Value {
    let worst = match verdict.outcome(level) {
        Outcome::Ok if verdict.seen.iter().all(|seen| seen.observation.status == Status::Ok) => "pass",
        Outcome::Ok => "warn",
        _ => "fail",
    };
    let time = at.rfc3339();
    let mut checks = Map::new();
    for seen in &verdict.seen {
        let one = &seen.observation;
        let mut told = vec![("responseTime", one.milliseconds, "ms")];
        told.extend(one.measures.iter().map(|one| (one.name.as_str(), one.value, one.unit.as_str())));
        for (measure, value, unit) in told {
            checks.insert(format!("{}:{measure}", one.name), json!([check(seen, value, unit, &time)]));
        }
    }
    json!({ "status": worst, "description": summary(verdict), "output": summary(verdict), "checks": checks })
}

fn check(seen: &Seen, value: f64, unit: &str, time: &str) -> Value {
    let one = &seen.observation;
    let status = match one.status {
        Status::Ok => "pass",
        Status::Warning | Status::Skipped => "warn",
        Status::Failed | Status::Lost | Status::Crashed => "fail",
    };
    let mut check = json!({
        "componentType": if matches!(one.kind.as_str(), "database" | "schema" | "redis") { "datastore" } else { "system" },
        "observedValue": value,
        "observedUnit": unit,
        "status": status,
        "time": time,
    });
    if one.status != Status::Ok {
        check["output"] = Value::from(sentence(seen));
    }
    check
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::samples::observation;

    #[test]
    fn what_is_skipped_is_no_pass() {
        for (status, word, whole) in [
            (Status::Ok, "pass", "pass"),
            (Status::Skipped, "warn", "warn"),
            (Status::Warning, "warn", "warn"),
            (Status::Crashed, "fail", "fail"),
        ] {
            let verdict = Verdict::of(&[observation("cache", status, &[])]);
            let document = document(Instant::from_micros(0), &verdict, FailLevel::Failed);
            let check = &document["checks"]["cache:responseTime"][0];
            assert_eq!((&document["status"], &check["status"]), (&Value::from(whole), &Value::from(word)));
            assert_eq!((&check["observedValue"], &check["observedUnit"]), (&Value::from(0.25), &Value::from("ms")));
            assert_eq!(check["output"].is_null(), status == Status::Ok);
        }
    }
}
