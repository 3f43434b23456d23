//! Answers SQLite's authorizer, and remembers what was asked for.

use encargo_model::{ErrorCode, TableAction, text};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::schema::Consequences;
use crate::BackendError;
use crate::sqlite::rights::Rights;
use crate::sqlite::{functions, words};

/// Ends the name of the trigger that is compiled when rows go that no DELETE names.
pub(super) const REPLACED: &str = " is replaced";

pub(super) struct Judge {
    rights: Rights,
    consequences: Consequences,
    /// The first refusal of the statement that is being compiled.
    pub(super) refusal: Option<BackendError>,
    /// What it changes, and was allowed to.
    pub(super) changes: Vec<(TableAction, String)>,
    /// Whether the trigger of rows that are replaced is on.
    pub(super) looks_for_replaced: bool,
}

impl Judge {
    pub(super) fn new(rights: &Rights, consequences: &Consequences) -> Self {
        Self {
            rights: rights.clone(),
            consequences: consequences.clone(),
            refusal: None,
            changes: Vec::new(),
            looks_for_replaced: false,
        }
    }

    /// Forgets the statement before.
    pub(super) fn begin(&mut self) {
        self.refusal = None;
        self.changes.clear();
    }

    pub(super) fn answer(&mut self, context: &AuthContext<'_>) -> Authorization {
        // Within a common table expression its name stands there; a trigger's is `wall.rs`'s own.
        let replaces = self.looks_for_replaced && context.accessor.is_some_and(|within| within.ends_with(REPLACED));
        let judged = if replaces { Err(words::replaces()) } else { self.judge(&context.action) };
        match judged {
            Ok(()) => Authorization::Allow,
            Err(error) => {
                self.refusal.get_or_insert(error);
                Authorization::Deny
            }
        }
    }

    fn judge(&mut self, action: &AuthAction<'_>) -> Result<(), BackendError> {
        match *action {
            AuthAction::Select | AuthAction::Recursive => Ok(()),
            // A read without a column also names common table expressions, which are nobody's table.
            AuthAction::Read { table_name, column_name: "" } => {
                match self.rights.check(TableAction::Read, table_name) {
                    Err(error) if error.code == ErrorCode::NotFound => Ok(()),
                    judged => judged,
                }
            }
            AuthAction::Read { table_name, .. } => self.rights.check(TableAction::Read, table_name),
            AuthAction::Insert { table_name } => self.change(TableAction::Insert, table_name),
            AuthAction::Update { table_name, .. } => self.change(TableAction::Update, table_name),
            AuthAction::Delete { table_name } => {
                self.change(TableAction::Delete, table_name)?;
                let consequences = self.consequences.get(table_name).map(Vec::as_slice).unwrap_or_default();
                consequences.iter().try_for_each(|(action, table)| {
                    self.rights.check(*action, table).map_err(|error| {
                        error.reworded(|problem| {
                            text!(
                                "deleting from `{table_name}` changes other tables: {problem}",
                                "borrar de `{table_name}` cambia otras tablas: {problem}",
                                problem = problem
                            )
                        })
                    })
                })
            }
            AuthAction::Function { function_name } => functions::check(function_name),
            _ => Err(BackendError::new(
                ErrorCode::Denied,
                text!(
                    "this statement is not for commands: they may SELECT, INSERT, UPDATE and DELETE",
                    "esta sentencia no es para comandos: pueden usar SELECT, INSERT, UPDATE y DELETE"
                ),
            )),
        }
    }

    fn change(&mut self, action: TableAction, table: &str) -> Result<(), BackendError> {
        self.rights.check(action, table)?;
        let change = (action, table.to_ascii_lowercase());
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
        Ok(())
    }
}
