//! How fast a phase of a run goes, and what is said of how far it is.

use std::time::{Duration, Instant};

use encargo_model::{Language, Progress, Total, text};

use super::measure;
use super::shown::in_few_words;

/// A phase as it was when it began; everything is counted from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The phase's number.
    pub(super) phase: u64,
    at: Instant,
    done: u64,
    /// The first of [`Progress::part`].
    part: u64,
}

/// How fast a phase has gone so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Speed {
    /// Units in a second.
    pub(super) rate: Option<f64>,
    /// How long the rest takes when it goes on so; none at the end, and where nobody knows how much is left.
    pub(super) left: Option<Duration>,
}

impl Pace {
    /// Begins a phase.
    pub(super) fn begin(progress: &Progress, at: Instant) -> Self {
        let part = progress.part().map_or(0, |(part, _)| part);
        Self { phase: progress.number, at, done: progress.done, part }
    }

    /// How fast it has gone until now.
    pub(super) fn speed(&self, progress: &Progress, now: Instant) -> Speed {
        let seconds = now.saturating_duration_since(self.at).as_secs_f64();
        let over = |amount: u64| (amount > 0 && seconds > 0.0).then_some(amount as f64);
        let left = progress.part().filter(|(part, total)| part < total).and_then(|(part, total)| {
            let went = over(part.saturating_sub(self.part))?;
            Duration::try_from_secs_f64(seconds * (total - part) as f64 / went).ok()
        });
        Speed { rate: over(progress.done.saturating_sub(self.done)).map(|went| went / seconds), left }
    }
}

/// How far a phase is: `50%, 3 of 6 records, 2 records/s, 1.5 s left`.
pub(super) fn told(progress: &Progress, speed: Speed, language: Language) -> String {
    let (done, unit) = (progress.done, in_few_words(&progress.unit));
    let percent = progress.percent().unwrap_or_default();
    let far = match progress.total {
        Total::Units(total) if total > 0 => {
            text!("{percent}%, {done} of {total} {unit}", "{percent} %, {done} de {total} {unit}")
        }
        Total::Input { bytes, .. } if bytes > 0 => {
            let size = measure::bytes(bytes);
            text!("{percent}% of {size}, {done} {unit}", "{percent} % de {size}, {done} {unit}")
        }
        _ => text!("{done} {unit}", "{done} {unit}"),
    };
    let mut told = far.get(language).to_owned();
    if let Some(rate) = speed.rate {
        told.push_str(&format!(", {} {unit}/s", measure::rate(rate)));
    }
    if let Some(left) = speed.left {
        let left = measure::milliseconds(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
        told.push_str(text!(", {left} left", ", quedan {left}").get(language));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(done: u64, total: Total) -> Progress {
        Progress { phase: "checking".to_owned(), number: 1, done, total, unit: "records".to_owned() }
    }

    /// What is said of a phase that began so, this many milliseconds later.
    fn after(milliseconds: u64, from: (u64, Total), to: (u64, Total)) -> [String; 2] {
        let begun = Instant::now();
        let pace = Pace::begin(&progress(from.0, from.1), begun);
        let now = progress(to.0, to.1);
        let speed = pace.speed(&now, begun + Duration::from_millis(milliseconds));
        [Language::En, Language::Es].map(|language| told(&now, speed, language))
    }

    #[test]
    fn a_phase_of_units_is_told_with_share_rate_and_time_left() {
        let total = Total::Units(6_000);
        assert_eq!(
            after(2_000, (0, total), (1_500, total)),
            [
                "25%, 1500 of 6000 records, 750 records/s, 6.0 s left",
                "25 %, 1500 de 6000 records, 750 records/s, quedan 6.0 s"
            ]
        );
        // What was done before it began took no time of it.
        let [resumed, _] = after(1_000, (5_000, total), (5_500, total));
        assert_eq!(resumed, "91%, 5500 of 6000 records, 500 records/s, 1.0 s left");
        assert_eq!(after(2_000, (0, total), (6_000, total))[0], "100%, 6000 of 6000 records, 3000 records/s");
    }

    #[test]
    fn a_phase_of_input_has_the_share_and_the_time_left_of_its_bytes() {
        let read = |read: u64| Total::Input { read, bytes: 4 << 20 };
        assert_eq!(
            after(1_000, (0, read(0)), (300, read(1 << 20))),
            [
                "25% of 4.0 MiB, 300 records, 300 records/s, 3.0 s left",
                "25 % de 4.0 MiB, 300 records, 300 records/s, quedan 3.0 s"
            ]
        );
    }

    #[test]
    fn nothing_is_told_that_nobody_knows() {
        for (milliseconds, to, expected) in [
            (2_000, (500, Total::Unknown), "500 records, 250 records/s"),
            (2_000, (0, Total::Unknown), "0 records"),
            (0, (500, Total::Units(1_000)), "50%, 500 of 1000 records"),
            (2_000, (0, Total::Units(1_000)), "0%, 0 of 1000 records"),
            (2_000, (500, Total::Units(0)), "500 records, 250 records/s"),
            (2_000, (500, Total::Input { read: 0, bytes: 0 }), "500 records, 250 records/s"),
            (2_000, (500, Total::Units(400)), "100%, 500 of 400 records, 250 records/s"),
            (
                1,
                (1, Total::Units(u64::MAX)),
                "0%, 1 of 18446744073709551615 records, 1000 records/s, 5124095576 h 1 min left",
            ),
        ] {
            assert_eq!(after(milliseconds, (0, to.1), to)[0], expected);
        }
        // A total that shrinks, and a clock that stands still or goes back.
        assert_eq!(after(1_000, (900, Total::Units(1_000)), (900, Total::Units(10)))[0], "100%, 900 of 10 records");
        let begun = Instant::now();
        let pace = Pace::begin(&progress(0, Total::Units(9)), begun + Duration::from_secs(1));
        assert_eq!(pace.speed(&progress(5, Total::Units(9)), begun), Speed { rate: None, left: None });
    }

    #[test]
    fn a_unit_is_shown_as_text_in_a_few_words() {
        let unit = format!("a\n\u{1b}[2J{}", "x".repeat(1_000));
        let shown =
            told(&Progress { unit, ..progress(5, Total::Unknown) }, Speed { rate: None, left: None }, Language::En);
        assert_eq!(shown, format!("5 a\\n\\u{{1b}}[2J{}…", "x".repeat(34)));
    }
}
