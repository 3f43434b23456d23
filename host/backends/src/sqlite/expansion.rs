//! Bounds what SQLite makes of a statement before it is compiled.
//!
//! Each mention of a common table expression is compiled as a copy of it, so a chain in which each names the one before
//! twice doubles at every link: sixteen links, 604 bytes, took 12 s to compile, twenty never ended, and neither the
//! progress handler nor an interrupt reaches into it. What nests is copied too where a condition is turned round.
//! So a statement is measured as if all copies were written out. What doubles by other ways is bounded by the memory
//! that the gate may compile with.

use std::collections::HashMap;

use encargo_model::{ErrorCode, Text, text};

use super::tokens::Token;
use crate::BackendError;

/// The most copies of common table expressions in one statement, copies inside copies counted each.
const MOST_COPIES: usize = 256;
/// The most tokens of a statement, those of the copies included: some tenths of a megabyte of text.
const MOST_TOKENS: usize = 262_144;
/// How deep SELECTs may stand in SELECTs.
const DEEPEST: usize = 12;
/// The most SELECTs in a statement.
const MOST_SELECTS: usize = 256;

/// A common table expression: its name, and where its body stands. A window's name looks the same, and costs no more.
struct Definition {
    name: String,
    named_at: usize,
    from: usize,
    to: usize,
}

/// Refuses what would grow too large or stands too deep.
pub(super) fn check(tokens: &[Token<'_>]) -> Result<(), BackendError> {
    check_depth(tokens)?;
    let definitions = definitions(tokens);
    if definitions.len() > MOST_COPIES {
        return Err(too_many_copies());
    }
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, definition) in definitions.iter().enumerate() {
        by_name.entry(&definition.name).or_default().push(number);
    }
    let mut mentions = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        // A name before a dot is a column's table, which is mentioned elsewhere.
        let is_qualifier = tokens.get(at + 1).is_some_and(|next| next.is_symbol("."));
        if !is_qualifier
            && let Some(name) = token.name()
            && let Some(named) = by_name.get(name.as_str())
        {
            mentions.push((at, named.as_slice()));
        }
    }
    let mut measure =
        Measure { mentions: &mentions, definitions: &definitions, copies: 0, written: 0, open: Vec::new() };
    measure.write_out(0, tokens.len())
}

fn check_depth(tokens: &[Token<'_>]) -> Result<(), BackendError> {
    // For each parenthesis that is open, how many SELECTs stand around what is in it.
    let mut open = vec![0];
    let mut selects = 0;
    for token in tokens {
        let depth = open.last().copied().unwrap_or(0);
        match token {
            Token::Symbol("(") => open.push(depth),
            Token::Symbol(")") if open.len() > 1 => {
                open.pop();
            }
            _ if token.is_word("SELECT") => {
                selects += 1;
                let around = open.len().checked_sub(2).map_or(0, |outer| open[outer]);
                if let Some(depth) = open.last_mut() {
                    *depth = around + 1;
                }
                if around + 1 > DEEPEST {
                    return Err(too_large(&text!(
                        "SELECTs stand {DEEPEST} deep in each other at most",
                        "los SELECT se anidan {DEEPEST} niveles como máximo"
                    )));
                }
            }
            _ => {}
        }
    }
    if selects > MOST_SELECTS {
        return Err(too_large(&text!(
            "a statement has at most {MOST_SELECTS} SELECTs, this one has {selects}",
            "una sentencia tiene como máximo {MOST_SELECTS} SELECT, esta tiene {selects}"
        )));
    }
    Ok(())
}

/// Every `name [(columns)] AS [[NOT] MATERIALIZED] (`, with the tokens up to the parenthesis that closes.
fn definitions(tokens: &[Token<'_>]) -> Vec<Definition> {
    let closing = closing(tokens);
    let mut definitions = Vec::new();
    for at in (1..tokens.len()).filter(|&at| tokens[at].is_word("AS")) {
        let mut from = at + 1;
        while tokens.get(from).is_some_and(|token| token.is_word("NOT") || token.is_word("MATERIALIZED")) {
            from += 1;
        }
        if !tokens.get(from).is_some_and(|token| token.is_symbol("(")) {
            continue;
        }
        // The columns stand in parentheses between the name and `AS`.
        let mut name = at - 1;
        if tokens[name].is_symbol(")") {
            let opening = closing[..name].iter().rposition(|&end| end == name).unwrap_or(0);
            name = opening.saturating_sub(1);
        }
        if let Some(text) = tokens[name].name() {
            definitions.push(Definition { name: text, named_at: name, from: from + 1, to: closing[from] });
        }
    }
    definitions
}

/// For each opening parenthesis where it is closed, or the end.
fn closing(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut closing = vec![tokens.len(); tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol("(") {
            open.push(at);
        } else if token.is_symbol(")")
            && let Some(opening) = open.pop()
        {
            closing[opening] = at;
        }
    }
    closing
}

struct Measure<'a> {
    /// Where a definition's name stands, and which definitions have that name.
    mentions: &'a [(usize, &'a [usize])],
    definitions: &'a [Definition],
    copies: usize,
    written: usize,
    /// What is being written out: inside itself a name is a recursion, or an error, and no copy.
    open: Vec<usize>,
}

impl Measure<'_> {
    /// Counts these tokens with everything that they mention, until it is too much. A body counts where it is mentioned
    /// and not where it stands. Names are compared without regard to where they are known: one that is defined twice
    /// counts as both.
    fn write_out(&mut self, from: usize, to: usize) -> Result<(), BackendError> {
        self.written += to - from;
        if self.copies > MOST_COPIES {
            return Err(too_many_copies());
        }
        if self.written > MOST_TOKENS {
            return Err(too_large(&text!(
                "the SQL has more than {MOST_TOKENS} words and signs, those of its common table expressions counted at \
                 each mention",
                "el SQL tiene más de {MOST_TOKENS} palabras y signos, contando los de sus expresiones de tabla comunes en \
                 cada mención"
            )));
        }
        let before = |end: usize| self.mentions.partition_point(|(at, _)| *at < end);
        for &(at, named) in &self.mentions[before(from)..before(to)] {
            let is_inside = |other: &Definition| other.from > from && (other.from..other.to).contains(&at);
            if self.definitions.iter().any(|other| is_inside(other) || other.named_at == at) {
                continue;
            }
            for &number in named.iter().filter(|number| !self.open.contains(number)).collect::<Vec<_>>() {
                self.copies += 1;
                self.open.push(number);
                self.write_out(self.definitions[number].from, self.definitions[number].to)?;
                self.open.pop();
            }
        }
        Ok(())
    }
}

fn too_many_copies() -> BackendError {
    too_large(&text!(
        "the SQL has more than {MOST_COPIES} copies of its common table expressions, each mention counted as one",
        "el SQL tiene más de {MOST_COPIES} copias de sus expresiones de tabla comunes, contando cada mención como una"
    ))
}

fn too_large(problem: &Text) -> BackendError {
    let message = text!(
        "{problem}; write it as several statements",
        "{problem}; escríbalo como varias sentencias",
        problem = problem
    );
    BackendError::new(ErrorCode::TooLarge, message)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    fn chain(links: usize, body: &str) -> String {
        let link = |n: usize| format!("c{n} AS ({})", body.replace("@", &format!("c{}", n - 1)));
        let links: Vec<_> = (1..=links).map(link).collect();
        format!("WITH c0 AS (SELECT 1 AS x), {} SELECT count(*) FROM c{}", links.join(", "), links.len())
    }

    #[test]
    fn a_chain_that_doubles_is_refused_and_a_long_one_is_not() {
        for body in
            ["SELECT a.x FROM @ a, @ b", "SELECT x FROM @ UNION SELECT x FROM \"@\"", "SELECT x FROM '@' WHERE x IN @"]
        {
            for links in [12, 16, 20, 400] {
                let sql = chain(links, body);
                assert_eq!(check(&tokens(&sql)).map_err(|error| error.code), Err(ErrorCode::TooLarge), "{sql}");
            }
            assert_eq!(check(&tokens(&chain(4, body))), Ok(()));
        }
        for (links, body) in [(20, "SELECT x + 1 AS x FROM @"), (100, "SELECT x FROM @"), (20, "SELECT @.x FROM c0, @")]
        {
            assert_eq!(check(&tokens(&chain(links, body))), Ok(()), "{links} {body}");
        }
    }

    #[test]
    fn each_limit_is_met_and_not_passed() {
        let code = |tokens: &[Token<'_>]| check(tokens).map_err(|error| error.code);
        let defined = |n: usize| (0..n).map(|n| format!("c{n} AS (1)")).collect::<Vec<_>>().join(", ");
        let mentioned = |n: usize| format!("WITH a AS (SELECT 1) SELECT 1 FROM {}", vec!["a"; n].join(", "));
        // A window is defined from another one, whose name is the first of its body.
        let first = |n: usize| format!("SELECT 1 WINDOW a AS (b), b AS () {}", "a ".repeat(n));
        for (within, past) in [
            (defined(MOST_COPIES), defined(MOST_COPIES + 1)),
            (mentioned(MOST_COPIES), mentioned(MOST_COPIES + 1)),
            (first(MOST_COPIES / 2), first(MOST_COPIES / 2 + 1)),
        ] {
            assert_eq!(code(&tokens(&within)), Ok(()), "{within}");
            assert_eq!(code(&tokens(&past)), Err(ErrorCode::TooLarge), "{past}");
        }
        let many = vec![Token::Symbol("+"); MOST_TOKENS + 1];
        assert_eq!(code(&many[1..]), Ok(()));
        assert_eq!(code(&many), Err(ErrorCode::TooLarge));
    }

    #[test]
    fn a_body_counts_at_each_mention() {
        let sql = |mentions: usize| {
            let body = " + 1".repeat(1_000);
            let all: Vec<_> = (0..mentions).map(|n| format!("a a{n}")).collect();
            format!("WITH a AS (SELECT 1{body} AS x) SELECT 1 FROM {}", all.join(", "))
        };
        assert_eq!(check(&tokens(&sql(100))), Ok(()));
        let refused = check(&tokens(&sql(200))).unwrap_err();
        assert!(refused.message.en.contains("words and signs"), "{}", refused.message.en);
        // What stands before a body is none of it.
        let before = " + 1".repeat(1_000);
        let all = vec!["a"; 200].join(", ");
        let short = format!("WITH b AS (SELECT 1{before}), a AS (SELECT 1) SELECT 1 FROM {all}");
        assert_eq!(check(&tokens(&short)), Ok(()));
    }

    #[test]
    fn every_way_to_write_a_definition_is_seen() {
        for definition in
            ["a AS (", "a(x) AS (", "a (x, y) AS MATERIALIZED (", "\"A\" AS NOT MATERIALIZED (", "'a' AS("]
        {
            let sql = format!("WITH {definition} SELECT 1) SELECT * FROM a");
            let tokens = tokens(&sql);
            let found: Vec<_> = definitions(&tokens).into_iter().map(|d| (d.name, d.to - d.from)).collect();
            assert_eq!(found, [("a".to_owned(), 2)], "{sql}");
        }
    }

    #[test]
    fn what_stands_too_deep_or_is_too_many_is_refused() {
        let deep = |n: usize| format!("{}SELECT 1{}", "SELECT (".repeat(n), ")".repeat(n));
        assert_eq!(check(&tokens(&deep(DEEPEST - 1))), Ok(()));
        assert_eq!(check(&tokens(&deep(DEEPEST))).map_err(|error| error.code), Err(ErrorCode::TooLarge));
        // A parenthesis that closes nothing gives no room.
        let closed = format!(") {}", deep(DEEPEST));
        assert_eq!(check(&tokens(&closed)).map_err(|error| error.code), Err(ErrorCode::TooLarge));
        let many = |n: usize| format!("SELECT 1{}", " + (SELECT 1)".repeat(n));
        assert_eq!(check(&tokens(&many(MOST_SELECTS - 1))), Ok(()));
        assert_eq!(check(&tokens(&many(MOST_SELECTS))).map_err(|error| error.code), Err(ErrorCode::TooLarge));
        let side_by_side = format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(99));
        assert_eq!(check(&tokens(&side_by_side)), Ok(()));
    }
}
