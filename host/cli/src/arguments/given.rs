//! What the host's flags say.

use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
use clap::parser::ValueSource;
use encargo_model::{ArgumentKind, ArgumentValue, Language, Timestamp, text};

use super::host_flags::host_command;
use super::refusal::refusal;
use crate::config::{self, ConfigurationFlags};
use crate::error::Problem;
use crate::output::{ProgressMode, Verbosity};

/// The host's flags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) general: General,
    pub(crate) run: RunFlags,
}

/// Flags that every command and verb takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct General {
    pub(crate) verbosity: Option<Verbosity>,
    pub(crate) json: bool,
    /// `Some(true)` forces colours, `Some(false)` forbids them.
    pub(crate) colours: Option<bool>,
    pub(crate) traceback: bool,
    pub(crate) progress: Option<ProgressMode>,
    pub(crate) configuration: ConfigurationFlags,
    pub(crate) explain_exit: Option<u8>,
    pub(crate) help: bool,
    /// Whether nobody is to be asked anything.
    pub(crate) no_input: bool,
    /// Flags of Django's own that were given and mean nothing here.
    pub(crate) of_django: Vec<&'static str>,
}

/// Flags that commands take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RunFlags {
    pub(crate) tenants: Option<Vec<String>>,
    pub(crate) exclude_tenants: Vec<String>,
    pub(crate) parallel: Option<u32>,
    pub(crate) fail_fast: bool,
    pub(crate) dry_run: bool,
    /// Empty for the newest run, else an id, the beginning of one or `latest`.
    pub(crate) resume: Option<String>,
    pub(crate) restart: bool,
    pub(crate) yes: bool,
    pub(crate) overwrite: bool,
    pub(crate) isolated: Option<u8>,
    pub(crate) wait_lock: Option<Duration>,
    pub(crate) timeout: Option<Duration>,
    /// The flags that were written, for whoever takes none of them.
    pub(crate) written: Vec<String>,
}

impl Given {
    /// Reads the host's flags.
    pub(crate) fn parse(host: &[String]) -> Result<Self, Problem> {
        let mut command = host_command().no_binary_name(true);
        let matches = command.try_get_matches_from_mut(host).map_err(|error| refusal(&error))?;
        Ok(Self { general: general(&matches)?, run: run(&matches)? })
    }
}

fn general(matches: &ArgMatches) -> Result<General, Problem> {
    let text = |name| matches.get_one::<String>(name);
    let json = matches.get_flag("json");
    let verbosity = match (matches.get_one("verbosity"), matches.get_flag("verbose"), matches.get_flag("quiet")) {
        (Some(level), ..) => Some(Verbosity(*level)),
        (None, true, _) => Some(Verbosity::DETAILED),
        (None, _, true) => Some(Verbosity::QUIET),
        _ => None,
    };
    let progress = text("progress").map(|how| match how.as_str() {
        "bar" => ProgressMode::Bar,
        "plain" => ProgressMode::Plain,
        "json" => ProgressMode::Json,
        _ => ProgressMode::None,
    });
    if progress == Some(ProgressMode::Json) && !json {
        return Err(Problem::usage(text!(
            "`--progress=json` needs `--json`: its lines stand among the other records",
            "`--progress=json` necesita `--json`: sus líneas van entre los demás registros"
        )));
    }
    let colours = match (matches.get_flag("force-color"), matches.get_flag("no-color")) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    Ok(General {
        verbosity,
        json,
        colours,
        traceback: matches.get_flag("traceback"),
        progress,
        configuration: ConfigurationFlags {
            config: text("config").map(PathBuf::from),
            data_dir: text("data-dir").map(PathBuf::from),
            language: text("lang").map(|tag| config::language(tag)).transpose()?,
        },
        explain_exit: matches.get_one("explain-exit").copied(),
        help: matches.get_flag("help"),
        no_input: matches.get_flag("no-input"),
        of_django: ["settings", "pythonpath", "skip-checks"]
            .into_iter()
            .filter(|name| matches.value_source(name) == Some(ValueSource::CommandLine))
            .collect(),
    })
}

fn run(matches: &ArgMatches) -> Result<RunFlags, Problem> {
    let texts = |name| matches.get_many::<String>(name).map(|texts| texts.cloned().collect::<Vec<_>>());
    let given = |name: &&str| matches.value_source(name) == Some(ValueSource::CommandLine);
    let command = host_command();
    let general = super::general_flags(Language::default());
    let is_general = |name: &str| general.iter().any(|flag| flag.get_id() == name);
    let own = command.get_arguments().filter(|flag| !flag.is_hide_set());
    let names = own.map(|flag| flag.get_id().as_str()).filter(|name| !is_general(name));
    Ok(RunFlags {
        tenants: texts("tenant"),
        exclude_tenants: texts("exclude-tenant").unwrap_or_default(),
        parallel: matches.get_one("parallel").copied(),
        fail_fast: matches.get_flag("fail-fast"),
        dry_run: matches.get_flag("dry-run"),
        resume: matches.get_one("resume").cloned(),
        restart: matches.get_flag("restart"),
        yes: matches.get_flag("yes"),
        overwrite: matches.get_flag("overwrite"),
        isolated: matches.get_one("isolated").copied(),
        wait_lock: span(matches, "wait-lock")?,
        timeout: span(matches, "timeout")?,
        written: names.filter(given).map(str::to_owned).collect(),
    })
}

/// A time span as commands take it, too; a bare number is seconds.
fn span(matches: &ArgMatches, name: &str) -> Result<Option<Duration>, Problem> {
    let Some(written) = matches.get_one::<String>(name) else { return Ok(None) };
    let is_number = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
    let with_unit = if is_number { format!("{written}s") } else { written.clone() };
    match ArgumentValue::parse(ArgumentKind::Duration, &with_unit, Timestamp(0)) {
        Ok(ArgumentValue::Duration(microseconds)) => {
            Ok(Some(Duration::from_micros(u64::try_from(microseconds).unwrap_or_default())))
        }
        Ok(_) => Ok(None),
        Err(problem) => Err(Problem::usage(problem.map(|_, problem| format!("`--{name}`: {problem}")))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(line: &str) -> Result<Given, Problem> {
        Given::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn every_flag_is_read() {
        let all = given(
            "--tenant=a,b --tenant c --exclude-tenant d --parallel 3 --fail-fast --dry-run --yes --overwrite --isolated \
             --timeout 10m -v 2 --json --no-color --traceback --progress json --lang es --data-dir /d --config /c \
             --explain-exit 3 --help --settings project.settings --skip-checks --noinput",
        );
        let run = RunFlags {
            tenants: Some(["a", "b", "c"].map(str::to_owned).to_vec()),
            exclude_tenants: vec!["d".to_owned()],
            parallel: Some(3),
            fail_fast: true,
            dry_run: true,
            resume: None,
            restart: false,
            yes: true,
            overwrite: true,
            isolated: Some(0),
            wait_lock: None,
            timeout: Some(Duration::from_secs(600)),
            written: "tenant exclude-tenant parallel fail-fast dry-run yes overwrite isolated timeout"
                .split(' ')
                .map(str::to_owned)
                .collect(),
        };
        let general = General {
            verbosity: Some(Verbosity::DETAILED),
            json: true,
            colours: Some(false),
            traceback: true,
            progress: Some(ProgressMode::Json),
            configuration: ConfigurationFlags {
                config: Some("/c".into()),
                data_dir: Some("/d".into()),
                language: Some(Language::Es),
            },
            explain_exit: Some(3),
            help: true,
            no_input: true,
            of_django: vec!["settings", "skip-checks"],
        };
        assert_eq!(all, Ok(Given { general, run }));
        assert_eq!(given(""), Ok(Given::default()));
        let short = given("-q --restart --wait-lock=90 --resume").map(|given| (given.general.verbosity, given.run));
        let problem = short.expect_err("a restart resumes nothing");
        assert!(problem.message.en.contains("--resume"), "{}", problem.message.en);
        let (verbosity, run) = given("-q --wait-lock=90 --resume")
            .map(|given| (given.general.verbosity, given.run))
            .expect("these fit together");
        assert_eq!((verbosity, run.resume.as_deref()), (Some(Verbosity::QUIET), Some("")));
        assert_eq!(run.wait_lock, Some(Duration::from_secs(90)));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_flag() {
        for (line, sentence) in [
            ("--timeout soon", "`--timeout`: `soon` is not a time span"),
            ("--parallel 0", "--parallel"),
            ("-v 7", "--verbosity"),
            ("--progress=json", "needs `--json`"),
            ("--progress=dots", "--progress"),
            ("--lang fr", "`fr` is not a language"),
            ("--no-color --force-color", "--force-color"),
            ("--isolated=300", "--isolated"),
            ("--tenant", "--tenant"),
            ("--resume --dry-run", "--dry-run"),
        ] {
            let problem = given(line).expect_err(line);
            assert!(problem.message.en.contains(sentence), "{line}: {}", problem.message.en);
        }
    }
}
