//! `metrics`: in system scope, and denied elsewhere.

use encargo_sdk::bindings::encargo::metrics::metrics;

use crate::Calls;

/// Microseconds.
const INTERVAL: u64 = 10_000;

pub(crate) fn call(calls: &mut Calls) {
    let begin = |groups: &[&str], interval, span| {
        metrics::begin(&groups.iter().map(|&group| group.to_owned()).collect::<Vec<_>>(), interval, span)
    };
    let all = ["cpu", "load", "memory", "disk", "network", "pressure", "container", "process", "storage", "runs"];
    let begun = calls.told("metrics.begin", begin(&all, INTERVAL, INTERVAL));
    calls.told("metrics.begin", begin(&["weather"], INTERVAL, INTERVAL));
    calls.told("metrics.begin", begin(&["cpu"], INTERVAL - 1, INTERVAL));
    calls.told("metrics.begin", begin(&["cpu"], INTERVAL, u64::MAX));
    if let Some(sampling) = begun {
        let first = calls.told("metrics.sampling.next", sampling.next()).flatten();
        assert!(first.is_some_and(|sample| sample.tick == 0 && sample.readings.len() >= all.len()));
        let second = calls.told("metrics.sampling.next", sampling.next()).flatten();
        assert!(second.is_some_and(|sample| sample.tick == 1 && sample.elapsed >= INTERVAL));
        let none = calls.told("metrics.sampling.next", sampling.next()).flatten();
        assert!(none.is_none());
    }
    let processes = calls.told("metrics.processes", metrics::processes());
    assert!(processes.is_none_or(|processes| !processes.is_empty()));
    calls.told("metrics.statements", metrics::statements(0, 10));
}
