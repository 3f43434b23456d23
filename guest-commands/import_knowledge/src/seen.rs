//! The keys that a run has seen, to find those that come again: a set in bounded memory.

/// The most keys that are remembered exactly: 18 MB of places, three quarters full. Beyond, a filter knows them.
const MOST_KEYS: usize = 1_500_000;

/// How many words of 64 bits the filter has: 16 MiB.
const FILTER_WORDS: usize = 2 << 20;

/// How many keys a set has room for at first. Grown four times it is the largest, so that the last two together have a
/// quarter more than the largest alone.
const FEWEST_KEYS: usize = MOST_KEYS / GROWTH.pow(4);

/// How many times as large a set is that had to grow.
const GROWTH: usize = 4;

/// Keys of 64 bits, which are hashes already, in a table with open places.
///
/// A new key is told by the marks alone, which fit into a processor's cache: reading its place among the keys would wait for
/// the memory each time, and writing it does not.
#[derive(Debug)]
pub struct Seen {
    places: Vec<u64>,
    /// The low byte of each place's key, 1 for 0; 0 is an open place.
    marks: Vec<u8>,
    keys: usize,
    most_keys: usize,
    /// Four bits for each key, all in one word; empty while the keys themselves have room. It takes a new key for a known
    /// one at times, and never a known one for new.
    filter: Vec<u64>,
}

impl Default for Seen {
    fn default() -> Self {
        Self::limited(MOST_KEYS)
    }
}

impl Seen {
    fn limited(most_keys: usize) -> Self {
        let places = places(FEWEST_KEYS.min(most_keys));
        Self { places: vec![0; places], marks: vec![0; places], keys: 0, most_keys, filter: Vec::new() }
    }

    /// Adds a key; whether it is certainly new.
    pub fn insert(&mut self, key: u64) -> bool {
        if !self.filter.is_empty() {
            return filter(&mut self.filter, key);
        }
        let (place, known) = self.place(key);
        if known {
            return false;
        }
        self.places[place] = key;
        self.marks[place] = mark(key);
        self.keys += 1;
        if self.keys == self.most_keys {
            self.filter_all();
        } else if self.keys * 4 >= self.places.len() * 3 {
            self.grow();
        }
        true
    }

    /// Puts all keys into the filter.
    fn filter_all(&mut self) {
        self.filter = vec![0; FILTER_WORDS];
        let (places, marks) = (std::mem::take(&mut self.places), std::mem::take(&mut self.marks));
        for (key, _) in places.into_iter().zip(marks).filter(|(_, mark)| *mark != 0) {
            filter(&mut self.filter, key);
        }
    }

    /// The place that has the key, or the open one where it belongs, and whether it has it.
    fn place(&self, key: u64) -> (usize, bool) {
        let mut place = (((key >> 32) * self.places.len() as u64) >> 32) as usize;
        loop {
            match self.marks[place] {
                0 => return (place, false),
                its if its == mark(key) && self.places[place] == key => return (place, true),
                _ => place = if place + 1 == self.places.len() { 0 } else { place + 1 },
            }
        }
    }

    fn grow(&mut self) {
        let grown = (self.places.len() * GROWTH).min(places(self.most_keys));
        let places = std::mem::replace(&mut self.places, vec![0; grown]);
        let marks = std::mem::replace(&mut self.marks, vec![0; grown]);
        for (key, _) in places.into_iter().zip(marks).filter(|(_, mark)| *mark != 0) {
            let (place, _) = self.place(key);
            self.places[place] = key;
            self.marks[place] = mark(key);
        }
    }
}

/// Adds a key to the filter; whether it is certainly new.
fn filter(words: &mut [u64], key: u64) -> bool {
    let word = &mut words[(((key >> 32) * FILTER_WORDS as u64) >> 32) as usize];
    let bits = (0..4).fold(0, |bits, at| bits | 1 << ((key >> (6 * at)) & 63));
    let is_new = *word & bits != bits;
    *word |= bits;
    is_new
}

/// What tells most keys apart without the key itself.
fn mark(key: u64) -> u8 {
    (key as u8).max(1)
}

/// How many places so many keys need, a quarter of which stays open.
const fn places(keys: usize) -> usize {
    keys / 3 * 4 + 4
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// A sequence of well-spread numbers.
    fn keys(count: u64) -> impl Iterator<Item = u64> {
        (0..count).map(|index| (index + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    #[test]
    fn a_key_is_new_once_however_the_set_grows() {
        let mut seen = Seen::limited(200_000);
        assert!(keys(100_000).all(|key| seen.insert(key)));
        assert!(!keys(100_000).any(|key| seen.insert(key)));
    }

    #[test]
    fn it_answers_as_a_set_of_the_standard_library_does() {
        let (mut seen, mut known) = (Seen::default(), HashSet::new());
        for key in keys(50_000).map(|key| key >> 50).chain([0, 1, u64::MAX, u64::MAX - 1, u64::MAX]) {
            assert_eq!(seen.insert(key), known.insert(key), "{key}");
        }
    }

    #[test]
    fn a_full_set_goes_on_as_a_filter_that_forgets_no_key() {
        let mut seen = Seen::limited(1_000);
        let new = keys(500_000).filter(|&key| seen.insert(key)).count();
        assert!(new > 499_900, "{new} are certainly new");
        assert!(seen.places.is_empty() && seen.filter.len() == FILTER_WORDS);
        assert!(!keys(500_000).any(|key| seen.insert(key)));
    }

    #[test]
    fn growing_to_the_largest_set_takes_no_more_than_23_megabytes() {
        let mut largest = 0;
        let mut places_now = places(FEWEST_KEYS);
        while places_now < places(MOST_KEYS) {
            let grown = (places_now * GROWTH).min(places(MOST_KEYS));
            largest = largest.max((places_now + grown) * 9);
            places_now = grown;
        }
        assert!((22_000_000..23_000_000).contains(&largest), "{largest}");
    }
}
