//! An address of the web: its status, how long its certificate lasts, and how far its clock is from this one.

use std::error::Error;
use std::time::Duration;

use encargo_model::{Text, text};
use reqwest::header::DATE;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use super::super::{Address, Answer, Service};
use super::dial::{Learnt, look_up, of_io};
use super::{now, tls};

/// A clock that is further from this one, in seconds, is worth a look.
const FAR: i64 = 60;

/// Asks with GET, follows nothing and reads no body: another address is for the operator to name.
pub(super) async fn ask(service: &Service, address: &Address, within: Duration) -> Result<Answer, Text> {
    let (addresses, lookup) = look_up(address).await?;
    let (config, shown) = tls::client(service.ca_file.as_deref())?;
    let client = Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(within)
        .user_agent(concat!("encargo/", env!("CARGO_PKG_VERSION")))
        .resolve_to_addrs(&address.host().unwrap_or_default(), &addresses)
        .build()
        .map_err(|_| text!("no client could be made", "no se pudo crear un cliente"))?;
    let answered = client.get(address.url().clone()).send().await;
    let learnt = Learnt { lookup, certificate: shown.certificate() };
    let answer = match answered {
        Ok(response) => judged(service, &response),
        Err(error) => Answer::failed(why(&error)),
    };
    Ok(learnt.told(answer, service.certificate_days, now()))
}

fn judged(service: &Service, response: &Response) -> Answer {
    let status = response.status();
    let code = status.as_u16();
    let told = text!("it answers with status {code}", "responde con el estado {code}");
    let answer = match service.statuses.as_slice() {
        [] if status.is_success() => Answer::ok(told),
        [] if status.is_redirection() => Answer::warning(text!(
            "it answers with status {code}: name the address that this leads to",
            "responde con el estado {code}: indique la dirección a la que lleva"
        )),
        wanted if wanted.contains(&code) => Answer::ok(told),
        _ => Answer::failed(told),
    };
    let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
    let apart = date.and_then(seconds_of).map(|date| date - now());
    let answer = answer.with("status", f64::from(code), "");
    let Some(apart) = apart else { return answer };
    let far = (apart.abs() > FAR)
        .then(|| text!("its clock is {apart:+} s from this one", "su reloj está a {apart:+} s de este"));
    answer.with("clock_apart", apart as f64, "seconds").but(far.into_iter().collect())
}

/// The seconds since 1970 of a date in a header.
fn seconds_of(date: &str) -> Option<i64> {
    Some(chrono::DateTime::parse_from_rfc2822(date).ok()?.timestamp())
}

/// What went wrong. The client's own words have the address in them.
fn why(error: &reqwest::Error) -> Text {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    if let Some(refused) = tls::of_source(error) {
        return refused;
    }
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return of_io(error);
        }
        next = error.source();
    }
    if error.is_timeout() {
        text!("it takes no connection", "no acepta conexiones")
    } else {
        text!("it answers nothing that HTTP knows", "no responde nada que HTTP conozca")
    }
}
