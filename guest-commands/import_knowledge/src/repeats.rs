//! Records that come more than once in one import: which do, what their records say, and what becomes of them.
//!
//! A first look at all records finds the keys that perhaps come again, a second one at those alone what they say. So the
//! rule holds for any number of records in bounded memory, and costs a look at each key when nothing comes twice.

use std::collections::{BTreeMap, BTreeSet};

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::text;

use crate::seen::Seen;
use encargo_sdk::knowledge::{Hasher, Item};
use encargo_sdk_records::tags;

/// The most keys that may come more than once: some 200 MB of what is kept of them.
const MOST_REPEATED: usize = 1_000_000;

/// How many keys one look may tell apart when the first look was too coarse.
const KEYS_A_LOOK: u64 = 8_000_000;

/// A look at the keys of all records, or of one part of them.
pub(crate) struct Look {
    seen: Seen,
    part: u64,
    parts: u64,
    keys: u64,
    most: usize,
    repeated: BTreeSet<u64>,
    too_many: bool,
}

impl Look {
    /// A first look, at all keys.
    pub(crate) fn first() -> Self {
        Self::at(0, 1, BTreeSet::new())
    }

    fn at(part: u64, parts: u64, repeated: BTreeSet<u64>) -> Self {
        Self { seen: Seen::default(), part, parts, keys: 0, most: MOST_REPEATED, repeated, too_many: false }
    }

    /// Looks at a record's key.
    pub(crate) fn note(&mut self, key: u64) {
        self.keys += 1;
        if self.parts > 1 && key % self.parts != self.part {
            return;
        }
        if !self.seen.insert(key) {
            if self.repeated.len() < self.most {
                self.repeated.insert(key);
            } else {
                self.too_many |= !self.repeated.contains(&key);
            }
        }
    }

    /// The keys that perhaps come again; `again` shows all of them once more to a look at a part of them, which is
    /// asked for when one look cannot tell so many keys apart.
    ///
    /// # Errors
    /// Too many keys come again, or what `again` says.
    pub(crate) fn repeated(self, mut again: impl FnMut(&mut Self) -> Result<()>) -> Result<BTreeSet<u64>> {
        if !self.too_many {
            return Ok(self.repeated);
        }
        let parts = self.keys / KEYS_A_LOOK + 1;
        let mut repeated = BTreeSet::new();
        for part in 0..parts {
            let mut look = Self { most: self.most, ..Self::at(part, parts, repeated) };
            if parts > 1 {
                again(&mut look)?;
            }
            if look.too_many || parts == 1 {
                let most = self.most;
                return Err(Error::new(
                    ErrorCode::TooLarge,
                    text!(
                        "more than {most} records come more than once: remove the repeated ones, or import the files one by one",
                        "más de {most} registros se repiten: quite los repetidos, o importe los archivos uno a uno"
                    ),
                ));
            }
            repeated = look.repeated;
        }
        Ok(repeated)
    }
}

/// What the records of one key say.
#[derive(Debug, Default)]
struct Group {
    /// How many there are.
    times: u32,
    /// How many of them were met on the way to the sink.
    met: u32,
    /// Their content, of the first.
    content: u128,
    /// Whether they have an id of their own and not one content.
    conflict: bool,
    /// The tags of all of them and the first source, where they are not those of the first.
    united: Option<(String, String)>,
}

/// What becomes of an item on its way to the sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is written as it is.
    Written,
    /// It is written with the tags and the source of all records that say the same.
    United(String, String),
    /// It says what an earlier record says; whether with other tags or another source.
    Duplicate(bool),
    /// Its id comes again with another content, and the last one stands.
    Superseded,
}

/// What becomes of the records that come more than once.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    groups: BTreeMap<u64, Group>,
    /// Whether any id comes again with another content.
    pub(crate) conflicts: bool,
}

impl Repeats {
    /// Of these keys, of which some come once.
    pub(crate) fn of(keys: BTreeSet<u64>) -> Self {
        Self { groups: keys.into_iter().map(|key| (key, Group::default())).collect(), conflicts: false }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Looks at what a record says.
    pub(crate) fn note(&mut self, hasher: &mut Hasher, item: &Item<'_>) {
        let Some(group) = self.groups.get_mut(&hasher.key(item)) else { return };
        group.times += 1;
        let content = hasher.content(item);
        if group.times == 1 {
            group.content = content;
            group.united = Some((item.tags.to_owned(), item.source.to_owned()));
        } else if content != group.content && !item.external_id.is_empty() {
            group.conflict = true;
            self.conflicts = true;
        } else if content != group.content
            && let Some((tags, source)) = &mut group.united
        {
            *tags = tags::united([tags.as_str(), item.tags]);
            if source.is_empty() {
                source.push_str(item.source);
            }
        }
    }

    /// Forgets the keys that come once after all.
    pub(crate) fn settle(&mut self) {
        self.groups.retain(|_, group| group.times > 1);
    }

    /// How often the record's id comes, when it does so with another content.
    pub(crate) fn conflict(&self, hasher: &mut Hasher, item: &Item<'_>) -> Option<u32> {
        self.groups.get(&hasher.key(item)).filter(|group| group.conflict).map(|group| group.times)
    }

    /// What becomes of the next item, in the order of the files.
    pub(crate) fn fate(&mut self, hasher: &mut Hasher, item: &Item<'_>) -> Fate {
        let Some(group) = self.groups.get_mut(&hasher.key(item)) else { return Fate::Written };
        group.met += 1;
        if group.conflict {
            return if group.met == group.times { Fate::Written } else { Fate::Superseded };
        }
        match &group.united {
            Some((tags, source)) if group.met == 1 => {
                if tags == item.tags && source == item.source {
                    Fate::Written
                } else {
                    Fate::United(tags.clone(), source.clone())
                }
            }
            _ => Fate::Duplicate(hasher.content(item) != group.content),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encargo_sdk::knowledge::Absent;

    fn item<'a>(external_id: &'a str, title: &'a str, tags: &'a str, source: &'a str) -> Item<'a> {
        Item { external_id, title, body: "b", language: "", tags, source, absent: Absent::default() }
    }

    fn fates(items: &[Item<'_>]) -> (Vec<Fate>, bool) {
        let mut hasher = Hasher::default();
        let mut look = Look::first();
        items.iter().for_each(|item| look.note(hasher.key(item)));
        let mut repeats = Repeats::of(look.repeated(|_| Ok(())).expect("they are few"));
        items.iter().for_each(|item| repeats.note(&mut hasher, item));
        repeats.settle();
        (items.iter().map(|item| repeats.fate(&mut hasher, item)).collect(), repeats.conflicts)
    }

    #[test]
    fn what_comes_again_is_a_duplicate_a_conflict_or_united() {
        let united = |tags: &str, source: &str| Fate::United(tags.to_owned(), source.to_owned());
        let (found, conflicts) = fates(&[
            item("7", "a", "[]", ""),
            item("", "same", "[]", ""),
            item("8", "a", "[]", ""),
            item("8", "a", "[]", ""),
            item("", "same", "[\"x\"]", "two"),
            item("7", "b", "[]", ""),
            item("", "same", "[\"x\",\"y\"]", "three"),
            item("", "other", "[]", ""),
            item("7", "a", "[]", ""),
        ]);
        let expected = [
            Fate::Superseded,
            united("[\"x\",\"y\"]", "two"),
            Fate::Written,
            Fate::Duplicate(false),
            Fate::Duplicate(true),
            Fate::Superseded,
            Fate::Duplicate(true),
            Fate::Written,
            Fate::Written,
        ];
        assert_eq!((found.as_slice(), conflicts), (&expected[..], true));
        assert!(!fates(&[item("1", "a", "[]", ""), item("1", "a", "[]", ""), item("2", "a", "[]", "")]).1);
        assert!(fates(&[item("1", "a", "[]", ""), item("1", "a", "[]", "x")]).1, "tags and source are content");
    }

    #[test]
    fn a_look_that_is_too_coarse_is_followed_by_looks_at_parts() {
        let keys: Vec<u64> = (0..5_000_u64).map(|index| (index % 4_990).wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
        let mut look = Look { most: 4, ..Look::first() };
        keys.iter().for_each(|&key| look.note(key));
        assert!(look.too_many);
        look.keys = KEYS_A_LOOK * 3;
        let mut looks = 0;
        let refused = look.repeated(|look| {
            looks += 1;
            keys.iter().for_each(|&key| look.note(key));
            Ok(())
        });
        let error = refused.expect_err("ten are more than four");
        assert!(error.message.contains("more than 4 records come more than once") && looks > 1, "{}", error.message);

        let mut look = Look { most: 10, ..Look::first() };
        look.keys = KEYS_A_LOOK * 3;
        look.too_many = true;
        let found = look.repeated(|look| {
            keys.iter().for_each(|&key| look.note(key));
            Ok(())
        });
        assert_eq!(found.map(|found| found.len()).map_err(|error| error.message), Ok(10));
    }
}
