//! `replace` and `trim`, each in time that grows with its arguments' lengths and not with their product.

use std::collections::HashSet;

use memchr::memmem;
use rusqlite::functions::Context;

use super::{Refusal, argument};

/// Which ends `trim` works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Both,
    Left,
    Right,
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
            return Err(Refusal::LongText.into());
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
