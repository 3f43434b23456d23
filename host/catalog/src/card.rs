//! The permission card: what a command may and may not do, in words.

use std::collections::BTreeSet;

use encargo_model::{Description, Language, Permission, Scope, TableAction};

/// What a command may and may not do, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Each follows "may".
    pub may: Vec<String>,
    /// Each follows "may not".
    pub may_not: Vec<String>,
    /// What was requested and is not granted, as permissions are written.
    pub not_granted: Vec<String>,
}

/// The card of a command.
pub fn card(description: &Description, granted: &BTreeSet<Permission>, language: Language) -> Card {
    let and = if language == Language::Es { " y " } else { " and " };
    let mut may = Vec::new();
    for action in TableAction::ALL {
        let tables: Vec<_> = granted
            .iter()
            .filter_map(|permission| match permission {
                Permission::Table { action: its, relation } if *its == action => Some(relation.as_str()),
                _ => None,
            })
            .collect();
        if !tables.is_empty() {
            may.push(Permission::table(action, joined(&tables, and)).words(language));
        }
    }
    let others = granted.iter().filter(|permission| !matches!(permission, Permission::Table { .. }));
    may.extend(others.map(|permission| permission.words(language)));
    let es = language == Language::Es;
    let mut may_not = vec![if es { "usar la red" } else { "use the network" }.to_owned()];
    may_not.push(if es { "tocar otras tablas" } else { "touch other tables" }.to_owned());
    if description.scope == Scope::Tenant {
        may_not.push(if es { "ver otros inquilinos" } else { "see other tenants" }.to_owned());
    }
    may_not
        .push(if es { "abrir archivos que no se le nombraron" } else { "open files that it was not given" }.to_owned());
    let requested = description.permissions.iter().filter(|permission| !granted.contains(*permission));
    Card { may, may_not, not_granted: requested.map(ToString::to_string).collect() }
}

fn joined(words: &[&str], and: &str) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{}{and}{last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_one_verb_stand_in_one_sentence() {
        assert_eq!(joined(&["chats", "logs", "messages"], " and "), "chats, logs and messages");
        assert_eq!(joined(&["chats"], " and "), "chats");
    }
}
