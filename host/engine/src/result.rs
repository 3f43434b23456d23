//! What a guest's run came back with: the WIT's report and errors in the model's words.

use encargo_model::{Action, CommandError, Count, ErrorCode, Outcome, Report, Table};

use crate::bindings::encargo::types::types as wit;
use crate::bindings::exports::encargo::command::command;

impl From<wit::Error> for CommandError {
    fn from(error: wit::Error) -> Self {
        Self { code: ErrorCode::from_word(&error.code), message: error.message, retryable: error.retryable }
    }
}

impl From<CommandError> for wit::Error {
    fn from(error: CommandError) -> Self {
        Self { code: error.code.as_str().to_owned(), message: error.message, retryable: error.retryable }
    }
}

/// Why an answer is no report.
pub(crate) enum NoReport {
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// It does not hold together.
    Garbage(String),
}

/// Checks a report and takes it over. Its texts stay as they are; whoever prints them makes them fit for a terminal.
pub(crate) fn report(answer: command::Report, limit: u64) -> Result<Report, NoReport> {
    let bytes = size(&answer);
    if bytes > limit {
        return Err(NoReport::TooLarge(bytes));
    }
    if let Some(details) = &answer.details
        && let Err(error) = serde_json::from_str::<serde_json::Value>(details)
    {
        return Err(NoReport::Garbage(format!("its details are not JSON: {error}")));
    }
    for table in &answer.tables {
        if table.rows.iter().any(|row| row.len() != table.columns.len()) {
            return Err(NoReport::Garbage(format!("its table `{}` has rows of different lengths", table.title)));
        }
    }
    let outcome = Outcome::from_word(&answer.outcome)
        .ok_or_else(|| NoReport::Garbage(format!("its outcome `{}` is not known here", answer.outcome)))?;
    Ok(Report {
        outcome,
        summary: answer.summary,
        counts: answer
            .counts
            .into_iter()
            .map(|count| Count { subject: count.subject, action: Action::from_word(count.action), n: count.n })
            .collect(),
        tables: answer
            .tables
            .into_iter()
            .map(|table| Table { title: table.title, columns: table.columns, rows: table.rows })
            .collect(),
        notes: answer.notes,
        details: answer.details,
    })
}

/// How many bytes a report takes.
pub(crate) fn size(answer: &command::Report) -> u64 {
    let texts = |texts: &[String]| texts.iter().map(|text| text.len() + 24).sum::<usize>();
    let tables = answer.tables.iter().map(|table| {
        table.title.len() + texts(&table.columns) + table.rows.iter().map(|row| texts(row)).sum::<usize>()
    });
    let counts = answer.counts.iter().map(|count| count.subject.len() + count.action.len() + 8);
    let bytes = answer.outcome.len()
        + answer.summary.len()
        + tables.sum::<usize>()
        + counts.sum::<usize>()
        + texts(&answer.notes)
        + answer.details.as_ref().map_or(0, String::len);
    bytes as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> command::Report {
        command::Report {
            outcome: "ok".to_owned(),
            summary: "red".to_owned(),
            counts: Vec::new(),
            tables: Vec::new(),
            notes: Vec::new(),
            details: None,
        }
    }

    #[test]
    fn a_report_that_does_not_hold_together_is_garbage() {
        let outcome = command::Report { outcome: "fine".to_owned(), ..answer() };
        assert!(matches!(report(outcome, 1_000), Err(NoReport::Garbage(words)) if words.contains("`fine`")));
        let details = command::Report { details: Some("{".to_owned()), ..answer() };
        assert!(matches!(report(details, 1_000), Err(NoReport::Garbage(_))));
        let table = command::Table { title: "t".to_owned(), columns: vec!["a".to_owned()], rows: vec![vec![]] };
        assert!(matches!(
            report(command::Report { tables: vec![table], ..answer() }, 1_000),
            Err(NoReport::Garbage(_))
        ));
        let long = command::Report { summary: "x".repeat(2_000), ..answer() };
        assert!(matches!(report(long, 1_000), Err(NoReport::TooLarge(2_002))));
    }

    #[test]
    fn words_that_are_not_known_here_are_counted_as_they_are_and_codes_are_the_hosts_fault() {
        let count = |action: &str| command::Count { subject: "s".to_owned(), action: action.to_owned(), n: 1 };
        let counted = command::Report { counts: vec![count("kept"), count("archived")], ..answer() };
        let actions: Vec<_> =
            report(counted, 1_000).ok().unwrap().counts.into_iter().map(|count| count.action).collect();
        assert_eq!(actions, [Action::Kept, Action::Other("archived".to_owned())]);
        for (code, expected) in [
            ("failed", ErrorCode::Failed),
            ("type-mismatch", ErrorCode::TypeMismatch),
            ("internal", ErrorCode::Internal),
            ("", ErrorCode::Internal),
            ("Failed", ErrorCode::Internal),
        ] {
            let error = wit::Error { code: code.to_owned(), message: "m".to_owned(), retryable: true };
            let error = CommandError::from(error);
            assert_eq!((error.code, error.message.as_str(), error.retryable), (expected, "m", true), "{code}");
        }
    }
}
