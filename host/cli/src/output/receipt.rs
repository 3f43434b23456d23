//! A run's receipt: what ran, with what, what it changed, what it used, and the line to run it again.

use encargo_model::{ArgumentValue, Artefact, Language, Origin, PageUse, Receipt, ResolvedArgument, Run, is_unseen};
use serde::Serialize;

use super::json::ErrorRecord;
use super::{Output, Style, Word, measure, named};

/// A run as a record of `runs list` and `runs show`.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "run")]
pub(crate) struct RunRecord<'a> {
    run: String,
    parent: Option<String>,
    command: &'a str,
    version: &'a str,
    digest: &'a str,
    tenant: Option<&'a str>,
    trigger: &'static str,
    status: &'static str,
    exit_code: Option<u8>,
    dry_run: bool,
    started_at: String,
    ended_at: Option<String>,
    attempts: u32,
    summary: Option<&'a str>,
    error: Option<ErrorRecord>,
    /// Only in `runs show`.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ReceiptRecord<'a>>,
}

#[derive(Debug, Serialize)]
struct ReceiptRecord<'a> {
    arguments: Vec<ArgumentRecord<'a>>,
    #[serde(flatten)]
    receipt: &'a Receipt,
    artefacts: &'a [Artefact],
    again: String,
}

#[derive(Debug, Serialize)]
struct ArgumentRecord<'a> {
    name: &'a str,
    value: &'a str,
    origin: String,
}

impl<'a> RunRecord<'a> {
    /// A run without its receipt.
    pub(crate) fn brief(run: &'a Run) -> Self {
        Self {
            run: run.id.to_string(),
            parent: run.parent.map(|parent| parent.to_string()),
            command: &run.command,
            version: &run.version,
            digest: &run.digest.0,
            tenant: run.tenant.as_deref(),
            trigger: run.trigger.as_str(),
            status: run.status.as_str(),
            exit_code: run.exit.map(encargo_model::Exit::code),
            dry_run: run.dry_run,
            started_at: run.started_at.rfc3339(),
            ended_at: run.ended_at.map(encargo_model::Timestamp::rfc3339),
            attempts: run.attempts,
            summary: run.report.as_ref().map(|report| report.summary.as_str()),
            error: ErrorRecord::of_run(run),
            receipt: None,
        }
    }

    /// A run with its receipt.
    pub(crate) fn full(run: &'a Run, children: &[Run], artefacts: &'a [Artefact]) -> Self {
        let argument = |argument: &'a ResolvedArgument| ArgumentRecord {
            name: &argument.name,
            value: &argument.written,
            origin: origin(&argument.origin),
        };
        let arguments = run.arguments.iter().map(argument).collect();
        let receipt = ReceiptRecord { arguments, receipt: &run.receipt, artefacts, again: again_line(run, children) };
        Self { receipt: Some(receipt), ..Self::brief(run) }
    }
}

impl Output {
    /// The receipt for people.
    pub(crate) fn receipt(&self, run: &Run, children: &[Run]) {
        let language = self.language;
        let pair = |word: Word, text: String| (word.get(language).to_owned(), text);
        self.styled(&[(Style::Heading, &Word::Receipt.with(language, &[&run.id]))]);
        let exit = run.exit.map(|exit| format!(", {} {}", Word::Exit.get(language), exit.code())).unwrap_or_default();
        let mut pairs = vec![
            pair(Word::Command, format!("{} {} (sha256 {})", run.command, run.version, run.digest)),
            pair(Word::Status, format!("{}{exit}", named::status(run.status, language))),
            pair(Word::Started, run.started_at.rfc3339()),
        ];
        pairs.extend(measure::took(run).map(|took| pair(Word::Took, took)));
        pairs.extend(pages(run.receipt.pages, language).map(|pages| pair(Word::Pages, pages)));
        pairs.extend(run.tenant.clone().map(|tenant| pair(Word::Tenant, tenant)));
        pairs.extend(run.parent.map(|parent| pair(Word::ShareOf, parent.to_string())));
        if run.attempts > 1 {
            pairs.push(pair(Word::Attempts, run.attempts.to_string()));
        }
        self.pairs(&pairs);
        self.arguments(&run.arguments);
        self.changes(run);
        self.limits(run);
        if !children.is_empty() {
            self.result("");
            let row = |child: &Run| {
                let took = measure::took(child).unwrap_or_default();
                vec![
                    child.id.to_string(),
                    child.tenant.clone().unwrap_or_default(),
                    named::status(child.status, language).to_owned(),
                    took,
                ]
            };
            let columns = [Word::Run, Word::Tenant, Word::Status, Word::Took].map(|column| column.get(language));
            self.table(&columns, &children.iter().map(row).collect::<Vec<_>>());
        }
        self.result(&format!("\n{}:\n  {}", Word::Again.get(language), again_line(run, children)));
    }

    fn arguments(&self, arguments: &[ResolvedArgument]) {
        if arguments.is_empty() {
            return;
        }
        let row = |argument: &ResolvedArgument| {
            vec![format!("--{}", argument.name), shown(argument), self.origin(&argument.origin)]
        };
        self.result("");
        let columns = [Word::Argument, Word::Value, Word::Origin].map(|column| column.get(self.language));
        self.table(&columns, &arguments.iter().map(row).collect::<Vec<_>>());
    }

    fn limits(&self, run: &Run) {
        if run.receipt.limits.is_empty() {
            return;
        }
        let of = Word::Of.get(self.language);
        let row = |limit: &encargo_model::LimitUse| {
            vec![named::limit(&limit.name, self.language).to_owned(), measure::limit(limit, of)]
        };
        self.result("");
        let columns = [Word::Limit, Word::Used].map(|column| column.get(self.language));
        self.table(&columns, &run.receipt.limits.iter().map(row).collect::<Vec<_>>());
    }

    /// Where a value came from, for people.
    pub(crate) fn origin(&self, origin: &Origin) -> String {
        let language = self.language;
        match origin {
            Origin::Given => Word::OriginGiven.get(language).to_owned(),
            Origin::Environment(name) => Word::OriginEnvironment.with(language, &[name]),
            Origin::Settings(key) => Word::OriginSettings.with(language, &[key]),
            Origin::Default => Word::OriginDefault.get(language).to_owned(),
        }
    }
}

/// How well the database's cache did; nothing for a run that looked at no rows.
fn pages(PageUse { found, read }: PageUse, language: Language) -> Option<String> {
    let all = found.saturating_add(read);
    let share = format!("{:.1}", found as f64 / all.max(1) as f64 * 100.0);
    (all > 0).then(|| Word::PagesOf.with(language, &[&found, &read, &share]))
}

/// Where a value came from, for programs.
pub(crate) fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Given => "given".to_owned(),
        Origin::Environment(name) => format!("environment:{name}"),
        Origin::Settings(key) => format!("settings:{key}"),
        Origin::Default => "default".to_owned(),
    }
}

fn shown(argument: &ResolvedArgument) -> String {
    match argument.value {
        Some(ArgumentValue::Flag(flag)) => flag.to_string(),
        _ => argument.written.clone(),
    }
}

/// The line that runs the same again; what was left out before is left out again.
pub(crate) fn again_line(run: &Run, children: &[Run]) -> String {
    let mut words = vec!["encargo".to_owned()];
    if crate::verbs::is_reserved(&run.command) {
        words.push("run".to_owned());
    }
    words.push(run.command.clone());
    let tenants: Vec<_> = run.tenant.iter().chain(children.iter().filter_map(|child| child.tenant.as_ref())).collect();
    if !tenants.is_empty() {
        let tenants = tenants.into_iter().map(String::as_str).collect::<Vec<_>>().join(",");
        words.push(format!("--tenant={tenants}"));
    }
    for argument in run.arguments.iter().filter(|argument| argument.origin == Origin::Given) {
        words.push(match &argument.value {
            Some(ArgumentValue::Flag(true)) => format!("--{}", argument.name),
            Some(ArgumentValue::Flag(false)) => format!("--{}=false", argument.name),
            _ => format!("--{}={}", argument.name, quoted(&argument.written)),
        });
    }
    if run.dry_run {
        words.push("--dry-run".to_owned());
    }
    words.join(" ")
}

/// A text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=@%+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    if !text.chars().any(is_unseen) {
        return format!("'{}'", text.replace('\'', "'\\''"));
    }
    // What the terminal would be shown in place of such a character is not what the shell has to be given.
    let byte = |byte: u8| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\{byte:03o}"),
    };
    format!("$'{}'", text.bytes().map(byte).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::samples;

    fn argument(name: &str, value: Option<ArgumentValue>, origin: Origin, written: &str) -> ResolvedArgument {
        ResolvedArgument { name: name.to_owned(), value, origin, written: written.to_owned() }
    }

    #[test]
    fn the_line_to_run_it_again_has_what_was_given_and_quotes_it() {
        let text = |text: &str| Some(ArgumentValue::Text(text.to_owned()));
        let mut run = samples::run();
        run.arguments = vec![
            argument("file", text("/tmp/it's here.csv"), Origin::Given, "/tmp/it's here.csv"),
            argument("batch-size", Some(ArgumentValue::Integer(5)), Origin::Default, "5"),
            argument("skip", Some(ArgumentValue::Flag(true)), Origin::Given, ""),
        ];
        run.dry_run = true;
        assert_eq!(again_line(&run, &[]), "encargo import_knowledge --file='/tmp/it'\\''s here.csv' --skip --dry-run");
        let share = |tenant: &str| Run { tenant: Some(tenant.to_owned()), ..samples::run() };
        assert_eq!(quoted("it's\nñ\u{202e}\\"), "$'it\\'s\\012\\303\\261\\342\\200\\256\\\\'");
        let run = Run { command: "backups".to_owned(), ..samples::run() };
        assert_eq!(again_line(&run, &[share("a"), share("b")]), "encargo run backups --tenant=a,b");
    }

    #[test]
    fn pages_are_told_of_a_run_that_looked_at_rows() {
        assert_eq!(pages(PageUse::default(), Language::En), None);
        let said = pages(PageUse { found: 995, read: 5 }, Language::En);
        assert_eq!(said.unwrap(), "995 found in the database's cache, 5 read from its file (99.5 % found)");
        assert_eq!(pages(PageUse { found: 0, read: 5 }, Language::Es).unwrap().split(' ').next(), Some("0"));
    }

    #[test]
    fn a_record_of_a_run_has_its_receipt_only_when_asked() {
        let mut run = samples::run();
        run.arguments = vec![argument("key", None, Origin::Environment("KEY".to_owned()), "***")];
        let brief = serde_json::to_value(RunRecord::brief(&run)).expect("a record has text keys");
        assert_eq!((brief["type"].as_str(), brief.get("receipt")), (Some("run"), None));
        let full = serde_json::to_value(RunRecord::full(&run, &[], &[])).expect("a record has text keys");
        assert_eq!(
            full["receipt"],
            serde_json::json!({
                "arguments": [{"name": "key", "value": "***", "origin": "environment:KEY"}],
                "tables": [], "files": [], "limits": [], "pages": {"found": 0, "read": 0},
                "artefacts": [],
                "again": "encargo import_knowledge"
            })
        );
    }
}
