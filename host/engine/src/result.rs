//! What a guest's run came back with: the WIT's report and errors in the model's words.

use encargo_model::{Action, CommandError, Count, ErrorCode, Outcome, Report, Table, Text, text};

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
    Garbage(Text),
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
        return Err(NoReport::Garbage(text!("its details are not JSON: {error}", "sus detalles no son JSON: {error}")));
    }
    for table in &answer.tables {
        if table.rows.iter().any(|row| row.len() != table.columns.len()) {
            return Err(NoReport::Garbage(text!(
                "its table `{}` has rows of different lengths",
                "su tabla `{}` tiene filas de distinta longitud";
                table.title
            )));
        }
    }
    let outcome = Outcome::from_word(&answer.outcome).ok_or_else(|| {
        NoReport::Garbage(text!(
            "its outcome `{}` is not known here",
            "no se conoce aquí su resultado `{}`";
            answer.outcome
        ))
    })?;
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
    use crate::samples::answer;

    fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
        texts.map(str::to_owned).to_vec()
    }

    fn table(columns: Vec<String>, rows: Vec<Vec<String>>) -> command::Table {
        command::Table { title: "abc".to_owned(), columns, rows }
    }

    /// A report with something in every field, of 7 + 4 + (5 + 4 + 8) + (3 + 2 * 25 + 2 * 26) + 28 + 2 bytes.
    fn full() -> command::Report {
        command::Report {
            outcome: "partial".to_owned(),
            counts: vec![command::Count { subject: "chats".to_owned(), action: "kept".to_owned(), n: 7 }],
            tables: vec![table(texts(["a", "b"]), vec![texts(["c1", "d1"])])],
            notes: texts(["note"]),
            details: Some("{}".to_owned()),
            ..answer()
        }
    }

    #[test]
    fn a_report_is_taken_over_field_by_field() {
        let taken = report(full(), 1_000).unwrap_or_else(|_| panic!("it holds together"));
        assert_eq!((taken.outcome, taken.summary.as_str()), (Outcome::Partial, "done"));
        assert_eq!(taken.counts, [Count { subject: "chats".to_owned(), action: Action::Kept, n: 7 }]);
        let (columns, rows) = (texts(["a", "b"]), vec![texts(["c1", "d1"])]);
        assert_eq!(taken.tables, [Table { title: "abc".to_owned(), columns, rows }]);
        assert_eq!((taken.notes, taken.details.as_deref()), (texts(["note"]), Some("{}")));
    }

    #[test]
    fn a_report_may_have_as_many_bytes_as_its_limit_and_none_more() {
        let bytes = 7 + 4 + 17 + 105 + 28 + 2;
        assert_eq!((size(&full()), size(&answer())), (bytes, 6));
        assert!(report(full(), bytes).is_ok());
        assert!(matches!(report(full(), bytes - 1), Err(NoReport::TooLarge(found)) if found == bytes));
    }

    #[test]
    fn a_report_that_does_not_hold_together_is_garbage() {
        for (outcome, details, rows, words) in [
            ("fine", None, vec![], "its outcome `fine` is not known here"),
            ("ok", Some("{"), vec![], "its details are not JSON"),
            ("ok", Some("{} {}"), vec![], "its details are not JSON"),
            ("ok", None, vec![vec![]], "its table `abc` has rows of different lengths"),
            ("ok", None, vec![texts(["1"]), texts(["1", "2"])], "its table `abc` has rows of different lengths"),
        ] {
            let tables = vec![table(texts(["a"]), vec![]), table(texts(["a"]), rows)];
            let (outcome, details) = (outcome.to_owned(), details.map(str::to_owned));
            match report(command::Report { outcome, details, tables, ..answer() }, 1_000) {
                Err(NoReport::Garbage(problem)) => assert!(problem.en.contains(words), "{}", problem.en),
                Err(NoReport::TooLarge(bytes)) => panic!("{bytes}"),
                Ok(taken) => panic!("{taken:?}"),
            }
        }
    }

    #[test]
    fn an_error_crosses_both_ways_as_it_is() {
        for (code, retryable) in [(ErrorCode::Busy, true), (ErrorCode::WrongKey, false), (ErrorCode::Usage, true)] {
            let error = CommandError { code, message: "said".to_owned(), retryable };
            let crossed = wit::Error::from(error.clone());
            assert_eq!((crossed.message.as_str(), crossed.retryable), ("said", retryable));
            assert_eq!(CommandError::from(crossed), error);
        }
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
