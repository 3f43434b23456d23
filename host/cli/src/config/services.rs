//! `[services]`: what `health_check` asks outside of the platform. To name an address here is to grant it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use encargo_model::{Origin, SERVICES, Text, near_names, text};
use serde_json::Value;
use toml::Value as Toml;

use super::environment::Environment;
use super::file::{ServiceTables, at_line};
use crate::error::{Problem, did_you_mean};
use crate::wiring::{Address, Kind, Service, Services};

/// Variables that name a service without a file, as Django's projects have them.
const VARIABLES: [(&str, &str, Kind); 3] = [
    ("REDIS_URL", "redis", Kind::Redis),
    ("CELERY_BROKER_URL", "celery", Kind::Celery),
    ("EMAIL_URL", "smtp", Kind::Smtp),
];

/// What a service's table may say.
const KEYS: [&str; 13] = [
    "kind",
    "url",
    "url_variable",
    "critical",
    "timeout_seconds",
    "statuses",
    "certificate_days",
    "ca_file",
    "starttls",
    "queues",
    "most_queued",
    "workers",
    "heartbeat_seconds",
];

/// The services in force.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ServiceSettings {
    pub(crate) services: Services,
    /// Each setting with its key in the file, its value without secrets, and where it comes from.
    pub(crate) shown: Vec<(String, Value, Origin)>,
}

impl ServiceSettings {
    /// Settles them. `file` is where the tables stand; a relative path in them is beside it.
    ///
    /// # Errors
    /// What is wrong with a table, with its line and without its values.
    pub(crate) fn new(file: &Path, tables: &ServiceTables, environment: &Environment) -> Result<Self, Problem> {
        let mut settled = Self::default();
        let mut named = BTreeMap::new();
        for (name, (line, value)) in tables {
            let wrong = |(sentence, hint): (Text, Option<Text>)| {
                let problem = Problem::usage(at_line(file, *line, &sentence));
                hint.map_or_else(|| problem.clone(), |hint| problem.clone().hint(hint))
            };
            match value {
                Toml::Table(table) => {
                    let beside = file.parent().unwrap_or(Path::new("/"));
                    let service = settled.service(name, table, beside, environment).map_err(wrong)?;
                    named.insert(name.clone(), service);
                }
                value => settled.age(name, value).map_err(wrong)?,
            }
        }
        let of_django = of_django(environment);
        let variables = VARIABLES
            .iter()
            .filter_map(|&(variable, name, kind)| Some((variable, name, kind, environment.get(variable)?.to_owned())));
        for (variable, name, kind, address) in of_django.into_iter().chain(variables) {
            let address = address_of(kind, &address);
            let service = named.entry(name.to_owned()).or_insert_with(|| Service::new(name, kind, address.clone()));
            service.address = address;
            let shown = shown(service);
            settled.shown.retain(|(key, ..)| *key != format!("services.{name}.url"));
            settled.show(name, "url", shown, Origin::Environment(variable.to_owned()));
        }
        settled.services.named = named.into_values().collect();
        settled.services.named.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        Ok(settled)
    }

    fn show(&mut self, name: &str, key: &str, value: impl Into<Value>, origin: Origin) {
        self.shown.push((format!("services.{name}.{key}"), value.into(), origin));
    }

    /// One of the two ages that backups and drills may have.
    fn age(&mut self, name: &str, value: &Toml) -> Result<(), Wrong> {
        let (age, unit) = match name {
            "backup_hours" => (&mut self.services.backup_age, 3_600),
            "drill_days" => (&mut self.services.drill_age, 86_400),
            _ => {
                let hint = text!(
                    "a service is a table: `[services.{name}]` with a `url`",
                    "un servicio es una tabla: `[services.{name}]` con una `url`"
                );
                return Err((
                    text!("`[services]` has no setting `{name}`", "`[services]` no tiene el ajuste `{name}`"),
                    Some(hint),
                ));
            }
        };
        let number = value.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
        let number = number.ok_or_else(|| (not_a(name, &text!("a number from 1", "un número desde 1")), None))?;
        *age = Duration::from_secs(u64::from(number) * unit);
        let key = format!("services.{name}");
        self.shown.push((key.clone(), number.into(), Origin::Settings(key)));
        Ok(())
    }

    fn service(
        &mut self,
        name: &str,
        table: &toml::Table,
        beside: &Path,
        environment: &Environment,
    ) -> Result<Service, Wrong> {
        check_names(name, table)?;
        let (address, origin) = written_address(name, table, environment)?;
        let kind = kind_of(name, table, address.as_deref())?;
        let address = match address {
            Some(address) => address_of(kind, &address),
            None => Err(text!("the variable is not set", "la variable no está definida")),
        };
        // What the file says is answered where it stands; what a variable says may be meant for others.
        if let (Err(why), Origin::Settings(_)) = (&address, &origin) {
            return Err((text!("`url` of `{name}`: {why}", "`url` de `{name}`: {why}", why = why), None));
        }
        let mut service = Service::new(name, kind, address);
        self.show(name, "kind", kind.as_str(), Origin::Settings(format!("services.{name}.kind")));
        self.show(name, "url", shown(&service), origin);
        for (key, value) in table {
            if set(&mut service, key, value, beside)? {
                let origin = Origin::Settings(format!("services.{name}.{key}"));
                self.show(name, key, super::as_json(value), origin);
            }
        }
        Ok(service)
    }
}

/// The mail server of Django's variables; nobody logs in, so user and password are not needed.
fn of_django(environment: &Environment) -> Option<(&'static str, &'static str, Kind, String)> {
    let host = environment.get("EMAIL_HOST")?;
    let is_on = |name| {
        environment.get(name).is_some_and(|on| matches!(on.to_lowercase().as_str(), "1" | "true" | "yes" | "on"))
    };
    let (scheme, usual) = match (is_on("EMAIL_USE_SSL"), is_on("EMAIL_USE_TLS")) {
        (true, _) => ("smtp+ssl", "465"),
        (_, true) => ("smtp+tls", "587"),
        _ => ("smtp", "25"),
    };
    let port = environment.get("EMAIL_PORT").unwrap_or(usual);
    Some(("EMAIL_HOST", "smtp", Kind::Smtp, format!("{scheme}://{host}:{port}")))
}

/// A sentence, and the way out.
type Wrong = (Text, Option<Text>);

fn check_names(name: &str, table: &toml::Table) -> Result<(), Wrong> {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    if name.is_empty() || name == "all" || !name.bytes().all(is_plain) {
        let sentence = text!(
            "the name of a service has small letters, digits, `-` and `_`",
            "el nombre de un servicio tiene minúsculas, dígitos, `-` y `_`"
        );
        return Err((sentence, None));
    }
    if SERVICES.contains(&name) && Kind::from_word(name).is_none() {
        return Err((
            text!("`{name}` is looked at without an address", "`{name}` se comprueba sin dirección"),
            Some(text!("give the service another name", "dé otro nombre al servicio")),
        ));
    }
    if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let near = near_names(key, KEYS);
        let hint = match near.is_empty() {
            true => text!("there are {}", "hay {}"; KEYS.join(", ")),
            false => did_you_mean(&near),
        };
        return Err((text!("a service has no setting `{key}`", "un servicio no tiene el ajuste `{key}`"), Some(hint)));
    }
    Ok(())
}

/// The address as it is written, and where; none where a variable has it that is not set.
fn written_address(
    name: &str,
    table: &toml::Table,
    environment: &Environment,
) -> Result<(Option<String>, Origin), Wrong> {
    let one = || {
        (
            text!(
                "`{name}` needs a `url`, or in `url_variable` the variable that has it",
                "`{name}` necesita una `url`, o en `url_variable` la variable que la tiene"
            ),
            None,
        )
    };
    match (table.get("url").map(Toml::as_str), table.get("url_variable").map(Toml::as_str)) {
        (Some(Some(url)), None) => Ok((Some(url.to_owned()), Origin::Settings(format!("services.{name}.url")))),
        (None, Some(Some(variable))) if !variable.is_empty() => {
            Ok((environment.get(variable).map(str::to_owned), Origin::Environment(variable.to_owned())))
        }
        _ => Err(one()),
    }
}

/// What a service is: as the table says, else by its name where that is a kind, else by the scheme.
fn kind_of(name: &str, table: &toml::Table, address: Option<&str>) -> Result<Kind, Wrong> {
    let kinds = || Kind::ALL.map(Kind::as_str).join(", ");
    if let Some(kind) = table.get("kind") {
        let kind = kind.as_str().and_then(Kind::from_word);
        return kind.ok_or_else(|| (text!("`kind` is one of {}", "`kind` es uno de {}"; kinds()), None));
    }
    let of_scheme = || Kind::of_scheme(address?.split(':').next()?);
    Kind::from_word(name).or_else(of_scheme).ok_or_else(|| {
        let sentence =
            text!("what `{name}` is does not follow from its address", "de su dirección no se deduce qué es `{name}`");
        (sentence, Some(text!("say `kind`: one of {}", "indique `kind`: uno de {}"; kinds())))
    })
}

fn address_of(kind: Kind, written: &str) -> Result<Address, Text> {
    let address = Address::parse(written)?;
    if kind.takes(address.scheme()) {
        return Ok(address);
    }
    Err(text!(
        "an address of this kind cannot be asked as `{}`",
        "a una dirección de este tipo no se le puede preguntar como `{}`";
        kind.as_str()
    ))
}

/// Sets what is neither kind nor address; whether it was that.
fn set(service: &mut Service, key: &str, value: &Toml, beside: &Path) -> Result<bool, Wrong> {
    let wrong = |what: Text| (not_a(key, &what), None);
    let truth = || value.as_bool().ok_or_else(|| wrong(text!("`true` or `false`", "`true` o `false`")));
    let number = || whole(value).ok_or_else(|| wrong(text!("a number", "un número")));
    let span = || {
        let seconds = value.as_float().or_else(|| whole(value).map(f64::from));
        let span = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        span.filter(|span| !span.is_zero()).ok_or_else(|| wrong(text!("a number of seconds", "un número de segundos")))
    };
    match key {
        "critical" => service.critical = truth()?,
        "starttls" => service.starttls = Some(truth()?),
        "timeout_seconds" => service.timeout = Some(span()?),
        "heartbeat_seconds" => service.heartbeat = span()?,
        "certificate_days" => service.certificate_days = number()?,
        "workers" => service.workers = number()?,
        "most_queued" => service.most_queued = Some(number()?.into()),
        "statuses" => {
            let status = |value: &Toml| whole(value).and_then(|n| u16::try_from(n).ok());
            let statuses = listed(value, status).filter(|all| all.iter().all(|status| (100..600).contains(status)));
            service.statuses =
                statuses.ok_or_else(|| wrong(text!("a list such as `[200, 204]`", "una lista como `[200, 204]`")))?;
        }
        "queues" => {
            let name = |value: &Toml| value.as_str().filter(|name| !name.is_empty()).map(str::to_owned);
            let queues = listed(value, name);
            service.queues =
                queues.ok_or_else(|| wrong(text!("a list such as `[\"celery\"]`", "una lista como `[\"celery\"]`")))?;
        }
        "ca_file" => {
            let file = value.as_str().filter(|file| !file.is_empty());
            let file = file.ok_or_else(|| wrong(text!("the path of a file", "la ruta de un archivo")))?;
            service.ca_file = Some(beside.join(PathBuf::from(file)));
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn whole(value: &Toml) -> Option<u32> {
    value.as_integer().and_then(|n| u32::try_from(n).ok())
}

/// A list that is not empty.
fn listed<T>(value: &Toml, each: impl Fn(&Toml) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(each).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())
}

fn not_a(key: &str, what: &Text) -> Text {
    text!("`{key}` is not {what}", "`{key}` no es {what}", what = what)
}

/// An address as it may be shown; nothing where there is none.
fn shown(service: &Service) -> Value {
    service.address.as_ref().map_or(Value::Null, |address| Value::from(address.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::File;

    fn settled(text: &str, environment: &Environment) -> Result<ServiceSettings, Problem> {
        let file = File::parse(Path::new("/project/encargo.toml"), text).expect("the text is well-formed");
        ServiceSettings::new(&file.path, &file.services, environment)
    }

    #[test]
    fn a_service_is_its_address_and_what_is_asked_of_it() {
        let text = "
            [services]\nbackup_hours = 30
            [services.api]\nurl = 'https://s3cret@api.example.com/x?token=s3cret'\nstatuses = [200, 418]\ncritical = false
            [services.cache]\nurl_variable = 'CACHE'\ntimeout_seconds = 1.5\nca_file = 'ca.pem'";
        let environment =
            Environment::of([("CACHE", "redis://:s3cret@cache/1"), ("REDIS_URL", "redis://:s3cret@main")]);
        let settings = settled(text, &environment).expect("all of it is well");
        let named = &settings.services.named;
        let told: Vec<_> = named.iter().map(|one| (one.name.as_str(), one.kind, one.place().en)).collect();
        assert_eq!(
            told,
            [
                ("cache", Kind::Redis, "redis://cache:6379".to_owned()),
                ("redis", Kind::Redis, "redis://main:6379".to_owned()),
                ("api", Kind::External, "https://api.example.com:443".to_owned()),
            ]
        );
        assert_eq!((named[2].critical, named[2].statuses.as_slice()), (false, &[200, 418][..]));
        assert_eq!(named[0].timeout, Some(Duration::from_millis(1_500)));
        assert_eq!(named[0].ca_file.as_deref(), Some(Path::new("/project/ca.pem")));
        assert_eq!(settings.services.backup_age, Duration::from_secs(30 * 3_600));
        let shown = format!("{:?} {named:?}", settings.shown);
        assert!(!shown.contains("s3cret") && shown.contains("redis://cache:6379"), "{shown}");
        let origin = |key: &str| settings.shown.iter().find(|(known, ..)| known == key).map(|(.., origin)| origin);
        assert_eq!(origin("services.cache.url"), Some(&Origin::Environment("CACHE".to_owned())));
        assert_eq!(origin("services.api.url"), Some(&Origin::Settings("services.api.url".to_owned())));
    }

    #[test]
    fn a_variable_wins_over_the_file_and_breaks_no_other_command() {
        let text = "[services.redis]\nurl = 'redis://file'\ntimeout_seconds = 2";
        let of = |address: &str| {
            let settled = settled(text, &Environment::of([("REDIS_URL", address)])).expect("the file is well");
            settled.services.named[0].clone()
        };
        assert_eq!(of("redis://variable").place().en, "redis://variable:6379");
        assert_eq!(of("redis://variable").timeout, Some(Duration::from_secs(2)));
        let mail =
            Environment::of([("EMAIL_HOST", "mail"), ("EMAIL_USE_TLS", "True"), ("EMAIL_HOST_PASSWORD", "s3cret")]);
        assert_eq!(settled("", &mail).expect("it is well").services.named[0].place().en, "smtp+tls://mail:587");
        assert!(of("sentinel://s3cret").address.is_err_and(|why| !why.en.contains("s3cret")));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_without_its_value() {
        for (text, sentence) in [
            ("[services.a]\nkind = 'tcp'\nurl = 's3cret'", "line 1: `url` of `a`: it is no address"),
            ("[services.a]\nurl = 'gopher://s3cret:7'", "what `a` is does not follow from its address"),
            ("[services.a]\nkind = 's3cret'\nurl = 'tcp://a:1'", "`kind` is one of tcp, "),
            ("[services.a]\nurl = 3", "`a` needs a `url`"),
            ("[services.a]\nurl = 'tcp://a:1'\nurll = 's3cret'", "a service has no setting `urll`"),
            ("[services.disk]\nurl = 'tcp://a:1'", "`disk` is looked at without an address"),
            ("[services.A]\nurl = 'tcp://a:1'", "the name of a service has small letters"),
            ("[services.redis]\nurl = 'https://s3cret@a'", "cannot be asked as `redis`"),
            ("[services]\nredis = 'redis://:s3cret@a'", "`[services]` has no setting `redis`"),
            ("[services]\nbackup_hours = 's3cret'", "`backup_hours` is not a number from 1"),
            ("[services.a]\nurl = 'tcp://a:1'\ncritical = 's3cret'", "`critical` is not `true` or `false`"),
            ("[services.a]\nurl = 'tcp://a:1'\nstatuses = [99]", "`statuses` is not a list"),
            ("[services.a]\nurl = 'tcp://a:1'\ntimeout_seconds = 0", "`timeout_seconds` is not a number of seconds"),
        ] {
            let problem = settled(text, &Environment::default()).expect_err(text);
            assert!(problem.message.en.contains(sentence), "{}", problem.message.en);
            assert!(!format!("{problem:?}").contains("s3cret"), "{problem:?}");
        }
    }
}
