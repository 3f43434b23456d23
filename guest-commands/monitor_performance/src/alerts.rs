//! When a figure is too high for too long: so many of the last samples, and back again with room between.

use std::collections::VecDeque;

use encargo_sdk::prelude::*;
use serde_json::{Value as Json, json};

use crate::consumers::Want;
use crate::figures::Figures;
use crate::metric::{Metric, Unit, written};

/// The figures that an alert may be about, and what uses of them can be named.
const WATCHED: [(Metric, Option<Want>); 8] = [
    (Metric::Cpu, Some(Want::Cpu)),
    (Metric::Memory, Some(Want::Memory)),
    (Metric::Swap, Some(Want::Memory)),
    (Metric::DiskSpace, None),
    (Metric::Inodes, None),
    (Metric::DiskBusy, None),
    (Metric::ContainerCpu, Some(Want::Cpu)),
    (Metric::ContainerMemory, Some(Want::Memory)),
];

/// When an alert is raised and when it is over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    /// From how many percent on a figure is too high.
    pub(crate) threshold: f64,
    /// It is over below this.
    pub(crate) recovery: f64,
    /// How many of the last samples have to be too high, or low again.
    pub(crate) samples: usize,
    /// How many samples are looked at.
    pub(crate) window: usize,
    /// After an alert of a figure was told, its next one is not told for this long.
    pub(crate) cool_down: Duration,
}

/// An alert that stands or stood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alert {
    pub(crate) metric: Metric,
    /// The highest it was.
    pub(crate) peak: f64,
    /// From the first sample that was too high on, since the beginning.
    pub(crate) since: Duration,
    /// Until it was over.
    pub(crate) until: Option<Duration>,
    /// What used most when it was raised, in words.
    pub(crate) consumers: Option<String>,
}

/// What an alert did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum News {
    /// It was raised, and what uses of that should be named.
    Raised(Metric, Option<Want>),
    /// It is over.
    Recovered(Metric),
}

/// All figures that are watched.
#[derive(Debug)]
pub(crate) struct Alerts {
    rule: Rule,
    watched: Vec<Watched>,
    /// Those that were raised, in their order; the first of them alone once there are many.
    pub(crate) all: Vec<Alert>,
    /// How many were raised in all.
    pub(crate) raised: u64,
}

/// How many alerts are remembered one by one; a figure that goes up and down for an hour has more.
const MOST: usize = 100;

#[derive(Debug)]
struct Watched {
    metric: Metric,
    want: Option<Want>,
    /// The last values with their times, the newest at the end.
    recent: VecDeque<(Duration, f64)>,
    /// The one that stands, by its place among all, or beyond what is remembered.
    standing: Option<Alert>,
    told_at: Option<Duration>,
    /// Whether the one that stands was told.
    is_told: bool,
}

impl Alerts {
    pub(crate) fn new(rule: Rule) -> Self {
        let watched = WATCHED.map(|(metric, want)| Watched {
            metric,
            want,
            recent: VecDeque::new(),
            standing: None,
            told_at: None,
            is_told: false,
        });
        Self { rule, watched: watched.into(), all: Vec::new(), raised: 0 }
    }

    /// Whether alerts are about a figure.
    pub(crate) fn watches(metric: Metric) -> bool {
        WATCHED.iter().any(|(watched, _)| *watched == metric)
    }

    /// Takes a sample's figures, and answers what is to be told.
    pub(crate) fn take(&mut self, at: Duration, figures: &Figures) -> Vec<News> {
        let rule = self.rule;
        let mut news = Vec::new();
        for watched in &mut self.watched {
            let Some(value) = figures.get(watched.metric) else { continue };
            match watched.take(at, value, &rule) {
                Some(Change::Raised) => {
                    self.raised += 1;
                    if watched.tells(at, &rule) {
                        news.push(News::Raised(watched.metric, watched.want));
                    }
                }
                Some(Change::Recovered(alert)) => {
                    if watched.is_told {
                        news.push(News::Recovered(watched.metric));
                    }
                    if self.all.len() < MOST {
                        self.all.push(alert);
                    }
                }
                None => {}
            }
        }
        news
    }

    /// Whether a figure is on its way to an alert, so that what uses most should be remembered from now on.
    pub(crate) fn is_near(&self) -> bool {
        let is_high = |watched: &Watched| watched.recent.back().is_some_and(|(_, value)| *value >= self.rule.threshold);
        self.watched.iter().any(|watched| watched.want.is_some() && watched.standing.is_none() && is_high(watched))
    }

    /// Says what used most of a figure whose alert stands.
    pub(crate) fn name_consumers(&mut self, metric: Metric, consumers: Option<String>) {
        let of = self.watched.iter_mut().find(|watched| watched.metric == metric);
        if let Some(alert) = of.and_then(|watched| watched.standing.as_mut()) {
            alert.consumers = consumers;
        }
    }

    /// The alert of a figure that stands.
    pub(crate) fn standing_of(&self, metric: Metric) -> Option<&Alert> {
        self.watched.iter().find(|watched| watched.metric == metric)?.standing.as_ref()
    }

    /// Those that stand.
    pub(crate) fn standing(&self) -> impl Iterator<Item = &Alert> {
        self.watched.iter().filter_map(|watched| watched.standing.as_ref())
    }

    /// Those that are over and those that stand, as far as they are remembered.
    pub(crate) fn every(&self) -> impl Iterator<Item = &Alert> {
        self.all.iter().chain(self.standing())
    }

    /// What is said of an alert that was raised.
    pub(crate) fn raised_words(&self, alert: &Alert, value: f64, at: Duration) -> String {
        let Rule { threshold, samples, window, .. } = self.rule;
        let (name, value) = (alert.metric.words(), written(Unit::Percent, value));
        let seconds = (at.micros() - alert.since.micros()) as f64 / 1e6;
        let said = text!(
            "alert: {name} is at {value}, the limit is {threshold} %, for {seconds:.1} s ({samples} of {window} samples)",
            "alerta: {name} está en {value}, el límite es {threshold} %, desde hace {seconds:.1} s ({samples} de {window} muestras)"
        );
        match &alert.consumers {
            Some(consumers) => said + &text!("; most by {consumers}", "; sobre todo por {consumers}"),
            None => said,
        }
    }

    /// For programs.
    pub(crate) fn json(&self) -> Json {
        let seconds = |span: Duration| span.micros() as f64 / 1e6;
        let one = |alert: &Alert| {
            json!({
                "metric": alert.metric.key(),
                "limit": self.rule.threshold,
                "peak": alert.peak,
                "since_s": seconds(alert.since),
                "until_s": alert.until.map(seconds),
                "consumers": alert.consumers,
            })
        };
        self.every().map(one).collect()
    }
}

enum Change {
    Raised,
    Recovered(Alert),
}

impl Watched {
    fn take(&mut self, at: Duration, value: f64, rule: &Rule) -> Option<Change> {
        if self.recent.len() == rule.window {
            self.recent.pop_front();
        }
        self.recent.push_back((at, value));
        let high = |(_, value): &&(Duration, f64)| *value >= rule.threshold;
        match &mut self.standing {
            None => {
                if self.recent.iter().filter(high).count() < rule.samples {
                    return None;
                }
                let since = self.recent.iter().find(high).map_or(at, |(at, _)| *at);
                let peak = self.recent.iter().map(|(_, value)| *value).fold(value, f64::max);
                self.standing = Some(Alert { metric: self.metric, peak, since, until: None, consumers: None });
                Some(Change::Raised)
            }
            Some(alert) => {
                alert.peak = alert.peak.max(value);
                let is_low = |(_, value): &&(Duration, f64)| *value < rule.recovery;
                if value >= rule.recovery || self.recent.iter().filter(is_low).count() < rule.samples {
                    return None;
                }
                // What raised it is told; the samples that did do not raise another one.
                self.recent.clear();
                self.standing.take().map(|alert| Change::Recovered(Alert { until: Some(at), ..alert }))
            }
        }
    }

    /// Whether an alert that was raised now is told, which is remembered.
    fn tells(&mut self, at: Duration, rule: &Rule) -> bool {
        self.is_told =
            self.told_at.is_none_or(|told| at.micros().saturating_sub(told.micros()) >= rule.cool_down.micros());
        if self.is_told {
            self.told_at = Some(at);
        }
        self.is_told
    }
}

#[cfg(test)]
mod tests;
