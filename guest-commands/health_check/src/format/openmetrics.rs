//! OpenMetrics 1.0: the state of each service, how long it took, and what was measured.

use encargo_sdk::choice::Choice as _;
use encargo_sdk::probes::Status;

use crate::verdict::Verdict;

/// The exposition. A state is one of a set, so what is skipped is never a one that reads as up.
pub(super) fn text(verdict: &Verdict) -> String {
    let mut text = String::from("# TYPE encargo_service stateset\n# HELP encargo_service How a service is.\n");
    for seen in &verdict.seen {
        let one = &seen.observation;
        for status in Status::ALL {
            let (name, word, is_it) = (label(&one.name), status.word(), u8::from(*status == one.status));
            text += &format!("encargo_service{{service=\"{name}\",encargo_service=\"{word}\"}} {is_it}\n");
        }
    }
    text += "# TYPE encargo_service_latency_seconds gauge\n# UNIT encargo_service_latency_seconds seconds\n";
    text += "# HELP encargo_service_latency_seconds How long the answer took.\n";
    for one in verdict.seen.iter().map(|seen| &seen.observation).filter(|one| one.status != Status::Skipped) {
        let (name, seconds) = (label(&one.name), one.milliseconds / 1_000.0);
        text += &format!("encargo_service_latency_seconds{{service=\"{name}\"}} {seconds}\n");
    }
    text += "# TYPE encargo_service_measure gauge\n# HELP encargo_service_measure What was measured of a service.\n";
    for one in verdict.seen.iter().map(|seen| &seen.observation) {
        for measure in &one.measures {
            let (name, what, unit) = (label(&one.name), label(&measure.name), label(&measure.unit));
            let value = measure.value;
            text +=
                &format!("encargo_service_measure{{service=\"{name}\",measure=\"{what}\",unit=\"{unit}\"}} {value}\n");
        }
    }
    text + "# EOF\n"
}

fn label(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use encargo_sdk::probes::Measure;

    use super::*;
    use crate::verdict::samples::observation;

    #[test]
    fn each_service_has_one_state_and_the_text_ends_as_it_should() {
        let mut one = observation("cache", Status::Ok, &[]);
        one.measures.push(Measure { name: "used".to_owned(), value: 2.5, unit: "bytes".to_owned() });
        let text = text(&Verdict::of(&[one, observation("x", Status::Skipped, &[])]));
        assert!(text.contains("encargo_service{service=\"cache\",encargo_service=\"ok\"} 1\n"), "{text}");
        assert!(text.contains("encargo_service{service=\"x\",encargo_service=\"ok\"} 0\n"), "{text}");
        assert!(text.contains("latency_seconds{service=\"cache\"} 0.00025\n"), "{text}");
        assert!(!text.contains("latency_seconds{service=\"x\"}"), "{text}");
        assert!(text.contains("{service=\"cache\",measure=\"used\",unit=\"bytes\"} 2.5\n"), "{text}");
        assert!(text.ends_with("# EOF\n"), "{text}");
    }
}
