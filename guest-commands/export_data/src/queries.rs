//! Which statements read a type.

use encargo_sdk::Choice as _;

use crate::relation::{Relation, What};
use crate::sql::{self, marks, tombstones};

/// The statements of a type.
#[derive(Debug)]
pub(crate) struct Queries {
    /// All of it.
    pub(crate) all: &'static str,
    /// What was last changed in a range of time.
    pub(crate) changed: &'static str,
    /// What was changed since an earlier export.
    pub(crate) since: &'static str,
    /// Keys and states of what the next export has to know.
    pub(crate) window: &'static str,
    /// The newest change in a range of time, and the id of what was changed.
    pub(crate) newest: &'static str,
    /// How many items there are; none where no index tells it.
    pub(crate) count: Option<&'static str>,
    pub(crate) count_changed: Option<&'static str>,
    /// What was deleted since, and the keys and states of what the next export has to know of it.
    pub(crate) gone: &'static str,
    pub(crate) gone_window: &'static str,
}

macro_rules! queries {
    ($all:ident $changed:ident $since:ident $window:ident, $newest:ident, $count:expr, $count_changed:expr) => {
        Queries {
            all: sql::$all,
            changed: sql::$changed,
            since: sql::$since,
            window: sql::$window,
            newest: marks::$newest,
            count: $count,
            count_changed: $count_changed,
            gone: tombstones::$all,
            gone_window: tombstones::$window,
        }
    };
}

impl Relation {
    /// Its statements.
    pub(crate) const fn queries(self) -> Queries {
        match self {
            Self::Chats => {
                queries!(CHATS CHATS_CHANGED CHATS_SINCE CHATS_WINDOW, NEWEST_CHAT, Some(marks::COUNT_OF_CHATS), Some(marks::COUNT_OF_CHATS_CHANGED))
            }
            Self::Agents => queries!(AGENTS AGENTS_CHANGED AGENTS_SINCE AGENTS_WINDOW, NEWEST_AGENT, None, None),
            Self::Knowledge => {
                queries!(KNOWLEDGE KNOWLEDGE_CHANGED KNOWLEDGE_SINCE KNOWLEDGE_WINDOW, NEWEST_KNOWLEDGE, Some(marks::COUNT_OF_KNOWLEDGE), None)
            }
            Self::Documents => {
                queries!(DOCUMENTS DOCUMENTS_CHANGED DOCUMENTS_SINCE DOCUMENTS_WINDOW, NEWEST_DOCUMENT, Some(marks::COUNT_OF_DOCUMENTS), None)
            }
            Self::Messages => {
                queries!(MESSAGES MESSAGES_CHANGED MESSAGES_SINCE MESSAGES_WINDOW, NEWEST_MESSAGE, Some(marks::COUNT_OF_MESSAGES), None)
            }
            Self::Feedback => {
                queries!(FEEDBACK FEEDBACK_CHANGED FEEDBACK_SINCE FEEDBACK_WINDOW, NEWEST_FEEDBACK, Some(marks::COUNT_OF_FEEDBACK), None)
            }
            Self::Settings => {
                queries!(SETTINGS SETTINGS_CHANGED SETTINGS_SINCE SETTINGS_WINDOW, NEWEST_SETTING, None, None)
            }
        }
    }

    /// Whether there are so few that all are looked at for what changed.
    pub(crate) const fn is_few(self) -> bool {
        matches!(self, Self::Agents | Self::Settings)
    }

    /// What the journal calls what it remembers of this type.
    pub(crate) fn remembered_as(self, what: What) -> String {
        match what {
            What::Records => self.shape().items.to_owned(),
            What::Deletions => format!("{}.deleted", self.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many columns a SELECT has: commas outside parentheses, before its FROM.
    fn selected(statement: &str) -> usize {
        let (mut depth, mut columns) = (0, 1);
        for (at, character) in statement.char_indices() {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                ',' if depth == 0 => columns += 1,
                'F' if depth == 0 && statement[at..].starts_with("FROM ") => break,
                _ => {}
            }
        }
        columns
    }

    #[test]
    fn every_statement_selects_as_many_columns_as_its_shape_has() {
        for &relation in Relation::ALL {
            let queries = relation.queries();
            for statement in [queries.all, queries.changed, queries.since] {
                assert_eq!(selected(statement), relation.shape().columns.len(), "{}", relation.word());
            }
            assert_eq!(selected(queries.gone), What::Deletions.shape(relation).columns.len(), "{}", relation.word());
            assert_eq!((selected(queries.window), selected(queries.gone_window)), (2, 2), "{}", relation.word());
        }
    }

    #[test]
    fn what_a_statement_looks_for_in_the_journal_is_what_is_remembered() {
        for &relation in Relation::ALL {
            let queries = relation.queries();
            for (what, statement) in [(What::Records, queries.since), (What::Deletions, queries.gone)] {
                let named = format!("e.relation = '{}' ", relation.remembered_as(what));
                assert!(statement.contains(&named), "{named}: {statement}");
            }
        }
    }
}
