//! `encargo:metrics`: figures of the machine, of this process, of the platform's files and of the runs.
#![expect(unreachable_pub, reason = "the generated bindings re-export the types of resources")]

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use encargo_backends::BackendError;
use encargo_backends::metrics::{self, Due, Group, Machine, Process, Reading, Schedule};
use encargo_model::{ErrorCode, LoggedStatement, Permission, Text, Timestamp, text};
use wasmtime::component::Resource;

use super::optimizing::{measures_of, unavailable};
use crate::bindings::encargo::metrics::metrics as wit;
use crate::bindings::encargo::types::types::Error;
use crate::metrics::RunCounts;
use crate::state::State;

/// Samples that are being read.
pub struct OpenSampling {
    groups: Vec<Group>,
    machine: Machine,
    /// Of the tenants of the run.
    databases: Vec<PathBuf>,
    schedule: Schedule,
    begun: Instant,
    begun_at: Timestamp,
    /// The process's CPU time at the beginning.
    used_before: u64,
}

/// Nobody has to read faster.
const LEAST_INTERVAL: Duration = Duration::from_millis(10);
/// How soon a wait for the next time sees that the run should end.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// So many statements at most.
const MOST_STATEMENTS: u32 = 1_000;

type Answer<T> = wasmtime::Result<Result<T, Error>>;

impl wit::Host for State {
    fn begin(&mut self, groups: Vec<String>, interval: u64, span: u64) -> Answer<Resource<OpenSampling>> {
        self.alive()?;
        match self.begun(&groups, Duration::from_micros(interval), Duration::from_micros(span)) {
            Ok(sampling) => Ok(Ok(self.table.push(sampling)?)),
            Err(error) => Ok(self.answer(Err(error))),
        }
    }

    fn processes(&mut self) -> Answer<Vec<wit::Process>> {
        self.alive()?;
        let found = self.may_inspect("machine").map(|()| metrics::processes());
        let one = |Process { id, name, cpu, memory }| wit::Process { id, name, cpu, memory };
        Ok(self.answer(found.map(|found| found.into_iter().map(one).collect())))
    }

    fn statements(&mut self, since: i64, most: u32) -> Answer<Vec<wit::Statement>> {
        self.alive()?;
        let found = self.may_inspect("statements").and_then(|()| {
            let tenants = self.reached()?;
            let logged = self.host.metrics().map_or(Ok(Vec::new()), |host| {
                host.statements_since(Timestamp(since), most.min(MOST_STATEMENTS)).map_err(unavailable)
            })?;
            let one = |logged: LoggedStatement| {
                let tenant = tenants.iter().find(|tenant| tenant.id == logged.taken.tenant)?.slug.clone();
                let measures = measures_of(&logged).into_iter();
                Some(wit::Statement {
                    tenant,
                    measures: measures.map(|(name, value)| measure(name, value as f64)).collect(),
                    text: logged.taken.text,
                    command: logged.command,
                })
            };
            Ok(logged.into_iter().filter_map(one).collect())
        });
        Ok(self.answer(found))
    }
}

impl wit::HostSampling for State {
    fn next(&mut self, sampling: Resource<OpenSampling>) -> Answer<Option<wit::Sample>> {
        loop {
            self.alive()?;
            if self.host.signal().is_some() {
                return Ok(Ok(None));
            }
            let open = self.table.get_mut(&sampling)?;
            let wait = match open.schedule.due(open.begun.elapsed()) {
                Due::Over => return Ok(Ok(None)),
                Due::Now { tick, missed } => return Ok(Ok(Some(self.sample(&sampling, tick, missed)?))),
                Due::In(wait) => wait,
            };
            // What the thread is woken by otherwise does no harm.
            self.control.keep_time(Instant::now());
            self.control.rest(true);
            thread::park_timeout(wait.min(LOOK_EVERY));
            self.control.rest(false);
        }
    }

    fn drop(&mut self, sampling: Resource<OpenSampling>) -> wasmtime::Result<()> {
        self.table.delete(sampling)?;
        Ok(())
    }
}

impl State {
    fn may_inspect(&self, name: &str) -> Result<(), BackendError> {
        self.may(&Permission::Check(name.to_owned()))?;
        self.job.check_system(&text!("see figures of the installation", "ver cifras de la instalación"))
    }

    /// The tenants of the run.
    fn reached(&self) -> Result<Vec<encargo_model::Tenant>, BackendError> {
        self.may(&Permission::ListTenants)?;
        let tenants = self.platform.registry().tenants()?.into_iter();
        Ok(tenants.filter(|tenant| self.job.reaches(&tenant.slug)).collect())
    }

    fn begun(&self, groups: &[String], interval: Duration, span: Duration) -> Result<OpenSampling, BackendError> {
        let group = |word: &String| {
            let group = Group::from_word(word).ok_or_else(|| unknown(word))?;
            self.may_inspect(group.inspection()).map(|()| group)
        };
        let groups = groups.iter().map(group).collect::<Result<Vec<_>, _>>()?;
        if interval < LEAST_INTERVAL {
            let message = text!("an interval is 10 ms at least", "un intervalo es de 10 ms como mínimo");
            return Err(BackendError::new(ErrorCode::Invalid, message));
        }
        let left = self.control.deadline.saturating_duration_since(Instant::now());
        if span > left {
            let message = text!(
                "{} s are longer than the {} s that are left of the run's time; --timeout or the limit `wall_seconds` allows more",
                "{} s son más que los {} s que quedan del tiempo de la ejecución; --timeout o el límite `wall_seconds` permite más";
                span.as_secs(), left.as_secs()
            );
            return Err(BackendError::new(ErrorCode::Usage, message));
        }
        let databases = match groups.contains(&Group::Storage) {
            true => self.reached()?.iter().map(|tenant| self.platform.data().tenant_db(tenant.id)).collect(),
            false => Vec::new(),
        };
        Ok(OpenSampling {
            groups,
            machine: Machine::of(self.platform.data().root()),
            databases,
            schedule: Schedule::new(interval, span),
            begun: Instant::now(),
            begun_at: self.clock.now(),
            used_before: metrics::cpu_time(),
        })
    }

    fn sample(&self, sampling: &Resource<OpenSampling>, tick: u64, missed: u64) -> wasmtime::Result<wit::Sample> {
        let open = self.table.get(sampling)?;
        let (at, elapsed) = (self.clock.now().0, open.begun.elapsed());
        let readings = open.groups.iter().flat_map(|&group| match group {
            Group::Storage => vec![self.storage_of(&open.databases)],
            Group::Runs => vec![Reading::or_why(group, self.runs_since(open.begun_at))],
            group => open.machine.read(group),
        });
        let language = self.job.language;
        let readings = readings.map(|reading| wit::Reading {
            group: reading.group.word().to_owned(),
            subject: reading.subject,
            measures: reading.measures.into_iter().map(|(name, value)| measure(name, value)).collect(),
            unavailable: reading.unavailable.map(|why| why.get(language).to_owned()),
        });
        Ok(wit::Sample {
            tick,
            missed,
            at,
            elapsed: u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
            readings: readings.collect(),
            used: metrics::cpu_time().saturating_sub(open.used_before),
        })
    }

    fn storage_of(&self, databases: &[PathBuf]) -> Reading {
        metrics::storage(databases, self.host.metrics().and_then(|host| host.written(databases)))
    }

    fn runs_since(&self, since: Timestamp) -> Result<Reading, Text> {
        let Some(host) = self.host.metrics() else {
            return Err(text!("this run has no record", "esta ejecución no tiene registro"));
        };
        let RunCounts { running, succeeded, problems, failed, pages } = host.runs(since)?;
        let figures = [
            ("running", running),
            ("succeeded", succeeded),
            ("problems", problems),
            ("failed", failed),
            ("pages-found", pages.found),
            ("pages-read", pages.read),
        ];
        Ok(Reading::of(Group::Runs, figures.map(|(name, n)| (name, Some(n as f64)))))
    }
}

fn measure(name: &str, value: f64) -> wit::Measure {
    wit::Measure { name: name.to_owned(), value }
}

fn unknown(word: &str) -> BackendError {
    BackendError::new(ErrorCode::NotFound, text!("there are no figures of `{word}`", "no hay cifras de `{word}`"))
}
