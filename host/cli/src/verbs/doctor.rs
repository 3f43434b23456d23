//! `encargo doctor`: whether this installation is as it should be.

use std::path::Path;

use encargo_model::{Exit, Language};
use rustix::fs::statvfs;
use serde::Serialize;

use super::version::VERSION;
use super::{Kind, Verb};
use crate::output::{Style, Summary, Word, measure, visible};
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

/// What one look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Ok,
    Warning,
    Failed,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "check")]
struct Check {
    name: &'static str,
    status: Status,
    detail: String,
}

fn run(session: &Session) -> Summary {
    let (output, language) = (&session.output, session.language());
    let checks = examine(session);
    for check in &checks {
        let (style, word) = match check.status {
            Status::Ok => (Style::Good, "ok"),
            Status::Warning => (Style::Warning, Word::Warning.get(language)),
            Status::Failed => (Style::Error, Word::Error.get(language)),
        };
        let line = format!("  {:<14}  {}", check.name, visible(&check.detail));
        output.styled(&[(style, &format!("{word:<7}")), (Style::Plain, &line)]);
        output.record(check);
    }
    let failed = checks.iter().filter(|check| check.status == Status::Failed).count();
    let (exit, summary) = match failed {
        0 => (Exit::Done, Word::AllWell.get(language).to_owned()),
        failed => (Exit::Problems, Word::ProblemsFound.with(language, &[&failed])),
    };
    output.result(&summary);
    Summary::of_verb("doctor", exit, summary)
}

fn examine(session: &Session) -> Vec<Check> {
    let configuration = &session.configuration;
    let mut checks = vec![
        ok("version", format!("encargo {VERSION}")),
        packaged(session.language()),
        match wiring::wrong_sqlite_flags()[..] {
            [] => ok("sqlite", "built with the flags that a stranger's SQL needs".to_owned()),
            ref wrong => failed("sqlite", format!("{}; build with `.cargo/config.toml` in force", wrong.join(", "))),
        },
        match &configuration.file {
            Some(file) => ok("configuration", file.display().to_string()),
            None => ok("configuration", "no encargo.toml; defaults are in force".to_owned()),
        },
    ];
    let place = &configuration.data_dir.value;
    match wiring::is_made(configuration) {
        Ok(true) => checks.push(ok("data directory", place.display().to_string())),
        Ok(false) => {
            let detail = format!("none at `{}`; `encargo init_system` makes it", place.display());
            return with(checks, failed("data directory", detail));
        }
        Err(problem) => return with(checks, failed("data directory", problem.message.en)),
    }
    checks.push(disk(place));
    checks.push(match wiring::plan(configuration) {
        Ok(plan) if plan.is_empty() => ok("schema", "up to date".to_owned()),
        Ok(plan) => {
            let files: Vec<_> = plan.iter().map(|pending| pending.database.as_str()).collect();
            failed("schema", format!("`encargo migrate` brings these up to date: {}", files.join(", ")))
        }
        Err(problem) => failed("schema", problem.message.en),
    });
    checks.extend(opened(session));
    let broken = wiring::commands(configuration).broken();
    checks.extend(broken.iter().map(|(path, problem)| failed("commands", format!("`{}`: {problem}", path.display()))));
    checks
}

/// What can be seen only with everything open.
fn opened(session: &Session) -> Vec<Check> {
    let installation = match Installation::open(&session.configuration) {
        Ok(installation) => installation,
        Err(problem) => return vec![failed("engine store", problem.message.en)],
    };
    let mut checks = vec![ok("engine store", "it opens".to_owned())];
    let platform = match installation.platform() {
        Ok(platform) => platform,
        Err(problem) => return with(checks, failed("platform", problem.message.en)),
    };
    match platform.tenants() {
        Ok(tenants) => {
            let broken = tenants.iter().filter_map(|tenant| {
                platform.check_tenant(tenant).err().map(|error| failed("tenant", format!("`{}`: {error}", tenant.slug)))
            });
            let broken: Vec<_> = broken.collect();
            if broken.is_empty() {
                let environment = &session.configuration.environment.value;
                checks.push(ok("platform", format!("environment `{environment}`, tenants: {}", tenants.len())));
            }
            checks.extend(broken);
        }
        Err(error) => checks.push(failed("platform", error.message)),
    }
    checks.push(match platform.administrator() {
        Ok(Some(user)) if user.has_password => ok("administrator", user.email),
        Ok(Some(user)) => {
            let detail =
                format!("{} has no password; `encargo users set-password {}` sets one", user.email, user.email);
            warning("administrator", detail)
        }
        Ok(None) => warning("administrator", "none; `encargo init_system` makes one".to_owned()),
        Err(error) => failed("administrator", error.message),
    });
    checks.push(match installation.runs(&session.environment) {
        Ok(_) => ok("engine", "it starts, and its cache can be used".to_owned()),
        Err(problem) => failed("engine", problem.message.en),
    });
    checks
}

fn packaged(language: Language) -> Check {
    match PACKAGED.len() {
        0 => warning("packaged", Word::NoCommands.get(language).to_owned()),
        count => ok("packaged", Word::CommandsFound.with(language, &[&count])),
    }
}

fn disk(place: &Path) -> Check {
    match statvfs(place) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let detail = format!("{} free", measure::bytes(free));
            if free < LEAST_FREE { failed("disk", detail) } else { ok("disk", detail) }
        }
        Err(error) => failed("disk", format!("`{}` cannot be looked at: {error}", place.display())),
    }
}

fn ok(name: &'static str, detail: String) -> Check {
    Check { name, status: Status::Ok, detail }
}

fn warning(name: &'static str, detail: String) -> Check {
    Check { name, status: Status::Warning, detail }
}

fn failed(name: &'static str, detail: String) -> Check {
    Check { name, status: Status::Failed, detail }
}

fn with(mut checks: Vec<Check>, check: Check) -> Vec<Check> {
    checks.push(check);
    checks
}
