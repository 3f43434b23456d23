//! Connections: a name is looked up, each of its addresses is tried, and a socket of this machine is opened as it is.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use encargo_model::{Text, text};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::timeout;

use super::super::{Address, Answer, Service};
use super::tls::{self, Certificate};

/// Whatever can be read and written.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// What was opened, and what was learnt on the way.
pub(super) struct Dialled {
    pub(super) stream: Box<dyn Stream>,
    pub(super) learnt: Learnt,
}

/// What a connection tells before anything is said.
#[derive(Debug, Clone, Default)]
pub(super) struct Learnt {
    pub(super) lookup: Option<Duration>,
    pub(super) certificate: Option<Certificate>,
}

impl Learnt {
    /// An answer with what was learnt, which is a warning where the certificate ends soon.
    pub(super) fn told(&self, answer: Answer, days: u32, now: i64) -> Answer {
        let mut answer = answer;
        if let Some(lookup) = self.lookup {
            answer = answer.with("lookup", lookup.as_secs_f64(), "seconds");
        }
        match &self.certificate {
            None => answer,
            Some(certificate) => certificate.told(answer, days, now),
        }
    }
}

/// Opens a connection; with TLS where the scheme says so.
///
/// # Errors
/// A sentence that names neither user nor password.
pub(super) async fn dial(service: &Service, address: &Address, within: Duration) -> Result<Dialled, Text> {
    if let Some(socket) = address.socket() {
        let stream = UnixStream::connect(&socket).await.map_err(|error| of_io(&error))?;
        return Ok(Dialled { stream: Box::new(stream), learnt: Learnt::default() });
    }
    let (tcp, lookup) = connect(address, within).await?;
    if !matches!(address.scheme(), "rediss" | "amqps" | "smtps" | "smtp+ssl" | "tls") {
        return Ok(Dialled { stream: Box::new(tcp), learnt: Learnt { lookup, certificate: None } });
    }
    let (stream, certificate) = tls::over(Box::new(tcp), service, address).await?;
    Ok(Dialled { stream, learnt: Learnt { lookup, certificate: Some(certificate) } })
}

/// Connects, and how long the name took to look up.
pub(super) async fn connect(address: &Address, within: Duration) -> Result<(TcpStream, Option<Duration>), Text> {
    let (addresses, lookup) = look_up(address).await?;
    // Each address has its share of the time, so that one that swallows everything does not hide the next.
    let share = within / u32::try_from(addresses.len() + 1).unwrap_or(2);
    let mut last = text!("it has no address", "no tiene ninguna dirección");
    for at in &addresses {
        last = match timeout(share, TcpStream::connect(at)).await {
            Ok(Ok(stream)) => return Ok((stream, lookup)),
            Ok(Err(error)) => of_io(&error),
            Err(_) => text!("it takes no connection", "no acepta conexiones"),
        };
    }
    Err(last)
}

/// The addresses behind a host, and how long that took where it is a name.
pub(super) async fn look_up(address: &Address) -> Result<(Vec<SocketAddr>, Option<Duration>), Text> {
    let host = address.host().unwrap_or_default();
    if let Ok(ip) = host.parse() {
        return Ok((vec![SocketAddr::new(ip, address.port())], None));
    }
    let began = Instant::now();
    let unknown = || {
        text!("no address is known for the name `{host}` (DNS)", "no se conoce la dirección del nombre `{host}` (DNS)")
    };
    let found: Vec<_> = lookup_host((host.as_str(), address.port())).await.map_err(|_| unknown())?.collect();
    if found.is_empty() { Err(unknown()) } else { Ok((found, Some(began.elapsed()))) }
}

/// What the system says, in our words: its own may have the address in them.
pub(super) fn of_io(error: &io::Error) -> Text {
    if let Some(refused) = tls::of_source(error) {
        return refused;
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => text!("nobody listens there", "allí no escucha nadie"),
        io::ErrorKind::NotFound => text!("the socket is not there", "el socket no existe"),
        io::ErrorKind::PermissionDenied => text!("this user may not open it", "este usuario no puede abrirlo"),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            text!("no way leads there", "no hay camino hasta allí")
        }
        io::ErrorKind::TimedOut => text!("it takes no connection", "no acepta conexiones"),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            text!("it hung up", "colgó")
        }
        kind => Text::quoted(kind.to_string()),
    }
}
