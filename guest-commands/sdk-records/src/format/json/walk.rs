//! Goes through the members of an object or the elements of an array, in bytes that are known to be JSON.

use super::extent::{End, Extent};

/// A member or an element.
pub(super) struct Entry<'a> {
    /// The member's name; empty for an element.
    pub(super) name: String,
    /// Its value as it stands there.
    pub(super) value: &'a [u8],
    /// Where that begins, in the bytes that all began with.
    pub(super) at: usize,
}

/// Members or elements, one after the other.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the bytes begin in those that all began with.
    base: usize,
    is_object: bool,
}

impl<'a> Walk<'a> {
    /// Through the members of an object that begins at `base`; none when the value is something else.
    pub(super) fn object(value: &'a [u8], base: usize) -> Option<Self> {
        (value.first() == Some(&b'{')).then_some(Self { bytes: value, at: 1, base, is_object: true })
    }

    /// Through the elements of an array that begins at `base`; none when the value is something else.
    pub(super) fn array(value: &'a [u8], base: usize) -> Option<Self> {
        (value.first() == Some(&b'[')).then_some(Self { bytes: value, at: 1, base, is_object: false })
    }

    fn rest(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        self.at += rest.len() - rest.trim_ascii_start().len();
        &self.bytes[self.at..]
    }

    /// Takes the value at hand.
    fn take(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest();
        let End::At(length) = Extent::default().find(rest) else { return None };
        self.at += length;
        (length > 0).then_some(&rest[..length])
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        if self.rest().first() == Some(&b',') {
            self.at += 1;
        }
        if matches!(self.rest().first(), None | Some(b'}' | b']')) {
            return None;
        }
        let mut name = String::new();
        if self.is_object {
            name = serde_json::from_slice(self.take()?).ok()?;
            self.rest();
            self.at += 1;
        }
        self.rest();
        let at = self.base + self.at;
        Some(Entry { name, value: self.take()?, at })
    }
}

/// The text of a plain value, of which a number keeps its digits; none for null, an object and an array.
pub(super) fn text_of(value: &[u8]) -> Option<String> {
    match value.first()? {
        b'"' => serde_json::from_slice(value).ok(),
        b'{' | b'[' | b'n' => None,
        _ => Some(String::from_utf8_lossy(value).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// What the walk says, put together again.
    fn walked(value: &[u8], base: usize, all: &[u8]) -> Value {
        assert_eq!(&all[base..base + value.len()], value);
        if let Some(members) = Walk::object(value, base) {
            members
                .map(|member| (member.name, walked(member.value, member.at, all)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        } else if let Some(elements) = Walk::array(value, base) {
            elements.map(|element| walked(element.value, element.at, all)).collect::<Vec<_>>().into()
        } else {
            serde_json::from_slice(value).expect("it is JSON")
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let plain = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a\"\\\\,:{}\\[\\] é\n]{0,6}".prop_map(Value::from),
        ];
        plain.prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[a\"\\\\, ]{0,3}", inner, 0..5)
                    .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_part_of_a_value_is_found_where_it_is(value in any_value(), pretty: bool) {
            let written = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) };
            let written = written.expect("it can be written");
            prop_assert_eq!(walked(&written, 0, &written), value);
        }
    }
}
