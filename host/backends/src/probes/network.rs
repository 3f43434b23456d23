//! What is reached through the network: only addresses that the operator named, and nothing is changed there.

mod amqp;
mod celery;
mod dial;
mod redis;
mod smtp;
mod tcp;
mod tls;
mod web;

use std::time::Duration;

use encargo_model::{Clock as _, SystemClock, text};

use super::{Answer, Kind, Service};

/// Asks one service, which has this long to answer.
pub(super) async fn ask(service: &Service, within: Duration) -> Answer {
    let address = match &service.address {
        Ok(address) => address,
        Err(why) => {
            return Answer::failed(text!(
                "its address cannot be used: {why}",
                "su dirección no sirve: {why}",
                why = why
            ));
        }
    };
    let answered = match service.kind {
        Kind::Tcp => tcp::ask(service, address, within).await,
        Kind::Redis => redis::ask(service, address, within).await,
        Kind::Celery => celery::ask(service, address, within).await,
        Kind::Smtp => smtp::ask(service, address, within).await,
        Kind::External => web::ask(service, address, within).await,
    };
    answered.unwrap_or_else(Answer::failed)
}

/// The seconds since 1970, which certificates and headers are compared with.
fn now() -> i64 {
    SystemClock.now().0.div_euclid(1_000_000)
}
