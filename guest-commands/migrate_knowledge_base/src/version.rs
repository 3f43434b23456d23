//! The versions of the knowledge's format, oldest first.

use encargo_sdk::prelude::*;

/// A version that items can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Version {
    /// A question and its answer: title and body alone.
    V1_0,
    /// Title, body, language and tags.
    V2_0,
    /// Also a source; tags are normalised.
    V2_1,
}

impl Version {
    /// All of them, oldest first.
    pub(crate) const ALL: [Self; 3] = [Self::V1_0, Self::V2_0, Self::V2_1];

    /// How people write it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V2_0 => "2.0",
            Self::V2_1 => "2.1",
        }
    }

    /// How the column `format_version` has it.
    pub(crate) const fn number(self) -> i64 {
        self as i64 + 1
    }

    /// The version of a row; none for a number that is not known here.
    pub(crate) fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.number() == number)
    }

    /// Reads what a person wrote; `2` is `2.0`.
    ///
    /// # Errors
    /// `not-found`, with the versions that there are.
    pub(crate) fn read(word: &str) -> Result<Self> {
        let word = word.trim().trim_start_matches(['v', 'V']);
        let whole = format!("{word}.0");
        let known = Self::ALL.into_iter().find(|version| version.word() == word || version.word() == whole);
        known.ok_or_else(|| {
            let all = Self::ALL.map(Self::word).join(", ");
            let message = text!(
                "there is no format version `{word}`; there are {all}",
                "no existe la versión de formato `{word}`; hay {all}"
            );
            Error::new(ErrorCode::NotFound, message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_people_write_it() {
        for (word, version) in
            [("1.0", Version::V1_0), ("2", Version::V2_0), ("v2.1", Version::V2_1), (" 2.0 ", Version::V2_0)]
        {
            assert_eq!(Version::read(word), Ok(version));
        }
        for word in ["", "3.0", "2.", "latest"] {
            assert_eq!(Version::read(word).unwrap_err().code(), ErrorCode::NotFound, "{word}");
        }
        for version in Version::ALL {
            assert_eq!(Version::of_number(version.number()), Some(version));
        }
        assert_eq!((Version::of_number(0), Version::of_number(4)), (None, None));
    }
}
