//! A knowledge item as it is written, with its hashes. Whoever writes items takes them from here, so that one that is
//! exported and imported again is the same.

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// A valid item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    /// The id that another system gave it; empty when there is none.
    pub external_id: &'a str,
    /// Its title or question.
    pub title: &'a str,
    /// Its text or answer.
    pub body: &'a str,
    /// A language tag, or nothing.
    pub language: &'a str,
    /// A JSON array of texts.
    pub tags: &'a str,
    /// Where it comes from, or nothing.
    pub source: &'a str,
    /// Which of them its record has no place for.
    pub absent: Absent,
}

/// What a record has no column or member for, which an update leaves as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Absent {
    /// The language.
    pub language: bool,
    /// The tags.
    pub tags: bool,
    /// The source.
    pub source: bool,
}

impl Absent {
    /// Whether any is.
    pub fn any(self) -> bool {
        self.language || self.tags || self.source
    }
}

/// Works out an item's key and hash in a buffer that is used again.
#[derive(Debug, Default)]
pub struct Hasher {
    framed: Vec<u8>,
    external_id: String,
    content_hash: String,
}

/// What an item is found by, and what tells whether it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The item's own id, else `~` and the hash of title, body and language.
    pub external_id: &'a str,
    /// The hash of all that the item says, in 32 hexadecimal digits.
    pub content_hash: &'a str,
}

impl Hasher {
    /// The item's identity.
    ///
    /// Title, body and language make the item what it is, so an item without an id keeps its row when its tags change;
    /// tags and source are in the content hash too, so that such a change is written and not taken for the same.
    pub fn identity(&mut self, item: &Item<'_>) -> Identity<'_> {
        let text = self.hash(&[item.title, item.body, item.language]);
        self.external_id.clear();
        if item.external_id.is_empty() {
            self.external_id.push('~');
            push_hexadecimal(text, &mut self.external_id);
        } else {
            self.external_id.push_str(item.external_id);
        }
        self.framed.clear();
        self.framed.extend_from_slice(&text.to_le_bytes());
        let all = self.hash_more(&[item.tags, item.source]);
        self.content_hash.clear();
        push_hexadecimal(all, &mut self.content_hash);
        Identity { external_id: &self.external_id, content_hash: &self.content_hash }
    }

    /// What finds the item again in the same run: its own id, else title, body and language, in 64 bits.
    pub fn key(&mut self, item: &Item<'_>) -> u64 {
        if item.external_id.is_empty() {
            self.hash(&[item.title, item.body, item.language]) as u64
        } else {
            xxh3_64(item.external_id.as_bytes())
        }
    }

    /// The hash of all that the item says.
    pub fn content(&mut self, item: &Item<'_>) -> u128 {
        let text = self.hash(&[item.title, item.body, item.language]);
        self.framed.clear();
        self.framed.extend_from_slice(&text.to_le_bytes());
        self.hash_more(&[item.tags, item.source])
    }

    fn hash(&mut self, texts: &[&str]) -> u128 {
        self.framed.clear();
        self.hash_more(texts)
    }

    /// Frames each text with its length, so that no two lists of texts have the same bytes.
    fn hash_more(&mut self, texts: &[&str]) -> u128 {
        for text in texts {
            self.framed.extend_from_slice(&(text.len() as u64).to_le_bytes());
            self.framed.extend_from_slice(text.as_bytes());
        }
        xxh3_128(&self.framed)
    }
}

fn push_hexadecimal(hash: u128, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = [0; 32];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(hash.to_be_bytes()) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    out.push_str(std::str::from_utf8(&digits).expect("the digits are ASCII"));
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: Item<'_> = Item {
        external_id: "",
        title: "ab",
        body: "c",
        language: "es",
        tags: "[]",
        source: "",
        absent: Absent { language: false, tags: false, source: false },
    };

    fn identity(item: Item<'_>) -> (String, String) {
        let mut hasher = Hasher::default();
        let identity = hasher.identity(&item);
        (identity.external_id.to_owned(), identity.content_hash.to_owned())
    }

    #[test]
    fn an_item_without_an_id_is_found_by_what_it_says() {
        let (id, hash) = identity(ITEM);
        assert!(id.len() == 33 && id.starts_with('~') && hash.len() == 32, "{id} {hash}");
        assert_eq!(identity(ITEM), (id.clone(), hash.clone()));
        for other in [
            Item { title: "a", body: "bc", ..ITEM },
            Item { body: "d", ..ITEM },
            Item { language: "en", ..ITEM },
            Item { title: "abc", body: "", ..ITEM },
        ] {
            assert_ne!(identity(other).0, id, "{other:?}");
            assert_ne!(identity(other).1, hash, "{other:?}");
        }
    }

    #[test]
    fn changed_tags_change_the_hash_and_not_the_id() {
        let (id, hash) = identity(ITEM);
        for other in [Item { tags: "[\"a\"]", ..ITEM }, Item { source: "web", ..ITEM }] {
            assert_eq!(identity(other).0, id, "{other:?}");
            assert_ne!(identity(other).1, hash, "{other:?}");
        }
        assert_eq!(identity(Item { external_id: "7", ..ITEM }), ("7".to_owned(), hash));
    }

    #[test]
    fn a_hash_is_written_with_all_its_zeros() {
        let mut written = String::new();
        push_hexadecimal(0xab, &mut written);
        assert_eq!(written, "000000000000000000000000000000ab");
    }
}
