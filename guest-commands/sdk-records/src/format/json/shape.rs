//! Whether an object looks like a record: it has a title and a text, and neither is a list or an object.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::record::Field;
use crate::shaping::{Body, Shaping};

/// What an object, or any value, was found to have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Whether it has a title.
    pub(super) title: bool,
    /// Whether it has a text.
    pub(super) body: bool,
    /// Whether anything in it looks like a record.
    pub(super) inner: bool,
}

impl Shape {
    /// What these bytes have, as far as they are JSON.
    pub(super) fn of(value: &[u8], shaping: &Shaping) -> Self {
        let mut shape = Self::default();
        let _ = Look { shape: &mut shape, shaping }.deserialize(&mut serde_json::Deserializer::from_slice(value));
        shape
    }

    pub(super) fn is_record(self) -> bool {
        self.title && self.body
    }
}

struct Look<'a> {
    shape: &'a mut Shape,
    shaping: &'a Shaping,
}

/// What kind of value something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A text, a number or a flag.
    Plain,
    Object,
    /// A list or null.
    Other,
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = Kind;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kind, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = Kind;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Kind, E> {
        Ok(Kind::Plain)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Kind, E> {
        Ok(Kind::Plain)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Kind, E> {
        Ok(Kind::Plain)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Kind, E> {
        Ok(Kind::Plain)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Kind, E> {
        Ok(Kind::Plain)
    }

    fn visit_unit<E: Error>(self) -> Result<Kind, E> {
        Ok(Kind::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Kind, A::Error> {
        loop {
            let mut element = Shape::default();
            let next = elements.next_element_seed(Look { shape: &mut element, shaping: self.shaping });
            self.shape.inner |= element.inner || element.is_record();
            if next?.is_none() {
                return Ok(Kind::Other);
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Kind, A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let mut value = Shape::default();
            let looked = members.next_value_seed(Look { shape: &mut value, shaping: self.shaping });
            self.shape.inner |= value.inner || value.is_record();
            match (looked?, self.shaping.use_of(&name).field) {
                (Kind::Plain, Some(Field::Title)) => self.shape.title = true,
                (Kind::Plain, Some(Field::Body)) => self.shape.body = true,
                (Kind::Object, _) => self.shape.title |= self.shaping.has_title_under(&name),
                _ => {}
            }
            if self.shaping.body != Body::Known {
                self.shape.body = self.shape.title;
            }
        }
        Ok(Kind::Object)
    }
}

/// A value that is not read, looked at as closely as one that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unread;

impl<'de> Deserialize<'de> for Unread {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unread {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self, A::Error> {
        while elements.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        while members.next_entry::<Self, Self>()?.is_some() {}
        Ok(self)
    }
}

/// Whether the bytes are one JSON value.
pub(super) fn check(value: &[u8]) -> Result<(), serde_json::Error> {
    serde_json::from_slice::<Unread>(value).map(|_| ())
}

/// Whether the bytes may be a JSON value, which nobody reads further.
pub(crate) fn is_json(value: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(value).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_with_a_title_and_a_text_looks_like_a_record() {
        for (object, title, body, inner) in [
            (r#"{"title":"a","body":"b"}"#, true, true, false),
            (r#"{"Pregunta":1,"respuesta":true,"x":[{}]}"#, true, true, false),
            (r#"{"title":{"es":"a"},"body":"b"}"#, false, true, false),
            (r#"{"title":null,"body":["b"]}"#, false, false, false),
            (r#"{"data":{"faqs":[{"title":"a","body":"b"}]}}"#, false, false, true),
            (r#"{"title":"a","body":"b","more":[{"question":"a","answer":"b"}]}"#, true, true, true),
            (r#"{"title":"a","body":"b",}"#, true, true, false),
            (r#"{"title"::"a","body":"b"}"#, false, false, false),
            ("[1]", false, false, false),
        ] {
            assert_eq!(Shape::of(object.as_bytes(), &Shaping::default()), Shape { title, body, inner }, "{object}");
        }
    }

    #[test]
    fn what_is_not_read_is_checked_all_the_same() {
        for (value, right) in [
            (&br#"{"a":[1,-2.5e3,"x\u00e9",null,true,{}]}"#[..], true),
            (br#""\ud800""#, false),
            (b"\"\xff\"", false),
            (b"NaN", false),
            (b"01", false),
            (b"[1,]", false),
            (b"1e999", false),
        ] {
            assert_eq!(check(value).is_ok(), right, "{}", String::from_utf8_lossy(value));
        }
    }
}
