//! Looks at several services at once. Each has its own deadline and all have one, whatever a service does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use encargo_model::{ErrorCode, SERVICES, Text, text};
use tokio::runtime::{Builder, Runtime};

use super::{
    Answer, Around, Kind, Observation, ProbeStatus, Service, Services, backups, clock, database, milliseconds, network,
};
use super::{storage, unknown};
use crate::{BackendError, Interrupt};

/// How often a look asks whether the run is to end.
const TURN: Duration = Duration::from_millis(10);

/// One look: at a thing of ours, or at a service that was named.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// What it is, one of [`super::names`].
    pub kind: &'static str,
    service: Option<Service>,
    needs: Vec<String>,
}

/// Looks at all of them at once and answers in their order. What has not answered after `each`, or when `all` is over, has
/// failed.
///
/// # Errors
/// `cancelled`. A service that does not work is an observation, not an error.
pub fn look(
    around: &Around,
    targets: Vec<Target>,
    each: Duration,
    all: Duration,
    interrupt: &Interrupt,
) -> Result<Vec<Observation>, BackendError> {
    let until = Instant::now() + all;
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| BackendError::new(ErrorCode::Unavailable, no_threads()).because(error))?;
    let (sender, answers) = mpsc::channel();
    let mut found: BTreeMap<usize, (Answer, Duration)> = BTreeMap::new();
    for (at, target) in targets.iter().enumerate() {
        match target.unasked() {
            Some(answer) => drop(found.insert(at, (answer, Duration::ZERO))),
            None => begin(&runtime, around, target, at, each.min(all), &sender),
        }
    }
    drop(sender);
    let ended = loop {
        if interrupt.is_raised() {
            break Err(crate::sqlite::cancelled());
        }
        let left = until.saturating_duration_since(Instant::now());
        match answers.recv_timeout(TURN.min(left)) {
            Ok((at, answer, took)) => drop(found.insert(at, (answer, took))),
            Err(RecvTimeoutError::Timeout) if !left.is_zero() => {}
            Err(_) => break Ok(()),
        }
    };
    // What hangs is left behind: a name server or a disk that does not answer holds its thread and nothing else.
    runtime.shutdown_background();
    ended?;
    let observed = targets.into_iter().enumerate().map(|(at, target)| {
        let (answer, took) = found.remove(&at).unwrap_or_else(|| (late(all), all));
        target.observed(answer, took)
    });
    Ok(observed.collect())
}

impl Target {
    /// What is told of it where it is not looked at.
    pub fn left_out(self, why: Text) -> Observation {
        self.observed(Answer::new(ProbeStatus::Skipped, why), Duration::ZERO)
    }

    /// What is told of it without a look, because there is nobody to ask.
    fn unasked(&self) -> Option<Answer> {
        match self.kind {
            "scheduler" | "workers" => Some(Answer::new(
                ProbeStatus::Skipped,
                text!("this version has none of its own", "esta versión no tiene propios"),
            )),
            kind if self.service.is_none() && Kind::from_word(kind).is_some() => Some(Answer::not_configured()),
            _ => None,
        }
    }

    fn observed(self, answer: Answer, took: Duration) -> Observation {
        let Answer { mut status, mut detail, measures } = answer;
        let is_minor = self.service.as_ref().is_some_and(|service| !service.critical);
        if is_minor && matches!(status, ProbeStatus::Failed | ProbeStatus::Crashed) {
            status = ProbeStatus::Warning;
            detail = text!("not critical: {detail}", "no es crítico: {detail}", detail = detail);
        }
        let Self { name, kind, needs, .. } = self;
        Observation { name, kind, status, detail, milliseconds: milliseconds(took), measures, needs }
    }
}

/// What these names stand for, each once and in the order of [`super::names`]; everything where there are none. A name is a
/// service's, or a kind for all services of it.
///
/// # Errors
/// `not-found` for a name that nobody has.
pub fn targets(services: &Services, names: Option<&[String]>) -> Result<Vec<Target>, BackendError> {
    let named = &services.named;
    let known: BTreeSet<&str> = SERVICES.into_iter().chain(named.iter().map(|service| service.name.as_str())).collect();
    if let Some(name) = names.into_iter().flatten().find(|name| !known.contains(name.as_str())) {
        let mut known = SERVICES.to_vec();
        known.extend(named.iter().map(|service| service.name.as_str()).filter(|name| !SERVICES.contains(name)));
        return Err(unknown(name, &known));
    }
    let is_wanted = |name: &str| names.is_none_or(|names| names.iter().any(|wanted| wanted == name));
    let mut targets = Vec::new();
    for kind in SERVICES {
        let of_kind: Vec<_> = named.iter().filter(|service| service.kind.as_str() == kind).collect();
        if of_kind.is_empty() && is_wanted(kind) {
            let needs = needs_of_ours(kind).iter().map(|&name| name.to_owned()).collect();
            targets.push(Target { name: kind.to_owned(), kind, service: None, needs });
        }
        for service in of_kind.into_iter().filter(|service| is_wanted(kind) || is_wanted(&service.name)) {
            let needs = services.needs(service);
            targets.push(Target { name: service.name.clone(), kind, service: Some(service.clone()), needs });
        }
    }
    Ok(targets)
}

/// What of ours stands on what.
fn needs_of_ours(kind: &str) -> &'static [&'static str] {
    match kind {
        "database" | "storage" => &["disk"],
        "schema" => &["database"],
        "drill" => &["backup"],
        _ => &[],
    }
}

type Told = Sender<(usize, Answer, Duration)>;

/// Begins one look, which tells what it found once, in its time.
fn begin(runtime: &Runtime, around: &Around, target: &Target, at: usize, each: Duration, told: &Told) {
    let (around, kind, told) = (around.clone(), target.kind, told.clone());
    let within = target.service.as_ref().and_then(|service| service.timeout).unwrap_or(each);
    let service = target.service.clone();
    let handle = runtime.handle().clone();
    runtime.spawn(async move {
        let began = Instant::now();
        let looking = match service {
            Some(service) => handle.spawn(async move { network::ask(&service, within).await }),
            None => handle.spawn_blocking(move || ours(&around, kind)),
        };
        let answer = match tokio::time::timeout(within, looking).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => crashed(),
            Err(_) => late(within),
        };
        // Nobody waits for it any more once the run is over.
        let _ = told.send((at, answer, began.elapsed()));
    });
}

fn ours(around: &Around, kind: &str) -> Answer {
    match kind {
        "database" => database::database(&around.platform),
        "schema" => database::schema(&around.platform),
        "storage" => storage::storage(&around.platform),
        "disk" => storage::disk(&around.platform),
        "clock" => clock::clock(around),
        "backup" => backups::backup(around),
        "drill" => backups::drill(around),
        _ => Answer::not_configured(),
    }
}

fn late(within: Duration) -> Answer {
    let seconds = within.as_secs_f64();
    Answer::failed(text!("no answer within {seconds} s", "sin respuesta en {seconds} s"))
}

fn crashed() -> Answer {
    Answer::new(
        ProbeStatus::Crashed,
        text!("the check itself broke, so nothing is known", "falló la propia comprobación, así que no se sabe nada"),
    )
}

fn no_threads() -> Text {
    text!("no thread could be started", "no se pudo iniciar ningún hilo")
}
