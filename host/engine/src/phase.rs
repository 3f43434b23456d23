//! The phase that a run is in: when one begins, and how much of its input was read since.

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
    /// The number of the phase that the guest speaks of now, from 1, and how many of the stored bytes that the run has
    /// read were read in it.
    pub(crate) fn follow(&mut self, name: &str, done: u64, unit: &str, read: u64) -> (u64, u64) {
        if self.number == 0 || self.name != name || self.unit != unit || done < self.done {
            self.number += 1;
            self.read_before = read;
            name.clone_into(&mut self.name);
            unit.clone_into(&mut self.unit);
        }
        self.done = done;
        (self.number, read.saturating_sub(self.read_before))
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
            assert_eq!(phase.follow(name, done, unit, read), (number, of_phase), "{name} {done} {unit}");
        }
    }
}
