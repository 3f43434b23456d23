//! `encargo runs`: what ran, with its receipt and its log.

use std::collections::VecDeque;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use encargo_model::{Exit, Language, LogLevel, LogLine, Run, RunStatus, text};
use encargo_runs::{RunFilter, Runs};

use super::{Kind, Verb, word};
use crate::error::Problem;
use crate::output::{LogRecord, RunRecord, Summary, Word, measure, status_name, visible};
use crate::session::Session;
use crate::wiring::Installation;

pub(super) const VERB: Verb =
    Verb { name: "runs", summary: Word::VerbRuns, takes: &["tenant"], kind: Kind::Own { arguments, run } };

/// Lines of a log that are read at a time.
const PAGE: u32 = 1_000;
const LEVELS: [LogLevel; 5] = [LogLevel::Debug, LogLevel::Info, LogLevel::Said, LogLevel::Warning, LogLevel::Error];

fn arguments(command: Command, language: Language) -> Command {
    let id = || Arg::new("run").required(true).value_name("RUN").help(Word::RunsId.get(language));
    let flag = |name: &'static str, label: &'static str, word: Word| {
        let arg = Arg::new(name).long(name).value_name(label).help(word.get(language));
        arg.hide_default_value(true).hide_possible_values(true)
    };
    let one_of = |arg: Arg, words: &[&'static str]| {
        let choices = Word::HelpChoices.with(language, &[&words.join(", ")]);
        let help = arg.get_help().map(|help| format!("{help} {choices}")).unwrap_or_default();
        arg.help(help).value_parser(PossibleValuesParser::new(words.to_vec()))
    };
    let statuses = RunStatus::ALL.map(RunStatus::as_str);
    let levels = LEVELS.map(LogLevel::as_str);
    command.subcommand_required(true).subcommands([
        word("list", Word::RunsList, language).args([
            flag("command", "NAME", Word::RunsCommand),
            one_of(flag("status", "STATUS", Word::RunsStatus), &statuses),
            flag("limit", "N", Word::RunsLimit)
                .value_parser(value_parser!(u32).range(1..))
                .default_value("20")
                .help(format!("{} {}", Word::RunsLimit.get(language), Word::HelpDefault.with(language, &[&20]))),
            Arg::new("all").long("all").action(ArgAction::SetTrue).help(Word::RunsAll.get(language)),
        ]),
        word("show", Word::RunsShow, language).arg(id()),
        word("logs", Word::RunsLogs, language)
            .args([id(), one_of(flag("level", "LEVEL", Word::RunsLevel), &levels).default_value("debug")]),
    ])
}

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    let installation = Installation::open(&session.configuration)?;
    let runs = installation.runs(&session.environment)?;
    let text = |matches: &ArgMatches, name| matches.get_one::<String>(name).cloned().unwrap_or_default();
    match matches.subcommand() {
        Some(("show", own)) => show(session, &runs, &text(own, "run")),
        Some(("logs", own)) => {
            let level = LogLevel::from_word(&text(own, "level")).unwrap_or(LogLevel::Debug);
            logs(session, &runs, &text(own, "run"), level)
        }
        Some((_, own)) => list(session, &runs, own),
        None => Err(Problem::usage(text!("one word more is needed", "falta una palabra"))),
    }
}

fn list(session: &Session, runs: &Runs, matches: &ArgMatches) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let text = |name| matches.get_one::<String>(name).cloned();
    let tenant = match session.run_flags.tenants.as_deref() {
        None => None,
        Some([tenant]) => Some(tenant.clone()),
        Some(_) => {
            return Err(Problem::usage(text!(
                "`--tenant` of `encargo runs list` takes one tenant",
                "`--tenant` de `encargo runs list` acepta un inquilino"
            )));
        }
    };
    let filter = RunFilter {
        command: text("command"),
        // A tenant's run may be a share of another.
        top_level: !matches.get_flag("all") && tenant.is_none(),
        tenant,
        status: text("status").and_then(|status| RunStatus::from_word(&status)),
        parent: None,
        limit: matches.get_one("limit").copied().unwrap_or(u32::MAX),
    };
    let found = runs.list(&filter)?;
    if found.is_empty() {
        output.result(Word::RunsNone.get(language));
    } else {
        let columns = [Word::Run, Word::Command, Word::Tenant, Word::Status, Word::Started, Word::Took, Word::Summary];
        output.list(
            &columns.map(|column| column.get(language)),
            &found.iter().map(|run| row(run, language)).collect::<Vec<_>>(),
        );
    }
    for run in &found {
        output.record(&RunRecord::brief(run));
    }
    Ok(Summary::of_verb("runs list", Exit::Done, Word::RunsFound.with(language, &[&found.len()])))
}

fn row(run: &Run, language: Language) -> Vec<String> {
    let words = match (&run.report, &run.error) {
        (Some(report), _) => report.summary.clone(),
        (None, Some((_, message))) => message.clone(),
        (None, None) => String::new(),
    };
    let dry = if run.dry_run { " --dry-run" } else { "" };
    vec![
        run.id.to_string(),
        format!("{}{dry}", run.command),
        run.tenant.clone().unwrap_or_default(),
        status_name(run.status, language).to_owned(),
        run.started_at.date_time().format("%Y-%m-%d %H:%M:%S").to_string(),
        measure::took(run).unwrap_or_default(),
        words,
    ]
}

fn show(session: &Session, runs: &Runs, id: &str) -> Result<Summary, Problem> {
    let run = runs.find_run(id)?;
    let mut children = runs.children(run.id)?;
    children.sort_by(|one, other| one.tenant.cmp(&other.tenant));
    let artefacts = runs.artefacts(run.id)?;
    session.output.full_report(&run, &children, &artefacts);
    if let Some((_, message)) = &run.error {
        session.output.result(&visible(message));
    }
    if session.general.traceback
        && let Some(stack) = &run.backtrace
    {
        session.output.remark(stack);
    }
    session.output.result("");
    session.output.receipt(&run, &children);
    session.output.record(&RunRecord::full(&run, &children, &artefacts));
    let summary = run
        .report
        .as_ref()
        .map_or_else(|| status_name(run.status, session.language()).to_owned(), |report| report.summary.clone());
    Ok(Summary::of_verb("runs show", Exit::Done, summary))
}

/// Shows a log; that of a run in several tenants is in its shares, whose lines stand in the order of their times.
fn logs(session: &Session, runs: &Runs, id: &str, least: LogLevel) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let run = runs.find_run(id)?;
    let shares = runs.children(run.id)?;
    let mut logs = std::iter::once(&run).chain(&shares).map(|run| Log::of(runs, run)).collect::<Result<Vec<_>, _>>()?;
    let mut shown = 0_u64;
    loop {
        let next = logs.iter_mut().filter(|log| !log.page.is_empty()).min_by_key(|log| log.page[0].1.at);
        let Some((run, line)) = next.map(|log| log.take(runs)).transpose()?.flatten() else { break };
        if line.level >= least {
            shown += 1;
            output.recorded_log(run, &line);
            output.record(&LogRecord::of(run, &line));
        }
    }
    if shown == 0 {
        output.result(Word::LogEmpty.get(language));
    }
    Ok(Summary::of_verb("runs logs", Exit::Done, Word::LogLines.with(language, &[&shown])))
}

/// What is still to be shown of one run's log, a page at a time.
struct Log<'a> {
    run: &'a Run,
    page: VecDeque<(i64, LogLine)>,
}

impl<'a> Log<'a> {
    fn of(runs: &Runs, run: &'a Run) -> Result<Self, Problem> {
        Ok(Self { run, page: runs.logs(run.id, None, PAGE)?.into() })
    }

    fn take(&mut self, runs: &Runs) -> Result<Option<(&'a Run, LogLine)>, Problem> {
        let Some((number, line)) = self.page.pop_front() else { return Ok(None) };
        if self.page.is_empty() {
            self.page = runs.logs(self.run.id, Some(number), PAGE)?.into();
        }
        Ok(Some((self.run, line)))
    }
}
