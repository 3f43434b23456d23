//! Runs a command: `encargo NAME`, or `encargo run NAME` for one that has a verb's name.

use std::sync::Arc;

use encargo_catalog::{CatalogError, Command};
use encargo_model::{
    Clock as _, Description, Effect, Exit, Run, RunStatus, Scope, SystemClock, Text, Trigger, near_names, text,
};
use encargo_runs::{Fallbacks, Finished, Observer, Resume, Runs, Setting, StartError, StartRequest, resolve};

use super::{Kind, Verb};
use crate::absent;
use crate::arguments::{absolute_paths, command_help, parse, password_of, render, writes_to_stdout};
use crate::config::{CommandSetting, Configuration};
use crate::error::{Problem, did_you_mean, see};
use crate::observer::Caller;
use crate::output::{Summary, TenantRecord, Word, again_line};
use crate::session::Session;
use crate::wiring::{self, Installation, TemporaryFolder};

pub(super) const VERB: Verb = Verb {
    name: "run",
    summary: Word::VerbRun,
    takes: &[
        "tenant",
        "exclude-tenant",
        "parallel",
        "fail-fast",
        "dry-run",
        "resume",
        "restart",
        "yes",
        "overwrite",
        "isolated",
        "wait-lock",
        "timeout",
    ],
    kind: Kind::Rest(run),
};

/// The command that makes the data directory, and brings it to this version's schema, before it runs.
const SETS_UP: &str = "init_system";
/// The command that makes the data directory where there is none, and leaves it as it is where there is one: what is lost
/// or damaged in it is what the command is for.
const BRINGS_BACK: &str = "restore_data";

fn run(session: &Session, rest: &[String]) -> Result<Summary, Problem> {
    match rest.split_first() {
        Some((name, own)) if !name.starts_with('-') => run_command(session, name, own),
        _ if session.general.help => {
            super::find("run").map_or_else(|| super::overview(session), |verb| verb.help(session, rest))
        }
        _ => Err(Problem::usage(text!("the name of a command is missing", "falta el nombre de un comando"))
            .hint(see("encargo commands list"))),
    }
}

/// Runs a command to its end.
pub(crate) fn run_command(session: &Session, name: &str, rest: &[String]) -> Result<Summary, Problem> {
    let catalog = wiring::commands(&session.configuration);
    let command = if session.general.help { catalog.look(name) } else { catalog.find(name) };
    if matches!(command, Err(CatalogError::Unknown { .. })) && catalog.has_added() {
        // What was added is known to the store alone, and where that is lost nobody is told that there is no command.
        Installation::open(&session.configuration)?;
    }
    let Command { description, tier, .. } = command.map_err(|error| unknown(error, name))?;
    if session.general.help {
        let help = command_help(&description, session.language());
        session.output.help(&render(help, session.output.is_coloured()));
        return Ok(Summary::of_verb("help", Exit::Done, description.summary.get(session.language())));
    }
    let mut arguments = parse(&description, rest)?;
    absolute_paths(&description, &mut arguments, &session.folder);
    refuse_without_tenants(session, &description)?;
    let fallbacks = fallbacks(session, &session.configuration, &description).for_tier(tier);
    // What does not fit is told when the run is to start.
    let resolved = resolve(&description, &arguments, &fallbacks, SystemClock.now()).unwrap_or_default();
    if writes_to_stdout(&description, &resolved) {
        if session.output.json {
            return Err(Problem::usage(text!(
                "`--json` and an output of `-` cannot both have stdout",
                "`--json` y una salida `-` no pueden usar stdout a la vez"
            ))
            .hint(text!(
                "write the output to a file, or leave --json out",
                "escriba la salida en un archivo, o quite --json"
            )));
        }
        session.output.keep_stdout_for_data();
    }
    let admin_password = password_of(&description, &resolved, &session.environment)?;
    let (configuration, _temporary) = prepare(session, name)?;
    let installation = Installation::open(&configuration)?;
    let runs = installation.runs_of(&session.environment, tier)?;
    if runs.engine().cache().is_none() {
        session.output.warning(Word::NoCache.get(session.language()));
    }
    let request = StartRequest { admin_password, arguments, ..request(session, &configuration, &runs, &description)? };
    let file = configuration.file.clone();
    let caller: Arc<dyn Observer> =
        Arc::new(Caller::new(Arc::clone(&session.output), &description, !session.general.no_input, file)?);
    match runs.start(request, &caller) {
        Ok(finished) => Ok(report(session, &description, &finished)),
        Err(error @ StartError::LockHeld { code, .. }) if session.run_flags.isolated.is_some() => {
            let problem = Problem::from(error);
            let language = session.language();
            session.output.note(&Word::Isolated.with(language, &[&problem.message.get(language)]));
            Ok(Summary::skipped(name, code, &problem, language))
        }
        Err(error) => Err(error.into()),
    }
}

/// Runs a packaged command in an installation with these arguments, and says nothing of how it ended: what a verb does by
/// means of it.
pub(super) fn start(
    session: &Session,
    configuration: &Configuration,
    name: &str,
    rest: &[String],
) -> Result<Finished, Problem> {
    let installation = Installation::open(configuration)?;
    let Command { description, tier, .. } = installation.catalog().find(name).map_err(|error| unknown(error, name))?;
    let runs = installation.runs_of(&session.environment, tier)?;
    let mut arguments = parse(&description, rest)?;
    absolute_paths(&description, &mut arguments, &session.folder);
    let request = StartRequest { arguments, ..request(session, configuration, &runs, &description)? };
    let file = configuration.file.clone();
    let caller: Arc<dyn Observer> =
        Arc::new(Caller::new(Arc::clone(&session.output), &description, !session.general.no_input, file)?);
    Ok(runs.start(request, &caller)?)
}

/// What is asked for, without the command's own arguments.
fn request(
    session: &Session,
    configuration: &Configuration,
    runs: &Runs,
    description: &Description,
) -> Result<StartRequest, Problem> {
    let flags = session.run_flags.clone();
    let resume = match flags.resume.as_deref() {
        None => None,
        Some("") => Some(Resume::Newest),
        Some(run) => Some(Resume::Run(runs.find_run(run)?.id)),
    };
    Ok(StartRequest {
        command: description.name.clone(),
        arguments: Vec::new(),
        tenants: flags.tenants,
        exclude_tenants: flags.exclude_tenants,
        fallbacks: fallbacks(session, configuration, description),
        dry_run: flags.dry_run,
        resume,
        restart: flags.restart,
        yes: flags.yes,
        overwrite: flags.overwrite,
        isolated: flags.isolated,
        wait_lock: flags.wait_lock,
        timeout: flags.timeout,
        parallel: flags.parallel,
        fail_fast: flags.fail_fast,
        language: session.language(),
        environment: configuration.environment.value.clone(),
        verbosity: session.output.verbosity.0,
        limits: configuration.limits.clone(),
        tenant_limits: configuration.tenant_limits.clone(),
        trigger: Trigger::Cli,
        admin_password: None,
    })
}

/// What the environment and the configuration set for a command, each with its place.
fn fallbacks(session: &Session, configuration: &Configuration, description: &Description) -> Fallbacks {
    let own = configuration.commands.of(description).into_iter();
    Fallbacks {
        environment: session.environment.only(&configuration.readable.value),
        settings: own.map(|(key, CommandSetting { value, place, .. })| (key, Setting { value, place })).collect(),
    }
}

/// The configuration to run in: the data directory is made, or for a dry run a temporary one that goes at the end.
fn prepare(session: &Session, name: &str) -> Result<(Configuration, Option<TemporaryFolder>), Problem> {
    let mut configuration = session.configuration.clone();
    if name != SETS_UP && name != BRINGS_BACK {
        return Ok((configuration, None));
    }
    let is_made = wiring::is_made(&configuration)?;
    if name == BRINGS_BACK && is_made {
        return Ok((configuration, None));
    }
    let place = configuration.data_dir.value.display().to_string();
    if !session.run_flags.dry_run {
        wiring::migrate(&configuration)?;
        if !is_made {
            session.output.note(&Word::MadeDataDir.with(session.language(), &[&place]));
        }
        return Ok((configuration, None));
    }
    if is_made {
        return Ok((configuration, None));
    }
    session.output.note(&Word::TemporaryDryRun.with(session.language(), &[&place]));
    let temporary = TemporaryFolder::make().map_err(|error| {
        Problem::new(
            Exit::Failed,
            text!("no temporary folder could be made: {error}", "no se pudo crear una carpeta temporal: {error}"),
        )
    })?;
    configuration.data_dir.value = temporary.path().to_owned();
    wiring::migrate(&configuration)?;
    Ok((configuration, Some(temporary)))
}

/// A command of system scope is one run: there is nothing to share out.
fn refuse_without_tenants(session: &Session, description: &Description) -> Result<(), Problem> {
    let flag = ["parallel", "fail-fast"].into_iter().find(|flag| session.run_flags.written.iter().any(|w| w == flag));
    match flag {
        Some(flag) if description.scope == Scope::System => Err(Problem::usage(text!(
            "`--{flag}` is for commands that run once for each tenant, and `{}` runs once for all",
            "`--{flag}` es para comandos que se ejecutan una vez por inquilino, y `{}` se ejecuta una vez para todos";
            description.name
        ))),
        _ => Ok(()),
    }
}

/// Says how a run ended.
fn report(session: &Session, description: &Description, finished: &Finished) -> Summary {
    let Finished { run, children, artefacts } = finished;
    let output = &session.output;
    output.report(run, children, artefacts, session.run_flags.tenants.is_none());
    for child in children {
        output.record(&TenantRecord::of(child));
    }
    let hint = way_on(session, description, run, children);
    let exit = run.exit.unwrap_or(Exit::Failed);
    let problem = run.error.clone().map(|(code, message)| Problem {
        exit,
        code,
        message: Text::quoted(message),
        hint: hint.clone().map(|hint| Box::new(Text::quoted(hint))),
    });
    let has_all_it_wanted = run.status == RunStatus::Cancelled && output.reader_is_gone();
    match (&problem, hint) {
        _ if has_all_it_wanted => {}
        (Some(problem), _) => output.problem(problem),
        (None, Some(hint)) => output.hint(&hint),
        (None, None) => {}
    }
    if session.general.traceback {
        for stack in std::iter::once(run).chain(children).filter_map(|run| run.backtrace.as_deref()) {
            output.remark(stack);
        }
    }
    Summary::of_run(run, exit.code(), artefacts, problem.as_ref())
}

/// What to do after a run that did not end well.
fn way_on(session: &Session, description: &Description, run: &Run, children: &[Run]) -> Option<String> {
    let language = session.language();
    let code = run.error.as_ref().map(|(code, _)| code.as_str());
    let ended_early = matches!(run.exit, Some(Exit::Interrupted | Exit::Terminated | Exit::TimedOut));
    let has_stack = std::iter::once(run).chain(children).any(|run| run.backtrace.is_some());
    if ended_early && description.effect_with(&run.arguments) != Effect::ReadOnly && !run.dry_run {
        return Some(Word::GoOn.with(language, &[&again_line(run, children)]));
    }
    if code == Some("refused") && !session.run_flags.yes {
        return Some(Word::SayYes.get(language).to_owned());
    }
    if has_stack && !session.general.traceback {
        return Some(Word::SeeStack.get(language).to_owned());
    }
    let is_limit = code.is_some_and(|code| code.ends_with("-limit"));
    is_limit.then(|| Word::LookAt.with(language, &[&run.id, &run.id]))
}

/// An unknown name may be one of the brief's or Django's, or be meant for a verb.
fn unknown(error: CatalogError, name: &str) -> Problem {
    match (&error, absent::answer(name)) {
        (CatalogError::Unknown { .. }, Some(answer)) => answer,
        _ => or_near_verb(error.into(), name),
    }
}

fn or_near_verb(problem: Problem, name: &str) -> Problem {
    let near = near_names(name, super::names());
    let is_open = problem.hint.as_ref().is_none_or(|hint| !hint.en.starts_with("did you mean"));
    if is_open && !near.is_empty() { problem.hint(did_you_mean(&near)) } else { problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_near_to_a_verb_is_hinted_at() {
        let unknown =
            |hint: &str| Problem::usage(Text::quoted("there is no command `doktor`")).hint(Text::quoted(hint));
        assert_eq!(
            or_near_verb(unknown("see `encargo commands list`"), "doktor").hint,
            Some(Box::new(did_you_mean(&["doctor".to_owned()])))
        );
        let near_command = unknown("did you mean `doctors`?");
        assert_eq!(or_near_verb(near_command.clone(), "doktor"), near_command);
        let far = unknown("see `encargo commands list`");
        assert_eq!(or_near_verb(far.clone(), "zzz"), far);
    }
}
