//! Tags: a cell becomes a JSON array of texts.

use std::fmt::{self, Write as _};

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, SeqAccess, Visitor};

/// How many cells are remembered.
const REMEMBERED: usize = 256;

/// A cell, and its array unless it has none.
type Known = (String, Option<String>);

/// Arrays of cells seen lately: a file has few different lists of tags and many records.
#[derive(Debug, Default)]
pub struct Tags {
    /// Each in the place that its cell's bytes choose.
    known: Vec<Known>,
}

impl Tags {
    /// The JSON array of a cell; none for an array with something other than texts.
    pub fn of(&mut self, cell: &str) -> Option<&str> {
        if self.known.is_empty() {
            self.known.resize_with(REMEMBERED, || (String::new(), Some("[]".to_owned())));
        }
        let mixed = cell.bytes().fold(0_u32, |mixed, byte| mixed.wrapping_mul(31).wrapping_add(byte.into()));
        let (known, array) = &mut self.known[mixed as usize % REMEMBERED];
        if known != cell {
            *array = array_of(cell);
            known.clear();
            known.push_str(cell);
        }
        array.as_deref()
    }
}

/// The tags of several cells in one array, each once. A cell that has none is the answer itself, to be refused as one.
pub fn united<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<String> = Vec::new();
    for cell in cells {
        let Some(array) = array_of(cell) else { return cell.to_owned() };
        let tags: Vec<String> = serde_json::from_str(&array).unwrap_or_default();
        for tag in tags {
            if !all.contains(&tag) {
                all.push(tag);
            }
        }
    }
    let mut array = String::new();
    write(all.iter().map(String::as_str), &mut array);
    array
}

/// The tags of a cell as a JSON array.
///
/// A JSON array of texts is taken as it is, so that an export comes back byte for byte. Else the cell is split at its
/// semicolons or, when there are none, at its commas; empty tags are left out. What begins as an array of texts, or is
/// an array, must be one of texts.
fn array_of(cell: &str) -> Option<String> {
    let cell = cell.trim();
    if let Some(inside) = cell.strip_prefix('[') {
        if serde_json::from_str::<Texts>(cell).is_ok() {
            return Some(cell.to_owned());
        }
        if inside.trim_start().starts_with('"') || serde_json::from_str::<IgnoredAny>(cell).is_ok() {
            return None;
        }
    }
    let separator = if cell.contains(';') { ';' } else { ',' };
    let mut array = String::new();
    write(cell.split(separator).map(str::trim).filter(|tag| !tag.is_empty()), &mut array);
    Some(array)
}

fn write<'a>(tags: impl Iterator<Item = &'a str>, array: &mut String) {
    array.push('[');
    for tag in tags {
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
            control if u32::from(control) < 0x20 => {
                let _ = write!(array, "\\u{:04x}", u32::from(control));
            }
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
                assert_eq!(tags.of(&format!("tag {n}")), Some(format!("[\"tag {n}\"]").as_str()), "{round}");
            }
            assert_eq!(tags.of(""), Some("[]"));
            assert_eq!(tags.of("[1]"), None);
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
            ("x;;y;x", r#"["x","y","x"]"#),
            (r#"["a","b"]"#, r#"["a","b"]"#),
            (r#" ["a", "\u00f1"] "#, r#"["a", "\u00f1"]"#),
            ("[]", "[]"),
            ("[x,y]", r#"["[x","y]"]"#),
            ("{x}", r#"["{x}"]"#),
            ("[draft]; new", r#"["[draft]","new"]"#),
            (r#"a "b" \ c"#, r#"["a \"b\" \\ c"]"#),
        ] {
            let written = array_of(cell).expect("it has texts");
            assert_eq!(written, array, "{cell}");
            assert!(serde_json::from_str::<Vec<String>>(&written).is_ok(), "{written}");
        }
    }

    #[test]
    fn an_array_of_something_other_than_texts_is_none() {
        for cell in ["[1,2]", "[null]", r#"["x",null]"#, r#"["x""#, r#"[ "x",]"#, r#"["a",["b"]]"#, "[[]]", "[{}]"] {
            assert_eq!(array_of(cell), None, "{cell}");
        }
    }

    #[test]
    fn united_tags_stand_once_in_the_order_in_which_they_came() {
        assert_eq!(united(["sales", "price;quote"]), r#"["sales","price","quote"]"#);
        assert_eq!(united(["b;a", "", r#"["a", "c"]"#]), r#"["b","a","c"]"#);
        assert_eq!(united(["a", "[1]", "b"]), "[1]");
        assert_eq!(united([]), "[]");
    }
}
