//! A run's report for people.

use encargo_model::{Action, Artefact, Count, FileChange, Language, Outcome, Run, RunStatus, Table};

use super::shown::visible;
use super::{Output, Style, Verbosity, Word, measure, named};

/// More tenants than this have a line each only where they have something to tell.
const FEW_TENANTS: usize = 10;

impl Output {
    /// What a run with its tenants' shares has to say at its end, as far as the caller wants to hear it. `picked` says
    /// that the host chose its tenant.
    pub(crate) fn report(&self, run: &Run, children: &[Run], artefacts: &[Artefact], picked: bool) {
        if self.verbosity == Verbosity::QUIET {
            return self.quiet_report(run);
        }
        let in_full = self.verbosity >= Verbosity::DETAILED;
        self.body(run, children, artefacts, in_full || children.len() <= FEW_TENANTS, picked);
        if in_full {
            self.result("");
            self.receipt(run, children);
        } else if run.dry_run {
            self.changes(run);
        }
    }

    /// All that a run with its tenants' shares has to say.
    pub(crate) fn full_report(&self, run: &Run, children: &[Run], artefacts: &[Artefact]) {
        self.body(run, children, artefacts, true, false);
    }

    fn body(&self, run: &Run, children: &[Run], artefacts: &[Artefact], in_full: bool, picked: bool) {
        if run.dry_run {
            self.styled(&[(Style::Heading, Word::DryRun.get(self.language))]);
        }
        let told = children.iter().filter(|child| in_full || has_something_to_tell(child));
        let told = told.map(|child| self.tenant_line(child)).count();
        if told < children.len() {
            self.result(&Word::OtherTenants.with(self.language, &[&(children.len() - told)]));
        }
        if let Some(report) = &run.report {
            let tenant = run.tenant.as_deref().filter(|_| picked).map(|tenant| format!("{tenant}: "));
            let tenant = (Style::Plain, tenant.as_deref().unwrap_or_default());
            self.styled(&[tenant, (style_of(report.outcome), &visible(&report.summary))]);
            let tables = if in_full { report.tables.as_slice() } else { &[] };
            for table in tables {
                let columns: Vec<_> = table.columns.iter().map(String::as_str).collect();
                self.result(&format!("\n{}", visible(&table.title)));
                self.table(&columns, &table.rows);
            }
            let counts = count_lines(&report.counts, |n| is_said(n, &report.summary, tables), self.language);
            if !tables.is_empty() && !counts.is_empty() {
                self.result("");
            }
            self.pairs(&counts);
            for note in &report.notes {
                self.note_of_command(note);
            }
        }
        for artefact in artefacts.iter().filter(|artefact| artefact.path != "-" && !run.dry_run) {
            let size = measure::bytes(artefact.bytes);
            self.result(&Word::Wrote.with(self.language, &[&artefact.path, &size]));
        }
    }

    /// A check that found something is heard even when nothing else is.
    fn quiet_report(&self, run: &Run) {
        if let Some(report) = run.report.as_ref().filter(|report| report.outcome != Outcome::Ok) {
            self.remark(&visible(&report.summary));
        }
    }

    /// One tenant's share in one line.
    fn tenant_line(&self, run: &Run) {
        let tenant = run.tenant.as_deref().unwrap_or_default();
        let words = match (&run.report, &run.error) {
            (Some(report), _) => report.summary.as_str(),
            (None, Some((_, message))) => message.as_str(),
            (None, None) => named::status(run.status, self.language),
        };
        let style = if run.status == RunStatus::Succeeded { Style::Plain } else { Style::Warning };
        let words = format!("{} ({})", visible(words), named::status(run.status, self.language));
        self.styled(&[(Style::Plain, &format!("{tenant}: ")), (style, &words)]);
    }

    /// What the host saw a run change: rows of tables and files.
    pub(super) fn changes(&self, run: &Run) {
        let language = self.language;
        let tables = run.receipt.tables.iter().map(|change| {
            let tenant = change.tenant.clone().unwrap_or_else(|| Word::Platform.get(language).to_owned());
            let counts = [change.inserted, change.updated, change.deleted].map(|n| n.to_string());
            [vec![tenant, change.table.clone()], counts.to_vec()].concat()
        });
        let tables: Vec<Vec<String>> = tables.collect();
        self.result("");
        if tables.is_empty() {
            self.result(Word::NoRows.get(language));
        } else {
            let columns = [Word::Tenant, Word::Table, Word::Inserted, Word::Updated, Word::Deleted];
            self.table(&columns.map(|column| column.get(language)), &tables);
        }
        let files: Vec<Vec<String>> = run
            .receipt
            .files
            .iter()
            .map(|file| {
                let change = match file.change {
                    FileChange::Written => Word::Written,
                    FileChange::Removed => Word::Removed,
                    FileChange::Moved => Word::Moved,
                };
                let hash = file.sha256.clone().unwrap_or_default();
                vec![change.get(language).to_owned(), file.path.clone(), measure::bytes(file.bytes), hash]
            })
            .collect();
        if !files.is_empty() {
            self.result("");
            self.table(&[Word::File, Word::Path, Word::Size, Word::Sha256].map(|column| column.get(language)), &files);
        }
    }
}

fn style_of(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Ok => Style::Good,
        Outcome::Partial | Outcome::Problems | Outcome::NotHere | Outcome::Interrupted | Outcome::Terminated => {
            Style::Warning
        }
        Outcome::VerificationFailed => Style::Error,
    }
}

/// Whether a tenant's share did anything or did not end well.
fn has_something_to_tell(run: &Run) -> bool {
    let is_news =
        |count: &Count| count.n > 0 && !matches!(count.action, Action::Read | Action::Unchanged | Action::Kept);
    let report = run.report.as_ref();
    run.status != RunStatus::Succeeded || report.is_some_and(|report| report.counts.iter().any(is_news))
}

/// Whether people read a number in the sentence or in a table already.
fn is_said(n: u64, summary: &str, tables: &[Table]) -> bool {
    let number = n.to_string();
    let in_summary = summary.split(|c: char| !c.is_ascii_digit()).any(|digits| digits == number);
    in_summary || tables.iter().flat_map(|table| table.rows.iter().flatten()).any(|cell| *cell == number)
}

/// A line for each subject, in the order of the command: `213 read, 210 created`. What did not happen is left out,
/// unless nothing happened to the subject at all; and so is a subject whose every number people have read above.
fn count_lines(counts: &[Count], is_said: impl Fn(u64) -> bool, language: Language) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = Vec::new();
    let happened = |subject: &str| counts.iter().any(|count| count.subject == subject && count.n > 0);
    let is_told = |subject: &str| {
        let of_subject = counts.iter().filter(|count| count.subject == subject);
        of_subject.map(|count| count.n).all(|n| n == 0 && happened(subject) || is_said(n))
    };
    for Count { subject, action, n } in counts.iter().filter(|count| count.n > 0 || !happened(&count.subject)) {
        if is_told(subject) {
            continue;
        }
        let words = format!("{n} {}", named::action(action, language));
        match lines.iter_mut().find(|(name, _)| name == subject) {
            Some((_, line)) => *line = format!("{line}, {words}"),
            None => lines.push((subject.clone(), words)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use encargo_model::Report;

    use super::*;
    use crate::output::samples;

    #[test]
    fn counts_of_one_subject_share_a_line() {
        let count = |subject: &str, action, n| Count { subject: subject.to_owned(), action, n };
        let counts = [
            count("chats", Action::Deleted, 3),
            count("logs", Action::Kept, 0),
            count("chats", Action::Failed, 0),
            count("chats", Action::Kept, 2),
        ];
        let line = |subject: &str, words: &str| (subject.to_owned(), words.to_owned());
        let lines = |counts, language| count_lines(counts, |_| false, language);
        assert_eq!(lines(&counts, Language::En), [line("chats", "3 deleted, 2 kept"), line("logs", "0 kept")]);
        assert_eq!(lines(&counts[..1], Language::Es), [line("chats", "3 borrados")]);
    }

    #[test]
    fn what_people_have_read_is_not_said_again() {
        let count = |subject: &str, action, n| Count { subject: subject.to_owned(), action, n };
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let table = Table { title: String::new(), columns: row(&["type", "n"]), rows: vec![row(&["chats", "12"])] };
        let counts = [
            count("chats", Action::Deleted, 12),
            count("services", Action::Read, 7),
            count("logs", Action::Deleted, 30),
            count("logs", Action::Kept, 12),
        ];
        let lines = count_lines(
            &counts,
            |n| is_said(n, "4 of 7 services are well", std::slice::from_ref(&table)),
            Language::En,
        );
        assert_eq!(lines, [("logs".to_owned(), "30 deleted, 12 kept".to_owned())]);
    }

    #[test]
    fn a_tenant_in_which_nothing_changed_has_nothing_to_tell() {
        let report = |action| Report {
            outcome: Outcome::Ok,
            summary: String::new(),
            counts: vec![Count { subject: "chats".to_owned(), action, n: 3 }],
            tables: Vec::new(),
            notes: Vec::new(),
            details: None,
        };
        let run = |status, action| Run { status, report: Some(report(action)), ..samples::run() };
        for (status, action, tells) in [
            (RunStatus::Succeeded, Action::Kept, false),
            (RunStatus::Succeeded, Action::Read, false),
            (RunStatus::Succeeded, Action::Deleted, true),
            (RunStatus::Partial, Action::Kept, true),
        ] {
            assert_eq!(has_something_to_tell(&run(status, action.clone())), tells, "{status} {action:?}");
        }
    }
}
