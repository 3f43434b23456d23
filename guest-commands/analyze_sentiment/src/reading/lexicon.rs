//! Words and phrases that are known to feel like something, and those that change what follows them.

use super::grams;

/// Of the hashes' bits, so many choose where a search begins.
const INDEX_BITS: u32 = 12;
/// Entries of the index: one for each beginning, and the end.
const INDEX: usize = (1 << INDEX_BITS) + 1;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Feels so, in tenths: from -50 to 50.
    Feeling(i8),
    /// Turns what follows into its opposite.
    Negation,
    /// Makes what follows so many hundredths of what it is.
    Degree(i8),
    /// What comes behind it counts for more than what came before.
    But,
    /// A stem begins with these characters, or a phrase with this word: only then it is worth while to look for one.
    Beginning,
}

/// The entries of a language, as they lie in a model's file: how many there are, an index, then hashes in ascending order,
/// then what each is, then its number.
#[derive(Debug, Clone, Copy)]
pub struct Lexicon<'a> {
    index: &'a [u8],
    hashes: &'a [u8],
    kinds: &'a [u8],
    numbers: &'a [u8],
}

impl<'a> Lexicon<'a> {
    /// Takes the lexicon off the front of a file; none where the file is too short.
    pub fn split(file: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (count, rest) = file.split_first_chunk()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (index, rest) = rest.split_at_checked(INDEX * 2)?;
        let (hashes, rest) = rest.split_at_checked(count * 4)?;
        let (kinds, rest) = rest.split_at_checked(count)?;
        let (numbers, rest) = rest.split_at_checked(count)?;
        Some((Self { index, hashes, kinds, numbers }, rest))
    }

    fn start(&self, at: usize) -> usize {
        usize::from(u16::from_le_bytes([self.index[at * 2], self.index[at * 2 + 1]]))
    }

    /// The entry of this hash.
    pub fn get(&self, hash: u32) -> Option<Known> {
        let at = (hash >> (32 - INDEX_BITS)) as usize;
        let (from, to) = (self.start(at), self.start(at + 1));
        let found = self.hashes.get(from * 4..to * 4)?.chunks_exact(4).position(|bytes| bytes == hash.to_le_bytes())?;
        let number = self.numbers[from + found] as i8;
        Some(match self.kinds[from + found] {
            0 => Known::Feeling(number),
            1 => Known::Negation,
            2 => Known::Degree(number),
            3 => Known::But,
            _ => Known::Beginning,
        })
    }

    /// The entry of a word: its own, else that of the longest stem that it begins with.
    pub fn word(&self, word: &[u32]) -> Option<Known> {
        let mut hash = grams::begun();
        let (mut found, mut may_have_stem) = (None, false);
        for (at, &character) in word.iter().enumerate() {
            hash = grams::taken(hash, character);
            if at + 1 == SHORTEST_STEM {
                may_have_stem = self.get(stem_begins(hash)).is_some();
            }
            if may_have_stem {
                found = self.get(stem(hash)).or(found);
            }
        }
        self.get(hash).or(found)
    }
}

/// A stem has so many characters at least.
pub const SHORTEST_STEM: usize = 3;

/// The hash of a stem, which is no word's.
pub const fn stem(hash: u32) -> u32 {
    grams::taken(hash, 0x2A)
}

/// The hash of the first characters of a stem.
const fn stem_begins(hash: u32) -> u32 {
    grams::taken(hash, 0x2B)
}

/// The hash of the first word of a phrase.
pub const fn phrase_begins(hash: u32) -> u32 {
    grams::taken(hash, 0x2C)
}

/// The hash of a phrase of words.
pub fn phrase(words: impl IntoIterator<Item = u32>) -> u32 {
    words.into_iter().fold(0x9E37_79B9, |phrase, word| (phrase.rotate_left(5) ^ word).wrapping_mul(0x0100_0193))
}
