//! The tenant's settings: JSON, of the type that whoever reads them takes.

use encargo_sdk::prelude::*;
use serde_json::Value as Json;

use crate::found::Found;
use crate::issues::{Issue, records};
use crate::silences::{self, Silences};
use crate::{shapes, sql, texts};

/// What the value of a setting may be.
enum Takes {
    Integer(i64, i64),
    Word(&'static [&'static str]),
}

/// The settings that packaged commands read.
const KNOWN: [(&str, Takes); 10] = [
    ("retention_days", Takes::Integer(1, 36_500)),
    ("cleanup_days", Takes::Integer(1, 36_500)),
    ("cleanup_days_chats", Takes::Integer(1, 36_500)),
    ("cleanup_days_logs", Takes::Integer(1, 36_500)),
    ("cleanup_days_files", Takes::Integer(1, 36_500)),
    ("cleanup_days_media", Takes::Integer(1, 36_500)),
    ("cleanup_days_analytics", Takes::Integer(1, 36_500)),
    ("batch_size", Takes::Integer(1, 1_000_000)),
    ("concurrent_jobs", Takes::Integer(1, 1_000)),
    ("validation_level", Takes::Word(&["strict", "lenient"])),
];

/// What stands in the name of a setting that holds a secret.
const SECRETS: [&str; 6] = ["password", "passwd", "secret", "api_key", "apikey", "token"];

#[derive(FromRow)]
struct Setting {
    name: String,
    value: String,
}

/// Looks at every setting.
pub(crate) fn check(run: &Run, database: &Database, found: &mut Found) -> Result<()> {
    for setting in database.stream::<Setting>(sql::SETTINGS, &[])? {
        run.check()?;
        let setting = setting?;
        for (issue, detail) in look(&setting) {
            found.note(issue, "settings", &detail, || setting.name.clone());
        }
    }
    Ok(())
}

/// What is wrong with one.
fn look(setting: &Setting) -> Vec<(&'static Issue, String)> {
    let Setting { name, value } = setting;
    let mut wrong: Vec<(&'static Issue, String)> = Vec::new();
    if !shapes::is_setting_name(name) {
        wrong.push((&records::SETTING_NAME, String::new()));
    }
    if texts::damage(value).is_some() {
        wrong.push((&records::SETTING_ENCODING, String::new()));
    }
    let Ok(json) = serde_json::from_str::<Json>(value) else {
        wrong.push((&records::SETTING_JSON, String::new()));
        return wrong;
    };
    let known = KNOWN.iter().find(|(known, _)| known == name);
    if let Some((_, takes)) = known
        && !takes.fits(&json)
    {
        wrong.push((&records::SETTING_TYPE, String::new()));
    }
    if name == silences::NAME {
        let problems = Silences::read(&json).problems;
        wrong.extend(problems.into_iter().map(|problem| (&records::SILENCE, problem)));
    }
    let lower = name.to_ascii_lowercase();
    let is_secret = SECRETS.iter().any(|word| lower.contains(word)) && !lower.contains("tokens");
    if is_secret && json.as_str().is_some_and(|text| !text.is_empty()) {
        wrong.push((&records::SECRET, String::new()));
    }
    wrong
}

impl Takes {
    fn fits(&self, value: &Json) -> bool {
        match self {
            Self::Integer(least, most) => value.as_i64().is_some_and(|n| (*least..=*most).contains(&n)),
            Self::Word(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_json_of_the_type_that_its_reader_takes() {
        for (name, value, expected) in [
            ("theme", "\"dark\"", &[][..]),
            ("theme", "dark", &["settings.E001"]),
            ("retention_days", "90", &[]),
            ("retention_days", "\"90\"", &["settings.E002"]),
            ("retention_days", "0", &["settings.E002"]),
            ("validation_level", "\"lax\"", &["settings.E002"]),
            ("smtp_password", "\"hunter2\"", &["settings.W006"]),
            ("smtp_password", "\"\"", &[]),
            ("max_tokens", "\"12\"", &[]),
            ("a b", "1", &["settings.W004"]),
            ("greeting", "\"Â¡Hola!\"", &["settings.E005"]),
            (silences::NAME, "[]", &[]),
            (silences::NAME, "[{}]", &["settings.E003"]),
        ] {
            let setting = Setting { name: name.to_owned(), value: value.to_owned() };
            let ids: Vec<_> = look(&setting).iter().map(|(issue, _)| issue.id).collect();
            assert_eq!(ids, expected, "{name} {value}");
        }
    }
}
