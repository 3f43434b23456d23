//! Celery: how many messages wait in its queues, and which workers send heartbeats.
//!
//! Nothing is enqueued, because a busy worker would answer late and a dead one never: what lies in the queues is counted,
//! and the heartbeats that every worker sends each two seconds are listened to.

mod over_amqp;
mod over_redis;

use std::collections::BTreeSet;
use std::time::Duration;

use encargo_model::{Text, text};
use serde_json::Value;
use tokio::time::Instant;

use super::super::{Address, Answer, Service};
use super::dial::Learnt;
use super::now;

/// The exchange of events, and the topics of workers in it.
const EVENTS: &str = "celeryev";
const HEARTBEAT: &str = "worker.heartbeat";
const OFFLINE: &str = "worker.offline";
/// What of the time a look leaves for its end.
const SPARE: Duration = Duration::from_millis(300);

/// What a broker told.
#[derive(Debug, Default)]
struct Told {
    /// How many messages wait in each queue; none where there is no such queue.
    queues: Vec<(String, Option<u64>)>,
    /// How many messages workers hold and have not answered for.
    unanswered: Option<u64>,
    /// How many workers the broker knows of.
    known: u64,
    heard: Heard,
    /// Whether nobody ever announced events, so that there was nothing to listen to.
    is_untouched: bool,
}

/// The workers that were heard.
#[derive(Debug, Default)]
struct Heard(BTreeSet<String>);

impl Heard {
    /// Takes an event by its topic, with whatever of it names the worker.
    fn take(&mut self, topic: &str, worker: Option<String>) {
        let Some(worker) = worker else { return };
        if topic.ends_with(OFFLINE) {
            self.0.remove(&worker);
        } else if topic.ends_with(HEARTBEAT) {
            self.0.insert(worker);
        }
    }

    /// Whether all that are known and expected were heard, so that nobody else is waited for.
    fn is_enough(&self, known: u64, service: &Service) -> bool {
        let heard = self.0.len() as u64;
        heard > 0 && heard >= known && heard >= u64::from(service.workers)
    }
}

pub(super) async fn ask(service: &Service, address: &Address, within: Duration) -> Result<Answer, Text> {
    let listen_until = Instant::now() + service.heartbeat.min(within.saturating_sub(SPARE));
    let (told, learnt) = match address.scheme() {
        "amqp" | "amqps" | "pyamqp" => over_amqp::ask(service, address, within, listen_until).await?,
        _ => over_redis::ask(service, address, within, listen_until).await?,
    };
    Ok(judged(service, &told, &learnt))
}

fn judged(service: &Service, told: &Told, learnt: &Learnt) -> Answer {
    let waiting: u64 = told.queues.iter().filter_map(|(_, waiting)| *waiting).sum();
    let (heard, known) = (told.heard.0.len() as u64, told.known);
    let seconds = service.heartbeat.as_secs_f64();
    let mut looks = Vec::new();
    for (queue, n) in &told.queues {
        match (n, service.most_queued) {
            (None, _) => looks.push(text!("there is no queue `{queue}`", "no existe la cola `{queue}`")),
            (Some(n), Some(most)) if *n > most => {
                looks.push(text!("{n} messages wait in `{queue}`", "{n} mensajes esperan en `{queue}`"));
            }
            _ => {}
        }
    }
    let answer = match (heard, known) {
        (0, 0) if told.is_untouched => Answer::failed(text!(
            "no worker was ever here; messages that wait: {waiting}",
            "aquí nunca hubo ningún trabajador; mensajes en espera: {waiting}"
        )),
        (0, 0) => Answer::failed(text!(
            "no worker sent a heartbeat in {seconds} s; messages that wait: {waiting}",
            "ningún trabajador dio señales en {seconds} s; mensajes en espera: {waiting}"
        )),
        (0, known) => Answer::failed(text!(
            "no worker sent a heartbeat in {seconds} s, and the broker knows of {known}; messages that wait: {waiting}",
            "ningún trabajador dio señales en {seconds} s, y el intermediario conoce {known}; mensajes en espera: {waiting}"
        )),
        _ => Answer::ok(text!(
            "workers with a heartbeat: {heard}; messages that wait: {waiting}",
            "trabajadores que dan señales: {heard}; mensajes en espera: {waiting}"
        )),
    };
    if heard > 0 && heard < u64::from(service.workers) {
        let workers = service.workers;
        looks.push(text!("of {workers} workers some are missing", "de {workers} trabajadores faltan algunos"));
    }
    let mut answer = answer.with("workers", heard as f64, "").with("waiting", waiting as f64, "messages");
    if let Some(unanswered) = told.unanswered {
        answer = answer.with("unanswered", unanswered as f64, "messages");
    }
    learnt.told(answer.but(looks), service.certificate_days, now())
}

/// The worker that an event's envelope names.
fn worker_of(envelope: &Value) -> Option<String> {
    Some(envelope.pointer("/headers/hostname")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::super::{Kind, ProbeStatus};
    use super::*;

    fn service() -> Service {
        Service::new("jobs", Kind::Celery, Address::parse("redis://h"))
    }

    #[test]
    fn workers_are_heard_by_their_heartbeats_until_they_say_goodbye() {
        let mut heard = Heard::default();
        heard.take("/0.celeryev/worker.heartbeat", Some("a".to_owned()));
        heard.take("worker.heartbeat", Some("b".to_owned()));
        heard.take("worker.heartbeat", Some("b".to_owned()));
        heard.take("worker.online", Some("c".to_owned()));
        heard.take("worker.heartbeat", None);
        heard.take("worker.offline", Some("a".to_owned()));
        assert_eq!(heard.0.iter().collect::<Vec<_>>(), ["b"]);
        assert!(heard.is_enough(1, &service()) && !heard.is_enough(2, &service()));
    }

    #[test]
    fn silence_has_failed_and_a_long_queue_needs_a_look() {
        let heard = |names: &[&str]| Heard(names.iter().map(|&name| name.to_owned()).collect());
        let queue = |n| vec![("celery".to_owned(), n)];
        let limited = Service { most_queued: Some(5), workers: 2, ..service() };
        for (told, status, says) in [
            (Told { queues: queue(Some(3)), ..Told::default() }, ProbeStatus::Failed, "no worker sent"),
            (Told { is_untouched: true, ..Told::default() }, ProbeStatus::Failed, "no worker was ever here"),
            (Told { known: 2, ..Told::default() }, ProbeStatus::Failed, "the broker knows of 2"),
            (Told { heard: heard(&["a", "b"]), queues: queue(Some(5)), ..Told::default() }, ProbeStatus::Ok, "wait: 5"),
            (
                Told { heard: heard(&["a", "b"]), queues: queue(Some(6)), ..Told::default() },
                ProbeStatus::Warning,
                "6 messages wait in `celery`",
            ),
            (
                Told { heard: heard(&["a", "b"]), queues: queue(None), ..Told::default() },
                ProbeStatus::Warning,
                "there is no queue",
            ),
            (Told { heard: heard(&["a"]), ..Told::default() }, ProbeStatus::Warning, "of 2 workers"),
        ] {
            let answer = judged(&limited, &told, &Learnt::default());
            assert_eq!(answer.status, status, "{told:?}");
            assert!(answer.detail.en.contains(says), "{}", answer.detail.en);
        }
    }
}
