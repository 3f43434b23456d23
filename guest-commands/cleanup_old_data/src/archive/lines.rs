//! Lines of JSON as they come: each one's key and hash, however long it is.

use encargo_sdk::prelude::*;
use xxhash_rust::xxh3::Xxh3;

/// How much of a line's beginning is kept: two members with numbers.
const HEAD: usize = 96;

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// The id of what it goes with: its chat's, else its own.
    pub(super) key: i64,
    /// XXH3-128 of its bytes.
    pub(super) hash: u128,
}

/// Parts bytes into lines.
#[derive(Default)]
pub(super) struct Lines {
    head: Vec<u8>,
    hash: Xxh3,
}

/// How many lines there were, and which.
#[derive(Default)]
pub(super) struct Sum {
    lines: u64,
    hash: Xxh3,
}

impl Lines {
    /// Takes bytes in, and hands over each line that they end.
    ///
    /// # Errors
    /// `failed` for a line that does not begin with its id.
    pub(super) fn feed(&mut self, bytes: &[u8], mut take: impl FnMut(Line)) -> Result<()> {
        let mut parts = bytes.split(|&byte| byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            let room = HEAD.saturating_sub(self.head.len()).min(part.len());
            self.head.extend_from_slice(&part[..room]);
            self.hash.update(part);
            if parts.peek().is_some() {
                let key = key(&self.head).ok_or_else(|| {
                    let message =
                        text!("a line has no id at its beginning", "una línea no empieza por su identificador");
                    Error::new(ErrorCode::Failed, message)
                })?;
                take(Line { key, hash: self.hash.digest128() });
                self.head.clear();
                self.hash.reset();
            }
        }
        Ok(())
    }

    /// Whether the last line has its end.
    pub(super) fn are_whole(&self) -> bool {
        self.head.is_empty()
    }
}

impl Sum {
    /// How many lines there were.
    pub(super) const fn lines(&self) -> u64 {
        self.lines
    }

    /// Counts a line.
    pub(super) fn add(&mut self, line: &Line) {
        self.lines += 1;
        self.hash.update(&line.key.to_le_bytes());
        self.hash.update(&line.hash.to_le_bytes());
    }
}

impl PartialEq for Sum {
    fn eq(&self, other: &Self) -> bool {
        self.lines == other.lines && self.hash.digest128() == other.hash.digest128()
    }
}

/// The key in a line's beginning: `{"id":7,"chat_id":3,` has 3, and `{"id":7,` has 7.
fn key(head: &[u8]) -> Option<i64> {
    let (id, rest) = number(head.strip_prefix(b"{\"id\":")?)?;
    let chat = rest.strip_prefix(b",\"chat_id\":").and_then(number);
    Some(chat.map_or(id, |(chat, _)| chat))
}

/// A number, and what follows it.
fn number(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'-')?;
    let (number, rest) = bytes.split_at(end);
    Some((std::str::from_utf8(number).ok()?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\"id\":-1,\"x\":\"a\"}\n{\"id\":7,\"chat_id\":3,\"x\":\"ñ\"}\n{\"id\":9223372036854775807}\n";

    fn lines(pieces: &[&[u8]]) -> (Vec<Line>, bool) {
        let (mut lines, mut found) = (Lines::default(), Vec::new());
        for piece in pieces {
            lines.feed(piece, |line| found.push(line)).unwrap();
        }
        (found, lines.are_whole())
    }

    #[test]
    fn lines_are_the_same_wherever_they_are_parted() {
        let (whole, is_whole) = lines(&[TEXT.as_bytes()]);
        assert_eq!(whole.iter().map(|line| line.key).collect::<Vec<_>>(), [-1, 3, i64::MAX]);
        assert!(is_whole);
        for at in 0..TEXT.len() {
            let (first, second) = TEXT.as_bytes().split_at(at);
            assert_eq!(lines(&[first, second]), (whole.clone(), true), "{at}");
        }
        assert!(!lines(&[b"{\"id\":1}\n{\"id\":2"]).1);
    }

    #[test]
    fn another_line_or_another_order_is_another_sum() {
        let sum = |lines: &[Line]| {
            let mut sum = Sum::default();
            lines.iter().for_each(|line| sum.add(line));
            sum
        };
        let [a, b] = [1, 2].map(|key| Line { key, hash: 5 });
        assert!(sum(&[a, b]) == sum(&[a, b]));
        for other in [&[b, a][..], &[a], &[a, Line { key: 2, hash: 6 }], &[a, b, b]] {
            assert!(sum(&[a, b]) != sum(other));
        }
    }

    #[test]
    fn what_is_no_line_of_an_archive_is_refused() {
        for text in ["\n", "{}\n", "{\"id\":\"7\"}\n", "{\"id\":7\n"] {
            assert!(Lines::default().feed(text.as_bytes(), |_| {}).is_err(), "{text:?}");
        }
    }
}
