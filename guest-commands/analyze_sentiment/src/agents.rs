//! Agents: by what they are called, and what they are called.

use std::collections::BTreeMap;

use encargo_sdk::prelude::*;

use crate::sql;

/// Slugs of agents by their ids.
pub(crate) type Slugs = BTreeMap<i64, String>;

/// The agent that a word means: by its slug before its id before its name.
///
/// # Errors
/// `not-found`, and `usage` for a name of several.
pub(crate) fn named(database: &Database, word: &str) -> Result<i64> {
    let found: Vec<(i64, String)> = database.rows(sql::AGENTS_NAMED, &[&word])?;
    let by = |is: &dyn Fn(&(i64, String)) -> bool| found.iter().find(|agent| is(agent)).map(|agent| agent.0);
    if let Some(id) = by(&|agent| agent.1 == word).or_else(|| by(&|agent| agent.0.to_string() == word)) {
        return Ok(id);
    }
    match &found[..] {
        [(id, _)] => Ok(*id),
        [] => bail!(NotFound, "there is no agent `{word}`", "no hay ningún agente `{word}`"),
        several => {
            let slugs = several.iter().map(|agent| agent.1.as_str()).collect::<Vec<_>>().join("`, `");
            bail!(
                Usage,
                "several agents are called `{word}`; say which by its slug: `{slugs}`",
                "varios agentes se llaman `{word}`; diga cuál por su slug: `{slugs}`"
            )
        }
    }
}

/// All of them.
pub(crate) fn all(database: &Database) -> Result<Slugs> {
    database.stream::<(i64, String)>(sql::AGENTS, &[])?.collect()
}
