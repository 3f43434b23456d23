//! Reads SQL just far enough to know which statement it is and whether it holds words that no authorizer sees.

use encargo_model::{ErrorCode, Text, text};

use super::tokens::{Token, Tokens, tokens};
use super::{expansion, portable};
use crate::BackendError;

/// The words that a command's statement may begin with.
const STATEMENTS: [&str; 6] = ["SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE"];

/// The words that SQLite's other statements begin with, which no command may run.
const FORBIDDEN: [&str; 17] = [
    "ALTER",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "COMMIT",
    "CREATE",
    "DETACH",
    "DROP",
    "END",
    "EXPLAIN",
    "PRAGMA",
    "REINDEX",
    "RELEASE",
    "REPLACE",
    "ROLLBACK",
    "SAVEPOINT",
    "VACUUM",
];

/// Refuses what is no statement for a command. Tables and functions are the gate's to judge.
pub(super) fn check(sql: &str) -> Result<(), BackendError> {
    if sql.contains('\0') {
        return Err(BackendError::new(
            ErrorCode::Syntax,
            text!("the SQL has a NUL character in it", "el SQL contiene un carácter NUL"),
        ));
    }
    let tokens = tokens(sql);
    match tokens.first() {
        Some(Token::Word(first)) if STATEMENTS.iter().any(|word| word.eq_ignore_ascii_case(first)) => {}
        Some(Token::Word(first)) if first.eq_ignore_ascii_case("REPLACE") => return Err(replaces()),
        Some(Token::Word(first)) if !FORBIDDEN.iter().any(|word| word.eq_ignore_ascii_case(first)) => {
            let message = text!(
                "the SQL cannot be read near {}",
                "no se puede leer el SQL cerca de {}";
                named(first)
            );
            return Err(BackendError::new(ErrorCode::Syntax, message));
        }
        Some(Token::Word(first)) => {
            let first = named(&first.to_ascii_uppercase());
            return Err(denied(text!(
                "{first} is no statement of a command: it may SELECT, INSERT, UPDATE and DELETE",
                "{first} no es una sentencia de un comando: puede usar SELECT, INSERT, UPDATE y DELETE"
            )));
        }
        Some(_) => {
            return Err(BackendError::new(
                ErrorCode::Syntax,
                text!("the SQL does not begin with a word", "el SQL no empieza por una palabra"),
            ));
        }
        None => return Err(BackendError::new(ErrorCode::Syntax, text!("the SQL is empty", "el SQL está vacío"))),
    }
    for (at, token) in tokens.iter().enumerate() {
        // `REPLACE INTO` and `OR REPLACE` remove rows without the permission to; the function is followed by a
        // parenthesis. `OR ROLLBACK` ends the transaction under the command, `OR FAIL` leaves half a statement's rows.
        // The gate looks for the same in what SQLite compiled.
        if token.is_word("REPLACE") && !tokens.get(at + 1).is_some_and(|next| next.is_symbol("(")) {
            return Err(replaces());
        }
        if token.is_word("ROLLBACK") {
            return Err(denied(text!(
                "`ROLLBACK` is not taken inside SQL, end the transaction by its method",
                "`ROLLBACK` no se acepta dentro del SQL; termine la transacción con su método"
            )));
        }
    }
    portable::check(&tokens)?;
    expansion::check(&tokens)
}

/// What is said to a statement that would put rows in the place of others.
pub(super) fn replaces() -> BackendError {
    denied(text!(
        "`REPLACE` is not taken, write `ON CONFLICT .. DO UPDATE`",
        "`REPLACE` no se acepta; escriba `ON CONFLICT .. DO UPDATE`"
    ))
}

/// Whether there is nothing but blanks, comments and semicolons.
pub(super) fn is_blank(sql: &str) -> bool {
    Tokens::of(sql).all(|token| matches!(token, Token::Blank(_) | Token::Symbol(";")))
}

/// A name as it stands in a sentence: quoted, not long, and without control characters.
pub(super) fn named(name: &str) -> String {
    const LONGEST: usize = 64;
    let shown: String = name.trim().chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("`{shown}`")
}

fn denied(message: Text) -> BackendError {
    BackendError::new(ErrorCode::Denied, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_kinds_of_statements_begin() {
        for sql in [
            "select 1",
            " /* c */ -- d\n WITH a AS (SELECT 1) SELECT * FROM a",
            "VALUES (1)",
            "SELECT replace ('a', 'b', 'c')",
            "SELECT 'REPLACE INTO', \"rollback\", 'it''s OR REPLACE'",
            "SELECT 1 -- REPLACE",
        ] {
            assert_eq!(check(sql), Ok(()), "{sql}");
        }
        for (sql, code) in [
            ("", ErrorCode::Syntax),
            ("  -- nothing", ErrorCode::Syntax),
            ("(SELECT 1)", ErrorCode::Syntax),
            ("SELECT 1\0; DROP", ErrorCode::Syntax),
            ("PRAGMA user_version", ErrorCode::Denied),
            ("/**/ATTACH 'x' AS y", ErrorCode::Denied),
            ("EXPLAIN SELECT 1", ErrorCode::Denied),
            ("REPLACE INTO chats VALUES (1)", ErrorCode::Denied),
            ("INSERT OR/**/replace INTO chats VALUES (1)", ErrorCode::Denied),
            ("UPDATE OR REPLACE [chats] SET id = 1", ErrorCode::Denied),
            ("INSERT OR \u{feff}REPLACE INTO chats VALUES (1)", ErrorCode::Denied),
            ("\u{feff}REPLACE INTO chats VALUES (1)", ErrorCode::Denied),
            ("INSERT OR ROLLBACK INTO chats VALUES (1)", ErrorCode::Denied),
        ] {
            assert_eq!(check(sql).map_err(|error| error.code), Err(code), "{sql}");
        }
    }

    #[test]
    fn who_replaces_rows_is_told_so_wherever_the_word_stands() {
        let told = |sql: &str| check(sql).unwrap_err();
        assert_eq!(told("replace INTO a VALUES (1)"), replaces());
        assert_eq!(told("INSERT OR REPLACE INTO a VALUES (1)"), replaces());
        assert_ne!(told("REINDEX a"), replaces());
    }

    #[test]
    fn what_follows_a_statement_may_be_blank() {
        for (sql, blank) in [("", true), (" ; -- x", true), ("/* ; */", true), ("; SELECT 1", false), ("'", false)] {
            assert_eq!(is_blank(sql), blank, "{sql}");
        }
    }
}
