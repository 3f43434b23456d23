//! The host's own log: JSON lines in `log/encargo.log` of the data directory, with a span for each run.
//!
//! It is for whoever runs the host, in English as all fields are. A log that cannot be written fails and slows nothing;
//! `encargo doctor` says so.

mod file;

use std::io;
use std::path::Path;

use encargo_model::{Text, text};
use tracing::Level;
use tracing::metadata::LevelFilter;
use tracing_subscriber::Registry;
use tracing_subscriber::filter::{FilterExt, Targets, filter_fn};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use crate::config::Environment;

use file::LogFile;
pub(crate) use file::problem;

/// Which events are written: a level, or `CRATE=LEVEL` for some, with commas between them.
const VARIABLE: &str = "ENCARGO_LOG";

/// Writes what happens from here on to the log in a folder; a problem with what the environment says about it.
pub(crate) fn begin(folder: &Path, environment: &Environment) -> Option<Text> {
    let (wanted, problem) = wanted(environment);
    let lines = fmt::layer().json().flatten_event(true).with_span_list(false).with_writer(LogFile::in_folder(folder));
    let subscriber =
        Registry::default().with(lines.with_filter(filter_fn(|event| is_of_host(event.target())).and(wanted)));
    // One is in force already where tests begin several.
    let _ = tracing::subscriber::set_global_default(subscriber);
    problem
}

/// Whether a crate is one of this project. What the libraries below trace, such as the arguments of a guest's calls,
/// is not looked through for secrets by anyone.
fn is_of_host(target: &str) -> bool {
    target.split("::").next().is_some_and(|name| name == "encargo" || name.starts_with("encargo_"))
}

fn wanted(environment: &Environment) -> (Targets, Option<Text>) {
    let usual = Targets::new().with_default(LevelFilter::from_level(Level::INFO));
    match environment.get(VARIABLE).map(|written| (written, written.parse::<Targets>())) {
        None => (usual, None),
        // A word that is no level is taken for the name of a crate, and then nothing else is written.
        Some((_, Ok(wanted))) if wanted.iter().all(|(target, _)| is_of_host(target)) => (wanted, None),
        Some((written, _)) => {
            let problem = text!(
                "`{VARIABLE}`: `{written}` is neither a level such as `debug` nor a list such as `encargo_runs=debug,warn`",
                "`{VARIABLE}`: `{written}` no es un nivel como `debug` ni una lista como `encargo_runs=debug,warn`"
            );
            (usual, Some(problem))
        }
    }
}

impl<'a> fmt::MakeWriter<'a> for LogFile {
    type Writer = &'a LogFile;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

impl io::Write for &LogFile {
    /// Each line comes in one piece, and one that cannot be written is nobody's concern but `doctor`'s.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = self.append(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::*;

    #[test]
    fn a_level_or_a_list_is_taken_and_anything_else_is_named() {
        for (written, info, debug) in [
            ("", true, false),
            ("debug", true, true),
            ("warn", false, false),
            ("off", false, false),
            ("inof", true, false),
        ] {
            let (wanted, problem) = wanted(&Environment::of([(VARIABLE, written)]));
            let enabled = |level| wanted.would_enable("encargo_runs::journal", &level);
            assert_eq!((enabled(Level::INFO), enabled(Level::DEBUG)), (info, debug), "{written}");
            assert_eq!(problem.is_some(), written == "inof", "{written}");
        }
        let (wanted, _) = wanted(&Environment::of([(VARIABLE, "encargo_runs=debug,warn")]));
        assert!(wanted.would_enable("encargo_runs::journal", &Level::DEBUG));
        assert!(!wanted.would_enable("encargo_engine", &Level::INFO));
    }

    #[test]
    fn a_line_is_json_with_its_run_and_only_of_the_hosts_own_crates() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let problem = begin(folder.path(), &Environment::of([(VARIABLE, "trace")]));
        assert_eq!(problem, None);
        let span = tracing::info_span!(target: "encargo_runs", "run", run = "abc");
        span.in_scope(|| tracing::debug!(target: "encargo_engine::x", bytes = 7, "it \"says\"\nso"));
        tracing::error!(target: "wasmtime_wasi", "a guest's words");
        tracing::error!(target: "encargoed", "no crate of ours");
        let written = fs::read_to_string(folder.path().join("encargo.log")).expect("a log was written");
        let lines: Vec<Value> =
            written.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
        let ours: Vec<_> = lines.iter().filter(|line| line["message"] == "it \"says\"\nso").collect();
        let [line] = ours[..] else { panic!("{written}") };
        assert_eq!((&line["level"], &line["bytes"], &line["span"]["run"]), (&"DEBUG".into(), &7.into(), &"abc".into()));
        assert!(!written.contains("guest's words") && !written.contains("no crate of ours"), "{written}");
    }
}
