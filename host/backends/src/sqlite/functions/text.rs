//! `instr`, `replace` and `trim`, each in time that grows with its arguments' lengths and not with their product.

use std::collections::HashSet;

use memchr::memmem;
use rusqlite::functions::Context;
use rusqlite::types::ValueRef;

use super::{argument, refused};

/// Which ends `trim` works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Both,
    Left,
    Right,
}

/// Where the second text begins in the first, from 1, in characters (in bytes for blobs); 0 when it is not there.
pub(super) fn instr(call: &Context<'_>) -> rusqlite::Result<Option<i64>> {
    if let (ValueRef::Blob(haystack), ValueRef::Blob(needle)) = (call.get_raw(0), call.get_raw(1)) {
        return Ok(Some(memmem::find(haystack, needle).map_or(0, |at| at as i64 + 1)));
    }
    let (Some(haystack), Some(needle)) = (argument(call, 0)?, argument(call, 1)?) else { return Ok(None) };
    let found = memmem::find(haystack.as_bytes(), needle.as_bytes());
    Ok(Some(found.map_or(0, |at| haystack[..at].chars().count() as i64 + 1)))
}

/// The first text with the third for every occurrence of the second.
pub(super) fn replace(call: &Context<'_>, most: usize) -> rusqlite::Result<Option<String>> {
    let (Some(text), Some(from), Some(to)) = (argument(call, 0)?, argument(call, 1)?, argument(call, 2)?) else {
        return Ok(None);
    };
    if from.is_empty() {
        return Ok(Some(text.into_owned()));
    }
    let (mut replaced, mut rest) = (String::new(), 0);
    let finder = memmem::Finder::new(from.as_bytes());
    while let Some(at) = finder.find(&text.as_bytes()[rest..]) {
        replaced.push_str(&text[rest..rest + at]);
        replaced.push_str(&to);
        rest += at + from.len();
        if replaced.len() > most {
            return Err(refused("`replace` makes a text that is larger than a value may be"));
        }
    }
    replaced.push_str(&text[rest..]);
    Ok(Some(replaced))
}

/// The text without blanks, or without the second text's characters, at its ends.
pub(super) fn trim(call: &Context<'_>, ends: Ends) -> rusqlite::Result<Option<String>> {
    let Some(text) = argument(call, 0)? else { return Ok(None) };
    let characters: HashSet<char> = if call.len() == 1 {
        HashSet::from([' '])
    } else {
        let Some(characters) = argument(call, 1)? else { return Ok(None) };
        characters.chars().collect()
    };
    let mut trimmed = text.as_ref();
    if ends != Ends::Right {
        trimmed = trimmed.trim_start_matches(|c| characters.contains(&c));
    }
    if ends != Ends::Left {
        trimmed = trimmed.trim_end_matches(|c| characters.contains(&c));
    }
    Ok(Some(trimmed.to_owned()))
}
