//! Statements without their values, so that what differs in values alone is one statement, and no value is kept.

use sha2::{Digest, Sha256};

use super::tokens::{Token, tokens};

/// What stands where a value was.
const VALUE: &str = "?";
/// Words behind which a list begins that may name columns by their number.
const BY: &str = "by";

/// What a statement without values is known by: 16 hexadecimal digits.
pub(crate) fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A statement with a placeholder in the place of each value, one for a list of values, and one space between its words. It
/// is a statement still, which has the same plans.
pub(crate) fn without_values(sql: &str) -> String {
    let tokens = tokens(sql);
    let mut written = Written::default();
    let mut at = 0;
    // How deep the parentheses are, and at which depth a list of columns may name them by number.
    let (mut depth, mut by) = (0_usize, None);
    while let Some(&token) = tokens.get(at) {
        match token {
            Token::Symbol("(") => depth += 1,
            Token::Symbol(")") => {
                depth = depth.saturating_sub(1);
                by = by.filter(|of| *of <= depth);
            }
            Token::Word(word) if word.eq_ignore_ascii_case(BY) => by = Some(depth),
            Token::Word(word)
                if ["limit", "having", "rows", "range", "window"].iter().any(|end| word.eq_ignore_ascii_case(end)) =>
            {
                by = by.filter(|of| *of != depth);
            }
            _ => {}
        }
        match token {
            Token::Blank(_) => {}
            Token::Word(word) => written.word(&word.to_ascii_lowercase()),
            Token::Quoted(name) => written.word(name),
            Token::Symbol(symbol) => written.symbol(symbol),
            Token::Other(other) => {
                let names_a_column = by == Some(depth) && other.bytes().all(|byte| byte.is_ascii_digit());
                written.word(if is_value(other) && !names_a_column { VALUE } else { other });
            }
        }
        at += 1;
        if token.is_word("in") || token.is_word("values") {
            let rows = lists_at(&tokens, at, token.is_word("values"));
            if rows > 0 {
                written.symbol("(");
                let first = tokens[at..].iter().take_while(|token| !token.is_symbol(")"));
                let values = first.filter(|token| matches!(token, Token::Other(_))).count();
                // How many a row has belongs to the statement; how many are looked for does not.
                let shown = if token.is_word("in") { 1 } else { values };
                (0..shown).for_each(|value| {
                    if value > 0 {
                        written.symbol(",");
                    }
                    written.word(VALUE);
                });
                written.symbol(")");
                at += rows;
            }
        }
    }
    written.text
}

/// How many tokens the lists of values have that begin here, each in parentheses: one, or as many as follow one another.
fn lists_at(tokens: &[Token<'_>], from: usize, several: bool) -> usize {
    let mut at = from;
    loop {
        let begins = if at == from { at } else { at + 1 };
        let Some(end) = list_end(tokens, begins) else { return at - from };
        at = end;
        if !several || !tokens.get(at).is_some_and(|token| token.is_symbol(",")) {
            return at - from;
        }
    }
}

/// Behind which token a list of nothing but values and placeholders ends that begins here.
fn list_end(tokens: &[Token<'_>], begins: usize) -> Option<usize> {
    if !tokens.get(begins)?.is_symbol("(") {
        return None;
    }
    let mut at = begins + 1;
    loop {
        let (Token::Other(_), next) = (*tokens.get(at)?, tokens.get(at + 1)?) else { return None };
        match next {
            Token::Symbol(")") => return Some(at + 2),
            Token::Symbol(",") => at += 2,
            _ => return None,
        }
    }
}

/// Whether it is a value and no placeholder.
fn is_value(other: &str) -> bool {
    !other.starts_with(['$', '?', ':', '@', '#'])
}

/// A text in the making: one space between words, none around parentheses' insides, commas and dots.
#[derive(Default)]
struct Written {
    text: String,
    /// Whether the next word stands close to what is there.
    is_close: bool,
}

impl Written {
    fn word(&mut self, word: &str) {
        if !self.text.is_empty() && !self.is_close {
            self.text.push(' ');
        }
        self.text.push_str(word);
        self.is_close = false;
    }

    fn symbol(&mut self, symbol: &str) {
        match symbol {
            "." => {
                self.text.push('.');
                self.is_close = true;
            }
            "," | ")" | ";" => {
                self.text.push_str(symbol);
                self.is_close = false;
            }
            "(" => {
                self.word("(");
                self.is_close = true;
            }
            _ => self.word(symbol),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn values_and_blanks_make_no_other_statement() {
        for (sql, expected) in [
            (
                "SELECT  ID\n FROM chats -- all\n WHERE title='it''s' AND id>=  -5",
                "select id from chats where title = ? and id >= - ?",
            ),
            ("SELECT id FROM chats WHERE id IN ($1,$2,$3)", "select id from chats where id in (?)"),
            ("SELECT id FROM chats WHERE id IN (1, 2)", "select id from chats where id in (?)"),
            ("SELECT id FROM chats WHERE id IN (SELECT 1)", "select id from chats where id in (select ?)"),
            ("INSERT INTO logs (id, level) VALUES (1, 'a'), ($1, $2)", "insert into logs (id, level) values (?, ?)"),
            (
                "SELECT title, count(*) FROM chats GROUP BY 1 ORDER BY 2 LIMIT 10",
                "select title, count (*) from chats group by 1 order by 2 limit ?",
            ),
            ("SELECT \"Id\" FROM chats AS c WHERE c.id = $1", "select \"Id\" from chats as c where c.id = $1"),
            (
                "SELECT (SELECT id FROM chats ORDER BY 1 LIMIT 1) + 3",
                "select (select id from chats order by 1 limit ?) + ?",
            ),
            ("SELECT x'00', 1e3, NULL", "select ?, ?, null"),
        ] {
            assert_eq!(without_values(sql), expected, "{sql}");
            assert_eq!(without_values(expected).replace("( ", "("), expected, "once more");
        }
        assert_eq!(fingerprint("select 1").len(), 16);
        assert_ne!(fingerprint("select 1"), fingerprint("select 2"));
    }

    #[test]
    fn a_statement_without_values_is_a_statement_still() {
        let file = Connection::open_in_memory().unwrap();
        for migration in crate::schema::TENANT {
            file.execute_batch(&migration.replace("{tenant_id}", "7")).unwrap();
        }
        for sql in [
            "SELECT c.id, lag(c.id, 1) OVER (PARTITION BY c.status ORDER BY c.id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) \
             FROM chats AS c LEFT JOIN messages m ON m.chat_id = c.id WHERE c.title LIKE 'a%' ESCAPE '!' AND c.is_pinned = 0 \
             GROUP BY 1 HAVING count(*) > 3 ORDER BY 2 DESC, 1 LIMIT 5 OFFSET 6",
            "INSERT INTO logs (id, level, message, created_at) VALUES (1, 'info', 'x', 2) ON CONFLICT (id) DO UPDATE SET \
             message = excluded.message || 'y' RETURNING id",
            "WITH a (b) AS (VALUES (1), (2)) SELECT CAST(b AS TEXT), CASE b WHEN 1 THEN 'one' ELSE -2.5 END FROM a",
            "DELETE FROM messages WHERE chat_id IN ($1, $2) AND created_at BETWEEN 1 AND $3",
        ] {
            let text = without_values(sql);
            let before = file.prepare(sql).unwrap().column_count();
            assert_eq!(file.prepare(&text).unwrap_or_else(|error| panic!("{text}: {error}")).column_count(), before);
        }
    }
}
