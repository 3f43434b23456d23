//! `LIKE`, with upper and lower case told apart as on PostgreSQL, and ended by the run's flag.

use memchr::memmem;
use rusqlite::functions::Context;

use super::{Refusal, argument};
use crate::Interrupt;

/// The longest pattern in bytes.
const LONGEST: usize = 1_000;
/// How many places are tried between two looks at the flag.
const PLACES: usize = 4_096;

/// A part of a pattern between two `%`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Segment {
    /// Runs of bytes, between each two of which stands one `_`.
    literals: Vec<Vec<u8>>,
}

/// `like(pattern, text [, escape])`, which is how SQLite calls `text LIKE pattern`.
pub(super) fn like(call: &Context<'_>, interrupt: &Interrupt) -> rusqlite::Result<Option<bool>> {
    let (Some(pattern), Some(text)) = (argument(call, 0)?, argument(call, 1)?) else { return Ok(None) };
    if pattern.len() > LONGEST {
        return Err(Refusal::LongPattern.into());
    }
    let escape = match call.len() {
        3 => match argument(call, 2)? {
            None => return Ok(None),
            Some(escape) => {
                let mut characters = escape.chars();
                match (characters.next(), characters.next()) {
                    (Some(character), None) => Some(character),
                    _ => return Err(Refusal::Escape.into()),
                }
            }
        },
        _ => None,
    };
    matches(&segments(&pattern, escape), &text, interrupt).map(Some)
}

fn segments(pattern: &str, escape: Option<char>) -> Vec<Segment> {
    let mut segments = vec![Segment { literals: vec![Vec::new()] }];
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let segment = segments.last_mut().expect("there is always one");
        match character {
            '%' if escape != Some('%') => segments.push(Segment { literals: vec![Vec::new()] }),
            '_' if escape != Some('_') => segment.literals.push(Vec::new()),
            _ => {
                let literal = if Some(character) == escape { characters.next() } else { Some(character) };
                let mut buffer = [0; 4];
                let bytes = literal.map_or(&[][..], |literal| literal.encode_utf8(&mut buffer).as_bytes());
                segment.literals.last_mut().expect("there is always one").extend_from_slice(bytes);
            }
        }
    }
    segments
}

fn matches(segments: &[Segment], text: &str, interrupt: &Interrupt) -> rusqlite::Result<bool> {
    let [first, rest @ ..] = segments else { return Ok(text.is_empty()) };
    let Some(length) = first.length_at(text, 0) else { return Ok(false) };
    let Some((last, middle)) = rest.split_last() else { return Ok(length == text.len()) };
    let mut at = length;
    for segment in middle {
        match segment.find(text, at, interrupt)? {
            Some(end) => at = end,
            None => return Ok(false),
        }
    }
    Ok(last.ends(text, at))
}

impl Segment {
    /// How many bytes of the text from `at` on it takes, if it fits there.
    fn length_at(&self, text: &str, at: usize) -> Option<usize> {
        let mut end = at;
        for (number, literal) in self.literals.iter().enumerate() {
            if number > 0 {
                end += text[end..].chars().next()?.len_utf8();
            }
            if !text.as_bytes()[end..].starts_with(literal) {
                return None;
            }
            end += literal.len();
        }
        Some(end - at)
    }

    /// Where it ends at its first place from `at` on.
    fn find(&self, text: &str, at: usize, interrupt: &Interrupt) -> rusqlite::Result<Option<usize>> {
        if let [literal] = self.literals.as_slice() {
            return Ok(memmem::find(&text.as_bytes()[at..], literal).map(|found| at + found + literal.len()));
        }
        for (tried, (place, _)) in text[at..].char_indices().enumerate() {
            if tried % PLACES == PLACES - 1 && interrupt.stops() {
                return Err(Refusal::Cancelled.into());
            }
            if let Some(length) = self.length_at(text, at + place) {
                return Ok(Some(at + place + length));
            }
        }
        Ok(None)
    }

    /// Whether the text from `from` on ends with it.
    fn ends(&self, text: &str, from: usize) -> bool {
        let mut end = text.len();
        for (number, literal) in self.literals.iter().rev().enumerate() {
            if number > 0 {
                match text[from..end].chars().next_back() {
                    Some(character) => end -= character.len_utf8(),
                    None => return false,
                }
            }
            if !text.as_bytes()[from..end].ends_with(literal) {
                return false;
            }
            end -= literal.len();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_like_sqlites_but_for_the_case() {
        let calm = Interrupt::new();
        for (pattern, text, expected) in [
            ("abc", "abc", true),
            ("abc", "ABC", false),
            ("abc", "abcd", false),
            ("", "", true),
            ("", "a", false),
            ("%", "", true),
            ("a%", "abc", true),
            ("%c", "abc", true),
            ("%b%", "abc", true),
            ("%d%", "abc", false),
            ("_", "é", true),
            ("__", "é", false),
            ("a_c", "aéc", true),
            ("%a_c%", "xxaéc!", true),
            ("%ab%ab", "ab", false),
            ("%ab%ab", "abab", true),
            ("a%a", "a", false),
            ("%_é", "né", true),
            ("%_", "", false),
            ("%é_%b", "né!ab", true),
            ("%ab%ab%", "xxab", false),
            ("%ab%ab%", "xxabab", true),
            ("%ab%bc%", "xabc", false),
            ("%a_%a_%", "xxab", false),
            ("%a_%a_%", "xxabac", true),
            ("%a_b%_c%", "aabc", false),
            ("%a_c", "xaéc", true),
            ("%b_c", "xaéc", false),
            ("%aé_c", "aé!c", true),
        ] {
            assert_eq!(matches(&segments(pattern, None), text, &calm).unwrap(), expected, "{text} LIKE {pattern}");
        }
        for (pattern, text, expected) in
            [("10!%", "10%", true), ("10!%", "10x", false), ("a!_b", "a_b", true), ("a!!b", "a!b", true)]
        {
            assert_eq!(matches(&segments(pattern, Some('!')), text, &calm).unwrap(), expected, "{text} LIKE {pattern}");
        }
    }

    #[test]
    fn what_stands_for_any_text_may_be_the_escape() {
        let calm = Interrupt::new();
        for (pattern, escape, text, expected) in [
            ("10%%", '%', "10%", true),
            ("10%%", '%', "10", false),
            ("a%_c", '%', "a_c", true),
            ("a%_c", '%', "abc", false),
            ("a__c", '_', "a_c", true),
            ("a__c", '_', "abbc", false),
            ("a_%", '_', "a%", true),
        ] {
            let found = matches(&segments(pattern, Some(escape)), text, &calm).unwrap();
            assert_eq!(found, expected, "{text} LIKE {pattern} ESCAPE {escape}");
        }
    }

    #[test]
    fn a_long_search_ends_with_the_flag_and_with_the_time_of_its_statement() {
        let [raised, late, calm] = [Interrupt::new(), Interrupt::new(), Interrupt::new()];
        raised.raise();
        late.end_statement_at(Some(std::time::Instant::now()));
        let text = "a".repeat(100_000);
        let found = |interrupt| matches(&segments("%a_b%", None), &text, interrupt).ok();
        assert_eq!([&raised, &late, &calm].map(found), [None, None, Some(false)]);
    }
}
