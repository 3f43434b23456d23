//! The two languages, and a text in both.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language that people are spoken to in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Language {
    /// The language of a tag such as `es`, `es_ES.UTF-8` or `en-GB`; `None` for others.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['_', '-', '.', '@']).next()?.to_ascii_lowercase().as_str() {
            "en" | "c" | "posix" => Some(Self::En),
            "es" => Some(Self::Es),
            _ => None,
        }
    }

    /// `en` or `es`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text in English and, for packaged commands always, in Spanish.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Spanish; optional for a tenant's own command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub es: Option<String>,
}

impl Text {
    /// A text in both languages.
    pub fn both(en: impl Into<String>, es: impl Into<String>) -> Self {
        Self { en: en.into(), es: Some(es.into()) }
    }

    /// Both languages worded anew.
    #[must_use]
    pub fn map(self, word: impl Fn(Language, String) -> String) -> Self {
        Self { en: word(Language::En, self.en), es: self.es.map(|es| word(Language::Es, es)) }
    }

    /// The text in a language, in English where there is no other.
    pub fn get(&self, language: Language) -> &str {
        match (language, &self.es) {
            (Language::Es, Some(es)) => es,
            _ => &self.en,
        }
    }
}

/// A text in English alone.
impl From<&str> for Text {
    fn from(en: &str) -> Self {
        Self { en: en.to_owned(), es: None }
    }
}

/// A text in English alone.
impl From<String> for Text {
    fn from(en: String) -> Self {
        Self { en, es: None }
    }
}

/// In English, as in logs and in what programs read.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// A [`Text`] of the English and the Spanish form of one sentence, which may name values as `format!` does; values that
/// have no name follow a semicolon.
#[macro_export]
macro_rules! text {
    ($en:literal, $es:literal $(,)?) => {
        $crate::Text::both(format!($en), format!($es))
    };
    ($en:literal, $es:literal; $($value:tt)+) => {
        $crate::Text::both(format!($en, $($value)+), format!($es, $($value)+))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_a_language_and_in_english_where_it_has_no_other() {
        let n = 3;
        let text = text!("{n} rows", "{n} filas");
        assert_eq!([text.get(Language::En), text.get(Language::Es)], ["3 rows", "3 filas"]);
        assert_eq!(text.map(|language, text| format!("{language}: {text}")).get(Language::Es), "es: 3 filas");
        assert_eq!(Text::from("rows").get(Language::Es), "rows");
    }
}
