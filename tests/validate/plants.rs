//! The faults that are planted, and the rows beside them that are well.

/// A fault: its issue, the relation and key that are to be named, and the SQL that plants it.
pub(super) struct Plant {
    pub(super) issue: &'static str,
    pub(super) relation: &'static str,
    /// Empty where the whole relation is named.
    pub(super) key: &'static str,
    pub(super) sql: &'static str,
}

/// Rows of every relation that are all well.
pub(super) const WELL: &str = include_str!("well.sql");

/// One of each issue, and of some several, in the order in which they are planted.
pub(super) fn plants() -> Vec<Plant> {
    let mut parts =
        include_str!("faults.sql").split("\n\n").nth(1).expect("faults").trim_start_matches("-- ").split("\n-- ");
    let plant = |part: &'static str| {
        let (head, sql) = part.split_once('\n').unwrap_or((part, ""));
        let mut words = head.splitn(3, ' ');
        let mut next = || words.next().expect("an issue, a relation and a key");
        let (issue, relation, key) = (next(), next(), next());
        Plant { issue, relation, key: if key == "." { "" } else { key }, sql }
    };
    parts.by_ref().map(plant).collect()
}
