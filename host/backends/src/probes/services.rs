//! The services that the operator named: what each is, where, and what is asked of it.

use std::path::PathBuf;
use std::time::Duration;

use encargo_model::{Text, text};

use super::Address;
use crate::backups::Place;

/// What can be reached through the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A port that takes connections.
    Tcp,
    /// A Redis server.
    Redis,
    /// A broker of Celery with its queues and workers.
    Celery,
    /// A mail server.
    Smtp,
    /// An address of the web.
    External,
}

impl Kind {
    /// All of them, from what others stand on to what stands on others.
    pub const ALL: [Self; 5] = [Self::Tcp, Self::Redis, Self::Celery, Self::Smtp, Self::External];

    /// The word, as in the permission `check:WORD`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Redis => "redis",
            Self::Celery => "celery",
            Self::Smtp => "smtp",
            Self::External => "external",
        }
    }

    /// The kind of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The kind that a scheme is of, where nothing else is said.
    pub fn of_scheme(scheme: &str) -> Option<Self> {
        match scheme {
            "redis" | "rediss" | "unix" | "redis+unix" | "unix+redis" | "redis+socket" => Some(Self::Redis),
            "amqp" | "amqps" | "pyamqp" => Some(Self::Celery),
            "smtp" | "smtps" | "submission" | "smtp+tls" | "smtp+ssl" => Some(Self::Smtp),
            "http" | "https" => Some(Self::External),
            "tcp" | "tls" => Some(Self::Tcp),
            _ => None,
        }
    }

    /// Whether an address of this scheme can be asked as this kind.
    pub fn takes(self, scheme: &str) -> bool {
        match Self::of_scheme(scheme) {
            Some(Self::Redis) => matches!(self, Self::Redis | Self::Celery),
            of_scheme => of_scheme == Some(self),
        }
    }
}

/// One service.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The operator's name for it.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is, or why that cannot be told.
    pub address: Result<Address, Text>,
    /// Whether a failure of it is one of the platform; a warning otherwise.
    pub critical: bool,
    /// How long its answer may take, where that is not left to whoever asks.
    pub timeout: Option<Duration>,
    /// The statuses of HTTP that are well; those from 200 to 299 where there are none.
    pub statuses: Vec<u16>,
    /// A certificate that ends in fewer days is worth a look.
    pub certificate_days: u32,
    /// A file of certificates that are trusted, in the place of the machine's.
    pub ca_file: Option<PathBuf>,
    /// Whether a mail server has to speak TLS behind its greeting; as its scheme says where that was not said.
    pub starttls: Option<bool>,
    /// The queues of Celery.
    pub queues: Vec<String>,
    /// More messages that wait in one queue are worth a look.
    pub most_queued: Option<u64>,
    /// Fewer workers than these are worth a look.
    pub workers: u32,
    /// For how long workers are listened to, who send a heartbeat each two seconds.
    pub heartbeat: Duration,
}

impl Service {
    /// A service of which nothing but this was said.
    pub fn new(name: impl Into<String>, kind: Kind, address: Result<Address, Text>) -> Self {
        Self {
            name: name.into(),
            kind,
            address,
            critical: true,
            timeout: None,
            statuses: Vec::new(),
            certificate_days: 21,
            ca_file: None,
            starttls: None,
            queues: vec!["celery".to_owned()],
            most_queued: None,
            workers: 1,
            heartbeat: Duration::from_millis(2_500),
        }
    }

    /// Whether a mail server has to speak TLS behind its greeting.
    pub(crate) fn wants_tls(&self, address: &Address) -> bool {
        self.starttls.unwrap_or_else(|| matches!(address.scheme(), "submission" | "smtp+tls"))
    }

    /// Its place, as it may be shown.
    pub fn place(&self) -> Text {
        match &self.address {
            Ok(address) => text!("{address}", "{address}"),
            Err(why) => why.clone(),
        }
    }
}

/// What the operator said about services.
#[derive(Debug, Clone, PartialEq)]
pub struct Services {
    /// Those of the network, in the order of their kinds and names.
    pub named: Vec<Service>,
    /// Where backups are looked for; where the platform says so if nothing else does.
    pub backups: Option<Place>,
    /// An older backup is worth a look.
    pub backup_age: Duration,
    /// A drill that is longer ago is worth a look.
    pub drill_age: Duration,
}

const DAY: Duration = Duration::from_secs(86_400);

impl Default for Services {
    /// None, and a backup a day with a drill a month.
    fn default() -> Self {
        Self { named: Vec::new(), backups: None, backup_age: DAY + DAY / 12, drill_age: 35 * DAY }
    }
}

impl Services {
    /// The services that a service cannot be well without: what lies below it at the same place.
    pub(crate) fn needs(&self, service: &Service) -> Vec<String> {
        let Ok(address) = &service.address else { return Vec::new() };
        let is_below = |other: &&Service| {
            other.kind < service.kind && other.address.as_ref().is_ok_and(|other| other.is_at(address))
        };
        self.named.iter().filter(is_below).map(|other| other.name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_needs_what_lies_below_it_at_the_same_place() {
        let service = |name: &str, kind, address: &str| Service::new(name, kind, Address::parse(address));
        let services = Services {
            named: vec![
                service("port", Kind::Tcp, "tcp://cache:6379"),
                service("cache", Kind::Redis, "redis://:a@cache:6379/0"),
                service("other", Kind::Redis, "redis://cache:6380"),
                service("jobs", Kind::Celery, "redis://:b@cache/1"),
            ],
            ..Services::default()
        };
        let needs: Vec<_> = services.named.iter().map(|service| services.needs(service)).collect();
        let none: [&str; 0] = [];
        assert_eq!(needs[0], none);
        assert_eq!(needs[1], ["port"]);
        assert_eq!(needs[2], none);
        assert_eq!(needs[3], ["port", "cache"]);
    }

    #[test]
    fn a_kind_takes_the_schemes_that_it_understands() {
        for (kind, scheme, is_taken) in [
            (Kind::Redis, "redis+socket", true),
            (Kind::Celery, "redis", true),
            (Kind::Celery, "amqp", true),
            (Kind::Smtp, "smtp+tls", true),
            (Kind::Smtp, "redis", false),
            (Kind::Redis, "amqp", false),
            (Kind::External, "tcp", false),
        ] {
            assert_eq!(kind.takes(scheme), is_taken, "{kind:?} {scheme}");
        }
    }
}
