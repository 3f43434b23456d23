//! A Redis server: whether it answers PING, how full its memory is, and whether it can keep what it has.

use std::collections::HashMap;
use std::time::Duration;

use encargo_model::{Text, text};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Cmd, ErrorKind, RedisConnectionInfo, RedisError, ServerErrorKind};

use super::super::{Address, Answer, Service};
use super::dial::{Learnt, dial, of_io};
use super::now;

/// Memory that is fuller than this share of its limit, in percent, is worth a look.
const FULL: f64 = 90.0;
const MIB: f64 = (1_u64 << 20) as f64;

/// An open connection to a server.
pub(super) struct Connected {
    pub(super) connection: MultiplexedConnection,
    pub(super) learnt: Learnt,
}

pub(super) async fn ask(service: &Service, address: &Address, within: Duration) -> Result<Answer, Text> {
    let Connected { mut connection, learnt } = connect(service, address, within).await?;
    let pong: String = Cmd::new().arg("PING").query_async(&mut connection).await.map_err(|error| why(&error))?;
    if pong != "PONG" {
        return Err(text!("it does not answer PING as Redis does", "no responde a PING como Redis"));
    }
    let mut told = HashMap::new();
    for section in ["server", "memory", "persistence"] {
        let asked: Result<String, _> = Cmd::new().arg("INFO").arg(section).query_async(&mut connection).await;
        match asked {
            Ok(text) => told.extend(fields(&text)),
            Err(_) => {
                let answer = Answer::ok(text!("it answers PING", "responde a PING"));
                return Ok(learnt.told(answer, service.certificate_days, now()).but(vec![text!(
                    "INFO is not allowed to this user, so its memory is not known",
                    "INFO no se permite a este usuario, así que no se conoce su memoria"
                )]));
            }
        }
    }
    Ok(learnt.told(judged(&told), service.certificate_days, now()))
}

/// Opens a connection and says who asks.
pub(super) async fn connect(service: &Service, address: &Address, within: Duration) -> Result<Connected, Text> {
    let dialled = dial(service, address, within).await?;
    // The look's own deadline is the only one.
    let patient = AsyncConnectionConfig::new().set_response_timeout(None);
    let opened = MultiplexedConnection::new_with_config(&login(address), dialled.stream, patient).await;
    let (connection, driver) = opened.map_err(|error| why(&error))?;
    tokio::spawn(driver);
    Ok(Connected { connection, learnt: dialled.learnt })
}

/// Who asks, and of which database.
pub(super) fn login(address: &Address) -> RedisConnectionInfo {
    let mut login = RedisConnectionInfo::default().set_db(database(address)).set_skip_set_lib_name();
    if let Some(user) = address.user() {
        login = login.set_username(user);
    }
    match address.password() {
        Some(password) => login.set_password(password),
        None => login,
    }
}

/// The number of the database: behind the slash, or a parameter where the path is a socket's.
pub(super) fn database(address: &Address) -> i64 {
    let written = match address.socket() {
        Some(_) => ["virtual_host", "db"].into_iter().find_map(|name| address.parameter(name)).unwrap_or_default(),
        None => address.path(),
    };
    written.trim_matches('/').parse().unwrap_or_default()
}

fn fields(info: &str) -> HashMap<String, String> {
    let pairs = info.lines().filter_map(|line| line.trim_end().split_once(':'));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn judged(told: &HashMap<String, String>) -> Answer {
    let word = |key: &str| told.get(key).map(String::as_str).unwrap_or_default();
    let number = |key: &str| word(key).parse::<f64>().unwrap_or_default();
    let (used, most) = (number("used_memory"), number("maxmemory"));
    // The server's own word, of which as much is told as a version has.
    let version: String = word("redis_version").chars().filter(char::is_ascii_graphic).take(20).collect();
    let mut looks = Vec::new();
    if word("loading") == "1" {
        looks.push(text!("it is still loading its data", "aún está cargando sus datos"));
    }
    if most > 0.0 && used * 100.0 / most > FULL {
        let share = used * 100.0 / most;
        looks.push(match word("maxmemory_policy") {
            "noeviction" => text!(
                "its memory is {share:.0} % full, and full it refuses to write",
                "su memoria está al {share:.0} %, y llena no admite escrituras"
            ),
            _ => text!(
                "its memory is {share:.0} % full, and full it forgets",
                "su memoria está al {share:.0} %, y llena olvida"
            ),
        });
    }
    if !matches!(word("rdb_last_bgsave_status"), "ok" | "") {
        looks.push(text!("its last snapshot could not be written", "no se pudo escribir su última instantánea"));
    }
    if word("aof_enabled") == "1" && !matches!(word("aof_last_write_status"), "ok" | "") {
        looks.push(text!("its log could not be written", "no se pudo escribir su registro"));
    }
    let kept = match word("aof_enabled") {
        "1" => text!("keeps a log", "guarda un registro"),
        _ => text!("keeps snapshots alone, if any", "guarda solo instantáneas, si acaso"),
    };
    let mut answer = Answer::ok(text!(
        "Redis {version} answers PING, uses {:.1} MiB, {kept}",
        "Redis {version} responde a PING, usa {:.1} MiB, {kept}",
        kept = kept;
        used / MIB
    ))
    .with("used_memory", used, "bytes");
    if most > 0.0 {
        answer = answer.with("max_memory", most, "bytes");
    }
    answer.with("unsaved_changes", number("rdb_changes_since_last_save"), "").but(looks)
}

/// What went wrong, without what the server says of user and password.
pub(super) fn why(error: &RedisError) -> Text {
    match (error.kind(), error.code().unwrap_or_default()) {
        (_, "NOAUTH") => text!("it wants a password", "pide una contraseña"),
        (_, "WRONGPASS") | (ErrorKind::AuthenticationFailed, _) => {
            text!("it refuses the password", "rechaza la contraseña")
        }
        (_, "NOPERM") => text!("this user may not ask it", "este usuario no puede preguntarle"),
        (ErrorKind::Server(ServerErrorKind::BusyLoading), _) => {
            text!("it is still loading its data", "aún está cargando sus datos")
        }
        (ErrorKind::Io, _) => {
            let inner = std::error::Error::source(error).and_then(|inner| inner.downcast_ref::<std::io::Error>());
            inner.map_or_else(|| text!("it hung up", "colgó"), of_io)
        }
        (ErrorKind::Parse, _) => text!("it does not speak as Redis does", "no habla como Redis"),
        (_, code) if !code.is_empty() => {
            let code: String = code.chars().filter(char::is_ascii_uppercase).take(20).collect();
            text!("it answers with the error {code}", "responde con el error {code}")
        }
        _ => text!("it does not answer as Redis does", "no responde como Redis"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::ProbeStatus;
    use super::*;

    #[test]
    fn what_info_tells_is_judged() {
        for (info, status, says) in [
            (
                "used_memory:1048576\r\nredis_version:7.0.1\r\nrdb_last_bgsave_status:ok",
                ProbeStatus::Ok,
                "uses 1.0 MiB",
            ),
            ("used_memory:95\r\nmaxmemory:100\r\nmaxmemory_policy:noeviction", ProbeStatus::Warning, "95 % full"),
            ("used_memory:95\r\nmaxmemory:0", ProbeStatus::Ok, "PING"),
            ("rdb_last_bgsave_status:err", ProbeStatus::Warning, "last snapshot"),
            ("aof_enabled:1\r\naof_last_write_status:err", ProbeStatus::Warning, "its log could not"),
            ("loading:1", ProbeStatus::Warning, "still loading"),
        ] {
            let answer = judged(&fields(info));
            assert_eq!(answer.status, status, "{info}");
            assert!(answer.detail.en.contains(says), "{}", answer.detail.en);
        }
    }

    #[test]
    fn the_database_stands_behind_the_slash_or_is_a_parameter_of_a_socket() {
        for (address, number) in [
            ("redis://h/3", 3),
            ("redis://h", 0),
            ("redis://h/x", 0),
            ("unix:///run/r.sock?db=2", 2),
            ("redis+socket:///run/r.sock?virtual_host=4", 4),
        ] {
            assert_eq!(database(&Address::parse(address).unwrap()), number, "{address}");
        }
    }
}
