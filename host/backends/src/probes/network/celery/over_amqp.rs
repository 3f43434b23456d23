//! Celery over AMQP, as RabbitMQ speaks it: queues are declared passively, which makes none, and a queue of our own that ends
//! with the connection gets the events.

use std::time::Duration;

use encargo_model::{Text, text};
use tokio::time::{Instant, timeout_at};

use super::super::super::{Address, Service};
use super::super::amqp::{Asked, Connection};
use super::super::dial::{Learnt, dial};
use super::{EVENTS, Told};

pub(super) async fn ask(
    service: &Service,
    address: &Address,
    within: Duration,
    listen_until: Instant,
) -> Result<(Told, Learnt), Text> {
    let dialled = dial(service, address, within).await?;
    let mut connection = Connection::open(dialled.stream, address).await?;
    // Whoever listens first misses no heartbeat while the queues are counted.
    let is_untouched = !connection.listen(EVENTS, "worker.#").await?;
    let mut told = Told { is_untouched, ..Told::default() };
    for queue in &service.queues {
        let waiting = match connection.count(queue).await? {
            Asked::There { messages, consumers } => {
                told.known = told.known.max(consumers.into());
                Some(u64::from(messages))
            }
            Asked::Missing => None,
            Asked::Refused => {
                return Err(text!(
                    "this user may not see the queue `{queue}`",
                    "este usuario no puede ver la cola `{queue}`"
                ));
            }
        };
        told.queues.push((queue.clone(), waiting));
    }
    while !told.is_untouched && !told.heard.is_enough(told.known, service) {
        let Ok(event) = timeout_at(listen_until, connection.event()).await else { break };
        let (topic, worker) = event?;
        told.heard.take(&topic, worker);
    }
    connection.close().await;
    Ok((told, dialled.learnt))
}
