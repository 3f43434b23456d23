//! What rows look like, in 32 hexadecimal digits: XXH3-128 over values that each stand behind their length, so that no two
//! rows run into the same bytes. It tells whether something changed; it is no proof against who wants two rows to be alike.

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::value::{ToValue, View};

/// The fingerprint of texts.
pub fn of_texts<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let mut fingerprint = Fingerprint::default();
    texts.into_iter().for_each(|text| fingerprint.framed(text.as_ref().as_bytes()));
    fingerprint.finish()
}

/// How many bytes are hashed at a time: a row as most are, in one go.
const BLOCK: usize = 4 << 10;

/// A fingerprint in the making, of values of any kind, one after the other.
#[derive(Clone, Default)]
pub struct Fingerprint {
    /// What was taken in and is not hashed yet.
    waiting: Vec<u8>,
    /// The hash of what came before, where that was more than a block.
    hashed: Option<Box<Xxh3>>,
}

impl Fingerprint {
    /// Takes in a value, with its kind.
    pub fn add(&mut self, value: &dyn ToValue) {
        match value.view() {
            View::Null => self.waiting.push(b'n'),
            View::Integer(integer) => self.kind_and(b'i', &integer.to_le_bytes()),
            View::Real(real) => self.kind_and(b'r', &real.to_bits().to_le_bytes()),
            View::Text(text) => self.kind_and(b't', text.as_bytes()),
            View::Blob(blob) => self.kind_and(b'b', blob),
        }
    }

    /// Takes in the values of a row.
    pub fn row(&mut self, values: &[&dyn ToValue]) {
        values.iter().for_each(|value| self.add(value));
    }

    fn kind_and(&mut self, kind: u8, bytes: &[u8]) {
        self.waiting.push(kind);
        self.framed(bytes);
    }

    fn framed(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= BLOCK {
            self.hashed.get_or_insert_default().update(&self.waiting);
            self.waiting.clear();
        }
    }

    /// The digits.
    pub fn finish(&self) -> String {
        let digest = match &self.hashed {
            None => xxh3_128(&self.waiting),
            Some(hashed) => {
                let mut all = hashed.clone();
                all.update(&self.waiting);
                all.digest128()
            }
        };
        format!("{digest:032x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&dyn ToValue]) -> String {
        let mut fingerprint = Fingerprint::default();
        fingerprint.row(values);
        fingerprint.finish()
    }

    #[test]
    fn rows_that_differ_in_a_value_a_kind_or_a_border_differ() {
        let null: Option<i64> = None;
        let rows: [&[&dyn ToValue]; 7] =
            [&[&"ab", &"c"], &[&"a", &"bc"], &[&"abc"], &[&1_i64], &[&1.0], &[&null], &[&"abc", &""]];
        for (at, row) in rows.iter().enumerate() {
            assert_eq!(of(row), of(row));
            for other in &rows[at + 1..] {
                assert_ne!(of(row), of(other));
            }
        }
        assert_ne!(of_texts(["ab", "c"]), of_texts(["a", "bc"]));
    }

    #[test]
    fn what_is_hashed_in_blocks_has_the_hash_of_the_whole() {
        for n in [1, 60, 61, 400, 5_000] {
            let text = "a text of thirty-odd bytes and so on".to_owned();
            let mut whole = Vec::new();
            (0..n).for_each(|_| {
                whole.push(b't');
                whole.extend_from_slice(&(text.len() as u64).to_le_bytes());
                whole.extend_from_slice(text.as_bytes());
            });
            let mut fingerprint = Fingerprint::default();
            (0..n).for_each(|_| fingerprint.add(&text));
            assert_eq!(fingerprint.finish(), format!("{:032x}", xxh3_128(&whole)), "{n} values");
        }
    }
}
