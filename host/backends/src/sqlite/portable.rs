//! SQL that only SQLite reads is refused while it is the only database, so that commands run on PostgreSQL later.
//!
//! What can be told by the words alone is told here, with the portable way; functions are told in `functions.rs`.

use encargo_model::{ErrorCode, Text, text};

use super::tokens::Token;
use crate::BackendError;

/// Names of the row's number, which no other database has.
const ROW_NUMBERS: [&str; 3] = ["rowid", "_rowid_", "oid"];

/// Refuses what is written in SQLite's own way.
pub(super) fn check(tokens: &[Token<'_>]) -> Result<(), BackendError> {
    for at in 0..tokens.len() {
        if let Some((what, instead)) = only_sqlites(&tokens[at..]) {
            let message = text!(
                "{what} is SQLite's alone; {instead}",
                "{what} es solo de SQLite; {instead}",
                what = what,
                instead = instead
            );
            return Err(BackendError::new(ErrorCode::Denied, message));
        }
    }
    Ok(())
}

/// What stands at the beginning of these tokens and only SQLite has, and what to write instead.
fn only_sqlites(tokens: &[Token<'_>]) -> Option<(Text, Text)> {
    let (first, rest) = tokens.split_first()?;
    let follows = |words: &[&str]| words.iter().any(|word| rest.first().is_some_and(|next| next.is_word(word)));
    match first {
        Token::Quoted(text) if !text.starts_with('"') => Some((
            text!("a name in backticks or brackets", "un nombre entre acentos graves o corchetes"),
            text!("write it in double quotes", "escríbalo entre comillas dobles"),
        )),
        Token::Symbol("==") => Some((text!("`==`", "`==`"), text!("write `=`", "escriba `=`"))),
        Token::Word(word) if ROW_NUMBERS.iter().any(|name| name.eq_ignore_ascii_case(word)) => {
            Some((text!("the row number `rowid`", "el número de fila `rowid`"), text!("use `id`", "use `id`")))
        }
        _ if first.is_word("INDEXED") && follows(&["BY"]) => Some((
            text!("`INDEXED BY`", "`INDEXED BY`"),
            text!("leave the index to the database", "deje el índice a la base de datos"),
        )),
        _ if first.is_word("NOT") && follows(&["INDEXED"]) => Some((
            text!("`NOT INDEXED`", "`NOT INDEXED`"),
            text!("leave the index to the database", "deje el índice a la base de datos"),
        )),
        _ if (first.is_word("INSERT") || first.is_word("UPDATE")) && follows(&["OR"]) => Some((
            text!("`INSERT OR` and `UPDATE OR`", "`INSERT OR` y `UPDATE OR`"),
            text!(
                "write `ON CONFLICT .. DO NOTHING` or `.. DO UPDATE`",
                "escriba `ON CONFLICT .. DO NOTHING` o `.. DO UPDATE`"
            ),
        )),
        _ if first.is_word("COLLATE") => Some((
            text!("`COLLATE` with its collations", "`COLLATE` con sus intercalaciones"),
            text!("compare by `lower(..)`", "compare con `lower(..)`"),
        )),
        _ if first.is_word("IS") && compares_values(rest) => Some((
            text!("`IS` between two values", "`IS` entre dos valores"),
            text!(
                "write `IS NOT DISTINCT FROM` or `IS DISTINCT FROM`",
                "escriba `IS NOT DISTINCT FROM` o `IS DISTINCT FROM`"
            ),
        )),
        _ if (first.is_word("MAX") || first.is_word("MIN")) && has_two_arguments(rest) => Some((
            text!("`max` and `min` of several values", "`max` y `min` de varios valores"),
            text!("write `CASE`", "escriba `CASE`"),
        )),
        _ if first.is_word("LIMIT") && has_comma(rest) => Some((
            text!("`LIMIT` with a comma", "`LIMIT` con una coma"),
            text!("write `LIMIT .. OFFSET ..`", "escriba `LIMIT .. OFFSET ..`"),
        )),
        _ => None,
    }
}

/// Whether what follows `IS` is a value, and not one of the words that other databases take there.
fn compares_values(rest: &[Token<'_>]) -> bool {
    let rest = rest.strip_prefix(&rest[..usize::from(rest.first().is_some_and(|next| next.is_word("NOT")))]);
    let next = rest.and_then(<[_]>::first);
    !["NULL", "TRUE", "FALSE", "DISTINCT"].iter().any(|word| next.is_some_and(|next| next.is_word(word)))
}

/// Whether a parenthesis follows that has a comma in it, and not inside another one.
fn has_two_arguments(rest: &[Token<'_>]) -> bool {
    rest.first().is_some_and(|next| next.is_symbol("(")) && has_comma(&rest[1..])
}

/// Whether a comma comes before the parenthesis around these tokens is closed or the clause ends.
fn has_comma(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    for token in tokens {
        match token {
            Token::Symbol("(") => depth += 1,
            Token::Symbol(")") if depth == 0 => return false,
            Token::Symbol(")") => depth -= 1,
            Token::Symbol(",") if depth == 0 => return true,
            _ if depth == 0 && (token.is_word("ON") || token.is_word("RETURNING")) => return false,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    #[test]
    fn a_comma_behind_the_closing_parenthesis_is_another_lists() {
        for sql in ["SELECT max(n), coalesce(n, 1) FROM a", "SELECT min(f(n, 2)), (1) FROM a", "SELECT 1 LIMIT 1) a, b"]
        {
            assert!(check(&tokens(sql)).is_ok(), "{sql}");
        }
    }

    #[test]
    fn what_only_sqlite_reads_is_refused_with_the_portable_way() {
        for (sql, instead) in [
            ("SELECT `a` FROM b", "write it in double quotes"),
            ("SELECT [a] FROM b", "write it in double quotes"),
            ("SELECT 1 == 1", "write `=`"),
            ("SELECT RowId FROM chats", "use `id`"),
            ("SELECT c.oid FROM chats c", "use `id`"),
            ("SELECT 1 FROM chats INDEXED BY x", "leave the index to the database"),
            ("SELECT 1 FROM chats NOT INDEXED", "leave the index to the database"),
            ("INSERT OR IGNORE INTO a VALUES (1)", "write `ON CONFLICT .. DO NOTHING` or `.. DO UPDATE`"),
            ("UPDATE OR ABORT a SET b = 1", "write `ON CONFLICT .. DO NOTHING` or `.. DO UPDATE`"),
            ("SELECT 1 FROM a ORDER BY b COLLATE NOCASE", "compare by `lower(..)`"),
            ("SELECT a IS b", "write `IS NOT DISTINCT FROM` or `IS DISTINCT FROM`"),
            ("SELECT a IS NOT 1", "write `IS NOT DISTINCT FROM` or `IS DISTINCT FROM`"),
            ("SELECT max(a, (b))", "write `CASE`"),
            ("SELECT Min ((a), b)", "write `CASE`"),
            ("SELECT 1 LIMIT 1, (2)", "write `LIMIT .. OFFSET ..`"),
            ("SELECT (SELECT 1 LIMIT (1), 2)", "write `LIMIT .. OFFSET ..`"),
        ] {
            let error = check(&tokens(sql)).unwrap_err();
            assert_eq!(error.code, ErrorCode::Denied, "{sql}");
            assert!(error.message.en.ends_with(&format!("is SQLite's alone; {instead}")), "{sql}: {error}");
        }
    }

    #[test]
    fn what_other_databases_read_too_is_taken() {
        for sql in [
            "SELECT \"a\", 'rowid', '==' FROM b WHERE c <> 1 AND d >= 2",
            "SELECT a IS NULL, a IS NOT NULL, a IS TRUE, a IS NOT FALSE, a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b",
            "SELECT max(coalesce(a, 1)), min(a), count(*) FROM b",
            "SELECT a, b FROM c ORDER BY a, b LIMIT 1 OFFSET 2",
            "SELECT (SELECT a FROM b LIMIT 1), 2",
            "INSERT INTO a (b, c) SELECT 1, 2 LIMIT 1 ON CONFLICT (b) DO UPDATE SET b = 1, c = 2 RETURNING b, c",
            "DELETE FROM a WHERE b NOT IN (1, 2)",
        ] {
            assert_eq!(check(&tokens(sql)), Ok(()), "{sql}");
        }
    }
}
