//! Reads SQL just far enough to know which statement it is and whether it holds words that no authorizer sees.

use encargo_model::{CommandError, ErrorCode};

/// The words that a command's statement may begin with.
const STATEMENTS: [&str; 6] = ["SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE"];

/// Refuses what is no statement for a command. Tables and functions are the gate's to judge.
pub(super) fn check(sql: &str) -> Result<(), CommandError> {
    if sql.contains('\0') {
        return Err(CommandError::new(ErrorCode::Syntax, "the SQL has a NUL character in it"));
    }
    let mut tokens = Tokens { rest: sql }.filter(|token| *token != Token::Blank).peekable();
    match tokens.peek() {
        Some(Token::Word(first)) if STATEMENTS.iter().any(|word| word.eq_ignore_ascii_case(first)) => {}
        Some(Token::Word(first)) => {
            let first = named(&first.to_ascii_uppercase());
            return Err(denied(format!(
                "{first} is no statement of a command: it may SELECT, INSERT, UPDATE and DELETE"
            )));
        }
        Some(_) => return Err(CommandError::new(ErrorCode::Syntax, "the SQL does not begin with a word")),
        None => return Err(CommandError::new(ErrorCode::Syntax, "the SQL is empty")),
    }
    while let Some(token) = tokens.next() {
        let Token::Word(word) = token else { continue };
        // `REPLACE INTO` and `OR REPLACE` remove rows without the permission to; the function is followed by a
        // parenthesis. `OR ROLLBACK` ends the transaction under the command.
        if word.eq_ignore_ascii_case("REPLACE") && tokens.peek() != Some(&Token::Symbol(b'(')) {
            return Err(denied("`REPLACE` is not taken, write `ON CONFLICT .. DO UPDATE`".to_owned()));
        }
        if word.eq_ignore_ascii_case("ROLLBACK") {
            return Err(denied("`ROLLBACK` is not taken inside SQL, end the transaction by its method".to_owned()));
        }
    }
    Ok(())
}

/// Whether there is nothing but blanks, comments and semicolons.
pub(super) fn is_blank(sql: &str) -> bool {
    Tokens { rest: sql }.all(|token| matches!(token, Token::Blank | Token::Symbol(b';')))
}

/// A name as it stands in a sentence: quoted, not long, and without control characters.
pub(super) fn named(name: &str) -> String {
    const LONGEST: usize = 64;
    let shown: String = name.trim().chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("`{shown}`")
}

fn denied(message: String) -> CommandError {
    CommandError::new(ErrorCode::Denied, message)
}

#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    /// White space or a comment.
    Blank,
    /// A keyword or an unquoted name.
    Word(&'a str),
    /// A quoted name, a string, a number or a placeholder.
    Other,
    Symbol(u8),
}

/// SQLite's own tokens, as `tokenize.c` cuts them.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.rest.as_bytes();
        let first = *bytes.first()?;
        let run = |fits: fn(u8) -> bool| bytes.iter().position(|&byte| !fits(byte)).unwrap_or(bytes.len());
        let (length, token) = match first {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => (1, Token::Blank),
            b'-' if bytes.get(1) == Some(&b'-') => {
                (bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len()), Token::Blank)
            }
            b'/' if bytes.get(1) == Some(&b'*') => {
                (self.rest[2..].find("*/").map_or(bytes.len(), |end| end + 4), Token::Blank)
            }
            b'\'' | b'"' | b'`' => (quoted(bytes, first), Token::Other),
            b'[' => (bytes.iter().position(|&byte| byte == b']').map_or(bytes.len(), |end| end + 1), Token::Other),
            // A blob literal is a word and a string, which is the same here.
            _ if is_name(first) && !first.is_ascii_digit() && first != b'$' => {
                let length = run(is_name);
                (length, Token::Word(&self.rest[..length]))
            }
            _ if is_name(first) || matches!(first, b'?' | b':' | b'@' | b'#') => {
                (1 + bytes[1..].iter().position(|&byte| !is_name(byte)).unwrap_or(bytes.len() - 1), Token::Other)
            }
            _ => (1, Token::Symbol(first)),
        };
        self.rest = &self.rest[length..];
        Some(token)
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// The length of a quoted token: a doubled quote stands for itself.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match (bytes[at] == quote, bytes.get(at + 1) == Some(&quote)) {
            (true, true) => at += 2,
            (true, false) => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
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
            "SELECT 'REPLACE INTO', \"rollback\", [replace], `rollback`, 'it''s OR REPLACE'",
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
            ("INSERT OR ROLLBACK INTO chats VALUES (1)", ErrorCode::Denied),
        ] {
            assert_eq!(check(sql).map_err(|error| error.code), Err(code), "{sql}");
        }
    }

    #[test]
    fn what_follows_a_statement_may_be_blank() {
        for (sql, blank) in [("", true), (" ; -- x", true), ("/* ; */", true), ("; SELECT 1", false), ("'", false)] {
            assert_eq!(is_blank(sql), blank, "{sql}");
        }
    }
}
