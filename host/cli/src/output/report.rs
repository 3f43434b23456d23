//! A run's report for people.

use encargo_model::{Action, Artefact, Count, FileChange, Language, Outcome, Run, RunStatus};

use super::shown::visible;
use super::{Output, Style, Verbosity, Word, measure};

impl Output {
    /// What a run with its tenants' shares has to say at its end, as far as the caller wants to hear it.
    pub(crate) fn report(&self, run: &Run, children: &[Run], artefacts: &[Artefact]) {
        if self.verbosity == Verbosity::QUIET {
            return self.quiet_report(run);
        }
        self.full_report(run, children, artefacts);
        if self.verbosity >= Verbosity::DETAILED {
            self.result("");
            self.receipt(run, children);
        } else if run.dry_run {
            self.changes(run);
        }
    }

    /// All that a run with its tenants' shares has to say.
    pub(crate) fn full_report(&self, run: &Run, children: &[Run], artefacts: &[Artefact]) {
        if run.dry_run {
            self.styled(&[(Style::Heading, Word::DryRun.get(self.language))]);
        }
        for child in children {
            self.tenant_line(child);
        }
        if let Some(report) = &run.report {
            self.styled(&[(style_of(report.outcome), &visible(&report.summary))]);
            for table in &report.tables {
                let columns: Vec<_> = table.columns.iter().map(String::as_str).collect();
                self.result(&format!("\n{}", visible(&table.title)));
                self.table(&columns, &table.rows);
            }
            if !report.tables.is_empty() && !report.counts.is_empty() {
                self.result("");
            }
            self.pairs(&count_lines(&report.counts, self.language));
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
            (None, None) => run.status.as_str(),
        };
        let style = if run.status == RunStatus::Succeeded { Style::Plain } else { Style::Warning };
        let words = format!("{} ({})", visible(words), run.status);
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
        Outcome::Partial | Outcome::Problems => Style::Warning,
        Outcome::VerificationFailed => Style::Error,
    }
}

/// A line for each subject, in the order of the command: `213 read, 210 created`. What did not happen is left out,
/// unless nothing happened to the subject at all.
fn count_lines(counts: &[Count], language: Language) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = Vec::new();
    let happened = |subject: &str| counts.iter().any(|count| count.subject == subject && count.n > 0);
    for Count { subject, action, n } in counts.iter().filter(|count| count.n > 0 || !happened(&count.subject)) {
        let words = format!("{n} {}", action_word(*action).get(language));
        match lines.iter_mut().find(|(name, _)| name == subject) {
            Some((_, line)) => *line = format!("{line}, {words}"),
            None => lines.push((subject.clone(), words)),
        }
    }
    lines
}

fn action_word(action: Action) -> Word {
    match action {
        Action::Read => Word::ActionRead,
        Action::Created => Word::ActionCreated,
        Action::Updated => Word::ActionUpdated,
        Action::Unchanged => Word::ActionUnchanged,
        Action::Deleted => Word::ActionDeleted,
        Action::Kept => Word::ActionKept,
        Action::Duplicate => Word::ActionDuplicate,
        Action::Invalid => Word::ActionInvalid,
        Action::Skipped => Word::ActionSkipped,
        Action::Failed => Word::ActionFailed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(count_lines(&counts, Language::En), [line("chats", "3 deleted, 2 kept"), line("logs", "0 kept")]);
        assert_eq!(count_lines(&counts[..1], Language::Es), [line("chats", "3 borrados")]);
    }
}
