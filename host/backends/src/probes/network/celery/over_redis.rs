//! Celery over Redis: a queue is a list for each priority, and events are published to a channel.

use std::time::Duration;

use encargo_model::{Text, text};
use futures_util::StreamExt as _;
use redis::Cmd;
use redis::aio::{MultiplexedConnection, PubSub};
use tokio::time::{Instant, timeout_at};

use super::super::super::{Address, Service};
use super::super::dial::{Learnt, dial};
use super::super::redis::{Connected, connect, database, login, why};
use super::{EVENTS, Told, worker_of};

/// Between the parts of a binding, and before a priority in the name of a queue's list.
const BETWEEN: &str = "\u{6}\u{16}";
/// The priorities that have a list of their own, beside that without one.
const PRIORITIES: [u8; 3] = [3, 6, 9];
/// Where every worker is bound that can be told something, until it says goodbye.
const BINDINGS: &str = "_kombu.binding.celery.pidbox";

pub(super) async fn ask(
    service: &Service,
    address: &Address,
    within: Duration,
    listen_until: Instant,
) -> Result<(Told, Learnt), Text> {
    // Whoever listens first misses no heartbeat while the queues are counted.
    let listening = dial(service, address, within).await?;
    let mut events = PubSub::new(&login(address), listening.stream).await.map_err(|error| why(&error))?;
    let pattern = format!("*/{}.{EVENTS}*", database(address));
    events.psubscribe(pattern).await.map_err(|error| why(&error))?;
    let Connected { mut connection, learnt } = connect(service, address, within).await?;
    let mut told = Told { unanswered: Some(number(&mut connection, "HLEN", "unacked").await?), ..Told::default() };
    told.known = number(&mut connection, "SCARD", BINDINGS).await?;
    for queue in &service.queues {
        let mut waiting = number(&mut connection, "LLEN", queue).await?;
        for priority in PRIORITIES {
            waiting += number(&mut connection, "LLEN", &format!("{queue}{BETWEEN}{priority}")).await?;
        }
        told.queues.push((queue.clone(), Some(waiting)));
    }
    let mut messages = events.into_on_message();
    while !told.heard.is_enough(told.known, service) {
        let Ok(Some(message)) = timeout_at(listen_until, messages.next()).await else { break };
        let envelope = serde_json::from_slice(message.get_payload_bytes()).unwrap_or_default();
        told.heard.take(message.get_channel_name(), worker_of(&envelope));
    }
    Ok((told, learnt))
}

async fn number(connection: &mut MultiplexedConnection, command: &str, key: &str) -> Result<u64, Text> {
    let asked = Cmd::new().arg(command).arg(key).query_async(connection).await;
    asked.map_err(|error| match error.code() {
        Some("WRONGTYPE") => text!("`{key}` is no queue of Celery", "`{key}` no es una cola de Celery"),
        _ => why(&error),
    })
}
