//! Where a tenant's rows are in the other tenant: where they came to in a transfer, else what has the same natural key.

use std::collections::HashMap;

use encargo_sdk::prelude::*;
use encargo_sdk::sql::{HUNDRED, in_hundred};

use crate::rows::Kind;
use crate::sql;

/// Reads rows, in a transaction or beside one.
pub(crate) trait Reads {
    fn read<T: FromRow>(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Vec<T>>;
}

impl Reads for Transaction {
    fn read<T: FromRow>(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Vec<T>> {
        self.rows(sql, parameters)
    }
}

impl Reads for Database {
    fn read<T: FromRow>(&self, sql: &str, parameters: &[&dyn ToValue]) -> Result<Vec<T>> {
        self.rows(sql, parameters)
    }
}

/// How a journal names a row of another tenant.
pub(crate) fn source_key(tenant: &str, key: impl std::fmt::Display) -> String {
    format!("{tenant}:{key}")
}

/// A row of the other tenant that stands for one here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counterpart<K> {
    pub(crate) row: K,
    /// Whether a transfer made it from that very row; else it has the same natural key.
    pub(crate) came: bool,
}

/// The counterparts of rows, by the rows' ids.
pub(crate) fn counterparts<K: Kind>(
    from: &str,
    rows: &[K],
    target: &impl Reads,
) -> Result<HashMap<i64, Counterpart<K>>> {
    let mut found = HashMap::new();
    rows.chunks(HUNDRED).try_for_each(|rows| find(from, rows, target, &mut found))?;
    Ok(found)
}

fn find<K: Kind>(from: &str, rows: &[K], target: &impl Reads, found: &mut HashMap<i64, Counterpart<K>>) -> Result<()> {
    let keys: Vec<&str> = rows.iter().filter_map(Kind::key).collect();
    if let Some(parameters) = in_hundred(&keys) {
        let known: HashMap<String, K> = target
            .read::<K>(K::BY_KEY, &parameters)?
            .into_iter()
            .filter_map(|row| Some((row.key()?.to_owned(), row)))
            .collect();
        for row in rows {
            if let Some(known) = row.key().and_then(|key| known.get(key)) {
                found.insert(row.id(), Counterpart { row: known.clone(), came: false });
            }
        }
    }
    let came_to = came_to(K::RELATION, rows.iter().map(|row| source_key(from, row.id())), target)?;
    for row in rows {
        let Some(id) = came_to.get(&source_key(from, row.id())).and_then(|key| key.parse::<i64>().ok()) else {
            continue;
        };
        // What was taken away since has to come again.
        if let Some(there) = target.read::<K>(K::BY_ID, &[&id])?.pop() {
            found.insert(row.id(), Counterpart { row: there, came: true });
        }
    }
    Ok(())
}

/// Where at most a hundred rows came to, by how a journal names them.
pub(crate) fn came_to(
    relation: &str,
    sources: impl Iterator<Item = String>,
    target: &impl Reads,
) -> Result<HashMap<String, String>> {
    let sources: Vec<String> = sources.collect();
    let Some(mut parameters) = in_hundred(&sources) else { return Ok(HashMap::new()) };
    parameters.push(&relation);
    Ok(target.read::<(String, String)>(sql::CAME_TO, &parameters)?.into_iter().collect())
}

/// The first natural key `name-2`, `name-3`, .. that no row of the relation has and that is not taken otherwise.
pub(crate) fn free_key<K: Kind>(key: &str, target: &impl Reads, is_taken: impl Fn(&str) -> bool) -> Result<String> {
    let mut from = 2_u32;
    loop {
        let candidates: Vec<String> = (from..from + 100).map(|n| numbered(key, n)).collect();
        let parameters = in_hundred(&candidates).unwrap_or_default();
        let there: Vec<K> = target.read(K::BY_KEY, &parameters)?;
        let is_free = |name: &&String| !is_taken(name) && !there.iter().any(|row| row.key() == Some(name.as_str()));
        if let Some(free) = candidates.iter().find(is_free) {
            return Ok(free.clone());
        }
        from += 100;
    }
}

/// `name-2`; a suffix such as `.pdf` stays at the end.
fn numbered(key: &str, n: u32) -> String {
    match key.rsplit_once('.') {
        Some((stem, suffix)) if !stem.is_empty() && suffix.len() <= 8 && suffix.chars().all(char::is_alphanumeric) => {
            format!("{stem}-{n}.{suffix}")
        }
        _ => format!("{key}-{n}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_before_a_suffix() {
        for (key, expected) in [
            ("sales", "sales-2"),
            ("a.pdf", "a-2.pdf"),
            (".env", ".env-2"),
            ("v1.0 of all", "v1.0 of all-2"),
            ("a.b.gz", "a.b-2.gz"),
        ] {
            assert_eq!(numbered(key, 2), expected);
        }
    }
}
