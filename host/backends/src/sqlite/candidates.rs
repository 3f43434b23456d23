//! Which indexes a statement may want: the columns that it compares, sorts and groups by, for each relation that its plan goes
//! through from end to end. A candidate is a guess; only what a copy of the rows proves is advised.

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{Token, tokens};

/// How many columns a candidate has, without the tenant's.
const MOST_COLUMNS: usize = 3;
/// Words behind a relation that are no other name for it.
#[rustfmt::skip]
const NO_ALIAS: [&str; 21] = [
    "where", "on", "using", "join", "left", "right", "inner", "outer", "cross", "natural", "full", "group", "order", "limit",
    "union", "except", "intersect", "set", "having", "returning", "window",
];

/// The columns of each relation.
pub(crate) type Columns = BTreeMap<String, BTreeSet<String>>;

/// What a statement does with the columns of one of its relations, each in the order in which they come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Compared for equality, also with one of several.
    pub(crate) equal: Vec<String>,
    /// Compared with a bound.
    pub(crate) bounded: Vec<String>,
    /// Sorted or grouped by.
    pub(crate) sorted: Vec<String>,
}

/// The relations of a statement by the names that it has for them.
fn names(tokens: &[Token<'_>], columns: &Columns) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(relation) = token.name().filter(|name| columns.contains_key(name)) else { continue };
        let begins = at.checked_sub(1).map(|before| tokens[before]);
        let is_named = begins.is_some_and(|before| {
            ["from", "join", "update", "into"].iter().any(|word| before.is_word(word)) || before.is_symbol(",")
        });
        if !is_named {
            continue;
        }
        let next = |at: usize| tokens.get(at).copied();
        let alias = match next(at + 1) {
            Some(word) if word.is_word("as") => next(at + 2).and_then(Token::name),
            Some(word @ (Token::Word(_) | Token::Quoted(_))) => {
                word.name().filter(|name| !NO_ALIAS.contains(&name.as_str()))
            }
            _ => None,
        };
        names.insert(alias.unwrap_or_else(|| relation.clone()), relation);
    }
    names
}

/// What a statement does with the columns of its relations, by relation.
pub(crate) fn wanted(sql: &str, columns: &Columns) -> BTreeMap<String, Wanted> {
    let tokens = tokens(sql);
    let names = names(&tokens, columns);
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    let mut at = 0;
    // The depths of the parentheses in which a list to sort or group by is open.
    let (mut depth, mut by, mut compares) = (0_usize, None, false);
    while at < tokens.len() {
        let token = tokens[at];
        match token {
            Token::Symbol("(") => depth += 1,
            Token::Symbol(")") => {
                depth = depth.saturating_sub(1);
                by = by.filter(|of| *of <= depth);
            }
            _ => {}
        }
        if token.is_word("by") {
            by = Some(depth);
        } else if ["limit", "having", "where", "select", "set", "on"].iter().any(|word| token.is_word(word)) {
            by = None;
            compares = token.is_word("where") || token.is_word("on");
        } else if token.is_word("and") || token.is_word("or") {
            compares = compares || by.is_none();
        }
        let Some((relation, column, length)) = column_at(&tokens, at, &names, columns) else {
            at += 1;
            continue;
        };
        let of = wanted.entry(relation).or_default();
        let next = tokens.get(at + length).copied();
        let before = at.checked_sub(1).map(|before| tokens[before]);
        let is_symbol = |token: Option<Token<'_>>, symbols: &[&str]| {
            token.is_some_and(|token| symbols.iter().any(|symbol| token.is_symbol(symbol)))
        };
        let is_word = |token: Option<Token<'_>>, words: &[&str]| {
            token.is_some_and(|token| words.iter().any(|word| token.is_word(word)))
        };
        let list = if by.is_some() {
            Some(&mut of.sorted)
        } else if !compares {
            None
        } else if is_symbol(next, &["=", "=="]) || is_word(next, &["in", "is"]) || is_symbol(before, &["=", "=="]) {
            Some(&mut of.equal)
        } else if is_symbol(next, &["<", ">", "<=", ">="])
            || is_word(next, &["between"])
            || is_symbol(before, &["<", ">", "<=", ">="])
        {
            Some(&mut of.bounded)
        } else {
            None
        };
        if let Some(list) = list
            && !list.contains(&column)
        {
            list.push(column);
        }
        at += length;
    }
    wanted
}

/// The column that is named here, the relation that it is of, and how many tokens name it.
fn column_at(
    tokens: &[Token<'_>],
    at: usize,
    names: &BTreeMap<String, String>,
    columns: &Columns,
) -> Option<(String, String, usize)> {
    let name = tokens.get(at)?.name().filter(|_| !matches!(tokens[at], Token::Other(_)))?;
    if tokens.get(at + 1).is_some_and(|dot| dot.is_symbol(".")) {
        let relation = names.get(&name)?;
        let column = tokens.get(at + 2)?.name()?;
        return columns.get(relation)?.contains(&column).then(|| (relation.clone(), column, 3));
    }
    // A bare name is of the one relation that has such a column.
    let mut having = names.values().filter(|relation| columns.get(*relation).is_some_and(|of| of.contains(&name)));
    let relation = having.next()?;
    having.all(|other| other == relation).then(|| (relation.clone(), name, 1))
}

/// What stands in the place of a statement's parameter when it is tried, as no value is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stand {
    /// A value of a column, as a row in the middle has it.
    Equal(String, String),
    /// A value that bounds a column from above.
    Below(String, String),
    /// A value that bounds a column from below.
    Above(String, String),
    /// How many rows are wanted.
    Limit,
    /// Nothing is known of it.
    Unknown,
}

/// What stands for each parameter of a statement, in the order of their numbers.
pub(crate) fn stands(sql: &str, columns: &Columns) -> Vec<Stand> {
    let tokens = tokens(sql);
    let names = names(&tokens, columns);
    let (mut stands, mut known) = (Vec::new(), BTreeMap::new());
    // The column that was named last, and where.
    let mut last: Option<(String, String, usize)> = None;
    for (at, token) in tokens.iter().enumerate() {
        if let Some((relation, column, length)) = column_at(&tokens, at, &names, columns) {
            last = Some((relation, column, at + length));
            continue;
        }
        let Token::Other(parameter) = *token else { continue };
        if !parameter.starts_with(['?', '$', ':', '@']) || known.contains_key(parameter) {
            continue;
        }
        if parameter != "?" {
            known.insert(parameter, ());
        }
        let is_word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is_word(word));
        let before = at.checked_sub(1);
        stands.push(match &last {
            _ if before.is_some_and(|before| is_word(before, "limit")) => Stand::Limit,
            Some((relation, column, behind)) if at - behind <= 4 => {
                let of = (relation.clone(), column.clone());
                let sign = |signs: &[&str]| {
                    tokens.get(*behind).is_some_and(|token| signs.iter().any(|sign| token.is_symbol(sign)))
                };
                let is_second = is_word(*behind, "between") && before.is_some_and(|before| is_word(before, "and"));
                if sign(&["<", "<="]) || is_second {
                    Stand::Below(of.0, of.1)
                } else if sign(&[">", ">="]) || is_word(*behind, "between") {
                    Stand::Above(of.0, of.1)
                } else {
                    Stand::Equal(of.0, of.1)
                }
            }
            _ => Stand::Unknown,
        });
    }
    stands
}

impl Wanted {
    /// The columns of indexes that may serve it, the most promising first.
    pub(crate) fn candidates(&self) -> Vec<Vec<String>> {
        let mut candidates: Vec<Vec<String>> = Vec::new();
        for behind in [self.bounded.first().map(std::slice::from_ref), Some(self.sorted.as_slice()), Some(&[])] {
            let mut columns: Vec<String> = Vec::new();
            for column in self.equal.iter().chain(behind.unwrap_or_default()) {
                if columns.len() < MOST_COLUMNS && !columns.contains(column) && column != "tenant_id" {
                    columns.push(column.clone());
                }
            }
            if !columns.is_empty() && !candidates.contains(&columns) {
                candidates.push(columns);
            }
        }
        candidates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Columns {
        let of = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        [
            ("chats".to_owned(), of(&["id", "status", "language", "created_at", "updated_at"])),
            ("messages".to_owned(), of(&["id", "chat_id", "role", "created_at", "tokens"])),
        ]
        .into()
    }

    fn candidates(sql: &str, relation: &str) -> Vec<String> {
        let wanted = wanted(sql, &columns()).remove(relation).unwrap_or_default();
        wanted.candidates().iter().map(|columns| columns.join(" ")).collect()
    }

    #[test]
    fn a_parameter_stands_for_the_column_that_it_is_compared_with() {
        let of = |kind: fn(String, String) -> Stand, column: &str| kind("chats".to_owned(), column.to_owned());
        let sql = "select id from chats c where c.status = $2 and updated_at < $1 and c.status <> $2 \
                   and created_at between ? and ? and id in (?) limit ? offset ?";
        let expected = [
            of(Stand::Equal, "status"),
            of(Stand::Below, "updated_at"),
            of(Stand::Above, "created_at"),
            of(Stand::Below, "created_at"),
            of(Stand::Equal, "id"),
            Stand::Limit,
            Stand::Unknown,
        ];
        assert_eq!(stands(sql, &columns()), expected);
    }

    #[test]
    fn what_is_equal_comes_before_what_is_bounded_or_sorted_by() {
        for (sql, relation, expected) in [
            (
                "select id from chats where status = $1 and updated_at < $2",
                "chats",
                &["status updated_at", "status"][..],
            ),
            (
                "select id from chats where updated_at < $2 and status in (?) order by created_at desc limit ?",
                "chats",
                &["status updated_at", "status created_at", "status"],
            ),
            (
                "select count (*) from messages as m join chats c on c.id = m.chat_id where m.role = ? and c.language = $1",
                "messages",
                &["chat_id role"],
            ),
            (
                "select count (*) from messages as m join chats c on c.id = m.chat_id where m.role = ? and c.language = $1",
                "chats",
                &["id language"],
            ),
            ("update chats set status = ? where language = $1", "chats", &["language"]),
            ("delete from messages where tokens between ? and ?", "messages", &["tokens"]),
            ("select role, count (*) from messages group by role", "messages", &["role"]),
            ("select id from chats", "chats", &[]),
            ("select id from chats where $1 = status", "chats", &["status"]),
            // Whose it is cannot be told.
            ("select 1 from chats, messages where created_at = $1", "chats", &[]),
        ] {
            assert_eq!(candidates(sql, relation), expected, "{sql}");
        }
    }
}
