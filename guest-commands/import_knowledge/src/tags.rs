//! Tags: a cell becomes a JSON array of texts.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// How many cells are remembered.
const REMEMBERED: usize = 256;

/// Arrays of cells seen lately: a file has few different lists of tags and many records.
#[derive(Debug, Default)]
pub struct Tags {
    /// Cell and array, each in the place that its cell's bytes choose.
    known: Vec<(String, String)>,
}

impl Tags {
    /// The JSON array of a cell.
    pub fn of(&mut self, cell: &str) -> &str {
        if self.known.is_empty() {
            self.known.resize_with(REMEMBERED, || (String::new(), "[]".to_owned()));
        }
        let mixed = cell.bytes().fold(0_u32, |mixed, byte| mixed.wrapping_mul(31).wrapping_add(byte.into()));
        let (known, array) = &mut self.known[mixed as usize % REMEMBERED];
        if known != cell {
            write(cell, array);
            known.clear();
            known.push_str(cell);
        }
        array
    }
}

/// Writes the tags of a cell as a JSON array over `array`.
///
/// A JSON array of texts is taken as it is, so that an export comes back byte for byte. Else the cell is split at its
/// semicolons or, when there are none, at its commas; empty tags are left out.
fn write(cell: &str, array: &mut String) {
    array.clear();
    let cell = cell.trim();
    if cell.starts_with('[') && serde_json::from_str::<Texts>(cell).is_ok() {
        array.push_str(cell);
        return;
    }
    let separator = if cell.contains(';') { ';' } else { ',' };
    array.push('[');
    for tag in cell.split(separator).map(str::trim).filter(|tag| !tag.is_empty()) {
        if array.len() > 1 {
            array.push(',');
        }
        push_text(tag, array);
    }
    array.push(']');
}

fn push_text(tag: &str, array: &mut String) {
    array.push('"');
    for character in tag.chars() {
        match character {
            '"' => array.push_str("\\\""),
            '\\' => array.push_str("\\\\"),
            '\n' => array.push_str("\\n"),
            '\r' => array.push_str("\\r"),
            '\t' => array.push_str("\\t"),
            plain => array.push(plain),
        }
    }
    array.push('"');
}

/// An array of nothing but texts, read without keeping it.
struct Texts;

/// A text, read without keeping it.
struct Text;

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Self)
    }
}

impl<'de> Visitor<'de> for Texts {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Self, A::Error> {
        while texts.next_element::<Text>()?.is_some() {}
        Ok(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Self)
    }
}

impl Visitor<'_> for Text {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_share_a_place_are_told_apart() {
        let mut tags = Tags::default();
        for round in 0..2 {
            for n in 0..2_000 {
                assert_eq!(tags.of(&format!("tag {n}")), format!("[\"tag {n}\"]"), "{round}");
            }
            assert_eq!(tags.of(""), "[]");
        }
    }

    #[test]
    fn a_cell_becomes_an_array_of_texts() {
        for (cell, array) in [
            ("", "[]"),
            ("  ", "[]"),
            ("one tag", r#"["one tag"]"#),
            ("a, b,,c ", r#"["a","b","c"]"#),
            ("a, b; c", r#"["a, b","c"]"#),
            (r#"["a","b"]"#, r#"["a","b"]"#),
            (r#" ["a", "\u00f1"] "#, r#"["a", "\u00f1"]"#),
            ("[]", "[]"),
            ("[1]", r#"["[1]"]"#),
            ("[draft]; new", r#"["[draft]","new"]"#),
            (r#"a "b" \ c"#, r#"["a \"b\" \\ c"]"#),
        ] {
            let mut written = "old".to_owned();
            write(cell, &mut written);
            assert_eq!(written, array, "{cell}");
            assert!(serde_json::from_str::<Vec<String>>(&written).is_ok(), "{written}");
        }
    }
}
