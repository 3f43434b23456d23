//! An address of a service. Its user, password, path and query may be secrets and are shown nowhere.

use std::fmt;
use std::path::PathBuf;

use encargo_model::{Text, text};
use url::{Host, Url};

/// Where a service is, and what it is told to be let in.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: Url,
    port: u16,
}

/// Why a text is no address; what was written is not in it.
pub type BadAddress = Text;

/// Ports by scheme, where no other one is written.
const PORTS: [(&str, u16); 13] = [
    ("redis", 6379),
    ("rediss", 6379),
    ("amqp", 5672),
    ("amqps", 5671),
    ("pyamqp", 5672),
    ("smtp", 25),
    ("submission", 587),
    ("smtps", 465),
    ("smtp+tls", 587),
    ("smtp+ssl", 465),
    ("http", 80),
    ("https", 443),
    ("tls", 443),
];

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// A sentence without what was written.
    pub fn parse(written: &str) -> Result<Self, BadAddress> {
        let written = written.trim();
        // A socket has no host behind its user, which the grammar of addresses wants.
        let is_local = written.split_once(':').is_some_and(|(scheme, _)| is_socket(scheme));
        let read = if is_local { Url::parse(&written.replacen("@/", "@localhost/", 1)) } else { Url::parse(written) };
        let url = read.map_err(|_| {
            text!(
                "it is no address such as `redis://host:6379/0`; signs other than letters and digits in a password are written as %XX",
                "no es una dirección como `redis://host:6379/0`; los signos de una contraseña que no sean letras ni dígitos se escriben como %XX"
            )
        })?;
        let scheme = url.scheme();
        if is_socket(scheme) {
            return match url.path() {
                "" | "/" => Err(text!("it names no socket", "no nombra ningún socket")),
                _ => Ok(Self { url, port: 0 }),
            };
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(text!("it names no host", "no nombra ningún host"));
        }
        let known = PORTS.iter().find(|(known, _)| *known == scheme).map(|(_, port)| *port);
        match url.port().or(known) {
            Some(port) if port > 0 => Ok(Self { url, port }),
            _ => Err(text!("it names no port", "no nombra ningún puerto")),
        }
    }

    /// The scheme, in small letters.
    pub fn scheme(&self) -> &str {
        self.url.scheme()
    }

    /// The host without the brackets of IPv6; none of a socket.
    pub(crate) fn host(&self) -> Option<String> {
        if is_socket(self.scheme()) {
            return None;
        }
        match self.url.host()? {
            Host::Ipv6(address) => Some(address.to_string()),
            Host::Ipv4(address) => Some(address.to_string()),
            Host::Domain(name) => Some(name.to_owned()),
        }
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// The path of a socket of this machine.
    pub(crate) fn socket(&self) -> Option<PathBuf> {
        is_socket(self.scheme()).then(|| PathBuf::from(decoded(self.url.path())))
    }

    pub(crate) fn user(&self) -> Option<String> {
        Some(self.url.username()).filter(|user| !user.is_empty()).map(decoded)
    }

    pub(crate) fn password(&self) -> Option<String> {
        let written = self.url.password().map(decoded);
        written.or_else(|| self.socket().and_then(|_| self.parameter("password")))
    }

    /// What stands behind the first slash, decoded.
    pub(crate) fn path(&self) -> String {
        decoded(self.url.path().strip_prefix('/').unwrap_or_default())
    }

    /// A parameter behind the question mark.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The whole of it, for whoever asks there.
    pub(crate) const fn url(&self) -> &Url {
        &self.url
    }

    /// Whether the other one is at the same place.
    pub(crate) fn is_at(&self, other: &Self) -> bool {
        (self.host(), self.port, self.socket()) == (other.host(), other.port, other.socket())
    }
}

/// Sockets of this machine, as the clients of Redis and Celery write them.
fn is_socket(scheme: &str) -> bool {
    matches!(scheme, "unix" | "redis+unix" | "redis+socket" | "unix+redis")
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let two = after.get(..2).and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        match two {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Scheme, host and port alone: everything else may be a secret.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.socket() {
            Some(socket) => write!(f, "unix://{}", socket.display()),
            None => write!(f, "{}://{}:{}", self.scheme(), self.url.host_str().unwrap_or_default(), self.port),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_may_be_a_secret_is_shown() {
        for (written, shown) in [
            ("redis://:s3cret@cache:6380/2", "redis://cache:6380"),
            ("rediss://user:s3cret@cache", "rediss://cache:6379"),
            ("unix://:s3cret@/run/redis.sock?db=1", "unix:///run/redis.sock"),
            ("redis+socket:///run/redis.sock?virtual_host=1", "unix:///run/redis.sock"),
            ("amqp://guest:s3cret@[::1]//", "amqp://[::1]:5672"),
            ("https://s3cret@hooks.example.com/services/s3cret?token=s3cret#s3cret", "https://hooks.example.com:443"),
            ("tcp://crm:1234", "tcp://crm:1234"),
        ] {
            let address = Address::parse(written).unwrap();
            assert_eq!((address.to_string(), format!("{address:?}")), (shown.to_owned(), shown.to_owned()));
        }
    }

    #[test]
    fn the_parts_are_decoded_for_whoever_asks_there() {
        let address = Address::parse("amqp://a%40b:p%2Fw%25@mq/%2Fmine?x=1%202").unwrap();
        assert_eq!((address.user().as_deref(), address.password().as_deref()), (Some("a@b"), Some("p/w%")));
        assert_eq!((address.path().as_str(), address.parameter("x").as_deref()), ("/mine", Some("1 2")));
        assert_eq!((address.host().as_deref(), address.port()), (Some("mq"), 5672));
        for socket in ["unix://me:s3%20@/run/r.sock", "unix://me@/run/r.sock?password=s3+"] {
            let socket = Address::parse(socket).unwrap();
            assert_eq!((socket.user().as_deref(), socket.password().as_deref()), (Some("me"), Some("s3 ")));
            assert_eq!(socket.socket(), Some(PathBuf::from("/run/r.sock")));
        }
        assert_eq!(Address::parse("tcp://[::1]:9").unwrap().host().as_deref(), Some("::1"));
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_told() {
        for written in ["s3cret", "redis://:s3/cret@host", "tcp://s3cret", "unix://", "redis://", "http://:80/s3cret"] {
            let refused = Address::parse(written).unwrap_err();
            assert!(!refused.en.contains("s3"), "{written}: {}", refused.en);
        }
    }
}
