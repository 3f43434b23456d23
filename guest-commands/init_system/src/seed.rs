//! A seeded row, and what becomes of the row that is there already.
//!
//! The hash of what was written is kept beside it. A row that no longer hashes to it was edited by the tenant and is
//! left alone; one that does may take the words of a newer seed.

use encargo_sdk::fingerprint;

/// A row as this version of the command would write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seed {
    pub(crate) slug: &'static str,
    /// The values of the seeded columns, in the order of the statements.
    pub(crate) values: Vec<String>,
}

/// A row as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Existing {
    pub(crate) id: i64,
    pub(crate) slug: String,
    pub(crate) seed_hash: Option<String>,
    pub(crate) values: Vec<String>,
}

/// What is to become of a seeded row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Create,
    /// As it was seeded once, and the seed says something else now.
    Update(i64),
    Unchanged(i64),
    /// Edited by the tenant.
    Keep(i64),
}

impl Seed {
    /// Compares with the rows that are there.
    pub(crate) fn decide(&self, existing: &[Existing]) -> Decision {
        match existing.iter().find(|row| row.slug == self.slug) {
            None => Decision::Create,
            Some(row) if row.values == self.values => Decision::Unchanged(row.id),
            Some(row) if row.seed_hash.as_ref() == Some(&fingerprint::of_texts(&row.values)) => {
                Decision::Update(row.id)
            }
            Some(row) => Decision::Keep(row.id),
        }
    }

    pub(crate) fn hash(&self) -> String {
        fingerprint::of_texts(&self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(name: &str) -> Seed {
        Seed { slug: "support", values: vec![name.to_owned(), String::new()] }
    }

    fn row(name: &str, seed_hash: Option<String>) -> Existing {
        Existing { id: 7, slug: "support".to_owned(), seed_hash, values: seed(name).values }
    }

    #[test]
    fn only_a_row_that_the_tenant_left_alone_takes_a_newer_seed() {
        let seeded = Some(seed("Old").hash());
        for (row, decision) in [
            (row("New", None), Decision::Unchanged(7)),
            (row("Old", seeded.clone()), Decision::Update(7)),
            (row("Mine", seeded), Decision::Keep(7)),
            (row("Mine", None), Decision::Keep(7)),
        ] {
            assert_eq!(seed("New").decide(&[row]), decision);
        }
        assert_eq!(seed("New").decide(&[]), Decision::Create);
    }
}
