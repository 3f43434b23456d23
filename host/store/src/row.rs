//! A run as a row, and back.

use encargo_model::{Digest, Exit, Language, Run, RunId, RunStatus, Timestamp, Trigger};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// The columns of a run, for a SELECT; as a macro, because the driver takes only texts that were there at compile time.
macro_rules! run_columns {
    () => {
        "id, parent, command, digest, version, tenant, trigger, arguments, resume_key, dry_run, language, status, \
         exit_code, started_at, ended_at, attempts, report, error_code, error_message, backtrace, receipt"
    };
}
pub(crate) use run_columns;

/// The run of a row of these columns.
pub(crate) fn run(row: &SqliteRow) -> Result<Run, sqlx::Error> {
    let error = match (row.try_get("error_code")?, row.try_get("error_message")?) {
        (Some(code), Some(message)) => Some((code, message)),
        _ => None,
    };
    let exit = row.try_get::<Option<u8>, _>("exit_code")?;
    let exit = exit.map(|code| Exit::from_code(code).ok_or_else(|| not_known("exit_code", &code.to_string())));
    let report = row.try_get::<Option<&str>, _>("report")?;
    Ok(Run {
        id: RunId(row.try_get("id")?),
        parent: row.try_get::<Option<i64>, _>("parent")?.map(RunId),
        command: row.try_get("command")?,
        digest: Digest(row.try_get("digest")?),
        version: row.try_get("version")?,
        tenant: row.try_get("tenant")?,
        trigger: word(row, "trigger", Trigger::from_word)?,
        arguments: from_json("arguments", row.try_get("arguments")?)?,
        resume_key: row.try_get("resume_key")?,
        dry_run: row.try_get("dry_run")?,
        language: word(row, "language", Language::from_tag)?,
        status: word(row, "status", RunStatus::from_word)?,
        exit: exit.transpose()?,
        started_at: Timestamp(row.try_get("started_at")?),
        ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(Timestamp),
        attempts: row.try_get("attempts")?,
        report: report.map(|report| from_json("report", report)).transpose()?,
        error,
        backtrace: row.try_get("backtrace")?,
        receipt: from_json("receipt", row.try_get("receipt")?)?,
    })
}

/// The value that a word in a column stands for.
pub(crate) fn word<T>(row: &SqliteRow, column: &str, from_word: fn(&str) -> Option<T>) -> Result<T, sqlx::Error> {
    let word: &str = row.try_get(column)?;
    from_word(word).ok_or_else(|| not_known(column, word))
}

/// The JSON text of a value.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// The value of a JSON text in a column.
pub(crate) fn from_json<T: DeserializeOwned>(column: &str, text: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(format!("`{column}`: {error}").into()))
}

fn not_known(column: &str, word: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("`{word}` in `{column}` is not known").into())
}
