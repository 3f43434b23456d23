//! When alerts are raised, told and over.

use encargo_sdk::metrics::{Reading, Sample};

use super::*;

const RULE: Rule =
    Rule { threshold: 90.0, recovery: 85.0, samples: 3, window: 5, cool_down: Duration::from_micros(60_000_000) };

fn at(second: usize) -> Duration {
    Duration::from_micros(i64::try_from(second).unwrap() * 1_000_000)
}

fn memory(percent: f64) -> Figures {
    let sample =
        |readings| Sample { tick: 0, missed: 0, at: Instant::from_micros(0), elapsed: at(0), used: at(0), readings };
    let reading = Reading::of("memory", "", &[("total", 100.0), ("available", 100.0 - percent)]);
    Figures::between(&sample(vec![]), &sample(vec![reading]))
}

/// At which second what was told, for a sample of memory each second.
fn told(values: &[f64]) -> (Vec<(usize, bool)>, Alerts) {
    let mut alerts = Alerts::new(RULE);
    let mut told = Vec::new();
    for (second, value) in values.iter().enumerate() {
        for news in alerts.take(at(second), &memory(*value)) {
            told.push((second, matches!(news, News::Raised(Metric::Memory, Some(Want::Memory)))));
        }
    }
    (told, alerts)
}

#[test]
fn an_alert_needs_three_of_the_last_five_samples() {
    assert_eq!(told(&[95.0, 95.0, 10.0, 10.0, 10.0, 95.0, 95.0]).0, []);
    assert_eq!(told(&[95.0, 10.0, 95.0, 10.0, 95.0]).0, [(4, true)]);
    assert_eq!(told(&[90.0, 90.0, 90.0]).0, [(2, true)]);
    assert_eq!(told(&[89.9; 9]).0, []);
    let (_, alerts) = told(&[95.0, 97.0, 96.0]);
    let alert = alerts.standing().next().unwrap();
    assert_eq!((alert.metric, alert.peak, alert.since, alert.until), (Metric::Memory, 97.0, at(0), None));
}

#[test]
fn between_the_limits_nothing_changes_and_below_the_lower_one_it_is_over_for_good() {
    // It goes up and down around the limit, and is told once.
    let (news, alerts) = told(&[95.0, 95.0, 95.0, 86.0, 95.0, 87.0, 89.0, 91.0, 86.0, 89.0]);
    assert_eq!((news, alerts.standing().count()), (vec![(2, true)], 1));
    let (news, alerts) = told(&[95.0, 95.0, 95.0, 80.0, 95.0, 80.0, 80.0]);
    assert_eq!(news, [(2, true), (6, false)]);
    assert_eq!((alerts.standing().count(), alerts.all[0].until), (0, Some(at(6))));
    // One low sample is no recovery, and a high one after two low ones is none either.
    assert_eq!(told(&[95.0, 95.0, 95.0, 80.0]).1.standing().count(), 1);
}

#[test]
fn the_next_alert_within_the_cool_down_stands_and_is_not_told() {
    let up = [95.0; 3];
    let down = [10.0; 3];
    let (news, alerts) = told(&[up, down, up].concat());
    assert_eq!(news, [(2, true), (5, false)]);
    assert_eq!((alerts.standing().count(), alerts.raised), (1, 2));
    // Its end is not told either.
    let (news, alerts) = told(&[up, down, up, down].concat());
    assert_eq!((news.len(), alerts.standing().count(), alerts.every().count()), (2, 0, 2));
    let long = [up.to_vec(), vec![10.0; 60], up.to_vec()].concat();
    assert_eq!(told(&long).0.last(), Some(&(65, true)));
}

#[test]
fn what_is_not_known_raises_nothing_and_an_hour_of_alerts_is_remembered_in_part() {
    let mut alerts = Alerts::new(RULE);
    let other = Figures::between(&sample_without_memory(), &sample_without_memory());
    assert_eq!(alerts.take(at(1), &other), []);
    let ups_and_downs = [[95.0; 3], [10.0; 3]].concat().repeat(600);
    let (_, alerts) = told(&ups_and_downs);
    assert_eq!((alerts.raised, alerts.every().count()), (600, MOST));
}

fn sample_without_memory() -> Sample {
    let (elapsed, used) = (at(0), at(0));
    Sample { tick: 0, missed: 0, at: Instant::from_micros(0), elapsed, used, readings: vec![] }
}

#[test]
fn an_alert_says_what_of_how_much_since_when_and_who() {
    let (_, mut alerts) = told(&[95.0, 97.0, 96.0]);
    alerts.name_consumers(Metric::Memory, Some("python3 (7) 2.0 GiB".to_owned()));
    let alert = alerts.standing_of(Metric::Memory).unwrap();
    assert_eq!(
        alerts.raised_words(alert, 96.0, at(2)),
        "alert: memory is at 96.0 %, the limit is 90 %, for 2.0 s (3 of 5 samples); most by python3 (7) 2.0 GiB"
    );
    assert_eq!(alerts.json()[0]["peak"], 97.0);
}
