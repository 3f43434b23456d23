//! The engine: which language a message is in, and what the model of that language says.

use encargo_sdk::prelude::*;

use crate::reading::Reader;
use crate::reading::language::{Found, Language, Languages};
use crate::reading::model::{Label, Model, Verdict};
use crate::reading::tokens::Kind;

const SPANISH: &[u8] = include_bytes!("../model/es.bin");
const ENGLISH: &[u8] = include_bytes!("../model/en.bin");
const LANGUAGES: &[u8] = include_bytes!("../model/languages.bin");

/// What the rows of every version of the engine have before the version.
pub const OURS: &str = "encargo-";
/// This version, as rows of this one begin. Every change that may give a message another result needs another one.
pub const VERSION: &str = "encargo-1/";

/// Who judged a message, and what came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// As it stands in the table: the version and the language.
    pub model: &'static str,
    /// The language, where there is a model for it.
    pub language: Option<Language>,
    /// What came out; unknown with nothing behind it where no model was asked.
    pub verdict: Verdict,
}

/// Nothing is known of a message.
const NOTHING: Verdict = Verdict { label: Label::Unknown, best: Label::Unknown, score: 0, confidence: 0 };

/// The models with what they need for one message after the other.
#[derive(Debug)]
pub struct Engine {
    spanish: Model<'static>,
    english: Model<'static>,
    languages: Languages<'static>,
    /// What was read last.
    pub reader: Reader,
}

impl Engine {
    /// The engine with its models.
    ///
    /// # Errors
    /// `internal` where a file of a model is not one, which no build lets through.
    pub fn new() -> Result<Self> {
        match (Model::of(SPANISH), Model::of(ENGLISH), Languages::of(LANGUAGES)) {
            (Some(spanish), Some(english), Some(languages)) => {
                Ok(Self { spanish, english, languages, reader: Reader::default() })
            }
            _ => bail!(Internal, "a file of a model is damaged", "un archivo de un modelo está dañado"),
        }
    }

    /// The model of a language.
    pub const fn model(&self, language: Language) -> &Model<'static> {
        match language {
            Language::Spanish => &self.spanish,
            Language::English => &self.english,
        }
    }

    /// Judges a message; `chat` is the language tag of its chat, which decides where the words do not.
    pub fn judge(&mut self, text: &str, chat: &str) -> Judged {
        self.reader.split(text);
        let expected = expected(chat);
        let other_chat = expected.is_none() && !chat.is_empty();
        let language = match self.languages.find(text, &self.reader.tokens, expected) {
            Found::One(language) => language,
            Found::Either(likelier) => match expected {
                Some(expected) => expected,
                None if other_chat => return unread("encargo-1/other"),
                None => likelier,
            },
            Found::Wordless if self.has_signs() => expected.unwrap_or(Language::Spanish),
            Found::Wordless => return unread("encargo-1/none"),
            Found::Other => return unread("encargo-1/other"),
        };
        let model = *self.model(language);
        self.reader.look_up(&model.lexicon);
        let verdict = model.judge(&self.reader);
        let name = match language {
            Language::Spanish => "encargo-1/es",
            Language::English => "encargo-1/en",
        };
        Judged { model: name, language: Some(language), verdict }
    }

    /// Whether there are emoji or emoticons.
    fn has_signs(&self) -> bool {
        self.reader.tokens.all.iter().any(|token| matches!(token.kind, Kind::Symbol | Kind::Emoticon(_)))
    }
}

fn unread(model: &'static str) -> Judged {
    Judged { model, language: None, verdict: NOTHING }
}

/// The language of a tag such as `es-MX`, where there is a model for it.
fn expected(tag: &str) -> Option<Language> {
    let language = tag.split(['-', '_']).next().unwrap_or_default();
    match language {
        _ if language.eq_ignore_ascii_case("es") => Some(Language::Spanish),
        _ if language.eq_ignore_ascii_case("en") => Some(Language::English),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
