//! What a guest's run came back with: the WIT's report and errors in the model's words.

use encargo_model::{Action, CommandError, Count, ErrorCode, Outcome, Report, Table};

use crate::bindings::encargo::types::types as wit;
use crate::bindings::exports::encargo::command::command;

macro_rules! same_cases {
    ($($from:path => $to:path { $($case:ident),* $(,)? };)*) => {
        $(
            impl From<$from> for $to {
                fn from(case: $from) -> Self {
                    match case { $(<$from>::$case => Self::$case,)* }
                }
            }
        )*
    };
}

same_cases! {
    wit::ErrorCode => ErrorCode {
        Syntax, Denied, ReadOnly, Unique, ForeignKey, NotNull, Check, TypeMismatch, NotFound, AlreadyExists, Invalid, Usage,
        Busy,
        Timeout, TooLarge, Quota, TransactionOpen, Refused, WrongKey, Cancelled, Unavailable, Internal,
    };
    ErrorCode => wit::ErrorCode {
        Syntax, Denied, ReadOnly, Unique, ForeignKey, NotNull, Check, TypeMismatch, NotFound, AlreadyExists, Invalid, Usage,
        Busy,
        Timeout, TooLarge, Quota, TransactionOpen, Refused, WrongKey, Cancelled, Unavailable, Internal,
    };
    command::Action => Action {
        Read, Created, Updated, Unchanged, Deleted, Kept, Duplicate, Invalid, Skipped, Failed,
    };
    command::Outcome => Outcome { Ok, Partial, Problems, VerificationFailed };
}

impl From<wit::Error> for CommandError {
    fn from(error: wit::Error) -> Self {
        Self { code: error.code.into(), message: error.message, retryable: error.retryable }
    }
}

impl From<CommandError> for wit::Error {
    fn from(error: CommandError) -> Self {
        Self { code: error.code.into(), message: error.message, retryable: error.retryable }
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
    Ok(Report {
        outcome: answer.outcome.into(),
        summary: answer.summary,
        counts: answer
            .counts
            .into_iter()
            .map(|count| Count { subject: count.subject, action: count.action.into(), n: count.n })
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
    let counts = answer.counts.iter().map(|count| count.subject.len() + 16);
    let bytes = answer.summary.len()
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
            outcome: command::Outcome::Ok,
            summary: "red".to_owned(),
            counts: Vec::new(),
            tables: Vec::new(),
            notes: Vec::new(),
            details: None,
        }
    }

    #[test]
    fn a_report_that_does_not_hold_together_is_garbage() {
        let details = command::Report { details: Some("{".to_owned()), ..answer() };
        assert!(matches!(report(details, 1_000), Err(NoReport::Garbage(_))));
        let table = command::Table { title: "t".to_owned(), columns: vec!["a".to_owned()], rows: vec![vec![]] };
        assert!(matches!(
            report(command::Report { tables: vec![table], ..answer() }, 1_000),
            Err(NoReport::Garbage(_))
        ));
        let long = command::Report { summary: "x".repeat(2_000), ..answer() };
        assert!(matches!(report(long, 1_000), Err(NoReport::TooLarge(2_000))));
    }
}
