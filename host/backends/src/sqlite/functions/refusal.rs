//! Why one of our functions refuses its arguments. SQLite carries the name of it to whoever words the statement's error.

use encargo_model::{Text, Worded, text};
use rusqlite::Error;

/// Marks an error as ours on its way through SQLite.
const OURS: &str = "encargo: ";

/// Why a function refuses what it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sqlite) enum Refusal {
    NotUtf8,
    NotAText,
    LongText,
    LongPattern,
    Escape,
    Cancelled,
}

impl Refusal {
    const ALL: [Self; 6] =
        [Self::NotUtf8, Self::NotAText, Self::LongText, Self::LongPattern, Self::Escape, Self::Cancelled];

    /// The refusal in what SQLite says.
    pub(in crate::sqlite) fn of(said: &str) -> Option<Self> {
        let name = said.strip_prefix(OURS)?;
        Self::ALL.into_iter().find(|refusal| format!("{refusal:?}") == name)
    }
}

impl Worded for Refusal {
    fn text(&self) -> Text {
        match self {
            Self::NotUtf8 => text!("a text is not UTF-8", "un texto no es UTF-8"),
            Self::NotAText => text!(
                "a text function was given a real or a blob",
                "se dio a una función de texto un real o un binario"
            ),
            Self::LongText => text!(
                "`replace` makes a text that is larger than a value may be",
                "`replace` hace un texto mayor de lo que puede ser un valor"
            ),
            Self::LongPattern => {
                text!("a LIKE pattern has at most 1000 bytes", "un patrón de LIKE tiene como máximo 1000 bytes")
            }
            Self::Escape => text!("ESCAPE takes one character", "ESCAPE admite un solo carácter"),
            Self::Cancelled => text!("the run was cancelled", "la ejecución fue cancelada"),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::UserFunctionError(format!("{OURS}{refusal:?}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_found_again_in_what_sqlite_says() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::of(&Error::from(refusal).to_string()), Some(refusal));
        }
        assert_eq!(Refusal::of("no such table: NotUtf8"), None);
    }
}
