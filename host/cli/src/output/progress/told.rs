//! What is said of how far a run is: as a line, and with a bar.

use encargo_model::{Language, Progress, Total, text};

use super::pace::Speed;
use crate::output::measure;
use crate::output::shown::in_few_words;

/// How many characters a bar has.
const BAR: usize = 12;

/// `importing: 3 records`, with the tenant before it or the command.
pub(super) fn line(who: Option<&str>, progress: &Progress, speed: Speed, language: Language) -> String {
    let who = who.map_or(String::new(), |who| format!("{who}: "));
    format!("{who}{}: {}", in_few_words(&progress.phase), told(progress, speed, language))
}

/// `importing ██████░░░░░░ 50%, 3 of 6 records`, with the tenant before it; as a line where nobody knows the share.
pub(super) fn bar(tenant: Option<&str>, progress: &Progress, speed: Speed, language: Language) -> String {
    let Some((part, total)) = progress.part() else { return line(tenant, progress, speed, language) };
    let full = usize::try_from(u128::from(part) * BAR as u128 / u128::from(total)).unwrap_or(BAR);
    let bar = ["█".repeat(full), "░".repeat(BAR - full)].concat();
    let tenant = tenant.map_or(String::new(), |tenant| format!("{tenant}: "));
    format!("{tenant}{} {bar} {}", in_few_words(&progress.phase), told(progress, speed, language))
}

/// How far a phase is: `50%, 1.5 s left, 3 of 6 records, 2 records/s`. A narrow terminal cuts the end.
fn told(progress: &Progress, speed: Speed, language: Language) -> String {
    let (done, unit) = (progress.done, in_few_words(&progress.unit));
    let mut parts = Vec::new();
    if let Some(percent) = progress.percent() {
        parts.push(match progress.total {
            Total::Input { bytes, .. } => {
                let size = measure::bytes(bytes);
                text!("{percent}% of {size}", "{percent} % de {size}")
            }
            _ => text!("{percent}%", "{percent} %"),
        });
    }
    if let Some(left) = speed.left {
        let left = measure::milliseconds(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
        parts.push(text!("{left} left", "quedan {left}"));
    }
    parts.push(match progress.total {
        Total::Units(total) if total > 0 => text!("{done} of {total} {unit}", "{done} de {total} {unit}"),
        _ => text!("{done} {unit}", "{done} {unit}"),
    });
    if let Some(rate) = speed.rate {
        let rate = measure::rate(rate);
        parts.push(text!("{rate} {unit}/s", "{rate} {unit}/s"));
    }
    parts.iter().map(|part| part.get(language)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::super::pace::Pace;
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
                "25%, 6.0 s left, 1500 of 6000 records, 750 records/s",
                "25 %, quedan 6.0 s, 1500 de 6000 records, 750 records/s"
            ]
        );
        // What was done before it began took no time of it.
        let [resumed, _] = after(1_000, (5_000, total), (5_500, total));
        assert_eq!(resumed, "91%, 1.0 s left, 5500 of 6000 records, 500 records/s");
        assert_eq!(after(2_000, (0, total), (6_000, total))[0], "100%, 6000 of 6000 records, 3000 records/s");
    }

    #[test]
    fn a_phase_of_input_has_the_share_and_the_time_left_of_its_bytes() {
        let read = |read: u64| Total::Input { read, bytes: 4 << 20 };
        assert_eq!(
            after(1_000, (0, read(0)), (300, read(1 << 20))),
            [
                "25% of 4.0 MiB, 3.0 s left, 300 records, 300 records/s",
                "25 % de 4.0 MiB, quedan 3.0 s, 300 records, 300 records/s"
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
            (1, (1, Total::Units(u64::MAX)), "0%, 1 of 18446744073709551615 records, 1000 records/s"),
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

    #[test]
    fn a_bar_is_as_full_as_its_share_whatever_a_command_says() {
        let shown = |done, total| {
            let progress = progress(done, total);
            let speed = Speed { rate: Some(2_000.0), left: progress.part().map(|_| Duration::from_secs(3)) };
            bar(Some("demo"), &progress, speed, Language::En)
        };
        for (done, total, expected) in [
            (3, Total::Units(6), "demo: checking ██████░░░░░░ 50%, 3.0 s left, 3 of 6 records, 2000 records/s"),
            (9, Total::Units(6), "demo: checking ████████████ 100%, 3.0 s left, 9 of 6 records, 2000 records/s"),
            (
                1,
                Total::Units(u64::MAX),
                "demo: checking ░░░░░░░░░░░░ 0%, 3.0 s left, 1 of 18446744073709551615 records",
            ),
            (
                9,
                Total::Input { read: 1, bytes: 3 },
                "demo: checking ████░░░░░░░░ 33% of 3 B, 3.0 s left, 9 records, 2000 records/s",
            ),
            (9, Total::Units(0), "demo: checking: 9 records, 2000 records/s"),
            (9, Total::Unknown, "demo: checking: 9 records, 2000 records/s"),
        ] {
            assert!(shown(done, total).starts_with(expected), "{}", shown(done, total));
        }
        let phase = "a\u{1b}[2J\nerror: forged".to_owned();
        let hostile = Progress { phase, ..progress(1, Total::Units(2)) };
        let shown = bar(None, &hostile, Speed { rate: None, left: None }, Language::Es);
        assert_eq!(shown, "a\\u{1b}[2J\\nerror: forged ██████░░░░░░ 50 %, 1 de 2 records");
    }
}
