//! How statements are run: the plans of SQLite, a line for each step.

use rusqlite::Connection;

/// The steps of a statement's plan; none where it cannot be compiled, as when it is cut or of another version.
pub(super) fn plan(file: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let Ok(mut statement) = file.prepare(&format!("EXPLAIN QUERY PLAN {sql}")) else { return Ok(Vec::new()) };
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get(3)?);
    }
    Ok(steps)
}

/// Whether a plan goes through a relation or an index from end to end, makes an index of its own, or sorts.
pub(super) fn may_be_faster(plan: &[String]) -> bool {
    plan.iter().any(|step| {
        let goes_through = step.starts_with("SCAN ") && !step.starts_with("SCAN CONSTANT ROW");
        goes_through || step.contains("TEMP B-TREE") || step.contains("AUTOMATIC")
    })
}

/// The indexes that a plan uses.
pub(super) fn indexes(plan: &[String]) -> impl Iterator<Item = &str> {
    plan.iter().filter_map(|step| {
        let (_, behind) = step.split_once(" INDEX ")?;
        behind.split_whitespace().next()
    })
}
