//! What rows look like, in 32 hexadecimal digits: XXH3-128 over values that each stand behind their length, so that no two
//! rows run into the same bytes. It tells whether something changed; it is no proof against who wants two rows to be alike.

use xxhash_rust::xxh3::Xxh3;

use crate::value::{ToValue, View};

/// The fingerprint of texts.
pub fn of_texts<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let mut fingerprint = Fingerprint::default();
    texts.into_iter().for_each(|text| fingerprint.framed(text.as_ref().as_bytes()));
    fingerprint.finish()
}

/// A fingerprint in the making, of values of any kind, one after the other.
#[derive(Clone, Default)]
pub struct Fingerprint(Xxh3);

impl Fingerprint {
    /// Takes in a value, with its kind.
    pub fn add(&mut self, value: &dyn ToValue) {
        match value.view() {
            View::Null => self.0.update(b"n"),
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
        self.0.update(&[kind]);
        self.framed(bytes);
    }

    fn framed(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// The digits.
    pub fn finish(&self) -> String {
        format!("{:032x}", self.0.digest128())
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
}
