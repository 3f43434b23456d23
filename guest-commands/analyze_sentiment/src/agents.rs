//! Agents: by what they are called, and what they are called.

use std::collections::BTreeMap;

use encargo_sdk::prelude::*;

use crate::sql;

/// So many are named where one is not found.
const SOME: usize = 10;

/// Slugs of agents by their ids.
pub(crate) type Slugs = BTreeMap<i64, String>;

/// The agent that a word means: by its slug before its id before its name; none where there is no such agent.
///
/// # Errors
/// `usage` for a name of several.
pub(crate) fn named(database: &Database, word: &str) -> Result<Option<i64>> {
    let found: Vec<(i64, String)> = database.rows(sql::AGENTS_NAMED, &[&word])?;
    let by = |is: &dyn Fn(&(i64, String)) -> bool| found.iter().find(|agent| is(agent)).map(|agent| agent.0);
    if let Some(id) = by(&|agent| agent.1 == word).or_else(|| by(&|agent| agent.0.to_string() == word)) {
        return Ok(Some(id));
    }
    match &found[..] {
        [(id, _)] => Ok(Some(*id)),
        [] => Ok(None),
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

/// The report where there is no such agent; others of the run's tenants may have one.
///
/// # Errors
/// What the database says.
pub(crate) fn nobody(database: &Database, word: &str) -> Result<Report> {
    let report = Report::new(text!("There is no agent `{word}`", "No hay ningún agente `{word}`"));
    let slugs = all(database)?;
    let some = slugs.values().take(SOME).map(String::as_str).collect::<Vec<_>>().join("`, `");
    let report = report.outcome(Outcome::NotHere);
    Ok(match slugs.len() {
        0 => report,
        all if all > SOME => report.note(text!("agents: `{some}`, ...", "agentes: `{some}`, ...")),
        _ => report.note(text!("agents: `{some}`", "agentes: `{some}`")),
    })
}

/// All of them.
pub(crate) fn all(database: &Database) -> Result<Slugs> {
    database.stream::<(i64, String)>(sql::AGENTS, &[])?.collect()
}
