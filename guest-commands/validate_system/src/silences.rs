//! Issues that someone has accepted for a while: each names one, says why, and until when.

use chrono::{DateTime, NaiveDate};
use encargo_sdk::prelude::*;
use serde_json::{Value as Json, json};

use crate::issues::{self, Issue};
use crate::sql;

/// The tenant's setting that holds its silences.
pub(crate) const NAME: &str = "validate_system.silences";

/// An issue that is accepted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Silence {
    pub(crate) issue: &'static Issue,
    pub(crate) reason: String,
    /// From here on it counts again.
    pub(crate) until: Instant,
}

/// Those that count, and a sentence for each that cannot.
#[derive(Debug, Default)]
pub(crate) struct Silences {
    pub(crate) all: Vec<Silence>,
    pub(crate) problems: Vec<String>,
}

impl Silences {
    /// Reads a list of them.
    pub(crate) fn read(list: &Json) -> Self {
        let Some(list) = list.as_array() else {
            let problem = text!("it is not a list", "no es una lista");
            return Self { all: Vec::new(), problems: vec![problem] };
        };
        let mut silences = Self::default();
        for (at, entry) in (1..).zip(list) {
            match one(entry) {
                Ok(silence) => silences.all.push(silence),
                Err(problem) => silences.problems.push(text!("entry {at}: {problem}", "entrada {at}: {problem}")),
            }
        }
        silences
    }

    /// The tenant's own; the check of the settings tells what is wrong with one.
    pub(crate) fn of_tenant(database: &Database) -> Result<Vec<Silence>> {
        let value: Option<String> = database.row(sql::SILENCES, &[&NAME])?;
        let list = value.and_then(|value| serde_json::from_str(&value).ok());
        Ok(list.map_or_else(Vec::new, |list| Self::read(&list).all))
    }

    /// Those of an argument, for all tenants: each the issue, the day and the reason, with spaces between them.
    ///
    /// # Errors
    /// `usage` for one that is not whole: whoever wrote it is there to write it again.
    pub(crate) fn of_argument(written: &[String]) -> Result<Vec<Silence>> {
        let read = |text: &String| {
            let mut words = text.trim().splitn(3, char::is_whitespace);
            let mut next = || words.next().unwrap_or_default();
            one(&json!({ "issue": next(), "until": next(), "reason": next() })).map_err(|problem| {
                let message = text!("the silence `{text}`: {problem}", "el silencio `{text}`: {problem}");
                Error::new(ErrorCode::Usage, message)
            })
        };
        written.iter().map(read).collect()
    }
}

fn one(entry: &Json) -> Result<Silence, String> {
    let text = |key: &str| entry[key].as_str().map(str::trim).filter(|text| !text.is_empty());
    let issue = text("issue").ok_or_else(|| text!("it names no issue", "no nombra ningún problema"))?;
    let known = issues::find(issue);
    let issue = known.ok_or_else(|| text!("there is no issue `{issue}`", "no existe el problema `{issue}`"))?;
    let reason = text("reason").ok_or_else(|| text!("it has no reason", "no tiene razón"))?;
    let until = text("until").and_then(time);
    let until = until.ok_or_else(|| {
        text!("it has no date such as 2027-01-31 in `until`", "no tiene una fecha como 2027-01-31 en `until`")
    })?;
    Ok(Silence { issue, reason: reason.to_owned(), until })
}

/// A date, which counts to its end in UTC, or a time.
fn time(text: &str) -> Option<Instant> {
    let micros = match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(date) => date.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros(),
        Err(_) => DateTime::parse_from_rfc3339(text).ok()?.timestamp_micros(),
    };
    Some(Instant::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_has_an_issue_a_reason_and_a_date_and_is_refused_without_one() {
        let whole = json!({ "issue": "chats.E001", "reason": "known", "until": "2027-01-31" });
        let read = Silences::read(&json!([whole]));
        assert_eq!((read.all.len(), read.problems.len()), (1, 0));
        assert_eq!(read.all[0].until.rfc3339(), "2027-02-01T00:00:00Z");
        assert_eq!(read.all[0].issue.id, "chats.E001");
        for (key, value, part) in [
            ("issue", json!("chats.E999"), "no issue `chats.E999`"),
            ("issue", json!(null), "names no issue"),
            ("reason", json!(" "), "no reason"),
            ("until", json!("soon"), "no date"),
            ("until", json!(null), "no date"),
        ] {
            let mut broken = whole.clone();
            broken[key] = value;
            let read = Silences::read(&json!([whole, broken]));
            assert_eq!(read.all.len(), 1);
            assert!(
                read.problems[0].starts_with("entry 2: ") && read.problems[0].contains(part),
                "{:?}",
                read.problems
            );
        }
        assert_eq!(Silences::read(&json!({})).problems, ["it is not a list"]);
        let of = |text: &str| Silences::of_argument(&[text.to_owned()]);
        assert_eq!(of("chats.E001 2027-01-31 known and accepted").unwrap()[0].reason, "known and accepted");
        let refused = of("chats.E001 2027-01-31 ").unwrap_err();
        assert_eq!((refused.code(), refused.message.ends_with("it has no reason")), (ErrorCode::Usage, true));
        assert!(time("2027-01-31T10:00:00+02:00").is_some());
    }
}
