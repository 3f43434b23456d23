//! What an item had in a version that it has left, kept with it so that it comes back.
//!
//! For each version that was left: the fields as they were there, and as they were made on leaving. On the way back a field
//! that still is as it was made gets back what it was; one that somebody has changed since keeps the change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::item::Item;
use crate::version::Version;

/// The fields that steps may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fields {
    title: String,
    language: String,
    tags: String,
    source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Left {
    was: Fields,
    made: Fields,
}

/// All versions that an item has left.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Legacy {
    /// What stood there before and is not ours; it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    other: Option<String>,
    #[serde(flatten)]
    left: BTreeMap<String, Left>,
}

impl Fields {
    fn of(item: &Item) -> Self {
        let Item { title, language, tags, source, .. } = item.clone();
        Self { title, language, tags, source }
    }
}

/// Which fields came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Returned {
    title: bool,
    language: bool,
    tags: bool,
    source: bool,
}

impl Returned {
    /// Gives an item again what came back to it, whatever a step made of that.
    pub(crate) fn keep(self, back: &Item, now: &mut Item) {
        for (is_back, back, now) in [
            (self.title, &back.title, &mut now.title),
            (self.language, &back.language, &mut now.language),
            (self.tags, &back.tags, &mut now.tags),
            (self.source, &back.source, &mut now.source),
        ] {
            if is_back {
                now.clone_from(back);
            }
        }
    }
}

impl Legacy {
    pub(crate) fn of(item: &Item) -> Self {
        let Some(text) = &item.legacy else { return Self::default() };
        serde_json::from_str(text).unwrap_or_else(|_| Self { other: Some(text.clone()), left: BTreeMap::new() })
    }

    /// How it is stored; none where there is nothing to keep.
    pub(crate) fn stored(self) -> Option<String> {
        match (self.left.is_empty(), self.other) {
            (true, other) => other,
            (false, other) => serde_json::to_string(&Self { other, left: self.left }).ok(),
        }
    }

    /// Keeps what an item was in a version, and what was made of it.
    pub(crate) fn leave(&mut self, version: Version, was: &Item, made: &Item) {
        self.left.insert(version.word().to_owned(), Left { was: Fields::of(was), made: Fields::of(made) });
    }

    /// Gives an item back what it had in a version, where it has been there.
    pub(crate) fn come_back(&mut self, version: Version, item: &mut Item) -> Returned {
        let Some(Left { was, made }) = self.left.remove(version.word()) else { return Returned::default() };
        let restore = |now: &mut String, was: String, made: &String| {
            let is_as_made = now == made;
            if is_as_made {
                *now = was;
            }
            is_as_made
        };
        Returned {
            title: restore(&mut item.title, was.title, &made.title),
            language: restore(&mut item.language, was.language, &made.language),
            tags: restore(&mut item.tags, was.tags, &made.tags),
            source: restore(&mut item.source, was.source, &made.source),
        }
    }
}
