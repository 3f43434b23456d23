//! Sample by sample: figures, alerts, what is shown and written.

use std::collections::BTreeMap;

use encargo_sdk::metrics::{self, Sample};
use encargo_sdk::prelude::*;
use serde_json::Value as Json;

use crate::alerts::{Alerts, News, Rule};
use crate::board::{self, Course};
use crate::consumers::Consumers;
use crate::figures::Figures;
use crate::metric::{Metric, Unit, written};
use crate::output::{self, Writing};
use crate::probe::Probe;
use crate::series::Series;
use crate::unavailable;

/// What is read of the host.
const GROUPS: [&str; 10] =
    ["cpu", "load", "memory", "disk", "network", "pressure", "container", "process", "storage", "runs"];

/// When samples are taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) interval: Duration,
    /// How many intervals there are.
    pub(crate) count: u64,
}

impl Times {
    pub(crate) fn span(self) -> Duration {
        Duration::from_micros(self.interval.micros().saturating_mul(i64::try_from(self.count).unwrap_or(i64::MAX)))
    }
}

/// What all samples told.
pub(crate) struct Watched {
    pub(crate) times: Times,
    pub(crate) rule: Rule,
    pub(crate) series: Vec<Series>,
    pub(crate) alerts: Alerts,
    /// How many samples there are, and how many were missed.
    pub(crate) samples: u64,
    pub(crate) missed: u64,
    /// From the beginning to the last sample.
    pub(crate) elapsed: Duration,
    /// The CPU time of this process in that.
    pub(crate) used: Duration,
    /// How many processors there are.
    pub(crate) cpus: Option<f64>,
    /// What cannot be read here, each with why.
    pub(crate) unavailable: BTreeMap<String, String>,
    pub(crate) probe: Probe,
    /// Why the samples are in no file, where they should be.
    pub(crate) no_file: Option<String>,
}

impl Watched {
    fn new(times: Times, rule: Rule, probe: Probe) -> Self {
        Self {
            times,
            rule,
            series: Metric::ALL.iter().map(|_| Series::new()).collect(),
            alerts: Alerts::new(rule),
            samples: 0,
            missed: 0,
            elapsed: Duration::from_micros(0),
            used: Duration::from_micros(0),
            cpus: None,
            unavailable: BTreeMap::new(),
            probe,
            no_file: None,
        }
    }

    /// The CPU time that this process used, in percent of one processor.
    pub(crate) fn own_cpu(&self) -> f64 {
        self.used.micros() as f64 / self.elapsed.micros().max(1) as f64 * 100.0
    }

    fn course(&self) -> Course {
        Course {
            done: self.samples,
            all: self.times.count,
            span: self.times.span(),
            own_cpu: self.own_cpu(),
            threshold: self.rule.threshold,
        }
    }
}

/// Watches until the time is over or the run is asked to end.
pub(crate) fn watch(run: &Run, times: Times, rule: Rule, mut file: Option<Writing>) -> Result<Watched> {
    let mut watched = Watched::new(times, rule, Probe::of_tenants()?);
    let mut consumers = Consumers::default();
    let mut sampling = metrics::begin(&GROUPS, times.interval, times.span())?;
    let Some(mut before) = sampling.next()? else { return Ok(watched) };
    watched.know(&before);
    while let Some(sample) = sampling.next()? {
        let mut figures = Figures::between(&before, &sample);
        figures.set(Metric::ReadTime, watched.probe.read()?);
        watched.take(&sample, &figures);
        let news = watched.alerts.take(sample.elapsed, &figures);
        if watched.alerts.is_near() {
            consumers.look(sample.elapsed)?;
        }
        for news in news {
            watched.tell(run, &news, &sample, &figures, &mut consumers)?;
        }
        let standing: Vec<_> = watched.alerts.standing().map(|alert| alert.metric.key()).collect();
        let record = output::record(&sample, &figures, &standing);
        if let Some(Err(error)) = file.as_mut().map(|file| file.add(&record)) {
            file = None;
            watched.unwritten(error)?;
        }
        let board = board::board(watched.course(), &sample, &watched.series, &watched.alerts);
        let line = board::line(&sample, &watched.series, &watched.alerts);
        run.show(board, &line, &Json::Object(record))?;
        before = sample;
    }
    if let Some(Err(error)) = file.map(Writing::publish) {
        watched.unwritten(error)?;
    }
    Ok(watched)
}

impl Watched {
    /// What the first sample tells of the machine.
    fn know(&mut self, sample: &Sample) {
        self.cpus = sample.of("cpu").and_then(|cpu| cpu.get("count"));
        self.unavailable = unavailable::of(sample);
    }

    /// What was seen is worth more than its file: a full disk does not end the watch.
    fn unwritten(&mut self, error: Error) -> Result<()> {
        if error.ends_run() {
            return Err(error);
        }
        // The host has said it already, and the report says it again.
        self.no_file = Some(error.message);
        Ok(())
    }

    fn take(&mut self, sample: &Sample, figures: &Figures) {
        for (metric, series) in Metric::ALL.iter().zip(&mut self.series) {
            series.add(figures.get(*metric));
        }
        self.samples += 1;
        self.missed += sample.missed;
        (self.elapsed, self.used) = (sample.elapsed, sample.used);
    }

    fn tell(
        &mut self,
        run: &Run,
        news: &News,
        sample: &Sample,
        figures: &Figures,
        consumers: &mut Consumers,
    ) -> Result<()> {
        match *news {
            News::Raised(metric, want) => {
                let most = want.map_or(Ok(None), |want| consumers.most(want, sample.elapsed))?;
                consumers.forget();
                self.alerts.name_consumers(metric, most);
                if let (Some(alert), Some(value)) = (self.alerts.standing_of(metric), figures.get(metric)) {
                    let said = self.alerts.raised_words(alert, value, sample.elapsed);
                    warn!("{said}", metric = metric.key(), value = value);
                }
            }
            News::Recovered(metric) => {
                let (name, value) = (metric.words(), written(Unit::Percent, figures.get(metric).unwrap_or_default()));
                let limit = self.rule.recovery;
                run.say(text!(
                    "recovered: {name} is at {value}, below {limit} %",
                    "recuperado: {name} está en {value}, por debajo de {limit} %"
                ));
            }
        }
        Ok(())
    }
}
