//! The permission card: what a command may and may not do, in words.

use std::collections::BTreeSet;

use encargo_model::{Description, Language, Permission, TableAction, Text, text};

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

/// The services that are reached through the network; the host asks them, at addresses that the operator named.
const OF_NETWORK: [&str; 5] = ["redis", "celery", "smtp", "external", "tcp"];

/// The card of a command.
pub fn card(description: &Description, granted: &BTreeSet<Permission>, language: Language) -> Card {
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
            let all = joined(&tables, text!("and", "y").get(language));
            may.push(Permission::table(action, all).words());
        }
    }
    let others = granted.iter().filter(|permission| !matches!(permission, Permission::Table { .. }));
    may.extend(others.map(Permission::words));
    let has_tables = granted.iter().any(|permission| matches!(permission, Permission::Table { .. }));
    let asks_around = granted
        .iter()
        .any(|permission| matches!(permission, Permission::Check(name) if OF_NETWORK.contains(&name.as_str())));
    let mut may_not = vec![match asks_around {
        true => text!("use the network for anything else", "usar la red para nada más"),
        false => text!("use the network", "usar la red"),
    }];
    may_not.push(match has_tables {
        true => text!("touch other tables", "tocar otras tablas"),
        false => text!("touch any table", "tocar ninguna tabla"),
    });
    if !granted.contains(&Permission::ListTenants) {
        may_not.push(text!("see other tenants", "ver otros inquilinos"));
    }
    may_not.push(text!("open files that it was not given", "abrir archivos que no se le nombraron"));
    let requested = description.permissions.iter().filter(|permission| !granted.contains(*permission));
    let said = |texts: Vec<Text>| texts.iter().map(|text| text.get(language).to_owned()).collect();
    Card { may: said(may), may_not: said(may_not), not_granted: requested.map(ToString::to_string).collect() }
}

fn joined(words: &[&str], and: &str) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(scope: &str, requested: &[&str]) -> Description {
        serde_json::from_value(serde_json::json!({
            "schema": 1, "name": "hello", "version": "1.0.0", "summary": {"en": "Do nothing."},
            "scope": scope, "effect": "read-only", "idempotent": true, "permissions": requested,
        }))
        .unwrap()
    }

    fn of(scope: &str, requested: &[&str], granted: &[&str], language: Language) -> Card {
        let granted = granted.iter().map(|text| text.parse().unwrap()).collect();
        card(&described(scope, requested), &granted, language)
    }

    #[test]
    fn tables_of_one_verb_stand_in_one_sentence_in_either_language() {
        let requested = ["read:chats", "read:messages", "read:logs", "delete:chats", "list-files:temporary"];
        let english = of("tenant", &requested, &requested, Language::En);
        assert_eq!(english.may, ["read chats, logs and messages", "delete chats", "read the files of `temporary`"]);
        assert_eq!(
            english.may_not,
            ["use the network", "touch other tables", "see other tenants", "open files that it was not given"]
        );
        assert_eq!(english.not_granted, [""; 0]);
        let spanish = of("tenant", &requested, &requested, Language::Es);
        assert_eq!(spanish.may[..2], ["leer chats, logs y messages", "borrar chats"]);
        assert_eq!(spanish.may_not[2], "ver otros inquilinos");
    }

    #[test]
    fn what_was_revoked_is_no_longer_promised() {
        let card = of("tenant", &["read:chats", "delete:chats"], &["read:chats"], Language::En);
        assert_eq!((card.may, card.not_granted), (vec!["read chats".to_owned()], vec!["delete:chats".to_owned()]));
    }

    #[test]
    fn a_card_tells_of_tables_and_tenants_what_is_so() {
        let system = of("system", &["list:tenants"], &["list:tenants"], Language::En);
        assert_eq!(system.may_not, ["use the network", "touch any table", "open files that it was not given"]);
        let asking = of("system", &["check:disk", "check:redis"], &["check:disk", "check:redis"], Language::En);
        assert_eq!(asking.may_not[0], "use the network for anything else");
        let revoked = of("system", &["list:tenants"], &[], Language::En);
        assert!(revoked.may.is_empty() && revoked.may_not.contains(&"see other tenants".to_owned()));
    }
}
