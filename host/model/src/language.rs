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
    /// Both.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

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

    /// The words of others, such as the operating system's, which are quoted as they are.
    pub fn quoted(words: impl Into<String>) -> Self {
        Self { en: words.into(), es: None }
    }

    /// Texts one behind the other, with the same sign between them in both languages.
    pub fn joined<T: Worded>(texts: impl IntoIterator<Item = T>, between: &str) -> Self {
        let texts = texts.into_iter().map(|text| text.text()).collect::<Vec<_>>();
        let all = |language| texts.iter().map(|text| text.get(language)).collect::<Vec<_>>().join(between);
        Self::both(all(Language::En), all(Language::Es))
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

/// What is said to people: each says its sentence once, in both languages.
pub trait Worded {
    /// The sentence.
    fn text(&self) -> Text;
}

impl Worded for Text {
    fn text(&self) -> Text {
        self.clone()
    }
}

impl<T: Worded + ?Sized> Worded for &T {
    fn text(&self) -> Text {
        (**self).text()
    }
}

/// A [`Text`] of the English and the Spanish form of one sentence, which may name values as `format!` does.
///
/// What is itself [`Worded`] is given by name behind a comma, and is read in the language of its side; a [`Text`] has no
/// `Display`, so one that is not given so does not compile. Values that have no name follow a semicolon.
#[macro_export]
macro_rules! text {
    ($en:literal, $es:literal $(, $name:ident = $said:expr)* $(; $($value:tt)+)?) => {{
        $(let $name = $crate::Worded::text(&$said);)*
        $crate::Text::both(
            { $(let $name = $name.get($crate::Language::En);)* format!($en $(, $($value)+)?) },
            { $(let $name = $name.get($crate::Language::Es);)* format!($es $(, $($value)+)?) },
        )
    }};
    ($en:literal, $es:literal,) => {
        $crate::text!($en, $es)
    };
}

/// A `Display` in English, as in logs and in what programs read, for errors that are [`Worded`].
#[macro_export]
macro_rules! english_display {
    ($($error:ty),+ $(,)?) => {
        $(impl ::std::fmt::Display for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&$crate::Worded::text(self).en)
            }
        })+
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
        assert_eq!(Text::quoted("rows").get(Language::Es), "rows");
    }

    #[test]
    fn a_text_within_a_text_is_read_in_the_language_around_it() {
        let (slug, why) = ("demo", text!("the disk is full", "el disco está lleno"));
        let text = text!("`{slug}`: {why} ({})", "`{slug}`: {why} ({})", why = why; 3);
        assert_eq!(text.get(Language::En), "`demo`: the disk is full (3)");
        assert_eq!(text.get(Language::Es), "`demo`: el disco está lleno (3)");
        let both = Text::joined([text!("one", "uno"), text!("two", "dos")], "; ");
        assert_eq!((both.get(Language::En), both.get(Language::Es)), ("one; two", "uno; dos"));
    }
}
