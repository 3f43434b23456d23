//! A tenant: one customer of the platform, whose rows no other tenant sees.

use crate::{Language, Text, text};

/// A tenant, as `platform.db` knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Names its files; never reused.
    pub id: i64,
    /// Names it to people: `[a-z0-9][a-z0-9_-]{0,62}`, never `all`.
    pub slug: String,
    /// Its name in full.
    pub name: String,
    /// The language of its texts.
    pub language: Language,
    /// An IANA time zone.
    pub time_zone: String,
}

impl Tenant {
    /// Checks a slug.
    ///
    /// # Errors
    /// A sentence that says what a slug is.
    pub fn check_slug(slug: &str) -> Result<(), Text> {
        let first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let fits =
            slug.len() <= 63 && slug.starts_with(first) && slug.chars().all(|c| first(c) || c == '_' || c == '-');
        match slug {
            "all" => Err(text!(
                "`all` means every tenant and cannot be the name of one",
                "`all` significa todos los inquilinos y no puede ser el nombre de uno"
            )),
            _ if fits => Ok(()),
            _ => Err(text!(
                "`{slug}` cannot name a tenant: up to 63 of a-z, 0-9, `_` and `-`, beginning with a letter or digit",
                "`{slug}` no puede nombrar a un inquilino: hasta 63 de a-z, 0-9, `_` y `-`, empezando por letra o dígito"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_short_lower_case_and_not_all() {
        for slug in ["demo", "a", "0-x_y"] {
            assert_eq!(Tenant::check_slug(slug), Ok(()));
        }
        for slug in ["", "all", "Demo", "-a", "a b", "../x", &"x".repeat(64)] {
            assert!(Tenant::check_slug(slug).is_err(), "{slug}");
        }
    }
}
