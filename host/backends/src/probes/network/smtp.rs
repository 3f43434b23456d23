//! A mail server: its greeting, what it offers, and where TLS is wanted how long its certificate lasts. No mail is sent and
//! nobody logs in.

use std::time::Duration;

use encargo_model::{Text, text};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use super::super::{Address, Answer, Service};
use super::dial::{Stream, dial, of_io};
use super::{now, tls};

/// A reply that is longer, in bytes, is none.
const MOST: u64 = 64 << 10;

type Talk = BufReader<Box<dyn Stream>>;

pub(super) async fn ask(service: &Service, address: &Address, within: Duration) -> Result<Answer, Text> {
    let dialled = dial(service, address, within).await?;
    let mut learnt = dialled.learnt;
    let mut talk = BufReader::new(dialled.stream);
    let (code, _) = reply(&mut talk).await?;
    if code != 220 {
        return Err(text!("it greets with {code} in the place of 220", "saluda con {code} en lugar de 220"));
    }
    let offers = hello(&mut talk).await?;
    let offers_tls = offers.iter().any(|line| line.eq_ignore_ascii_case("STARTTLS"));
    let is_secure = learnt.certificate.is_some();
    if service.wants_tls(address) && !is_secure {
        if !offers_tls {
            return Err(text!("it offers no STARTTLS", "no ofrece STARTTLS"));
        }
        say(&mut talk, "STARTTLS").await?;
        let (code, _) = reply(&mut talk).await?;
        if code != 220 {
            return Err(text!("it answers STARTTLS with {code}", "responde a STARTTLS con {code}"));
        }
        let (stream, certificate) = tls::over(talk.into_inner(), service, address).await?;
        learnt.certificate = Some(certificate);
        talk = BufReader::new(stream);
        hello(&mut talk).await?;
    }
    // Whoever does not hear it notices that the connection is gone.
    let _ = say(&mut talk, "QUIT").await;
    let told = match (is_secure, service.wants_tls(address), offers_tls) {
        (true, ..) => text!("it greets and speaks TLS", "saluda y habla TLS"),
        (_, true, _) => text!("it greets and speaks TLS by STARTTLS", "saluda y habla TLS con STARTTLS"),
        (_, _, true) => text!("it greets and offers STARTTLS", "saluda y ofrece STARTTLS"),
        _ => text!("it greets; it offers no STARTTLS", "saluda; no ofrece STARTTLS"),
    };
    Ok(learnt.told(Answer::ok(told), service.certificate_days, now()))
}

/// Says hello, and what is offered then.
async fn hello(talk: &mut Talk) -> Result<Vec<String>, Text> {
    say(talk, "EHLO encargo.invalid").await?;
    match reply(talk).await? {
        (250, lines) => Ok(lines),
        (code, _) => Err(text!("it answers EHLO with {code}", "responde a EHLO con {code}")),
    }
}

async fn say(talk: &mut Talk, line: &str) -> Result<(), Text> {
    let written = async {
        talk.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        talk.get_mut().flush().await
    };
    written.await.map_err(|error| of_io(&error))
}

/// A reply: its code and its lines.
async fn reply(talk: &mut Talk) -> Result<(u16, Vec<String>), Text> {
    let unknown = || text!("it does not speak SMTP", "no habla SMTP");
    let (mut lines, mut left) = (Vec::new(), MOST);
    loop {
        let mut line = Vec::new();
        let n = (&mut *talk).take(left).read_until(b'\n', &mut line).await.map_err(|error| of_io(&error))?;
        left -= n as u64;
        if n == 0 {
            return Err(if left == 0 { unknown() } else { text!("it hung up", "colgó") });
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let code = line.get(..3).and_then(|code| code.parse().ok()).ok_or_else(unknown)?;
        lines.push(line.get(4..).unwrap_or_default().to_owned());
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok((code, lines));
        }
    }
}
