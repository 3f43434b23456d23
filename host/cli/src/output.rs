//! The one place that writes to stdout and stderr.
//!
//! Results go to stdout, everything else to stderr. With `--json` stdout carries JSON lines and nothing else.

mod board;
mod json;
pub(crate) mod measure;
mod named;
mod progress;
mod receipt;
mod report;
#[cfg(test)]
pub(crate) mod samples;
mod shown;
mod stream;
mod style;
mod table;
mod words;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use encargo_model::{Language, LogLevel, LogLine, Progress, Run, text};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::Serialize;

use crate::error::Problem;

pub(crate) use json::{LogRecord, Summary, TenantRecord};
pub(crate) use named::{check as check_name, status as status_name, tier as tier_name};
pub(crate) use progress::ProgressMode;
pub(crate) use receipt::{RunRecord, again_line, origin};
pub(crate) use shown::{Span, spelled, visible};
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
    /// Also results, what the command says, and warnings.
    pub(crate) const NORMAL: Self = Self(1);
    /// Also the log from info up, and the receipt.
    pub(crate) const DETAILED: Self = Self(2);

    /// The least grave line of a run's log that is shown.
    pub(crate) const fn least_level(self) -> LogLevel {
        match self.0 {
            0 => LogLevel::Error,
            1 => LogLevel::Said,
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
        let usual = match (manner.json, quiet, remarks.is_terminal) {
            (_, true, _) => ProgressMode::None,
            (true, ..) => ProgressMode::Json,
            (false, _, true) => ProgressMode::Bar,
            (false, _, false) => ProgressMode::Plain,
        };
        Arc::new(Self {
            language: manner.language,
            verbosity: manner.verbosity,
            json: manner.json,
            results,
            remarks,
            data_on_stdout: AtomicBool::new(false),
            progress: ProgressView::new(manner.progress, usual),
        })
    }

    /// A result for people, of one line or more.
    pub(crate) fn result(&self, text: &str) {
        self.styled(&[(Style::Plain, text)]);
    }

    /// The same in pieces, each in a style where stdout has colours.
    pub(crate) fn styled(&self, spans: &[Span<'_>]) {
        if !self.json {
            self.progress.aside(|| self.for_results().line(spans));
        }
    }

    /// Rendered help.
    pub(crate) fn help(&self, help: &str) {
        if !self.json {
            self.progress.aside(|| self.for_results().rendered(help));
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
            self.progress.aside(|| self.results.json(&line));
        }
    }

    /// A table of results for people.
    pub(crate) fn table(&self, columns: &[&str], rows: &[Vec<String>]) {
        if !self.json {
            let table = table::of(columns, rows, self.for_results());
            let (heading, rest) = table.split_at(table.find('\n').unwrap_or(table.len()));
            self.styled(&[(Style::Heading, heading), (Style::Plain, rest)]);
        }
    }

    /// Something worth knowing that is no result.
    pub(crate) fn note(&self, text: &str) {
        if self.verbosity >= Verbosity::NORMAL {
            self.remark(text);
        }
    }

    /// A note of a command, which is part of its results.
    pub(crate) fn note_of_command(&self, note: &str) {
        if !self.json {
            let (label, note) = (Word::Note.get(self.language), visible(note));
            self.progress.aside(|| self.for_results().labelled((Style::Plain, label), &[(Style::Plain, &note)]));
        }
    }

    /// Something that may be wrong.
    pub(crate) fn warning(&self, text: &str) {
        if self.verbosity >= Verbosity::NORMAL {
            self.label(Style::Warning, Word::Warning, text);
        }
    }

    /// Something worth knowing that stands out from other lines.
    pub(crate) fn labelled_note(&self, text: &str) {
        if self.verbosity >= Verbosity::NORMAL {
            self.label(Style::Plain, Word::Note, text);
        }
    }

    /// The way on after something that is no problem.
    pub(crate) fn hint(&self, text: &str) {
        if self.verbosity >= Verbosity::NORMAL {
            self.label(Style::Hint, Word::Hint, text);
        }
    }

    /// Something that the caller has to see now, whatever the verbosity.
    pub(crate) fn remark(&self, text: &str) {
        self.progress.aside(|| self.remarks.line(&[(Style::Plain, text)]));
    }

    /// Asks on stderr, without a line's end, and reads the answer while no bar is on the screen.
    pub(crate) fn ask<T>(&self, question: &str, read: impl FnOnce() -> T) -> T {
        self.progress.aside(|| {
            self.remarks.question(question);
            read()
        })
    }

    /// Why there is nothing to show.
    pub(crate) fn problem(&self, problem: &Problem) {
        self.label(Style::Error, Word::Error, problem.message.get(self.language));
        if let Some(hint) = &problem.hint {
            self.label(Style::Hint, Word::Hint, hint.get(self.language));
        }
    }

    fn label(&self, style: Style, label: Word, text: &str) {
        let (label, text) = (label.get(self.language), visible(text));
        self.progress.aside(|| self.remarks.labelled((style, label), &[(Style::Plain, &text)]));
    }

    /// Whether whoever read standard output has gone, as `head` does once it has its lines.
    pub(crate) fn reader_is_gone(&self) -> bool {
        let stdout = io::stdout();
        let mut looked = [PollFd::new(&stdout, PollFlags::OUT)];
        poll(&mut looked, Some(&Timespec::default())).is_ok_and(|_| looked[0].revents().contains(PollFlags::ERR))
    }

    /// A line of a run's log.
    pub(crate) fn log(&self, run: &Run, line: &LogLine) {
        if line.level < self.verbosity.least_level() {
            return;
        }
        if self.json {
            return self.record(&LogRecord::of(run, line));
        }
        let (label, text) = self.log_spans(run, line);
        let text: Vec<_> = text.iter().map(|(style, text)| (*style, text.as_str())).collect();
        self.progress.aside(|| match line.level {
            // It is part of what people came for.
            LogLevel::Said => self.for_results().line(&text),
            _ => self.remarks.labelled(label, &text),
        });
    }

    /// A line of a log that was asked for, with its time.
    pub(crate) fn recorded_log(&self, run: &Run, line: &LogLine) {
        let (label, text) = self.log_spans(run, line);
        let time = format!("{} ", line.at.rfc3339());
        let before = [(Style::Plain, time.as_str()), label, (Style::Plain, ": ")];
        let text = text.iter().map(|(style, text)| (*style, text.as_str()));
        self.styled(&before.into_iter().chain(text).collect::<Vec<_>>());
    }

    /// A line of a log in pieces, behind its label; with the tenant where several tenants' lines mix.
    fn log_spans(&self, run: &Run, line: &LogLine) -> (Span<'static>, Vec<(Style, String)>) {
        let label = match line.level {
            LogLevel::Debug => (Style::Hint, "debug"),
            LogLevel::Info => (Style::Plain, "info"),
            LogLevel::Said => (Style::Plain, Word::Said.get(self.language)),
            LogLevel::Warning => (Style::Warning, Word::Warning.get(self.language)),
            LogLevel::Error => (Style::Error, Word::Error.get(self.language)),
        };
        let tenant = run.tenant.as_deref().filter(|_| run.parent.is_some());
        let mut text: Vec<_> = tenant.map(|tenant| (Style::Plain, format!("{tenant}: "))).into_iter().collect();
        text.push((Style::Plain, visible(&line.message)));
        let field = |(key, value): &(String, String)| (Style::Hint, visible(&format!(" {key}={value}")));
        text.extend(line.fields.iter().map(field));
        (label, text)
    }

    /// How far a run is.
    pub(crate) fn progress(&self, run: &Run, progress: &Progress) {
        self.progress.show(self, run, progress);
    }

    /// A run has ended: its bar goes.
    pub(crate) fn progress_ended(&self, run: &Run) {
        self.progress.end(run);
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
        Some(Problem::new(
            encargo_model::Exit::Failed,
            text!(
                "the results could not be written to stdout: {error}",
                "los resultados no se pudieron escribir en stdout: {error}"
            ),
        ))
    }
}
