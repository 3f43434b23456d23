//! `encargo doctor`: whether this installation is as it should be.

use std::path::{Path, PathBuf};
use std::time::Duration;

use encargo_engine::CacheError;
use encargo_model::{Exit, Lack, Text, text};
use rustix::fs::statvfs;
use serde::Serialize;

use super::version::VERSION;
use super::{Kind, Verb};
use crate::config::Configuration;
use crate::error::Problem;
use crate::output::{Style, Summary, Verbosity, Word, check_name, measure, visible};
use crate::packaged::PACKAGED;
use crate::session::Session;
use crate::wiring::{self, Installation};

pub(super) const VERB: Verb = Verb {
    name: "doctor",
    summary: Word::VerbDoctor,
    takes: &[],
    kind: Kind::Own { arguments: |command, _| command, run: |session, _| Ok(run(session)) },
};

/// Below this much free space the next import or backup may not end.
const LEAST_FREE: u64 = 512 << 20;

/// A run makes a few files and some folders, and so do SQLite and the compile cache.
const LEAST_INODES: u64 = 100;
/// Who holds a database for longer is in everyone's way: a transaction of the engine store takes milliseconds.
const MOMENT: Duration = Duration::from_millis(500);

/// What one look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Ok,
    Warning,
    Failed,
}

#[derive(Debug)]
struct Check {
    name: &'static str,
    status: Status,
    detail: Text,
    /// Whether a file is lost, damaged or another's.
    is_loss: bool,
}

/// A check as a line of JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "check")]
struct CheckRecord<'a> {
    name: &'static str,
    status: Status,
    detail: &'a str,
}

fn run(session: &Session) -> Summary {
    let (output, language) = (&session.output, session.language());
    let checks = examine(session);
    for check in &checks {
        let detail = check.detail.get(language);
        let (style, word) = match check.status {
            Status::Ok => (Style::Good, "ok"),
            Status::Warning => (Style::Warning, Word::Warning.get(language)),
            Status::Failed => (Style::Error, Word::Error.get(language)),
        };
        if output.verbosity >= Verbosity::NORMAL || check.status == Status::Failed {
            let line = format!("  {:<14}  {}", check_name(check.name, language), visible(detail));
            output.styled(&[(style, &format!("{word:<7}")), (Style::Plain, &line)]);
        }
        output.record(&CheckRecord { name: check.name, status: check.status, detail });
    }
    let failed = checks.iter().filter(|check| check.status == Status::Failed).count();
    let (exit, summary) = match failed {
        0 => (Exit::Done, Word::AllWell.get(language).to_owned()),
        failed => {
            let exit = if checks.iter().any(|check| check.is_loss) { Exit::Verification } else { Exit::Problems };
            (exit, Word::ProblemsFound.with(language, &[&failed]))
        }
    };
    if output.verbosity >= Verbosity::NORMAL || failed > 0 {
        output.result(&summary);
    }
    Summary::of_verb("doctor", exit, summary)
}

fn examine(session: &Session) -> Vec<Check> {
    let configuration = &session.configuration;
    let mut checks = vec![
        ok("version", Text::quoted(format!("encargo {VERSION}"))),
        packaged(),
        match wiring::wrong_sqlite_flags()[..] {
            [] => ok(
                "sqlite",
                text!(
                    "built with the flags that a stranger's SQL needs",
                    "compilado con las opciones que necesita el SQL de un extraño"
                ),
            ),
            ref wrong => failed(
                "sqlite",
                text!(
                    "{}; build with `.cargo/config.toml` in force",
                    "{}; compile con `.cargo/config.toml` en vigor";
                    wrong.join(", ")
                ),
            ),
        },
        match &configuration.file {
            Some(file) => ok("configuration", Text::quoted(file.display().to_string())),
            None => ok(
                "configuration",
                text!("no encargo.toml; defaults are in force", "no hay encargo.toml; rigen los valores por defecto"),
            ),
        },
    ];
    if !wiring::cpu_is_seen() {
        let detail = text!(
            "/proc tells nothing of threads: inside calls of the host `cpu_seconds` is not kept, the wall limit is",
            "/proc no dice nada de los hilos: dentro de llamadas al anfitrión no rige `cpu_seconds`, sino el límite de reloj"
        );
        checks.push(warning("cpu limit", detail));
    }
    let place = &configuration.data_dir.value;
    match wiring::is_made(configuration) {
        Ok(true) => checks.push(ok("data directory", Text::quoted(place.display().to_string()))),
        Ok(false) => {
            let detail = text!(
                "none at `{}`; `encargo init_system` makes it",
                "no hay en `{}`; `encargo init_system` lo crea";
                place.display()
            );
            return with(checks, failed("data directory", detail));
        }
        Err(problem) => return with(checks, of_problem("data directory", problem)),
    }
    checks.push(disk(place));
    checks.push(folders(configuration));
    checks.push(log(&wiring::data_dir(configuration).log()));
    checks.push(match wiring::plan(configuration) {
        Ok(plan) if plan.is_empty() => ok("schema", text!("up to date", "al día")),
        Ok(plan) => {
            let files: Vec<_> = plan.iter().map(|pending| pending.database.as_str()).collect();
            let files = files.join(", ");
            let detail =
                text!("`encargo migrate` brings these up to date: {files}", "`encargo migrate` pone al día: {files}");
            failed("schema", detail)
        }
        Err(problem) => of_problem("schema", problem),
    });
    checks.extend(opened(session));
    let broken = wiring::commands(configuration).broken();
    checks.extend(broken.iter().map(|(path, problem)| {
        let path = path.display();
        failed("commands", text!("`{path}`: {problem}", "`{path}`: {problem}", problem = problem))
    }));
    checks
}

/// What can be seen only with everything open.
fn opened(session: &Session) -> Vec<Check> {
    let installation = match Installation::open(&session.configuration) {
        Ok(installation) => installation,
        Err(problem) => return vec![of_problem("installation", problem)],
    };
    let mut checks = vec![ok("engine store", text!("it opens", "se abre"))];
    checks.push(match installation.check_writable(MOMENT) {
        Ok(()) => ok(
            "writing",
            text!(
                "nobody else is writing to the engine store or to `platform.db`",
                "nadie más escribe en el almacén del motor ni en `platform.db`"
            ),
        ),
        Err(problem) => failed("writing", problem.message),
    });
    let registry = installation.platform().registry();
    match registry.tenants() {
        Ok(tenants) => {
            let broken = tenants.iter().filter_map(|tenant| {
                let look = installation.platform().files().check(tenant);
                let check = look.err().map(|error| of_problem("tenant", error.into()));
                let named = |detail: Text| detail.map(|_, detail| format!("`{}`: {detail}", tenant.slug));
                check.map(|check| Check { detail: named(check.detail), ..check })
            });
            let broken: Vec<_> = broken.collect();
            if broken.is_empty() {
                let environment = &session.configuration.environment.value;
                let detail = text!(
                    "environment `{environment}`, tenants: {}",
                    "entorno `{environment}`, inquilinos: {}";
                    tenants.len()
                );
                checks.push(ok("platform", detail));
            }
            checks.extend(broken);
        }
        Err(error) => checks.push(failed("platform", error.in_full())),
    }
    checks.push(match registry.administrator() {
        Ok(Some(user)) if user.has_password => ok("administrator", Text::quoted(user.email)),
        Ok(Some(user)) => {
            let email = user.email;
            let detail = text!(
                "{email} has no password; `encargo users set-password {email}` sets one",
                "{email} no tiene contraseña; `encargo users set-password {email}` pone una"
            );
            warning("administrator", detail)
        }
        Ok(None) => warning(
            "administrator",
            text!("none; `encargo init_system` makes one", "no hay; `encargo init_system` crea uno"),
        ),
        Err(error) => failed("administrator", error.in_full()),
    });
    checks.push(match installation.runs(&session.environment) {
        Ok(runs) => engine(runs.engine().cache(), runs.engine().unusable_caches()),
        Err(problem) => failed("engine", problem.message),
    });
    checks
}

/// The engine, by where it keeps compiled components; a folder that someone else could put code into is worth a look.
fn engine(cache: Option<&Path>, unusable: &[CacheError]) -> Check {
    let passed_over = Text::joined(unusable.iter().map(|error| text!("; {error}", "; {error}", error = error)), "");
    match cache {
        None => warning(
            "engine",
            text!(
                "it starts and compiles each command anew{passed_over}",
                "arranca y compila cada comando de nuevo{passed_over}",
                passed_over = passed_over
            ),
        ),
        Some(cache) => {
            let detail = text!(
                "it starts, and keeps compiled components in `{}`{passed_over}",
                "arranca y guarda los componentes compilados en `{}`{passed_over}",
                passed_over = passed_over;
                cache.display()
            );
            let is_foreign = unusable.iter().any(|error| matches!(error, CacheError::Foreign(_)));
            if is_foreign { warning("engine", detail) } else { ok("engine", detail) }
        }
    }
}

fn packaged() -> Check {
    match PACKAGED.len() {
        0 => warning("packaged", Word::NoCommands.text(&[])),
        count => ok("packaged", Word::CommandsFound.text(&[&count])),
    }
}

fn disk(place: &Path) -> Check {
    match statvfs(place) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            room(free, disk.f_files, disk.f_ffree)
        }
        Err(error) => failed(
            "disk",
            text!(
                "`{}` cannot be looked at: {error}",
                "no se puede consultar `{}`: {error}";
                place.display()
            ),
        ),
    }
}

/// Files are made by inodes and filled with bytes; a file system that counts no inodes has 0.
fn room(free: u64, inodes: u64, free_inodes: u64) -> Check {
    let bytes = measure::bytes(free);
    let detail = match inodes {
        0 => text!("{bytes} free", "{bytes} libres"),
        _ => text!("{bytes} and {free_inodes} inodes free", "{bytes} y {free_inodes} inodos libres"),
    };
    match Lack::of(free, LEAST_FREE, inodes, free_inodes.saturating_sub(LEAST_INODES)) {
        None => ok("disk", detail),
        Some(_) => failed("disk", detail),
    }
}

/// The folders of the data directory: `migrate` makes them, and each command needs only some.
fn folders(configuration: &Configuration) -> Check {
    let unusable = wiring::data_dir(configuration).unusable_folders();
    let name = |folder: &PathBuf| folder.file_name().map(|name| format!("`{}`", name.to_string_lossy()));
    let names: Vec<_> = unusable.iter().filter_map(name).collect();
    match names[..] {
        [] => ok("folders", text!("all are there and can be written", "están todas y se puede escribir en ellas")),
        _ if unusable.iter().any(|folder| folder.exists()) => {
            let names = names.join(", ");
            failed(
                "folders",
                text!("cannot be written by this user: {names}", "este usuario no puede escribir en: {names}"),
            )
        }
        _ => {
            let names = names.join(", ");
            warning(
                "folders",
                text!("`encargo migrate` makes these again: {names}", "`encargo migrate` las vuelve a crear: {names}"),
            )
        }
    }
}

/// The host's own log, which says nothing of itself where it cannot be written.
fn log(folder: &Path) -> Check {
    let place = folder.display();
    match crate::log::problem(folder) {
        None => ok("log", Text::quoted(format!("`{place}`"))),
        Some(error) => warning(
            "log",
            text!("nothing is written to `{place}`: `{error}`", "no se escribe nada en `{place}`: `{error}`"),
        ),
    }
}

fn of_problem(name: &'static str, problem: Problem) -> Check {
    Check { is_loss: problem.exit == Exit::Verification, ..failed(name, problem.message) }
}

fn ok(name: &'static str, detail: Text) -> Check {
    Check { name, status: Status::Ok, detail, is_loss: false }
}

fn warning(name: &'static str, detail: Text) -> Check {
    Check { name, status: Status::Warning, detail, is_loss: false }
}

fn failed(name: &'static str, detail: Text) -> Check {
    Check { name, status: Status::Failed, detail, is_loss: false }
}

fn with(mut checks: Vec<Check>, check: Check) -> Vec<Check> {
    checks.push(check);
    checks
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn little_room_is_a_problem_whether_it_is_bytes_or_inodes() {
        for (free, inodes, free_inodes, status) in [
            (LEAST_FREE, 0, 0, Status::Ok),
            (LEAST_FREE, 1_000, LEAST_INODES + 1, Status::Ok),
            (LEAST_FREE, 1_000, LEAST_INODES, Status::Failed),
            (LEAST_FREE - 1, 1_000, 1_000, Status::Failed),
            (0, 0, 0, Status::Failed),
        ] {
            assert_eq!(room(free, inodes, free_inodes).status, status, "{free} {inodes} {free_inodes}");
        }
    }

    #[test]
    fn a_cache_that_others_can_write_to_is_worth_a_look_and_a_missing_home_is_not() {
        let missing = CacheError::Io { path: "/home".into(), source: io::ErrorKind::NotFound.into() };
        let foreign = CacheError::Foreign(PathBuf::from("/shared"));
        let own = Some(Path::new("/own"));
        for (cache, unusable, status) in [
            (own, vec![], Status::Ok),
            (own, vec![missing], Status::Ok),
            (own, vec![foreign], Status::Warning),
            (None, vec![], Status::Warning),
        ] {
            let check = engine(cache, &unusable);
            assert_eq!(check.status, status, "{}", check.detail.en);
        }
    }
}
