//! The JSON lines of `--json`. Keys and codes are never translated, and `schema` counts the shapes.

use std::collections::BTreeMap;

use encargo_model::{Artefact, Count, Language, LogLine, Progress, Run, RunStatus, Table, Total};
use serde::Serialize;
use serde_json::Value;

use super::progress::Speed;
use crate::error::Problem;

/// The last line, whatever happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "summary")]
pub(crate) struct Summary {
    schema: u32,
    command: String,
    run: Option<String>,
    /// The tenant that the run was in; none for several and for system scope.
    tenant: Option<String>,
    status: &'static str,
    pub(crate) exit_code: u8,
    dry_run: bool,
    summary: Option<String>,
    counts: Vec<Count>,
    tables: Vec<Table>,
    notes: Vec<String>,
    details: Option<Value>,
    artefacts: Vec<Artefact>,
    error: Option<ErrorRecord>,
}

/// Why it did not end well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ErrorRecord {
    code: String,
    message: String,
    hint: Option<String>,
}

/// One tenant's share of a run, before the summary.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "tenant")]
pub(crate) struct TenantRecord<'a> {
    tenant: Option<&'a str>,
    run: String,
    status: &'static str,
    exit_code: Option<u8>,
    summary: Option<&'a str>,
    counts: &'a [Count],
    error: Option<ErrorRecord>,
}

/// A line of a run's log.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "log")]
pub(crate) struct LogRecord<'a> {
    run: String,
    tenant: Option<&'a str>,
    at: String,
    level: &'static str,
    message: &'a str,
    fields: BTreeMap<&'a str, &'a str>,
}

/// How far a run is.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "progress")]
pub(super) struct ProgressRecord<'a> {
    run: String,
    tenant: Option<&'a str>,
    phase: &'a str,
    done: u64,
    /// How many units there are, where that is known.
    total: Option<u64>,
    unit: &'a str,
    /// Stored bytes of the phase's input, where they tell the share.
    input_read: Option<u64>,
    input_bytes: Option<u64>,
    /// Whole percent.
    percent: Option<u8>,
    /// Units in a second.
    rate: Option<f64>,
    seconds_left: Option<f64>,
}

impl Summary {
    /// A verb that did what it was asked for.
    pub(crate) fn of_verb(verb: &str, exit: encargo_model::Exit, summary: impl Into<String>) -> Self {
        Self { summary: Some(summary.into()), ..Self::blank(verb, RunStatus::of(exit), exit.code()) }
    }

    /// The same of a verb that changed nothing because it was a dry run.
    pub(crate) fn in_dry_run(self, dry_run: bool) -> Self {
        Self { dry_run, ..self }
    }

    /// Something that did not begin, or a verb that could not be done.
    pub(crate) fn of_problem(command: &str, dry_run: bool, problem: &Problem, language: Language) -> Self {
        let status = RunStatus::of(problem.exit);
        Self {
            dry_run,
            error: Some(ErrorRecord::of(problem, language)),
            ..Self::blank(command, status, problem.exit.code())
        }
    }

    /// A run that was not started because another holds its lock, as the caller foresaw.
    pub(crate) fn skipped(command: &str, exit_code: u8, problem: &Problem, language: Language) -> Self {
        Self { error: Some(ErrorRecord::of(problem, language)), ..Self::blank(command, RunStatus::Skipped, exit_code) }
    }

    /// A run that has ended, whichever way.
    pub(crate) fn of_run(run: &Run, exit_code: u8, artefacts: &[Artefact], problem: Option<&Problem>) -> Self {
        let report = run.report.as_ref();
        let details = report.and_then(|report| report.details.as_deref());
        Self {
            run: Some(run.id.to_string()),
            tenant: run.tenant.clone(),
            dry_run: run.dry_run,
            summary: report.map(|report| report.summary.clone()),
            counts: report.map(|report| report.counts.clone()).unwrap_or_default(),
            tables: report.map(|report| report.tables.clone()).unwrap_or_default(),
            notes: report.map(|report| report.notes.clone()).unwrap_or_default(),
            // A command that answers with a text that is no JSON is heard all the same.
            details: details.map(|text| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))),
            artefacts: artefacts.to_vec(),
            error: problem.map(|problem| ErrorRecord::of(problem, run.language)),
            ..Self::blank(&run.command, run.status, exit_code)
        }
    }

    fn blank(command: &str, status: RunStatus, exit_code: u8) -> Self {
        Self {
            schema: 1,
            command: command.to_owned(),
            run: None,
            tenant: None,
            status: status.as_str(),
            exit_code,
            dry_run: false,
            summary: None,
            counts: Vec::new(),
            tables: Vec::new(),
            notes: Vec::new(),
            details: None,
            artefacts: Vec::new(),
            error: None,
        }
    }
}

impl ErrorRecord {
    fn of(problem: &Problem, language: Language) -> Self {
        let hint = problem.hint.as_ref().map(|hint| hint.get(language).to_owned());
        Self { code: problem.code.clone(), message: problem.message.get(language).to_owned(), hint }
    }

    /// A run's own error.
    pub(crate) fn of_run(run: &Run) -> Option<Self> {
        let (code, message) = run.error.clone()?;
        Some(Self { code, message, hint: None })
    }
}

impl<'a> TenantRecord<'a> {
    pub(crate) fn of(run: &'a Run) -> Self {
        Self {
            tenant: run.tenant.as_deref(),
            run: run.id.to_string(),
            status: run.status.as_str(),
            exit_code: run.exit.map(encargo_model::Exit::code),
            summary: run.report.as_ref().map(|report| report.summary.as_str()),
            counts: run.report.as_ref().map(|report| report.counts.as_slice()).unwrap_or_default(),
            error: ErrorRecord::of_run(run),
        }
    }
}

impl<'a> LogRecord<'a> {
    pub(crate) fn of(run: &'a Run, line: &'a LogLine) -> Self {
        Self {
            run: run.id.to_string(),
            tenant: run.tenant.as_deref(),
            at: line.at.rfc3339(),
            level: line.level.as_str(),
            message: &line.message,
            fields: line.fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
        }
    }
}

impl<'a> ProgressRecord<'a> {
    pub(super) fn of(run: &'a Run, progress: &'a Progress, speed: Speed) -> Self {
        let (total, input_read, input_bytes) = match progress.total {
            Total::Unknown => (None, None, None),
            Total::Units(total) => (Some(total), None, None),
            Total::Input { read, bytes } => (None, Some(read), Some(bytes)),
        };
        let tenths = |number: f64| (number * 10.0).round() / 10.0;
        Self {
            run: run.id.to_string(),
            tenant: run.tenant.as_deref(),
            phase: &progress.phase,
            done: progress.done,
            total,
            unit: &progress.unit,
            input_read,
            input_bytes,
            percent: progress.percent(),
            rate: speed.rate.map(tenths),
            seconds_left: speed.left.map(|left| tenths(left.as_secs_f64())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use encargo_model::{Action, Exit, LogLevel, Outcome, Report, RunId, Text, Timestamp};

    use super::*;
    use crate::output::samples;

    fn line(record: &impl Serialize) -> String {
        serde_json::to_string(record).expect("a record has text keys")
    }

    #[test]
    fn the_summary_of_a_run_has_every_key_in_its_order() {
        let mut run = samples::run();
        run.report = Some(Report {
            outcome: Outcome::Ok,
            summary: "imported".to_owned(),
            counts: vec![Count { subject: "knowledge_items".to_owned(), action: Action::Created, n: 2 }],
            tables: Vec::new(),
            notes: vec!["one".to_owned()],
            details: Some("{\"a\":[1]}".to_owned()),
        });
        assert_eq!(
            line(&Summary::of_run(&run, 0, &[], None)),
            "{\"type\":\"summary\",\"schema\":1,\"command\":\"import_knowledge\",\"run\":\"00000000017\",\"tenant\":null,\
             \"status\":\"succeeded\",\"exit_code\":0,\"dry_run\":false,\"summary\":\"imported\",\
             \"counts\":[{\"subject\":\"knowledge_items\",\"action\":\"created\",\"n\":2}],\"tables\":[],\
             \"notes\":[\"one\"],\"details\":{\"a\":[1]},\"artefacts\":[],\"error\":null}"
        );
    }

    #[test]
    fn a_failure_before_any_run_has_a_summary_too() {
        let problem =
            Problem::new(Exit::NotFound, Text::quoted("there is no tenant `x`")).hint(Text::quoted("try `y`"));
        assert_eq!(
            line(&Summary::of_problem("cleanup_old_data", true, &problem, Language::En)),
            "{\"type\":\"summary\",\"schema\":1,\"command\":\"cleanup_old_data\",\"run\":null,\"tenant\":null,\"status\":\"failed\",\
             \"exit_code\":10,\"dry_run\":true,\"summary\":null,\"counts\":[],\"tables\":[],\"notes\":[],\
             \"details\":null,\"artefacts\":[],\"error\":{\"code\":\"not-found\",\"message\":\"there is no tenant `x`\",\
             \"hint\":\"try `y`\"}}"
        );
    }

    #[test]
    fn tenants_logs_and_progress_are_lines_of_their_own_type() {
        let mut run = samples::run();
        run.tenant = Some("acme".to_owned());
        run.parent = Some(RunId(1));
        run.error = Some(("invalid".to_owned(), "row 3".to_owned()));
        let tenant = line(&TenantRecord::of(&run));
        assert!(tenant.starts_with("{\"type\":\"tenant\",\"tenant\":\"acme\",\"run\":\"00000000017\""), "{tenant}");
        assert!(tenant.ends_with("\"error\":{\"code\":\"invalid\",\"message\":\"row 3\",\"hint\":null}}"), "{tenant}");
        let log = LogLine {
            at: Timestamp(0),
            level: LogLevel::Info,
            message: "row".to_owned(),
            fields: vec![("line".to_owned(), "3".to_owned())],
        };
        assert_eq!(
            line(&LogRecord::of(&run, &log)),
            "{\"type\":\"log\",\"run\":\"00000000017\",\"tenant\":\"acme\",\"at\":\"1970-01-01T00:00:00Z\",\
             \"level\":\"info\",\"message\":\"row\",\"fields\":{\"line\":\"3\"}}"
        );
        let (total, phase, unit) = (Total::Input { read: 1, bytes: 4 }, "checking".to_owned(), "rows".to_owned());
        let progress = Progress { phase, number: 1, done: 3, total, unit };
        let speed = Speed { rate: Some(2.26), left: Some(Duration::from_millis(4_040)) };
        assert_eq!(
            line(&ProgressRecord::of(&run, &progress, speed)),
            "{\"type\":\"progress\",\"run\":\"00000000017\",\"tenant\":\"acme\",\"phase\":\"checking\",\"done\":3,\
             \"total\":null,\"unit\":\"rows\",\"input_read\":1,\"input_bytes\":4,\"percent\":25,\"rate\":2.3,\
             \"seconds_left\":4.0}"
        );
        let progress = Progress { total: Total::Units(6), ..progress };
        let record = line(&ProgressRecord::of(&run, &progress, Speed { rate: None, left: None }));
        let rest = "\"total\":6,\"unit\":\"rows\",\"input_read\":null,\"input_bytes\":null,\"percent\":50,\"rate\":null,\
                    \"seconds_left\":null}";
        assert!(record.ends_with(rest), "{record}");
    }
}
