//! A port: whether it takes a connection, and with `tls://` how long its certificate lasts.

use std::time::Duration;

use encargo_model::{Text, text};

use super::super::{Address, Answer, Service};
use super::dial::dial;
use super::now;

pub(super) async fn ask(service: &Service, address: &Address, within: Duration) -> Result<Answer, Text> {
    let dialled = dial(service, address, within).await?;
    let answer = Answer::ok(text!("it takes connections", "acepta conexiones"));
    Ok(dialled.learnt.told(answer, service.certificate_days, now()))
}
