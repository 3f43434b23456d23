//! The formats for other programs, one text each.

mod health;
mod nagios;
mod openmetrics;

use std::io::Write as _;

use encargo_sdk::files::Destination;
use encargo_sdk::prelude::*;

use crate::report;
use crate::verdict::{FailLevel, Verdict, sentence};

/// How the answer is written for other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Format {
    /// A line a service for people.
    Text,
    /// One JSON object, as `details` of `--json`.
    Json,
    /// `application/health+json`: pass, warn or fail.
    #[choice(name = "health+json")]
    HealthJson,
    /// One line with performance data, as plugins of Nagios print it.
    Nagios,
    /// Metrics, as Prometheus reads them.
    Openmetrics,
}

impl Format {
    /// The name of the file where a folder was given.
    fn file_name(self) -> &'static str {
        match self {
            Self::Text | Self::Nagios => "health_check.txt",
            Self::Json | Self::HealthJson => "health_check.json",
            Self::Openmetrics => "health_check.prom",
        }
    }
}

/// Writes it; to standard output where nothing else was said.
pub(crate) fn write(format: Format, output: Output, run: &Run, verdict: &Verdict, level: FailLevel) -> Result<()> {
    let name = match files::destination(output.argument)? {
        Destination::File(name) => name,
        _ => format.file_name().to_owned(),
    };
    let text = match format {
        Format::Text => lines(verdict),
        Format::Json => format!("{:#}\n", report::details(verdict)),
        Format::HealthJson => format!("{:#}\n", health::document(run.started_at(), verdict, level)),
        Format::Nagios => nagios::line(verdict, level),
        Format::Openmetrics => openmetrics::text(verdict),
    };
    let mut sink = files::create(output.argument, &name)?;
    sink.write_all(text.as_bytes())?;
    sink.publish()
}

/// `name … status (ms) detail`.
fn lines(verdict: &Verdict) -> String {
    let width = verdict.seen.iter().map(|seen| seen.observation.name.chars().count()).max().unwrap_or_default();
    let line = |seen: &crate::verdict::Seen| {
        let one = &seen.observation;
        let (status, dots) = (one.status.spoken(), "…".repeat(width + 2 - one.name.chars().count()));
        format!("{} {dots} {status} ({:.1} ms) {}\n", one.name, one.milliseconds, plain(&sentence(seen)))
    };
    verdict.seen.iter().map(line).collect()
}

/// A text as one line: what a server says of itself may have others.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
