//! The one place that writes to stdout and stderr.
//!
//! Results go to stdout, everything else to stderr. With `--json` stdout carries JSON lines and nothing else.

mod json;
pub(crate) mod measure;
mod progress;
mod receipt;
mod report;
#[cfg(test)]
pub(crate) mod samples;
mod stream;
mod style;
mod table;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use encargo_model::{Language, LogLevel, LogLine, Progress, Run};
use serde::Serialize;

use crate::error::Problem;

pub(crate) use json::{LogRecord, Summary, TenantRecord};
pub(crate) use progress::ProgressMode;
pub(crate) use receipt::{RunRecord, again_line, origin};
pub(crate) use style::{Colours, Style};
pub(crate) use words::Word;

use progress::ProgressView;
use stream::Stream;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Verbosity(pub(crate) u8);

impl Verbosity {
    /// Errors only.
    pub(crate) const QUIET: Self = Self(0);
    /// Also results and warnings.
    pub(crate) const NORMAL: Self = Self(1);
    /// Also the log from info up, and the receipt.
    pub(crate) const DETAILED: Self = Self(2);

    /// The least grave line of a run's log that is shown.
    pub(crate) const fn least_level(self) -> LogLevel {
        match self.0 {
            0 => LogLevel::Error,
            1 => LogLevel::Warning,
            2 => LogLevel::Info,
            _ => LogLevel::Debug,
        }
    }
}

/// How the caller wants to be spoken to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) language: Language,
    pub(crate) verbosity: Verbosity,
    pub(crate) json: bool,
    pub(crate) colours: Colours,
    /// What the caller asked for; otherwise it follows from the streams.
    pub(crate) progress: Option<ProgressMode>,
}

/// Speaks to the caller.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) language: Language,
    pub(crate) verbosity: Verbosity,
    pub(crate) json: bool,
    results: Stream,
    remarks: Stream,
    /// A run writes its data there.
    data_on_stdout: AtomicBool,
    progress: ProgressView,
}

impl Output {
    /// Speaks in a manner.
    pub(crate) fn new(manner: Manner) -> Arc<Self> {
        let results = Stream::stdout(manner.colours);
        let remarks = Stream::stderr(manner.colours);
        let quiet = manner.verbosity == Verbosity::QUIET;
        let progress = manner.progress.unwrap_or(match (manner.json, quiet, remarks.is_terminal) {
            (_, true, _) => ProgressMode::None,
            (true, ..) => ProgressMode::Json,
            (false, _, true) => ProgressMode::Bar,
            (false, _, false) => ProgressMode::Plain,
        });
        Arc::new(Self {
            language: manner.language,
            verbosity: manner.verbosity,
            json: manner.json,
            results,
            remarks,
            data_on_stdout: AtomicBool::new(false),
            progress: ProgressView::new(progress),
        })
    }

    /// A result for people, of one line or more.
    pub(crate) fn result(&self, text: &str) {
        if !self.json {
            self.progress.aside(|| self.for_results().line(text));
        }
    }

    fn for_results(&self) -> &Stream {
        if self.data_on_stdout.load(Ordering::Relaxed) { &self.remarks } else { &self.results }
    }

    /// A result for programs, one line.
    pub(crate) fn record(&self, record: &impl Serialize) {
        if self.json {
            let line =
                serde_json::to_string(record).expect("a record has text keys and nothing that JSON has no form for");
            self.progress.aside(|| self.results.line(&line));
        }
    }

    /// A table of results for people.
    pub(crate) fn table(&self, columns: &[&str], rows: &[Vec<String>]) {
        if !self.json {
            self.result(&table::of(columns, rows, self.for_results()));
        }
    }

    /// Something worth knowing that is no result.
    pub(crate) fn note(&self, text: &str) {
        if self.verbosity >= Verbosity::NORMAL {
            self.remark(text);
        }
    }

    /// Something that may be wrong.
    pub(crate) fn warning(&self, text: &str) {
        if self.verbosity >= Verbosity::NORMAL {
            let label = self.remarks.paint(Style::Warning, Word::Warning.get(self.language));
            self.remark(&format!("{label}: {}", stream::printable(text)));
        }
    }

    /// Something that the caller has to see now, whatever the verbosity.
    pub(crate) fn remark(&self, text: &str) {
        self.progress.aside(|| self.remarks.line(text));
    }

    /// A text of a command that is no result, such as its stack.
    pub(crate) fn remark_of_command(&self, text: &str) {
        self.remark(&stream::printable(text));
    }

    /// Asks on stderr, without a line's end, and reads the answer while no bar is on the screen.
    pub(crate) fn ask<T>(&self, question: &str, read: impl FnOnce() -> T) -> T {
        self.progress.aside(|| {
            self.remarks.text(&stream::printable(question));
            read()
        })
    }

    /// Why there is nothing to show.
    pub(crate) fn problem(&self, problem: &Problem) {
        let label = self.remarks.paint(Style::Error, Word::Error.get(self.language));
        self.remark(&format!("{label}: {}", stream::printable(&problem.message)));
        if let Some(hint) = &problem.hint {
            let label = self.remarks.paint(Style::Hint, Word::Hint.get(self.language));
            self.remark(&format!("{label}: {}", stream::printable(hint)));
        }
    }

    /// A line of a run's log.
    pub(crate) fn log(&self, run: &Run, line: &LogLine) {
        if line.level < self.verbosity.least_level() {
            return;
        }
        if self.json {
            return self.record(&LogRecord::of(run, line));
        }
        self.remark(&log_text(
            run.tenant.as_deref().filter(|_| run.parent.is_some()),
            line,
            &self.remarks,
            self.language,
        ));
    }

    /// A line of a log that was asked for, with its time.
    pub(crate) fn recorded_log(&self, run: &Run, line: &LogLine) {
        let tenant = run.tenant.as_deref().filter(|_| run.parent.is_some());
        let text = log_text(tenant, line, self.for_results(), self.language);
        self.result(&format!("{} {text}", line.at.rfc3339()));
    }

    /// How far a run is.
    pub(crate) fn progress(&self, run: &Run, progress: &Progress) {
        self.progress.show(self, run, progress);
    }

    /// A run has ended: its bar goes.
    pub(crate) fn progress_ended(&self, run: &Run) {
        self.progress.end(run);
    }

    /// Text for stdout, in a style where stdout has colours.
    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        self.for_results().paint(style, text)
    }

    /// Whether stdout has colours.
    pub(crate) fn is_coloured(&self) -> bool {
        self.results.is_coloured
    }

    /// Data is written to stdout by the run itself: from here on results for people go to stderr.
    pub(crate) fn keep_stdout_for_data(&self) {
        self.data_on_stdout.store(true, Ordering::Relaxed);
    }

    /// Why results could not be written, unless the reader simply went away.
    pub(crate) fn lost_results(&self) -> Option<Problem> {
        let error = self.results.failure()?;
        Some(Problem::new(encargo_model::Exit::Failed, format!("the results could not be written to stdout: {error}")))
    }
}

/// A line of a log for people; `tenant` where several tenants' lines mix.
fn log_text(tenant: Option<&str>, line: &LogLine, stream: &Stream, language: Language) -> String {
    let (style, label) = match line.level {
        LogLevel::Debug => (Style::Hint, "debug"),
        LogLevel::Info => (Style::Plain, "info"),
        LogLevel::Warning => (Style::Warning, Word::Warning.get(language)),
        LogLevel::Error => (Style::Error, Word::Error.get(language)),
    };
    let mut text = format!("{}: ", stream.paint(style, label));
    if let Some(tenant) = tenant {
        text.push_str(&format!("{tenant}: "));
    }
    text.push_str(&stream::printable(&line.message));
    for (key, value) in &line.fields {
        text.push_str(&stream.paint(Style::Hint, &stream::printable(&format!(" {key}={value}"))));
    }
    text
}
