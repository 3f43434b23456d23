//! The phase that a run is in: when one begins, and how much of its input was read since.

use encargo_model::{Progress, Total};

use crate::bindings::encargo::run::run as wit;

/// What the guest said last of how far it is.
#[derive(Debug, Default)]
pub(crate) struct Phase {
    number: u64,
    name: String,
    unit: String,
    done: u64,
    /// How many stored bytes of its files the run had read when the phase began.
    read_before: u64,
}

impl Phase {
    /// How far the run is by what the guest says now, and by how many stored bytes of its files it has read.
    pub(crate) fn progress(&mut self, name: String, done: u64, total: wit::Total, unit: String, read: u64) -> Progress {
        if self.number == 0 || self.name != name || self.unit != unit || done < self.done {
            self.number += 1;
            self.read_before = read;
            self.name.clone_from(&name);
            self.unit.clone_from(&unit);
        }
        self.done = done;
        let total = match total {
            wit::Total::Unknown => Total::Unknown,
            wit::Total::Units(units) => Total::Units(units),
            wit::Total::InputBytes(bytes) => Total::Input { read: read.saturating_sub(self.read_before), bytes },
        };
        Progress { phase: name, number: self.number, done, total, unit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_begins_with_another_name_or_unit_or_less_done_and_counts_its_own_input() {
        let mut phase = Phase::default();
        for (name, done, unit, read, number, of_phase) in [
            ("", 0, "", 10, 1, 0),
            ("checking", 0, "records", 10, 2, 0),
            ("checking", 500, "records", 60, 2, 50),
            ("checking", 500, "records", 90, 2, 80),
            ("checking", 0, "records", 110, 3, 0),
            ("checking", 9, "records", 150, 3, 40),
            ("checking", 9, "files", 150, 4, 0),
            ("importing", 9, "files", 170, 5, 0),
            ("importing", 10, "files", 175, 5, 5),
        ] {
            let progress = phase.progress(name.to_owned(), done, wit::Total::InputBytes(100), unit.to_owned(), read);
            let total = Total::Input { read: of_phase, bytes: 100 };
            let expected = Progress { phase: name.to_owned(), number, done, total, unit: unit.to_owned() };
            assert_eq!(progress, expected);
        }
        let mut total_of = |total| phase.progress("importing".to_owned(), 11, total, "files".to_owned(), 200).total;
        assert_eq!(total_of(wit::Total::Unknown), Total::Unknown);
        assert_eq!(total_of(wit::Total::Units(12)), Total::Units(12));
    }
}
