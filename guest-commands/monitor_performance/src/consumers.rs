//! What uses most of the processor or of the memory, named when an alert is raised.

use std::collections::BTreeMap;

use encargo_sdk::metrics::{self, Process};
use encargo_sdk::prelude::*;

use crate::metric::{Unit, written};

/// Of what the most is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Cpu,
    Memory,
}

/// How many are named.
const NAMED: usize = 3;

/// What processes had used when a figure became too high.
#[derive(Debug, Default)]
pub(crate) struct Consumers {
    before: Option<(Duration, BTreeMap<u32, u64>)>,
}

impl Consumers {
    /// Looks at all processes once, unless that was done since it was forgotten.
    pub(crate) fn look(&mut self, at: Duration) -> Result<()> {
        if self.before.is_none() {
            let used = metrics::processes()?.into_iter().map(|process| (process.id, process.cpu));
            self.before = Some((at, used.collect()));
        }
        Ok(())
    }

    /// The next alert is another one.
    pub(crate) fn forget(&mut self) {
        self.before = None;
    }

    /// What used most, in words; none where it cannot be told.
    pub(crate) fn most(&self, want: Want, at: Duration) -> Result<Option<String>> {
        Ok(named(self.before.as_ref(), want, at, &metrics::processes()?))
    }
}

fn named(
    before: Option<&(Duration, BTreeMap<u32, u64>)>,
    want: Want,
    at: Duration,
    processes: &[Process],
) -> Option<String> {
    let since = before.map(|(since, _)| *since);
    let span = since.map_or(0, |since| at.micros() - since.micros());
    let used = |process: &Process| match want {
        Want::Memory => Some(process.memory),
        // One that began meanwhile has used all of its time since.
        Want::Cpu => before.map(|(_, used)| process.cpu.saturating_sub(used.get(&process.id).copied().unwrap_or(0))),
    };
    let mut all: Vec<_> = processes.iter().filter_map(|process| Some((used(process)?, process))).collect();
    all.retain(|(used, _)| *used > 0);
    all.sort_by(|(one, first), (other, second)| other.cmp(one).then(first.id.cmp(&second.id)));
    let said = all.iter().take(NAMED).filter_map(|(used, process)| {
        let share = match want {
            Want::Memory => written(Unit::Bytes, *used as f64),
            Want::Cpu if span > 0 => written(Unit::Percent, *used as f64 / span as f64 * 100.0),
            Want::Cpu => return None,
        };
        Some(format!("{} ({}) {share}", process.name, process.id))
    });
    Some(said.collect::<Vec<_>>().join(", ")).filter(|said| !said.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(id: u32, cpu: u64, memory: u64) -> Process {
        Process { id, name: format!("p{id}"), cpu, memory }
    }

    #[test]
    fn the_three_that_used_most_since_the_figure_became_too_high_are_named() {
        let second = |n: i64| Duration::from_micros(n * 1_000_000);
        let before = (second(10), BTreeMap::from([(1, 5_000_000), (2, 0), (3, 0), (4, 9_000_000)]));
        let now = vec![
            process(1, 6_000_000, 1),
            process(2, 500_000, 9),
            process(3, 10_000, 5),
            process(4, 9_000_000, 2 << 30),
        ];
        let named = |want, before| named(before, want, second(12), &now);
        assert_eq!(named(Want::Cpu, Some(&before)).unwrap(), "p1 (1) 50.0 %, p2 (2) 25.0 %, p3 (3) 0.5 %");
        assert_eq!(named(Want::Memory, None).unwrap(), "p4 (4) 2.0 GiB, p2 (2) 9 B, p3 (3) 5 B");
        assert_eq!(named(Want::Cpu, None), None);
    }
}
