//! How far a run is.

/// How far a run is in one of its phases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What the run does now, such as `checking`, in its language.
    pub phase: String,
    /// Which of the run's phases that is, from 1: two that follow each other may have one name.
    pub number: u64,
    /// Units done.
    pub done: u64,
    /// How much there is to do.
    pub total: Total,
    /// A plural noun.
    pub unit: String,
}

/// How much a phase has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Nobody knows.
    Unknown,
    /// So many units.
    Units(u64),
    /// So many stored bytes of input.
    Input {
        /// Those that were read since the phase began, as the host counted them.
        read: u64,
        /// All of them.
        bytes: u64,
    },
}

impl Progress {
    /// How much is done and how much there is to do, in units or in bytes of input; none where nobody knows or there is
    /// nothing to do. A command may say less than it does, so the first is cut to the second.
    pub fn part(&self) -> Option<(u64, u64)> {
        let (done, total) = match self.total {
            Total::Unknown => return None,
            Total::Units(total) => (self.done, total),
            Total::Input { read, bytes } => (read, bytes),
        };
        (total > 0).then_some((done.min(total), total))
    }

    /// The share that is done, in whole percent and never rounded up.
    pub fn percent(&self) -> Option<u8> {
        let (done, total) = self.part()?;
        u8::try_from(u128::from(done) * 100 / u128::from(total)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_true_and_stays_within_all_of_it_whatever_a_command_says() {
        for (done, total, part, percent) in [
            (5, Total::Unknown, None, None),
            (5, Total::Units(0), None, None),
            (0, Total::Units(3), Some((0, 3)), Some(0)),
            (2, Total::Units(3), Some((2, 3)), Some(66)),
            (7, Total::Units(3), Some((3, 3)), Some(100)),
            (u64::MAX - 1, Total::Units(u64::MAX), Some((u64::MAX - 1, u64::MAX)), Some(99)),
            (900, Total::Input { read: 1, bytes: 4 }, Some((1, 4)), Some(25)),
            (0, Total::Input { read: 9, bytes: 4 }, Some((4, 4)), Some(100)),
            (900, Total::Input { read: 0, bytes: 0 }, None, None),
        ] {
            let progress = Progress { phase: String::new(), number: 1, done, total, unit: String::new() };
            assert_eq!((progress.part(), progress.percent()), (part, percent), "{progress:?}");
        }
    }
}
